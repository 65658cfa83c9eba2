//! Submits what members heard to the services they have linked, one account after the other, and
//! waits for what comes next. What is due is storage's to know, how a service is asked `scrobble`'s, and
//! what becomes of an account's listens is in `asking`.

mod asking;

use super::chance;
use crate::config::Config;
use crate::discord::SharedDesk;
use crate::discord::markup::plain;
use crate::domain::ids::MemberId;
use crate::domain::moment::Moment;
use crate::domain::scrobbling::{GIVEN_UP_AFTER, Service};
use crate::i18n::Locale;
use crate::scrobble::{
    BATCH_LIMIT, LISTENBRAINZ, LastFm, LastFmConfig, ListenBrainz, Scrobbling, Seal,
};
use crate::storage::{BrokenWhy, LinkRow, Settled, StorageFailure};
use anyhow::Context;
use asking::Errand;
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
