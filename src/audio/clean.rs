//! Other people's words, made fit to be shown: one line of bounded length, in which nothing is hidden,
//! nothing turns the reading direction around and nothing towers over its neighbours. What people write
//! in any script stays as it is. It knows no markup.

use crate::domain::track::Track;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Characters that are looked at; what comes after them is not.
const READ_LIMIT: usize = 20_000;
/// Marks above and below one letter. Thai takes two, Hebrew and Tibetan up to five.
const MARKS_LIMIT: usize = 5;
/// Characters of one text that are as wide as many.
const WIDE_LIMIT: usize = 1;

/// The text as a title, an artist or an album; `None` when nothing is left to be seen.
pub fn cleaned(text: &str) -> Option<String> {
    cleaned_to(text, Track::TEXT_LIMIT)
}

/// The text in one line of at most `limit` characters, composed (Unicode's NFC); `None` when nothing
/// is left to be seen.
pub fn cleaned_to(text: &str, limit: usize) -> Option<String> {
    let read = text.chars().take(READ_LIMIT).filter(|c| !is_hidden(*c));
    let mut rest = read.nfc().peekable();
    let mut kept: Vec<char> = Vec::new();
    let (mut marks, mut wide) = (0, 0);
    while let Some(c) = rest.next() {
        if kept.len() >= limit {
            break;
        }
        let before = kept.last().copied().filter(|c| *c != ' ');
        if c.is_whitespace() || c.is_control() {
            kept.extend(before.map(|_| ' '));
        } else if is_joiner(c) {
            kept.extend(Some(c).filter(|_| joins(before, rest.peek())));
        } else if is_combining_mark(c) {
            marks += 1;
            // One that stands alone would climb onto a word of ours.
            kept.extend(before.filter(|_| marks <= MARKS_LIMIT).map(|_| c));
        } else {
            marks = 0;
            wide += usize::from(is_wide(c));
            kept.extend(Some(c).filter(|c| !is_wide(*c) || wide <= WIDE_LIMIT));
        }
    }
    while kept
        .pop_if(|last| *last == ' ' || is_joiner(*last))
        .is_some()
    {}
    (!kept.is_empty()).then(|| kept.into_iter().collect())
}

/// What takes no room, or looks as if it took none: a title needs none of it, and a trick does. Marks
/// of direction and their overrides, empty letters, tags, what is there for a program to read.
fn is_hidden(c: char) -> bool {
    matches!(c,
        '\u{AD}'
        | '\u{34F}'
        | '\u{61C}'
        | '\u{115F}'..='\u{1160}'
        | '\u{17B4}'..='\u{17B5}'
        | '\u{180E}'
        | '\u{200B}'
        | '\u{200E}'..='\u{200F}'
        | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{206F}'
        | '\u{2800}'
        | '\u{3164}'
        | '\u{FEFF}'
        | '\u{FFA0}'
        | '\u{FFF0}'..='\u{FFFC}'
        | '\u{1BCA0}'..='\u{1BCA3}'
        | '\u{1D173}'..='\u{1D17A}'
        | '\u{E0000}'..='\u{E00FF}'
        | '\u{E01F0}'..='\u{E0FFF}')
        // Not characters at all; no file of XML may hold them.
        || u32::from(c) & 0xFFFE == 0xFFFE
}

/// The joiner of emoji and of Indic letters, and the non-joiner of Persian.
fn is_joiner(c: char) -> bool {
    matches!(c, '\u{200C}' | '\u{200D}')
}

/// Whether a joiner between these does its work: inside a word of a script that knows them, or between
/// two emoji.
fn joins(before: Option<char>, after: Option<&char>) -> bool {
    let knows = |c: char| c >= '\u{590}' && !is_joiner(c);
    before.is_some_and(knows)
        && after.is_some_and(|c| knows(*c) && !c.is_whitespace() && !is_combining_mark(*c))
}

