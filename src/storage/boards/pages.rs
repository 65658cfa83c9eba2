//! Keeping boards that were made: pages of ten lines, and where everybody stands. Only what has changed
//! is written, in pieces that let the journal in between.

use super::super::{Columns, StorageFailure, Store, json, number};
use super::marks::unmark;
use super::names::Wanted;
use super::{BoardLine, LINES_LIMIT, Own, OwnPlace, OwnRating, place_of};
use crate::domain::ids::{GuildId, MemberId, TurnId};
use crate::domain::leaderboard::{Board, Boards, PAGE_LINES, Period, Sheet, Subject};
use futures_util::TryStreamExt;
use sqlx::{AnyConnection, query};
use std::collections::{BTreeMap, HashMap};

/// Members whose places are written in one piece.
const MEMBERS_AT_ONCE: usize = 200;

/// By board, period and page: the lines.
type Pages = BTreeMap<(&'static str, &'static str, i64), String>;

impl Store {
    /// Writes what is shown to everybody, in one piece. Gives back how many rows that were.
    pub(super) async fn write_pages(
        &self,
        guild: GuildId,
        boards: &Boards,
        (basis, own_mark): ([i64; 2], Option<(TurnId, i64)>),
    ) -> Result<usize, StorageFailure> {
        let mut pages = self.pages_of(guild, boards).await?;
        let before = self.kept_pages(guild).await?;
        let gone: Vec<_> = before
            .keys()
            .filter(|(board, period, page)| {
                let key = Board::named(board).zip(Period::named(period));
                !key.is_some_and(|(board, period)| {
                    pages.contains_key(&(board.name(), period.name(), *page))
                })
            })
            .cloned()
            .collect();
        pages.retain(|(board, period, page), lines| {
            before.get(&((*board).to_owned(), (*period).to_owned(), *page)) != Some(lines)
        });
        let mut transaction = self.pool.begin().await?;
        query(
            "insert into board_guild (guild_id, made_at_ms, newest_at_ms, expected_a, expected_b) \
             values ($1, $2, $3, $4, $5) on conflict (guild_id) do update set \
             made_at_ms = excluded.made_at_ms, newest_at_ms = excluded.newest_at_ms, \
             expected_a = excluded.expected_a, expected_b = excluded.expected_b",
        )
        .bind(number(guild.0))
        .bind(basis[0])
        .bind(basis[1])
        .bind(boards.usual.a)
        .bind(boards.usual.b)
        .execute(&mut *transaction)
        .await?;
        write_sheets(&mut transaction, guild, boards).await?;
        let written = pages.len() + gone.len();
        for ((board, period, page), lines) in pages {
            query(
                "insert into board_page (guild_id, board, period, page, lines) \
                 values ($1, $2, $3, $4, $5) on conflict (guild_id, board, period, page) \
                 do update set lines = excluded.lines",
            )
            .bind(number(guild.0))
            .bind(board)
            .bind(period)
            .bind(page)
            .bind(lines)
            .execute(&mut *transaction)
            .await?;
        }
        for (board, period, page) in gone {
            query(
                "delete from board_page where guild_id = $1 and board = $2 and period = $3 \
                 and page = $4",
            )
            .bind(number(guild.0))
            .bind(board)
            .bind(period)
            .bind(page)
            .execute(&mut *transaction)
            .await?;
        }
        if let Some(own_mark) = own_mark {
            unmark(&mut transaction, guild, own_mark).await?;
        }
        transaction.commit().await?;
        Ok(written)
    }

    async fn kept_pages(
        &self,
        guild: GuildId,
    ) -> Result<HashMap<(String, String, i64), String>, StorageFailure> {
        let rows = query("select board, period, page, lines from board_page where guild_id = $1")
            .bind(number(guild.0))
            .fetch_all(&self.pool)
            .await?;
        rows.iter()
            .map(|row| {
                let key = (row.text("board")?, row.text("period")?, row.number("page")?);
                Ok((key, row.text("lines")?))
            })
            .collect()
    }

    /// The pages as they are to be.
    async fn pages_of(&self, guild: GuildId, boards: &Boards) -> Result<Pages, StorageFailure> {
        let shown = || {
            boards.sheets.iter().map(|((board, period), sheet)| {
                let shown = sheet.listed.get(..LINES_LIMIT).unwrap_or(&sheet.listed);
                (*board, *period, shown)
            })
        };
        let mut wanted = Wanted::default();
        for (board, _, lines) in shown() {
            for line in lines {
                wanted.add(board, line);
            }
        }
        let names = self.names_on_boards(guild, wanted).await?;
        let mut pages = Pages::new();
        for (board, period, lines) in shown() {
            for (page, lines) in (0..).zip(lines.chunks(PAGE_LINES)) {
                let worded: Vec<BoardLine> =
                    lines.iter().map(|line| names.line(board, line)).collect();
                pages.insert((board.name(), period.name(), page), json(&worded));
            }
        }
        Ok(pages)
    }

