//! The form of a modal: title, labels and what may stand in them. It does not know who submits it.

use super::components::{CUSTOM_ID_LIMIT, OPTIONS_LIMIT, Seen, kind, options, select};
use super::form::Form;

const TITLE_LIMIT: usize = 45;
const COMPONENTS_LIMIT: usize = 5;
const LABEL_LIMIT: usize = 45;
const DESCRIPTION_LIMIT: usize = 100;
const INPUT_LIMIT: usize = 4000;
const PLACEHOLDER_LIMIT: usize = 100;
const TEXT_LIMIT: usize = 4000;
const GROUP_LIMIT: usize = 10;

const ROW: i64 = 1;
const TEXT_INPUT: i64 = 4;
const TEXT_DISPLAY: i64 = 10;
const LABEL: i64 = 18;
const FILE_UPLOAD: i64 = 19;
const RADIO_GROUP: i64 = 21;
const CHECKBOX_GROUP: i64 = 22;
const CHECKBOX: i64 = 23;
const IN_LABEL: [i64; 10] = [
    3,
    TEXT_INPUT,
    5,
    6,
    7,
    8,
    FILE_UPLOAD,
    RADIO_GROUP,
    CHECKBOX_GROUP,
    CHECKBOX,
];

/// Checks the `data` of a modal callback.
pub(super) fn modal(data: &Form<'_>) {
    if !data.is_model() {
        return;
    }
    data.get("custom_id").required().text(1..=CUSTOM_ID_LIMIT);
    data.get("title").required().text(1..=TITLE_LIMIT);
    let seen = Seen::default();
    for component in data.get("components").required().list(1..=COMPONENTS_LIMIT) {
        let Some(kind) = kind(&component, &[ROW, TEXT_DISPLAY, LABEL]) else {
            continue;
        };
        seen.component(&component);
        match kind {
            ROW => row(&component, &seen),
            LABEL => label(&component, &seen),
            _ => {
                component.get("content").required().text(1..=TEXT_LIMIT);
            }
        }
    }
}

fn row(form: &Form<'_>, seen: &Seen) {
    for child in form.get("components").required().list(1..=1) {
        if kind(&child, &[TEXT_INPUT]).is_some() {
            seen.component(&child);
            child.get("label").required().text(1..=LABEL_LIMIT);
            text_input(&child, seen);
        }
    }
}

fn label(form: &Form<'_>, seen: &Seen) {
    form.get("label").required().text(1..=LABEL_LIMIT);
    form.get("description").text(0..=DESCRIPTION_LIMIT);
    let child = form.get("component");
    let Some(kind) = kind(&child, &IN_LABEL) else {
        return;
    };
    seen.component(&child);
    child.get("required").flag();
    match kind {
        TEXT_INPUT => {
            child.get("label").forbidden(
                "COMPONENT_LABEL_NOT_ALLOWED",
                "The label stands around the text input",
            );
            text_input(&child, seen);
        }
        FILE_UPLOAD => {
            seen.custom_id(&child);
            child.get("min_values").int(0..=10);
            child.get("max_values").int(1..=10);
        }
        RADIO_GROUP => group(&child, seen, 2),
        CHECKBOX_GROUP => group(&child, seen, 1),
        CHECKBOX => {
            seen.custom_id(&child);
            child.get("default").flag();
        }
        _ => select(&child, kind, seen, OPTIONS_LIMIT),
    }
}

fn group(form: &Form<'_>, seen: &Seen, least: usize) {
    seen.custom_id(form);
    options(&form.get("options"), least..=GROUP_LIMIT);
}

