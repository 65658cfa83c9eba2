//! The options of a command: the subcommand that a path names, and what a client lets through for
//! each option.

use super::payload::Resolved;
use super::{At, ClientRefusal, Given};
use crate::world::{Id, World};
use serde_json::{Value, json};

/// How far the person is.
#[derive(Clone, Copy, Debug)]
pub(super) enum Ending<'a> {
    /// They sent the command.
    Sent,
    /// They are typing in this option.
    Typing(&'a str),
}

/// The command or subcommand that has the values.
#[derive(Debug)]
pub(super) struct Leaf<'c> {
    /// The names on the way to it.
    pub(super) path: Vec<&'c str>,
    pub(super) options: &'c [Value],
}

/// Follows a path such as `stage open` from the command to its subcommand.
pub(super) fn leaf<'c>(command: &'c Value, path: &str) -> Result<Leaf<'c>, ClientRefusal> {
    let missing = || ClientRefusal::NoSuchCommand(path.to_owned());
    let mut node = command;
    let mut names = vec![name_of(command)];
    for word in path.split_whitespace().skip(1) {
        let next = nested(node).iter().find(|it| name_of(it) == word);
        node = next.filter(|it| is_group(it)).ok_or_else(missing)?;
        names.push(name_of(node));
    }
    let options = nested(node);
    if options.iter().any(is_group) {
        return Err(missing());
    }
    Ok(Leaf {
        path: names,
        options,
    })
}

fn name_of(node: &Value) -> &str {
    node.get("name").and_then(Value::as_str).unwrap_or_default()
}

fn nested(node: &Value) -> &[Value] {
    let options = node.get("options").and_then(Value::as_array);
    options.map_or(&[], Vec::as_slice)
}

/// Whether it is a subcommand or a group of them.
fn is_group(option: &Value) -> bool {
    matches!(option.get("type").and_then(Value::as_i64), Some(1 | 2))
}

impl World {
    /// One option as it is sent; nothing for one that is left out and may be.
    pub(super) fn one_option(
        &mut self,
        at: At,
        (definition, given): (&Value, Option<&Given>),
        ending: Ending<'_>,
        resolved: &mut Resolved,
    ) -> Result<Option<Value>, ClientRefusal> {
        let name = name_of(definition);
        let kind = definition.get("type").and_then(Value::as_i64).unwrap_or(0);
        if let Ending::Typing(focused) = ending
            && focused == name
        {
            // What is being typed goes as it is.
            let typed = match given {
                None => String::new(),
                Some(Given::Text(text)) => text.clone(),
                Some(Given::Int(number)) => number.to_string(),
                Some(Given::Number(number)) => number.to_string(),
                Some(_) => return Err(ClientRefusal::Option(format!("{name} takes text"))),
            };
            let option = json!({ "name": name, "type": kind, "value": typed, "focused": true });
            return Ok(Some(option));
        }
        let Some(given) = given else {
            let is_required = definition.get("required").and_then(Value::as_bool) == Some(true);
            return match ending {
                Ending::Sent if is_required => {
                    Err(ClientRefusal::Option(format!("{name} is required")))
                }
                _ => Ok(None),
            };
        };
        let wrong = || ClientRefusal::Option(format!("{name} does not take {given:?}"));
        let value = match given {
            Given::Attachment { .. } => self.attached(at, (definition, given), resolved)?,
            Given::User(id) | Given::Channel(id) | Given::Role(id) => {
                let is_there = self.mentioned(at, (definition, given), resolved);
                if !is_there {
                    return Err(wrong());
                }
                id.to_string().into()
            }
            plain => super::given::value(definition, kind, plain).map_err(|why| {
                let what = format!("{name} does not take {given:?}: {why}");
                ClientRefusal::Option(what)
            })?,
        };
        Ok(Some(json!({ "name": name, "type": kind, "value": value })))
    }

    /// A user, channel, role or either of the first and last.
    fn mentioned(
        &self,
        at: At,
        (definition, given): (&Value, &Given),
        resolved: &mut Resolved,
    ) -> bool {
        let Some(here) = self.channels.get(&at.channel_id) else {
            return false;
        };
        let kind = definition.get("type").and_then(Value::as_i64).unwrap_or(0);
        match (kind, given) {
            (6 | 9, Given::User(id)) => resolved.user(self, here, *id),
            (8 | 9, Given::Role(id)) => resolved.role(self, here, *id),
            (7, Given::Channel(id)) => {
                let wanted = definition.get("channel_types");
                resolved.channel(self, (here, at.user_id), *id, wanted)
            }
            _ => false,
        }
    }

    fn attached(
        &mut self,
        at: At,
        (definition, given): (&Value, &Given),
        resolved: &mut Resolved,
    ) -> Result<Value, ClientRefusal> {
        let name = name_of(definition);
        let Given::Attachment { name: file, bytes } = given else {
            return Err(ClientRefusal::Option(format!("{name} takes a file")));
        };
        if definition.get("type").and_then(Value::as_i64) != Some(11) {
            return Err(ClientRefusal::Option(format!("{name} takes no file")));
        }
        let types = definition.get("file_types").and_then(Value::as_array);
        if let Some(types) = types.filter(|types| !types.is_empty())
            && !types
                .iter()
                .filter_map(Value::as_str)
                .any(|it| fits(file, it))
        {
            let what = format!("{name} does not take the file {file}");
            return Err(ClientRefusal::Option(what));
        }
        if bytes.len() > crate::validate::FILE_BYTES_LIMIT {
            return Err(ClientRefusal::TooLarge);
        }
        let stored = self.store_option(at.channel_id, file, bytes.clone());
        let mut value = stored.to_value(&resolved.base);
        if let Some(fields) = value.as_object_mut() {
            fields.insert("ephemeral".to_owned(), true.into());
        }
        let id: Id = stored.id;
        resolved.put("attachments", id, value);
        Ok(id.to_string().into())
    }
}

/// Whether the file's ending is one of the wanted kind: `.mp3`, or a group such as `audio`.
fn fits(file: &str, wanted: &str) -> bool {
    let ending = file.rsplit_once('.').map_or("", |(_, ending)| ending);
    let ending = ending.to_lowercase();
    let of_group: &[&str] = match wanted {
        "audio" => &["mp3", "ogg", "opus", "wav", "flac", "m4a", "aac", "weba"],
        "image" => &["png", "jpg", "jpeg", "gif", "webp", "avif"],
        "video" => &["mp4", "mov", "webm", "mkv"],
        _ => return wanted.trim_start_matches('.').eq_ignore_ascii_case(&ending),
    };
    of_group.contains(&ending.as_str())
}
