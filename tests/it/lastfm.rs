//! A local Last.fm, made from its published documents (<https://www.last.fm/api/desktopauth>,
//! <https://www.last.fm/api/show/track.scrobble>, <https://www.last.fm/api/show/user.getRecentTracks>,
//! <https://www.last.fm/api/errorcodes>): tokens that are approved, sessions, scrobbles, and signatures
//! that it makes itself. It takes the same scrobble as often as it is sent, since nothing published
//! says otherwise.

use crate::serving::serving;
use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use md5::{Digest, Md5};
use serde_json::{Value, json};
use std::collections::{HashMap, VecDeque};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard};
use tokio_util::task::AbortOnDropHandle;
use url::form_urlencoded;

pub(crate) const KEY: &str = "0123456789abcdef0123456789abcdef";
pub(crate) const SECRET: &str = "fedcba9876543210fedcba9876543210";
/// Most scrobbles in one request.
const BATCH_LIMIT: usize = 50;

/// A scrobble as it is told: artist, track, timestamp, duration, chosenByUser.
pub(crate) type Told = (String, String, i64, String, String);

#[derive(Debug, Default)]
struct Known {
    /// Tokens, with who has approved them.
    tokens: HashMap<String, Option<String>>,
    sessions: HashMap<String, String>,
    /// With their owners.
    scrobbles: Vec<(String, Told)>,
    requests: usize,
    /// How often it was asked what it has.
    looks: usize,
    /// Next scrobbles that it takes without its answer arriving.
    losses: usize,
    /// Codes of errors that it answers first.
    errors: VecDeque<i64>,
    unsigned: usize,
}

type Shared = Arc<Mutex<Known>>;

pub(crate) struct Fm {
    address: SocketAddr,
    state: Shared,
    _serving: AbortOnDropHandle<()>,
}

impl Fm {
    pub(crate) async fn start() -> Fm {
        let state = Shared::default();
        let router = Router::new()
            .route("/2.0/", post(call))
            .with_state(Arc::clone(&state));
        let (address, serving) = serving(router).await;
        Fm {
            address,
            state,
            _serving: serving,
        }
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.state.lock().unwrap()
    }

    pub(crate) fn base(&self) -> String {
        format!("http://{}/2.0/", self.address)
    }

    /// Somebody lets the application in, on every token there is.
    pub(crate) fn approve(&self, name: &str) {
        for approved in self.known().tokens.values_mut() {
            *approved = Some(name.to_owned());
        }
    }

    /// Codes of errors that it answers to the next scrobbles.
    pub(crate) fn stumbles(&self, errors: &[i64]) {
        self.known().errors = errors.iter().copied().collect();
    }

    /// How many of the next scrobbles it takes without its answer arriving.
    pub(crate) fn loses_answers(&self, count: usize) {
        self.known().losses = count;
    }

    /// How often it was asked what it has.
    pub(crate) fn looks(&self) -> usize {
        self.known().looks
    }

    pub(crate) fn scrobbles(&self, owner: &str) -> Vec<Told> {
        let known = self.known();
        let own = known.scrobbles.iter().filter(|(name, _)| name == owner);
        own.map(|(_, told)| told.clone()).collect()
    }

    /// Requests with scrobbles, and requests whose signature was wrong.
    pub(crate) fn requests(&self) -> (usize, usize) {
        let known = self.known();
        (known.requests, known.unsigned)
    }

    /// All session keys.
    pub(crate) fn sessions(&self) -> Vec<String> {
        self.known().sessions.keys().cloned().collect()
    }
}

fn error(code: i64, words: &str) -> Response {
    let status = match code {
        11 | 16 => 503,
        29 => 429,
        4 | 9 | 10 | 13 | 14 | 15 => 403,
        _ => 400,
    };
    let status = StatusCode::from_u16(status).unwrap();
    let body = json!({ "error": code, "message": words, "links": [] });
    (status, axum::Json(body)).into_response()
}

async fn call(State(shared): State<Shared>, body: Bytes) -> Response {
    let mut known = shared.lock().unwrap();
    let given: Vec<(String, String)> = form_urlencoded::parse(&body).into_owned().collect();
    let get = |name: &str| {
        let found = given.iter().find(|(it, _)| it == name);
        found.map_or("", |(_, value)| value.as_str())
    };
    if get("api_key") != KEY {
        return error(10, "Invalid API key");
    }
    if signed(&given) != get("api_sig") {
        known.unsigned += 1;
        return error(13, "Invalid method signature supplied");
    }
    assert_eq!(get("format"), "json", "the bot reads JSON");
    match get("method") {
        "auth.getToken" => {
            let token = format!("tok-{:0>28}", known.tokens.len());
            known.tokens.insert(token.clone(), None);
            axum::Json(json!({ "token": token })).into_response()
        }
        "auth.getSession" => session(&mut known, get("token")),
        "track.scrobble" => {
            known.requests += 1;
            if let Some(code) = known.errors.pop_front() {
                return error(code, "Try again");
            }
            let Some(owner) = known.sessions.get(get("sk")).cloned() else {
                return error(9, "Invalid session key - Please re-authenticate");
            };
            let answer = scrobble(&mut known, &owner, &given);
            if known.losses > 0 {
                known.losses -= 1;
                return (StatusCode::BAD_GATEWAY, "<html>").into_response();
            }
            answer
        }
        "user.getRecentTracks" => {
            known.looks += 1;
            let seconds = |name: &str| get(name).parse::<i64>().unwrap();
            recent(&known, get("user"), (seconds("from"), seconds("to")))
        }
        _ => error(3, "Invalid Method"),
    }
}