    /// Writes where everybody stands, where that has changed.
    pub(super) async fn write_places(
        &self,
        guild: GuildId,
        boards: &Boards,
    ) -> Result<usize, StorageFailure> {
        let places = places_of(boards);
        let mut changed: HashMap<MemberId, Option<String>> = places
            .into_iter()
            .map(|(member, own)| (member, Some(json(&own))))
            .collect();
        {
            let mut rows = query("select member_id, places from board_own where guild_id = $1")
                .bind(number(guild.0))
                .fetch(&self.pool);
            while let Some(row) = rows.try_next().await? {
                let member = row.member("member_id")?;
                let before = row.text("places")?;
                match changed.get(&member) {
                    Some(Some(now)) if *now == before => changed.remove(&member),
                    Some(_) => None,
                    None => changed.insert(member, None),
                };
            }
        }
        let changed: Vec<(MemberId, Option<String>)> = changed.into_iter().collect();
        for piece in changed.chunks(MEMBERS_AT_ONCE) {
            let mut transaction = self.pool.begin().await?;
            for (member, places) in piece {
                match places {
                    Some(places) => query(
                        "insert into board_own (guild_id, member_id, places) values ($1, $2, $3) \
                         on conflict (guild_id, member_id) do update set places = excluded.places",
                    )
                    .bind(number(guild.0))
                    .bind(number(member.0))
                    .bind(places.clone()),
                    None => query("delete from board_own where guild_id = $1 and member_id = $2")
                        .bind(number(guild.0))
                        .bind(number(member.0)),
                }
                .execute(&mut *transaction)
                .await?;
            }
            transaction.commit().await?;
        }
        Ok(changed.len())
    }
}

/// Writes how long every board is.
async fn write_sheets(
    connection: &mut AnyConnection,
    guild: GuildId,
    boards: &Boards,
) -> Result<(), StorageFailure> {
    for ((board, period), sheet) in &boards.sheets {
        query(
            "insert into board_sheet (guild_id, board, period, listed, unlisted) \
             values ($1, $2, $3, $4, $5) on conflict (guild_id, board, period) do update set \
             listed = excluded.listed, unlisted = excluded.unlisted",
        )
        .bind(number(guild.0))
        .bind(board.name())
        .bind(period.name())
        .bind(i64::try_from(sheet.listed.len().min(LINES_LIMIT)).unwrap_or(i64::MAX))
        .bind(i64::try_from(sheet.unlisted.len()).unwrap_or(i64::MAX))
        .execute(&mut *connection)
        .await?;
    }
    Ok(())
}

fn places_of(boards: &Boards) -> HashMap<MemberId, Own> {
    let mut all: HashMap<MemberId, Own> = HashMap::new();
    for ((board, period), sheet) in &boards.sheets {
        let key = place_of(*board, *period);
        let mut put = |member: MemberId, place: OwnPlace| {
            let own = all.entry(member).or_default();
            own.places.insert(key.clone(), place);
        };
        if matches!(board, Board::Tracks | Board::Collections) {
            for (member, position) in &sheet.best {
                if let Some(place) = own_place(sheet, *position) {
                    put(*member, place);
                }
            }
            continue;
        }
        for (position, line) in sheet.listed.iter().enumerate() {
            if let (Subject::Member(member), Some(place)) =
                (&line.subject, own_place(sheet, position))
            {
                put(*member, place);
            }
        }
    }
    for (member, standing) in &boards.standings {
        all.entry(*member).or_default().rating = Some(OwnRating {
            ratings: standing.ratings,
            loopers: standing.loopers,
            loopers_needed: standing.loopers_needed,
            counts: standing.counts,
        });
    }
    all
}

/// The line at a position of a sheet, as somebody's own.
fn own_place(sheet: &Sheet, position: usize) -> Option<OwnPlace> {
    let line = sheet.line(position)?;
    let is_listed = position < sheet.listed.len();
    Some(OwnPlace {
        place: u32::try_from(position + 1).ok().filter(|_| is_listed),
        turn: line.newest,
        collection: match &line.subject {
            Subject::Collection(collection) => Some(*collection),
            _ => None,
        },
        figures: line.figures,
    })
}
