//! HTTP live streaming as ffmpeg makes it, served with parts of files: fragmented MP4 and transport
//! streams, in files of their own or one after another in a single file, and with breaks where another
//! recording follows.

use crate::serving::serving;
use axum::Router;
use axum::extract::{Path as At, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use tempfile::TempDir;
use tokio_util::task::AbortOnDropHandle;

/// How long each recording is, in seconds.
const SECONDS: u32 = 4;

pub(crate) struct Segments {
    folder: Arc<TempDir>,
    base: String,
    _serving: AbortOnDropHandle<()>,
}

impl Segments {
    /// `None` where there is no ffmpeg.
    pub(crate) async fn served() -> Option<Segments> {
        Command::new("ffmpeg").arg("-version").output().ok()?;
        let folder = Arc::new(TempDir::new().unwrap());
        let routes = Router::new()
            .route("/{name}", get(part))
            .with_state(Arc::new(folder.path().to_owned()));
        let (address, serving) = serving(routes).await;
        let base = format!("http://{address}");
        Some(Segments {
            folder,
            base,
            _serving: serving,
        })
    }

    pub(crate) fn link(&self, name: &str) -> String {
        format!("{}/{name}", self.base)
    }

    pub(crate) fn list(&self, name: &str) -> String {
        std::fs::read_to_string(self.folder.path().join(name)).unwrap()
    }

    /// A tone in segments of a second; answers the name of their list.
    pub(crate) fn tone(&self, name: &str, hz: u32, kind: &[&str]) -> String {
        let source = format!("sine=frequency={hz}:sample_rate=48000:duration={SECONDS}");
        let list = format!("{name}.m3u8");
        let sound = ["-af", "volume=3", "-ac", "2", "-c:a", "aac", "-b:a", "64k"];
        let stream = ["-f", "hls", "-hls_time", "1", "-hls_playlist_type", "vod"];
        let made = Command::new("ffmpeg")
            .args(["-loglevel", "error", "-y", "-f", "lavfi", "-i", &source])
            .args(sound)
            .args(stream)
            .args(kind)
            .arg(&list)
            .current_dir(self.folder.path())
            .output()
            .unwrap();
        let complaint = String::from_utf8_lossy(&made.stderr);
        assert!(made.status.success(), "{complaint}");
        list
    }

    /// One list after the other, with a break between.
    pub(crate) fn joined(&self, name: &str, one: &str, other: &str) -> String {
        let (one, other) = (self.list(one), self.list(other));
        let one = one.replace("#EXT-X-ENDLIST\n", "");
        let head = [
            "#EXTM3U",
            "#EXT-X-VERSION",
            "#EXT-X-TARGET",
            "#EXT-X-MEDIA-SEQ",
            "#EXT-X-PLAYLIST",
        ];
        let is_body = |line: &&str| !head.iter().any(|it| line.starts_with(it));
        let rest: Vec<&str> = other.lines().filter(is_body).collect();
        let list = format!("{one}#EXT-X-DISCONTINUITY\n{}\n", rest.join("\n"));
        let file = format!("{name}.m3u8");
        std::fs::write(self.folder.path().join(&file), list).unwrap();
        file
    }
}

/// A file, or the part of it that was asked for.
async fn part(
    State(folder): State<Arc<PathBuf>>,
    At(name): At<String>,
    headers: HeaderMap,
) -> Response {
    assert!(Path::new(&name).components().count() == 1);
    let Ok(bytes) = std::fs::read(folder.join(&name)) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let asked = headers.get(header::RANGE).and_then(|it| it.to_str().ok());
    let range = asked.and_then(|it| it.strip_prefix("bytes=")?.split_once('-'));
    let Some((from, to)) = range else {
        return bytes.into_response();
    };
    let (from, to): (usize, usize) = (from.parse().unwrap(), to.parse().unwrap());
    let says = format!("bytes {from}-{to}/{}", bytes.len());
    let part = bytes[from..=to].to_vec();
    (
        StatusCode::PARTIAL_CONTENT,
        [(header::CONTENT_RANGE, says)],
        part,
    )
        .into_response()
}
