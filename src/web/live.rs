//! The live page of a stage: what it shows now, and a stream of what changes (server-sent events,
//! HTML Living Standard 9.2). It can be laid over a broadcast with `?overlay`. It reads and shows;
//! who may make or withdraw the link is decided elsewhere.
//!
//! A link that somebody looks at is followed by one relay. It watches the view and hears comments,
//! which arrive by a bounded broadcast when they are on disk, and draws a picture at most four times a
//! second: the parts of the page, as HTML in each language, each with the number of the picture in
//! which it last changed. A stream sends what is newer than what it sent before. So a new reader and
//! one who comes back get everything, a hundred ratings are one event, and a slow reader skips pictures
//! and holds nobody up. Nothing is worded or escaped in the browser.

mod parts;
mod picture;
mod relay;
mod said;
mod song;
mod stream;

pub use said::{SAID_LIMIT, Said};

use super::answer::{Asked, Content};
use super::assets::{ICON, LIVE_SCRIPT, LIVE_STYLE};
use super::language::Speech;
use super::notice::Absence;
use super::pages::cover;
use super::{SharedWeb, Web};
use crate::domain::ids::TurnId;
use crate::domain::view::NowView;
use crate::i18n::Locale;
use crate::share::picture::Kind;
use crate::storage::{Page, PageKind, PageToken};
use askama::Template;
use axum::Router;
use axum::extract::{Path, State};
use axum::http::header::{self, HeaderValue};
use axum::response::Response;
use axum::routing::get;
use parts::Scene;
use picture::Picture;
use relay::{Follower, Relay};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::{Semaphore, broadcast, watch};
use tokio_util::task::TaskTracker;

/// Streams of all pages at the same time.
const VIEWERS_LIMIT: usize = 500;
/// A cover is asked for once while its song is on.
const KEPT: &str = "private, max-age=3600";
/// Comments that lie over a broadcast at the same time.
const OVERLAY_LINES: usize = 6;

/// As for other pages, and a script of ours that may ask us.
const POLICY: &str = "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; \
                      img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// The relays that run, and what they hear.
#[derive(Debug)]
pub struct Live {
    /// Only a map: never held across an await.
    relays: Mutex<HashMap<PageToken, Relay>>,
    said: broadcast::Sender<Said>,
    viewers: Arc<Semaphore>,
    tasks: TaskTracker,
}

impl Live {
    pub fn new(said: broadcast::Sender<Said>, tasks: TaskTracker) -> Live {
        Live {
            relays: Mutex::default(),
            said,
            viewers: Arc::new(Semaphore::new(VIEWERS_LIMIT)),
            tasks,
        }
    }

    fn hear(&self) -> broadcast::Receiver<Said> {
        self.said.subscribe()
    }

    fn relays(&self) -> std::sync::MutexGuard<'_, HashMap<PageToken, Relay>> {
        self.relays.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn relay(&self, token: &PageToken) -> Option<Relay> {
        self.relays().get(token).cloned()
    }

    /// Starts the relay, unless somebody else was quicker.
    fn enter(&self, follower: Follower, picture: Picture) -> Relay {
        let mut relays = self.relays();
        let entry = relays.entry(follower.page.token.clone());
        let relay = entry.or_insert_with(|| {
            let (shown, relay) = Relay::of(picture);
            self.tasks.spawn(follower.run(shown));
            relay
        });
        relay.clone()
    }

    /// Takes the relay off the map, if still nobody looks at it.
    fn leave(&self, token: &PageToken, shown: &watch::Sender<Arc<Picture>>) -> bool {
        let mut relays = self.relays();
        // Nobody but the map; who joins later finds none and starts one.
        let is_alone = shown.receiver_count() <= 1;
        if is_alone {
            relays.remove(token);
        }
        is_alone
    }

    fn forget(&self, token: &PageToken) {
        self.relays().remove(token);
    }
}

/// What that address leads to, if it is a stage.
async fn standing(web: &Web, token: &str) -> Result<Page, Absence> {
    let page = super::pages::sheet::standing(web, token).await?;
    match page.subject.kind {
        PageKind::Live => Ok(page),
        PageKind::Session | PageKind::Collection => Err(Absence::NotThere),
    }
}

