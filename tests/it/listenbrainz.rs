//! A local `ListenBrainz`, made from its published documents
//! (<https://listenbrainz.readthedocs.io/en/latest/users/api/index.html>, and for limits and sentences
//! the server's own `webserver/views`): tokens, listens with their rules, look-ups and playlists. It
//! knows nothing of the bot, and is out of order when it is told to.

mod playlists;

use crate::serving::serving;
use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde_json::{Value, json};
use std::collections::{BTreeMap, VecDeque};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{SystemTime, UNIX_EPOCH};
use tokio::sync::Notify;
use tokio_util::task::AbortOnDropHandle;

/// `LISTEN_MINIMUM_TS`, 2002-10-01, and how far ahead a clock may be.
const EARLIEST: i64 = 1_033_430_400;
const SKEW_S: i64 = 3_600;
/// `MAX_LISTENS_PER_REQUEST`, `MAX_LISTEN_SIZE`, `MAX_DURATION_MS_LIMIT`.
const LISTENS_LIMIT: usize = 1_000;
const LISTEN_SIZE: usize = 10_240;
const LENGTH_LIMIT_MS: i64 = 24 * 24 * 60 * 60 * 1_000;
/// `MAX_LOOKUPS_PER_POST`, `MAX_MAPPING_QUERY_LENGTH`.
const LOOKUPS_LIMIT: usize = 50;
const NAMES_LIMIT: usize = 250;

/// What it does instead of its work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mishap {
    /// This status and a page.
    Status(u16),
    /// 429, and after how many seconds to come again.
    TooMany(u32),
    /// The work is done, but whoever asked is told of an error.
    Unsaid,
    /// The work is done when the story says so.
    Held,
    /// The work is done, and said to be.
    None,
}

#[derive(Debug, Default)]
struct Known {
    /// Tokens with their owners' names.
    tokens: BTreeMap<String, String>,
    /// By owner, moment and names, as its database has it (`listened_at, user_id, recording_msid`).
    listens: BTreeMap<(String, i64, String), Value>,
    submissions: usize,
    mishaps: VecDeque<Mishap>,
    let_go: Arc<Notify>,
    recordings: BTreeMap<(String, String), String>,
    /// With their owners, in the order in which they were made; a deleted one leaves its place.
    playlists: Vec<Option<(String, Value)>>,
}

type Shared = Arc<Mutex<Known>>;

pub(crate) struct Brainz {
    address: SocketAddr,
    state: Shared,
    _serving: AbortOnDropHandle<()>,
}

impl Brainz {
    /// With these tokens and whose they are.
    pub(crate) async fn start(tokens: &[(&str, &str)]) -> Brainz {
        let tokens = tokens.iter();
        let state: Shared = Arc::new(Mutex::new(Known {
            tokens: tokens
                .map(|(token, name)| ((*token).to_owned(), (*name).to_owned()))
                .collect(),
            ..Known::default()
        }));
        let router = Router::new()
            .route("/1/validate-token", get(validate))
            .route("/1/submit-listens", post(submit))
            .route("/1/metadata/lookup/", post(lookup))
            .merge(playlists::router())
            .with_state(Arc::clone(&state));
        let (address, serving) = serving(router).await;
        Brainz {
            address,
            state,
            _serving: serving,
        }
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.state.lock().unwrap()
    }

    pub(crate) fn base(&self) -> String {
        format!("http://{}/", self.address)
    }

    /// What it will do instead of its work, one after the other.
    pub(crate) fn stumbles(&self, mishaps: &[Mishap]) {
        self.known().mishaps = mishaps.iter().copied().collect();
    }

    /// Whether all of that has happened.
    pub(crate) fn is_well(&self) -> bool {
        self.known().mishaps.is_empty()
    }

    /// Does the work of the request that is held.
    pub(crate) fn lets_go(&self) {
        self.known().let_go.notify_one();
    }

    pub(crate) fn revoke(&self, token: &str) {
        self.known().tokens.remove(token);
    }

    pub(crate) fn knows(&self, artist: &str, title: &str, id: &str) {
        let names = (artist.to_owned(), title.to_owned());
        self.known().recordings.insert(names, id.to_owned());
    }

    /// What it has of somebody, the oldest first.
    pub(crate) fn listens(&self, owner: &str) -> Vec<Value> {
        let known = self.known();
        let all = known.listens.iter();
        all.filter(|((name, ..), _)| name == owner)
            .map(|(_, listen)| listen.clone())
            .collect()
    }

    /// Requests with listens, whatever became of them.
    pub(crate) fn submissions(&self) -> usize {
        self.known().submissions
    }

