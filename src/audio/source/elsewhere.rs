//! Links to services that give nobody their sound: Spotify, Apple Music and Deezer. What a track is
//! called there can be asked without a key, from Spotify's public pages (Open Graph) and its oEmbed
//! answers, Apple's lookup and Deezer's API. Where its sound is found instead is for others to know.

use super::scratch::Scratches;
use crate::audio::clean::cleaned;
use crate::audio::fetch::Fetcher;
use crate::audio::intake::IntakeFailure;
use serde_json::Value;
use std::collections::HashMap;
use std::time::Duration;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;
use url::Url;

/// Largest answer, in bytes; Spotify's pages are about half a megabyte.
const ANSWER_LIMIT: u64 = 4_000_000;
/// How far apart two recordings of one song may be in length.
const LENGTH_TOLERANCE: Duration = Duration::from_secs(12);

/// One of the services.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Service {
    Spotify,
    Apple,
    Deezer,
}

impl Service {
    /// How it calls itself.
    pub fn name(self) -> &'static str {
        match self {
            Service::Spotify => "Spotify",
            Service::Apple => "Apple Music",
            Service::Deezer => "Deezer",
        }
    }
}

/// Where each is asked, each with a `/` at its end.
#[derive(Clone, Debug)]
pub struct Elsewhere {
    pub spotify: Url,
    pub apple: Url,
    pub deezer: Url,
}

impl Default for Elsewhere {
    fn default() -> Elsewhere {
        let url = |text: &str| Url::parse(text).expect("the addresses below are well formed");
        Elsewhere {
            spotify: url("https://open.spotify.com/"),
            apple: url("https://itunes.apple.com/"),
            deezer: url("https://api.deezer.com/"),
        }
    }
}

impl Elsewhere {
    /// All three below one address, for tests.
    pub fn below(base: &Url) -> Option<Elsewhere> {
        Some(Elsewhere {
            spotify: base.join("spotify/").ok()?,
            apple: base.join("apple/").ok()?,
            deezer: base.join("deezer/").ok()?,
        })
    }
}

/// What a track is called there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    pub title: String,
    pub artist: Option<String>,
    pub length: Option<Duration>,
}

/// Where a link leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::audio) struct Pointer {
    pub(in crate::audio) service: Service,
    at: At,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum At {
    Track(String),
    /// With the shop's country.
    Apple {
        id: String,
        country: String,
    },
    /// A short link, which leads on to the page of something.
    Short(String),
    /// An album, a playlist, an artist.
    Other,
}

impl Pointer {
    pub(in crate::audio) fn of(link: &str) -> Option<Pointer> {
        let url = Url::parse(link).ok()?;
        let parts: Vec<&str> = url
            .path_segments()?
            .filter(|part| !part.is_empty())
            .collect();
        let after = |word: &str| {
            let at = parts.iter().position(|part| *part == word)?;
            let id = parts.get(at + 1)?;
            id.chars()
                .all(|c| c.is_ascii_alphanumeric())
                .then(|| At::Track((*id).to_owned()))
        };
        let (service, at) = match url.host_str()? {
            "open.spotify.com" | "play.spotify.com" => (Service::Spotify, after("track")),
            "spotify.link" | "spotify.app.link" => {
                (Service::Spotify, Some(At::Short(link.to_owned())))
            }
            "music.apple.com" | "itunes.apple.com" => (Service::Apple, apple(&url, &parts)),
            "www.deezer.com" | "deezer.com" => (Service::Deezer, after("track")),
            "link.deezer.com" | "deezer.page.link" => {
                (Service::Deezer, Some(At::Short(link.to_owned())))
            }
            _ => return None,
        };
        let at = at.unwrap_or(At::Other);
        Some(Pointer { service, at })
    }

