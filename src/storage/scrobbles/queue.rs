//! The queue: a row for each play, member and service, made in the transaction that keeps who heard
//! the play, so that none is missed and none is there twice.

use super::super::{Columns, StorageFailure, Store, ms, number, parsed};
use super::LinkRow;
use crate::domain::ids::{GuildId, MemberId, TurnId};
use crate::domain::moment::Moment;
use crate::domain::protocol::{PlayRecord, Record};
use crate::domain::scrobbling::{Listen, Service, least_heard};
use crate::domain::track::Track;
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, query};

/// Never.
const NEVER: i64 = i64::MAX;
/// The reason for what nobody can be told since it has no artist.
const NAMELESS: &str = "artist";

/// The reason for what has waited for too long.
const OLD: &str = "old";

/// One play to submit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WaitingScrobble {
    pub guild: GuildId,
    pub turn: TurnId,
    pub listened_at: Moment,
    /// Tries that were begun, also those of which nobody knows what came of them.
    pub tries: u32,
    /// `None` when the play is not kept any more, or cannot be told.
    pub listen: Option<Listen>,
}

/// What came of a try.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Settled {
    Sent(Moment),
    /// It failed; to be tried again then.
    PutOff(Moment),
    /// Not to be tried again, for this reason.
    Refused(String),
}

/// The plays that ended in one transaction.
#[derive(Debug, Default)]
pub(in crate::storage) struct HeardPlays<'r>(Vec<(GuildId, &'r PlayRecord)>);

impl<'r> HeardPlays<'r> {
    pub(in crate::storage) fn note(&mut self, guild: GuildId, record: &'r Record) {
        if let Record::PlayEnded(play) = record {
            self.0.push((guild, play));
        }
    }

    /// Queues them for everybody who heard them and has linked a service before they ended. Called
    /// after who heard them is written. Gives back how many rows were made.
    pub(in crate::storage) async fn queue(
        &self,
        connection: &mut AnyConnection,
    ) -> Result<u64, StorageFailure> {
        let mut made = 0;
        for (guild, play) in &self.0 {
            for service in Service::ALL {
                made += queue(connection, *guild, play, service).await?;
            }
        }
        Ok(made)
    }
}

async fn queue(
    connection: &mut AnyConnection,
    guild: GuildId,
    play: &PlayRecord,
    service: Service,
) -> Result<u64, StorageFailure> {
    let (Some(least), Some(ended_at)) = (least_heard(service, &play.track), play.ended_at) else {
        return Ok(0);
    };
    let is_told = Listen::of(&play.track, play.began_at, true).is_some();
    let done = query(
        "insert into scrobble (member_id, service, guild_id, turn_id, listened_at_ms, tries, \
         next_try_at_ms, refused) \
         select l.member_id, l.service, h.guild_id, h.turn_id, $4, 0, $5, cast($6 as text) \
         from scrobble_link l join (\
          select guild_id, turn_id, member_id, heard_ms from heard \
           where guild_id = $1 and turn_id = $2 and counts = 1 union all \
          select guild_id, turn_id, member_id, heard_ms from looper_heard \
           where guild_id = $1 and turn_id = $2 and counts = 1) h on h.member_id = l.member_id \
         where l.service = $3 and h.heard_ms >= $7 and l.linked_at_ms <= $8 \
         and not exists (select 1 from scrobble_off o where o.member_id = l.member_id \
          and o.guild_id = $1) \
         on conflict (member_id, service, guild_id, turn_id) do nothing",
    )
    .bind(number(guild.0))
    .bind(number(play.turn.0))
    .bind(service.key())
    .bind(play.began_at.0)
    .bind(if is_told { ended_at.0 } else { NEVER })
    .bind((!is_told).then(|| NAMELESS.to_owned()))
    .bind(ms(least))
    .bind(ended_at.0)
    .execute(connection)
    .await?;
    Ok(done.rows_affected())
}

fn waiting(row: &AnyRow, member: MemberId) -> Result<WaitingScrobble, StorageFailure> {
    let listened_at = row.moment("listened_at_ms")?;
    let track = row.maybe_text("track")?;
    let track: Option<Track> = track.map(|track| parsed("a track", &track)).transpose()?;
    let by_other = row.maybe_number("looper_id")? != Some(number(member.0));
    Ok(WaitingScrobble {
        guild: row.guild()?,
        turn: row.turn()?,
        listened_at,
        tries: row.count("tries")?,
        listen: track.and_then(|track| Listen::of(&track, listened_at, by_other)),
    })
}

impl Store {
    /// Resolves when there may be something new to submit.
    pub async fn scrobbles_rung(&self) {
        self.scrobbles.notified().await;
    }

    /// Members for whom something is to be submitted by now.
    pub async fn due_scrobblers(
        &self,
        service: Service,
        now: Moment,
        limit: u32,
    ) -> Result<Vec<MemberId>, StorageFailure> {
        let rows = query(
            "select distinct s.member_id from scrobble s join scrobble_link l \
             on l.member_id = s.member_id and l.service = s.service where s.sent_at_ms is null \
             and s.next_try_at_ms <= $2 and s.service = $1 and l.broken_at_ms is null \
             order by s.member_id limit $3",
        )
        .bind(service.key())
        .bind(now.0)
        .bind(i64::from(limit))
        .fetch_all(&self.pool)
        .await?;
        rows.iter().map(|row| row.member("member_id")).collect()
    }