    /// All that there are, with their owners.
    pub(crate) fn playlists(&self) -> Vec<(String, Value)> {
        self.known().playlists.iter().flatten().cloned().collect()
    }

    /// Its owner does something with a playlist on the site, the first being 1.
    pub(crate) fn changes_playlist(&self, number: usize, change: impl FnOnce(&mut Value)) {
        let mut known = self.known();
        let there = known.playlists.get_mut(number - 1).and_then(Option::as_mut);
        change(&mut there.unwrap().1);
    }

    pub(crate) fn deletes_playlist(&self, number: usize) {
        self.known().playlists[number - 1] = None;
    }
}

/// Every answer carries the figures of the rate limit.
fn answer(status: u16, left: u32, reset_in: u32, body: &Value) -> Response {
    let limits = [
        ("content-type", "application/json".to_owned()),
        ("x-ratelimit-limit", "30".to_owned()),
        ("x-ratelimit-remaining", left.to_string()),
        ("x-ratelimit-reset-in", reset_in.to_string()),
    ];
    let status = StatusCode::from_u16(status).unwrap();
    (
        status,
        axum::response::AppendHeaders(limits),
        body.to_string(),
    )
        .into_response()
}

fn well(body: &Value) -> Response {
    answer(200, 29, 10, body)
}

fn failed(status: u16, words: &str) -> Response {
    answer(status, 29, 10, &json!({ "code": status, "error": words }))
}

/// Who asks, by `Authorization: Token <user token>`.
fn asker(known: &Known, headers: &HeaderMap) -> Result<String, Box<Response>> {
    let Some(header) = headers.get("authorization") else {
        let words = "You need to provide an Authorization header.";
        return Err(Box::new(failed(401, words)));
    };
    let token = header.to_str().ok().and_then(|text| text.split(' ').nth(1));
    let Some(token) = token else {
        let words = "Provided Authorization header is invalid.";
        return Err(Box::new(failed(401, words)));
    };
    let owner = known.tokens.get(token).cloned();
    owner.ok_or_else(|| Box::new(failed(401, "Invalid authorization token.")))
}

fn stumble(known: &mut Known) -> (Option<Response>, bool) {
    match known.mishaps.pop_front() {
        None | Some(Mishap::None | Mishap::Held) => (None, false),
        Some(Mishap::Unsaid) => (None, true),
        Some(Mishap::TooMany(seconds)) => {
            let body = json!({ "code": 429, "error": "You have exceeded your rate limit." });
            (Some(answer(429, 0, seconds, &body)), false)
        }
        Some(Mishap::Status(status)) => {
            let status = StatusCode::from_u16(status).unwrap();
            (Some((status, "<html>").into_response()), false)
        }
    }
}

async fn validate(State(shared): State<Shared>, headers: HeaderMap) -> Response {
    let mut known = shared.lock().unwrap();
    if let (Some(stumbled), _) = stumble(&mut known) {
        return stumbled;
    }
    match asker(&known, &headers) {
        Ok(name) => well(&json!({
            "code": 200, "message": "Token valid.", "valid": true, "user_name": name,
        })),
        Err(_) if headers.contains_key("authorization") => {
            well(&json!({ "code": 200, "message": "Token invalid.", "valid": false }))
        }
        Err(_) => failed(400, "You need to provide an Authorization token."),
    }
}

async fn submit(State(shared): State<Shared>, headers: HeaderMap, body: Bytes) -> Response {
    let held = {
        let mut known = shared.lock().unwrap();
        known.submissions += 1;
        let is_held = known.mishaps.front() == Some(&Mishap::Held);
        is_held.then(|| Arc::clone(&known.let_go))
    };
    if let Some(held) = held {
        held.notified().await;
    }
    let mut known = shared.lock().unwrap();
    let (stumbled, unsaid) = stumble(&mut known);
    if let Some(stumbled) = stumbled {
        return stumbled;
    }
    let owner = match asker(&known, &headers) {
        Ok(owner) => owner,
        Err(refused) => return *refused,
    };
    let listens = match submitted(&body) {
        Ok(listens) => listens,
        Err(words) => return failed(400, &words),
    };
    for listen in listens {
        let about = &listen["track_metadata"];
        let names = format!("{}\n{}", about["artist_name"], about["track_name"]);
        let key = (
            owner.clone(),
            listen["listened_at"].as_i64().unwrap(),
            names,
        );
        known.listens.entry(key).or_insert(listen);
    }
    if unsaid {
        return (StatusCode::BAD_GATEWAY, "<html>").into_response();
    }
    well(&json!({ "status": "ok" }))
}

