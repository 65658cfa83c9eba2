//! `ListenBrainz`: whose token it is, listens, and playlists, as its documents describe it
//! (<https://listenbrainz.readthedocs.io/en/latest/users/api/index.html>). It keeps nothing.

mod playlists;

pub use playlists::{NewPlaylist, Touched, playlist_page};

use super::web::{self, Reply};
use super::{Answered, ScrobbleFailure, Token, Verdict, said};
use crate::domain::scrobbling::Listen;
use reqwest::header::AUTHORIZATION;
use reqwest::{Client, RequestBuilder};
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::time::Duration;
use url::Url;

/// Where it is.
pub const LISTENBRAINZ: &str = "https://api.listenbrainz.org/";
/// Most recordings in one look-up, and most characters of one's names together
/// (`MAX_LOOKUPS_PER_POST` and `MAX_MAPPING_QUERY_LENGTH` of the server's `metadata_api.py`).
const LOOKUP_LIMIT: usize = 50;
const NAMES_LIMIT: usize = 250;
/// Longest length that it takes, 24 days (`MAX_DURATION_MS_LIMIT` of the server's `api_tools.py`).
const LENGTH_LIMIT: Duration = Duration::from_hours(24 * 24);
/// How the bot calls itself.
const CLIENT: &str = "Rondo";
/// While somebody waits for a playlist: how often a busy service is asked again, and the longest
/// pause before that.
const TRIES: u32 = 3;
const PATIENCE: Duration = Duration::from_secs(15);

/// A song to find.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    pub artist: String,
    pub title: String,
    pub album: Option<String>,
}

/// Asks `ListenBrainz`. Clones share the connections.
#[derive(Clone, Debug)]
pub struct ListenBrainz {
    client: Client,
    base: Url,
}

#[derive(Deserialize)]
struct Validity {
    valid: bool,
    user_name: Option<String>,
}

#[derive(Deserialize)]
struct Found {
    index: usize,
    recording_mbid: Option<String>,
}

#[derive(Deserialize)]
struct Trouble {
    error: String,
}

impl ListenBrainz {
    /// With its address, with a `/` at the end.
    pub fn new(base: Url) -> Result<ListenBrainz, reqwest::Error> {
        let client = web::client()?;
        Ok(ListenBrainz { client, base })
    }

    fn url(&self, path: &str) -> Result<Url, ScrobbleFailure> {
        let url = self.base.join(path);
        url.map_err(|_| ScrobbleFailure::Silent("it has no address".to_owned()))
    }

    fn signed(request: RequestBuilder, token: &Token) -> RequestBuilder {
        request.header(AUTHORIZATION, format!("Token {}", token.reveal()))
    }

    async fn post(
        &self,
        path: &str,
        token: &Token,
        body: &Value,
    ) -> Result<Reply, ScrobbleFailure> {
        let request = self.client.post(self.url(path)?).json(body);
        let reply = web::ask(ListenBrainz::signed(request, token)).await?;
        checked(reply)
    }

    /// Whose token it is; `None` if it is nobody's (`GET /1/validate-token`).
    pub async fn owner(&self, token: &Token) -> Result<Option<String>, ScrobbleFailure> {
        let request = self.client.get(self.url("1/validate-token")?);
        let reply = web::ask(ListenBrainz::signed(request, token)).await?;
        let known: Validity = parsed(&checked(reply)?)?;
        Ok(known
            .user_name
            .filter(|name| known.valid && !name.is_empty()))
    }

    /// Submits listens (`POST /1/submit-listens`): all are taken, or it fails.
    pub(super) async fn submit(
        &self,
        token: &Token,
        listens: &[Listen],
    ) -> Result<Answered<Vec<Verdict>>, ScrobbleFailure> {
        // A single listen says that somebody has just finished it, an import that it was kept.
        let kind = if listens.len() == 1 {
            "single"
        } else {
            "import"
        };
        let payload: Vec<Value> = listens.iter().map(listen).collect();
        let body = json!({ "listen_type": kind, "payload": payload });
        let reply = self.post("1/submit-listens", token, &body).await?;
        Ok(Answered {
            what: vec![Verdict::Taken; listens.len()],
            rest: reply.rest,
        })
    }

