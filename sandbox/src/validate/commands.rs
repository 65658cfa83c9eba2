//! Application commands as they are registered: names, options, choices, localisations and sizes.
//! It does not know which commands exist already.

use std::collections::HashSet;

use serde_json::Value;

use super::form::Form;
use crate::error::ApiError;

/// The locales of Discord's reference.
pub const LOCALES: [&str; 32] = [
    "id", "da", "de", "en-GB", "en-US", "es-ES", "es-419", "fr", "hr", "it", "lt", "hu", "nl",
    "no", "pl", "pt-BR", "ro", "fi", "sv-SE", "vi", "tr", "cs", "el", "bg", "ru", "uk", "hi", "th",
    "zh-CN", "ja", "zh-TW", "ko",
];

const NAME_LIMIT: usize = 32;
const DESCRIPTION_LIMIT: usize = 100;
const OPTIONS_LIMIT: usize = 25;
const CHOICES_LIMIT: usize = 25;
const CHOICE_TEXT_LIMIT: usize = 100;
/// Characters of names, descriptions and choice values of one command; the longest localisation counts.
const SIZE_LIMIT: usize = 8000;
/// The largest whole number a double holds without gaps.
const INTEGER_LIMIT: i64 = 1 << 53;

const CHAT_INPUT: i64 = 1;
const SUBCOMMAND: i64 = 1;
const GROUP: i64 = 2;
const STRING: i64 = 3;
const INTEGER: i64 = 4;
const CHANNEL: i64 = 7;
const NUMBER: i64 = 10;

/// Where a command is registered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CommandScope {
    Global,
    Guild,
}

/// One command, created.
pub fn command(body: &Value, scope: CommandScope) -> Result<(), ApiError> {
    Form::check(body, |form| one(form, scope, None))
}

/// One command, changed: what is absent stays. `kind` is the type of the command, which cannot
/// change.
pub fn command_edit(body: &Value, kind: i64, scope: CommandScope) -> Result<(), ApiError> {
    Form::check(body, |form| one(form, scope, Some(kind)))
}

/// A bulk overwrite: every command of the scope.
pub fn commands(body: &Value, scope: CommandScope) -> Result<(), ApiError> {
    for (kind, limit) in [(1, 100), (2, 15), (3, 15), (4, 1)] {
        let of_kind = |command: &&Value| {
            command
                .get("type")
                .and_then(Value::as_i64)
                .unwrap_or(CHAT_INPUT)
                == kind
        };
        if body
            .as_array()
            .into_iter()
            .flatten()
            .filter(of_kind)
            .count()
            > limit
        {
            let message = format!("Maximum number of application commands reached ({limit}).");
            return Err(ApiError::new(400, 30032, message));
        }
    }
    Form::check(body, |form| {
        let mut names = HashSet::new();
        for command in form.list(0..=131) {
            one(&command, scope, None);
            let kind = command
                .value
                .get("type")
                .and_then(Value::as_i64)
                .unwrap_or(CHAT_INPUT);
            let name = command
                .value
                .get("name")
                .and_then(Value::as_str)
                .unwrap_or_default();
            if !names.insert((kind, name.to_owned())) {
                command.get("name").complain(
                    "APPLICATION_COMMANDS_DUPLICATE_NAME",
                    "Application command names must be unique",
                );
            }
        }
    })
}

fn one(form: &Form<'_>, scope: CommandScope, edited: Option<i64>) {
    if !form.clone().required().is_model() {
        return;
    }
    let chosen = form.get("type").one_of(&[1, 2, 3, 4]);
    let kind = edited.or(chosen).unwrap_or(CHAT_INPUT);
    let is_new = edited.is_none();
    let size = if kind == CHAT_INPUT {
        let name = if is_new || form.value.get("name").is_some() {
            name(form)
        } else {
            0
        };
        let described = is_new || form.value.get("description").is_some();
        let description = if described { description(form) } else { 0 };
        name + description + options(&form.get("options"), Level::Command)
    } else {
        if is_new {
            form.get("name").required().text(1..=NAME_LIMIT);
        }
        let described = form.get("description");
        if described.value.as_str() != Some("") {
            described.forbidden(
                "APPLICATION_COMMAND_CONTEXT_MENU_DESCRIPTION",
                "Context menu commands cannot have description",
            );
        }
        0
    };
    if size > SIZE_LIMIT {
        form.complain(
            "APPLICATION_COMMAND_TOO_LARGE",
            format!("Command exceeds maximum size ({SIZE_LIMIT})"),
        );
    }
    placement(form, scope);
}

