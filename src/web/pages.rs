//! The page of a session's playlist or of a collection.

use super::answer::{Asked, Content};
use super::notice::{Absence, Frame};
use super::{SharedWeb, Web};
use crate::domain::ids::SessionId;
use crate::i18n::Locale;
use crate::storage::{Page, PageKind, PageToken};
use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;

#[derive(Template)]
#[template(path = "playlist.html")]
struct Playlist<'a> {
    frame: Frame<'a>,
    title: String,
}

/// What an address leads to, unless it was withdrawn.
pub(super) async fn standing(web: &Web, token: &str) -> Result<Page, Absence> {
    let token = PageToken::read(token).ok_or(Absence::NotThere)?;
    let page = web.store.page(&token).await?.ok_or(Absence::NotThere)?;
    match page.withdrawn {
        Some(_) => Err(Absence::Withdrawn),
        None => Ok(page),
    }
}

pub(super) async fn page(
    State(web): State<SharedWeb>,
    asked: Asked,
    Path(token): Path<String>,
) -> Response {
    match made(&web, &asked, &token).await {
        Ok(content) => content.send(&asked),
        Err(absence) => absence.page(&web, &asked),
    }
}

async fn made(web: &Web, asked: &Asked, token: &str) -> Result<Content, Absence> {
    let page = standing(web, token).await?;
    if page.subject.kind != PageKind::Session {
        return Err(Absence::NotThere);
    }
    let settings = web.store.settings(page.subject.guild).await?;
    let locale = asked.locale(Locale::of(&settings.language));
    let session = SessionId(page.subject.number);
    let session = web.store.session(page.subject.guild, session).await?;
    let session = session.ok_or(Absence::NotThere)?;
    let frame = Frame::new(web, locale);
    let number = ("session", session.session.to_string().into());
    let title = frame.speech.fill("playlist-title", &[number]);
    Ok(Content::html(Playlist { frame, title }.render()?))
}
