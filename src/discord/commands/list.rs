//! All commands there are, as they are registered with Discord: once, and again only when they
//! have changed, which the fingerprint tells.

use super::definition::Part;
use super::{
    about, collection, grab, help, history, leaderboard, play, playlist, privacy, profile, queue,
    rate, recap, scrobble, seat, seek, settings, skip, stage, taste,
};
use crate::i18n::Words;
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::fmt::Write;

fn all() -> Vec<Part> {
    vec![
        play::definition(),
        play::next_definition(),
        queue::definition(),
        seat::definition(),
        stage::definition(),
        skip::definition(),
        seek::definition(),
        rate::definition(),
        grab::definition(),
        collection::definition(),
        history::definition(),
        playlist::definition(),
        leaderboard::definition(),
        profile::definition(),
        taste::definition(),
        recap::definition(),
        scrobble::definition(),
        settings::definition(),
        privacy::definition(),
        help::definition(),
        about::definition(),
    ]
}

/// The body that replaces all commands.
pub(super) fn definitions(words: &Words) -> Value {
    all().iter().map(|part| part.definition(words)).collect()
}

/// Changes whenever a definition does. Hexadecimal.
pub(super) fn fingerprint(definitions: &Value) -> String {
    let digest = Sha256::digest(definitions.to_string());
    let mut hex = String::with_capacity(64);
    for byte in digest {
        // Writing to a string does not fail.
        let _written = write!(hex, "{byte:02x}");
    }
    hex
}

#[cfg(test)]
mod tests {
    use super::{definitions, fingerprint};
    use crate::i18n::Words;
    use serde_json::Value;
    use std::collections::BTreeSet;

    /// All names and descriptions of a form in one language, `None` for the default.
    fn texts<'a>(form: &'a Value, field: &str, locale: Option<&str>) -> &'a str {
        let text = match locale {
            None => &form[field],
            Some(locale) => &form[format!("{field}_localizations")][locale],
        };
        text.as_str().unwrap_or_default()
    }

    fn is_name(name: &str) -> bool {
        let letter = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '\'');
        (1..=32).contains(&name.chars().count())
            && name.chars().all(letter)
            && name.to_lowercase() == name
    }

    fn options(form: &Value) -> &[Value] {
        form["options"].as_array().map_or(&[], Vec::as_slice)
    }

    /// Checks a form and everything below it; gives back how many characters count for the limit.
    fn check(form: &Value) -> usize {
        let mut size = 0;
        for locale in [None, Some("zh-CN")] {
            let (name, about) = (
                texts(form, "name", locale),
                texts(form, "description", locale),
            );
            assert!(is_name(name), "{name} is no name");
            let length = about.chars().count();
            assert!((1..=100).contains(&length), "{name}: {length}: {about}");
            assert!(!about.starts_with("about-"), "{name} has no words");
            size = size.max(name.chars().count() + length);
        }
        assert!(options(form).len() <= 25);
        for locale in [None, Some("zh-CN")] {
            let names: BTreeSet<_> = options(form)
                .iter()
                .map(|it| texts(it, "name", locale))
                .collect();
            assert_eq!(
                names.len(),
                options(form).len(),
                "two parts have the same name: {names:?}"
            );
        }
        let required: Vec<_> = options(form)
            .iter()
            .map(|it| it["required"] == true)
            .collect();
        assert!(
            required.is_sorted_by(|a, b| a >= b),
            "what is required comes first"
        );
        let choices = form["choices"].as_array().map_or(&[][..], Vec::as_slice);
        assert!(choices.len() <= 25);
        for choice in choices {
            for locale in [None, Some("zh-CN")] {
                assert!((1..=100).contains(&texts(choice, "name", locale).chars().count()));
            }
        }
        size + options(form).iter().map(check).sum::<usize>()
    }

    #[test]
    fn every_definition_keeps_discords_limits() {
        let all = definitions(&Words::new());
        let all = all.as_array().unwrap();
        assert!(all.len() <= 100);
        for command in all {
            let size = check(command);
            assert!(size <= 8_000, "{} has {size} characters", command["name"]);
            assert_eq!(command["contexts"], serde_json::json!([0]));
        }
    }

    #[test]
    fn the_commands_are_these() {
        let mut lines = Vec::new();
        for command in definitions(&Words::new()).as_array().unwrap() {
            outline(command, 0, &mut lines);
        }
        insta::assert_snapshot!(lines.join("\n"));
    }

    fn outline(form: &Value, depth: usize, lines: &mut Vec<String>) {
        let indent = "  ".repeat(depth);
        let mut parts = vec![
            texts(form, "name", None).to_owned(),
            format!("| {}", texts(form, "name", Some("zh-CN"))),
        ];
        for field in [
            "type",
            "required",
            "autocomplete",
            "min_value",
            "max_value",
            "max_length",
        ] {
            if let Some(value) = form.get(field) {
                parts.push(format!("{field}={value}"));
            }
        }
        lines.push(format!("{indent}{}", parts.join(" ")));
        for locale in [None, Some("zh-CN")] {
            let about = texts(form, "description", locale);
            lines.push(format!("{indent}  {about}"));
        }
        for choice in form["choices"].as_array().into_iter().flatten() {
            let (own, other) = (&choice["name"], texts(choice, "name", Some("zh-CN")));
            lines.push(format!("{indent}  - {} {own} | {other}", choice["value"]));
        }
        for option in options(form) {
            outline(option, depth + 1, lines);
        }
    }

    #[test]
    fn the_fingerprint_changes_with_the_definitions() {
        let words = Words::new();
        let one = definitions(&words);
        assert_eq!(fingerprint(&one), fingerprint(&definitions(&words)));
        let mut other = one.clone();
        other[0]["description"] = "something else".into();
        assert_ne!(fingerprint(&one), fingerprint(&other));
        assert_eq!(fingerprint(&one).len(), 64);
    }
}
