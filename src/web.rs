//! Floor 2: pages for people without Discord at hand, served under an address that the owner sets.
//! It reads what is kept and changes nothing; who may make or withdraw a page is decided elsewhere.

mod address;
mod answer;
mod assets;
mod door;
mod health;
mod language;
mod limits;
mod live;
mod notice;
mod pages;
mod pictures;

pub use address::{NoProxy, Proxies};
pub use limits::Limits;
pub use live::{Live, SAID_LIMIT, Said};
pub use pictures::Pictures;

use crate::domain::ids::GuildId;
use crate::domain::moment::Moment;
use crate::domain::publishing::Publishing;
use crate::i18n::Words;
use crate::share::PublicAddress;
use crate::stage::Directory;
use crate::storage::Store;
use answer::Asked;
use axum::Router;
use axum::extract::State;
use axum::http::HeaderName;
use axum::http::header::{self, HeaderValue};
use axum::middleware::{from_fn_with_state, map_response};
use axum::response::Response;
use axum::routing::get;
use door::{Door, Peer};
use limits::limited;
use notice::Absence;
use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

/// How long those who are reading may go on when the process ends.
const LAST_WORDS_LIMIT: Duration = Duration::from_secs(3);

/// Nothing but our own style and pictures; no script, no frame around it, no form, no other base.
const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; \
                      form-action 'none'; frame-ancestors 'none'";

/// What every page is made from.
pub struct Web {
    pub store: Store,
    pub stages: Directory,
    pub words: Words,
    pub address: PublicAddress,
    /// The folder where covers lie.
    pub media_dir: PathBuf,
    pub clock: fn() -> Moment,
    /// Which links everybody may have.
    pub publishing: Publishing,
    /// What the guild is called, while that is known.
    pub guild_name: Box<dyn Fn(GuildId) -> Option<String> + Send + Sync>,
    /// What runs for live pages.
    pub live: Live,
    /// Asks streams to end.
    pub stop: CancellationToken,
    pub limits: Limits,
    pub pictures: Pictures,
}

impl fmt::Debug for Web {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Web")
            .field("address", &self.address)
            .finish_non_exhaustive()
    }
}

/// How it is passed around.
type SharedWeb = Arc<Web>;

/// Every page, with and without the path of the public address before it: some servers in front
/// take it away before they pass a request on, some do not.
fn router(web: SharedWeb) -> Router {
    let pages = Router::new()
        .route("/health", get(health::health))
        .route("/assets/{name}", get(assets::asset))
        .merge(live::routes())
        .merge(pages::routes());
    let prefix = web.address.prefix().to_owned();
    let all = if prefix.is_empty() {
        pages
    } else {
        pages.clone().nest(&prefix, pages)
    };
    all.fallback(nothing)
        .method_not_allowed_fallback(nothing)
        .layer(from_fn_with_state(Arc::clone(&web), limited))
        .layer(map_response(secured))
        .with_state(web)
}

/// Serves the pages until it is asked to stop.
pub async fn serve(
    web: SharedWeb,
    listener: TcpListener,
    stop: CancellationToken,
) -> std::io::Result<()> {
    let asked = stop.clone();
    let door = Door::new(listener, web.limits.entry());
    let pages = router(web).into_make_service_with_connect_info::<Peer>();
    let serving =
        axum::serve(door, pages).with_graceful_shutdown(async move { asked.cancelled().await });
    let late = async {
        stop.cancelled().await;
        tokio::time::sleep(LAST_WORDS_LIMIT).await;
    };
    tokio::select! {
        served = serving.into_future() => served,
        () = late => Ok(()),
    }
}

/// For whatever is not there.
async fn nothing(State(web): State<SharedWeb>, asked: Asked) -> Response {
    Absence::NotThere.page(&web, &asked)
}

/// What a browser is told about every answer, unless a page says it otherwise.
async fn secured(mut response: Response) -> Response {
    let told = [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (HeaderName::from_static("x-robots-tag"), "noindex, nofollow"),
        (
            HeaderName::from_static("cross-origin-opener-policy"),
            "same-origin",
        ),
        (
            HeaderName::from_static("permissions-policy"),
            "camera=(), geolocation=(), microphone=()",
        ),
    ];
    for (name, value) in told {
        response
            .headers_mut()
            .entry(name)
            .or_insert(HeaderValue::from_static(value));
    }
    response
}
