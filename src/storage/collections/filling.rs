//! The tracks of a collection: added, taken out, put elsewhere. They are few, so what is not added at the
//! end is written anew as a whole. How a change begins and ends stands in `curating`.

use super::super::{Columns, StorageFailure, Store, json, number, parsed};
use super::curating::{Answered, own, touch};
use super::{at_most, one};
use crate::domain::collection::{Collection, CollectionRefusal, TRACKS_LIMIT};
use crate::domain::ids::{CollectionId, GuildId};
use crate::domain::moment::Moment;
use crate::domain::protocol::Actor;
use crate::domain::track::{Track, TrackKey};
use sqlx::{AnyConnection, query};

/// What came of adding tracks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Added {
    pub collection: Collection,
    /// How many were added.
    pub added: usize,
    /// Titles of those that stood in it already.
    pub already: Vec<String>,
    /// Titles of those there was no room for.
    pub no_room: Vec<String>,
}

/// A track with when it was added.
struct Held {
    track: Track,
    added_at_ms: i64,
}

impl Store {
    /// Adds tracks at the end. A single one that is not added is refused.
    pub async fn add_to_collection(
        &self,
        guild: GuildId,
        (actor, id): (&Actor, CollectionId),
        tracks: &[Track],
        now: Moment,
    ) -> Answered<Added> {
        let mut change = self.change(guild).await?;
        let found = match own(&mut change, guild, (actor, id)).await? {
            Ok(found) => found,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let mut held = held(&mut change, guild, id).await?;
        let before = held.len();
        let (mut already, mut no_room) = (Vec::new(), Vec::new());
        for track in tracks {
            let name = || found.name.clone();
            if let Some(at) = held.iter().position(|it| it.track.key == track.key) {
                if tracks.len() == 1 {
                    let (name, place) = (name(), at + 1);
                    return Ok(Err(CollectionRefusal::AlreadyInCollection { name, place }));
                }
                already.push(track.title.clone());
            } else if held.len() >= TRACKS_LIMIT {
                if tracks.len() == 1 {
                    let (name, limit) = (name(), TRACKS_LIMIT);
                    return Ok(Err(CollectionRefusal::CollectionFull { name, limit }));
                }
                no_room.push(track.title.clone());
            } else {
                held.push(Held {
                    track: track.clone(),
                    added_at_ms: now.0,
                });
            }
        }
        for (place, new) in (1_i64..).zip(&held).skip(before) {
            put(&mut change, (guild, id), place, new).await?;
        }
        touch(&mut change, (guild, id), actor, now).await?;
        let collection = one(&mut change, guild, id).await?.unwrap_or(found);
        change.commit().await?;
        Ok(Ok(Added {
            collection,
            added: held.len() - before,
            already,
            no_room,
        }))
    }

    /// Takes a track out.
    pub async fn remove_from_collection(
        &self,
        guild: GuildId,
        (actor, id): (&Actor, CollectionId),
        key: &TrackKey,
        now: Moment,
    ) -> Answered<(Collection, Track)> {
        let mut change = self.change(guild).await?;
        let (found, mut held, at) = match own_with(&mut change, guild, (actor, id), key).await? {
            Ok(found) => found,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let gone = held.remove(at);
        put_all(&mut change, (guild, id), &held).await?;
        touch(&mut change, (guild, id), actor, now).await?;
        change.commit().await?;
        Ok(Ok((found, gone.track)))
    }

    /// Puts a track at another 1-based place, or the last one; gives back where it stands then.
    pub async fn reorder_collection(
        &self,
        guild: GuildId,
        (actor, id): (&Actor, CollectionId),
        (key, to): (&TrackKey, usize),
        now: Moment,
    ) -> Answered<(Collection, Track, usize)> {
        let mut change = self.change(guild).await?;
        let (found, mut held, at) = match own_with(&mut change, guild, (actor, id), key).await? {
            Ok(found) => found,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let place = to.clamp(1, held.len());
        let moved = held.remove(at);
        let track = moved.track.clone();
        held.insert(place - 1, moved);
        put_all(&mut change, (guild, id), &held).await?;
        touch(&mut change, (guild, id), actor, now).await?;
        change.commit().await?;
        Ok(Ok((found, track, place)))
    }
}

/// The actor's collection with its tracks, and where among them that one stands.
async fn own_with(
    connection: &mut AnyConnection,
    guild: GuildId,
    whose: (&Actor, CollectionId),
    key: &TrackKey,
) -> Answered<(Collection, Vec<Held>, usize)> {
    let found = match own(&mut *connection, guild, whose).await? {
        Ok(found) => found,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let held = held(connection, guild, whose.1).await?;
    let Some(at) = held.iter().position(|it| it.track.key == *key) else {
        let name = found.name;
        return Ok(Err(CollectionRefusal::NoSuchTrack { name }));
    };
    Ok(Ok((found, held, at)))
}

async fn held(
    connection: &mut AnyConnection,
    guild: GuildId,
    id: CollectionId,
) -> Result<Vec<Held>, StorageFailure> {
    let rows = query(
        "select track, added_at_ms from collection_track where guild_id = $1 \
         and collection_id = $2 order by place limit $3",
    )
    .bind(number(guild.0))
    .bind(number(id.0))
    .bind(at_most(TRACKS_LIMIT))
    .fetch_all(connection)
    .await?;
    rows.iter()
        .map(|row| {
            Ok(Held {
                track: parsed("a track", &row.text("track")?)?,
                added_at_ms: row.number("added_at_ms")?,
            })
        })
        .collect()
}

/// Puts a track at a place where there is none.
async fn put(
    connection: &mut AnyConnection,
    (guild, id): (GuildId, CollectionId),
    place: i64,
    held: &Held,
) -> Result<(), StorageFailure> {
    query(
        "insert into collection_track (guild_id, collection_id, place, track_key, track_media, \
         track, added_at_ms) values ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(number(guild.0))
    .bind(number(id.0))
    .bind(place)
    .bind(held.track.key.0.clone())
    .bind(held.track.media.0.clone())
    .bind(json(&held.track))
    .bind(held.added_at_ms)
    .execute(connection)
    .await?;
    Ok(())
}

/// The whole list anew.
async fn put_all(
    connection: &mut AnyConnection,
    of: (GuildId, CollectionId),
    held: &[Held],
) -> Result<(), StorageFailure> {
    query("delete from collection_track where guild_id = $1 and collection_id = $2")
        .bind(number(of.0.0))
        .bind(number(of.1.0))
        .execute(&mut *connection)
        .await?;
    for (place, one) in (1_i64..).zip(held) {
        put(connection, of, place, one).await?;
    }
    Ok(())
}
