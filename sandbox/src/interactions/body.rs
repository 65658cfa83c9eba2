//! From the body of a request to a message: what is posted and what is changed. The body was judged
//! before.

use crate::error::{ApiError, FormErrors};
use crate::validate::{EPHEMERAL, IS_COMPONENTS_V2};
use crate::world::{Draft, Edit, Id, Message, World};
use bytes::Bytes;
use serde_json::Value;
use std::sync::Arc;

/// Uploaded files: names and bytes, in the order of their places.
pub(crate) type Files = Vec<(String, Bytes)>;

/// Flags that a bot may set on a new message.
const SETTABLE: u64 = 1 << 2 | EPHEMERAL.unsigned_abs() | 1 << 12 | IS_COMPONENTS_V2.unsigned_abs();
/// Flags that an edit may change.
const EDITABLE: u64 = 1 << 2 | IS_COMPONENTS_V2.unsigned_abs();

pub(super) fn flags(body: &Value) -> u64 {
    body.get("flags").and_then(Value::as_u64).unwrap_or(0)
}

fn list(body: &Value, key: &str) -> Option<Vec<Value>> {
    match body.get(key)? {
        Value::Array(items) => Some(items.clone()),
        _ => Some(Vec::new()),
    }
}

fn text(body: &Value) -> Option<String> {
    Some(body.get("content")?.as_str().unwrap_or_default().to_owned())
}

impl World {
    /// The message that a body describes. The files are kept; one that an embed or component shows
    /// does not show as an attachment besides.
    pub(crate) fn draft_of(&mut self, base: &str, place: Id, body: &Value, files: Files) -> Draft {
        let uploads = self.keep(place, body, files);
        let mut embeds = list(body, "embeds").unwrap_or_default();
        let mut components = list(body, "components").unwrap_or_default();
        let shown = self.link(base, &uploads, [&mut embeds, &mut components]);
        Draft {
            content: text(body).unwrap_or_default(),
            embeds,
            components,
            attachments: without(uploads, &shown),
            flags: flags(body) & SETTABLE,
            allowed_mentions: body.get("allowed_mentions").cloned(),
            tts: body.get("tts").and_then(Value::as_bool).unwrap_or(false),
            ..Draft::default()
        }
    }

    /// The change that a body describes. What it does not name stays, except that attachments, where
    /// it names some, are those and the new ones.
    pub(crate) fn edit_of(
        &mut self,
        base: &str,
        message: &Message,
        body: &Value,
        files: Files,
    ) -> Result<Edit, ApiError> {
        let was_v2 = message.flags & IS_COMPONENTS_V2.unsigned_abs() != 0;
        let is_v2 = was_v2 || flags(body) & IS_COMPONENTS_V2.unsigned_abs() != 0;
        if is_v2 && !was_v2 {
            may_turn_v2(message, body)?;
        }
        let uploads = self.keep(message.channel_id, body, files);
        let mut embeds = list(body, "embeds");
        let mut components = list(body, "components");
        let mut none = (Vec::new(), Vec::new());
        let fields = [
            embeds.as_mut().unwrap_or(&mut none.0),
            components.as_mut().unwrap_or(&mut none.1),
        ];
        let shown = self.link(base, &uploads, fields);
        let new = without(uploads, &shown);
        let kept = body
            .get("attachments")
            .and_then(Value::as_array)
            .map(|list| {
                let ids = list.iter().filter_map(|it| it.get("id"));
                let ids = ids.filter_map(|id| id.as_u64().or_else(|| id.as_str()?.parse().ok()));
                ids.filter(|id| message.attachments.contains(id)).collect()
            });
        let attachments = match kept {
            Some(kept) => Some([kept, new].concat()),
            None if body.get("attachments").is_some_and(Value::is_null) => Some(new),
            None if new.is_empty() => None,
            None => Some([message.attachments.clone(), new].concat()),
        };
        let edit = Edit {
            content: text(body),
            embeds,
            components,
            attachments,
            flags: Some(message.flags | (flags(body) & EDITABLE)),
            allowed_mentions: body.get("allowed_mentions").cloned(),
        };
        if would_be_empty(message, &edit, is_v2) {
            return Err(ApiError::empty_message());
        }
        Ok(edit)
    }

    /// Keeps the uploads, with the names and descriptions that the body gives them.
    fn keep(&mut self, place: Id, body: &Value, files: Files) -> Vec<Id> {
        let mut kept = Vec::new();
        for (index, (name, bytes)) in files.into_iter().enumerate() {
            let told = body.get("attachments").and_then(Value::as_array);
            let told = told.into_iter().flatten().find(|it| {
                let id = it.get("id");
                let id = id.and_then(|id| id.as_u64().or_else(|| id.as_str()?.parse().ok()));
                id == u64::try_from(index).ok()
            });
            let told = |key: &str| told.and_then(|it| it.get(key)?.as_str());
            let file = self.store_file(place, told("filename").unwrap_or(&name), bytes);
            if let Some(description) = told("description") {
                let mut described = (*file).clone();
                described.description = Some(description.to_owned());
                self.files.insert(file.id, Arc::new(described));
            }
            kept.push(file.id);
        }
        kept
    }

    /// Puts addresses where `attachment://name` stands; the files that are shown so.
    fn link(&self, base: &str, uploads: &[Id], fields: [&mut Vec<Value>; 2]) -> Vec<Id> {
        let files = uploads.iter().filter_map(|id| self.files.get(id));
        let named: Vec<(Id, String, String)> = files
            .map(|file| {
                let address = format!("{base}{}?ex=0&is=0&hm=0", file.path());
                (file.id, format!("attachment://{}", file.name), address)
            })
            .collect();
        let mut shown = Vec::new();
        for value in fields.into_iter().flatten() {
            replace(value, &named, &mut shown);
        }
        shown
    }
}

fn replace(value: &mut Value, named: &[(Id, String, String)], shown: &mut Vec<Id>) {
    match value {
        Value::String(text) => {
            if let Some((id, _, address)) = named.iter().find(|(_, name, _)| name == text) {
                text.clone_from(address);
                shown.push(*id);
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|it| replace(it, named, shown)),
        Value::Object(fields) => fields.values_mut().for_each(|it| replace(it, named, shown)),
        _ => {}
    }
}

fn without(mut all: Vec<Id>, shown: &[Id]) -> Vec<Id> {
    all.retain(|id| !shown.contains(id));
    all
}

/// A message of the old style turns into one of the new only when its words and embeds go.
fn may_turn_v2(message: &Message, body: &Value) -> Result<(), ApiError> {
    let mut errors = FormErrors::new();
    let stays = [
        ("content", !message.content.is_empty()),
        ("embeds", !message.embeds.is_empty()),
    ];
    for (key, is_there) in stays {
        if is_there && body.get(key).is_none() {
            let why = format!(
                "The '{key}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2"
            );
            errors.add(
                key,
                "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
                why,
            );
        }
    }
    Ok(errors.into_result()?)
}

fn would_be_empty(message: &Message, edit: &Edit, is_v2: bool) -> bool {
    let content = edit.content.as_ref().unwrap_or(&message.content);
    let embeds = edit.embeds.as_ref().unwrap_or(&message.embeds);
    let components = edit.components.as_ref().unwrap_or(&message.components);
    let attachments = edit.attachments.as_ref().unwrap_or(&message.attachments);
    let shows = !content.trim().is_empty()
        || !embeds.is_empty()
        || !attachments.is_empty()
        || (is_v2 && !components.is_empty());
    !shows
}