    /// Asks the service what the track is called.
    pub(in crate::audio) async fn name(
        &self,
        places: &Elsewhere,
        (fetcher, scratches): (&Fetcher, &Scratches),
    ) -> Result<Named, IntakeFailure> {
        let ask = |link: Url| async move { asked(&link, fetcher, scratches).await };
        let wrong = |_| IntakeFailure::NotFound;
        let named = match &self.at {
            At::Other => return Err(IntakeFailure::NotATrack),
            At::Track(id) if self.service == Service::Spotify => {
                let page = places.spotify.join(&format!("track/{id}")).map_err(wrong)?;
                let told = ask(page).await.ok().and_then(|page| of_page(&page));
                if told.is_some() {
                    told
                } else {
                    let mut link = places.spotify.join("oembed").map_err(wrong)?;
                    let track = format!("https://open.spotify.com/track/{id}");
                    link.query_pairs_mut().append_pair("url", &track);
                    of_oembed(&ask(link).await?)
                }
            }
            At::Track(id) => {
                let link = places.deezer.join(&format!("track/{id}")).map_err(wrong)?;
                of_deezer(&ask(link).await?)
            }
            At::Apple { id, country } => {
                let mut link = places.apple.join("lookup").map_err(wrong)?;
                link.query_pairs_mut()
                    .append_pair("id", id)
                    .append_pair("country", country);
                of_apple(&ask(link).await?)
            }
            At::Short(link) => {
                let link = Url::parse(link).map_err(wrong)?;
                of_page(&ask(link).await?)
            }
        };
        named.ok_or(IntakeFailure::NotFound)
    }
}

fn apple(url: &Url, parts: &[&str]) -> Option<At> {
    let country = parts.first().filter(|part| part.len() == 2);
    let country = (*country.unwrap_or(&"us")).to_owned();
    let in_album = url.query_pairs().find(|(name, _)| name == "i");
    let id = match in_album {
        Some((_, id)) => id.into_owned(),
        None if parts.contains(&"song") => (*parts.last()?).to_owned(),
        None => return None,
    };
    let id = id.strip_prefix("id").map(str::to_owned).unwrap_or(id);
    id.chars()
        .all(|c| c.is_ascii_digit())
        .then_some(At::Apple { id, country })
}

async fn asked(
    link: &Url,
    fetcher: &Fetcher,
    scratches: &Scratches,
) -> Result<String, IntakeFailure> {
    let folder = scratches.folder()?;
    let file = folder.path().join("answer");
    fetcher.fetch(link.as_str(), &file, ANSWER_LIMIT).await?;
    let answer = tokio::fs::read(&file).await?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}

fn text(said: &Value, path: &str) -> Option<String> {
    cleaned(said.pointer(path)?.as_str()?)
}

/// <https://developer.apple.com/library/archive/documentation/AudioVideo/Conceptual/iTuneSearchAPI>
fn of_apple(answer: &str) -> Option<Named> {
    let said: Value = serde_json::from_str(answer).ok()?;
    let length_ms = said
        .pointer("/results/0/trackTimeMillis")
        .and_then(Value::as_u64);
    Some(Named {
        title: text(&said, "/results/0/trackName")?,
        artist: text(&said, "/results/0/artistName"),
        length: length_ms.map(Duration::from_millis),
    })
}

/// <https://developers.deezer.com/api/track>
fn of_deezer(answer: &str) -> Option<Named> {
    let said: Value = serde_json::from_str(answer).ok()?;
    let length_s = said.get("duration").and_then(Value::as_u64);
    Some(Named {
        title: text(&said, "/title")?,
        artist: text(&said, "/artist/name"),
        length: length_s.map(Duration::from_secs),
    })
}

/// <https://developer.spotify.com/documentation/embeds/reference/oembed>: the title alone.
fn of_oembed(answer: &str) -> Option<Named> {
    let said: Value = serde_json::from_str(answer).ok()?;
    Some(Named {
        title: text(&said, "/title")?,
        artist: None,
        length: None,
    })
}

