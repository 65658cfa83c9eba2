//! A message as somebody sees it.

use crate::world::Id;
use serde_json::Value;

/// A button or select of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Button {
    pub custom_id: String,
    pub label: String,
    pub is_disabled: bool,
}

/// A file of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeenFile {
    pub name: String,
    pub url: String,
}

/// A message as somebody sees it.
#[derive(Clone, Debug, PartialEq)]
#[expect(clippy::struct_excessive_bools, reason = "a message has as many sides")]
pub struct Seen {
    pub id: Id,
    pub channel_id: Id,
    pub author_id: Id,
    pub author: String,
    /// Everything there is to read, line by line: content, embeds, texts of components.
    pub text: String,
    pub buttons: Vec<Button>,
    pub files: Vec<SeenFile>,
    /// Emoji and how many gave it.
    pub reactions: Vec<(String, u64)>,
    /// Only the reader sees it.
    pub is_ephemeral: bool,
    /// The bot is thinking.
    pub is_thinking: bool,
    pub is_edited: bool,
    /// Whom it pings.
    pub mentions: Vec<Id>,
    pub pings_everyone: bool,
    /// Discord's JSON.
    pub raw: Value,
}

fn text_of(value: &Value, key: &str) -> String {
    value
        .get(key)
        .and_then(Value::as_str)
        .unwrap_or_default()
        .to_owned()
}

fn id_of(value: &Value, key: &str) -> Id {
    value
        .get(key)
        .and_then(Value::as_str)
        .and_then(|id| id.parse().ok())
        .unwrap_or(0)
}

fn list<'a>(value: &'a Value, key: &str) -> impl Iterator<Item = &'a Value> {
    value
        .get(key)
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
}

impl Seen {
    pub(super) fn of(raw: Value) -> Self {
        let author = raw.get("author").cloned().unwrap_or_default();
        let name = text_of(&author, "global_name");
        let flags = raw.get("flags").and_then(Value::as_u64).unwrap_or(0);
        let mut lines = vec![text_of(&raw, "content")];
        for embed in list(&raw, "embeds") {
            embed_lines(embed, &mut lines);
        }
        let mut buttons = Vec::new();
        for component in list(&raw, "components") {
            component_lines(component, &mut lines, &mut buttons);
        }
        lines.retain(|line| !line.is_empty());
        let file = |it: &Value| SeenFile {
            name: text_of(it, "filename"),
            url: text_of(it, "url"),
        };
        let reaction = |it: &Value| {
            let emoji = it
                .get("emoji")
                .map(|emoji| text_of(emoji, "name"))
                .unwrap_or_default();
            (emoji, it.get("count").and_then(Value::as_u64).unwrap_or(0))
        };
        Self {
            id: id_of(&raw, "id"),
            channel_id: id_of(&raw, "channel_id"),
            author_id: id_of(&author, "id"),
            author: if name.is_empty() {
                text_of(&author, "username")
            } else {
                name
            },
            text: lines.join("\n"),
            buttons,
            files: list(&raw, "attachments").map(file).collect(),
            reactions: list(&raw, "reactions").map(reaction).collect(),
            is_ephemeral: flags & (1 << 6) != 0,
            is_thinking: flags & (1 << 7) != 0,
            is_edited: raw.get("edited_timestamp").is_some_and(|it| !it.is_null()),
            mentions: list(&raw, "mentions").map(|it| id_of(it, "id")).collect(),
            pings_everyone: raw
                .get("mention_everyone")
                .and_then(Value::as_bool)
                .unwrap_or(false),
            raw,
        }
    }

    /// The button whose label or id contains these words.
    pub fn button(&self, words: &str) -> Option<&Button> {
        self.buttons
            .iter()
            .find(|it| it.label.contains(words) || it.custom_id.contains(words))
    }

    pub fn says(&self, words: &str) -> bool {
        self.text.contains(words)
    }

    /// How many gave this reaction.
    pub fn reacted(&self, emoji: &str) -> u64 {
        let found = self.reactions.iter().find(|(it, _)| it == emoji);
        found.map_or(0, |(_, count)| *count)
    }
}

fn embed_lines(embed: &Value, lines: &mut Vec<String>) {
    if let Some(author) = embed.get("author") {
        lines.push(text_of(author, "name"));
    }
    lines.push(text_of(embed, "title"));
    lines.push(text_of(embed, "description"));
    for field in list(embed, "fields") {
        lines.push(format!(
            "{}: {}",
            text_of(field, "name"),
            text_of(field, "value")
        ));
    }
    if let Some(footer) = embed.get("footer") {
        lines.push(text_of(footer, "text"));
    }
}

/// Text displays and labels in their order; buttons and selects of any depth.
fn component_lines(component: &Value, lines: &mut Vec<String>, buttons: &mut Vec<Button>) {
    let kind = component.get("type").and_then(Value::as_u64).unwrap_or(0);
    if kind == 10 {
        lines.push(text_of(component, "content"));
    }
    if matches!(kind, 2 | 3 | 5..=8) {
        let emoji = component
            .get("emoji")
            .map(|it| text_of(it, "name"))
            .unwrap_or_default();
        let label = [
            emoji,
            text_of(component, "label"),
            text_of(component, "placeholder"),
        ];
        buttons.push(Button {
            custom_id: text_of(component, "custom_id"),
            label: label.join(" ").trim().to_owned(),
            is_disabled: component
                .get("disabled")
                .and_then(Value::as_bool)
                .unwrap_or(false),
        });
    }
    for inner in list(component, "components") {
        component_lines(inner, lines, buttons);
    }
    if let Some(accessory) = component.get("accessory") {
        component_lines(accessory, lines, buttons);
    }
}