    /// The `MusicBrainz` id of each piece, where there is one (`POST /1/metadata/lookup/`).
    pub async fn recordings(
        &self,
        token: &Token,
        pieces: &[Piece],
    ) -> Result<Vec<Option<String>>, ScrobbleFailure> {
        let mut ids = vec![None; pieces.len()];
        // Longer names than it takes are in no database.
        let askable: Vec<(usize, &Piece)> = pieces
            .iter()
            .enumerate()
            .filter(|(_, piece)| piece.length() <= NAMES_LIMIT)
            .collect();
        for part in askable.chunks(LOOKUP_LIMIT) {
            let asked: Vec<Value> = part.iter().map(|(_, piece)| piece.asked()).collect();
            let body = json!({ "recordings": asked });
            let asked = (Some(&body), Again::Always);
            let reply = self.patiently("1/metadata/lookup/", token, asked).await?;
            let found: Vec<Found> = parsed(&reply)?;
            let found: HashMap<usize, String> = found
                .into_iter()
                .filter_map(|it| Some((it.index, it.recording_mbid.filter(|id| is_mbid(id))?)))
                .collect();
            for (place, (at, _)) in part.iter().enumerate() {
                if let (Some(slot), Some(id)) = (ids.get_mut(*at), found.get(&place)) {
                    *slot = Some(id.clone());
                }
            }
        }
        Ok(ids)
    }

    async fn get(&self, path: &str, token: &Token) -> Result<Reply, ScrobbleFailure> {
        let request = self.client.get(self.url(path)?);
        checked(web::ask(ListenBrainz::signed(request, token)).await?)
    }

    /// Asks again for a while when the service is busy: somebody waits for the answer. What would be
    /// done twice is asked again only if the service says that it was not done.
    async fn patiently(
        &self,
        path: &str,
        token: &Token,
        (body, again): (Option<&Value>, Again),
    ) -> Result<Reply, ScrobbleFailure> {
        for tries in 1.. {
            let reply = match body {
                Some(body) => self.post(path, token, body).await,
                None => self.get(path, token).await,
            };
            match reply {
                Err(ScrobbleFailure::Busy { code, wait })
                    if tries < TRIES && again.allows(code) =>
                {
                    let pause = wait.unwrap_or(Duration::from_secs(2));
                    tokio::time::sleep(pause.min(PATIENCE)).await;
                }
                done => return done,
            }
        }
        Err(not_understood())
    }
}

/// When a question may be asked a second time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Again {
    /// It only looks, or does the same.
    Always,
    /// It adds something: only if it was not even looked at.
    Unheard,
}

impl Again {
    fn allows(self, code: i64) -> bool {
        const TOO_MANY: i64 = 429;
        match self {
            // That it is not there, or not theirs, is an answer.
            Again::Always => !matches!(code, 403 | 404),
            Again::Unheard => code == TOO_MANY,
        }
    }
}

impl Piece {
    fn length(&self) -> usize {
        let texts = [Some(&self.artist), Some(&self.title), self.album.as_ref()];
        let lengths = texts.into_iter().flatten().map(|text| text.chars().count());
        lengths.sum()
    }

    fn asked(&self) -> Value {
        let mut asked = json!({ "artist_name": self.artist, "recording_name": self.title });
        if let (Some(fields), Some(album)) = (asked.as_object_mut(), &self.album) {
            fields.insert("release_name".to_owned(), json!(album));
        }
        asked
    }
}

/// One listen as the documents want it
/// (<https://listenbrainz.readthedocs.io/en/latest/users/json.html#payload-json-details>): what is
/// not known is left out.
fn listen(listen: &Listen) -> Value {
    let mut info = json!({
        "media_player": CLIENT,
        "submission_client": CLIENT,
        "submission_client_version": env!("CARGO_PKG_VERSION"),
    });
    let mut add = |key: &str, value: Value| {
        if let Some(fields) = info.as_object_mut() {
            fields.insert(key.to_owned(), value);
        }
    };
    if !listen.length.is_zero() && listen.length <= LENGTH_LIMIT {
        let length_ms = u64::try_from(listen.length.as_millis()).unwrap_or(u64::MAX);
        add("duration_ms", json!(length_ms));
    }
    if let Some(link) = &listen.link {
        add("origin_url", json!(link));
        if let Some(service) = music_service(link) {
            add("music_service", json!(service));
        }
    }
    let mut about = json!({
        "artist_name": listen.artist,
        "track_name": listen.title,
        "additional_info": info,
    });
    if let (Some(fields), Some(album)) = (about.as_object_mut(), &listen.album) {
        fields.insert("release_name".to_owned(), json!(album));
    }
    json!({ "listened_at": listen.listened_at.0.div_euclid(1_000), "track_metadata": about })
}