fn text_input(form: &Form<'_>, seen: &Seen) {
    seen.custom_id(form);
    form.get("style").required().one_of(&[1, 2]);
    let most = 4000;
    let least = form.get("min_length").int(0..=most).unwrap_or(0);
    let longest = form.get("max_length").int(1..=most).unwrap_or(most);
    if least > longest {
        form.get("min_length").complain(
            "TEXT_INPUT_COMPONENT_LENGTHS_INVALID",
            "Minimum length cannot exceed maximum length",
        );
    }
    form.get("required").flag();
    form.get("value").text(0..=INPUT_LIMIT);
    form.get("placeholder").text(0..=PLACEHOLDER_LIMIT);
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::callback::{Asked, callback};
    use super::super::form::codes;
    use crate::error::ApiError;

    fn show(data: &Value) -> Result<(), ApiError> {
        callback(&json!({ "type": 9, "data": data }), Asked::Command, 0)
    }

    fn input() -> Value {
        json!({ "type": 4, "custom_id": "i", "style": 1 })
    }

    fn labelled(label: &str, component: &Value) -> Value {
        json!({ "type": 18, "label": label, "component": component })
    }

    fn titled(title: usize, components: &[Value]) -> Value {
        json!({ "custom_id": "m", "title": "t".repeat(title), "components": components })
    }

    #[test]
    fn a_title_has_45_characters_and_there_are_one_to_five_components() {
        let note = json!({ "type": 10, "content": "x" });
        let notes = |count| vec![note.clone(); count];
        assert_eq!(show(&titled(45, &notes(5))), Ok(()));
        assert_eq!(
            codes(show(&titled(46, &notes(1))), "data.title"),
            ["BASE_TYPE_BAD_LENGTH"]
        );
        assert_eq!(
            codes(show(&titled(1, &notes(6))), "data.components"),
            ["BASE_TYPE_BAD_LENGTH"]
        );
        assert_eq!(
            codes(show(&titled(1, &[])), "data.components"),
            ["BASE_TYPE_BAD_LENGTH"]
        );
    }

    #[test]
    fn a_text_input_is_limited_by_name() {
        let place = "data.components.0.component";
        let with = |key: &str, value: Value| {
            let mut input = input();
            input[key] = value;
            show(&titled(1, &[labelled("l", &input)]))
        };
        assert_eq!(with("value", json!("v".repeat(4000))), Ok(()));
        for (key, value, code) in [
            ("value", json!("v".repeat(4001)), "BASE_TYPE_MAX_LENGTH"),
            (
                "placeholder",
                json!("p".repeat(101)),
                "BASE_TYPE_MAX_LENGTH",
            ),
            ("style", json!(3), "BASE_TYPE_CHOICES"),
            ("max_length", json!(4001), "NUMBER_TYPE_MAX"),
            ("min_length", json!(4001), "NUMBER_TYPE_MAX"),
            ("custom_id", Value::Null, "COMPONENT_CUSTOM_ID_REQUIRED"),
            ("label", json!("l"), "COMPONENT_LABEL_NOT_ALLOWED"),
        ] {
            assert_eq!(
                codes(with(key, value), &format!("{place}.{key}"))[0],
                code,
                "{key}"
            );
        }
    }

    #[test]
    fn labels_have_45_characters_in_both_styles() {
        let old = |label: usize| {
            let mut input = input();
            input["label"] = json!("l".repeat(label));
            show(&titled(1, &[json!({ "type": 1, "components": [input] })]))
        };
        assert_eq!(old(45), Ok(()));
        assert_eq!(
            codes(old(46), "data.components.0.components.0.label"),
            ["BASE_TYPE_BAD_LENGTH"]
        );
        assert_eq!(
            show(&titled(1, &[labelled(&"l".repeat(45), &input())])),
            Ok(())
        );
        let long = show(&titled(1, &[labelled(&"l".repeat(46), &input())]));
        assert_eq!(
            codes(long, "data.components.0.label"),
            ["BASE_TYPE_BAD_LENGTH"]
        );
    }

    #[test]
    fn a_button_has_no_place_in_a_modal() {
        let button = json!({ "type": 2, "style": 1, "label": "x", "custom_id": "x" });
        let refused = show(&titled(1, &[labelled("l", &button)]));
        assert_eq!(
            codes(refused, "data.components.0.component.type"),
            ["UNION_TYPE_CHOICES"]
        );
    }
}
