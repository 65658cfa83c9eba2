//! Floor 1: what a playlist becomes when it leaves Discord: files that other programs open. It
//! knows tracks, not where they were played or who asked.

pub mod card;
mod m3u8;
pub mod picture;
pub mod recap;
mod xspf;

pub use m3u8::m3u8;
pub use xspf::xspf;

use crate::domain::moment::Moment;
use crate::domain::track::Track;
use std::time::Duration;

/// A list of tracks with a name, ready to be written in any format.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Playlist {
    pub title: String,
    /// Who made it: the host of the session, or the guild.
    pub creator: String,
    pub date: Moment,
    pub tracks: Vec<Item>,
}

/// One track of a [`Playlist`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    pub title: String,
    pub creator: Option<String>,
    pub album: Option<String>,
    pub length: Duration,
    /// Public web address of the sound.
    pub link: Option<String>,
    /// What the file would be called in a music folder: `Artist - Title.ext`.
    pub file_name: String,
    /// Words about it: who played it and how it was received.
    pub annotation: Option<String>,
}

impl Item {
    /// The item for a track, with words about it.
    pub fn of(track: &Track, annotation: Option<String>) -> Item {
        let stem = match &track.artist {
            Some(artist) => format!("{artist} - {}", track.title),
            None => track.title.clone(),
        };
        let extension = track
            .media
            .0
            .rsplit_once('.')
            .map_or("mp3", |(_, extension)| extension);
        let stem: String = stem
            .chars()
            .map(|c| {
                if matches!(c, '/' | '\\' | '\0') {
                    '_'
                } else {
                    c
                }
            })
            .collect();
        Item {
            title: track.title.clone(),
            creator: track.artist.clone(),
            album: track.album.clone(),
            length: track.length,
            link: track.link.clone(),
            file_name: format!("{stem}.{extension}"),
            annotation,
        }
    }

    /// Where a player looks for the sound, as a URI reference: the web address, or the file beside
    /// the playlist, percent-encoded (RFC 3986).
    fn location(&self) -> String {
        self.link
            .clone()
            .unwrap_or_else(|| percent_encoded(&self.file_name))
    }
}

fn percent_encoded(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            encoded.push(char::from(byte));
        } else {
            encoded.extend(["%", &format!("{byte:02X}")]);
        }
    }
    encoded
}

/// The text without what neither XML 1.0 nor a line-based format can hold.
fn plain(text: &str) -> String {
    let allowed = |c: char| !c.is_control() && !matches!(c, '\u{FFFE}' | '\u{FFFF}');
    text.chars()
        .map(|c| if allowed(c) { c } else { ' ' })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    pub(super) fn example() -> Playlist {
        Playlist {
            title: "Friday <5> & friends".to_owned(),
            creator: "Ana".to_owned(),
            date: Moment(1_767_225_600_000),
            tracks: vec![
                Item {
                    title: "夜来香\u{1}".to_owned(),
                    creator: Some("李香兰".to_owned()),
                    album: Some("A & B".to_owned()),
                    length: Duration::from_millis(181_500),
                    link: Some("https://example.org/a.mp3?x=1&y=2".to_owned()),
                    file_name: "a.mp3".to_owned(),
                    annotation: Some("Ana: 4.5 (3)".to_owned()),
                },
                Item {
                    title: "Two\nlines".to_owned(),
                    creator: None,
                    album: None,
                    length: Duration::from_secs(10),
                    link: None,
                    file_name: "Two lines #2.flac".to_owned(),
                    annotation: None,
                },
            ],
        }
    }

    #[test]
    fn xspf_says_everything_and_is_escaped() {
        let text = xspf(&example());
        assert!(
            text.starts_with("<?xml version=\"1.0\" encoding=\"UTF-8\"?>"),
            "{text}"
        );
        for part in [
            "<playlist version=\"1\" xmlns=\"http://xspf.org/ns/0/\">",
            "<title>Friday &lt;5&gt; &amp; friends</title>",
            "<date>2026-01-01T00:00:00Z</date>",
            "<location>https://example.org/a.mp3?x=1&amp;y=2</location>",
            "<title>夜来香 </title>",
            "<duration>181500</duration>",
            "<trackNum>2</trackNum>",
            "<location>Two%20lines%20%232.flac</location>",
        ] {
            assert!(text.contains(part), "{part} is missing in {text}");
        }
    }

    #[test]
    fn xspf_is_read_back_by_an_xml_reader() {
        let text = xspf(&example());
        let mut reader = quick_xml::Reader::from_str(&text);
        let mut tracks = 0;
        loop {
            match reader.read_event().unwrap() {
                quick_xml::events::Event::Start(tag) if tag.name().as_ref() == "track" => {
                    tracks += 1;
                }
                quick_xml::events::Event::Eof => break,
                _ => {}
            }
        }
        assert_eq!(tracks, 2);
    }

    #[test]
    fn m3u8_has_one_line_per_fact() {
        assert_eq!(
            m3u8(&example()),
            "#EXTM3U\n\
             #PLAYLIST:Friday <5> & friends\n\
             #EXTINF:182,李香兰 - 夜来香 \n\
             #EXTALB:A & B\n\
             https://example.org/a.mp3?x=1&y=2\n\
             #EXTINF:10,Two lines\n\
             Two%20lines%20%232.flac\n"
        );
    }

    #[test]
    fn a_file_name_is_no_path() {
        let track = Track {
            key: crate::domain::track::TrackKey("sha256:0".to_owned()),
            title: "../etc/passwd".to_owned(),
            artist: Some("AC/DC".to_owned()),
            album: None,
            length: Duration::from_secs(1),
            origin: crate::domain::track::Origin::Link,
            media: crate::domain::track::MediaRef("media:0.flac".to_owned()),
            link: None,
            cover: None,
            gain_tenths: None,
            live: false,
        };
        assert_eq!(
            Item::of(&track, None).file_name,
            "AC_DC - .._etc_passwd.flac"
        );
    }
}
