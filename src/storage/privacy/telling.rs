//! Everything that is kept about one person, row by row, as lines of JSON; and how much of it there
//! is. Nothing of anybody else is in it: what others gave is a sum, whom something was done to is
//! left out.

use super::super::{Columns, StorageFailure, Store, number};
use super::Whom;
use super::kinds::{Fate, KINDS, Kind, Shape};
use super::texts::without_others;
use crate::domain::ids::{GuildId, MemberId};
use crate::domain::moment::Moment;
use crate::domain::stage::Standing;
use futures_util::TryStreamExt;
use serde_json::{Map, Value, json};
use sqlx::any::AnyRow;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// Rows of one kind that are told, the first ones.
const ROWS_LIMIT: usize = 500_000;

/// How much of a kind is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trace {
    pub name: &'static str,
    pub fate: Fate,
    pub count: u64,
}

/// All rows of a kind, each a line of JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    pub name: &'static str,
    /// The table it is kept in.
    pub table: &'static str,
    pub rows: Vec<String>,
}

/// A moment as ISO 8601 has it, in UTC.
fn iso(ms: i64) -> Option<String> {
    let nanos = i128::from(ms) * 1_000_000;
    let at = OffsetDateTime::from_unix_timestamp_nanos(nanos).ok()?;
    at.format(&Rfc3339).ok()
}

