//! Uploaded files, which the CDN gives out again.

use super::{Id, World};
use bytes::Bytes;
use serde_json::{Value, json};
use std::sync::Arc;
use unicode_normalization::UnicodeNormalization;

/// An uploaded file.
#[derive(Clone, Debug)]
pub struct StoredFile {
    pub id: Id,
    /// `attachments` or `ephemeral-attachments`, the first part of its address.
    pub folder: &'static str,
    pub channel_id: Id,
    pub name: String,
    /// What it was called before its name was cleansed, if that is something else.
    pub title: Option<String>,
    pub description: Option<String>,
    pub content_type: String,
    pub bytes: Bytes,
}

impl StoredFile {
    /// The path of its address.
    pub fn path(&self) -> String {
        format!(
            "/{}/{}/{}/{}",
            self.folder, self.channel_id, self.id, self.name
        )
    }

    /// Discord's attachment object. `base` is the address of the server.
    pub fn to_value(&self, base: &str) -> Value {
        let url = format!("{base}{}?ex=0&is=0&hm=0", self.path());
        let mut value = json!({
            "id": self.id.to_string(),
            "filename": self.name,
            "size": self.bytes.len(),
            "url": url,
            "proxy_url": url,
            "content_type": self.content_type,
        });
        let more = [("title", &self.title), ("description", &self.description)];
        for (name, text) in more {
            if let (Some(text), Some(fields)) = (text, value.as_object_mut()) {
                fields.insert(name.to_owned(), text.as_str().into());
            }
        }
        value
    }
}

/// A name as Discord keeps it, much as werkzeug's `secure_filename` does (discord-api-docs, issue
/// 7754): accents go, blanks become underscores, what else is not plain is left out, and so are dots
/// and underscores at the ends. A name of which nothing remains is made up (pull request 6945).
fn cleansed(name: &str, id: Id) -> String {
    let (stem, ending) = name.rsplit_once('.').unwrap_or((name, ""));
    let clean = |text: &str| -> String {
        let words: Vec<&str> = text.split_whitespace().collect();
        let kept = words.join("_");
        let kept = kept
            .nfkd()
            .filter(|c| c.is_ascii_alphanumeric() || "._-".contains(*c));
        kept.collect::<String>().trim_matches(['.', '_']).to_owned()
    };
    let (stem, ending) = (clean(stem), clean(ending));
    let stem = if stem.is_empty() {
        format!("{id:x}")
    } else {
        stem
    };
    if ending.is_empty() {
        stem
    } else {
        format!("{stem}.{ending}")
    }
}

/// The content type that Discord guesses from a name.
fn content_type(name: &str) -> &'static str {
    let ending = name
        .rsplit('.')
        .next()
        .unwrap_or_default()
        .to_ascii_lowercase();
    match ending.as_str() {
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "gif" => "image/gif",
        "webp" => "image/webp",
        "mp3" => "audio/mpeg",
        "ogg" | "opus" => "audio/ogg",
        "wav" => "audio/x-wav",
        "flac" => "audio/flac",
        "m4a" => "audio/mp4",
        "webm" => "video/webm",
        "txt" | "m3u8" => "text/plain; charset=utf-8",
        "json" => "application/json",
        "xspf" => "application/xspf+xml",
        _ => "application/octet-stream",
    }
}

impl World {
    /// Keeps an upload, under a plain name.
    pub fn store_file(&mut self, channel_id: Id, name: &str, bytes: Bytes) -> Arc<StoredFile> {
        self.store_in("attachments", channel_id, name, bytes)
    }

    /// Keeps a file that somebody handed to a command.
    pub fn store_option(&mut self, channel_id: Id, name: &str, bytes: Bytes) -> Arc<StoredFile> {
        self.store_in("ephemeral-attachments", channel_id, name, bytes)
    }

    fn store_in(
        &mut self,
        folder: &'static str,
        channel_id: Id,
        name: &str,
        bytes: Bytes,
    ) -> Arc<StoredFile> {
        let id = self.new_id();
        let plain = cleansed(name, id);
        let called = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
        let file = Arc::new(StoredFile {
            id,
            folder,
            channel_id,
            title: (plain != name).then(|| called.to_owned()),
            name: plain,
            description: None,
            content_type: content_type(name).to_owned(),
            bytes,
        });
        self.files.insert(id, Arc::clone(&file));
        file
    }
}

#[cfg(test)]
mod tests {
    use super::cleansed;

    #[test]
    fn names_become_plain() {
        for (name, plain) in [
            ("song.mp3", "song.mp3"),
            ("My cool Song.tar.gz", "My_cool_Song.tar.gz"),
            ("hello (world).png", "hello_world.png"),
            ("_bug1.png", "bug1.png"),
            ("Capture d’écran.png", "Capture_decran.png"),
            ("Test测试.png", "Test.png"),
            ("月亮代表我的心.opus", "2a.opus"),
            ("../../etc/passwd", "2a.etcpasswd"),
            ("no ending", "no_ending"),
        ] {
            assert_eq!(cleansed(name, 42), plain, "{name}");
        }
    }
}
