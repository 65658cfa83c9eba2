//! The answer to an interaction: which callback types it may have and what each must hold. It does
//! not know whether the interaction still waits for an answer.

use serde_json::Value;

use super::components::IS_COMPONENTS_V2;
use super::form::Form;
use super::message::{self, EPHEMERAL};
use super::modal::modal;
use crate::error::ApiError;

const CHOICES_LIMIT: usize = 25;
const CHOICE_TEXT_LIMIT: usize = 100;
/// `SUPPRESS_EMBEDS`, `EPHEMERAL`, `SUPPRESS_NOTIFICATIONS`, `IS_VOICE_MESSAGE`, `IS_COMPONENTS_V2`.
const MESSAGE_FLAGS: i64 = 1 << 2 | EPHEMERAL | 1 << 12 | 1 << 13 | IS_COMPONENTS_V2;

/// What is being answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    Ping,
    Command,
    Autocomplete,
    /// A button or select; `is_v2` says of which style the message is that it stands on.
    Component {
        is_v2: bool,
    },
    /// A modal; from a message if a component opened it.
    Modal {
        from_message: bool,
        is_v2: bool,
    },
}

impl Asked {
    fn callback_types(self) -> &'static [i64] {
        match self {
            Self::Ping => &[1],
            Self::Command => &[4, 5, 9, 12],
            Self::Autocomplete => &[8],
            Self::Component { .. } => &[4, 5, 6, 7, 9, 12],
            Self::Modal {
                from_message: true, ..
            } => &[4, 5, 6, 7, 12],
            Self::Modal { .. } => &[4, 5, 12],
        }
    }
}

/// `POST /interactions/{id}/{token}/callback`. `files` is the number of uploaded files.
pub fn callback(body: &Value, asked: Asked, files: usize) -> Result<(), ApiError> {
    let mut is_empty = false;
    Form::check(body, |form| {
        let kind = form.get("type").required().one_of(asked.callback_types());
        let data = form.get("data");
        match kind {
            Some(4) => {
                let data = data.required();
                flags(&data, MESSAGE_FLAGS);
                message::fields(&data, files, false);
                is_empty = data.is_model() && message::is_empty(data.value, files);
            }
            Some(5) if data.is_model() => flags(&data, EPHEMERAL),
            Some(7) if data.is_model() => {
                let is_v2 = matches!(
                    asked,
                    Asked::Component { is_v2: true } | Asked::Modal { is_v2: true, .. }
                );
                message::fields(&data, files, is_v2);
            }
            Some(8) => choices(&data.required().get("choices").required()),
            Some(9) => modal(&data.required()),
            _ => {}
        }
    })?;
    if is_empty {
        return Err(ApiError::empty_message());
    }
    Ok(())
}

fn flags(data: &Form<'_>, allowed: i64) {
    let field = data.get("flags");
    if let Some(flags) = field.int(0..=i64::from(u32::MAX))
        && flags & !allowed != 0
    {
        field.complain(
            "FLAGS_INVALID",
            "The provided flags are not allowed for this response",
        );
    }
}

fn choices(list: &Form<'_>) {
    for choice in list.list(0..=CHOICES_LIMIT) {
        if !choice.clone().required().is_model() {
            continue;
        }
        choice.get("name").required().text(1..=CHOICE_TEXT_LIMIT);
        let value = choice.get("value").required();
        if value.value.is_string() {
            value.text(0..=CHOICE_TEXT_LIMIT);
        } else {
            value.number();
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::form::codes;
    use super::*;

    const COMPONENT: Asked = Asked::Component { is_v2: false };
    const MODAL: Asked = Asked::Modal {
        from_message: false,
        is_v2: false,
    };

    #[test]
    fn each_interaction_has_its_answers() {
        for (asked, fitting) in [
            (Asked::Ping, vec![1]),
            (Asked::Command, vec![5]),
            (COMPONENT, vec![5, 6]),
            (MODAL, vec![5]),
        ] {
            for kind in 0..=13 {
                let answer = callback(&json!({ "type": kind }), asked, 0);
                if fitting.contains(&kind) {
                    assert_eq!(answer, Ok(()), "{asked:?} {kind}");
                }
                if !asked.callback_types().contains(&kind) {
                    assert_eq!(
                        codes(answer, "type"),
                        ["BASE_TYPE_CHOICES"],
                        "{asked:?} {kind}"
                    );
                }
            }
        }
    }

    #[test]
    fn a_deferred_answer_takes_the_ephemeral_flag_only() {
        let with = |flags| {
            callback(
                &json!({ "type": 5, "data": { "flags": flags } }),
                Asked::Command,
                0,
            )
        };
        assert_eq!(with(EPHEMERAL), Ok(()));
        assert_eq!(
            codes(with(IS_COMPONENTS_V2), "data.flags"),
            ["FLAGS_INVALID"]
        );
    }

    #[test]
    fn a_message_answer_is_judged_as_a_message() {
        let with = |data| callback(&json!({ "type": 4, "data": data }), Asked::Command, 0);
        assert_eq!(with(json!({ "content": "x", "flags": 64 })), Ok(()));
        assert_eq!(
            codes(with(json!({ "content": "x".repeat(2001) })), "data.content"),
            ["BASE_TYPE_MAX_LENGTH"]
        );
        assert_eq!(codes(with(Value::Null), "data"), ["BASE_TYPE_REQUIRED"]);
        assert_eq!(with(json!({ "flags": 64 })).unwrap_err().code, 50006);
    }

    #[test]
    fn an_update_keeps_the_style_of_the_message() {
        let body = json!({ "type": 7, "data": { "content": "x" } });
        assert_eq!(callback(&body, COMPONENT, 0), Ok(()));
        assert!(callback(&body, Asked::Component { is_v2: true }, 0).is_err());
    }

    #[test]
    fn autocomplete_offers_25_choices_of_100_characters() {
        let offer = |count: usize, name: usize, value: Value| {
            let choice = json!({ "name": "n".repeat(name), "value": value });
            callback(
                &json!({ "type": 8, "data": { "choices": vec![choice; count] } }),
                Asked::Autocomplete,
                0,
            )
        };
        assert_eq!(offer(25, 100, json!("v".repeat(100))), Ok(()));
        assert_eq!(offer(0, 1, json!(1)), Ok(()));
        assert_eq!(
            codes(offer(26, 1, json!("v")), "data.choices"),
            ["BASE_TYPE_MAX_LENGTH"]
        );
        assert_eq!(
            codes(offer(1, 0, json!("v")), "data.choices.0.name"),
            ["BASE_TYPE_REQUIRED"]
        );
        assert_eq!(
            codes(offer(1, 101, json!("v")), "data.choices.0.name"),
            ["BASE_TYPE_BAD_LENGTH"]
        );
        assert_eq!(
            codes(offer(1, 1, json!("v".repeat(101))), "data.choices.0.value"),
            ["BASE_TYPE_MAX_LENGTH"]
        );
    }
}