/// The listens of a submission, if all of them keep the rules.
fn submitted(body: &Bytes) -> Result<Vec<Value>, String> {
    let form: Value = serde_json::from_slice(body).map_err(|_| "Cannot parse JSON document")?;
    let kind = form["listen_type"].as_str().unwrap_or_default();
    let Some(listens) = form["payload"].as_array() else {
        return Err("The payload in the JSON document should be a list of listens.".to_owned());
    };
    if listens.is_empty() {
        return Err("JSON document does not contain any listens".to_owned());
    }
    if listens.len() > LISTENS_LIMIT || body.len() > listens.len() * LISTEN_SIZE {
        return Err("Too many listens.".to_owned());
    }
    match kind {
        "import" => {}
        "single" if listens.len() == 1 => {}
        "single" => return Err("JSON document contains more than listen for a single.".to_owned()),
        _ => return Err("JSON document requires a valid listen_type key.".to_owned()),
    }
    listens.iter().try_for_each(valid)?;
    Ok(listens.clone())
}

fn now_s() -> i64 {
    #[expect(clippy::disallowed_methods, reason = "a server has a clock of its own")]
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    i64::try_from(now.as_secs()).unwrap()
}

fn valid(listen: &Value) -> Result<(), String> {
    let fields = listen.as_object().ok_or("Listen is empty")?;
    let at = listen["listened_at"].as_i64();
    let at = at.ok_or("JSON document must contain an int value for listened_at.")?;
    if at < EARLIEST {
        return Err("Value for key listened_at is too low.".to_owned());
    }
    if at >= now_s() + SKEW_S {
        return Err("Value for key listened_at is too high.".to_owned());
    }
    if fields.len() != 2 {
        return Err(
            "JSON document may only contain listened_at and track_metadata top level keys"
                .to_owned(),
        );
    }
    let about = listen["track_metadata"].as_object();
    let about = about.ok_or("JSON document must contain the key track_metadata")?;
    for name in ["track_name", "artist_name"] {
        let text = about.get(name).and_then(Value::as_str).unwrap_or_default();
        if text.trim().is_empty() {
            return Err(format!("field track_metadata.{name} is empty."));
        }
        // Only here, so that a story can have one that is refused.
        if text.contains("Unwanted") {
            return Err(format!("field track_metadata.{name} is unwanted."));
        }
    }
    if about.get("release_name").is_some_and(|it| !it.is_string()) {
        return Err("track_metadata.release_name must be a single string.".to_owned());
    }
    let info = &listen["track_metadata"]["additional_info"];
    if info.get("duration").is_some() && info.get("duration_ms").is_some() {
        return Err("JSON document should not contain both duration and duration_ms.".to_owned());
    }
    let length = info.get("duration_ms").map(Value::as_i64);
    if length.is_some_and(|it| it.is_none_or(|ms| ms <= 0 || ms > LENGTH_LIMIT_MS)) {
        return Err("Value for duration_ms is invalid.".to_owned());
    }
    Ok(())
}

async fn lookup(State(shared): State<Shared>, headers: HeaderMap, body: Bytes) -> Response {
    let mut known = shared.lock().unwrap();
    if let (Some(stumbled), _) = stumble(&mut known) {
        return stumbled;
    }
    if let Err(refused) = asker(&known, &headers) {
        return *refused;
    }
    let form: Value = serde_json::from_slice(&body).unwrap_or_default();
    let asked = form["recordings"].as_array().cloned().unwrap_or_default();
    if asked.is_empty() || asked.len() > LOOKUPS_LIMIT {
        return failed(400, "recordings is invalid or not present in body");
    }
    let mut found = Vec::new();
    for (index, recording) in asked.iter().enumerate() {
        let text = |name: &str| recording[name].as_str().unwrap_or_default().to_owned();
        let (artist, title) = (text("artist_name"), text("recording_name"));
        let length = [&artist, &title, &text("release_name")].map(|it| it.chars().count());
        if artist.is_empty() || title.is_empty() || length.iter().sum::<usize>() > NAMES_LIMIT {
            return failed(400, &format!("Recording {index} is invalid"));
        }
        let mut entry = json!({
            "artist_name_arg": artist, "recording_name_arg": title, "index": index,
            "release_name_arg": recording.get("release_name"),
        });
        if let Some(id) = known.recordings.get(&(artist, title)) {
            entry["recording_mbid"] = id.as_str().into();
        }
        found.push(entry);
    }
    well(&Value::Array(found))
}
