//! `/help`: the three things to know, then everything there is, by topic.

use super::call::{Answer, Call};
use super::definition::Part;
use super::paging::sheet;
use serde_json::json;

const TOPICS: [&str; 5] = [
    "help-play",
    "help-rate",
    "help-look-back",
    "help-host",
    "help-more",
];

pub(super) fn definition() -> Part {
    Part::command("help")
}

pub(super) fn run(call: &Call) -> Answer {
    let emoji = call
        .view
        .settings
        .emoji
        .iter()
        .map(|sign| super::emoji(sign));
    let emoji = emoji.collect::<Vec<_>>().join(" ");
    let mut lines = vec![call.say("help-first", &[("emoji", emoji.into())])];
    for topic in TOPICS {
        lines.push(String::new());
        lines.push(call.say(topic, &[]));
    }
    let title = call.say("help-title", &[]);
    Answer::of(json!({ "embeds": [sheet(&title, &lines, None)] }))
}
