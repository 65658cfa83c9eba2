//! Other people's words, made fit to be shown: no control characters, no overrides of the reading
//! direction, bounded length.

use crate::domain::track::Track;

/// The text without what cannot be seen, its white space made single; `None` when nothing is left.
pub(super) fn cleaned(text: &str) -> Option<String> {
    let visible = text.chars().filter_map(|c| match c {
        // Zero width and direction marks: a title needs none, and a trick needs one.
        '\u{200B}'..='\u{200F}'
        | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{2069}'
        | '\u{FEFF}' => None,
        c if c.is_control() => Some(' '),
        c => Some(c),
    });
    let text: String = visible.collect();
    let words: Vec<&str> = text.split_whitespace().collect();
    let text: String = words.join(" ").chars().take(Track::TEXT_LIMIT).collect();
    (!text.is_empty()).then_some(text)
}

/// A title from a file's name: without its extension, with underscores and `%20` made spaces.
pub(super) fn title_from_name(name: &str) -> String {
    let name = name.rsplit(['/', '\\']).next().unwrap_or(name);
    let name = name.split(['?', '#']).next().unwrap_or(name);
    let stem = match name.rsplit_once('.') {
        Some((stem, extension)) if extension.len() <= 5 && !stem.is_empty() => stem,
        _ => name,
    };
    let query = format!("x={}", stem.replace('+', "%2B").replace('&', "%26"));
    let decoded = url::form_urlencoded::parse(query.as_bytes()).next();
    let text = decoded.map_or_else(|| stem.to_owned(), |(_, value)| value.into_owned());
    cleaned(&text.replace('_', " ")).unwrap_or_else(|| "?".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tricks_are_taken_out_of_titles() {
        assert_eq!(
            cleaned("a\u{202E}gpj\u{0}\nb \t c").as_deref(),
            Some("agpj b c")
        );
        assert_eq!(cleaned(" \u{200B}\u{1}"), None);
        assert_eq!(cleaned(&"x".repeat(500)).map(|text| text.len()), Some(200));
    }

    #[test]
    fn a_file_name_becomes_a_title() {
        assert_eq!(
            title_from_name("my_song%20(live)+1.mp3"),
            "my song (live)+1"
        );
        assert_eq!(title_from_name("dir/夜来香.flac"), "夜来香");
        assert_eq!(title_from_name("R&B.wav"), "R&B");
        assert_eq!(title_from_name(".mp3"), ".mp3");
    }
}
