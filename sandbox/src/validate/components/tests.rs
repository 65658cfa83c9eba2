//! Each limit of a component from both sides.

use serde_json::{Value, json};

use super::super::form::{Form, codes};
use super::{new_style, rows};
use crate::error::ApiError;

fn old(components: &Value) -> Result<(), ApiError> {
    let body = json!({ "components": components });
    Form::check(&body, |form| rows(&form.get("components")))
}

fn new(components: &Value) -> Result<(), ApiError> {
    let body = json!({ "components": components });
    Form::check(&body, |form| new_style(&form.get("components")))
}

fn row(children: &[Value]) -> Value {
    json!({ "type": 1, "components": children })
}

fn button(custom_id: &str) -> Value {
    json!({ "type": 2, "style": 1, "label": "x", "custom_id": custom_id })
}

fn with(mut component: Value, key: &str, value: Value) -> Value {
    component[key] = value;
    component
}

fn select(options: usize) -> Value {
    let options: Vec<_> = (0..options)
        .map(|n| json!({ "label": "l", "value": n.to_string() }))
        .collect();
    json!({ "type": 3, "custom_id": "s", "options": options })
}

fn buttons(count: usize, tag: &str) -> Vec<Value> {
    (0..count).map(|n| button(&format!("{tag}{n}"))).collect()
}

#[test]
fn there_are_at_most_five_rows_of_five_buttons() {
    let grid = |rows: usize, width| -> Value {
        (0..rows)
            .map(|r| row(&buttons(width, &format!("{r}-"))))
            .collect()
    };
    assert_eq!(old(&grid(5, 5)), Ok(()));
    assert_eq!(
        codes(old(&grid(6, 1)), "components"),
        ["BASE_TYPE_MAX_LENGTH"]
    );
    assert_eq!(
        codes(old(&grid(1, 6)), "components.0.components"),
        ["BASE_TYPE_BAD_LENGTH"]
    );
    assert_eq!(
        codes(old(&grid(1, 0)), "components.0.components"),
        ["BASE_TYPE_BAD_LENGTH"]
    );
}

fn link() -> Value {
    json!({ "type": 2, "style": 5, "label": "x", "url": "https://a.example" })
}

fn long_url(length: usize) -> String {
    format!("https://a.example/{}", "x".repeat(length - 18))
}

#[test]
fn a_button_may_be_as_long_as_its_limits() {
    let plain = || button("a");
    for good in [
        with(plain(), "label", json!("l".repeat(80))),
        with(plain(), "custom_id", json!("c".repeat(100))),
        with(plain(), "emoji", json!({ "name": "🔥" })),
        with(link(), "url", json!(long_url(512))),
    ] {
        assert_eq!(old(&json!([row(&[good])])), Ok(()));
    }
}

#[test]
fn a_button_is_refused_for_what_is_wrong_with_it() {
    let plain = || button("a");
    for (bad, key, code) in [
        (
            with(plain(), "label", json!("l".repeat(81))),
            "label",
            "BASE_TYPE_MAX_LENGTH",
        ),
        (
            with(plain(), "custom_id", json!("c".repeat(101))),
            "custom_id",
            "BASE_TYPE_BAD_LENGTH",
        ),
        (
            with(plain(), "custom_id", Value::Null),
            "custom_id",
            "COMPONENT_CUSTOM_ID_REQUIRED",
        ),
        (
            with(plain(), "style", json!(7)),
            "style",
            "BASE_TYPE_CHOICES",
        ),
        (
            with(plain(), "emoji", json!({ "name": "fire" })),
            "emoji.name",
            "COMPONENT_INVALID_EMOJI",
        ),
        (
            with(plain(), "url", json!("https://a.example")),
            "url",
            "BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE",
        ),
        (
            with(plain(), "label", json!("")),
            "",
            "BUTTON_COMPONENT_INVALID_LABEL",
        ),
        (
            with(plain(), "type", json!(4)),
            "type",
            "UNION_TYPE_CHOICES",
        ),
        (
            with(link(), "url", json!(long_url(513))),
            "url",
            "BASE_TYPE_MAX_LENGTH",
        ),
        (
            with(link(), "url", json!("ftp://a.example")),
            "url",
            "URL_TYPE_INVALID_SCHEME",
        ),
        (
            with(link(), "custom_id", json!("a")),
            "custom_id",
            "BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE",
        ),
    ] {
        let path = format!("components.0.components.0.{key}");
        assert_eq!(
            codes(old(&json!([row(std::slice::from_ref(&bad))])), &path),
            [code],
            "{bad}"
        );
    }
}

#[test]
fn custom_ids_and_ids_are_unique_in_a_message() {
    let twice = old(&json!([row(&[button("a")]), row(&[button("a")])]));
    assert_eq!(
        codes(twice, "components.1.components.0.custom_id"),
        ["COMPONENT_CUSTOM_ID_DUPLICATED"]
    );
    let numbered = |name| with(button(name), "id", json!(7));
    let twice = old(&json!([row(&[numbered("a"), numbered("b")])]));
    assert_eq!(
        codes(twice, "components.0.components.1.id"),
        ["COMPONENT_ID_DUPLICATED"]
    );
}

