//! Where a track can be looked for elsewhere: addresses of the searches that services offer to
//! everybody, without a key. Nothing is asked from here.

use crate::domain::track::Track;
use url::Url;

/// The name of a service and where it is searched for the track.
pub(super) fn links(track: &Track) -> Vec<(&'static str, String)> {
    let words = match &track.artist {
        Some(artist) => format!("{artist} {}", track.title),
        None => track.title.clone(),
    };
    let asked = |base: &str, pairs: &[(&str, &str)]| Url::parse_with_params(base, pairs).ok();
    let music_brainz = [("query", words.as_str()), ("type", "recording")];
    let all = [
        (
            "MusicBrainz",
            asked("https://musicbrainz.org/search", &music_brainz),
        ),
        (
            "YouTube",
            asked(
                "https://www.youtube.com/results",
                &[("search_query", &words)],
            ),
        ),
        ("Spotify", spotify(&words)),
        (
            "Apple Music",
            asked("https://music.apple.com/search", &[("term", &words)]),
        ),
    ];
    all.into_iter()
        .filter_map(|(name, url)| Some((name, url?.to_string())))
        .collect()
}

/// Its search has the words in the path.
fn spotify(words: &str) -> Option<Url> {
    let mut url = Url::parse("https://open.spotify.com/search").ok()?;
    url.path_segments_mut().ok()?.push(words);
    Some(url)
}

/// The track's own address and the name of its host, if it is one that a browser may open.
pub(super) fn own(track: &Track) -> Option<(String, String)> {
    let url = Url::parse(track.link.as_deref()?).ok()?;
    let is_web = matches!(url.scheme(), "http" | "https") && url.username().is_empty();
    let host = url.host_str().filter(|_| is_web)?;
    Some((host.trim_start_matches("www.").to_owned(), url.to_string()))
}

#[cfg(test)]
mod tests {
    use super::{links, own};
    use crate::domain::track::{MediaRef, Origin, Track, TrackKey};
    use std::time::Duration;

    fn track(title: &str, artist: Option<&str>, link: Option<&str>) -> Track {
        Track {
            key: TrackKey("sha256:0".to_owned()),
            title: title.to_owned(),
            artist: artist.map(str::to_owned),
            album: None,
            length: Duration::from_secs(1),
            origin: Origin::Link,
            media: MediaRef("media:0.mp3".to_owned()),
            link: link.map(str::to_owned),
            cover: None,
            gain_tenths: None,
            live: false,
        }
    }

    #[test]
    fn words_stay_words_in_every_search() {
        let all = links(&track("Back & <Black>/?#", Some("AC/DC"), None));
        let urls: Vec<&str> = all.iter().map(|(_, url)| url.as_str()).collect();
        assert_eq!(
            urls,
            [
                "https://musicbrainz.org/search?query=AC%2FDC+Back+%26+%3CBlack%3E%2F%3F%23&type=recording",
                "https://www.youtube.com/results?search_query=AC%2FDC+Back+%26+%3CBlack%3E%2F%3F%23",
                "https://open.spotify.com/search/AC%2FDC%20Back%20&%20%3CBlack%3E%2F%3F%23",
                "https://music.apple.com/search?term=AC%2FDC+Back+%26+%3CBlack%3E%2F%3F%23",
            ]
        );
        // A title of dots is no way up.
        let all = links(&track("..", None, None));
        assert!(
            all.iter()
                .any(|(_, url)| url.starts_with("https://open.spotify.com/search"))
        );
    }

    #[test]
    fn only_an_address_of_the_web_is_a_link() {
        let own = |link| own(&track("A", None, Some(link)));
        let known = own("https://www.example.org/a?b=\"c").unwrap();
        assert_eq!(known.0, "example.org");
        assert_eq!(known.1, "https://www.example.org/a?b=%22c");
        for link in [
            "javascript:alert(1)",
            "data:text/html,x",
            "https://me@example.org",
            "a",
            "",
        ] {
            assert_eq!(own(link), None, "{link}");
        }
    }
}