/// "Order all the parameters alphabetically by parameter name and concatenate them into one string
/// using a `<name><value>` scheme ... append your secret ... generate an md5 hash"; `format` and
/// `callback` are no part of it.
fn signed(given: &[(String, String)]) -> String {
    let left_out = ["api_sig", "format", "callback"];
    let mut parts: Vec<&(String, String)> = given
        .iter()
        .filter(|(name, _)| !left_out.contains(&name.as_str()))
        .collect();
    parts.sort_by(|a, b| a.0.as_bytes().cmp(b.0.as_bytes()));
    let parts: Vec<&str> = parts
        .iter()
        .flat_map(|(name, value)| [name.as_str(), value.as_str()])
        .collect();
    let text = parts.concat() + SECRET;
    let digest: [u8; 16] = Md5::digest(text.as_bytes()).into();
    format!("{:032x}", u128::from_be_bytes(digest))
}

fn session(known: &mut Known, token: &str) -> Response {
    match known.tokens.get(token).cloned() {
        None => error(4, "Invalid authentication token supplied"),
        Some(None) => error(14, "This token has not been authorized"),
        Some(Some(name)) => {
            // "You can only use an authentication token once."
            known.tokens.remove(token);
            let key = format!("session-{:0>24}", known.sessions.len());
            known.sessions.insert(key.clone(), name.clone());
            let session = json!({ "session": { "name": name, "key": key, "subscriber": 0 } });
            axum::Json(session).into_response()
        }
    }
}

/// Everything between two moments on one page, the newest first; a single one is no list.
fn recent(known: &Known, user: &str, (from, to): (i64, i64)) -> Response {
    let own = known.scrobbles.iter().rev();
    let own = own.filter(|(owner, told)| owner == user && told.2 > from && told.2 < to);
    let tracks: Vec<Value> = own
        .map(|(_, (artist, track, seconds, ..))| {
            json!({ "artist": { "mbid": "", "#text": artist }, "name": track,
                "date": { "uts": seconds.to_string(), "#text": "" } })
        })
        .collect();
    let told = match tracks.as_slice() {
        [one] => one.clone(),
        all => json!(all),
    };
    let about = json!({ "user": user, "page": "1", "perPage": "200", "totalPages": "1" });
    axum::Json(json!({ "recenttracks": { "@attr": about, "track": told } })).into_response()
}

fn scrobble(known: &mut Known, owner: &str, given: &[(String, String)]) -> Response {
    let get = |name: &str, at: usize| {
        let name = format!("{name}[{at}]");
        let found = given.iter().find(|(it, _)| *it == name);
        found.map(|(_, value)| value.clone())
    };
    let mut answers: Vec<Value> = Vec::new();
    let (mut accepted, mut ignored) = (0, 0);
    for at in 0.. {
        let Some(artist) = get("artist", at) else {
            break;
        };
        if at >= BATCH_LIMIT {
            return error(6, "Too many scrobbles");
        }
        let (Some(track), Some(timestamp)) = (get("track", at), get("timestamp", at)) else {
            return error(6, "Your request is missing a required parameter");
        };
        let Ok(seconds) = timestamp.parse::<i64>() else {
            return error(6, "Invalid timestamp");
        };
        let code = if track.contains("Unwanted") { "2" } else { "0" };
        if code == "0" {
            accepted += 1;
            let more = |name| get(name, at).unwrap_or_default();
            let told = (
                artist.clone(),
                track.clone(),
                seconds,
                more("duration"),
                more("chosenByUser"),
            );
            known.scrobbles.push((owner.to_owned(), told));
        } else {
            ignored += 1;
        }
        answers.push(json!({
            "artist": { "corrected": "0", "#text": artist },
            "track": { "corrected": "0", "#text": track },
            "timestamp": timestamp,
            "ignoredMessage": { "code": code, "#text": "" },
        }));
    }
    // A single one is no list.
    let told = match answers.as_slice() {
        [] => return error(6, "Your request is missing a required parameter"),
        [one] => one.clone(),
        all => json!(all),
    };
    let counts = json!({ "accepted": accepted, "ignored": ignored });
    axum::Json(json!({ "scrobbles": { "@attr": counts, "scrobble": told } })).into_response()
}
