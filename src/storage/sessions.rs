//! Sessions as a list to look back on.

use super::{Columns, StorageFailure, Store, number, parsed};
use crate::domain::ids::{ChannelId, GuildId, MemberId, SessionId};
use crate::domain::moment::Moment;
use crate::domain::protocol::CloseReason;
use sqlx::any::AnyRow;
use sqlx::query;

/// A session with its figures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionSummary {
    pub session: SessionId,
    pub channel: ChannelId,
    pub host: MemberId,
    pub theme: Option<String>,
    pub opened_at: Moment,
    /// `None` while it is open.
    pub closed_at: Option<Moment>,
    pub why: Option<CloseReason>,
    pub plays: u32,
    pub loopers: u32,
}

macro_rules! sessions {
    ($rest:literal) => {
        concat!(
            "select s.session_id, s.channel_id, s.host_id, s.theme, s.opened_at_ms, \
             s.closed_at_ms, s.why, \
             (select count(*) from play p where p.guild_id = s.guild_id and \
              p.session_id = s.session_id and p.played_ms > 0) as plays, \
             (select count(distinct p.looper_id) from play p where p.guild_id = s.guild_id and \
              p.session_id = s.session_id and p.played_ms > 0) as loopers \
             from session s where s.guild_id = $1 ",
            $rest
        )
    };
}

fn summary(row: &AnyRow) -> Result<SessionSummary, StorageFailure> {
    Ok(SessionSummary {
        session: row.session()?,
        channel: row.channel()?,
        host: row.member("host_id")?,
        theme: row.maybe_text("theme")?,
        opened_at: row.moment("opened_at_ms")?,
        closed_at: row.maybe_number("closed_at_ms")?.map(Moment),
        why: row
            .maybe_text("why")?
            .map(|why| parsed("why a session closed", &why))
            .transpose()?,
        plays: row.count("plays")?,
        loopers: row.count("loopers")?,
    })
}

impl Store {
    /// The newest sessions, the newest first; only those before one, if given.
    pub async fn sessions(
        &self,
        guild: GuildId,
        before: Option<SessionId>,
        limit: u32,
    ) -> Result<Vec<SessionSummary>, StorageFailure> {
        let rows = query(sessions!(
            "and s.session_id < $2 order by s.session_id desc limit $3"
        ))
        .bind(number(guild.0))
        .bind(before.map_or(i64::MAX, |session| number(session.0)))
        .bind(i64::from(limit))
        .fetch_all(&self.pool)
        .await?;
        rows.iter().map(summary).collect()
    }

    /// How many people heard enough of at least one play of a session.
    pub async fn session_listeners(
        &self,
        guild: GuildId,
        session: SessionId,
    ) -> Result<u32, StorageFailure> {
        let row = query(
            "select count(distinct h.member_id) as listeners from heard h join play p \
             on p.guild_id = h.guild_id and p.turn_id = h.turn_id \
             where p.guild_id = $1 and p.session_id = $2 and h.counts = 1",
        )
        .bind(number(guild.0))
        .bind(number(session.0))
        .fetch_one(&self.pool)
        .await?;
        row.count("listeners")
    }

    /// One session.
    pub async fn session(
        &self,
        guild: GuildId,
        session: SessionId,
    ) -> Result<Option<SessionSummary>, StorageFailure> {
        let row = query(sessions!("and s.session_id = $2"))
            .bind(number(guild.0))
            .bind(number(session.0))
            .fetch_optional(&self.pool)
            .await?;
        row.as_ref().map(summary).transpose()
    }
}
