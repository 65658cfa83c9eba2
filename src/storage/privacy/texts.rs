//! Somebody's id inside texts of JSON: who skipped a play, whom a deed was done to, who stands on an
//! open stage, on the page of a board or in a memo. A text is found by its signs and read as what it
//! is, so that a title that looks like an id changes nothing.

use super::super::{BoardLine, Columns, StorageFailure, Store, json, parsed};
use super::Whom;
use crate::domain::ids::{GuildId, MemberId, NAMELESS};
use crate::domain::moment::Moment;
use crate::domain::protocol::{Deed, TurnEnd};
use crate::domain::stage::Standing;
use serde_json::Value;

/// The plays that have an index of their own, by what its condition says.
pub(super) const SKIPPED: &str = "play.ended_how like '%\"member\":%'";

/// A play that somebody skipped.
pub(super) struct Skip {
    pub(super) guild: GuildId,
    pub(super) turn: i64,
    pub(super) end: TurnEnd,
}

/// A deed that somebody did, that was done to them, or that gave a session of theirs a theme.
pub(super) struct DeedText {
    pub(super) guild: GuildId,
    pub(super) at: Moment,
    pub(super) by: MemberId,
    pub(super) by_name: String,
    /// As it is kept.
    pub(super) text: String,
    pub(super) deed: Deed,
}

impl DeedText {
    /// The same without them, who were called `names`.
    pub(super) fn without(mut self, member: MemberId, names: &[String]) -> DeedText {
        self.deed.forget(member);
        self.deed.unname(names);
        if self.by == member {
            self.by = MemberId::NOBODY;
            NAMELESS.clone_into(&mut self.by_name);
            self.deed.silence();
        }
        self.text = json(&self.deed);
        self
    }
}

/// An open stage as it is kept.
pub(super) struct StageText {
    pub(super) guild: GuildId,
    pub(super) standing: Standing,
}

/// A page of a board.
pub(super) struct PageText {
    pub(super) guild: GuildId,
    pub(super) board: String,
    pub(super) period: String,
    pub(super) page: i64,
    pub(super) lines: Vec<BoardLine>,
}

impl PageText {
    /// Takes the name off their lines; whether there were any.
    pub(super) fn forget(&mut self, member: MemberId) -> bool {
        let mut lines = self.lines.iter_mut();
        let mut any = false;
        for line in lines.by_ref().filter(|line| line.member == Some(member)) {
            line.member = Some(MemberId::NOBODY);
            NAMELESS.clone_into(&mut line.name);
            // A collection stands with its curator's name behind its own.
            line.artist = None;
            any = true;
        }
        any
    }
}

/// A memo in which somebody is a key.
pub(super) struct MemoText {
    pub(super) name: String,
    pub(super) value: Value,
}

impl Whom {
    /// How the end of a play is written that they skipped.
    pub(super) fn skip_pattern(self) -> String {
        format!("%\"member\":{},%", self.member)
    }
}

impl Store {
    /// Plays that they skipped.
    pub(super) async fn skips(&self, whom: Whom) -> Result<Vec<Skip>, StorageFailure> {
        let sql = format!(
            "select guild_id, turn_id, ended_how from play where {SKIPPED} and play.ended_how like $1"
        );
        let rows = self.rows_like(&sql, (whom, whom.skip_pattern())).await?;
        let mut skips = Vec::new();
        for row in rows {
            let end: TurnEnd = parsed("the end of a play", &row.text("ended_how")?)?;
            if matches!(end, TurnEnd::SkippedBy { member, .. } if member == whom.member) {
                skips.push(Skip {
                    guild: row.guild()?,
                    turn: row.number("turn_id")?,
                    end,
                });
            }
        }
        Ok(skips)
    }

    /// Deeds that were done to them, by others if `by_others`, and else also their own and those that
    /// gave a session of theirs a theme.
    pub(super) async fn deeds_of(
        &self,
        whom: Whom,
        by_others: bool,
    ) -> Result<Vec<DeedText>, StorageFailure> {
        let sql = format!(
            "select guild_id, done_at_ms, by_id, by_name, deed from deed \
             where (deed like $1 or by_id = {0} or (deed like '{{\"themed\":%' and exists \
             (select 1 from session s where s.guild_id = deed.guild_id and s.host_id = {0} \
             and s.opened_at_ms <= deed.done_at_ms \
             and coalesce(s.closed_at_ms, deed.done_at_ms) >= deed.done_at_ms)))",
            whom.member
        );
        let pattern = format!("%:{}%", whom.member);
        let rows = self.rows_like(&sql, (whom, pattern)).await?;
        let mut deeds = Vec::new();
        for row in rows {
            let text = row.text("deed")?;
            let deed: Deed = parsed("a deed", &text)?;
            let by = row.member("by_id")?;
            let is_own = by == whom.member;
            let is_about = deed.to_whom() == Some(whom.member);
            let is_theme = matches!(deed, Deed::Themed(Some(_)));
            let is_meant = if by_others {
                is_about && !is_own
            } else {
                is_about || is_own || is_theme
            };
            if is_meant {
                deeds.push(DeedText {
                    guild: row.guild()?,
                    at: row.moment("done_at_ms")?,
                    by,
                    by_name: row.text("by_name")?,
                    text,
                    deed,
                });
            }
        }
        Ok(deeds)
    }

