//! Files that pages need besides themselves, compiled in. Each has a name that changes with its
//! content, so that a browser keeps it for ever and never has an old one.

use super::SharedWeb;
use super::answer::{Asked, Content, FOR_EVER, fingerprint};
use super::notice::Absence;
use axum::extract::{Path, State};
use axum::response::Response;
use bytes::Bytes;
use std::sync::LazyLock;

/// A file with its name for the web.
#[derive(Debug)]
pub(super) struct Asset {
    /// Path below the public address.
    pub(super) path: String,
    kind: &'static str,
    bytes: &'static [u8],
}

impl Asset {
    fn new(stem: &str, ending: &str, kind: &'static str, bytes: &'static [u8]) -> Asset {
        Asset {
            path: format!("/assets/{stem}-{}.{ending}", fingerprint(bytes)),
            kind,
            bytes,
        }
    }
}

/// How all pages look.
pub(super) static STYLE: LazyLock<Asset> = LazyLock::new(|| {
    let bytes = include_bytes!("assets/style.css");
    Asset::new("style", "css", "text/css; charset=utf-8", bytes)
});

/// How a live page looks, alone and over a broadcast.
pub(super) static LIVE_STYLE: LazyLock<Asset> = LazyLock::new(|| {
    let bytes = include_bytes!("assets/live.css");
    Asset::new("live", "css", "text/css; charset=utf-8", bytes)
});

/// What follows the stage in the browser.
pub(super) static LIVE_SCRIPT: LazyLock<Asset> = LazyLock::new(|| {
    let bytes = include_bytes!("assets/live.js");
    Asset::new("live", "js", "text/javascript; charset=utf-8", bytes)
});

/// What stands in a browser's tab.
pub(super) static ICON: LazyLock<Asset> = LazyLock::new(|| {
    let bytes = include_bytes!("assets/icon.svg");
    Asset::new("icon", "svg", "image/svg+xml", bytes)
});

/// The file of that path below the public address.
fn of(path: &str) -> Option<&'static Asset> {
    let all = [&*STYLE, &*ICON, &*LIVE_STYLE, &*LIVE_SCRIPT];
    all.into_iter().find(|asset| asset.path == path)
}

/// Whether that path below the public address leads to one.
pub(super) fn is_one(path: &str) -> bool {
    of(path).is_some()
}

pub(super) async fn asset(
    State(web): State<SharedWeb>,
    asked: Asked,
    Path(name): Path<String>,
) -> Response {
    match of(&format!("/assets/{name}")) {
        Some(asset) => Content {
            kind: asset.kind,
            cache: FOR_EVER,
            bytes: Bytes::from_static(asset.bytes),
            file: None,
        }
        .send(&asked),
        None => Absence::NotThere.page(&web, &asked),
    }
}
