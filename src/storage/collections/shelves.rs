//! The shelves of a server: its published collections, the newest first, what was saved most, and what
//! people saved whose ratings are like the reader's.

use super::super::{Columns, StorageFailure, Store, number};
use super::{at_most, collection};
use crate::domain::collection::Collection;
use crate::domain::ids::{CollectionId, GuildId, MemberId};
use crate::domain::protocol::Stars;
use crate::domain::taste::{Closeness, Comparison};
use sqlx::query;
use std::collections::BTreeMap;

/// How published collections are put in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shelf {
    /// What was published last comes first.
    Newest,
    /// What most people saved comes first; of equal ones what was published last.
    MostSaved,
}

/// What people like the reader saved.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Alike {
    /// Each with how many such people saved it, the best first.
    pub collections: Vec<(Collection, u32)>,
    /// People who are like the reader, whether they saved anything or not.
    pub people: u32,
}

/// The newest pairs of ratings that are compared.
const PAIRS_LIMIT: i64 = 50_000;
/// People who are most alike and whose saves are looked at.
const PEOPLE_LIMIT: usize = 100;
/// Collections that are offered of theirs.
const ALIKE_LIMIT: usize = 50;

impl Store {
    /// Published collections from a place on, and how many there are in all.
    pub async fn shelf(
        &self,
        guild: GuildId,
        by: Shelf,
        (offset, limit): (usize, usize),
    ) -> Result<(Vec<Collection>, usize), StorageFailure> {
        let row = query(
            "select count(*) as listed from collection \
             where guild_id = $1 and published_at_ms is not null",
        )
        .bind(number(guild.0))
        .fetch_one(&self.pool)
        .await?;
        let listed = usize::try_from(row.number("listed")?).unwrap_or_default();
        let statement = match by {
            Shelf::Newest => super::collections!(
                "and c.published_at_ms is not null \
                 order by c.published_at_ms desc, c.collection_id desc limit $2 offset $3"
            ),
            Shelf::MostSaved => super::collections!(
                "and c.published_at_ms is not null \
                 order by saves desc, c.published_at_ms desc, c.collection_id desc \
                 limit $2 offset $3"
            ),
        };
        let rows = query(statement)
            .bind(number(guild.0))
            .bind(at_most(limit))
            .bind(at_most(offset))
            .fetch_all(&self.pool)
            .await?;
        let found: Result<_, StorageFailure> = rows.iter().map(collection).collect();
        Ok((found?, listed))
    }

    /// What people whose ratings are like the member's saved: nothing of the member's own, and nothing
    /// they have already.
    pub async fn saved_by_alike(
        &self,
        guild: GuildId,
        member: MemberId,
    ) -> Result<Alike, StorageFailure> {
        let mut alike = self.alike(guild, member).await?;
        let people = u32::try_from(alike.len()).unwrap_or(u32::MAX);
        alike.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        alike.truncate(PEOPLE_LIMIT);
        let mut weights: BTreeMap<CollectionId, (f64, u32)> = BTreeMap::new();
        for (saver, likeness) in alike {
            let rows = query(
                "select s.collection_id from collection_save s join collection c \
                 on c.guild_id = s.guild_id and c.collection_id = s.collection_id \
                 where s.guild_id = $1 and s.member_id = $2 and c.member_id <> $3 \
                 and c.published_at_ms is not null and not exists (select 1 from collection_save own \
                 where own.guild_id = s.guild_id and own.collection_id = s.collection_id \
                 and own.member_id = $3)",
            )
            .bind(number(guild.0))
            .bind(number(saver.0))
            .bind(number(member.0))
            .fetch_all(&self.pool)
            .await?;
            for row in &rows {
                let (weight, savers) = weights.entry(row.collection()?).or_default();
                *weight += likeness;
                *savers += 1;
            }
        }
        let mut best: Vec<(CollectionId, (f64, u32))> = weights.into_iter().collect();
        best.sort_by(|a, b| b.1.0.total_cmp(&a.1.0).then(b.0.cmp(&a.0)));
        let mut collections = Vec::new();
        for (id, (_, savers)) in best.into_iter().take(ALIKE_LIMIT) {
            let found = self.collection(guild, id).await?;
            collections.extend(found.map(|found| (found, savers)));
        }
        Ok(Alike {
            collections,
            people,
        })
    }

    /// Members whose ratings are like the member's, with how much (0 to 1).
    async fn alike(
        &self,
        guild: GuildId,
        member: MemberId,
    ) -> Result<Vec<(MemberId, f64)>, StorageFailure> {
        let rows = query(
            "select theirs.rater_id, own.stars as own, theirs.stars as theirs from rating own \
             join rating theirs on theirs.guild_id = own.guild_id and theirs.turn_id = own.turn_id \
             and theirs.rater_id <> own.rater_id and theirs.voided_by is null \
             where own.guild_id = $1 and own.rater_id = $2 and own.voided_by is null \
             order by own.turn_id desc limit $3",
        )
        .bind(number(guild.0))
        .bind(number(member.0))
        .bind(PAIRS_LIMIT)
        .fetch_all(&self.pool)
        .await?;
        let mut all: BTreeMap<MemberId, Comparison> = BTreeMap::new();
        let stars = |given: i64| u8::try_from(given).ok().and_then(Stars::new);
        for row in &rows {
            let (own, theirs) = (row.number("own")?, row.number("theirs")?);
            if let Some((own, theirs)) = stars(own).zip(stars(theirs)) {
                all.entry(row.member("rater_id")?)
                    .or_default()
                    .add(own, theirs);
            }
        }
        let alike = all.into_iter().filter_map(|(other, comparison)| {
            let likeness = comparison.likeness()?;
            (likeness.closeness() >= Closeness::Near).then_some((other, likeness.score))
        });
        Ok(alike.collect())
    }
}
