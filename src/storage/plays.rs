//! Plays and what was felt about them.

use super::{Columns, StorageFailure, Store, duration, number, parsed};
use crate::domain::ids::{GuildId, MemberId, SeatNo, SessionId, TurnId};
use crate::domain::leaderboard::Tally;
use crate::domain::moment::Moment;
use crate::domain::protocol::PlayRecord;
use crate::domain::track::{Track, TrackKey};
use sqlx::any::AnyRow;
use sqlx::query;
use std::collections::HashSet;
use std::time::Duration;

/// A play with its figures. The tally holds every rating that stands.
#[derive(Clone, Debug, PartialEq)]
pub struct PlaySummary {
    pub play: PlayRecord,
    pub tally: Tally,
    pub grabs: u32,
    /// How many heard it.
    pub heard: u32,
    pub comments: u32,
}

/// A title that a live stream said was on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OnAir {
    pub turn: TurnId,
    /// How far into the turn.
    pub offset: Duration,
    pub title: String,
}

/// A track in somebody's collection.
#[derive(Clone, Debug, PartialEq)]
pub struct GrabRow {
    pub track: Track,
    pub turn: TurnId,
    pub at: Moment,
}

/// The columns of a play with its figures; `$1` is the guild.
macro_rules! summaries {
    ($rest:literal) => {
        concat!(
            "select p.turn_id, p.session_id, p.looper_id, p.looper_name, p.seat, p.track, \
             p.began_at_ms, p.ended_at_ms, p.played_ms, p.ended_how, p.audience, \
             (select count(*) from rating r where r.guild_id = p.guild_id and \
              r.turn_id = p.turn_id and r.voided_by is null) as ratings, \
             (select cast(coalesce(sum(r.stars), 0) as bigint) from rating r where \
              r.guild_id = p.guild_id and r.turn_id = p.turn_id and r.voided_by is null) as stars, \
             (select count(*) from grab g where g.guild_id = p.guild_id and \
              g.turn_id = p.turn_id) as grabs, \
             (select count(*) from heard h where h.guild_id = p.guild_id and \
              h.turn_id = p.turn_id and h.counts = 1) as heard, \
             (select count(*) from comment c where c.guild_id = p.guild_id and \
              c.turn_id = p.turn_id) as comments \
             from play p where p.guild_id = $1 ",
            $rest
        )
    };
}

fn play(row: &AnyRow) -> Result<PlayRecord, StorageFailure> {
    let seat = u8::try_from(row.number("seat")?).unwrap_or(u8::MAX);
    let end = row.maybe_text("ended_how")?;
    Ok(PlayRecord {
        turn: row.turn()?,
        session: row.session()?,
        looper: row.member("looper_id")?,
        looper_name: row.text("looper_name")?,
        seat: SeatNo(seat),
        track: parsed("a track", &row.text("track")?)?,
        began_at: row.moment("began_at_ms")?,
        ended_at: row.maybe_number("ended_at_ms")?.map(Moment),
        played: duration(row.number("played_ms")?),
        end: end
            .map(|end| parsed("the end of a play", &end))
            .transpose()?,
        audience: row.count("audience")?,
    })
}

fn summary(row: &AnyRow) -> Result<PlaySummary, StorageFailure> {
    let sum = u64::try_from(row.number("stars")?).unwrap_or_default();
    Ok(PlaySummary {
        play: play(row)?,
        tally: Tally {
            sum,
            count: row.count("ratings")?,
        },
        grabs: row.count("grabs")?,
        heard: row.count("heard")?,
        comments: row.count("comments")?,
    })
}

impl Store {
    /// The play of a turn.
    pub async fn play(
        &self,
        guild: GuildId,
        turn: TurnId,
    ) -> Result<Option<PlaySummary>, StorageFailure> {
        let row = query(summaries!("and p.turn_id = $2"))
            .bind(number(guild.0))
            .bind(number(turn.0))
            .fetch_optional(&self.pool)
            .await?;
        row.as_ref().map(summary).transpose()
    }

    /// The newest plays that sounded, the newest first; only those before a turn, if given.
    pub async fn history(
        &self,
        guild: GuildId,
        before: Option<TurnId>,
        limit: u32,
    ) -> Result<Vec<PlaySummary>, StorageFailure> {
        let rows = query(summaries!(
            "and p.turn_id < $2 and (p.played_ms > 0 or p.ended_at_ms is null) \
             order by p.turn_id desc limit $3"
        ))
        .bind(number(guild.0))
        .bind(before.map_or(i64::MAX, |turn| number(turn.0)))
        .bind(i64::from(limit))
        .fetch_all(&self.pool)
        .await?;
        rows.iter().map(summary).collect()
    }

    /// What was played in a session, in order; what never sounded is left out.
    pub async fn session_playlist(
        &self,
        guild: GuildId,
        session: SessionId,
    ) -> Result<Vec<PlaySummary>, StorageFailure> {
        let rows = query(summaries!(
            "and p.session_id = $2 and (p.played_ms > 0 or p.ended_at_ms is null) \
             order by p.turn_id"
        ))
        .bind(number(guild.0))
        .bind(number(session.0))
        .fetch_all(&self.pool)
        .await?;
        rows.iter().map(summary).collect()
    }