/// The canonical domain of the service that a link leads to, by the documents' table.
fn music_service(link: &str) -> Option<String> {
    let url = Url::parse(link).ok()?;
    let host = url.host_str()?.to_lowercase();
    let known = [
        ("music.youtube.com", "music.youtube.com"),
        ("youtube.com", "youtube.com"),
        ("youtu.be", "youtube.com"),
        ("soundcloud.com", "soundcloud.com"),
        ("bandcamp.com", "bandcamp.com"),
        ("archive.org", "archive.org"),
    ];
    let within = |domain: &str| {
        host == domain
            || host
                .strip_suffix(domain)
                .is_some_and(|rest| rest.ends_with('.'))
    };
    let service = known.into_iter().find(|(domain, _)| within(domain));
    let service = service.map(|(_, service)| service.to_owned());
    service.or_else(|| Some(host.strip_prefix("www.").unwrap_or(&host).to_owned()))
}

/// A `MusicBrainz` id: a UUID in its usual writing.
fn is_mbid(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let lengths: Vec<usize> = parts.iter().map(|part| part.len()).collect();
    lengths == [8, 4, 4, 4, 12] && parts.concat().bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn not_understood() -> ScrobbleFailure {
    ScrobbleFailure::Silent("the answer is not understood".to_owned())
}

fn parsed<'a, T: Deserialize<'a>>(reply: &'a Reply) -> Result<T, ScrobbleFailure> {
    serde_json::from_slice(&reply.body).map_err(|_| not_understood())
}

/// What a status means: the documents' 401 and 400 (with `error` in the body), 429, and the rest.
fn checked(reply: Reply) -> Result<Reply, ScrobbleFailure> {
    match reply.status {
        200..=299 => Ok(reply),
        401 => Err(ScrobbleFailure::Unauthorized),
        400 | 413 | 415 | 422 => {
            let trouble = serde_json::from_slice::<Trouble>(&reply.body);
            let why = trouble.map_or_else(|_| reply.status.to_string(), |it| said(&it.error));
            Err(ScrobbleFailure::Refused(why))
        }
        _ => Err(reply.busy()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::moment::Moment;

    fn heard() -> Listen {
        Listen {
            artist: "Band".to_owned(),
            title: "Song".to_owned(),
            album: None,
            length: Duration::from_millis(200_123),
            listened_at: Moment(1_790_000_000_999),
            link: None,
            by_other: true,
        }
    }

    #[test]
    fn a_listen_says_what_is_known_and_no_more() {
        let version = env!("CARGO_PKG_VERSION");
        assert_eq!(
            listen(&heard()),
            json!({
                "listened_at": 1_790_000_000,
                "track_metadata": {
                    "artist_name": "Band",
                    "track_name": "Song",
                    "additional_info": {
                        "media_player": "Rondo",
                        "submission_client": "Rondo",
                        "submission_client_version": version,
                        "duration_ms": 200_123,
                    },
                },
            })
        );
        let full = Listen {
            album: Some("Album".to_owned()),
            link: Some("https://www.youtube.com/watch?v=x".to_owned()),
            ..heard()
        };
        let told = listen(&full);
        let about = &told["track_metadata"];
        assert_eq!(about["release_name"], "Album");
        let info = &about["additional_info"];
        assert_eq!(info["music_service"], "youtube.com");
        assert_eq!(info["origin_url"], "https://www.youtube.com/watch?v=x");
    }

    #[test]
    fn services_are_named_by_their_domains() {
        for (link, service) in [
            ("https://youtu.be/x", "youtube.com"),
            ("https://music.youtube.com/watch?v=x", "music.youtube.com"),
            ("https://band.bandcamp.com/track/x", "bandcamp.com"),
            ("https://notyoutube.com/x", "notyoutube.com"),
            ("https://www.mixcloud.com/x", "mixcloud.com"),
        ] {
            assert_eq!(music_service(link).as_deref(), Some(service));
        }
        assert_eq!(music_service("nothing"), None);
    }

    #[test]
    fn ids_are_uuids() {
        assert!(is_mbid("8f3471b5-7e6a-48da-86a9-c1c07a0f47ae"));
        for bad in [
            "",
            "8f3471b5",
            "8f3471b5-7e6a-48da-86a9-c1c07a0f47a/",
            "../..-a-b-c-d",
        ] {
            assert!(!is_mbid(bad), "{bad}");
        }
    }

    #[test]
    fn a_status_says_what_to_do() {
        let reply = |status, body: &str| {
            checked(Reply {
                status,
                body: body.as_bytes().to_vec(),
                wait: None,
                rest: None,
            })
            .unwrap_err()
        };
        assert_eq!(reply(401, "{}"), ScrobbleFailure::Unauthorized);
        let why = r#"{"code": 400, "error": "Value for key listened_at is too low."}"#;
        let refused = "Value for key listened_at is too low.".to_owned();
        assert_eq!(reply(400, why), ScrobbleFailure::Refused(refused));
        for status in [302, 403, 404, 429, 500, 503] {
            assert_eq!(reply(status, "<html>").code(), status.to_string());
        }
    }
}
