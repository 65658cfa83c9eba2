//! Other people's words inside Discord's markup: escaped, cut to Discord's limits, and the small
//! signs that Discord turns into names and times. It knows no sentence.

use crate::domain::ids::MemberId;
use crate::domain::moment::Moment;
use std::time::Duration;

/// Text as it was typed, so that Discord shows it as it was typed: no markdown, no mention, no
/// link preview, and no change of direction that runs on into our own words.
pub fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '\\' | '*' | '_' | '~' | '`' | '|' | '>' | '#' | '[' | ']' | '(' | ')' | '<' | '-' => {
                out.push('\\');
                out.push(c);
            }
            // A zero width space takes the meaning from `@everyone` and from `://`.
            '@' | ':' => {
                out.push(c);
                out.push('\u{200b}');
            }
            '\n' | '\r' | '\t' => out.push(' '),
            // Embeddings, overrides and isolates of the Unicode bidirectional algorithm.
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {}
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    if text.chars().any(is_right_to_left) {
        // First strong isolate and its end keep a right-to-left title in its place.
        return format!("\u{2068}{out}\u{2069}");
    }
    out
}

/// Hebrew, Arabic, Syriac, Thaana and their presentation forms.
fn is_right_to_left(c: char) -> bool {
    matches!(c, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}')
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

/// One line without signs that act, for where Discord knows no markdown.
pub fn line(text: &str, limit: usize) -> String {
    let clean: String = text
        .chars()
        .filter(|c| {
            !c.is_control() && !matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        })
        .collect();
    cut(clean.trim(), limit)
}

/// Shown as the member's name; rings only if allowed mentions say so.
pub fn mention(member: MemberId) -> String {
    format!("<@{member}>")
}

/// Shown as `in 30 seconds`, counted by the reader's client.
pub fn relative(at: Moment) -> String {
    format!("<t:{}:R>", at.0.div_euclid(1_000))
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
