//! What a slash command looks like to Discord: its parts and their bounds, written down beside
//! each command, and turned into Discord's JSON with names and descriptions in every language.
//! The words come from `i18n`, under the path of the part (`name-stage-open`, `about-stage-open`).

use crate::i18n::{Locale, Words};
use serde_json::{Map, Value, json};

/// Discord's numbers for what an option is.
const SUBCOMMAND: u8 = 1;
const TEXT: u8 = 3;
const NUMBER: u8 = 4;
const MEMBER: u8 = 6;
const FILE: u8 = 11;

/// A command, a subcommand or an option.
#[derive(Clone, Debug)]
pub(super) struct Part {
    /// `None` for a command itself.
    kind: Option<u8>,
    /// The name in code and in English.
    name: &'static str,
    required: bool,
    parts: Vec<Part>,
    /// Further fields of Discord's form.
    bounds: Map<String, Value>,
    /// The key of each choice's words, and what is sent for it.
    choices: Vec<(&'static str, Value)>,
}

impl Part {
    fn new(kind: Option<u8>, name: &'static str) -> Part {
        Part {
            kind,
            name,
            required: false,
            parts: Vec::new(),
            bounds: Map::new(),
            choices: Vec::new(),
        }
    }

    pub(super) fn command(name: &'static str) -> Part {
        Part::new(None, name)
    }

    pub(super) fn sub(name: &'static str) -> Part {
        Part::new(Some(SUBCOMMAND), name)
    }

    /// Words, of at most so many characters.
    pub(super) fn text(name: &'static str, limit: usize) -> Part {
        Part::new(Some(TEXT), name).bound("max_length", limit)
    }

    /// A whole number.
    pub(super) fn number(name: &'static str, least: u32, most: u32) -> Part {
        Part::new(Some(NUMBER), name)
            .bound("min_value", least)
            .bound("max_value", most)
    }

    pub(super) fn member(name: &'static str) -> Part {
        Part::new(Some(MEMBER), name)
    }

    pub(super) fn file(name: &'static str) -> Part {
        Part::new(Some(FILE), name)
    }

    /// One of a few texts; each choice by the key of its words and what is sent for it.
    pub(super) fn choice(name: &'static str, choices: &[(&'static str, &str)]) -> Part {
        let mut part = Part::new(Some(TEXT), name);
        part.choices = choices
            .iter()
            .map(|(key, value)| (*key, json!(value)))
            .collect();
        part
    }

    /// The bot is asked for suggestions while it is typed.
    pub(super) fn suggested(self) -> Part {
        self.bound("autocomplete", true)
    }

    pub(super) fn required(mut self) -> Part {
        self.required = true;
        self
    }

    pub(super) fn with(mut self, part: Part) -> Part {
        self.parts.push(part);
        self
    }

    fn bound(mut self, field: &str, value: impl Into<Value>) -> Part {
        self.bounds.insert(field.to_owned(), value.into());
        self
    }

    /// The whole definition as Discord wants it. Commands are for guilds only.
    pub(super) fn definition(&self, words: &Words) -> Value {
        let mut form = self.form(words, "");
        form.insert("type".to_owned(), json!(1));
        form.insert("contexts".to_owned(), json!([0]));
        form.insert("integration_types".to_owned(), json!([0]));
        Value::Object(form)
    }

    fn form(&self, words: &Words, above: &str) -> Map<String, Value> {
        let path = format!("{above}-{}", self.name);
        let mut form = self.bounds.clone();
        form.insert("name".to_owned(), json!(self.name));
        let (own, other) = in_all(words, &format!("about{path}"));
        form.insert("description".to_owned(), json!(own));
        form.insert("description_localizations".to_owned(), other);
        let (_, names) = in_all(words, &format!("name{path}"));
        form.insert("name_localizations".to_owned(), names);
        if let Some(kind) = self.kind {
            form.insert("type".to_owned(), json!(kind));
        }
        if self.required {
            form.insert("required".to_owned(), json!(true));
        }
        if !self.choices.is_empty() {
            let choices = self.choices.iter().map(|(key, value)| {
                let (own, other) = in_all(words, key);
                json!({ "name": own, "name_localizations": other, "value": value })
            });
            form.insert("choices".to_owned(), choices.collect());
        }
        if !self.parts.is_empty() {
            let parts = self
                .parts
                .iter()
                .map(|part| Value::Object(part.form(words, &path)));
            form.insert("options".to_owned(), parts.collect());
        }
        form
    }
}

/// The English words of a key, and the others by Discord's locale.
fn in_all(words: &Words, key: &str) -> (String, Value) {
    let other: Map<String, Value> = Locale::ALL
        .into_iter()
        .filter(|locale| *locale != Locale::En)
        .map(|locale| (locale.tag().to_owned(), json!(words.say(locale, key, &[]))))
        .collect();
    (words.say(Locale::En, key, &[]), Value::Object(other))
}
