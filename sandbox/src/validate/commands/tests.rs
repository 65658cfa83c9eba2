//! Each limit of a command from both sides.

use serde_json::{Value, json};

use super::super::form::codes;
use super::*;

fn play() -> Value {
    json!({ "name": "play", "description": "Plays." })
}

fn with(mut object: Value, key: &str, value: Value) -> Value {
    object[key] = value;
    object
}

fn option(kind: i64, name: &str) -> Value {
    json!({ "type": kind, "name": name, "description": "d" })
}

fn global(body: &Value) -> Result<(), ApiError> {
    command(body, CommandScope::Global)
}

fn with_options(options: &[Value]) -> Result<(), ApiError> {
    global(&with(play(), "options", json!(options)))
}

#[test]
fn a_name_is_lower_case_letters_digits_dash_underscore_and_apostrophe() {
    for name in [
        "play",
        "play-next",
        "it's_1",
        "播放",
        "ประเทศ",
        "हिन्दी",
        "é",
        &"n".repeat(32),
    ] {
        assert_eq!(global(&with(play(), "name", json!(name))), Ok(()), "{name}");
    }
    for name in ["Play", "play next", "play!", "É", "🔥"] {
        let refused = global(&with(play(), "name", json!(name)));
        assert_eq!(
            codes(refused, "name"),
            ["APPLICATION_COMMAND_INVALID_NAME"],
            "{name}"
        );
    }
    let long = global(&with(play(), "name", json!("n".repeat(33))));
    assert_eq!(codes(long, "name"), ["BASE_TYPE_BAD_LENGTH"]);
    assert_eq!(
        codes(global(&json!({ "description": "d" })), "name"),
        ["BASE_TYPE_REQUIRED"]
    );
    let menu = json!({ "name": "Rate This", "type": 3 });
    assert_eq!(global(&menu), Ok(()));
}

#[test]
fn a_description_has_1_to_100_characters_and_a_menu_entry_none() {
    assert_eq!(
        global(&with(play(), "description", json!("d".repeat(100)))),
        Ok(())
    );
    assert_eq!(
        codes(
            global(&with(play(), "description", json!("d".repeat(101)))),
            "description"
        ),
        ["BASE_TYPE_BAD_LENGTH"]
    );
    assert_eq!(
        codes(global(&json!({ "name": "play" })), "description"),
        ["BASE_TYPE_REQUIRED"]
    );
    let menu = global(&json!({ "name": "Rate", "type": 2, "description": "d" }));
    assert_eq!(
        codes(menu, "description"),
        ["APPLICATION_COMMAND_CONTEXT_MENU_DESCRIPTION"]
    );
}

#[test]
fn localisations_are_of_known_locales_and_judged_like_the_original() {
    let localised = |locale: &str, name: &str| {
        global(&with(play(), "name_localizations", json!({ locale: name })))
    };
    assert_eq!(localised("zh-CN", "播放"), Ok(()));
    assert_eq!(
        codes(localised("zh", "播放"), "name_localizations.zh"),
        ["BASE_TYPE_CHOICES"]
    );
    assert_eq!(
        codes(localised("de", "Spielen"), "name_localizations.de"),
        ["APPLICATION_COMMAND_INVALID_NAME"]
    );
    assert_eq!(LOCALES.iter().collect::<HashSet<_>>().len(), 32);
}

#[test]
fn options_are_25_at_most_unique_and_required_ones_first() {
    let many =
        |count: usize| -> Vec<Value> { (0..count).map(|n| option(3, &format!("o{n}"))).collect() };
    assert_eq!(with_options(&many(25)), Ok(()));
    assert_eq!(
        codes(with_options(&many(26)), "options"),
        ["BASE_TYPE_MAX_LENGTH"]
    );
    let twice = with_options(&[option(3, "a"), option(3, "a")]);
    assert_eq!(
        codes(twice, "options.1.name"),
        ["APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS"]
    );
    let required = with(option(3, "b"), "required", json!(true));
    assert_eq!(with_options(&[required.clone(), option(3, "a")]), Ok(()));
    let late = with_options(&[option(3, "a"), required]);
    assert_eq!(
        codes(late, "options.1"),
        ["APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID"]
    );
    assert_eq!(
        codes(with_options(&[option(12, "a")]), "options.0.type"),
        ["BASE_TYPE_CHOICES"]
    );
}

