//! Submits what members heard to the services they have linked, one account after the other, and
//! waits for what comes next. What is due is storage's to know, and how a service is asked `scrobble`'s.

use super::chance;
use crate::config::Config;
use crate::discord::SharedDesk;
use crate::discord::markup::plain;
use crate::domain::ids::{GuildId, MemberId, TurnId};
use crate::domain::moment::Moment;
use crate::domain::scrobbling::{GIVEN_UP_AFTER, Listen, Service, pause};
use crate::i18n::Locale;
use crate::scrobble::{
    Answered, BATCH_LIMIT, LISTENBRAINZ, LastFm, LastFmConfig, ListenBrainz, ScrobbleFailure,
    Scrobbling, Seal, Token, Verdict,
};
use crate::storage::{BrokenWhy, LinkRow, Settled, StorageFailure, WaitingScrobble};
use anyhow::Context;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;
use url::Url;

/// Accounts that are looked at before it is asked again what is due.
const ACCOUNTS_AT_ONCE: u32 = 100;
/// Longest wait without looking, and how long one waits for a database that does not answer.
const LOOK_EVERY: Duration = Duration::from_mins(5);
const DATABASE_PAUSE: Duration = Duration::from_secs(5);
/// How often it is looked for what has waited too long.
const GIVE_UP_EVERY: Duration = Duration::from_hours(1);
/// Least that is waited when a service says how long, and longest that one is left alone that says
/// nothing: somebody has to find out that it is well again.
const LEAST_WAIT: Duration = Duration::from_secs(1);
const SERVICE_PAUSE_LIMIT: Duration = Duration::from_mins(15);
/// How long an account rests that has reached its limit for a day, and a service that does not take
/// the owner's key.
const DAY_PAUSE: Duration = Duration::from_hours(6);

/// The services as the settings say.
pub(super) fn services(config: &Config) -> anyhow::Result<Scrobbling> {
    let own = Url::parse(LISTENBRAINZ).context("ListenBrainz has no address")?;
    let base = config.listenbrainz_base.clone().unwrap_or(own);
    let listenbrainz = ListenBrainz::new(base).context("ListenBrainz cannot be asked")?;
    let lastfm = match config.lastfm()? {
        None => None,
        Some((key, secret)) => {
            let account = LastFmConfig {
                key: key.reveal().to_owned(),
                secret: secret.reveal().to_owned(),
                base: config.lastfm_base.clone(),
            };
            Some(LastFm::new(account).context("Last.fm cannot be asked")?)
        }
    };
    let key = config.secret_key.as_ref();
    let seal = key.map(|key| Seal::of_key(key.reveal())).transpose()?;
    let nonce = chance::secret_bytes;
    Ok(Scrobbling::new((listenbrainz, lastfm), seal, nonce))
}

/// Submits until it is stopped. Without a key nothing is submitted; what waits gets old all the same.
pub(super) async fn run(desk: SharedDesk, stop: CancellationToken) {
    let mut worker = Worker {
        desk: Arc::clone(&desk),
        stop: stop.clone(),
        rests: BTreeMap::new(),
        given_up_at: None,
    };
    loop {
        let wait = worker.round().await;
        tokio::select! {
            () = stop.cancelled() => return,
            () = desk.store.scrobbles_rung() => {}
            () = tokio::time::sleep(wait) => {}
        }
    }
}

/// A service that is left alone for a while.
#[derive(Clone, Copy, Debug)]
struct Rest {
    /// Failures one after the other.
    failures: u32,
    until: Moment,
}

struct Worker {
    desk: SharedDesk,
    stop: CancellationToken,
    rests: BTreeMap<Service, Rest>,
    given_up_at: Option<Moment>,
}

/// What is asked for one account.
struct Errand {
    link: LinkRow,
    token: Token,
    waiting: Vec<(WaitingScrobble, Listen)>,
}

