//! The owner's music server: searched, its songs fetched when they are needed, and in trouble. The
//! server here is made from the API's published description.

use super::{Desk, fixture};
use crate::serving::serving;
use axum::Router;
use axum::body::Body;
use axum::extract::{Path, Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use md5::{Digest, Md5};
use rondo::audio::{IntakeFailure, MusicServer, SubsonicConfig};
use rondo::domain::track::Origin;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio_util::task::AbortOnDropHandle;

const PASSWORD: &str = "sésame & more";

/// How the server feels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mood {
    Well,
    /// Answers with pages.
    Broken,
    /// Takes connections and says nothing.
    Mute,
}

pub(crate) struct MusicBox {
    address: SocketAddr,
    state: Arc<Mutex<Known>>,
    _serving: AbortOnDropHandle<()>,
}

struct Known {
    mood: Mood,
    /// Commands with their queries.
    asked: Vec<(String, HashMap<String, String>)>,
}

type Shared = Arc<Mutex<Known>>;

impl MusicBox {
    pub(crate) async fn start() -> MusicBox {
        let state: Shared = Arc::new(Mutex::new(Known {
            mood: Mood::Well,
            asked: Vec::new(),
        }));
        let router = Router::new()
            .route("/music/rest/{command}", get(answer))
            .with_state(Arc::clone(&state));
        let (address, serving) = serving(router).await;
        MusicBox {
            address,
            state,
            _serving: serving,
        }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}/music", self.address)
    }

    pub(crate) fn password() -> &'static str {
        PASSWORD
    }

    pub(crate) fn is(&self, mood: Mood) {
        self.state.lock().unwrap().mood = mood;
    }

    /// How often a command was asked.
    pub(crate) fn asked(&self, command: &str) -> usize {
        let state = self.state.lock().unwrap();
        state.asked.iter().filter(|(it, _)| it == command).count()
    }

    fn config(&self, user: &str, password: &str) -> SubsonicConfig {
        SubsonicConfig {
            url: self.url().parse().unwrap(),
            user: user.to_owned(),
            password: password.to_owned(),
            chance: salt,
        }
    }
}

