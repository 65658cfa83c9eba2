//! Whether a track is the one that a playlist names: by what both are called and how long they are. It
//! compares, and finds nothing.

use super::Item;
use crate::domain::track::Track;
use std::time::Duration;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// How far the lengths of one recording lie apart, as different places tell them.
const LENGTH_TOLERANCE: Duration = Duration::from_secs(12);

impl Item {
    /// Whether a track that is called so is this one: the same title, the same artist if the list
    /// names one, and about as long where both are known.
    pub fn is_called(&self, title: &str, artist: Option<&str>) -> bool {
        let by = self.creator.as_deref();
        is_same(&self.title, title) && by.is_none_or(|by| is_same(by, artist.unwrap_or_default()))
    }

    /// The same of a track, which has to be about as long too, where both lengths are known.
    pub fn is_track(&self, track: &Track) -> bool {
        // How long a stream was on says nothing about what it is.
        let known = !track.live && !track.length.is_zero() && !self.length.is_zero();
        let apart = self.length.abs_diff(track.length);
        self.is_called(&track.title, track.artist.as_deref())
            && (!known || apart <= LENGTH_TOLERANCE)
    }

    /// Whether the title of this one only stands inside other words there: `One` in `Someone Like
    /// You`. What searches find may be called more than it is, but not something else.
    pub fn is_hidden_in(&self, title: &str) -> bool {
        let (own, other) = (folded(&self.title), folded(title));
        // Other scripts have no spaces between their words.
        own.split(' ').filter(|word| word.is_ascii()).any(|word| {
            other.contains(word) && !word.is_empty() && other.split(' ').all(|it| it != word)
        })
    }
}

fn is_same(one: &str, other: &str) -> bool {
    let (folds, others) = (folded(one), folded(other));
    // Of a title that is all signs nothing is left.
    if folds.is_empty() && others.is_empty() {
        return one.trim() == other.trim();
    }
    folds == others
}

/// Lower case, words of letters and figures with one space between them, without accents.
fn folded(text: &str) -> String {
    let letters = text.nfkd().filter(|c| !is_combining_mark(*c));
    let letters = letters
        .flat_map(char::to_lowercase)
        .filter(|c| !matches!(c, '\'' | '\u{2019}'));
    let letters: String = letters
        .map(|c| if c.is_alphanumeric() { c } else { ' ' })
        .collect();
    let words: Vec<&str> = letters.split_whitespace().collect();
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::track::{MediaRef, Origin, TrackKey};

    fn track(title: &str, artist: Option<&str>, seconds: u64) -> Track {
        Track {
            key: TrackKey("k".to_owned()),
            title: title.to_owned(),
            artist: artist.map(str::to_owned),
            album: None,
            length: Duration::from_secs(seconds),
            origin: Origin::Site,
            media: MediaRef("m".to_owned()),
            link: None,
            cover: None,
            gain_tenths: None,
            live: false,
        }
    }

    fn item(title: &str, artist: Option<&str>, seconds: u64) -> Item {
        Item::of(&track(title, artist, seconds), None, None)
    }

    #[test]
    fn a_track_is_what_is_called_so_and_is_about_as_long() {
        let adele = track("Someone Like You", Some("Adele"), 285);
        assert!(!item("One", None, 0).is_track(&adele));
        assert!(!item("Like You", Some("Adele"), 285).is_track(&adele));
        assert!(item("Someone Like You", None, 0).is_track(&adele));
        assert!(item("SOMEONE like  you!", Some("adele"), 297).is_track(&adele));
        assert!(!item("Someone Like You", Some("Adele"), 298).is_track(&adele));
        assert!(!item("Someone Like You", Some("Boyce Avenue"), 285).is_track(&adele));
        let nameless = track("Jóga", None, 0);
        assert!(item("Joga", None, 305).is_track(&nameless));
        assert!(!item("Joga", Some("Björk"), 305).is_track(&nameless));
        let live = Track {
            live: true,
            ..track("Night Radio", None, 3_600)
        };
        assert!(item("night radio", None, 60).is_track(&live));
    }

    #[test]
    fn signs_alone_are_compared_as_they_are() {
        assert!(item("???", None, 0).is_called("???", None));
        assert!(!item("???", None, 0).is_called("!!!", None));
        assert!(!item("???", None, 0).is_called("Song", None));
    }

    #[test]
    fn a_title_inside_other_words_is_another_title() {
        let hides = |title: &str, other: &str| item(title, None, 0).is_hidden_in(other);
        assert!(hides("One", "Someone Like You"));
        assert!(hides("The Cat", "The Cats"));
        assert!(!hides("One", "U2 - One (Official Video)"));
        assert!(!hides("One (Live)", "One"));
        assert!(!hides("Don't", "dont stop"));
        assert!(!hides("夜来香", "经典夜来香MV"));
    }
}
