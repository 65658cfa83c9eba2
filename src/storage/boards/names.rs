//! What stands on the boards is called as it was at its newest play: titles, loopers and listeners,
//! looked up many at a time. Which lines there are is for others to say.

use super::super::{Columns, StorageFailure, Store, id, number};
use super::BoardLine;
use crate::domain::ids::{CollectionId, GuildId, MemberId, TurnId};
use crate::domain::leaderboard::{Board, Line, Subject};
use sqlx::any::AnyRow;
use sqlx::{AssertSqlSafe, query};
use std::collections::{BTreeSet, HashMap};

/// Plays, or listeners, that are looked up with one statement.
const AT_ONCE: usize = 400;

/// A play, as far as it names something.
struct Named {
    title: String,
    artist: Option<String>,
    looper: String,
}

/// What everything on some boards is called.
#[derive(Default)]
pub(super) struct Names {
    plays: HashMap<TurnId, Named>,
    listeners: HashMap<(TurnId, MemberId), String>,
    /// The name of each, and its curator with theirs.
    collections: HashMap<CollectionId, (String, MemberId, String)>,
}

/// Plays, and listeners of plays, that are to be looked up.
#[derive(Default)]
pub(super) struct Wanted {
    plays: BTreeSet<[i64; 1]>,
    listeners: BTreeSet<[i64; 2]>,
    collections: BTreeSet<[i64; 1]>,
}

impl Wanted {
    /// What names the line.
    pub(super) fn add(&mut self, board: Board, line: &Line) {
        let turn = number(line.newest.0);
        match &line.subject {
            Subject::Member(member) if board == Board::Listeners => {
                self.listeners.insert([turn, number(member.0)]);
            }
            Subject::Collection(collection) => {
                self.collections.insert([number(collection.0)]);
            }
            _ => {
                self.plays.insert([turn]);
            }
        }
    }
}

impl Names {
    /// A line with its names. They are empty for what was taken away since the boards were made;
    /// the next making will not have it.
    pub(super) fn line(&self, board: Board, line: &Line) -> BoardLine {
        let play = self.plays.get(&line.newest);
        let (member, name, artist) = match &line.subject {
            Subject::Track(_) => (
                None,
                play.map(|play| &play.title),
                play.and_then(|play| play.artist.clone()),
            ),
            // A collection by its name, with its curator's where a track has its artist's.
            Subject::Collection(collection) => {
                let known = self.collections.get(collection);
                let curator = known.map(|(_, _, curator)| curator.clone());
                (
                    known.map(|(_, curator, _)| *curator),
                    known.map(|(name, ..)| name),
                    curator.filter(|curator| !curator.is_empty()),
                )
            }
            Subject::Member(member) if board == Board::Listeners => (
                Some(*member),
                self.listeners.get(&(line.newest, *member)),
                None,
            ),
            Subject::Member(member) => (Some(*member), play.map(|play| &play.looper), None),
        };
        BoardLine {
            member,
            name: name.cloned().unwrap_or_default(),
            artist,
            figures: line.figures,
        }
    }
}

impl Store {
    /// What is called something by these plays, and by who heard them.
    pub(super) async fn names_on_boards(
        &self,
        guild: GuildId,
        wanted: Wanted,
    ) -> Result<Names, StorageFailure> {
        let mut names = Names::default();
        let from_plays = "select turn_id, title, artist, looper_name from play \
             where guild_id = $1 and turn_id in ";
        for row in self.rows_at(guild, from_plays, wanted.plays).await? {
            let called = Named {
                title: row.text("title")?,
                artist: row.maybe_text("artist")?,
                looper: row.text("looper_name")?,
            };
            names.plays.insert(row.turn()?, called);
        }
        let from_heard = "select turn_id, member_id, member_name from heard \
             where guild_id = $1 and (turn_id, member_id) in ";
        for row in self.rows_at(guild, from_heard, wanted.listeners).await? {
            let key = (row.turn()?, row.member("member_id")?);
            names.listeners.insert(key, row.text("member_name")?);
        }
        let from_shelf = "select collection_id, name, member_id, member_name from collection \
             where guild_id = $1 and collection_id in ";
        for row in self.rows_at(guild, from_shelf, wanted.collections).await? {
            let key = CollectionId(id(row.number("collection_id")?));
            let curator = (row.member("member_id")?, row.text("member_name")?);
            let called = (row.text("name")?, curator.0, curator.1);
            names.collections.insert(key, called);
        }
        Ok(names)
    }

    /// The rows whose keys are these; `sql` ends before the list of keys.
    async fn rows_at<const N: usize>(
        &self,
        guild: GuildId,
        sql: &str,
        keys: BTreeSet<[i64; N]>,
    ) -> Result<Vec<AnyRow>, StorageFailure> {
        let keys: Vec<[i64; N]> = keys.into_iter().collect();
        let mut rows = Vec::with_capacity(keys.len());
        for piece in keys.chunks(AT_ONCE) {
            let places: Vec<String> = (0..piece.len()).map(|at| place::<N>(2 + at * N)).collect();
            // Nothing but numbers of our own counting is written into the text.
            let sql = format!("{sql}({})", places.join(", "));
            let mut statement = query(AssertSqlSafe(sql)).bind(number(guild.0));
            for key in piece {
                for part in key {
                    statement = statement.bind(*part);
                }
            }
            rows.extend(statement.fetch_all(&self.pool).await?);
        }
        Ok(rows)
    }
}

/// Where the parts of a key are bound, the first at `first`: `$2`, or `($2, $3)`.
fn place<const N: usize>(first: usize) -> String {
    let parts: Vec<String> = (first..first + N).map(|at| format!("${at}")).collect();
    match parts.as_slice() {
        [only] => only.clone(),
        _ => format!("({})", parts.join(", ")),
    }
}