fn shown(
    row: &AnyRow,
    (name, shape): (&'static str, Shape),
    own: MemberId,
) -> Result<Value, StorageFailure> {
    if matches!(shape, Shape::Text | Shape::Json) {
        let Some(text) = row.maybe_text(name)? else {
            return Ok(Value::Null);
        };
        return Ok(match serde_json::from_str(&text) {
            Ok(mut value) if shape == Shape::Json => {
                without_others(&mut value, own);
                value
            }
            _ => Value::String(text),
        });
    }
    let Some(value) = row.maybe_number(name)? else {
        return Ok(Value::Null);
    };
    Ok(match shape {
        Shape::Id => Value::String(value.to_string()),
        Shape::Flag => Value::Bool(value != 0),
        Shape::At => iso(value).map_or(Value::Null, Value::String),
        _ => json!(value),
    })
}

impl Kind {
    /// Where it is looked for: in these places, or everywhere at once if it is of no guild.
    fn within(&self, whom: Whom, places: &[Whom]) -> Vec<Whom> {
        if self.is_of_guild {
            return places.to_vec();
        }
        let everywhere = whom.guild.is_none().then_some(whom);
        everywhere.into_iter().collect()
    }

    fn rows(&self, whom: Whom) -> String {
        let columns: Vec<String> = self
            .shown
            .iter()
            .map(|(name, sql, _)| format!("{sql} as \"{name}\""))
            .collect();
        format!(
            "select {} from {} where {} = $1{}",
            columns.join(", "),
            self.table,
            self.member,
            whom.there()
        )
    }
}

/// What an open stage knows of somebody.
fn on_stage(standing: &Standing, member: MemberId) -> Value {
    let mut whole = serde_json::to_value(standing).unwrap_or_default();
    let own = member.to_string();
    let mut told = Map::new();
    let mut turn = |name: &str| {
        let turn = whole.get_mut(name).filter(|turn| !turn.is_null())?;
        let mut about = Map::new();
        for part in ["ratings", "heard"] {
            let mine = turn.get_mut(part).and_then(|part| part.get_mut(&own));
            about.extend(mine.map(|mine| (part.to_owned(), mine.take())));
        }
        for (part, name) in [("grabs", "grabbed"), ("voided", "rating_voided")] {
            let all = turn.get(part).and_then(Value::as_array);
            if all.is_some_and(|all| all.iter().any(|one| one.as_u64() == Some(member.0))) {
                about.insert(name.to_owned(), true.into());
            }
        }
        let is_mine = turn.pointer("/play/looper").and_then(Value::as_u64) == Some(member.0);
        if is_mine {
            about.insert("is_mine".to_owned(), true.into());
        }
        (!about.is_empty()).then_some(Value::Object(about))
    };
    told.extend(turn("turn").map(|about| ("turn".to_owned(), about)));
    told.extend(turn("last").map(|about| ("last_turn".to_owned(), about)));
    let is_host = whole.get("host").and_then(Value::as_u64) == Some(member.0);
    told.insert("is_host".to_owned(), is_host.into());
    let of = |part: &Value| part.get("member").and_then(Value::as_u64) == Some(member.0);
    for (at, seat) in (1..).zip(
        whole
            .get("seats")
            .and_then(Value::as_array)
            .into_iter()
            .flatten(),
    ) {
        if seat.get("looper").is_some_and(of) {
            told.insert("seat".to_owned(), json!(at));
            told.insert(
                "looper".to_owned(),
                seat.get("looper").cloned().unwrap_or_default(),
            );
        }
        if seat.get("offer").is_some_and(of) {
            told.insert("offered_seat".to_owned(), json!(at));
        }
    }
    let waitlist = whole.get("waitlist").and_then(Value::as_array);
    let waiting = waitlist.and_then(|all| all.iter().position(of));
    told.extend(waiting.map(|at| ("waits_at".to_owned(), json!(at + 1))));
    Value::Object(told)
}

impl Store {
    /// How much is kept about somebody, of each kind of which there is anything; in one guild, or
    /// everywhere.
    pub async fn traces(
        &self,
        member: MemberId,
        guild: Option<GuildId>,
    ) -> Result<Vec<Trace>, StorageFailure> {
        let whom = Whom { member, guild };
        let places = self.places(whom).await?;
        let mut traces = Vec::new();
        let mut add = |name, fate, count| {
            if count > 0 {
                traces.push(Trace { name, fate, count });
            }
        };
        for kind in KINDS {
            let mut count = 0;
            for whom in kind.within(whom, &places) {
                let sql = format!(
                    "select count(*) as rows from {} where {} = $1{}",
                    kind.table,
                    kind.member,
                    whom.there()
                );
                let row = whom.statement(sql).fetch_one(&self.pool).await?;
                count += u64::try_from(row.number("rows")?).unwrap_or_default();
            }
            add(kind.name, kind.fate, count);
        }
        let counted = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
        let mut skips = 0;
        for place in &places {
            skips += self.skips(*place).await?.len();
        }
        add("skips", Fate::Nameless, counted(skips));
        let deeds = self.deeds_of(whom, true).await?.len();
        add("deeds-about", Fate::Nameless, counted(deeds));
        let stages = self.stages_with(whom).await?.len();
        add("stage", Fate::Deleted, counted(stages));
        let memos = self.memos_with(whom).await?.len();
        add("memos", Fate::Deleted, counted(memos));
        Ok(traces)
    }

    /// Everything that is kept about somebody, everywhere, by kind; a kind of which there is nothing
    /// is left out.
    pub async fn told_about(&self, member: MemberId) -> Result<Vec<Section>, StorageFailure> {
        let guild = None;
        let whom = Whom { member, guild };
        let places = self.places(whom).await?;
        let mut sections = Vec::new();
        for kind in KINDS {
            let mut rows = Vec::new();
            for place in kind.within(whom, &places) {
                self.tell(kind, place, &mut rows).await?;
            }
            if kind.name == "collections" {
                rows = self.with_tracks(whom, rows).await?;
            }
            sections.push(Section {
                name: kind.name,
                table: kind.table,
                rows,
            });
        }
        sections.extend(self.told_in_texts(whom, &places).await?);
        sections.retain(|section| !section.rows.is_empty());
        Ok(sections)
    }

    /// The rows of a kind in one place, each a line, as far as there is room.
    async fn tell(
        &self,
        kind: &Kind,
        whom: Whom,
        rows: &mut Vec<String>,
    ) -> Result<(), StorageFailure> {
        let mut found = whom.statement(kind.rows(whom)).fetch(&self.pool);
        while rows.len() < ROWS_LIMIT {
            let Some(row) = found.try_next().await? else {
                break;
            };
            let mut line = Map::new();
            for (name, _, shape) in kind.shown {
                let value = shown(&row, (name, *shape), whom.member)?;
                line.insert((*name).to_owned(), value);
            }
            rows.push(Value::Object(line).to_string());
        }
        Ok(())
    }

    /// The tracks of their collections after them.
    async fn with_tracks(
        &self,
        whom: Whom,
        mut rows: Vec<String>,
    ) -> Result<Vec<String>, StorageFailure> {
        let found = sqlx::query(
            "select t.guild_id, t.collection_id, t.place, t.track, t.added_at_ms \
             from collection_track t join collection c on c.guild_id = t.guild_id \
             and c.collection_id = t.collection_id where c.member_id = $1 \
             order by t.guild_id, t.collection_id, t.place",
        )
        .bind(number(whom.member.0))
        .fetch_all(&self.pool)
        .await?;
        for row in found {
            let line = json!({
                "server": row.guild()?.to_string(),
                "collection": row.number("collection_id")?,
                "place": row.number("place")?,
                "track": shown(&row, ("track", Shape::Json), whom.member)?,
                "added_at": iso(row.number("added_at_ms")?),
            });
            rows.push(line.to_string());
        }
        Ok(rows)
    }

    /// What stands in texts.
    async fn told_in_texts(
        &self,
        whom: Whom,
        places: &[Whom],
    ) -> Result<Vec<Section>, StorageFailure> {
        let mut skips = Vec::new();
        for place in places {
            skips.extend(self.skips(*place).await?);
        }
        let skips = skips.into_iter().map(
            |skip| json!({ "server": skip.guild.to_string(), "play": skip.turn, "how": skip.end }),
        );
        let deeds = self.deeds_of(whom, true).await?.into_iter().map(|deed| {
            json!({ "server": deed.guild.to_string(), "done_at": iso(deed.at.0), "deed": deed.deed })
        });
        let stages = self.stages_with(whom).await?.into_iter().map(|stage| {
            json!({
                "server": stage.guild.to_string(),
                "now": on_stage(&stage.standing, whom.member),
            })
        });
        let memos = self.memos_with(whom).await?.into_iter();
        let memos = memos.map(|memo| json!({ "memo": memo.name }));
        let section = |name, table, rows: Vec<Value>| Section {
            name,
            table,
            rows: rows.iter().map(Value::to_string).collect(),
        };
        Ok(vec![
            section("skips", "play", skips.collect()),
            section("deeds-about", "deed", deeds.collect()),
            section("stage", "standing", stages.collect()),
            section("memos", "memo", memos.collect()),
        ])
    }
}

impl Store {
    /// When that was, as the file says it.
    pub fn moment_told(at: Moment) -> String {
        iso(at.0).unwrap_or_default()
    }
}
