//! Writing collections (their tracks: `filling`): each change is one transaction that asks the rules about what it finds and says
//! what came of it. A guild's changes go one after the other, so that no limit is passed by two at
//! once, and each begins with a write, so that none has to be given up for another's sake.

use super::super::boards::mark_guild;
use super::super::writing;
use super::super::{Columns, StorageFailure, Store, id as id_of, number};
use super::{at_most, one};
use crate::domain::collection::{COLLECTIONS_LIMIT, Collection, CollectionRefusal, SAVES_LIMIT};
use crate::domain::ids::{CollectionId, GuildId, MemberId};
use crate::domain::moment::Moment;
use crate::domain::protocol::{Actor, Deed, Record};
use sqlx::{Any, AnyConnection, Row, Transaction, query};

/// Done, or refused by the rules.
pub(super) type Answered<T> = Result<Result<T, CollectionRefusal>, StorageFailure>;

impl Store {
    /// Begins a change. The guild's others wait for its end.
    pub(super) async fn change(
        &self,
        guild: GuildId,
    ) -> Result<Transaction<'static, Any>, StorageFailure> {
        let mut change = self.pool.begin().await?;
        query(
            "insert into collection_counter (guild_id, last_id) values ($1, 0) \
             on conflict (guild_id) do update set last_id = collection_counter.last_id",
        )
        .bind(number(guild.0))
        .execute(&mut *change)
        .await?;
        Ok(change)
    }

    /// Makes an empty collection of the actor's.
    pub async fn create_collection(
        &self,
        guild: GuildId,
        actor: &Actor,
        (name, description): (&str, Option<&str>),
        now: Moment,
    ) -> Answered<Collection> {
        let mut change = self.change(guild).await?;
        if let Some(refusal) = name_taken(&mut change, guild, (actor.member, None), name).await? {
            return Ok(Err(refusal));
        }
        let row = query("select count(*) from collection where guild_id = $1 and member_id = $2")
            .bind(number(guild.0))
            .bind(number(actor.member.0))
            .fetch_one(&mut *change)
            .await?;
        if row.try_get::<i64, _>(0)? >= at_most(COLLECTIONS_LIMIT) {
            let limit = COLLECTIONS_LIMIT;
            return Ok(Err(CollectionRefusal::TooManyCollections { limit }));
        }
        let row = query(
            "update collection_counter set last_id = last_id + 1 where guild_id = $1 \
             returning last_id",
        )
        .bind(number(guild.0))
        .fetch_one(&mut *change)
        .await?;
        let id = CollectionId(id_of(row.number("last_id")?));
        query(
            "insert into collection (guild_id, collection_id, member_id, member_name, name, \
             description, created_at_ms, changed_at_ms) values ($1, $2, $3, $4, $5, $6, $7, $7)",
        )
        .bind(number(guild.0))
        .bind(number(id.0))
        .bind(number(actor.member.0))
        .bind(actor.name.clone())
        .bind(name.to_owned())
        .bind(description.map(str::to_owned))
        .bind(now.0)
        .execute(&mut *change)
        .await?;
        changed(change, guild, id).await
    }

    /// Another name, another description; an empty one takes it away.
    pub async fn describe_collection(
        &self,
        guild: GuildId,
        (actor, id): (&Actor, CollectionId),
        (name, description): (Option<&str>, Option<&str>),
        now: Moment,
    ) -> Answered<Collection> {
        let mut change = self.change(guild).await?;
        let found = match own(&mut change, guild, (actor, id)).await? {
            Ok(found) => found,
            Err(refusal) => return Ok(Err(refusal)),
        };
        if let Some(name) = name {
            let whose = (actor.member, Some(id));
            if let Some(refusal) = name_taken(&mut change, guild, whose, name).await? {
                return Ok(Err(refusal));
            }
        }
        let description = description.map_or(found.description, |text| {
            Some(text.to_owned()).filter(|text| !text.is_empty())
        });
        query(
            "update collection set name = $3, description = $4 \
             where guild_id = $1 and collection_id = $2",
        )
        .bind(number(guild.0))
        .bind(number(id.0))
        .bind(name.map_or(found.name, str::to_owned))
        .bind(description)
        .execute(&mut *change)
        .await?;
        touch(&mut change, (guild, id), actor, now).await?;
        mark_guild(&mut change, guild).await?;
        changed(change, guild, id).await
    }

    /// Puts it on the server's shelves.
    pub async fn publish_collection(
        &self,
        guild: GuildId,
        (actor, id): (&Actor, CollectionId),
        now: Moment,
    ) -> Answered<Collection> {
        let mut change = self.change(guild).await?;
        let may = |found: &Collection| found.may_publish(actor);
        let found = match permitted(&mut change, guild, (id, may)).await? {
            Ok(found) => found,
            Err(refusal) => return Ok(Err(refusal)),
        };
        query(
            "update collection set published_at_ms = $3, barred_by = null \
             where guild_id = $1 and collection_id = $2",
        )
        .bind(number(guild.0))
        .bind(number(id.0))
        .bind(now.0)
        .execute(&mut *change)
        .await?;
        if found.member != actor.member {
            log(&mut change, guild, (actor, now), (&found, false)).await?;
        }
        mark_guild(&mut change, guild).await?;
        changed(change, guild, id).await
    }

    /// Takes it off the shelves. Who saved it has it again when it is back.
    pub async fn unpublish_collection(
        &self,
        guild: GuildId,
        (actor, id): (&Actor, CollectionId),
        now: Moment,
    ) -> Answered<Collection> {
        let mut change = self.change(guild).await?;
        let may = |found: &Collection| found.may_unpublish(actor);
        let found = match permitted(&mut change, guild, (id, may)).await? {
            Ok(found) => found,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let barred_by = (found.member != actor.member).then_some(number(actor.member.0));
        query(
            "update collection set published_at_ms = null, barred_by = $3 \
             where guild_id = $1 and collection_id = $2",
        )
        .bind(number(guild.0))
        .bind(number(id.0))
        .bind(barred_by)
        .execute(&mut *change)
        .await?;
        if barred_by.is_some() {
            log(&mut change, guild, (actor, now), (&found, true)).await?;
        }
        mark_guild(&mut change, guild).await?;
        changed(change, guild, id).await
    }

    /// Deletes it with all there is of it, and its page is withdrawn; gives back what it was.
    pub async fn delete_collection(
        &self,
        guild: GuildId,
        (actor, id): (&Actor, CollectionId),
        now: Moment,
    ) -> Answered<Collection> {
        let mut change = self.change(guild).await?;
        let found = match own(&mut change, guild, (actor, id)).await? {
            Ok(found) => found,
            Err(refusal) => return Ok(Err(refusal)),
        };
        for statement in [
            "delete from collection_track where guild_id = $1 and collection_id = $2",
            "delete from collection_save where guild_id = $1 and collection_id = $2",
            "delete from collection_play where guild_id = $1 and collection_id = $2",
            "delete from collection where guild_id = $1 and collection_id = $2",
        ] {
            query(statement)
                .bind(number(guild.0))
                .bind(number(id.0))
                .execute(&mut *change)
                .await?;
        }
        query(
            "update page set withdrawn_by = $3, withdrawn_at_ms = $4 where guild_id = $1 \
             and kind = 'collection' and subject_id = $2 and withdrawn_at_ms is null",
        )
        .bind(number(guild.0))
        .bind(number(id.0))
        .bind(number(actor.member.0))
        .bind(now.0)
        .execute(&mut *change)
        .await?;
        mark_guild(&mut change, guild).await?;
        change.commit().await?;
        Ok(Ok(found))
    }

    /// Keeps somebody else's published one at hand.
    pub async fn save_collection(
        &self,
        guild: GuildId,
        (actor, id): (&Actor, CollectionId),
        now: Moment,
    ) -> Answered<Collection> {
        let mut change = self.change(guild).await?;
        let may = |found: &Collection| found.may_save(actor);
        let found = match permitted(&mut change, guild, (id, may)).await? {
            Ok(found) => found,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let row =
            query("select count(*) from collection_save where guild_id = $1 and member_id = $2")
                .bind(number(guild.0))
                .bind(number(actor.member.0))
                .fetch_one(&mut *change)
                .await?;
        let is_full = row.try_get::<i64, _>(0)? >= at_most(SAVES_LIMIT);
        let saved = query(
            "insert into collection_save (guild_id, collection_id, member_id, saved_at_ms) \
             values ($1, $2, $3, $4) on conflict do nothing",
        )
        .bind(number(guild.0))
        .bind(number(id.0))
        .bind(number(actor.member.0))
        .bind(now.0)
        .execute(&mut *change)
        .await?;
        if saved.rows_affected() == 0 {
            let name = found.name;
            return Ok(Err(CollectionRefusal::AlreadySaved { name }));
        }
        if is_full {
            let limit = SAVES_LIMIT;
            return Ok(Err(CollectionRefusal::TooManySaves { limit }));
        }
        mark_guild(&mut change, guild).await?;
        changed(change, guild, id).await
    }

    /// Keeps it no more.
    pub async fn unsave_collection(
        &self,
        guild: GuildId,
        (actor, id): (&Actor, CollectionId),
    ) -> Answered<Collection> {
        let mut change = self.change(guild).await?;
        let Some(found) = one(&mut change, guild, id).await? else {
            return Ok(Err(CollectionRefusal::NoSuchCollection));
        };
        let unsaved = query(
            "delete from collection_save where guild_id = $1 and collection_id = $2 \
             and member_id = $3",
        )
        .bind(number(guild.0))
        .bind(number(id.0))
        .bind(number(actor.member.0))
        .execute(&mut *change)
        .await?;
        if unsaved.rows_affected() == 0 {
            let name = found.name.clone();
            return Ok(Err(if found.is_shown_to(actor) {
                CollectionRefusal::NotSaved { name }
            } else {
                CollectionRefusal::NoSuchCollection
            }));
        }
        mark_guild(&mut change, guild).await?;
        changed(change, guild, id).await
    }
}

/// Ends a change; the collection as it is now.
async fn changed(
    mut change: Transaction<'static, Any>,
    guild: GuildId,
    id: CollectionId,
) -> Answered<Collection> {
    let found = one(&mut change, guild, id).await?;
    change.commit().await?;
    Ok(found.ok_or(CollectionRefusal::NoSuchCollection))
}

/// The collection, if the actor may change it.
pub(super) async fn own(
    connection: &mut AnyConnection,
    guild: GuildId,
    (actor, id): (&Actor, CollectionId),
) -> Answered<Collection> {
    let may = |found: &Collection| found.may_change(actor);
    permitted(connection, guild, (id, may)).await
}

/// The collection, if the rules permit what is to be done with it.
async fn permitted(
    connection: &mut AnyConnection,
    guild: GuildId,
    (id, may): (
        CollectionId,
        impl FnOnce(&Collection) -> Result<(), CollectionRefusal>,
    ),
) -> Answered<Collection> {
    let Some(found) = one(connection, guild, id).await? else {
        return Ok(Err(CollectionRefusal::NoSuchCollection));
    };
    Ok(may(&found).map(|()| found))
}

/// Why a member cannot call one so: another of theirs is called that, in whatever letters.
async fn name_taken(
    connection: &mut AnyConnection,
    guild: GuildId,
    (member, except): (MemberId, Option<CollectionId>),
    name: &str,
) -> Result<Option<CollectionRefusal>, StorageFailure> {
    let rows = query(
        "select collection_id, name from collection where guild_id = $1 and member_id = $2 \
         order by collection_id limit $3",
    )
    .bind(number(guild.0))
    .bind(number(member.0))
    .bind(at_most(COLLECTIONS_LIMIT))
    .fetch_all(connection)
    .await?;
    for row in &rows {
        let known = row.text("name")?;
        if Some(row.collection()?) != except && known.to_lowercase() == name.to_lowercase() {
            return Ok(Some(CollectionRefusal::NameTaken { name: known }));
        }
    }
    Ok(None)
}

/// Notes when it was changed, and what its curator is called now.
pub(super) async fn touch(
    connection: &mut AnyConnection,
    (guild, id): (GuildId, CollectionId),
    actor: &Actor,
    now: Moment,
) -> Result<(), StorageFailure> {
    query(
        "update collection set changed_at_ms = $3, member_name = $4 \
         where guild_id = $1 and collection_id = $2",
    )
    .bind(number(guild.0))
    .bind(number(id.0))
    .bind(now.0)
    .bind(actor.name.clone())
    .execute(connection)
    .await?;
    Ok(())
}

/// What a moderator did, for the team to read.
async fn log(
    connection: &mut AnyConnection,
    guild: GuildId,
    (actor, at): (&Actor, Moment),
    (of, barred): (&Collection, bool),
) -> Result<(), StorageFailure> {
    let deed = Deed::Shelved {
        collection: of.id,
        name: of.name.clone(),
        member: of.member,
        barred,
    };
    let record = Record::Log {
        by: actor.member,
        by_name: actor.name.clone(),
        at,
        deed,
    };
    writing::write(connection, guild, &record).await
}