#[derive(Template)]
#[template(path = "live/page.html")]
struct Sheet<'a> {
    speech: Speech<'a>,
    prefix: &'a str,
    icon: &'a str,
    style: &'a str,
    script: &'a str,
    events: String,
    look: &'a str,
    title: String,
    head: &'a str,
    seats: &'a str,
    track: String,
    rating: &'a str,
    comments: String,
    most: usize,
    over: Option<&'a str>,
}

/// What is found where.
pub(super) fn routes() -> Router<SharedWeb> {
    Router::new()
        .route("/live/{token}", get(page))
        .route("/live/{token}/events", get(stream::events))
        .route("/live/{token}/cover/{turn}", get(cover_of))
}

async fn page(State(web): State<SharedWeb>, asked: Asked, Path(token): Path<String>) -> Response {
    match made(&web, &asked, &token).await {
        Ok(content) => {
            let mut response = content.send(&asked);
            let policy = HeaderValue::from_static(POLICY);
            let headers = response.headers_mut();
            headers.insert(header::CONTENT_SECURITY_POLICY, policy);
            response
        }
        Err(absence) => absence.page(&web, &asked),
    }
}

/// How the page lies: by itself, or over a broadcast at the bottom or the top.
fn look(asked: &Asked) -> &'static str {
    match asked.query.get("overlay").map(String::as_str) {
        None => "alone",
        Some("top") => "overlay top",
        Some(_) => "overlay",
    }
}

async fn made(web: &SharedWeb, asked: &Asked, token: &str) -> Result<Content, Absence> {
    let page = standing(web, token).await?;
    let relay = relay::join(web, page).await?;
    let picture = Arc::clone(&relay.pictures.borrow());
    let settings = &picture.view.settings;
    let locale = asked.locale(Locale::of(&settings.language));
    let speech = Speech {
        words: &web.words,
        locale,
    };
    let prefix = web.address.prefix();
    let base = format!("{prefix}/live/{token}");
    let scene = picture.view.open.as_ref().map(|open| Scene {
        speech,
        open,
        emoji: &settings.emoji,
        hidden: &picture.hidden,
    });
    let look = look(asked);
    let most = match look {
        "alone" => said::LINES_LIMIT,
        _ => OVERLAY_LINES,
    };
    let title = scene.filter(|_| picture.over.is_none());
    let at = Some((web.clock)());
    let comments = picture.comments.iter().rev().take(most).rev();
    let sheet = Sheet {
        speech,
        prefix,
        icon: &ICON.path,
        style: &LIVE_STYLE.path,
        script: &LIVE_SCRIPT.path,
        events: format!("{base}/events?lang={}", speech.tag()),
        look,
        title: title.map_or_else(|| speech.say("live-title"), |scene| scene.title()),
        head: picture.head.html(locale),
        seats: picture.seats.html(locale),
        track: scene.map_or_else(|| Ok(String::new()), |scene| scene.track(&base, at))?,
        rating: picture.rating.html(locale),
        comments: comments.map(|comment| comment.part.html(locale)).collect(),
        most,
        over: picture.over.as_ref().map(|over| over.html(locale)),
    };
    Ok(Content::html(sheet.render()?))
}

/// The cover of the song that is on, or of the one before it.
async fn cover_of(
    State(web): State<SharedWeb>,
    asked: Asked,
    Path((token, turn)): Path<(String, u64)>,
) -> Response {
    match covered(&web, &token, TurnId(turn)).await {
        Ok(content) => content.send(&asked),
        Err(absence) => absence.page(&web, &asked),
    }
}

async fn covered(web: &SharedWeb, token: &str, turn: TurnId) -> Result<Content, Absence> {
    let page = standing(web, token).await?;
    let relay = relay::join(web, page).await?;
    let view = Arc::clone(&relay.pictures.borrow().view);
    let open = view.open.as_ref().ok_or(Absence::NotThere)?;
    let is_it = |now: &&NowView| now.turn == turn;
    let now = open.now.iter().chain(&open.last).find(is_it);
    let name = now.and_then(|now| now.track.cover.as_ref());
    let name = name.ok_or(Absence::NotThere)?;
    let bytes = cover::read(&web.media_dir, name).await;
    let bytes = bytes.ok_or(Absence::NotThere)?;
    Ok(Content {
        kind: Kind::of(&bytes).ok_or(Absence::NotThere)?.media_type(),
        cache: KEPT,
        bytes,
        file: None,
    })
}
