//! What happened on a server, or with one member, between two moments: figures, hours, ratings, and
//! what was loved. A handful of queries over the plays of that time, each through an index and with a
//! limit; how the time is cut and what comes first is for `domain::recap`.

mod questions;

use super::{Columns, StorageFailure, Store, duration, number};
use crate::domain::ids::{GuildId, MemberId, TurnId};
use crate::domain::leaderboard::{Expectation, Tally};
use crate::domain::moment::Moment;
use crate::domain::recap::{Ranked, ReceivedPlay, Span, hour_moment, ranked};
use crate::domain::track::TrackKey;
use questions::{
    GIVEN, MEMBER_GRABS, MEMBER_HOURS, MEMBER_PEOPLE, MEMBER_RATINGS, OWN_RECEIVED, SERVER_GRABS,
    SERVER_HOURS, SERVER_LISTENERS, SERVER_PEOPLE, SERVER_RATINGS, SERVER_RECEIVED, asked,
};
use sqlx::any::AnyRow;
use sqlx::{Row, query};
use std::collections::HashSet;
use std::time::Duration;

/// Plays that are looked at for what was loved, from the newest.
const PLAYS_LIMIT: i64 = 20_000;
/// Songs and people that are named.
const NAMED: usize = 5;

/// Whose recap it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Whose {
    Server,
    Member(MemberId),
}

/// What an hour held: plays on a server, plays that the member heard; and how long people, or the
/// member, listened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RecapHour {
    pub begins_at: Moment,
    pub plays: u32,
    pub heard: Duration,
}

/// The figures of a time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RecapSums {
    /// Plays on the server, or that the member heard.
    pub plays: u32,
    /// How long everybody, or the member, listened.
    pub heard: Duration,
    /// Who listened on the server, or to the member's own plays.
    pub listeners: u32,
    /// Whose plays those were.
    pub loopers: u32,
    /// Plays of the member themselves; 0 for a server.
    pub own: u32,
    /// Ratings on the server, or of the member, from 1 to 5.
    pub ratings: [u32; 5],
    pub grabs: u32,
}

/// A song that was loved, or somebody's songs taken together.
#[derive(Clone, Debug, PartialEq)]
pub struct RecapTrack {
    /// Title, or the looper's name.
    pub name: String,
    pub artist: Option<String>,
    pub tally: Tally,
    pub plays: u32,
}

/// A time looked back on.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Recap {
    pub sums: RecapSums,
    pub before: RecapSums,
    /// In order; hours of nothing are left out.
    pub hours: Vec<RecapHour>,
    pub hours_before: Vec<RecapHour>,
    /// The best loved songs: by everybody, or by the member.
    pub tracks: Vec<RecapTrack>,
    /// The best loved loopers, likewise.
    pub loopers: Vec<RecapTrack>,
    /// Who listened longest; nobody in a member's.
    pub listeners: Vec<(String, Duration)>,
    /// The member's own songs, the best received first; none for a server.
    pub own: Vec<RecapTrack>,
}

fn received(row: &AnyRow) -> Result<ReceivedPlay, StorageFailure> {
    Ok(ReceivedPlay {
        turn: row.turn()?,
        track: TrackKey(row.text("track_key")?),
        looper: row.member("looper_id")?,
        audience: row.count("audience")?,
        tally: Tally {
            sum: u64::try_from(row.number("stars")?).unwrap_or_default(),
            count: row.count("ratings")?,
        },
        quarters: row.number("quarters")?,
    })
}

