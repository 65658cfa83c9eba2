//! Making a guild's boards: marked plays are looked at again, in pieces that let the journal in
//! between, and all boards are made from the whole history. Two makings of one guild must not run at
//! once; the [`super::Refresher`] is one task. How boards are kept is not known here.

use super::super::{Columns, StorageFailure, Store, duration, number};
use super::marks::{GUILD, mark, unmark};
use super::voices;
use crate::domain::ids::{GuildId, TurnId};
use crate::domain::leaderboard::{Bar, Ear, PastPlay, make_all};
use crate::domain::moment::Moment;
use crate::domain::protocol::Stars;
use crate::domain::track::TrackKey;
use futures_util::TryStreamExt;
use sqlx::query;
use std::collections::{HashMap, HashSet};

/// Marked plays that are looked at in one piece.
const PLAYS_AT_ONCE: u32 = 500;
/// What a making found and did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Refreshed {
    /// Plays that were looked at again.
    pub looked_at: usize,
    /// Plays of the whole history.
    pub plays: usize,
    /// Rows that were written.
    pub written: usize,
}

impl Store {
    /// Brings the guild's boards up to date with what is kept, as of `now`.
    pub async fn refresh_boards(
        &self,
        guild: GuildId,
        now: Moment,
    ) -> Result<Refreshed, StorageFailure> {
        let looked_at = self.look_at_marked(guild).await?;
        let own_mark = self.guild_mark(guild).await?;
        let history = self.history_of(guild).await?;
        let curation = self.curation_of(guild).await?;
        let bar = Bar::from(&self.settings(guild).await?);
        let plays = history.len();
        let newest = history.iter().map(|play| play.began_at.0).max();
        // A long history takes a second of a processor.
        let made = tokio::task::spawn_blocking(move || make_all((&history, &curation), &bar, now));
        let boards = made.await.map_err(|error| StorageFailure::Corrupt {
            what: "a history",
            reason: error.to_string(),
        })?;
        let basis = [now.0, newest.unwrap_or_default()];
        let mut written = self.write_places(guild, &boards).await?;
        // Last, since the guild's mark goes with it: what breaks off before is made again.
        written += self.write_pages(guild, &boards, (basis, own_mark)).await?;
        Ok(Refreshed {
            looked_at,
            plays,
            written,
        })
    }

    /// Brings them up to date if they are behind; whether they were.
    pub(super) async fn catch_up(
        &self,
        guild: GuildId,
        now: Moment,
    ) -> Result<Option<Refreshed>, StorageFailure> {
        self.look_at_marked(guild).await?;
        if self.guild_mark(guild).await?.is_none() {
            return Ok(None);
        }
        self.refresh_boards(guild, now).await.map(Some)
    }

    /// Gathers anew who listened to the marked plays, piece by piece.
    async fn look_at_marked(&self, guild: GuildId) -> Result<usize, StorageFailure> {
        let mut looked_at = 0;
        loop {
            let marked = self.marked_plays(guild, PLAYS_AT_ONCE).await?;
            let (Some(first), Some(last)) = (marked.first(), marked.last()) else {
                return Ok(looked_at);
            };
            let (first, last) = (first.0, last.0);
            let wanted: HashSet<TurnId> = marked.iter().map(|(turn, _)| *turn).collect();
            let dense = last.0 - first.0 < 4 * u64::from(PLAYS_AT_ONCE);
            let mut gathered = HashMap::new();
            if dense {
                self.gather(guild, (first, last), &mut gathered).await?;
            } else {
                for turn in &wanted {
                    self.gather(guild, (*turn, *turn), &mut gathered).await?;
                }
            }
            let mut transaction = self.pool.begin().await?;
            let mut changed = 0;
            for (turn, marks) in &marked {
                let done = match gathered.get(turn) {
                    Some(ears) => query(
                        "insert into board_play (guild_id, turn_id, voices) values ($1, $2, $3) \
                         on conflict (guild_id, turn_id) do update set voices = excluded.voices",
                    )
                    .bind(number(guild.0))
                    .bind(number(turn.0))
                    .bind(voices::written(ears)),
                    None => query("delete from board_play where guild_id = $1 and turn_id = $2")
                        .bind(number(guild.0))
                        .bind(number(turn.0)),
                };
                changed += done.execute(&mut *transaction).await?.rows_affected();
                unmark(&mut transaction, guild, (*turn, *marks)).await?;
            }
            // The boards are behind until they are made, whatever happens until then. What is felt
            // about a play that still runs does not concern them.
            if changed > 0 {
                mark(&mut transaction, guild, GUILD).await?;
            }
            transaction.commit().await?;
            looked_at += marked.len();
        }
    }

