//! Other people's words inside Discord's markup: escaped, cut to Discord's limits, and the small
//! signs that Discord turns into names and times. It knows no sentence.

use crate::audio::cleaned_to;
use crate::domain::ids::{MemberId, NAMELESS};
use crate::domain::moment::Moment;
use std::time::Duration;

/// Text in one line, as it was typed, so that Discord shows it as it was typed: no markdown, no
/// mention, no link or invitation, and no change of direction that runs on into our own words.
pub fn plain(text: &str) -> String {
    let text = one_line(text);
    let mut out = String::with_capacity(text.len() + 8);
    // Whether all before are digits, and whether there was a dot since the last space.
    let (mut numbered, mut dotted) = (true, false);
    for c in text.chars() {
        match c {
            '\\' | '*' | '_' | '~' | '`' | '|' | '>' | '#' | '[' | ']' | '(' | ')' | '<' | '-' => {
                out.push('\\');
                out.push(c);
            }
            // A line that begins with `1.` would become a list.
            '.' if numbered && !out.is_empty() => out.push_str("\\."),
            // A zero width space takes the meaning from `@everyone` and from `://`; from an
            // invitation too, which needs no `://`.
            '@' | ':' => {
                out.push(c);
                out.push('\u{200b}');
            }
            '/' if dotted => out.push_str("/\u{200b}"),
            c => out.push(c),
        }
        numbered &= c.is_ascii_digit();
        dotted = c != ' ' && (dotted || c == '.');
    }
    if text.chars().any(is_right_to_left) {
        // First strong isolate and its end keep a right-to-left title in its place.
        return format!("\u{2068}{out}\u{2069}");
    }
    out
}

/// For where Discord reads no markup (authors, feet, labels, choices): one line, nothing hidden in it,
/// at most `limit` characters.
pub fn line(text: &str, limit: usize) -> String {
    cut(&one_line(text), limit)
}

/// Something stands there even for a text in which there is nothing to be seen: Discord refuses fields
/// without a text.
fn one_line(text: &str) -> String {
    let seen = cleaned_to(text, usize::MAX);
    seen.unwrap_or_else(|| if text.is_empty() { "" } else { "?" }.to_owned())
}

/// Letters that are written from right to left: Hebrew, Arabic, Syriac, Thaana and their presentation
/// forms, and the scripts beyond the first plane (Unicode, `DerivedBidiClass`).
fn is_right_to_left(c: char) -> bool {
    matches!(c,
        '\u{590}'..='\u{8ff}'
        | '\u{fb1d}'..='\u{fdff}'
        | '\u{fe70}'..='\u{fefc}'
        | '\u{10800}'..='\u{10fff}'
        | '\u{1e800}'..='\u{1efff}')
}

/// At most `limit` characters, the last one an ellipsis if anything was cut.
pub fn cut(text: &str, limit: usize) -> String {
    if text.chars().count() <= limit {
        return text.to_owned();
    }
    let mut short: String = text.chars().take(limit.saturating_sub(1)).collect();
    short.truncate(short.trim_end().len());
    short.push('…');
    short
}

/// Cut first, so that no escape is cut in two. The limit is for what is read.
pub fn plain_cut(text: &str, limit: usize) -> String {
    plain(&cut(text, limit))
}

/// Escaped, and cut so far that even with its escapes it has at most `limit` characters.
pub fn plain_within(text: &str, limit: usize) -> String {
    let mut keep = text.chars().count().min(limit);
    loop {
        let escaped = plain_cut(text, keep);
        let over = escaped.chars().count().saturating_sub(limit);
        if over == 0 || keep == 0 {
            return escaped;
        }
        keep = keep.saturating_sub(over.div_ceil(3).max(1));
    }
}

/// A display name as the rules keep it: one line, no signs that act, at most 100 characters.
pub fn name(text: &str) -> String {
    const LIMIT: usize = 100;
    line(text, LIMIT)
}

/// Shown as the member's name; rings only if allowed mentions say so.
pub fn mention(member: MemberId) -> String {
    if member == MemberId::NOBODY {
        return NAMELESS.to_owned();
    }
    format!("<@{member}>")
}

/// Shown as `in 30 seconds`, counted by the reader's client.
pub fn relative(at: Moment) -> String {
    format!("<t:{}:R>", at.0.div_euclid(1_000))
}

/// Shown as the day in the reader's own way and time zone.
pub fn date(at: Moment) -> String {
    format!("<t:{}:D>", at.0.div_euclid(1_000))
}

/// Shown as the time of day in the reader's own way and time zone.
pub fn time_of_day(at: Moment) -> String {
    format!("<t:{}:t>", at.0.div_euclid(1_000))
}

/// `3:07`, or `1:02:03` from an hour on.
pub fn clock(length: Duration) -> String {
    let seconds = length.as_secs();
    let (hours, minutes, seconds) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    if hours > 0 {
        format!("{hours}:{minutes:02}:{seconds:02}")
    } else {
        format!("{minutes}:{seconds:02}")
    }
}

#[cfg(test)]
mod tests {
    use super::{clock, cut, plain, plain_cut, plain_within};
    use std::time::Duration;

    #[test]
    fn markdown_and_mentions_lose_their_meaning() {
        assert_eq!(plain("**a** _b_"), r"\*\*a\*\* \_b\_");
        assert!(!plain("@everyone").contains("@everyone"));
        assert!(!plain("https://x.y").contains("://"));
        assert!(!plain("<@123>").contains("<@1"));
        assert_eq!(plain("a\nb\u{202e}c"), "a bc");
        assert_eq!(plain("99. Luftballon 1.5"), "99\\. Luftballon 1.5");
        assert_eq!(
            plain("discord.gg/abc AC/DC"),
            "discord.gg/\u{200b}abc AC/DC"
        );
        assert_eq!(plain("\u{200b}\u{3164}"), "?");
    }

    #[test]
    fn a_right_to_left_title_is_fenced() {
        let fenced = plain("שיר");
        assert!(fenced.starts_with('\u{2068}') && fenced.ends_with('\u{2069}'));
    }

    #[test]
    fn long_words_are_cut_before_they_are_escaped() {
        assert_eq!(cut("abcdef", 4), "abc…");
        assert_eq!(plain_cut("****", 3), r"\*\*…");
        let stars = plain_within(&"*".repeat(200), 100);
        assert!(stars.ends_with("\\*…"), "{stars}");
        assert!((90..=100).contains(&stars.chars().count()), "{stars}");
    }

    #[test]
    fn lengths_read_as_on_a_player() {
        assert_eq!(clock(Duration::from_secs(187)), "3:07");
        assert_eq!(clock(Duration::from_secs(3_723)), "1:02:03");
    }
}
