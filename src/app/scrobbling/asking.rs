//! One account's listens on their way to its service: which of them it has already, what becomes of
//! each, and when to come again. It stops where the account is unlinked meanwhile.

use super::{Rest, Worker};
use crate::domain::ids::{GuildId, TurnId};
use crate::domain::moment::Moment;
use crate::domain::scrobbling::{Listen, Service, pause};
use crate::scrobble::{Answered, ScrobbleFailure, Token, Verdict};
use crate::storage::{BrokenWhy, LinkRow, Settled, StorageFailure, WaitingScrobble};
use std::time::Duration;

/// Least that is waited when a service says how long, and longest that one is left alone that says
/// nothing: somebody has to find out that it is well again.
const LEAST_WAIT: Duration = Duration::from_secs(1);
const SERVICE_PAUSE_LIMIT: Duration = Duration::from_mins(15);
/// How long an account rests that has reached its limit for a day, and a service that does not take
/// the owner's key.
const DAY_PAUSE: Duration = Duration::from_hours(6);

/// What is asked for one account.
pub(super) struct Errand {
    pub(super) link: LinkRow,
    pub(super) token: Token,
    pub(super) waiting: Vec<(WaitingScrobble, Listen)>,
}

/// What of it is asked at once.
type Part<'a> = [&'a (WaitingScrobble, Listen)];

pub(super) type Settling = Vec<((GuildId, TurnId), Settled)>;

/// Why nothing more is asked for an account.
enum Ended {
    Failed(ScrobbleFailure),
    /// It is not linked any more, or with another token.
    Unlinked,
    Storage(StorageFailure),
}

impl From<ScrobbleFailure> for Ended {
    fn from(failure: ScrobbleFailure) -> Ended {
        Ended::Failed(failure)
    }
}

impl From<StorageFailure> for Ended {
    fn from(failure: StorageFailure) -> Ended {
        Ended::Storage(failure)
    }
}

/// How long until the next try: as long as the service says and a little longer, or as its failures
/// so far have it.
fn pause_after(failure: &ScrobbleFailure, tries: u32, chance: f64) -> Duration {
    match failure.wait() {
        Some(wait) => wait.max(LEAST_WAIT).mul_f64(1.0 + chance / 4.0),
        None => pause(tries, chance),
    }
}

fn key(row: &WaitingScrobble) -> (GuildId, TurnId) {
    (row.guild, row.turn)
}

impl Worker {
    /// Asks the service and notes what came of it.
    pub(super) async fn carry_out(
        &mut self,
        errand: &Errand,
        mut settled: Settling,
    ) -> Result<(), StorageFailure> {
        let asked = self.ask(errand, &mut settled).await;
        let trouble = match &asked {
            Err(Ended::Failed(failure)) => Some(failure.code()),
            _ => None,
        };
        let account = (errand.link.member, errand.link.service);
        let store = &self.desk.store;
        let noted = store.settle_scrobbles(account, &settled, trouble.as_deref());
        noted.await?;
        match asked {
            Err(Ended::Failed(ScrobbleFailure::Unauthorized)) => {
                self.broke(&errand.link, BrokenWhy::Revoked).await
            }
            Err(Ended::Storage(failure)) => Err(failure),
            Ok(()) | Err(Ended::Failed(_) | Ended::Unlinked) => Ok(()),
        }
    }

    /// Asks for all at once, and for each alone when the service does not take all: one that it
    /// refuses spoils the others.
    async fn ask(&mut self, errand: &Errand, settled: &mut Settling) -> Result<(), Ended> {
        let all = self.not_there_yet(errand, settled).await?;
        if all.is_empty() {
            return Ok(());
        }
        match self.ask_for(errand, &all, settled).await {
            Err(Ended::Failed(ScrobbleFailure::Refused(_))) if all.len() > 1 => {}
            asked => return asked,
        }
        for one in all {
            if self.rests(errand.link.service) || self.stop.is_cancelled() {
                break;
            }
            self.ask_for(errand, &[one], settled).await?;
        }
        Ok(())
    }