impl Store {
    /// What happened in the time, with the figures of the time before it.
    pub async fn recap(
        &self,
        guild: GuildId,
        whose: Whose,
        (span, before): (Span, Span),
    ) -> Result<Recap, StorageFailure> {
        let hours = self.recap_hours(guild, span, whose).await?;
        // Of the time before, whole pieces are compared.
        let whole_before = Span {
            from: before.from,
            to: span.from,
        };
        let hours_before = self.recap_hours(guild, whole_before, whose).await?;
        let past = hours_before.iter().filter(|it| it.begins_at < before.to);
        let mut recap = Recap {
            sums: self.recap_sums(guild, span, (whose, &hours)).await?,
            before: {
                let past: Vec<RecapHour> = past.copied().collect();
                self.recap_sums(guild, before, (whose, &past)).await?
            },
            hours,
            hours_before,
            ..Recap::default()
        };
        let usual = self.board_basis(guild).await?;
        let usual = usual.map_or_else(Expectation::default, |it| Expectation { a: it.a, b: it.b });
        match whose {
            Whose::Server => self.recap_server(guild, span, (usual, &mut recap)).await?,
            Whose::Member(member) => {
                let found = (usual, &mut recap);
                self.recap_member(guild, span, (member, found)).await?;
            }
        }
        Ok(recap)
    }

    async fn recap_hours(
        &self,
        guild: GuildId,
        span: Span,
        whose: Whose,
    ) -> Result<Vec<RecapHour>, StorageFailure> {
        let sql = match whose {
            Whose::Server => SERVER_HOURS,
            Whose::Member(_) => MEMBER_HOURS,
        };
        let rows = asked(sql, guild, span, whose).fetch_all(&self.pool).await?;
        rows.iter()
            .map(|row| {
                Ok(RecapHour {
                    begins_at: hour_moment(row.number("hour")?),
                    plays: row.count("plays")?,
                    heard: duration(row.number("heard_ms")?),
                })
            })
            .collect()
    }

    async fn recap_sums(
        &self,
        guild: GuildId,
        span: Span,
        (whose, hours): (Whose, &[RecapHour]),
    ) -> Result<RecapSums, StorageFailure> {
        let [ratings, people, grabs] = match whose {
            Whose::Server => [SERVER_RATINGS, SERVER_PEOPLE, SERVER_GRABS],
            Whose::Member(_) => [MEMBER_RATINGS, MEMBER_PEOPLE, MEMBER_GRABS],
        };
        let of = |sql| asked(sql, guild, span, whose);
        let people = of(people).fetch_one(&self.pool).await?;
        let mut sums = RecapSums {
            plays: hours.iter().map(|hour| hour.plays).sum(),
            heard: hours.iter().map(|hour| hour.heard).sum(),
            listeners: people.count("listeners")?,
            loopers: people.count("loopers")?,
            own: people.count("own")?,
            grabs: of(grabs).fetch_one(&self.pool).await?.count("grabs")?,
            ratings: [0; 5],
        };
        for row in of(ratings).fetch_all(&self.pool).await? {
            let stars = usize::try_from(row.number("stars")? - 1);
            if let Some(place) = stars.ok().and_then(|at| sums.ratings.get_mut(at)) {
                *place = row.count("ratings")?;
            }
        }
        Ok(sums)
    }

    async fn recap_server(
        &self,
        guild: GuildId,
        span: Span,
        (usual, recap): (Expectation, &mut Recap),
    ) -> Result<(), StorageFailure> {
        let asked_for = asked(SERVER_RECEIVED, guild, span, Whose::Server).bind(PLAYS_LIMIT);
        let rows = asked_for.fetch_all(&self.pool).await?;
        let plays: Vec<ReceivedPlay> = rows.iter().map(received).collect::<Result<_, _>>()?;
        let tracks = ranked(&plays, usual, |it| it.track.clone());
        recap.tracks = self.named(guild, rated_first(tracks), true).await?;
        let mut of_somebody = plays.clone();
        // Who was forgotten is nobody's best looper.
        of_somebody.retain(|it| it.looper != MemberId::NOBODY);
        let loopers = ranked(&of_somebody, usual, |it| it.looper);
        recap.loopers = self.named(guild, rated_first(loopers), false).await?;
        let rows = asked(SERVER_LISTENERS, guild, span, Whose::Server)
            .fetch_all(&self.pool)
            .await?;
        for row in rows {
            let heard = duration(row.number("heard_ms")?);
            recap.listeners.push((row.text("name")?, heard));
        }
        Ok(())
    }

