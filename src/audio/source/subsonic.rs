//! The owner's music server, if it speaks the Subsonic API (Navidrome and its like): search, songs,
//! their files and pictures. The password never leaves this machine, only a digest with a salt does;
//! neither is logged. When the server is away, nothing else is.

use super::super::IntakeFailure;
use super::super::clean::cleaned;
use super::super::fetch::{Fetcher, Opened};
use super::super::inspect::{COVER_LIMIT, Cover, picture};
use super::super::intake::hex;
use crate::domain::track::{MediaRef, Origin, Track, TrackKey};
use md5::{Digest, Md5};
use reqwest::header::{CONTENT_TYPE, HeaderMap};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use url::Url;

/// The version whose commands are used; all servers of the last ten years know it.
const API: &str = "1.16.1";
/// How the server knows who asks.
const CLIENT: &str = "rondo";
/// Longest answer that is no file, in bytes, and how long one may take.
const ANSWER_LIMIT: usize = 1024 * 1024;
const ANSWER_TIME: Duration = Duration::from_secs(10);
/// How long a whole file may take.
const FILE_TIME: Duration = Duration::from_mins(10);
/// Longest search and longest id, in characters.
const WORDS_LIMIT: usize = 100;
const ID_LIMIT: usize = 100;
/// Side of a picture, in pixels.
const COVER_SIDE: &str = "600";
/// The API's codes for a name or password that is not right, or not enough, and for what is not there.
const REFUSED: &[i64] = &[40, 41, 42, 43, 44, 50, 60];
const NOT_THERE: i64 = 70;

/// Where the server is and who we are there.
#[derive(Clone)]
pub struct SubsonicConfig {
    pub url: Url,
    pub user: String,
    pub password: String,
    /// Makes salts.
    pub chance: fn() -> u64,
}

impl std::fmt::Debug for SubsonicConfig {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SubsonicConfig")
            .field("host", &self.url.host_str())
            .finish_non_exhaustive()
    }
}

/// How the server stands, for its owner to see.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MusicServer {
    /// Has not been asked yet.
    Unasked,
    Answers,
    /// The name or the password is not right, or not allowed to do this.
    Refuses,
    Silent,
}

/// A song of the server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Song {
    pub id: String,
    pub title: String,
    pub artist: Option<String>,
    pub album: Option<String>,
    pub length: Option<Duration>,
    /// What its picture is called.
    pub(super) picture: Option<String>,
}

impl Song {
    /// The song as a track whose file is fetched when its turn comes near.
    pub(in super::super) fn track(&self) -> Track {
        Track {
            key: TrackKey(format!("subsonic:{}", self.id)),
            title: self.title.clone(),
            artist: self.artist.clone(),
            album: self.album.clone(),
            length: self.length.unwrap_or_default(),
            origin: Origin::Subsonic,
            media: MediaRef(format!("subsonic:{}", self.id)),
            link: None,
            cover: None,
            gain_tenths: None,
            live: false,
        }
    }
}

/// Asks the server. Clones share what is known of it.
#[derive(Clone, Debug)]
pub(in super::super) struct Subsonic {
    config: Arc<SubsonicConfig>,
    fetcher: Fetcher,
    state: Arc<Mutex<MusicServer>>,
}

#[derive(Deserialize)]
struct Envelope<T> {
    #[serde(rename = "subsonic-response")]
    response: Response<T>,
}

#[derive(Deserialize)]
struct Response<T> {
    #[serde(default)]
    error: Option<ApiError>,
    #[serde(flatten)]
    body: Option<T>,
}

#[derive(Deserialize)]
struct ApiError {
    code: i64,
}

#[derive(Deserialize)]
struct Found {
    #[serde(rename = "searchResult3")]
    found: FoundSongs,
}

#[derive(Deserialize)]
struct FoundSongs {
    #[serde(default)]
    song: Vec<Child>,
}

#[derive(Deserialize)]
struct One {
    song: Child,
}

#[derive(Deserialize)]
struct Pong {}

/// A song as the API tells it. Old servers number them.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Child {
    id: Id,
    #[serde(default)]
    title: String,
    artist: Option<String>,
    album: Option<String>,
    duration: Option<f64>,
    cover_art: Option<Id>,
    #[serde(default)]
    is_video: bool,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Id {
    Text(String),
    Number(i64),
}

impl Id {
    fn text(self) -> Option<String> {
        let text = match self {
            Id::Text(text) => text,
            Id::Number(number) => number.to_string(),
        };
        (!text.is_empty() && text.chars().count() <= ID_LIMIT).then_some(text)
    }
}

impl Child {
    /// What others wrote is cleaned; a song without an id cannot be asked for.
    fn song(self) -> Option<Song> {
        let clean = |text: Option<String>| cleaned(&text?);
        let seconds = self.duration.filter(|it| *it > 0.0);
        Some(Song {
            id: self.id.text().filter(|_| !self.is_video)?,
            title: cleaned(&self.title).unwrap_or_else(|| "?".to_owned()),
            artist: clean(self.artist),
            album: clean(self.album),
            length: seconds.and_then(|it| Duration::try_from_secs_f64(it).ok()),
            picture: self.cover_art.and_then(Id::text),
        })
    }
}

