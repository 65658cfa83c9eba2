//! Uploaded files, which the CDN gives out again.

use super::{Id, World};
use bytes::Bytes;
use serde_json::{Value, json};
use std::sync::Arc;

/// An uploaded file.
#[derive(Clone, Debug)]
pub struct StoredFile {
    pub id: Id,
    /// `attachments` or `ephemeral-attachments`, the first part of its address.
    pub folder: &'static str,
    pub channel_id: Id,
    pub name: String,
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
        if let (Some(text), Some(fields)) = (&self.description, value.as_object_mut()) {
            fields.insert("description".to_owned(), text.as_str().into());
        }
        value
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
    /// Keeps an upload. Discord takes the blanks out of names.
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
        let safe = |c: char| {
            if c.is_alphanumeric() || "._-".contains(c) {
                c
            } else {
                '_'
            }
        };
        let file = Arc::new(StoredFile {
            id,
            folder,
            channel_id,
            name: name.chars().map(safe).collect(),
            description: None,
            content_type: content_type(name).to_owned(),
            bytes,
        });
        self.files.insert(id, Arc::clone(&file));
        file
    }
}