/// Another one each time.
fn salt() -> u64 {
    use std::sync::atomic::{AtomicU64, Ordering};
    static NEXT: AtomicU64 = AtomicU64::new(1);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

async fn answer(
    State(shared): State<Shared>,
    Path(command): Path<String>,
    Query(query): Query<HashMap<String, String>>,
) -> Response {
    let mood = {
        let mut known = shared.lock().unwrap();
        known.asked.push((command.clone(), query.clone()));
        known.mood
    };
    match mood {
        Mood::Mute => return std::future::pending().await,
        Mood::Broken => return (StatusCode::OK, "<html>It works!</html>").into_response(),
        Mood::Well => {}
    }
    let said = |name: &str| query.get(name).map(String::as_str).unwrap_or_default();
    let digest = Md5::digest(format!("{PASSWORD}{}", said("s")));
    let token: Vec<String> = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    let token = token.concat();
    if said("u") != "joe" || said("t") != token || said("s").len() < 6 {
        return failed(40, "Wrong username or password.");
    }
    if said("f") != "json" || said("c").is_empty() || said("v") < "1.13" {
        return failed(10, "Required parameter is missing.");
    }
    match command.as_str() {
        "ping.view" => well(json!({})),
        "search3.view" => {
            let query = said("query").to_lowercase();
            let words: Vec<&str> = query.split_whitespace().collect();
            let count = said("songCount").parse().unwrap();
            let fits = |song: &&Value| {
                let song = song.to_string().to_lowercase();
                words.iter().all(|word| song.contains(word))
            };
            let all = songs();
            let songs: Vec<_> = all.iter().filter(fits).take(count).collect();
            well(json!({ "searchResult3": { "song": songs } }))
        }
        "getSong.view" => match song(said("id")) {
            Some(song) => well(json!({ "song": song })),
            None => failed(70, "Song not found."),
        },
        "stream.view" if said("format") == "raw" => match song(said("id")) {
            Some(song) => file(song["path"].as_str().unwrap()),
            None => failed(70, "Song not found."),
        },
        "getCoverArt.view" if said("id") == "al-1" => {
            let picture = [b"\x89PNG\r\n\x1a\n".as_slice(), &[7; 64]].concat();
            ([(header::CONTENT_TYPE, "image/png")], picture).into_response()
        }
        _ => failed(70, "Not found."),
    }
}

fn songs() -> Vec<Value> {
    vec![
        json!({"id": "so-1", "title": "夜来香", "artist": "The Servers", "album": "Far Away",
            "duration": 2, "coverArt": "al-1", "path": "tone.flac", "isDir": false}),
        json!({"id": "so-2", "title": "Second @everyone", "artist": "The Servers", "duration": 2,
            "path": "tone.mp3"}),
        json!({"id": "so-3", "title": "No Music At All", "duration": 100, "path": "make.sh"}),
    ]
}

fn song(id: &str) -> Option<Value> {
    songs().into_iter().find(|song| song["id"] == id)
}

fn file(name: &str) -> Response {
    let kind = [(header::CONTENT_TYPE, "application/octet-stream")];
    (kind, Body::from(fixture(name))).into_response()
}

fn wrapped(mut body: Value, status: &str) -> Response {
    body["status"] = status.into();
    body["version"] = "1.16.1".into();
    let kind = [(header::CONTENT_TYPE, "application/json")];
    (kind, json!({ "subsonic-response": body }).to_string()).into_response()
}

fn well(body: Value) -> Response {
    wrapped(body, "ok")
}

fn failed(code: i64, message: &str) -> Response {
    let error = json!({ "error": { "code": code, "message": message } });
    wrapped(error, "failed")
}

fn desk(config: SubsonicConfig) -> Desk {
    Desk::with_server(config)
}

#[tokio::test(flavor = "multi_thread")]
async fn songs_are_found_and_their_files_fetched_when_needed() {
    let server = MusicBox::start().await;
    let desk = desk(server.config("joe", PASSWORD));
    let found = desk.intake.search_server("servers", 5).await;
    let titles: Vec<&str> = found.iter().map(|song| song.title.as_str()).collect();
    assert_eq!(titles, ["夜来香", "Second @everyone"]);
    assert_eq!(desk.intake.search_server("夜来香", 5).await.len(), 1);
    assert_eq!(desk.intake.search_server("servers", 1).await.len(), 1);
    let track = desk.intake.from_server("so-1").await.expect("it is there");
    assert_eq!(track.origin, Origin::Subsonic);
    assert_eq!(track.artist.as_deref(), Some("The Servers"));
    assert_eq!(track.length, Duration::from_secs(2));
    assert_eq!(track.key.0, "subsonic:so-1");
    let cover = track.cover.clone().expect("it has a cover");
    assert!(desk.kept().contains(&cover));
    assert_eq!(server.asked("stream.view"), 0, "not before it is needed");
    let file = desk.intake.sources().file(&track.media).await;
    let file = file.expect("it is fetched");
    assert_eq!(
        std::fs::read(file).expect("it is there"),
        fixture("tone.flac")
    );
    let again = desk.intake.sources().file(&track.media).await;
    assert!(again.is_ok());
    assert_eq!(server.asked("stream.view"), 1, "it is kept");
    assert_eq!(desk.intake.music_server(), Some(MusicServer::Answers));
    let gone = desk.intake.from_server("so-9").await;
    assert!(matches!(gone, Err(IntakeFailure::NotFound)), "{gone:?}");
    let fake = desk.intake.from_server("so-3").await.expect("it is listed");
    let fake = desk.intake.sources().file(&fake.media).await;
    assert!(matches!(fake, Err(IntakeFailure::NotSound)), "{fake:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_in_trouble_costs_its_own_songs_and_is_said_to_be() {
    let server = MusicBox::start().await;
    let wrong = desk(server.config("joe", "guessed"));
    assert!(wrong.intake.search_server("servers", 5).await.is_empty());
    let refused = wrong.intake.from_server("so-1").await;
    assert!(matches!(refused, Err(IntakeFailure::SourceRefuses)));
    assert_eq!(wrong.intake.music_server(), Some(MusicServer::Refuses));
    let desk = desk(server.config("joe", PASSWORD));
    let track = desk.intake.from_server("so-2").await.expect("it is there");
    for mood in [Mood::Broken, Mood::Mute] {
        server.is(mood);
        assert!(desk.intake.search_server("servers", 5).await.is_empty());
        let away = desk.intake.sources().file(&track.media).await;
        assert!(away.is_err(), "{mood:?}");
        assert_eq!(desk.intake.music_server(), Some(MusicServer::Silent));
    }
    server.is(Mood::Well);
    assert_eq!(desk.intake.search_server("servers", 5).await.len(), 2);
    assert_eq!(desk.intake.music_server(), Some(MusicServer::Answers));
    drop(server);
    let away = desk.intake.sources().file(&track.media).await;
    assert!(
        matches!(away, Err(IntakeFailure::Unreachable(_))),
        "{away:?}"
    );
    let none = Desk::trusting(&[]);
    assert_eq!(none.intake.music_server(), None);
    assert!(none.intake.search_server("servers", 5).await.is_empty());
}