/// <https://ogp.me/#type_music>, with the artist in Spotify's own `music:musician_description` or first
/// in the description: `Artist · Album · Song · 1987`.
fn of_page(page: &str) -> Option<Named> {
    let facts = metas(page);
    let fact = |name: &str| facts.get(name).and_then(|value| cleaned(value));
    let kind = facts.get("og:type").map_or("", String::as_str);
    if !kind.is_empty() && kind != "music.song" {
        return None;
    }
    let described = fact("og:description").and_then(|text| {
        let text = text
            .rsplit(" on Spotify. ")
            .next()
            .unwrap_or(&text)
            .to_owned();
        let (first, rest) = text.split_once(" · ")?;
        (first != "Song" && !rest.is_empty()).then(|| first.to_owned())
    });
    let length_s = facts
        .get("music:duration")
        .and_then(|text| text.parse().ok());
    Some(Named {
        title: fact("og:title")?,
        artist: fact("music:musician_description").or(described),
        length: length_s.map(Duration::from_secs),
    })
}

/// The `meta` elements of a page: their `property` or `name`, and their `content`.
fn metas(page: &str) -> HashMap<String, String> {
    let elements = page.split("<meta").skip(1);
    let facts = elements.filter_map(|rest| {
        let element = rest.split('>').next()?;
        let name = attribute(element, "property").or_else(|| attribute(element, "name"))?;
        Some((name.to_owned(), unescaped(attribute(element, "content")?)))
    });
    facts.collect()
}

fn attribute<'a>(element: &'a str, name: &str) -> Option<&'a str> {
    let rest = element.split(&format!(" {name}=")).nth(1)?;
    let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    rest.get(1..)?.split(quote).next()
}

/// Character references: the five of XML and those by number.
fn unescaped(text: &str) -> String {
    let mut parts = text.split('&');
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let known = part.split_once(';').and_then(|(name, rest)| {
            let sign = match name {
                "amp" => '&',
                "lt" => '<',
                "gt" => '>',
                "quot" => '"',
                "apos" => '\'',
                _ => {
                    let number = name.strip_prefix('#')?;
                    let code = match number.strip_prefix(['x', 'X']) {
                        Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                        None => number.parse().ok()?,
                    };
                    char::from_u32(code)?
                }
            };
            Some((sign, rest))
        });
        if let Some((sign, rest)) = known {
            plain.push(sign);
            plain.push_str(rest);
        } else {
            plain.push('&');
            plain.push_str(part);
        }
    }
    plain
}

impl Named {
    /// What to search for: without what stands in brackets, which others write otherwise.
    pub(in crate::audio) fn words(&self) -> String {
        let artist = self.artist.as_deref().unwrap_or_default();
        let title = bare(&self.title);
        // Several artists are named in one line.
        let artist = artist.split([',', '&']).next().unwrap_or_default();
        format!("{title} {artist}").trim().to_owned()
    }

    /// The title without what stands in brackets or behind a dash.
    pub(in crate::audio) fn bare_title(&self) -> String {
        bare(&self.title)
    }

    /// How far what was found is from this: `None` is something else, less is closer.
    pub(in crate::audio) fn distance(
        &self,
        title: &str,
        artist: Option<&str>,
        length: Option<Duration>,
    ) -> Option<u64> {
        let found = folded(&format!("{title} {}", artist.unwrap_or_default()));
        let is_there = |words: &str| words.split_whitespace().all(|word| found.contains(word));
        let own = self.artist.as_deref().unwrap_or_default();
        let own = own.split([',', '&']).next().unwrap_or_default();
        if !is_there(&folded(&bare(&self.title))) || !is_there(&folded(own)) {
            return None;
        }
        let apart = match (self.length, length) {
            (Some(own), Some(other)) => own.abs_diff(other),
            _ => LENGTH_TOLERANCE,
        };
        // Another length is another recording; still better than none.
        let beyond = apart.saturating_sub(LENGTH_TOLERANCE).as_secs();
        let longer = title.chars().count().abs_diff(self.title.chars().count());
        Some(beyond * 1_000 + u64::try_from(longer).unwrap_or(u64::MAX).min(999))
    }
}

/// Without brackets and what comes after a dash with spaces: `Song (Remastered) - Live`.
fn bare(title: &str) -> String {
    let title = title.split(" - ").next().unwrap_or(title);
    let mut depth = 0_u32;
    let kept = title.chars().filter(|c| {
        match c {
            '(' | '[' | '（' | '【' => depth += 1,
            ')' | ']' | '）' | '】' => {
                depth = depth.saturating_sub(1);
                return false;
            }
            _ => {}
        }
        depth == 0
    });
    let kept: String = kept.collect();
    let kept = kept.trim();
    if kept.is_empty() {
        title.to_owned()
    } else {
        kept.to_owned()
    }
}