impl Subsonic {
    /// The owner named the server, so it may have any address.
    pub(in super::super) fn new(config: SubsonicConfig) -> Result<Subsonic, reqwest::Error> {
        let host = config.url.host_str().map(str::to_owned);
        Ok(Subsonic {
            fetcher: Fetcher::new(&host.into_iter().collect::<BTreeSet<_>>())?,
            config: Arc::new(config),
            state: Arc::new(Mutex::new(MusicServer::Unasked)),
        })
    }

    /// How the server stood when it was asked last.
    pub(in super::super) fn state(&self) -> MusicServer {
        *self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Asks whether the server is there and lets us in.
    pub(in super::super) async fn greet(&self) {
        // The answer is noted.
        let _noted: Result<Pong, _> = self.ask("ping", &[]).await;
    }

    /// The best songs for these words.
    pub(in super::super) async fn search(
        &self,
        words: &str,
        limit: usize,
    ) -> Result<Vec<Song>, IntakeFailure> {
        let words: String = words.chars().take(WORDS_LIMIT).collect();
        let count = limit.to_string();
        let query = [
            ("query", words.as_str()),
            ("songCount", &count),
            ("artistCount", "0"),
            ("albumCount", "0"),
        ];
        let Found { found } = self.ask("search3", &query).await?;
        let songs = found.song.into_iter().filter_map(Child::song);
        Ok(songs.take(limit).collect())
    }

    /// One song by its id.
    pub(in super::super) async fn song(&self, id: &str) -> Result<Song, IntakeFailure> {
        let One { song } = self.ask("getSong", &[("id", id)]).await?;
        song.song().ok_or(IntakeFailure::NotSound)
    }

    /// Writes the song's file into `path` as it is there, at most so many bytes.
    pub(in super::super) async fn save(
        &self,
        id: &str,
        path: &Path,
        limit: u64,
    ) -> Result<(), IntakeFailure> {
        let saving = async {
            let query = [("id", id), ("format", "raw")];
            let opened = self.open("stream", &query).await?;
            opened.save(path, limit).await
        };
        let saved = tokio::time::timeout(FILE_TIME, saving).await;
        saved.unwrap_or_else(|_| Err(too_slow()))
    }

    /// The picture of a song. One that does not come is missed by nobody.
    pub(in super::super) async fn cover(&self, song: &Song) -> Option<Cover> {
        let query = [("id", song.picture.as_deref()?), ("size", COVER_SIDE)];
        let reading = async {
            let opened = self.open("getCoverArt", &query).await?;
            opened.read(COVER_LIMIT).await
        };
        let bytes = tokio::time::timeout(ANSWER_TIME, reading)
            .await
            .ok()?
            .ok()?;
        let extension = picture(&bytes)?;
        Some(Cover {
            extension,
            bytes: bytes.into(),
        })
    }

    async fn ask<T: DeserializeOwned>(
        &self,
        command: &str,
        query: &[(&str, &str)],
    ) -> Result<T, IntakeFailure> {
        let asking = async {
            let link = self.link(command, query)?;
            let opened = self.fetcher.open(&link, HeaderMap::new()).await?;
            opened.read(ANSWER_LIMIT).await
        };
        let answer = tokio::time::timeout(ANSWER_TIME, asking).await;
        let answer = answer.unwrap_or_else(|_| Err(too_slow()));
        self.noted(answer.and_then(|bytes| understood(&bytes)))
    }

    /// Asks for something that is no JSON, unless it is an error.
    async fn open(&self, command: &str, query: &[(&str, &str)]) -> Result<Opened, IntakeFailure> {
        let link = self.link(command, query)?;
        let opened = self.fetcher.open(&link, HeaderMap::new()).await;
        let opened = self.noted(opened)?;
        let kind = opened.headers.get(CONTENT_TYPE);
        let kind = kind.and_then(|it| it.to_str().ok()).unwrap_or_default();
        if kind.contains("json") || kind.contains("xml") || kind.starts_with("text/") {
            let answer = opened.read(ANSWER_LIMIT).await?;
            self.noted(understood::<Pong>(&answer))?;
            return Err(IntakeFailure::NotFound);
        }
        Ok(opened)
    }

    /// The address of a command, with the digest of the password and a salt of its own.
    fn link(&self, command: &str, query: &[(&str, &str)]) -> Result<String, IntakeFailure> {
        let SubsonicConfig {
            url,
            user,
            password,
            chance,
        } = self.config.as_ref();
        let salt = format!("{:016x}", chance());
        let token = hex(&Md5::digest(format!("{password}{salt}")));
        let mut link = url.clone();
        link.path_segments_mut()
            .map_err(|()| IntakeFailure::NotAllowed)?
            .pop_if_empty()
            .extend(["rest", &format!("{command}.view")]);
        link.query_pairs_mut()
            .clear()
            .extend_pairs([("u", user.as_str()), ("t", &token), ("s", &salt)])
            .extend_pairs([("v", API), ("c", CLIENT), ("f", "json")])
            .extend_pairs(query);
        Ok(link.into())
    }

    /// Notes how the server stands, and says so once when that has changed.
    fn noted<T>(&self, answer: Result<T, IntakeFailure>) -> Result<T, IntakeFailure> {
        let state = match &answer {
            Err(IntakeFailure::SourceRefuses) => MusicServer::Refuses,
            Err(IntakeFailure::Unreachable(_) | IntakeFailure::NotAllowed) => MusicServer::Silent,
            _ => MusicServer::Answers,
        };
        let mut known = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let before = std::mem::replace(&mut *known, state);
        drop(known);
        if before != state {
            match (&answer, state) {
                (_, MusicServer::Refuses) => {
                    tracing::warn!("the music server refuses RONDO_SUBSONIC_USER and its password");
                }
                (Err(why), MusicServer::Silent) => {
                    tracing::warn!(%why, "the music server of RONDO_SUBSONIC_URL does not answer");
                }
                _ => tracing::info!("the music server answers"),
            }
        }
        answer
    }
}

fn too_slow() -> IntakeFailure {
    IntakeFailure::Unreachable("it took too long".to_owned())
}

/// What an answer says, or the failure it tells.
fn understood<T: DeserializeOwned>(answer: &[u8]) -> Result<T, IntakeFailure> {
    let strange = || IntakeFailure::Unreachable("its answer is not understood".to_owned());
    let envelope: Envelope<T> = serde_json::from_slice(answer).map_err(|_| strange())?;
    match envelope.response.error {
        Some(ApiError { code }) if REFUSED.contains(&code) => Err(IntakeFailure::SourceRefuses),
        Some(ApiError { code: NOT_THERE }) => Err(IntakeFailure::NotFound),
        Some(_) => Err(strange()),
        None => envelope.response.body.ok_or_else(strange),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn server(url: &str) -> Subsonic {
        let config = SubsonicConfig {
            url: Url::parse(url).unwrap(),
            user: "joe".to_owned(),
            password: "sesame".to_owned(),
            chance: || 0xc19b,
        };
        Subsonic::new(config).unwrap()
    }

    #[test]
    fn the_password_does_not_stand_in_the_link_or_the_log() {
        let server = server("http://music.example:4533/sub/");
        let link = server.link("search3", &[("query", "夜 & more")]).unwrap();
        let salt = "000000000000c19b";
        let token = hex(&Md5::digest(format!("sesame{salt}")));
        assert!(
            link.starts_with("http://music.example:4533/sub/rest/search3.view?u=joe&t="),
            "{link}"
        );
        assert!(link.contains(&token) && link.contains(salt) && !link.contains("sesame"));
        assert!(link.ends_with("&f=json&query=%E5%A4%9C+%26+more"), "{link}");
        let shown = format!("{server:?}");
        assert!(
            !shown.contains("sesame") && !shown.contains("joe"),
            "{shown}"
        );
    }

    #[test]
    fn the_digest_is_that_of_the_documentation() {
        // The example of the API's own page.
        assert_eq!(
            hex(&Md5::digest("sesamec19b2d")),
            "26719a1196d2a940705a59634eb18eab"
        );
    }

    #[test]
    fn answers_are_read_and_errors_are_told_apart() {
        let answer = |body: &str| format!(r#"{{"subsonic-response":{{{body}}}}}"#);
        let ok = answer(
            r#""status":"ok","version":"1.16.1","searchResult3":{"song":[
                {"id":"a1","title":"Song\u202e","artist":"A","duration":185,"coverArt":"c1"},
                {"id":7,"title":"","isVideo":false},
                {"id":"film","title":"Film","isVideo":true}]}"#,
        );
        let Found { found } = understood(ok.as_bytes()).unwrap();
        let songs: Vec<Song> = found.song.into_iter().filter_map(Child::song).collect();
        let [first, second] = songs.as_slice() else {
            panic!("{songs:?}");
        };
        assert_eq!((first.id.as_str(), first.title.as_str()), ("a1", "Song"));
        assert_eq!(first.length, Some(Duration::from_secs(185)));
        assert_eq!((second.id.as_str(), second.title.as_str()), ("7", "?"));
        let none: Found = understood(answer(r#""searchResult3":{}"#).as_bytes()).unwrap();
        assert!(none.found.song.is_empty());
        let failed = |code: i64| {
            let text = answer(&format!(
                r#""status":"failed","error":{{"code":{code},"message":"x"}}"#
            ));
            understood::<Pong>(text.as_bytes()).err().unwrap()
        };
        assert!(matches!(failed(40), IntakeFailure::SourceRefuses));
        assert!(matches!(failed(70), IntakeFailure::NotFound));
        assert!(matches!(failed(0), IntakeFailure::Unreachable(_)));
        assert!(understood::<Pong>(b"<html>").is_err());
    }
}
