//! A file whose tags try everything, played under a theme that does too: everybody reads it, and
//! nobody is rung, led away or misled.

use crate::tune::{Format, Piece};
use crate::world::{World, in_lounge, text};
use discord_sandbox::interactions::Given;
use discord_sandbox::people::Seen;
use serde_json::Value;

const WORDS: &str = "@everyone <@&1> </play:1> [x](https://evil.example)\n# Big\u{2028}||s|| \
    ```code``` **b** \u{202E}gpj\u{202C} Z\u{334}\u{321}\u{32B}\u{348}\u{33A}\u{356}\u{359}\u{35A} \
    \u{E0041}\u{200B}\u{3164} discord.gg/abc שלום";

/// Everything that can be read in it, however deep, and what stands behind buttons.
fn texts<'a>(value: &'a Value, found: &mut Vec<&'a str>) {
    match value {
        Value::Object(fields) => {
            for (name, field) in fields {
                match field {
                    // These are not read, and a file of Discord's has an address.
                    Value::String(_) if matches!(name.as_str(), "url" | "proxy_url" | "id") => {}
                    Value::String(text) => found.push(text),
                    field => texts(field, found),
                }
            }
        }
        Value::Array(list) => list.iter().for_each(|it| texts(it, found)),
        _ => {}
    }
}

fn assert_is_harmless(seen: &Seen) {
    assert!(!seen.pings_everyone && seen.mentions.is_empty(), "{seen:?}");
    let mut found = Vec::new();
    texts(&seen.raw, &mut found);
    for text in found {
        // What is escaped does nothing.
        let mut signs = text.chars();
        let mut shown = String::new();
        while let Some(c) = signs.next() {
            match c {
                '\\' => drop(signs.next()),
                c => shown.push(c),
            }
        }
        for deed in [
            "@everyone",
            "<@&",
            "</play:1",
            "://",
            "](",
            "```",
            "||",
            "gg/a",
            "# B",
        ] {
            assert!(!shown.contains(deed), "{deed} in {text}");
        }
        for sign in ['\u{202E}', '\u{2028}', '\u{E0041}', '\u{35A}'] {
            assert!(!shown.contains(sign), "{sign:?} in {text}");
        }
    }
    let titles = seen.raw["embeds"].as_array().into_iter().flatten();
    for title in titles.filter_map(|it| it["title"].as_str()) {
        assert!(!title.contains('\n'), "{title}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn words_of_strangers_are_only_read() {
    let (world, guild) = World::new().await;
    let [ana, bo] = in_lounge(&guild, ["Ana", "Bo"]);
    world
        .run(&ana, "stage open", vec![("theme", text(WORDS))])
        .await;
    let piece = Piece {
        title: WORDS,
        artist: WORDS,
        hz: 330.0,
        seconds: 4,
        format: Format::Flac,
    };
    let file = Given::Attachment {
        name: "song.flac".to_owned(),
        bytes: piece.bytes().unwrap().into(),
    };
    let next = vec![("file", file.clone())];
    let said = world.says(&ana, "play", vec![("file", file)]).await;
    assert!(said.contains("שלום"), "{said}");
    world.says(&bo, "play", next).await;
    world.card(&bo, "שלום").await;
    for path in ["queue show", "history", "seat take"] {
        let answer = world.run(&bo, path, vec![]).await;
        assert_is_harmless(answer.seen().expect("a message"));
    }
    world.says(&ana, "stage close", vec![]).await;
    world
        .wait(&bo, "the playlist", |it| !it.files.is_empty())
        .await;
    let all = bo.sees();
    assert!(all.len() >= 3, "{all:?}");
    all.iter().for_each(assert_is_harmless);
    world.end().await;
}