/// Lower case, letters and figures alone, without accents.
fn folded(text: &str) -> String {
    let text = text.nfkd().filter(|c| !is_combining_mark(*c));
    let text = text
        .flat_map(char::to_lowercase)
        .filter(|c| *c != '\'' && *c != '’');
    text.map(|c| if c.is_alphanumeric() { c } else { ' ' })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_to_tracks_are_told_from_others() {
        let track = |id: &str| At::Track(id.to_owned());
        let apple = |id: &str, country: &str| At::Apple {
            id: id.to_owned(),
            country: country.to_owned(),
        };
        let short = "https://link.deezer.com/s/30abc";
        for (link, service, at) in [
            (
                "https://open.spotify.com/track/4PTG3Z6ehGkBFwjybzWkR8?si=1",
                Service::Spotify,
                track("4PTG3Z6ehGkBFwjybzWkR8"),
            ),
            (
                "https://open.spotify.com/intl-de/track/4PTG3Z6ehGkBFwjybzWkR8",
                Service::Spotify,
                track("4PTG3Z6ehGkBFwjybzWkR8"),
            ),
            (
                "https://open.spotify.com/album/1",
                Service::Spotify,
                At::Other,
            ),
            (
                "https://music.apple.com/de/album/whenever/1559523357?i=1559523359",
                Service::Apple,
                apple("1559523359", "de"),
            ),
            (
                "https://music.apple.com/us/song/never-gonna/1559523359",
                Service::Apple,
                apple("1559523359", "us"),
            ),
            (
                "https://music.apple.com/us/album/whenever/1559523357",
                Service::Apple,
                At::Other,
            ),
            (
                "https://www.deezer.com/en/track/781592622",
                Service::Deezer,
                track("781592622"),
            ),
            (short, Service::Deezer, At::Short(short.to_owned())),
        ] {
            assert_eq!(Pointer::of(link), Some(Pointer { service, at }), "{link}");
        }
        assert_eq!(Pointer::of("https://example.com/track/1"), None);
        let odd = Pointer::of("https://www.deezer.com/track/..%2Fuser").unwrap();
        assert_eq!(odd.at, At::Other);
    }

    #[test]
    fn a_page_tells_the_song_and_its_artist() {
        let page = r#"<html><head><meta property="og:title" content="Don&#x27;t Stop &amp; Go"/>
            <meta property="og:description" content="Ana · The Album · Song · 1987"/>
            <meta name="music:duration" content="213"/><meta property="og:type" content="music.song"/>"#;
        let named = of_page(page).unwrap();
        assert_eq!(named.title, "Don't Stop & Go");
        assert_eq!(named.artist.as_deref(), Some("Ana"));
        assert_eq!(named.length, Some(Duration::from_secs(213)));
        let album = page.replace("music.song", "music.album");
        assert_eq!(of_page(&album), None);
        assert_eq!(
            of_page("<meta><meta content=x><meta property='og:title'"),
            None
        );
    }

    #[test]
    fn the_same_song_is_near_and_another_is_not() {
        let named = Named {
            title: "Déjà Vu (feat. Jay) - Remastered".to_owned(),
            artist: Some("Beyoncé, Jay".to_owned()),
            length: Some(Duration::from_mins(4)),
        };
        assert_eq!(named.words(), "Déjà Vu Beyoncé");
        let at = |title: &str, artist: Option<&str>, seconds: u64| {
            named.distance(title, artist, Some(Duration::from_secs(seconds)))
        };
        assert_eq!(at("Crazy in Love", Some("Beyoncé"), 240), None);
        assert_eq!(at("Deja Vu", Some("Olivia"), 240), None);
        let same = at("deja vu", Some("BEYONCE"), 241).unwrap();
        let video = at("Beyoncé - Déjà Vu (Official Video)", None, 300).unwrap();
        assert!(same < video, "{same} {video}");
    }
}