/// Ligatures and signs as long as a sentence.
fn is_wide(c: char) -> bool {
    matches!(
        c,
        '\u{2E3A}'
            | '\u{2E3B}'
            | '\u{A9C5}'
            | '\u{FDFA}'
            | '\u{FDFB}'
            | '\u{FDFD}'
            | '\u{12031}'
            | '\u{1242B}'
    )
}

/// Whether enough of it could be read: what was written in another encoding than it was read in is
/// full of marks that stand for what it was not.
pub(super) fn is_legible(text: &str) -> bool {
    let marks = text.matches(char::REPLACEMENT_CHARACTER).count();
    marks * 4 <= text.chars().count()
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
        for (hostile, clean) in [
            ("a\u{202E}gpj\u{0}\nb \t c", Some("agpj b c")),
            (" \u{200B}\u{1}", None),
            ("\u{3164}\u{2800}\u{115F}\u{FFA0}", None),
            ("\u{301}\u{302}", None),
            ("\u{200D}\u{200C}\u{200D}", None),
            ("", None),
            (
                "one\u{2028}two\u{2029}three\u{85}four\u{B}five\r\nsix",
                Some("one two three four five six"),
            ),
            ("\u{1B}[31mred\u{1B}[0m", Some("[31mred [0m")),
            ("a\u{200D}b\u{200C}c", Some("abc")),
            ("soft\u{AD}ly", Some("softly")),
            // Tags, of which instructions to a reader of texts were made.
            ("hi\u{E0068}\u{E0069}\u{E007F}", Some("hi")),
            ("x \u{301}y", Some("x y")),
            ("\u{FFFE}a\u{1FFFF}", Some("a")),
        ] {
            assert_eq!(cleaned(hostile).as_deref(), clean, "{hostile:?}");
        }
    }

    #[test]
    fn nothing_is_longer_higher_or_wider_than_it_may_be() {
        let length = |text: &str| cleaned(text).map(|text| text.chars().count());
        assert_eq!(length(&"x".repeat(500)), Some(200));
        assert_eq!(length(&"x".repeat(5_000_000)), Some(200));
        assert_eq!(
            length(&format!("Z{}o", "\u{31B}\u{322}".repeat(300))),
            Some(7)
        );
        assert_eq!(length(&format!("a{}", "\u{FE0F}".repeat(300))), Some(6));
        assert_eq!(length(&"\u{FDFD}".repeat(300)), Some(1));
        assert_eq!(
            length(&"\u{200D}\u{1F525}".repeat(300)),
            Some(199),
            "no joiner at its end"
        );
    }

    #[test]
    fn what_people_write_stays_as_it_is() {
        for text in [
            "夜来香",
            "AC/DC – T.N.T. (Live) [2003] *remastered*",
            "Motörhead & Beyoncé",
            "می‌خواهم",
            "لا إله",
            "שָׁלוֹם",
            "นี่คือเพลง",
            "क्षत्रिय गीत",
            "ক্‌ষ",
            "ශ්‍රී ලංකා",
            "བོད་རྒྱུད",
            "👨‍👩‍👧‍👦 ❤️‍🔥 🏳️‍🌈 👍🏽 1️⃣",
            "がぎぐ ｱｲｳ",
            "Ｆｕｌｌ",
        ] {
            let composed: String = text.nfc().collect();
            assert_eq!(cleaned(text), Some(composed), "{text}");
        }
        assert_eq!(cleaned("e\u{301}").as_deref(), Some("é"), "composed");
    }

    #[test]
    fn a_letter_may_be_missing_but_not_the_word() {
        let read = |bytes: &[u8]| is_legible(&String::from_utf8_lossy(bytes));
        assert!(read(b"Caf\xE9") && read("夜来香".as_bytes()) && read(b""));
        // The same in GBK and in Big5.
        assert!(!read(b"\xD2\xB9\xC0\xB4\xCF\xE3") && !read(b"\xA9\x5D\xA8\xD3\xAD\xBB"));
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
        assert_eq!(title_from_name("a%0A%E2%80%AEb.mp3"), "a b");
        assert_eq!(title_from_name("%00%FF.mp3"), "\u{FFFD}");
    }
}