    /// What the live streams of a session said was on, in order.
    pub async fn on_air(
        &self,
        guild: GuildId,
        session: SessionId,
    ) -> Result<Vec<OnAir>, StorageFailure> {
        let rows = query(
            "select o.turn_id, o.offset_ms, o.title from on_air o join play p \
             on p.guild_id = o.guild_id and p.turn_id = o.turn_id \
             where o.guild_id = $1 and p.session_id = $2 order by o.turn_id, o.place",
        )
        .bind(number(guild.0))
        .bind(number(session.0))
        .fetch_all(&self.pool)
        .await?;
        let titles = rows.iter().map(|row| {
            Ok(OnAir {
                turn: row.turn()?,
                offset: duration(row.number("offset_ms")?),
                title: row.text("title")?,
            })
        });
        titles.collect()
    }

    /// When each track was last played since a moment, for the repeat rule.
    pub async fn recent_plays(
        &self,
        guild: GuildId,
        since: Moment,
    ) -> Result<Vec<(TrackKey, Moment)>, StorageFailure> {
        let rows = query(
            "select track_key, max(began_at_ms) as began_at_ms from play \
             where guild_id = $1 and began_at_ms >= $2 \
             and (played_ms > 0 or ended_at_ms is null) group by track_key",
        )
        .bind(number(guild.0))
        .bind(since.0)
        .fetch_all(&self.pool)
        .await?;
        rows.iter()
            .map(|row| Ok((TrackKey(row.text("track_key")?), row.moment("began_at_ms")?)))
            .collect()
    }

    /// How often the track was played here before that turn, and who played it first.
    pub async fn earlier_plays(
        &self,
        guild: GuildId,
        track: &TrackKey,
        before: TurnId,
    ) -> Result<(u32, Option<String>), StorageFailure> {
        let rows = query(
            "select looper_name, (select count(*) from play where guild_id = $1 and \
             track_key = $2 and turn_id < $3 and played_ms > 0) as plays from play \
             where guild_id = $1 and track_key = $2 and turn_id < $3 and played_ms > 0 \
             order by turn_id limit 1",
        )
        .bind(number(guild.0))
        .bind(track.0.clone())
        .bind(number(before.0))
        .fetch_optional(&self.pool)
        .await?;
        match rows {
            Some(row) => Ok((row.count("plays")?, Some(row.text("looper_name")?))),
            None => Ok((0, None)),
        }
    }

    /// The track of that key, as it was last played here.
    pub async fn track_played(
        &self,
        guild: GuildId,
        key: &TrackKey,
    ) -> Result<Option<Track>, StorageFailure> {
        let row = query(
            "select track from play where guild_id = $1 and track_key = $2 \
             order by turn_id desc limit 1",
        )
        .bind(number(guild.0))
        .bind(key.0.clone())
        .fetch_optional(&self.pool)
        .await?;
        let track = row.map(|row| parsed("a track", &row.text("track")?));
        track.transpose()
    }

    /// Tracks that were played here, or are at the moment, and whose title or artist holds every word, newest first.
    pub async fn search_played(
        &self,
        guild: GuildId,
        words: &str,
        limit: u32,
    ) -> Result<Vec<(TurnId, Track)>, StorageFailure> {
        let words = words.to_lowercase();
        let words: Vec<&str> = words.split_whitespace().collect();
        let fits = |track: &Track| {
            let artist = track.artist.as_deref().unwrap_or_default();
            let text = format!("{artist} {}", track.title).to_lowercase();
            words.iter().all(|word| text.contains(word))
        };
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        self.played_that(guild, fits, limit).await
    }

    /// Tracks that were played here, or are at the moment, each once, newest first.
    pub async fn tracks_played(&self, guild: GuildId) -> Result<Vec<Track>, StorageFailure> {
        let found = self.played_that(guild, |_| true, usize::MAX).await?;
        Ok(found.into_iter().map(|(_, track)| track).collect())
    }

    async fn played_that(
        &self,
        guild: GuildId,
        fits: impl Fn(&Track) -> bool,
        limit: usize,
    ) -> Result<Vec<(TurnId, Track)>, StorageFailure> {
        /// Plays that are looked through, from the newest.
        const LOOKED_THROUGH: i64 = 2_000;
        let rows = query(
            "select turn_id, track from play where guild_id = $1 \
             and (played_ms > 0 or ended_at_ms is null) order by turn_id desc limit $2",
        )
        .bind(number(guild.0))
        .bind(LOOKED_THROUGH)
        .fetch_all(&self.pool)
        .await?;
        let (mut found, mut known) = (Vec::new(), HashSet::new());
        for row in rows {
            if found.len() >= limit {
                break;
            }
            let track: Track = parsed("a track", &row.text("track")?)?;
            if fits(&track) && known.insert(track.key.clone()) {
                found.push((row.turn()?, track));
            }
        }
        Ok(found)
    }

    /// What the member has grabbed in this guild, the newest first.
    pub async fn grabs(
        &self,
        guild: GuildId,
        member: MemberId,
        limit: u32,
    ) -> Result<Vec<GrabRow>, StorageFailure> {
        let rows = query(
            "select track, turn_id, grabbed_at_ms from grab where guild_id = $1 and member_id = $2 \
             order by grabbed_at_ms desc limit $3",
        )
        .bind(number(guild.0))
        .bind(number(member.0))
        .bind(i64::from(limit))
        .fetch_all(&self.pool)
        .await?;
        rows.iter()
            .map(|row| {
                Ok(GrabRow {
                    track: parsed("a track", &row.text("track")?)?,
                    turn: row.turn()?,
                    at: row.moment("grabbed_at_ms")?,
                })
            })
            .collect()
    }
}
