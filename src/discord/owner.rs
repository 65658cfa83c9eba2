//! What only the bot's owner can mend, told to them in a direct message: that the disk is full, or
//! that there is no room for what members bring. At most once a day, whatever restarts come between. Who takes no direct messages finds it in the log.

use super::{Desk, SharedDesk};
use crate::domain::calendar::DAY;
use crate::domain::moment::Moment;
use crate::i18n::Locale;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

/// What is full, and how it is told.
struct Trouble {
    /// Under which name storage remembers when the owner was last told.
    memo: &'static str,
    key: &'static str,
    /// The folder that cannot be written to.
    dir: String,
}

/// Tells the owner when there is no room left, until `stop`.
pub async fn run(desk: SharedDesk, stop: CancellationToken) {
    let cache = Trouble {
        memo: "owner:disk",
        key: "owner-disk-full",
        dir: desk.preparer.dir().display().to_string(),
    };
    let media = Trouble {
        memo: "owner:room",
        key: "owner-room-full",
        dir: desk.media_dir.display().to_string(),
    };
    tokio::join!(
        watch_over(&desk, desk.preparer.fullness(), &cache, &stop),
        watch_over(&desk, desk.media_full.clone(), &media, &stop),
    );
}

async fn watch_over(
    desk: &Desk,
    mut full: watch::Receiver<bool>,
    trouble: &Trouble,
    stop: &CancellationToken,
) {
    // Where nothing can be kept any more, this run still remembers.
    let mut told_at = None;
    loop {
        let is_full = *full.borrow_and_update();
        if is_full && may_tell(desk, trouble, &mut told_at).await {
            tell(desk, trouble).await;
        }
        tokio::select! {
            () = stop.cancelled() => return,
            changed = full.changed() => if changed.is_err() { return },
        }
    }
}

/// Whether the last time is a day ago; if so, this is noted as the last time.
async fn may_tell(desk: &Desk, trouble: &Trouble, told_at: &mut Option<Moment>) -> bool {
    let now = (desk.clock)();
    let kept = match desk.store.memo(trouble.memo).await {
        Ok(kept) => kept.and_then(|text| text.parse().ok()).map(Moment),
        Err(failure) => {
            tracing::warn!(%failure, "not known when the owner was last told");
            None
        }
    };
    let last = kept.max(*told_at);
    if last.is_some_and(|last| now.since(last) < DAY) {
        return false;
    }
    *told_at = Some(now);
    if let Err(failure) = desk.store.put_memo(trouble.memo, &now.0.to_string()).await {
        tracing::warn!(%failure, "not kept that the owner is told");
    }
    true
}

/// In every language, since Discord does not say which is theirs.
async fn tell(desk: &Desk, trouble: &Trouble) {
    let Some(owner) = desk.owner else {
        tracing::info!("nobody knows who the owner is, so they are not told");
        return;
    };
    // It stands as code, so that it can be copied.
    let fills = [("dir", trouble.dir.replace('`', "'").into())];
    let said = Locale::ALL.map(|locale| desk.words.say(locale, trouble.key, &fills));
    match desk.tell(owner, &said.join("\n\n")).await {
        Ok(()) => tracing::info!("the owner is told that the disk is full"),
        Err(failure) => tracing::info!(%failure, "the owner takes no message"),
    }
}
