//! What a site says about its tracks, as yt-dlp words it (one JSON object, see "OUTPUT TEMPLATE" in
//! its README), made into tracks. It asks nobody and believes no text.

use super::{SITE, digest};
use crate::audio::clean::cleaned;
use crate::domain::track::{MediaRef, Origin, Track, TrackKey};
use serde_json::Value;
use std::time::Duration;
use url::Url;

/// Longest name a site may give a track; a longer one is known by its hash.
const ID_LIMIT: usize = 64;
const LINK_LIMIT: usize = 500;
/// What no track is longer than, in seconds: a month.
const LENGTH_LIMIT_S: f64 = 31.0 * 86_400.0;

/// One track of a site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::audio) struct Listed {
    /// Where its page is.
    pub(in crate::audio) link: String,
    key: TrackKey,
    pub(in crate::audio) title: Option<String>,
    pub(in crate::audio) artist: Option<String>,
    album: Option<String>,
    pub(in crate::audio) length: Option<Duration>,
    pub(in crate::audio) live: bool,
    /// In bytes, where the site tells.
    pub(in crate::audio) size: Option<u64>,
}

/// What a link leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::audio) enum Listing {
    One(Box<Listed>),
    Many {
        title: Option<String>,
        entries: Vec<Listed>,
        /// How many there are, as far as the site tells.
        count: usize,
    },
}

impl Listing {
    /// From what `--dump-single-json` printed; `None` when it is nothing of the kind.
    pub(super) fn read(output: &[u8]) -> Option<Listing> {
        let said: Value = serde_json::from_slice(output).ok()?;
        let Some(entries) = said.get("entries") else {
            return Listed::read(&said).map(|it| Listing::One(Box::new(it)));
        };
        let entries: Vec<Listed> = entries
            .as_array()?
            .iter()
            .filter_map(Listed::read)
            .collect();
        let count = said.get("playlist_count").and_then(Value::as_u64);
        let count = count.and_then(|count| usize::try_from(count).ok());
        Some(Listing::Many {
            title: text(&said, "title"),
            count: count.unwrap_or(0).max(entries.len()),
            entries,
        })
    }
}

impl Listed {
    pub(super) fn read(said: &Value) -> Option<Listed> {
        let pages = ["webpage_url", "original_url", "url"];
        let link = pages
            .iter()
            .find_map(|field| page(said.get(*field)?.as_str()?))?;
        let extractor = ["extractor_key", "ie_key", "extractor"];
        let extractor = extractor
            .iter()
            .find_map(|field| said.get(*field)?.as_str())?;
        let id = match said.get("id")? {
            Value::String(id) => id.clone(),
            Value::Number(id) => id.to_string(),
            _ => return None,
        };
        let (track, title) = (text(said, "track"), text(said, "title"));
        let by = ["artist", "uploader", "channel", "creator"];
        let artist = by.iter().find_map(|field| text(said, field));
        let artist = artist.map(|by| by.trim_end_matches(" - Topic").to_owned());
        let title = match (&track, &artist) {
            (Some(_), _) => track,
            (None, Some(by)) => title.map(|title| without_artist(title, by)),
            (None, None) => title,
        };
        let length = said.get("duration").and_then(Value::as_f64);
        let length = length.filter(|it| (0.0..LENGTH_LIMIT_S).contains(it) && *it > 0.0);
        let sizes = ["filesize", "filesize_approx"];
        let status = said.get("live_status").and_then(Value::as_str);
        Some(Listed {
            link,
            key: key(extractor, &id),
            title,
            artist,
            album: text(said, "album"),
            length: length.map(Duration::from_secs_f64),
            live: said.get("is_live").and_then(Value::as_bool) == Some(true)
                || matches!(status, Some("is_live" | "is_upcoming")),
            size: sizes.iter().find_map(|field| said.get(*field)?.as_u64()),
        })
    }

    /// Whether it says enough to be put into a setlist.
    pub(in crate::audio) fn is_whole(&self) -> bool {
        self.live || (self.title.is_some() && self.length.is_some())
    }

    /// For a setlist: its sound is fetched when its turn comes near.
    pub(in crate::audio) fn track(&self) -> Track {
        Track {
            key: self.key.clone(),
            title: self.title.clone().unwrap_or_else(|| "?".to_owned()),
            artist: self.artist.clone(),
            album: self.album.clone(),
            length: self.length.unwrap_or_default(),
            origin: Origin::Site,
            media: MediaRef(format!("{SITE}{}", self.link)),
            link: Some(self.link.clone()),
            cover: None,
            gain_tenths: None,
            live: false,
        }
    }
}