#[test]
fn a_select_stands_alone_and_has_1_to_25_options() {
    assert_eq!(old(&json!([row(&[select(25)])])), Ok(()));
    let at = |select: Value| old(&json!([row(&[select])]));
    let base = "components.0.components.0";
    assert_eq!(
        codes(at(select(26)), &format!("{base}.options")),
        ["BASE_TYPE_BAD_LENGTH"]
    );
    assert_eq!(
        codes(at(select(0)), &format!("{base}.options")),
        ["BASE_TYPE_BAD_LENGTH"]
    );
    let crowd = old(&json!([row(&[select(1), button("a")])]));
    assert_eq!(
        codes(crowd, "components.0.components"),
        ["COMPONENT_LAYOUT_WIDTH_EXCEEDED"]
    );
}

#[test]
fn a_select_is_refused_for_what_is_wrong_with_it() {
    let at = |select: Value| old(&json!([row(&[select])]));
    let base = "components.0.components.0";
    assert_eq!(
        at(with(select(1), "placeholder", json!("p".repeat(150)))),
        Ok(())
    );
    for (bad, key, code) in [
        (
            with(select(1), "placeholder", json!("p".repeat(151))),
            "placeholder",
            "BASE_TYPE_MAX_LENGTH",
        ),
        (
            with(select(2), "min_values", json!(2)),
            "min_values",
            "SELECT_COMPONENT_MIN_VALUES_EXCEED_MAX",
        ),
        (
            with(select(2), "max_values", json!(26)),
            "max_values",
            "NUMBER_TYPE_MAX",
        ),
        (
            with(
                select(1),
                "options",
                json!([{ "label": "l".repeat(101), "value": "v" }]),
            ),
            "options.0.label",
            "BASE_TYPE_BAD_LENGTH",
        ),
        (
            with(
                select(1),
                "options",
                json!([{ "label": "l", "value": "v".repeat(101) }]),
            ),
            "options.0.value",
            "BASE_TYPE_BAD_LENGTH",
        ),
        (
            with(
                select(1),
                "options",
                json!([{ "label": "l", "value": "v", "description": "d".repeat(101) }]),
            ),
            "options.0.description",
            "BASE_TYPE_MAX_LENGTH",
        ),
        (
            with(
                select(1),
                "options",
                json!([{ "label": "l", "value": "v" }, { "label": "m", "value": "v" }]),
            ),
            "options.1.value",
            "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED",
        ),
    ] {
        assert_eq!(
            codes(at(bad.clone()), &format!("{base}.{key}")),
            [code],
            "{bad}"
        );
    }
}

#[test]
fn the_new_style_counts_nested_components_up_to_40() {
    let text = json!({ "type": 10, "content": "x" });
    // A container, a section with two texts and a button (five in all), and the rest.
    let tree = |rest: usize| {
        let section = json!({ "type": 9, "components": [text, text], "accessory": button("a") });
        let mut children = vec![section];
        children.extend(vec![text.clone(); rest]);
        json!([{ "type": 17, "components": children }])
    };
    assert_eq!(new(&tree(35)), Ok(()));
    assert_eq!(
        codes(new(&tree(36)), "components"),
        ["COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED"]
    );
}

#[test]
fn the_texts_of_the_new_style_are_4000_together() {
    let texts = |second: usize| {
        json!([{ "type": 10, "content": "x".repeat(3000) },
            { "type": 17, "components": [{ "type": 10, "content": "x".repeat(second) }] }])
    };
    assert_eq!(new(&texts(1000)), Ok(()));
    assert_eq!(
        codes(new(&texts(1001)), "components"),
        ["COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED"]
    );
}

#[test]
fn the_new_style_knows_what_may_stand_where() {
    let text = json!({ "type": 10, "content": "x" });
    for (bad, path, code) in [
        (button("a"), "type", "UNION_TYPE_CHOICES"),
        (
            json!({ "type": 17, "components": [{ "type": 17, "components": [text] }] }),
            "components.0.type",
            "UNION_TYPE_CHOICES",
        ),
        (
            json!({ "type": 9, "components": [text] }),
            "accessory",
            "BASE_TYPE_REQUIRED",
        ),
        (
            json!({ "type": 12, "items": [] }),
            "items",
            "BASE_TYPE_BAD_LENGTH",
        ),
        (
            json!({ "type": 13, "file": { "url": "https://a.example/x" } }),
            "file.url",
            "URL_TYPE_INVALID_SCHEME",
        ),
        (
            json!({ "type": 14, "spacing": 3 }),
            "spacing",
            "BASE_TYPE_CHOICES",
        ),
        (
            json!({ "type": 10, "content": "" }),
            "content",
            "BASE_TYPE_REQUIRED",
        ),
    ] {
        assert_eq!(
            codes(new(&json!([bad])), &format!("components.0.{path}")),
            [code]
        );
    }
}