    /// Those that the service does not have. One that was tried before may have arrived though the
    /// answer did not, and not every service knows it again.
    async fn not_there_yet<'e>(
        &mut self,
        errand: &'e Errand,
        settled: &mut Settling,
    ) -> Result<Vec<&'e (WaitingScrobble, Listen)>, Ended> {
        let link = &errand.link;
        let (tried, mut rest): (Vec<_>, Vec<_>) =
            errand.waiting.iter().partition(|(row, _)| row.tries > 0);
        if tried.is_empty() {
            return Ok(rest);
        }
        let listens: Vec<Listen> = tried.iter().map(|(_, listen)| listen.clone()).collect();
        let scrobbling = &self.desk.scrobbling;
        let account = (link.service, link.account.as_str());
        let has = match scrobbling.has(account, &errand.token, &listens).await {
            Ok(has) => has,
            // What cannot be looked up is sent as if it were not there.
            Err(ScrobbleFailure::Refused(why)) => {
                tracing::info!(service = ?link.service, why, "nobody knows what is there already");
                return Ok(errand.waiting.iter().collect());
            }
            Err(failure) => {
                let all: Vec<_> = errand.waiting.iter().collect();
                return self.failed(errand, &all, (failure, settled));
            }
        };
        let now = self.now();
        for (one, is_there) in tried.into_iter().zip(has) {
            if is_there {
                settled.push((key(&one.0), Settled::Sent(now)));
            } else {
                rest.push(one);
            }
        }
        rest.sort_by_key(|(row, _)| (row.listened_at, row.guild));
        Ok(rest)
    }

    async fn ask_for(
        &mut self,
        errand: &Errand,
        part: &Part<'_>,
        settled: &mut Settling,
    ) -> Result<(), Ended> {
        let service = errand.link.service;
        let tries: Vec<_> = part
            .iter()
            .map(|(row, _)| (key(row), row.tries + 1))
            .collect();
        if !self
            .desk
            .store
            .begin_scrobbles(&errand.link, &tries)
            .await?
        {
            return Err(Ended::Unlinked);
        }
        let listens: Vec<Listen> = part.iter().map(|(_, listen)| listen.clone()).collect();
        let scrobbling = &self.desk.scrobbling;
        let answered = match scrobbling.submit(service, &errand.token, &listens).await {
            Ok(answered) => answered,
            Err(failure) => return self.failed(errand, part, (failure, settled)),
        };
        let now = self.now();
        let Answered { what, rest } = answered;
        tracing::debug!(?service, count = part.len(), "scrobbles are submitted");
        self.relax(service, now, rest);
        for ((row, _), verdict) in part.iter().zip(what) {
            let what = match verdict {
                Verdict::Taken => Settled::Sent(now),
                Verdict::Later => Settled::PutOff(now + DAY_PAUSE),
                Verdict::Refused(why) => Settled::Refused(why),
            };
            settled.push((key(row), what));
        }
        Ok(())
    }

    /// What is to be done about a failure; only one that was refused alone is the end of it.
    fn failed<T: Default>(
        &mut self,
        errand: &Errand,
        part: &Part<'_>,
        (failure, settled): (ScrobbleFailure, &mut Settling),
    ) -> Result<T, Ended> {
        let (service, now) = (errand.link.service, self.now());
        tracing::info!(%failure, ?service, count = part.len(), "scrobbles were not taken");
        match &failure {
            ScrobbleFailure::Unauthorized => {}
            ScrobbleFailure::Refused(why) => {
                if let [(row, _)] = part {
                    settled.push((key(row), Settled::Refused(why.clone())));
                    return Ok(T::default());
                }
            }
            ScrobbleFailure::Silent(_)
            | ScrobbleFailure::Busy { .. }
            | ScrobbleFailure::Owner(_) => {
                for (row, _) in part {
                    let pause = pause_after(&failure, row.tries + 1, (self.desk.chance)());
                    settled.push((key(row), Settled::PutOff(now + pause)));
                }
                self.leave_alone(service, now, &failure);
            }
        }
        Err(failure.into())
    }

    /// The service is well, but may want to be left alone.
    fn relax(&mut self, service: Service, now: Moment, rest: Option<Duration>) {
        self.rests.remove(&service);
        if let Some(rest) = rest {
            let rest = Rest {
                failures: 0,
                until: now + rest,
            };
            self.rests.insert(service, rest);
        }
    }

    /// The others' listens need not fail too.
    fn leave_alone(&mut self, service: Service, now: Moment, failure: &ScrobbleFailure) {
        let failures = self.rests.get(&service).map_or(0, |rest| rest.failures);
        // A service that says how long it wants to be left alone is well.
        let failures = failures + u32::from(failure.wait().is_none());
        let pause = if matches!(failure, ScrobbleFailure::Owner(_)) {
            tracing::error!(%failure, ?service, "nothing can be scrobbled");
            DAY_PAUSE
        } else {
            let pause = pause_after(failure, failures, (self.desk.chance)());
            pause.min(failure.wait().map_or(SERVICE_PAUSE_LIMIT, |_| DAY_PAUSE))
        };
        let until = now + pause;
        self.rests.insert(service, Rest { failures, until });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_service_is_left_alone_as_long_as_it_says() {
        let busy = |wait| ScrobbleFailure::Busy { code: 429, wait };
        let after = |wait: Option<u64>, tries| {
            let wait = wait.map(Duration::from_secs);
            pause_after(&busy(wait), tries, 0.5)
        };
        assert_eq!(after(Some(8), 5), Duration::from_secs(9));
        assert_eq!(after(Some(0), 5), Duration::from_millis(1_125));
        assert_eq!(after(None, 2), Duration::from_secs(8));
    }
}