/// How long until the next try: as long as the service says and a little longer, or as its failures
/// so far have it.
fn pause_after(failure: &ScrobbleFailure, tries: u32, chance: f64) -> Duration {
    match failure.wait() {
        Some(wait) => wait.max(LEAST_WAIT).mul_f64(1.0 + chance / 4.0),
        None => pause(tries, chance),
    }
}

type Settling = Vec<((GuildId, TurnId), Settled)>;

impl Worker {
    fn now(&self) -> Moment {
        (self.desk.clock)()
    }

    /// Submits everything that is due; how long until there may be more.
    async fn round(&mut self) -> Duration {
        let mut wait = LOOK_EVERY;
        if let Err(failure) = self.give_up().await {
            tracing::warn!(%failure, "old scrobbles cannot be given up");
        }
        if !self.desk.scrobbling.can_keep() {
            return wait;
        }
        let services: Vec<Service> = self.desk.scrobbling.services().collect();
        for service in services {
            let next = match self.serve(service).await {
                Ok(next) => next,
                Err(failure) => {
                    tracing::warn!(%failure, ?service, "scrobbles cannot be read or noted");
                    Some(self.now() + DATABASE_PAUSE)
                }
            };
            let next = next.map(|at| at.since(self.now()));
            wait = wait.min(next.unwrap_or(LOOK_EVERY));
        }
        wait
    }

    /// Gives up what is too old, also for links that are broken and services that are not set up:
    /// nobody asks for those, and their queues would grow for ever.
    async fn give_up(&mut self) -> Result<(), StorageFailure> {
        let now = self.now();
        let is_due = |at: Moment| now.since(at) >= GIVE_UP_EVERY;
        if !self.given_up_at.is_none_or(is_due) {
            return Ok(());
        }
        let before = now - GIVEN_UP_AFTER;
        let count = self.desk.store.give_up_scrobbles(before).await?;
        self.given_up_at = Some(now);
        if count > 0 {
            tracing::info!(count, "scrobbles that waited too long are given up");
        }
        Ok(())
    }

    /// The same for one service; when there is more.
    async fn serve(&mut self, service: Service) -> Result<Option<Moment>, StorageFailure> {
        let store = self.desk.store.clone();
        if !self.rests(service) {
            let due = store.due_scrobblers(service, self.now(), ACCOUNTS_AT_ONCE);
            for member in due.await? {
                if self.stop.is_cancelled() || self.rests(service) {
                    break;
                }
                self.submit(member, service).await?;
            }
        }
        let next = store.next_scrobble_at(service).await?;
        let rest = self.rests.get(&service).map(|rest| rest.until);
        Ok(next.map(|at| rest.map_or(at, |until| at.max(until))))
    }

    fn rests(&self, service: Service) -> bool {
        let rest = self.rests.get(&service);
        rest.is_some_and(|rest| rest.until > self.now())
    }

    /// Submits what is due for one account.
    async fn submit(&mut self, member: MemberId, service: Service) -> Result<(), StorageFailure> {
        let store = self.desk.store.clone();
        let Some(link) = store.scrobble_link(member, service).await? else {
            return Ok(());
        };
        let token = match self.desk.scrobbling.open(&link.token, (member, service)) {
            Some(Ok(token)) => token,
            Some(Err(_)) => return self.broke(&link, BrokenWhy::Key).await,
            None => return Ok(()),
        };
        let now = self.now();
        let due = store.waiting_scrobbles((member, service), now, BATCH_LIMIT);
        let (mut settled, mut waiting) = (Vec::new(), Vec::new());
        for row in due.await? {
            let key = (row.guild, row.turn);
            match row.listen.clone() {
                None => settled.push((key, Settled::Refused("gone".to_owned()))),
                Some(_) if now.since(row.listened_at) > GIVEN_UP_AFTER => {
                    settled.push((key, Settled::Refused("old".to_owned())));
                }
                Some(listen) => waiting.push((row, listen)),
            }
        }
        let errand = Errand {
            link,
            token,
            waiting,
        };
        self.carry_out(&errand, settled).await
    }