    /// Who listened to the ended plays from one turn to another, and what they gave. A play that
    /// did not sound, or still does, is not among them.
    async fn gather(
        &self,
        guild: GuildId,
        (first, last): (TurnId, TurnId),
        gathered: &mut HashMap<TurnId, Vec<Ear>>,
    ) -> Result<(), StorageFailure> {
        let mut rows = query(
            "select p.turn_id, p.began_at_ms, h.member_id, h.heard_ms, h.counts, h.joined_at_ms, \
             r.stars, r.voided_by, g.turn_id as grabbed \
             from play p left join heard h on h.guild_id = p.guild_id and h.turn_id = p.turn_id \
             left join rating r on r.guild_id = h.guild_id and r.turn_id = h.turn_id \
             and r.rater_id = h.member_id \
             left join grab g on g.guild_id = h.guild_id and g.turn_id = h.turn_id \
             and g.member_id = h.member_id \
             where p.guild_id = $1 and p.turn_id >= $2 and p.turn_id <= $3 \
             and p.ended_at_ms is not null and p.played_ms > 0 order by p.turn_id, h.member_id",
        )
        .bind(number(guild.0))
        .bind(number(first.0))
        .bind(number(last.0))
        .fetch(&self.pool);
        while let Some(row) = rows.try_next().await? {
            let ears = gathered.entry(row.turn()?).or_default();
            if row.maybe_number("member_id")?.is_none() {
                continue;
            }
            let joined_at = row.number("joined_at_ms")?;
            let since = row.moment("began_at_ms")?.since(Moment(joined_at));
            let member_for_s = u32::try_from(since.as_secs()).unwrap_or(Ear::LONG);
            let stars = row.maybe_number("stars")?;
            ears.push(Ear {
                member: row.member("member_id")?,
                heard_ms: row.count("heard_ms")?,
                has_heard: row.number("counts")? == 1,
                stars: stars
                    .and_then(|stars| u8::try_from(stars).ok())
                    .and_then(Stars::new),
                grabbed: row.maybe_number("grabbed")?.is_some(),
                voided: row.maybe_number("voided_by")?.is_some(),
                member_for_s: if joined_at > 0 {
                    member_for_s
                } else {
                    Ear::LONG
                },
            });
        }
        Ok(())
    }

    /// Everything that was played.
    async fn history_of(&self, guild: GuildId) -> Result<Vec<PastPlay>, StorageFailure> {
        let mut rows = query(
            "select p.turn_id, p.looper_id, p.track_key, p.began_at_ms, p.played_ms, b.voices \
             from board_play b join play p on p.guild_id = b.guild_id and p.turn_id = b.turn_id \
             where b.guild_id = $1",
        )
        .bind(number(guild.0))
        .fetch(&self.pool);
        let mut history = Vec::new();
        while let Some(row) = rows.try_next().await? {
            let voices = row.text("voices")?;
            let ears = voices::read(&voices).ok_or_else(|| StorageFailure::Corrupt {
                what: "the voices of a play",
                reason: format!("{} signs", voices.len()),
            })?;
            history.push(PastPlay {
                turn: row.turn()?,
                looper: row.member("looper_id")?,
                track: TrackKey(row.text("track_key")?),
                began_at: row.moment("began_at_ms")?,
                played: duration(row.number("played_ms")?),
                ears,
            });
        }
        Ok(history)
    }
}
