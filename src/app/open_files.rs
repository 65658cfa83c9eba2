//! How many files and connections the process may have open at a time: the system's first word is
//! often 1,024, which a few hundred parties use up, and its last word is much more.

use crate::stage::Directory;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// What the process has open without any party, and for each of them: a voice connection (a websocket
/// and a socket for sound), the file that sounds, and pipes to what prepares the next.
const WITHOUT_STAGES: u64 = 200;
const FOR_A_STAGE: u64 = 8;
/// How often it is looked whether that is still enough.
const LOOK_EVERY: Duration = Duration::from_mins(1);

/// Takes as many as the system gives. Answers how many that is.
pub(super) fn raise() -> u64 {
    let limits = getrlimit(Resource::Nofile);
    let raised = Rlimit {
        current: limits.maximum,
        maximum: limits.maximum,
    };
    if limits.current != limits.maximum
        && let Err(error) = setrlimit(Resource::Nofile, raised)
    {
        tracing::warn!(%error, "the limit of open files stays as it was");
    }
    let limit = getrlimit(Resource::Nofile).current.unwrap_or(u64::MAX);
    tracing::info!(
        open_files = limit,
        stages = stages_within(limit),
        "room for"
    );
    limit
}

/// How many parties that is enough for.
fn stages_within(limit: u64) -> u64 {
    limit.saturating_sub(WITHOUT_STAGES) / FOR_A_STAGE
}

/// Says once, when nearly as many stages are open as there is room for, what to do about it.
pub(super) async fn watch(limit: u64, stages: Directory, stop: CancellationToken) {
    let mut every = tokio::time::interval(LOOK_EVERY);
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            _ = every.tick() => {}
        }
        let open = u64::try_from(stages.open_count()).unwrap_or(u64::MAX);
        if is_scarce(limit, open) {
            tracing::warn!(
                open_files = limit,
                stages = open,
                "few files may be open for so many stages: raise the hard limit (ulimit -Hn, \
                 LimitNOFILE= of systemd, --ulimit nofile of a container)"
            );
            return;
        }
    }
}

/// Four fifths are in use.
fn is_scarce(limit: u64, open: u64) -> bool {
    open > stages_within(limit) / 5 * 4
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thousand_stages_need_more_than_the_usual_limit() {
        assert!(is_scarce(1_024, 100) && !is_scarce(1_024, 80));
        assert!(is_scarce(1_024, 1_000) && !is_scarce(16_384, 1_000));
        assert!(is_scarce(0, 1) && !is_scarce(0, 0));
    }

    #[test]
    fn the_process_takes_what_the_system_gives() {
        let most = getrlimit(Resource::Nofile).maximum.unwrap_or(u64::MAX);
        assert_eq!(raise(), most);
        assert_eq!(raise(), most, "again changes nothing");
    }
}