    async fn recap_member(
        &self,
        guild: GuildId,
        span: Span,
        (member, (usual, recap)): (MemberId, (Expectation, &mut Recap)),
    ) -> Result<(), StorageFailure> {
        let whose = Whose::Member(member);
        let own = asked(OWN_RECEIVED, guild, span, whose).bind(PLAYS_LIMIT);
        let rows = own.fetch_all(&self.pool).await?;
        let plays: Vec<ReceivedPlay> = rows.iter().map(received).collect::<Result<_, _>>()?;
        let own = ranked(&plays, usual, |it| it.track.clone());
        recap.own = self.named(guild, rated_first(own), true).await?;
        let given = asked(GIVEN, guild, span, whose).bind(PLAYS_LIMIT);
        let rows = given.fetch_all(&self.pool).await?;
        let mut known = HashSet::new();
        let mut loopers: Vec<(MemberId, RecapTrack)> = Vec::new();
        for row in &rows {
            let tally = Tally {
                sum: u64::try_from(row.number("stars")?).unwrap_or_default(),
                count: 1,
            };
            let looper = row.member("looper_id")?;
            match loopers.iter_mut().find(|(known, _)| *known == looper) {
                Some((_, all)) => {
                    all.tally = [all.tally, tally].into_iter().sum();
                    all.plays += 1;
                }
                None => loopers.push((looper, song(row, ("looper_name", tally))?)),
            }
            if recap.tracks.len() < NAMED && known.insert(row.text("track_key")?) {
                let artist = row.maybe_text("artist")?;
                let track = song(row, ("title", tally))?;
                recap.tracks.push(RecapTrack { artist, ..track });
            }
        }
        let all: Tally = loopers.iter().map(|(_, it)| it.tally).sum();
        let mean = all.mean().unwrap_or_default();
        let of_somebody = loopers
            .into_iter()
            .filter(|(looper, _)| *looper != MemberId::NOBODY);
        let mut loopers: Vec<RecapTrack> = of_somebody.map(|(_, it)| it).collect();
        loopers.sort_by(|a, b| b.tally.score(mean).total_cmp(&a.tally.score(mean)));
        loopers.truncate(NAMED);
        recap.loopers = loopers;
        Ok(())
    }

    /// What the ranked ones are called, after their last play.
    async fn named(
        &self,
        guild: GuildId,
        ranked: Vec<Ranked>,
        is_track: bool,
    ) -> Result<Vec<RecapTrack>, StorageFailure> {
        let mut named = Vec::with_capacity(ranked.len());
        for one in ranked {
            let Some((title, artist, looper)) = self.called(guild, one.newest).await? else {
                continue;
            };
            named.push(RecapTrack {
                name: if is_track { title } else { looper },
                artist: artist.filter(|_| is_track),
                tally: one.tally,
                plays: one.plays,
            });
        }
        Ok(named)
    }

    async fn called(
        &self,
        guild: GuildId,
        turn: TurnId,
    ) -> Result<Option<(String, Option<String>, String)>, StorageFailure> {
        let row = query(
            "select title, artist, looper_name from play where guild_id = $1 and turn_id = $2",
        )
        .bind(number(guild.0))
        .bind(number(turn.0))
        .fetch_optional(&self.pool)
        .await?;
        row.map(|row| {
            let artist = row.try_get::<Option<String>, _>("artist")?;
            Ok((row.text("title")?, artist, row.text("looper_name")?))
        })
        .transpose()
    }
}

/// What a row is called in that column.
fn song(
    row: &AnyRow,
    (column, tally): (&'static str, Tally),
) -> Result<RecapTrack, StorageFailure> {
    Ok(RecapTrack {
        name: row.text(column)?,
        artist: None,
        tally,
        plays: 1,
    })
}

/// The first of those that anybody said something about; the others say nothing.
fn rated_first(mut ranked: Vec<Ranked>) -> Vec<Ranked> {
    ranked.retain(|it| it.tally.count > 0);
    ranked.truncate(NAMED);
    ranked
}
