//! Somebody's figures as looper and listener, over all time.

use super::{Columns, StorageFailure, Store, duration, number};
use crate::domain::ids::{GuildId, MemberId};
use crate::domain::leaderboard::Tally;
use crate::domain::moment::Moment;
use sqlx::any::AnyRow;
use sqlx::query;
use std::collections::BTreeMap;
use std::time::Duration;

/// Somebody as looper and listener.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Profile {
    /// Plays of theirs that sounded.
    pub plays: u32,
    /// Ratings their plays were given that count.
    pub tally: Tally,
    /// Rated plays.
    pub rated_plays: u32,
    /// Others' plays they heard, and for how long.
    pub heard_plays: u32,
    pub heard: Duration,
    /// Ratings they gave, from 1 to 5.
    pub given: [u32; 5],
    pub grabs: u32,
    /// Tracks of theirs that were liked most, few ratings trusted little.
    pub best: Vec<TrackRow>,
    /// How many people heard their plays, and how often somebody did.
    pub audience: u32,
    pub ears: u32,
    /// The artists they play most.
    pub artists: Vec<Favourite>,
    /// Whose songs they love, and by which artists, the warmest first.
    pub loved_loopers: Vec<Favourite>,
    pub loved_artists: Vec<Favourite>,
    /// How many plays of theirs, or that they heard, began in each hour of the day, in UTC.
    pub hours: [u64; 24],
    /// When they first played or heard something here.
    pub since: Option<Moment>,
}

impl Profile {
    pub fn ratings_given(&self) -> u32 {
        self.given.iter().sum()
    }
}

/// An artist or a looper somebody cares for.
#[derive(Clone, Debug, PartialEq)]
pub struct Favourite {
    pub name: String,
    /// Plays that were counted.
    pub plays: u32,
    /// What they gave to those; nothing where it is about what they play themselves.
    pub tally: Tally,
}

/// A track that somebody played, with the ratings it got.
#[derive(Clone, Debug, PartialEq)]
pub struct TrackRow {
    pub title: String,
    pub tally: Tally,
    /// Rated plays.
    pub plays: u32,
}

fn track(row: &AnyRow) -> Result<TrackRow, StorageFailure> {
    let sum = u64::try_from(row.number("stars")?).unwrap_or_default();
    Ok(TrackRow {
        title: row.text("title")?,
        tally: Tally {
            sum,
            count: row.count("ratings")?,
        },
        plays: row.count("plays")?,
    })
}

impl Store {
    /// Somebody's figures over all time.
    pub async fn profile(
        &self,
        guild: GuildId,
        member: MemberId,
    ) -> Result<Profile, StorageFailure> {
        /// Best tracks that are shown.
        const BEST: usize = 3;
        let figures = query(
            "select (select count(*) from play where guild_id = $1 and looper_id = $2 and \
              played_ms > 0) as plays, \
             (select count(*) from grab where guild_id = $1 and member_id = $2) as grabs, \
             (select cast(coalesce(sum(heard_ms), 0) as bigint) from heard where guild_id = $1 and \
              member_id = $2) as heard_ms, \
             (select cast(coalesce(sum(counts), 0) as bigint) from heard where guild_id = $1 and \
              member_id = $2) as heard_plays, \
             (select count(*) from play p join heard h on h.guild_id = p.guild_id and \
              h.turn_id = p.turn_id where p.guild_id = $1 and p.looper_id = $2 and \
              h.counts = 1) as ears, \
             (select count(distinct h.member_id) from play p join heard h on \
              h.guild_id = p.guild_id and h.turn_id = p.turn_id where p.guild_id = $1 and \
              p.looper_id = $2 and h.counts = 1) as audience",
        )
        .bind(number(guild.0))
        .bind(number(member.0))
        .fetch_one(&self.pool)
        .await?;
        let mut best = self.tracks_of(guild, member).await?;
        let tally: Tally = best.iter().map(|row| row.tally).sum();
        let rated_plays = best.iter().map(|row| row.plays).sum();
        let mean = tally.mean().unwrap_or_default();
        best.sort_by(|a, b| b.tally.score(mean).total_cmp(&a.tally.score(mean)));
        best.truncate(BEST);
        let given = self.given_by(guild, member).await?;
        let (hours, since) = self.times_of(guild, member).await?;
        Ok(Profile {
            plays: figures.count("plays")?,
            tally,
            rated_plays,
            heard_plays: figures.count("heard_plays")?,
            heard: duration(figures.number("heard_ms")?),
            given: given.stars,
            grabs: figures.count("grabs")?,
            best,
            audience: figures.count("audience")?,
            ears: figures.count("ears")?,
            artists: self.artists_of(guild, member).await?,
            loved_loopers: given.loopers,
            loved_artists: given.artists,
            hours,
            since,
        })
    }

    /// The looper's rated tracks.
    async fn tracks_of(
        &self,
        guild: GuildId,
        looper: MemberId,
    ) -> Result<Vec<TrackRow>, StorageFailure> {
        let rows = query(
            "select max(p.title) as title, \
             count(*) as ratings, cast(sum(r.stars) as bigint) as stars, \
             count(distinct p.turn_id) as plays from play p join rating r \
             on r.guild_id = p.guild_id and r.turn_id = p.turn_id where p.guild_id = $1 \
             and p.looper_id = $2 and r.counts = 1 and r.voided_by is null \
             group by p.track_key order by p.track_key",
        )
        .bind(number(guild.0))
        .bind(number(looper.0))
        .fetch_all(&self.pool)
        .await?;
        rows.iter().map(track).collect()
    }

