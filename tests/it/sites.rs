//! A folder with a stand-in for yt-dlp that knows what a story has put there, and misbehaves as told.

use serde_json::{Value, json};
use std::path::{Path, PathBuf};

pub(crate) struct Sites(PathBuf);

impl Sites {
    /// Nothing is known there yet.
    pub(crate) fn within(folder: &Path) -> Sites {
        let dir = folder.join("sites");
        std::fs::create_dir_all(&dir).unwrap();
        let stand_in = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sites/yt-dlp");
        let program = dir.join("yt-dlp");
        if !program.exists() {
            std::os::unix::fs::symlink(stand_in, program).unwrap();
        }
        Sites(dir)
    }

    pub(crate) fn program(&self) -> PathBuf {
        self.0.join("yt-dlp")
    }

    /// Puts a file beside the stand-in, named after the link.
    pub(crate) fn put(&self, link: &str, what: &str, content: impl AsRef<[u8]>) {
        std::fs::write(self.file(link, what), content).unwrap();
    }

    pub(crate) fn file(&self, link: &str, what: &str) -> PathBuf {
        let name: String = link
            .bytes()
            .map(|it| {
                if it.is_ascii_alphanumeric() {
                    it.into()
                } else {
                    '_'
                }
            })
            .collect();
        self.0.join(format!("{name}.{what}"))
    }

    /// A video and its sound.
    pub(crate) fn video(&self, id: &str, title: &str, (seconds, sound): (u32, &[u8])) -> String {
        let said = entry(id, title, seconds);
        let link = said["url"].as_str().unwrap().to_owned();
        self.put(&link, "json", said.to_string());
        self.put(&link, "sound", sound);
        link
    }

    /// What a search or a playlist gives.
    pub(crate) fn list(&self, link: &str, title: &str, (entries, count): (&[Value], usize)) {
        let said = json!({
            "_type": "playlist", "id": title, "title": title, "entries": entries,
            "playlist_count": count, "webpage_url": link, "extractor_key": "YoutubeTab",
        });
        self.put(link, "json", said.to_string());
    }

    /// How often the stand-in was run for what contains this.
    pub(crate) fn asked(&self, words: &str) -> usize {
        let asked = std::fs::read_to_string(self.0.join("asked")).unwrap_or_default();
        asked.lines().filter(|line| line.contains(words)).count()
    }
}

/// A video as it stands in a list.
pub(crate) fn entry(id: &str, title: &str, seconds: u32) -> Value {
    json!({
        "_type": "url", "ie_key": "Youtube", "id": id, "title": title, "duration": seconds,
        "url": format!("https://www.youtube.com/watch?v={id}"), "channel": "The Testers",
        "uploader": "The Testers", "live_status": null,
    })
}
