//! One of a thing is never "1 things", in any sentence there is.

use super::super::{Fill, Locale, Words};
use super::keys;

/// What is counted in English, as many.
const MANY: [&str; 30] = [
    "characters",
    "collections",
    "comments",
    "days",
    "evenings",
    "files",
    "grabs",
    "hearts",
    "hours",
    "kB",
    "listeners",
    "loopers",
    "minutes",
    "notes",
    "pages",
    "people",
    "plays",
    "ratings",
    "rounds",
    "rows",
    "saves",
    "seats",
    "seconds",
    "servers",
    "songs",
    "stages",
    "things",
    "times",
    "tracks",
    "votes",
];
/// Numbers that the program sets and that are never one.
const NEVER_ONE: [&str; 9] = [
    "few",
    "few-usual",
    "limit",
    "many",
    "many-usual",
    "needed",
    "plays-needed",
    "raters-needed",
    "votes",
];
/// The same where the number has an everyday name.
const CONSTANT: [(&str, &str); 4] = [
    ("why-loopers", "plays"),
    ("why-loopers", "raters"),
    ("privacy-limits", "count"),
    ("taste-basis", "shared"),
];

#[test]
fn one_of_a_thing_has_its_own_form_in_every_sentence() {
    let words = Words::new();
    let mut wrong = Vec::new();
    for (key, variables) in keys(Locale::En) {
        let fills = variables.iter().map(|variable| {
            let is_constant = NEVER_ONE.contains(&variable.as_str())
                || CONSTANT.contains(&(key.as_str(), variable.as_str()));
            let fill = match variable.as_str() {
                "service" | "song" => Fill::from("Something"),
                _ if is_constant => Fill::Count(50),
                _ => Fill::Count(1),
            };
            (variable.as_str(), fill)
        });
        let fills: Vec<(&str, Fill<'_>)> = fills.collect();
        let (said, _) = words.worded(Locale::En, &key, &fills);
        let said = said.replace('*', "");
        let read: Vec<&str> = said.split_whitespace().collect();
        let counts_wrongly = read.windows(2).any(|pair| {
            let thing = pair[1].trim_end_matches(|c: char| !c.is_alphanumeric());
            pair[0].trim_start_matches('(') == "1" && MANY.contains(&thing)
        });
        if counts_wrongly {
            wrong.push(format!("{key}: {said}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