fn placement(form: &Form<'_>, scope: CommandScope) {
    let permissions = form.get("default_member_permissions");
    permissions.snowflake();
    form.get("dm_permission").flag();
    form.get("nsfw").flag();
    for (key, choices) in [
        ("contexts", &[0, 1, 2][..]),
        ("integration_types", &[0, 1][..]),
    ] {
        let field = form.get(key);
        if scope == CommandScope::Guild {
            field.forbidden(
                "APPLICATION_COMMAND_GUILD_FIELD",
                "This field can only be set for global commands",
            );
            continue;
        }
        let mut seen = HashSet::new();
        for place in field.list(0..=3) {
            if place
                .one_of(choices)
                .is_some_and(|place| !seen.insert(place))
            {
                place.complain(
                    "SET_TYPE_ALREADY_CONTAINS_VALUE",
                    "The set already contains this value",
                );
            }
        }
    }
}

/// Checks a name with its localisations; the length that counts.
fn name(form: &Form<'_>) -> usize {
    let check = |field: &Form<'_>| {
        let length = field.text(1..=NAME_LIMIT).map(|text| {
            if !text.is_empty() && !is_command_name(text) {
                field.complain(
                    "APPLICATION_COMMAND_INVALID_NAME",
                    "Command name is invalid",
                );
            }
            text.chars().count()
        });
        length.unwrap_or(0)
    };
    let plain = check(&form.get("name").required());
    plain.max(localised(&form.get("name_localizations"), check))
}

fn description(form: &Form<'_>) -> usize {
    let check = |field: &Form<'_>| {
        let text = field.text(1..=DESCRIPTION_LIMIT);
        text.map_or(0, |text| text.chars().count())
    };
    let plain = check(&form.get("description").required());
    plain.max(localised(&form.get("description_localizations"), check))
}

fn localised(form: &Form<'_>, check: impl Fn(&Form<'_>) -> usize) -> usize {
    let mut longest = 0;
    for (locale, text) in form.entries() {
        if !LOCALES.contains(&locale) {
            text.complain("BASE_TYPE_CHOICES", "This locale is not supported");
        }
        longest = longest.max(check(&text));
    }
    longest
}

/// `^[-_'\p{L}\p{N}\p{sc=Deva}\p{sc=Thai}]{1,32}$`, with no character that has a lower case of its
/// own. Combining marks of other scripts, which are alphabetic but no letters, pass here.
fn is_command_name(text: &str) -> bool {
    let fits = |c: char| {
        matches!(c, '-' | '_' | '\'')
            || c.is_alphanumeric()
            || matches!(c, '\u{900}'..='\u{963}' | '\u{966}'..='\u{97F}' | '\u{A8E0}'..='\u{A8FF}')
            || matches!(c, '\u{E01}'..='\u{E3A}' | '\u{E40}'..='\u{E5B}')
    };
    text.chars().all(fits) && text.to_lowercase() == text
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Level {
    Command,
    Group,
    Subcommand,
}

/// Checks a list of options; the characters that count towards the command's size.
fn options(list: &Form<'_>, level: Level) -> usize {
    let items = list.list(0..=OPTIONS_LIMIT);
    let mut names = HashSet::new();
    let mut optional_seen = false;
    let mut size = 0;
    let nested = |item: &Form<'_>| {
        matches!(
            item.value.get("type").and_then(Value::as_i64),
            Some(SUBCOMMAND | GROUP)
        )
    };
    let is_mixed = items.iter().any(nested) && !items.iter().all(nested);
    if is_mixed {
        list.complain(
            "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID",
            "Sub-command and sub-command group option types are mutually exclusive to all other types",
        );
    }
    for item in items {
        size += option(&item, level);
        let text = item
            .value
            .get("name")
            .and_then(Value::as_str)
            .unwrap_or_default();
        if !names.insert(text.to_owned()) {
            item.get("name").complain(
                "APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS",
                "Option names must be unique",
            );
        }
        let is_required = item.get("required").flag() == Some(true);
        if is_required && optional_seen {
            item.complain(
                "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID",
                "Required options must be placed before non-required options",
            );
        }
        optional_seen |= !is_required && !nested(&item);
    }
    size
}

