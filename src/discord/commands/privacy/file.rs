//! The file in which somebody reads what is kept about them: JSON, with what each section is and why
//! it is kept in their language, and one row a line. Discord takes 10 MiB a file and 25 MiB a
//! message, so what is longer comes in parts, each a whole file by itself.

use super::super::super::rest::Upload;
use super::super::call::Call;
use crate::storage::{Section, Store};
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

/// Rows of one file, in bytes: below 10 MiB with everything around them.
const PART_LIMIT: usize = 9_000_000;
/// Files of one message.
const FILES_AT_ONCE: usize = 2;
/// All files. Nobody has been to so many songs; what does not fit is counted in the last one.
const PARTS_LIMIT: usize = 20;

/// Some rows of a section.
struct Piece<'a> {
    section: &'a Section,
    rows: &'a [String],
}

/// The sections in parts that fit into a file each, and how many rows fit into none.
fn parts(sections: &[Section], limit: usize) -> (Vec<Vec<Piece<'_>>>, usize) {
    let mut parts: Vec<Vec<Piece<'_>>> = vec![Vec::new()];
    let (mut room, mut left_out) = (limit, 0);
    for section in sections {
        let mut rest = section.rows.as_slice();
        while !rest.is_empty() {
            let mut used = 0;
            let fitting = rest.iter().take_while(|row| {
                used += row.len() + 8;
                used <= room
            });
            let count = fitting.count();
            let is_fresh = parts.last().is_some_and(Vec::is_empty);
            if count == 0 && !is_fresh {
                if parts.len() >= PARTS_LIMIT {
                    left_out += rest.len();
                    break;
                }
                parts.push(Vec::new());
                room = limit;
                continue;
            }
            // A row that alone is too long goes alone.
            let (rows, after) = rest.split_at(count.max(1).min(rest.len()));
            room = room.saturating_sub(rows.iter().map(|row| row.len() + 8).sum());
            rest = after;
            if let Some(part) = parts.last_mut() {
                part.push(Piece { section, rows });
            }
        }
    }
    (parts, left_out)
}

/// One part as a file of JSON.
fn written(
    head: &Map<String, Value>,
    pieces: &[Piece<'_>],
    say: &dyn Fn(&str) -> String,
) -> String {
    let head = head
        .iter()
        .map(|(key, value)| format!("  {}: {value},\n", Value::from(key.as_str())));
    let kept: Vec<String> = pieces.iter().map(|piece| piece.written(say)).collect();
    let head: String = head.collect();
    format!("{{\n{head}  \"kept\": [\n{}\n  ]\n}}\n", kept.join(",\n"))
}

impl Piece<'_> {
    fn written(&self, say: &dyn Fn(&str) -> String) -> String {
        let about = say(&format!("privacy-about-{}", self.section.name));
        format!(
            "    {{\n      \"section\": {},\n      \"about\": {},\n      \"table\": {},\n      \
             \"count\": {},\n      \"rows\": [\n        {}\n      ]\n    }}",
            Value::from(self.section.name),
            Value::from(about),
            Value::from(self.section.table),
            self.rows.len(),
            self.rows.join(",\n        "),
        )
    }
}

/// The files, as they are sent.
pub(super) fn files(call: &Call, sections: &[Section]) -> Vec<Upload> {
    let servers: BTreeSet<u64> = sections
        .iter()
        .flat_map(|section| &section.rows)
        .filter_map(|row| server(row))
        .collect();
    let names: Map<String, Value> = servers
        .into_iter()
        .map(|server| {
            let name = call
                .desk
                .crowd
                .guild_name(crate::domain::ids::GuildId(server));
            (server.to_string(), json!(name))
        })
        .collect();
    let (parts, left_out) = parts(sections, PART_LIMIT);
    let count = parts.len();
    let mut files = Vec::with_capacity(count);
    for (number, pieces) in (1..).zip(&parts) {
        let mut head = Map::new();
        head.insert("about".to_owned(), call.say("privacy-file", &[]).into());
        let now = Store::moment_told((call.desk.clock)());
        head.insert("made_at".to_owned(), now.into());
        head.insert("you".to_owned(), call.actor.member.to_string().into());
        head.insert("servers".to_owned(), Value::Object(names.clone()));
        if count > 1 {
            head.insert("part".to_owned(), json!([number, count]));
        }
        if left_out > 0 {
            head.insert("rows_left_out".to_owned(), left_out.into());
        }
        let text = written(&head, pieces, &|key| call.say(key, &[]));
        let name = match count {
            1 => "rondo-about-you.json".to_owned(),
            _ => format!("rondo-about-you-{number}-of-{count}.json"),
        };
        files.push(Upload {
            name,
            bytes: text.into(),
        });
    }
    files
}

/// The server of a row.
fn server(row: &str) -> Option<u64> {
    let value: Value = serde_json::from_str(row).ok()?;
    value.get("server")?.as_str()?.parse().ok()
}

/// The files by message.
pub(super) fn messages(files: Vec<Upload>) -> impl Iterator<Item = Vec<Upload>> {
    let mut rest = files.into_iter().peekable();
    std::iter::from_fn(move || {
        rest.peek()?;
        Some(rest.by_ref().take(FILES_AT_ONCE).collect())
    })
}

#[cfg(test)]
mod tests {
    use super::{Section, parts, written};
    use serde_json::{Map, Value, json};

    fn section(name: &'static str, rows: usize) -> Section {
        let row = |at: usize| json!({ "server": "7", "at": at, "words": "he said \"no\"" });
        Section {
            name,
            table: name,
            rows: (0..rows).map(|at| row(at).to_string()).collect(),
        }
    }

    #[test]
    fn every_row_is_in_one_part_and_every_part_is_whole_and_fits() {
        let sections = [section("heard", 400), section("ratings", 3)];
        let (parts, left_out) = parts(&sections, 2_000);
        assert_eq!(left_out, 0);
        assert!(parts.len() > 5, "{}", parts.len());
        let mut rows = 0;
        for pieces in &parts {
            let text = written(&Map::new(), pieces, &|key| key.to_owned());
            assert!(text.len() < 3_000, "{}", text.len());
            let file: Value = serde_json::from_str(&text).unwrap();
            for kept in file["kept"].as_array().unwrap() {
                let count = kept["rows"].as_array().unwrap().len();
                assert_eq!(kept["count"], count);
                rows += count;
            }
        }
        assert_eq!(rows, 403);
    }

    #[test]
    fn what_fits_into_no_file_is_counted() {
        let sections = [section("heard", 400)];
        let (parts, left_out) = parts(&sections, 200);
        let told: usize = parts.iter().flatten().map(|piece| piece.rows.len()).sum();
        assert_eq!(parts.len(), super::PARTS_LIMIT);
        assert_eq!(told + left_out, 400);
    }
}