    /// The artists the looper plays most.
    async fn artists_of(
        &self,
        guild: GuildId,
        looper: MemberId,
    ) -> Result<Vec<Favourite>, StorageFailure> {
        let rows = query(
            "select artist, count(*) as plays from play where guild_id = $1 and looper_id = $2 \
             and played_ms > 0 and artist is not null group by artist \
             order by count(*) desc, max(turn_id) desc limit 3",
        )
        .bind(number(guild.0))
        .bind(number(looper.0))
        .fetch_all(&self.pool)
        .await?;
        rows.iter()
            .map(|row| {
                Ok(Favourite {
                    name: row.text("artist")?,
                    plays: row.count("plays")?,
                    tally: Tally::default(),
                })
            })
            .collect()
    }

    /// What they gave, from the newest, and to whom.
    async fn given_by(&self, guild: GuildId, rater: MemberId) -> Result<Given, StorageFailure> {
        /// Ratings that are looked at.
        const RATINGS: i64 = 20_000;
        let rows = query(
            "select r.stars, p.looper_id, p.looper_name, p.artist from rating r join play p \
             on p.guild_id = r.guild_id and p.turn_id = r.turn_id where r.guild_id = $1 \
             and r.rater_id = $2 and r.voided_by is null order by r.rated_at_ms desc limit $3",
        )
        .bind(number(guild.0))
        .bind(number(rater.0))
        .bind(RATINGS)
        .fetch_all(&self.pool)
        .await?;
        let mut stars = [0; 5];
        let (mut loopers, mut artists) = (Hearts::default(), Hearts::default());
        for row in &rows {
            let given = u8::try_from(row.number("stars")?).unwrap_or_default();
            if let Some(place) = stars.get_mut(usize::from(given).wrapping_sub(1)) {
                *place += 1;
            }
            let looper = row.member("looper_id")?;
            if looper != MemberId::NOBODY {
                loopers.note(looper.to_string(), &row.text("looper_name")?, given);
            }
            if let Some(artist) = row.maybe_text("artist")? {
                artists.note(artist.to_lowercase(), &artist, given);
            }
        }
        Ok(Given {
            stars,
            loopers: loopers.warmest(),
            artists: artists.warmest(),
        })
    }

    /// When they are here: by hour of the day, and since when.
    async fn times_of(
        &self,
        guild: GuildId,
        member: MemberId,
    ) -> Result<([u64; 24], Option<Moment>), StorageFailure> {
        let rows = query(
            "select x.began_at_ms / 3600000 % 24 as hour, count(*) as plays, \
             min(x.began_at_ms) as since_ms from (\
             select began_at_ms from play where guild_id = $1 and looper_id = $2 \
              and played_ms > 0 union all \
             select p.began_at_ms from heard h join play p on p.guild_id = h.guild_id \
              and p.turn_id = h.turn_id where h.guild_id = $1 and h.member_id = $2 \
              and h.counts = 1) x group by x.began_at_ms / 3600000 % 24",
        )
        .bind(number(guild.0))
        .bind(number(member.0))
        .fetch_all(&self.pool)
        .await?;
        let (mut hours, mut since) = ([0; 24], None);
        for row in &rows {
            let hour = usize::try_from(row.number("hour")?).unwrap_or_default();
            if let Some(place) = hours.get_mut(hour) {
                *place = u64::from(row.count("plays")?);
            }
            let first = row.moment("since_ms")?;
            since = since.map_or(Some(first), |since: Moment| Some(since.min(first)));
        }
        Ok((hours, since))
    }
}

/// Everything somebody gave.
struct Given {
    stars: [u32; 5],
    loopers: Vec<Favourite>,
    artists: Vec<Favourite>,
}

/// Ratings by what they went to.
#[derive(Default)]
struct Hearts(BTreeMap<String, Favourite>);

impl Hearts {
    /// The first name that is told stays: it is the newest.
    fn note(&mut self, key: String, name: &str, stars: u8) {
        let favourite = self.0.entry(key).or_insert_with(|| Favourite {
            name: name.to_owned(),
            plays: 0,
            tally: Tally::default(),
        });
        favourite.plays += 1;
        favourite.tally.sum += u64::from(stars);
        favourite.tally.count += 1;
    }

    /// Those that got love on the whole, the warmest first; few ratings are trusted little.
    fn warmest(self) -> Vec<Favourite> {
        /// How many are named.
        const NAMED: usize = 3;
        let all: Tally = self.0.values().map(|it| it.tally).sum();
        let mean = all.mean().unwrap_or_default();
        let is_loved = |it: &Favourite| it.tally.mean().is_some_and(|mean| mean >= 3.5);
        let mut loved: Vec<Favourite> = self.0.into_values().filter(is_loved).collect();
        loved.sort_by(|a, b| b.tally.score(mean).total_cmp(&a.tally.score(mean)));
        loved.truncate(NAMED);
        loved
    }
}