#[test]
fn subcommands_nest_once_and_do_not_mix() {
    let sub = |name: &str| with(option(1, name), "options", json!([option(3, "x")]));
    let group = with(option(2, "g"), "options", json!([sub("s")]));
    assert_eq!(with_options(&[sub("open"), group.clone()]), Ok(()));
    let mixed = with_options(&[sub("open"), option(3, "a")]);
    assert_eq!(
        codes(mixed, "options"),
        ["APPLICATION_COMMAND_OPTIONS_TYPE_INVALID"]
    );
    let deep = with(option(1, "s"), "options", json!([sub("t")]));
    assert_eq!(
        codes(with_options(&[deep]), "options.0.options.0.type"),
        ["BASE_TYPE_CHOICES"]
    );
    let groups = with(option(2, "h"), "options", json!([group]));
    assert_eq!(
        codes(with_options(&[groups]), "options.0.options.0.type"),
        ["BASE_TYPE_CHOICES"]
    );
    assert_eq!(
        codes(with_options(&[option(2, "g")]), "options.0.options"),
        ["BASE_TYPE_REQUIRED"]
    );
}

#[test]
fn choices_are_25_at_most_and_of_the_options_type() {
    let offer = |kind, count: usize, value: Value| {
        let choices: Vec<_> = (0..count)
            .map(|n| json!({ "name": format!("c{n}"), "value": value }))
            .collect();
        with_options(&[with(option(kind, "a"), "choices", json!(choices))])
    };
    assert_eq!(offer(3, 25, json!("v".repeat(100))), Ok(()));
    assert_eq!(offer(4, 1, json!(1_i64 << 53)), Ok(()));
    let list = "options.0.choices";
    assert_eq!(
        codes(offer(3, 26, json!("v")), list),
        ["BASE_TYPE_MAX_LENGTH"]
    );
    assert_eq!(
        codes(
            offer(3, 1, json!("v".repeat(101))),
            &format!("{list}.0.value")
        ),
        ["BASE_TYPE_MAX_LENGTH"]
    );
    assert_eq!(
        codes(
            offer(4, 1, json!((1_i64 << 53) + 1)),
            &format!("{list}.0.value")
        ),
        ["NUMBER_TYPE_MAX"]
    );
    assert_eq!(
        codes(offer(10, 1, json!("x")), &format!("{list}.0.value")),
        ["NUMBER_TYPE_COERCE"]
    );
    assert_eq!(
        codes(offer(5, 1, json!("x")), list),
        ["APPLICATION_COMMAND_OPTIONS_CHOICES_INVALID"]
    );
    let both = with(
        with(
            option(3, "a"),
            "choices",
            json!([{ "name": "n", "value": "v" }]),
        ),
        "autocomplete",
        json!(true),
    );
    assert_eq!(
        codes(with_options(&[both]), "options.0.autocomplete"),
        ["APPLICATION_COMMAND_OPTIONS_AUTOCOMPLETE_INVALID"]
    );
    assert_eq!(
        with_options(&[with(option(3, "a"), "autocomplete", json!(true))]),
        Ok(())
    );
}

