//! What one reader of a live page is sent: everything at first, then what has changed, as server-sent
//! events. It knows pictures, not how they come about.

use super::super::SharedWeb;
use super::super::address::Address;
use super::super::answer::Asked;
use super::super::limits::Share;
use super::super::notice::Absence;
use super::picture::Picture;
use super::relay::{self, Relay};
use crate::i18n::Locale;
use axum::extract::{Extension, Path, State};
use axum::http::HeaderName;
use axum::http::header::{self, HeaderValue};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::stream::{self, Stream};
use std::collections::VecDeque;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};

/// When nothing happens, something is sent all the same, so that nobody between takes the stream for
/// dead.
const KEEP_ALIVE: Duration = Duration::from_secs(15);
/// After which pause a browser whose stream broke comes back.
const RETRY: Duration = Duration::from_secs(3);

/// What is sent to one reader, for as long as they read.
struct Viewing {
    web: SharedWeb,
    pictures: watch::Receiver<Arc<Picture>>,
    locale: Locale,
    /// The picture that was sent last.
    seen: u64,
    waiting: VecDeque<Event>,
    ended: bool,
    _places: ([OwnedSemaphorePermit; 2], Share),
}

pub(super) async fn events(
    State(web): State<SharedWeb>,
    Extension(to): Extension<Address>,
    asked: Asked,
    Path(token): Path<String>,
) -> Response {
    let viewing = match view(&web, to, &asked, &token).await {
        Ok(viewing) => viewing,
        Err(absence) => return absence.page(&web, &asked),
    };
    let events = Sse::new(told(viewing)).keep_alive(KeepAlive::new().interval(KEEP_ALIVE));
    let mut response = events.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    // nginx would gather the events otherwise.
    let unbuffered = HeaderName::from_static("x-accel-buffering");
    headers.insert(unbuffered, HeaderValue::from_static("no"));
    response
}

async fn view(
    web: &SharedWeb,
    to: Address,
    asked: &Asked,
    token: &str,
) -> Result<Viewing, Absence> {
    let page = super::standing(web, token).await?;
    let Relay { pictures, viewers } = relay::join(web, page).await?;
    let place = |of: &Arc<Semaphore>| {
        Arc::clone(of)
            .try_acquire_owned()
            .map_err(|_| Absence::Busy)
    };
    let stream = web.limits.stream(to)?;
    let places = [place(&web.live.viewers)?, place(&viewers)?];
    let language = pictures.borrow().view.settings.language.clone();
    let now = (web.clock)();
    let clock = Event::default()
        .event("clock")
        .retry(RETRY)
        .data(now.0.to_string());
    Ok(Viewing {
        web: Arc::clone(web),
        pictures,
        locale: asked.locale(Locale::of(&language)),
        seen: 0,
        waiting: VecDeque::from([clock]),
        ended: false,
        _places: (places, stream),
    })
}

/// At first everything, then what has changed, until the stage is over or the process stops.
fn told(viewing: Viewing) -> impl Stream<Item = Result<Event, Infallible>> {
    stream::unfold(viewing, |mut viewing| async move {
        loop {
            if let Some(event) = viewing.waiting.pop_front() {
                return Some((Ok(event), viewing));
            }
            if viewing.ended {
                return None;
            }
            viewing.read().await?;
        }
    })
}

impl Viewing {
    /// Waits for the next picture and makes events of it. `None` when there will be none.
    async fn read(&mut self) -> Option<()> {
        if self.seen > 0 {
            tokio::select! {
                () = self.web.stop.cancelled() => return None,
                changed = self.pictures.changed() => changed.ok()?,
            }
        }
        let picture = Arc::clone(&self.pictures.borrow_and_update());
        for (name, html) in picture.news(self.seen, self.locale) {
            // A carriage return would end the field; there is none in what is shown.
            let html = html.replace('\r', " ");
            // A browser hears nothing of an event without data (9.2.6), and a part may be empty.
            let html = if html.is_empty() { " " } else { &html };
            let event = Event::default().event(name).id(picture.id.to_string());
            self.waiting.push_back(event.data(html));
        }
        self.seen = picture.id;
        self.ended = picture.over.is_some();
        Some(())
    }
}