fn option(form: &Form<'_>, level: Level) -> usize {
    if !form.clone().required().is_model() {
        return 0;
    }
    let allowed: &[i64] = match level {
        Level::Command => &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11],
        Level::Group => &[SUBCOMMAND],
        Level::Subcommand => &[3, 4, 5, 6, 7, 8, 9, 10, 11],
    };
    let kind = form.get("type").required().one_of(allowed);
    let size = name(form) + description(form);
    let nested = form.get("options");
    match kind {
        Some(SUBCOMMAND) => size + options(&nested, Level::Subcommand),
        Some(GROUP) => {
            nested.clone().required().list(1..=OPTIONS_LIMIT);
            size + options(&nested, Level::Group)
        }
        Some(kind) => {
            nested.forbidden(
                "APPLICATION_COMMAND_OPTIONS_NOT_ALLOWED",
                "This option type has no options",
            );
            size + value_option(form, kind)
        }
        None => size,
    }
}

fn value_option(form: &Form<'_>, kind: i64) -> usize {
    let list = form.get("choices");
    let has_choices = list.value.as_array().is_some_and(|items| !items.is_empty());
    let completes = form.get("autocomplete").flag() == Some(true);
    let takes_text = matches!(kind, STRING | INTEGER | NUMBER);
    if has_choices && !takes_text {
        list.complain(
            "APPLICATION_COMMAND_OPTIONS_CHOICES_INVALID",
            "This option type has no choices",
        );
    }
    if completes && (has_choices || !takes_text) {
        form.get("autocomplete").complain(
            "APPLICATION_COMMAND_OPTIONS_AUTOCOMPLETE_INVALID",
            "Autocomplete goes with text and numbers without choices only",
        );
    }
    bounds(form, kind);
    for channel_type in form.get("channel_types").list(0..=20) {
        channel_type.int(0..=16);
    }
    if kind != CHANNEL {
        let types = form.get("channel_types");
        if types
            .value
            .as_array()
            .is_some_and(|types| !types.is_empty())
        {
            types.complain(
                "APPLICATION_COMMAND_OPTIONS_CHANNEL_TYPES_INVALID",
                "Only a channel option has channel types",
            );
        }
    }
    for file_type in form.get("file_types").list(0..=10) {
        file_type.text(1..=32);
    }
    let mut names = HashSet::new();
    list.list(0..=CHOICES_LIMIT)
        .iter()
        .map(|item| choice(item, kind, &mut names))
        .sum()
}

fn bounds(form: &Form<'_>, kind: i64) {
    let wrong = "This bound does not go with the type of the option";
    for key in ["min_value", "max_value"] {
        let bound = form.get(key);
        match kind {
            INTEGER => {
                bound.int(-INTEGER_LIMIT..=INTEGER_LIMIT);
            }
            NUMBER => {
                bound.number();
            }
            _ => bound.forbidden("APPLICATION_COMMAND_OPTIONS_BOUND_INVALID", wrong),
        }
    }
    for (key, least) in [("min_length", 0), ("max_length", 1)] {
        let bound = form.get(key);
        if kind == STRING {
            bound.int(least..=6000);
        } else {
            bound.forbidden("APPLICATION_COMMAND_OPTIONS_BOUND_INVALID", wrong);
        }
    }
}

fn choice(form: &Form<'_>, kind: i64, names: &mut HashSet<String>) -> usize {
    if !form.clone().required().is_model() {
        return 0;
    }
    let check = |field: &Form<'_>| {
        let text = field.text(1..=CHOICE_TEXT_LIMIT);
        text.map_or(0, |text| text.chars().count())
    };
    let field = form.get("name").required();
    let plain = check(&field);
    if let Some(text) = field.value.as_str()
        && !names.insert(text.to_owned())
    {
        field.complain(
            "APPLICATION_COMMAND_OPTIONS_CHOICE_NAME_ALREADY_EXISTS",
            "Choice names must be unique",
        );
    }
    let name = plain.max(localised(&form.get("name_localizations"), check));
    let value = form.get("value").required();
    let counted = match kind {
        STRING => value
            .text(0..=CHOICE_TEXT_LIMIT)
            .map_or(0, |text| text.chars().count()),
        INTEGER => {
            value.int(-INTEGER_LIMIT..=INTEGER_LIMIT);
            value.value.to_string().len()
        }
        _ => {
            value.number();
            value.value.to_string().len()
        }
    };
    name + counted
}

#[cfg(test)]
mod tests;
