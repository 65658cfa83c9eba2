//! The end of a session: its playlist as a message with a card, and files to take away.

use super::super::cards;
use super::super::commands::playlist::file;
use super::super::links;
use super::super::rest::Upload;
use super::board::Board;
use super::evening::{self, Evening};
use crate::domain::ids::SessionId;
use crate::domain::protocol::CloseReason;
use crate::domain::view::View;
use crate::i18n::Fill;
use crate::share;
use serde_json::{Value, json};

impl Board {
    pub(super) async fn goodbye(&mut self, session: SessionId, why: CloseReason, view: &View) {
        let evening = Evening::read(&self.desk.store, self.guild, session).await;
        let evening = evening.unwrap_or_else(|failure| {
            tracing::error!(guild.id = %self.guild, %failure, "the session cannot be read");
            Evening::default()
        });
        let link = self.link(session, &evening).await;
        let language = view.settings.language.as_str();
        let id = (self.guild, session);
        let card = evening::card(&self.desk, id, &evening, language).await;
        let (body, files) = {
            let desk = &self.desk;
            let say = |key: &str, fills: &[(&str, Fill<'_>)]| desk.say(language, key, fills);
            let tracks = evening.ranked();
            let theme = evening.theme.as_deref();
            let mut body = cards::playlist(session, theme, (why, &tracks), &say);
            if let Some(link) = link {
                links::put(&mut body, &say("goodbye-link", &[("link", link.into())]));
            }
            let guild = desk.crowd.guild_name(self.guild).unwrap_or_default();
            let facts = (guild, (desk.clock)());
            let playlist = evening.playlist(session, facts, &desk.publishing, &say);
            let mut files = files(session, &playlist);
            if let Some(bytes) = card {
                let name = format!("rondo-session-{session}.png");
                let words = evening::described(&evening, &say);
                files.insert(0, Upload { name, bytes });
                show(&mut body, &files, &words);
            }
            (body, files)
        };
        self.say(&body, files).await;
    }

    /// Where the evening is found on the web; nowhere if nothing was played.
    async fn link(&self, session: SessionId, evening: &Evening) -> Option<String> {
        let subject = links::of_session(self.guild, session);
        let link = self.desk.link_for(subject, evening.host_of_songs()?).await;
        link.unwrap_or_else(|failure| {
            tracing::error!(guild.id = %self.guild, %failure, "the playlist has no page");
            None
        })
    }
}

/// The first file becomes the embed's picture, with words for those who cannot see it.
fn show(body: &mut Value, files: &[Upload], words: &str) {
    let Some(card) = files.first() else {
        return;
    };
    let url = format!("attachment://{}", card.name);
    if let Some(embed) = body.pointer_mut("/embeds/0").and_then(Value::as_object_mut) {
        embed.insert("image".to_owned(), json!({ "url": url }));
    }
    let attachments = files.iter().enumerate().map(|(id, file)| match id {
        0 => json!({ "id": id, "filename": file.name, "description": words }),
        _ => json!({ "id": id, "filename": file.name }),
    });
    let attachments: Value = attachments.collect();
    if let Some(fields) = body.as_object_mut() {
        fields.insert("attachments".to_owned(), attachments);
    }
}

/// In every format, unless nothing was played.
fn files(session: SessionId, playlist: &share::Playlist) -> Vec<Upload> {
    if playlist.tracks.is_empty() {
        return Vec::new();
    }
    share::Format::ALL
        .map(|format| file(session, playlist, format))
        .to_vec()
}