    /// Open stages on which they are.
    pub(super) async fn stages_with(&self, whom: Whom) -> Result<Vec<StageText>, StorageFailure> {
        let pattern = format!("%{}%", whom.member);
        let sql = "select guild_id, standing from standing where standing like $1";
        let rows = self.rows_like(sql, (whom, pattern)).await?;
        let mut stages = Vec::new();
        for row in rows {
            let standing: Standing = parsed("a standing", &row.text("standing")?)?;
            let mut without = standing.clone();
            without.forget(whom.member, &[]);
            if without != standing {
                stages.push(StageText {
                    guild: row.guild()?,
                    standing,
                });
            }
        }
        Ok(stages)
    }

    /// Pages of boards on which they stand.
    pub(super) async fn board_pages_with(
        &self,
        whom: Whom,
    ) -> Result<Vec<PageText>, StorageFailure> {
        let pattern = format!("%\"m\":{},%", whom.member);
        let sql = "select guild_id, board, period, page, lines from board_page where lines like $1";
        let rows = self.rows_like(sql, (whom, pattern)).await?;
        rows.iter()
            .map(|row| {
                Ok(PageText {
                    guild: row.guild()?,
                    board: row.text("board")?,
                    period: row.text("period")?,
                    page: row.number("page")?,
                    lines: parsed("a page of a board", &row.text("lines")?)?,
                })
            })
            .collect()
    }

    /// Memos in which they are a key. A memo of a guild ends in its id.
    pub(super) async fn memos_with(&self, whom: Whom) -> Result<Vec<MemoText>, StorageFailure> {
        let pattern = format!("%\"{}\"%", whom.member);
        let anywhere = Whom {
            guild: None,
            ..whom
        };
        let sql = "select name, value from memo where value like $1";
        let rows = self.rows_like(sql, (anywhere, pattern)).await?;
        let there = whom.guild.map(|guild| format!(":{guild}"));
        let mut memos = Vec::new();
        for row in rows {
            let name = row.text("name")?;
            let Ok(value) = serde_json::from_str::<Value>(&row.text("value")?) else {
                continue;
            };
            if there.as_ref().is_none_or(|there| name.ends_with(there)) {
                memos.push(MemoText { name, value });
            }
        }
        Ok(memos)
    }
}

/// Takes a key out, however deep it stands.
pub(super) fn without_key(value: &mut Value, key: &str) {
    match value {
        Value::Object(fields) => {
            fields.remove(key);
            fields
                .values_mut()
                .for_each(|field| without_key(field, key));
        }
        Value::Array(all) => all.iter_mut().for_each(|one| without_key(one, key)),
        _ => {}
    }
}

/// Takes the ids of people out that are not the reader's own.
pub(super) fn without_others(value: &mut Value, own: MemberId) {
    match value {
        Value::Object(fields) => {
            for (key, field) in fields.iter_mut() {
                let is_person = matches!(key.as_str(), "member" | "rater");
                if is_person && field.as_u64() != Some(own.0) {
                    *field = Value::Null;
                } else {
                    without_others(field, own);
                }
            }
        }
        Value::Array(all) => all.iter_mut().for_each(|one| without_others(one, own)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::{without_key, without_others};
    use crate::domain::ids::MemberId;
    use serde_json::json;

    #[test]
    fn others_are_taken_out_and_the_reader_stays() {
        let mut deed =
            json!({ "kicked": { "member": 7, "reason": "noise" }, "x": [{ "rater": 8 }] });
        without_others(&mut deed, MemberId(7));
        let told =
            json!({ "kicked": { "member": 7, "reason": "noise" }, "x": [{ "rater": null }] });
        assert_eq!(deed, told);
    }

    #[test]
    fn a_key_is_taken_out_however_deep() {
        let mut memo = json!({ "raised": { "7": 1, "8": 2 }, "told": [1, { "7": 3 }] });
        without_key(&mut memo, "7");
        assert_eq!(memo, json!({ "raised": { "8": 2 }, "told": [1, {}] }));
    }
}