    /// Asks the service and notes what came of it.
    async fn carry_out(
        &mut self,
        errand: &Errand,
        mut settled: Settling,
    ) -> Result<(), StorageFailure> {
        let asked = self.ask(errand, &mut settled).await;
        let trouble = asked.as_ref().err().map(ScrobbleFailure::code);
        let account = (errand.link.member, errand.link.service);
        let store = &self.desk.store;
        let noted = store.settle_scrobbles(account, &settled, trouble.as_deref());
        noted.await?;
        match asked {
            Err(ScrobbleFailure::Unauthorized) => {
                self.broke(&errand.link, BrokenWhy::Revoked).await
            }
            _ => Ok(()),
        }
    }

    /// Asks for all at once, and for each alone when the service does not take all: one that it
    /// refuses spoils the others.
    async fn ask(
        &mut self,
        errand: &Errand,
        settled: &mut Settling,
    ) -> Result<(), ScrobbleFailure> {
        let all: Vec<&(WaitingScrobble, Listen)> = errand.waiting.iter().collect();
        if all.is_empty() {
            return Ok(());
        }
        match self.ask_for(errand, &all, settled).await {
            Err(ScrobbleFailure::Refused(_)) if all.len() > 1 => {}
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

    async fn ask_for(
        &mut self,
        errand: &Errand,
        part: &[&(WaitingScrobble, Listen)],
        settled: &mut Settling,
    ) -> Result<(), ScrobbleFailure> {
        let service = errand.link.service;
        let listens: Vec<Listen> = part.iter().map(|(_, listen)| listen.clone()).collect();
        let scrobbling = &self.desk.scrobbling;
        let asked = scrobbling.submit(service, &errand.token, &listens).await;
        let now = self.now();
        let mut settle = |row: &WaitingScrobble, what| settled.push(((row.guild, row.turn), what));
        let failure = match asked {
            Ok(Answered { what, rest }) => {
                tracing::debug!(?service, count = part.len(), "scrobbles are submitted");
                self.relax(service, now, rest);
                for ((row, _), verdict) in part.iter().zip(what) {
                    settle(
                        row,
                        match verdict {
                            Verdict::Taken => Settled::Sent(now),
                            Verdict::Later => Settled::PutOff(now + DAY_PAUSE),
                            Verdict::Refused(why) => Settled::Refused(why),
                        },
                    );
                }
                return Ok(());
            }
            Err(failure) => failure,
        };
        tracing::info!(%failure, ?service, count = part.len(), "scrobbles were not taken");
        match &failure {
            ScrobbleFailure::Unauthorized => {}
            ScrobbleFailure::Refused(why) => {
                if let [(row, _)] = part {
                    settle(row, Settled::Refused(why.clone()));
                    return Ok(());
                }
            }
            ScrobbleFailure::Silent(_)
            | ScrobbleFailure::Busy { .. }
            | ScrobbleFailure::Owner(_) => {
                for (row, _) in part {
                    let pause = pause_after(&failure, row.tries + 1, (self.desk.chance)());
                    settle(row, Settled::PutOff(now + pause));
                }
                self.leave_alone(service, now, &failure);
            }
        }
        Err(failure)
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

    /// Notes that the link is broken, and tells its member once.
    async fn broke(&self, link: &LinkRow, why: BrokenWhy) -> Result<(), StorageFailure> {
        let (desk, now) = (&self.desk, self.now());
        if !desk.store.break_scrobble_link(link, (why, now)).await? {
            return Ok(());
        }
        tracing::info!(service = ?link.service, ?why, "a link to a service is broken");
        let key = match why {
            BrokenWhy::Revoked => "scrobble-broke-revoked",
            BrokenWhy::Key => "scrobble-broke-key",
        };
        let fills = [
            ("service", link.service.title().into()),
            ("account", plain(&link.account).into()),
        ];
        let words = desk.words.say(Locale::of(&link.locale), key, &fills);
        // Whoever takes no direct messages finds it in `/scrobble status`.
        if let Err(failure) = desk.tell(link.member, &words).await {
            tracing::info!(%failure, "a member was not told of a broken link");
        }
        Ok(())
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