    /// When something is to be submitted next.
    pub async fn next_scrobble_at(
        &self,
        service: Service,
    ) -> Result<Option<Moment>, StorageFailure> {
        let row = query(
            "select s.next_try_at_ms from scrobble s join scrobble_link l \
             on l.member_id = s.member_id and l.service = s.service where s.sent_at_ms is null \
             and s.next_try_at_ms < $2 and s.service = $1 and l.broken_at_ms is null \
             order by s.next_try_at_ms limit 1",
        )
        .bind(service.key())
        .bind(NEVER)
        .fetch_optional(&self.pool)
        .await?;
        row.map(|row| row.moment("next_try_at_ms")).transpose()
    }

    /// What is to be submitted for the member by now, the oldest first.
    pub async fn waiting_scrobbles(
        &self,
        (member, service): (MemberId, Service),
        now: Moment,
        limit: u32,
    ) -> Result<Vec<WaitingScrobble>, StorageFailure> {
        let rows = query(
            "select s.guild_id, s.turn_id, s.listened_at_ms, s.tries, p.track, p.looper_id \
             from scrobble s left join play p on p.guild_id = s.guild_id and p.turn_id = s.turn_id \
             where s.member_id = $1 and s.service = $2 and s.sent_at_ms is null \
             and s.next_try_at_ms <= $3 order by s.listened_at_ms, s.guild_id limit $4",
        )
        .bind(number(member.0))
        .bind(service.key())
        .bind(now.0)
        .bind(i64::from(limit))
        .fetch_all(&self.pool)
        .await?;
        rows.iter().map(|row| waiting(row, member)).collect()
    }

    /// Notes the number of the try that is about to be made for each, so that it is known after a crash
    /// that there was one; `false` if the link is gone or has another token by now, and nothing of it
    /// may be submitted any more.
    pub async fn begin_scrobbles(
        &self,
        link: &LinkRow,
        tries: &[((GuildId, TurnId), u32)],
    ) -> Result<bool, StorageFailure> {
        let (member, service) = (number(link.member.0), link.service.key());
        let mut transaction = self.pool.begin().await?;
        for ((guild, turn), tries) in tries {
            query(
                "update scrobble set tries = $5 where member_id = $1 and service = $2 \
                 and guild_id = $3 and turn_id = $4 and sent_at_ms is null",
            )
            .bind(member)
            .bind(service)
            .bind(number(guild.0))
            .bind(number(turn.0))
            .bind(i64::from(*tries))
            .execute(&mut *transaction)
            .await?;
        }
        let linked = query(
            "select token from scrobble_link where member_id = $1 and service = $2 and token = $3",
        )
        .bind(member)
        .bind(service)
        .bind(link.token.clone())
        .fetch_optional(&mut *transaction)
        .await?;
        if linked.is_some() {
            transaction.commit().await?;
        }
        Ok(linked.is_some())
    }

    /// Gives up what was heard before that moment and still waits, whether its link works or not; how
    /// much that was.
    pub async fn give_up_scrobbles(&self, before: Moment) -> Result<u64, StorageFailure> {
        let done = query(
            "update scrobble set next_try_at_ms = $2, refused = $3 where sent_at_ms is null \
             and next_try_at_ms < $2 and listened_at_ms < $1",
        )
        .bind(before.0)
        .bind(NEVER)
        .bind(OLD)
        .execute(&self.pool)
        .await?;
        Ok(done.rows_affected())
    }

    /// Notes what came of a try, and what its trouble was. Rows that are gone meanwhile stay gone.
    pub async fn settle_scrobbles(
        &self,
        (member, service): (MemberId, Service),
        settled: &[((GuildId, TurnId), Settled)],
        trouble: Option<&str>,
    ) -> Result<(), StorageFailure> {
        let mut transaction = self.pool.begin().await?;
        for ((guild, turn), what) in settled {
            let (sent, next, refused) = match what {
                Settled::Sent(at) => (Some(at.0), NEVER, None),
                Settled::PutOff(at) => (None, at.0, None),
                Settled::Refused(why) => (None, NEVER, Some(why.clone())),
            };
            query(
                "update scrobble set next_try_at_ms = $5, sent_at_ms = $6, \
                 refused = $7 where member_id = $1 and service = $2 and guild_id = $3 \
                 and turn_id = $4 and sent_at_ms is null",
            )
            .bind(number(member.0))
            .bind(service.key())
            .bind(number(guild.0))
            .bind(number(turn.0))
            .bind(next)
            .bind(sent)
            .bind(refused)
            .execute(&mut *transaction)
            .await?;
        }
        query("update scrobble_link set trouble = $3 where member_id = $1 and service = $2")
            .bind(number(member.0))
            .bind(service.key())
            .bind(trouble.map(str::to_owned))
            .execute(&mut *transaction)
            .await?;
        transaction.commit().await?;
        Ok(())
    }
}