#[test]
fn bounds_go_with_their_types() {
    let bounded =
        |kind, key: &str, value: i64| with_options(&[with(option(kind, "a"), key, json!(value))]);
    assert_eq!(bounded(4, "min_value", 1), Ok(()));
    assert_eq!(bounded(3, "max_length", 6000), Ok(()));
    assert_eq!(
        codes(bounded(3, "max_length", 6001), "options.0.max_length"),
        ["NUMBER_TYPE_MAX"]
    );
    assert_eq!(
        codes(bounded(3, "max_length", 0), "options.0.max_length"),
        ["NUMBER_TYPE_MIN"]
    );
    assert_eq!(
        codes(bounded(3, "min_value", 1), "options.0.min_value"),
        ["APPLICATION_COMMAND_OPTIONS_BOUND_INVALID"]
    );
}

#[test]
fn a_command_has_8000_characters_and_the_longest_localisation_counts() {
    let sized = |last: usize| {
        let choices = |value: usize| -> Vec<Value> {
            let name = |n| format!("{n:0100}");
            (0..25)
                .map(|n| json!({ "name": name(n), "value": "v".repeat(value) }))
                .collect()
        };
        let one = with(option(3, "a"), "choices", json!(choices(100)));
        let two = with(option(3, "b"), "choices", json!(choices(19)));
        let localised = json!({ "de": "d".repeat(last) });
        global(&with(
            with(play(), "options", json!([one, two])),
            "description_localizations",
            localised,
        ))
    };
    // Beside the description: the name 4, two options of 1 + 1, choices 25 * 200 and 25 * 119.
    let rest = 4 + 4 + 5000 + 2975;
    assert_eq!(sized(8000 - rest), Ok(()));
    assert_eq!(
        codes(sized(8001 - rest), ""),
        ["APPLICATION_COMMAND_TOO_LARGE"]
    );
}

#[test]
fn permissions_are_a_text_and_contexts_are_for_global_commands() {
    for permissions in [json!("0"), json!("32"), Value::Null] {
        assert_eq!(
            global(&with(play(), "default_member_permissions", permissions)),
            Ok(())
        );
    }
    let words = global(&with(play(), "default_member_permissions", json!("manage")));
    assert_eq!(
        codes(words, "default_member_permissions"),
        ["NUMBER_TYPE_COERCE"]
    );
    let placed = with(
        with(play(), "contexts", json!([0])),
        "integration_types",
        json!([0]),
    );
    assert_eq!(global(&placed), Ok(()));
    assert_eq!(
        codes(command(&placed, CommandScope::Guild), "contexts"),
        ["APPLICATION_COMMAND_GUILD_FIELD"]
    );
    assert_eq!(
        codes(global(&with(play(), "contexts", json!([3]))), "contexts.0"),
        ["BASE_TYPE_CHOICES"]
    );
}

#[test]
fn an_overwrite_holds_100_slash_and_15_of_each_menu_commands_with_unique_names() {
    let slash = |count: usize| -> Value {
        (0..count)
            .map(|n| with(play(), "name", json!(format!("c{n}"))))
            .collect()
    };
    let menu = |count: usize| -> Value {
        (0..count)
            .map(|n| json!({ "type": 2, "name": format!("c{n}") }))
            .collect()
    };
    let all = |body: &Value| commands(body, CommandScope::Global);
    assert_eq!(all(&slash(100)), Ok(()));
    assert_eq!(all(&menu(15)), Ok(()));
    assert_eq!(all(&slash(101)).unwrap_err().code, 30032);
    assert_eq!(all(&menu(16)).unwrap_err().code, 30032);
    let twice = all(&json!([play(), play()]));
    assert_eq!(
        codes(twice, "1.name"),
        ["APPLICATION_COMMANDS_DUPLICATE_NAME"]
    );
    assert_eq!(all(&json!([play(), { "type": 2, "name": "play" }])), Ok(()));
}

#[test]
fn an_edit_needs_only_what_it_changes() {
    let edit = |body: Value| command_edit(&body, 1, CommandScope::Global);
    assert_eq!(edit(json!({ "description": "d" })), Ok(()));
    assert_eq!(edit(json!({})), Ok(()));
    assert_eq!(
        codes(edit(json!({ "name": "Play" })), "name"),
        ["APPLICATION_COMMAND_INVALID_NAME"]
    );
}
