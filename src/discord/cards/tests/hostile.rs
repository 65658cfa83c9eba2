//! Words that were chosen so that something happens: drawn by every card, nothing does. What a card
//! does with a harmless word is what it may do with these.

use super::{CloseReason, Locale, MemberId, Past, SessionId, SkipReason, TurnEnd};
use super::{assert_within_limits, playlist, post, read, result};
use super::{drawn, every_post, figures, in_language, play, ranked, track};
use serde_json::Value;
use std::collections::BTreeMap;

const HOSTILE: &[&str] = &[
    "@everyone @here",
    "<@1> <@!1> <@&1> <#5>",
    "</play:1> <id:customize> <t:1:R> <:emoji:1> <a:emoji:1>",
    "https://evil.example/ <https://evil.example> steam://run",
    "[click](https://evil.example) [click](<https://evil.example>)",
    "discord.gg/abc discord.com/invite/abc",
    "**bold** __under__ ~~gone~~ ||spoiler|| *i* _i_ `code`",
    "```\nfence\n```",
    "# Title\n## Second\n-# small\n> quote\n>>> all\n- item\n1. item\n* item",
    "1. first",
    "\\\\@everyone",
    "\\",
    "\u{202E}gpj.exe\u{202C}",
    "\u{2066}open \u{2067}isolates",
    "שלום @everyone **x**",
    "Z\u{334}\u{321}\u{32B}\u{348}\u{33A}\u{356}\u{359}\u{35A}\u{301}\u{302}\u{303}\u{304}\u{305}algo",
    "\u{200B}\u{3164}\u{2800}",
    "one\u{2028}two\u{2029}three\u{85}four\u{B}five\u{C}six\r\nseven",
    "a\u{0}b\u{7}c\u{1B}[31m",
    "tags\u{E0040}\u{E0065}\u{E0076}",
    "x\u{FE0F}\u{FE0F}\u{FE0F}\u{FE0F}\u{FE0F}\u{FE0F}\u{FE0F}\u{FE0F}",
    "\u{FDFD}\u{FDFD}\u{FDFD}\u{FDFD}",
    "@\u{200B}everyone <\u{200B}@1>",
    "@\u{2060}everyone",
    "{ $title } { \"x\" }",
];

/// What Discord would do about the text, by how often: an escaped sign is only a sign.
fn deeds(text: &str) -> BTreeMap<&'static str, usize> {
    const SIGNS: &[&str] = &[
        "@everyone",
        "@here",
        "<@",
        "<#",
        "<t:",
        "</",
        "<id:",
        "<:",
        "<a:",
        "://",
        "gg/a",
        ".com/i",
        "](",
        "**",
        "__",
        "~~",
        "||",
        "*",
        "_",
        "`",
        "```",
        "\n# ",
        "\n## ",
        "\n-# ",
        "\n> ",
        "\n- ",
        "\n1. ",
        "\n",
    ];
    let mut shown = String::from("\n");
    let mut signs = text.chars();
    while let Some(c) = signs.next() {
        match c {
            '\\' => drop(signs.next()),
            c => shown.push(c),
        }
    }
    let count = |sign: &&'static str| (*sign, shown.matches(*sign).count());
    SIGNS.iter().map(count).collect()
}

fn assert_is_readable(text: &str) {
    let (mut marks, mut open) = (0, 0);
    for c in text.chars() {
        marks = if unicode_normalization::char::is_combining_mark(c) {
            marks + 1
        } else {
            0
        };
        open += i32::from(c == '\u{2068}') - i32::from(c == '\u{2069}');
        assert!(marks <= 5, "a tower in {text:?}");
        assert!((0..=1).contains(&open), "{text:?}");
        let turns = matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}' | '\u{2067}');
        assert!(!turns, "{text:?}");
        assert!(!matches!(c, '\u{E0000}'..='\u{E007F}'), "{text:?}");
        assert!(c == '\n' || !c.is_control(), "{text:?}");
    }
    assert_eq!(open, 0, "{text:?}");
}

/// Every message with this text in every place that somebody else fills.
fn every_card(locale: Locale, text: &str) -> Vec<Value> {
    let mut cards = vec![drawn(locale, text, text)];
    for one in every_post(text) {
        cards.extend(in_language(locale, |say| post(&one, say)));
    }
    let mut record = play(TurnEnd::SkippedBy {
        member: MemberId(1),
        reason: Some(SkipReason::Words(text.to_owned())),
    });
    record.track = track(text);
    record.looper_name = text.to_owned();
    let past = Past {
        plays: 2,
        first_by: text.to_owned(),
    };
    cards.push(in_language(locale, |say| {
        result(&record, figures(), Some(&past), say)
    }));
    let mut listed = ranked(text, 4.0, 2);
    listed.artist = Some(text.to_owned());
    listed.looper = text.to_owned();
    let tracks = [listed.clone(), listed];
    let evening = (CloseReason::Asked, tracks.as_slice());
    cards.push(in_language(locale, |say| {
        playlist(SessionId(12), Some(text), evening, say)
    }));
    cards
}

#[test]
fn no_card_does_more_for_a_hostile_text_than_for_a_harmless_one() {
    for locale in Locale::ALL {
        let harmless = every_card(locale, "word");
        for text in HOSTILE {
            let cards = every_card(locale, text);
            assert_eq!(cards.len(), harmless.len());
            for (card, other) in cards.iter().zip(&harmless) {
                assert_within_limits(card);
                let (card_text, other_text) = (read(card), read(other));
                assert_is_readable(&card_text);
                assert_eq!(deeds(&card_text), deeds(&other_text), "{card_text}");
                assert!(card["allowed_mentions"]["parse"] == serde_json::json!([]));
                assert_eq!(card["allowed_mentions"], other["allowed_mentions"]);
            }
        }
    }
}

#[test]
fn what_looks_for_deeds_finds_them() {
    for text in HOSTILE.iter().take(10) {
        let all: usize = deeds(text).values().sum();
        assert!(all > deeds("word").values().sum(), "{text}");
    }
}