/// `Song` from `Artist - Song`.
fn without_artist(title: String, artist: &str) -> String {
    let rest = title.strip_prefix(artist).map(str::trim_start);
    let rest = rest.and_then(|rest| rest.strip_prefix(['-', '–', '—']));
    match rest.and_then(cleaned) {
        Some(song) => song,
        None => title,
    }
}

fn text(said: &Value, field: &str) -> Option<String> {
    cleaned(said.get(field)?.as_str()?)
}

/// The address of a page, if it is one.
fn page(link: &str) -> Option<String> {
    let url = Url::parse(link).ok()?;
    let is_web = matches!(url.scheme(), "http" | "https") && url.has_host();
    (is_web && url.as_str().len() <= LINK_LIMIT).then(|| url.into())
}

fn key(extractor: &str, id: &str) -> TrackKey {
    let plain = |text: &str| {
        let sign = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        !text.is_empty() && text.len() <= ID_LIMIT && text.chars().all(sign)
    };
    let extractor = extractor.to_lowercase();
    if plain(&extractor) && plain(id) {
        TrackKey(format!("{extractor}:{id}"))
    } else {
        TrackKey(format!("site:{}", digest(&format!("{extractor}:{id}"))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn listed(said: &Value) -> Listed {
        Listed::read(said).unwrap()
    }

    #[test]
    fn a_video_becomes_a_track() {
        let said = json!({
            "id": "dQw4w9WgXcQ", "extractor_key": "Youtube", "title": "Ana - Song (live)",
            "uploader": "Ana", "duration": 212, "is_live": false,
            "webpage_url": "https://www.youtube.com/watch?v=dQw4w9WgXcQ",
            "url": "https://rr1.googlevideo.com/videoplayback?expire=1",
        });
        let track = listed(&said).track();
        assert_eq!(track.key.0, "youtube:dQw4w9WgXcQ");
        assert_eq!(
            (track.title.as_str(), track.artist.as_deref()),
            ("Song (live)", Some("Ana"))
        );
        assert_eq!(track.length, Duration::from_secs(212));
        assert_eq!(
            track.media.0,
            "site:https://www.youtube.com/watch?v=dQw4w9WgXcQ"
        );
        assert_eq!(track.origin, Origin::Site);
    }

    #[test]
    fn what_a_record_company_says_goes_before_what_the_page_is_called() {
        let said = json!({
            "id": 5, "ie_key": "Soundcloud", "title": "x", "track": "Song", "artist": "Ana",
            "uploader": "Ana - Topic", "duration": 1.5, "url": "https://api.soundcloud.com/tracks/5",
        });
        let track = listed(&said).track();
        assert_eq!(
            (track.title.as_str(), track.artist.as_deref()),
            ("Song", Some("Ana"))
        );
        assert_eq!(track.key.0, "soundcloud:5");
        assert!(listed(&said).is_whole());
    }

    #[test]
    fn a_playlist_holds_what_can_be_read_of_it() {
        let entry = json!({ "id": "1", "ie_key": "Bandcamp", "url": "https://a.bandcamp.com/track/1", "title": "One" });
        let said = json!({ "_type": "playlist", "title": "All", "playlist_count": 70,
            "entries": [entry, null, { "id": "2" }, { "id": "3", "ie_key": "X", "url": "file:///etc/passwd" }] });
        let Some(Listing::Many {
            title,
            entries,
            count,
        }) = Listing::read(said.to_string().as_bytes())
        else {
            panic!("it is a list");
        };
        assert_eq!(
            (title.as_deref(), entries.len(), count),
            (Some("All"), 1, 70)
        );
        assert!(!entries[0].is_whole(), "its length is not known");
    }

    #[test]
    fn nonsense_is_nothing_and_strange_names_are_hashed() {
        for nonsense in [
            "null",
            "",
            "[]",
            "{}",
            "{\"entries\": 3}",
            "<html>",
            "{\"id\":\"1\"}",
        ] {
            assert_eq!(Listing::read(nonsense.as_bytes()), None, "{nonsense}");
        }
        let strange = key("youtube", "../../etc/passwd");
        assert!(
            strange.0.starts_with("site:") && !strange.0.contains('/'),
            "{strange:?}"
        );
        let said = json!({ "id": "1", "ie_key": "X", "url": "https://x.y/", "duration": -5, "title": "\u{202e}" });
        let odd = listed(&said);
        assert_eq!((odd.length, odd.title), (None, None));
    }
}
