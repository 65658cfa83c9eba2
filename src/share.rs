//! Floor 1: what a playlist becomes when it leaves Discord: files that other programs open. It
//! knows tracks, not where they were played or who asked.

mod address;
pub mod card;
mod csv;
mod jspf;
mod m3u8;
mod matching;
pub mod picture;
mod reading;
pub mod recap;
mod xspf;

pub use self::csv::csv;
pub use address::{NoPublicAddress, PublicAddress};
pub use jspf::jspf;
pub use m3u8::m3u8;
pub use reading::{BYTES_LIMIT, NotAPlaylist, Reading, TRACKS_LIMIT, read};
pub use xspf::xspf;

use crate::domain::moment::Moment;
use crate::domain::track::{Origin, Track, TrackKey};
use std::time::Duration;

/// Scheme of the address that names a track by its key: `rondo:track:sha256%3A…`.
const SCHEME: &str = "rondo:track:";
/// Longest ending of a file's name: `flac`, `opus` and the like.
const ENDING_LIMIT: usize = 5;

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
    /// What makes it the same track to us.
    pub key: Option<TrackKey>,
}

/// A format that a playlist is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    Xspf,
    Jspf,
    M3u8,
    Csv,
}

impl Format {
    pub const ALL: [Format; 4] = [Format::Xspf, Format::Jspf, Format::M3u8, Format::Csv];

    /// What the names of its files end in.
    pub fn ending(self) -> &'static str {
        match self {
            Format::Xspf => "xspf",
            Format::Jspf => "jspf",
            Format::M3u8 => "m3u8",
            Format::Csv => "csv",
        }
    }

    /// Its media type; the one of JSPF is not registered.
    pub fn media_type(self) -> &'static str {
        match self {
            Format::Xspf => "application/xspf+xml",
            Format::Jspf => "application/jspf+json",
            Format::M3u8 => "audio/x-mpegurl",
            Format::Csv => "text/csv; charset=utf-8",
        }
    }

    /// The playlist as a file of this format, in UTF-8.
    pub fn written(self, playlist: &Playlist) -> String {
        match self {
            Format::Xspf => xspf(playlist),
            Format::Jspf => jspf(playlist),
            Format::M3u8 => m3u8(playlist),
            Format::Csv => csv(playlist),
        }
    }
}

impl Item {
    /// The item for a track, with the link that everybody may have (see `domain::publishing`) and
    /// words about it.
    pub fn of(track: &Track, link: Option<&str>, annotation: Option<String>) -> Item {
        let stem = match &track.artist {
            Some(artist) => format!("{artist} - {}", track.title),
            None => track.title.clone(),
        };
        // Where the sound is a link, what follows its last dot is anything.
        let is_ending =
            |it: &&str| it.len() <= ENDING_LIMIT && it.bytes().all(|c| c.is_ascii_alphanumeric());
        let after = track.media.0.rsplit_once('.').map(|(_, after)| after);
        let extension = after.filter(is_ending).unwrap_or("mp3");
        let stem: String = stem
            .chars()
            .map(|c| {
                // No path, possible on every system, and nothing that some players decode.
                if matches!(
                    c,
                    '\0' | '/' | '\\' | ':' | '*' | '"' | '<' | '>' | '|' | '#' | '%' | '?'
                ) {
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
            link: link.map(str::to_owned),
            file_name: format!("{stem}.{extension}"),
            annotation,
            // A station's key is its address.
            key: (track.origin != Origin::Radio).then(|| track.key.clone()),
        }
    }

    /// The key as a URI (RFC 3986).
    fn identifier(&self) -> Option<String> {
        let key = self.key.as_ref()?;
        Some(format!("{SCHEME}{}", percent_encoded(&key.0)))
    }

    /// The key in such a URI.
    fn key_in(identifier: &str) -> Option<TrackKey> {
        const KEY_LIMIT: usize = 2_000;
        let key = identifier.strip_prefix(SCHEME)?;
        (key.len() <= KEY_LIMIT).then(|| TrackKey(decoded(key)))
    }

    fn length_ms(&self) -> u64 {
        u64::try_from(self.length.as_millis()).unwrap_or(u64::MAX)
    }

    /// Where a player looks for the sound, as a URI reference: the web address, or the file beside
    /// the playlist, percent-encoded (RFC 3986).
    fn location(&self) -> String {
        self.link
            .clone()
            .unwrap_or_else(|| percent_encoded(&self.file_name))
    }

    /// The same for formats in which a file is named as it is called: only a web address is encoded.
    fn place(&self) -> &str {
        self.link.as_deref().unwrap_or(&self.file_name)
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

/// Percent-encoding undone where it is one, and what is not UTF-8 replaced.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let code = (*first == b'%')
            .then(|| after.get(..2))
            .flatten()
            .filter(|digits| digits.iter().all(u8::is_ascii_hexdigit))
            .and_then(|digits| std::str::from_utf8(digits).ok())
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        bytes.push(code.unwrap_or(*first));
        rest = match code {
            Some(_) => after.get(2..).unwrap_or_default(),
            None => after,
        };
    }
    String::from_utf8_lossy(&bytes).into_owned()
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

    pub(in crate::share) fn example() -> Playlist {
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
                    key: Some(TrackKey("sha256:0a".to_owned())),
                },
                Item {
                    title: "Two\nlines".to_owned(),
                    creator: None,
                    album: None,
                    length: Duration::from_secs(10),
                    link: None,
                    file_name: "Two lines & 2.flac".to_owned(),
                    annotation: None,
                    key: None,
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
            "<identifier>rondo:track:sha256%3A0a</identifier>",
            "<title>夜来香 </title>",
            "<duration>181500</duration>",
            "<trackNum>2</trackNum>",
            "<location>Two%20lines%20%26%202.flac</location>",
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
             #EXTART:李香兰\n\
             #EXTALB:A & B\n\
             https://example.org/a.mp3?x=1&y=2\n\
             #EXTINF:10,Two lines\n\
             Two lines & 2.flac\n"
        );
    }

    fn track() -> Track {
        Track {
            key: TrackKey("sha256:0".to_owned()),
            title: "../etc/passwd #1: 100%?".to_owned(),
            artist: Some("AC/DC".to_owned()),
            album: None,
            length: Duration::from_secs(1),
            origin: Origin::Link,
            media: crate::domain::track::MediaRef("media:0.flac".to_owned()),
            link: None,
            cover: None,
            gain_tenths: None,
            live: false,
        }
    }

    #[test]
    fn a_file_name_is_no_path() {
        assert_eq!(
            Item::of(&track(), None, None).file_name,
            "AC_DC - .._etc_passwd _1_ 100__.flac"
        );
    }

    #[test]
    fn an_address_that_is_not_published_is_in_no_part_of_a_file() {
        let link = "http://nas.home:8000/live?key=secret.mp3?x";
        for origin in [Origin::Link, Origin::Radio] {
            let station = Track {
                key: TrackKey(match origin {
                    Origin::Radio => format!("stream:{link}"),
                    _ => "sha256:0".to_owned(),
                }),
                media: crate::domain::track::MediaRef(format!("stream:{link}")),
                link: Some(link.to_owned()),
                origin,
                ..track()
            };
            let playlist = Playlist {
                tracks: vec![Item::of(&station, None, None)],
                ..example()
            };
            for format in Format::ALL {
                let written = format.written(&playlist);
                for part in ["nas", "8000", "secret"] {
                    assert!(!written.contains(part), "{part} in {written}");
                }
            }
        }
    }
}
