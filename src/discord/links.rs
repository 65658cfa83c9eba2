//! Links to the pages that playlists, collections and stages have on the web, for messages. Where
//! the owner has set no public address there are none.

use super::Desk;
use crate::domain::ids::{CollectionId, GuildId, MemberId, SessionId};
use crate::storage::{Page, PageKind, PageSubject, PageToken, StorageFailure};
use serde_json::Value;

/// The playlist of a session as what a page is about.
pub(super) fn of_session(guild: GuildId, session: SessionId) -> PageSubject {
    PageSubject {
        guild,
        kind: PageKind::Session,
        number: session.0,
    }
}

/// A collection as what a page is about.
pub(super) fn of_collection(guild: GuildId, collection: CollectionId) -> PageSubject {
    PageSubject {
        guild,
        kind: PageKind::Collection,
        number: collection.0,
    }
}

/// Puts a line with a link below what a message says.
pub(super) fn put(message: &mut Value, line: &str) {
    let Some(fields) = message.as_object_mut() else {
        return;
    };
    let before = fields.get("content").and_then(Value::as_str);
    let content = before.map_or_else(|| line.to_owned(), |before| format!("{before}\n{line}"));
    fields.insert("content".to_owned(), content.into());
}

impl Desk {
    /// The link to the page of that subject, made if there is none; `None` without a public address.
    pub(super) async fn link_for(
        &self,
        subject: PageSubject,
        by: MemberId,
    ) -> Result<Option<String>, StorageFailure> {
        if self.public.is_none() {
            return Ok(None);
        }
        let token = PageToken::of((self.secret)());
        let now = (self.clock)();
        let page = self.store.page_for(subject, by, &token, now).await?;
        Ok(self.link(&page))
    }

    /// The link to the page of that subject, if one was made and stands.
    pub(super) async fn link_of(
        &self,
        subject: PageSubject,
    ) -> Result<Option<String>, StorageFailure> {
        if self.public.is_none() {
            return Ok(None);
        }
        let page = self.store.standing_page(subject).await?;
        Ok(page.and_then(|page| self.link(&page)))
    }

    fn link(&self, page: &Page) -> Option<String> {
        let public = self.public.as_ref()?;
        Some(public.to(&page.path()))
    }
}
