//! Making a guild's boards: marked plays are looked at again, all boards are made from the whole
//! history, and of what is kept only what has changed is written, in pieces that let the journal in
//! between. Two makings of one guild must not run at once; the [`super::Refresher`] is one task.

use super::super::{Columns, StorageFailure, Store, duration, json, number};
use super::marks::{GUILD, mark, unmark};
use super::{BoardLine, LINES_LIMIT, Own, OwnPlace, OwnRating, place_of, voices};
use crate::domain::ids::{GuildId, MemberId, TurnId};
use crate::domain::leaderboard::{
    Bar, Board, Boards, Ear, Line, PAGE_LINES, PastPlay, Period, Sheet, Subject, make,
};
use crate::domain::moment::Moment;
use crate::domain::protocol::Stars;
use crate::domain::track::TrackKey;
use futures_util::TryStreamExt;
use sqlx::query;
use std::collections::{BTreeMap, HashMap, HashSet};

/// Marked plays that are looked at in one piece.
const PLAYS_AT_ONCE: u32 = 500;
/// Members whose places are written in one piece.
const MEMBERS_AT_ONCE: usize = 200;

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

/// A key of `board_page`, and its lines.
type Pages = BTreeMap<(&'static str, &'static str, i64), String>;

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
        let bar = Bar::from(&self.settings(guild).await?);
        let plays = history.len();
        let newest = history.iter().map(|play| play.began_at.0).max();
        // A long history takes a second of a processor.
        let made = tokio::task::spawn_blocking(move || make(&history, &bar, now));
        let boards = made.await.map_err(|error| StorageFailure::Corrupt {
            what: "a history",
            reason: error.to_string(),
        })?;
        let basis = [now.0, newest.unwrap_or_default()];
        let mut written = self.write_pages(guild, &boards, (basis, own_mark)).await?;
        written += self.write_places(guild, &boards).await?;
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

    /// Writes what is shown to everybody, in one piece. Gives back how many rows that were.
    async fn write_pages(
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
            .execute(&mut *transaction)
            .await?;
        }
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
        let mut pages = Pages::new();
        let mut names = Names::default();
        for ((board, period), sheet) in &boards.sheets {
            let shown = sheet.listed.get(..LINES_LIMIT).unwrap_or(&sheet.listed);
            for (page, lines) in (0..).zip(shown.chunks(PAGE_LINES)) {
                let mut worded = Vec::with_capacity(lines.len());
                for line in lines {
                    worded.push(self.line_of(guild, *board, line, &mut names).await?);
                }
                pages.insert((board.name(), period.name(), page), json(&worded));
            }
        }
        Ok(pages)
    }

    /// A line with its names, which are those of the newest play.
    async fn line_of(
        &self,
        guild: GuildId,
        board: Board,
        line: &Line,
        names: &mut Names,
    ) -> Result<BoardLine, StorageFailure> {
        let (turn, member) = match &line.subject {
            Subject::Track(_) => (line.newest, None),
            Subject::Member(member) => (line.newest, Some(*member)),
        };
        let key = (turn, member.filter(|_| board == Board::Listeners));
        let is_track = member.is_none();
        let (name, artist) = if let Some(known) = names.0.get(&(key, is_track)) {
            known.clone()
        } else {
            let found = self.name_at(guild, key, is_track).await?;
            names.0.insert((key, is_track), found.clone());
            found
        };
        Ok(BoardLine {
            member,
            name,
            artist,
            figures: line.figures,
        })
    }

    /// The title and artist of a play, the name of its looper, or of one who heard it.
    async fn name_at(
        &self,
        guild: GuildId,
        (turn, listener): (TurnId, Option<MemberId>),
        is_track: bool,
    ) -> Result<(String, Option<String>), StorageFailure> {
        let statement = match listener {
            Some(_) => {
                "select member_name as name, cast(null as text) as artist from heard \
                 where guild_id = $1 and turn_id = $2 and member_id = $3"
            }
            None if is_track => {
                "select title as name, artist from play where guild_id = $1 and turn_id = $2 \
                 and $3 = 0"
            }
            None => {
                "select looper_name as name, cast(null as text) as artist from play \
                 where guild_id = $1 and turn_id = $2 and $3 = 0"
            }
        };
        let row = query(statement)
            .bind(number(guild.0))
            .bind(number(turn.0))
            .bind(number(listener.map_or(0, |member| member.0)))
            .fetch_optional(&self.pool)
            .await?;
        // Taken away since the boards were made: the next making will not have it.
        let Some(row) = row else {
            return Ok((String::new(), None));
        };
        Ok((row.text("name")?, row.maybe_text("artist")?))
    }

    /// Writes where everybody stands, where that has changed.
    async fn write_places(&self, guild: GuildId, boards: &Boards) -> Result<usize, StorageFailure> {
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

/// What something is called, by the play and the listener it is looked up at, and whether it is the
/// track.
#[derive(Default)]
struct Names(HashMap<((TurnId, Option<MemberId>), bool), (String, Option<String>)>);

fn places_of(boards: &Boards) -> HashMap<MemberId, Own> {
    let mut all: HashMap<MemberId, Own> = HashMap::new();
    for ((board, period), sheet) in &boards.sheets {
        let key = place_of(*board, *period);
        let mut put = |member: MemberId, place: OwnPlace| {
            let own = all.entry(member).or_default();
            own.places.insert(key.clone(), place);
        };
        if *board == Board::Tracks {
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
        figures: line.figures,
    })
}
