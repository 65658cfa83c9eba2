//! The page of a session's playlist or of a collection, and what belongs to it: files to take away,
//! covers, the picture and the words for previews. All of it is found below one address that nobody
//! can guess.

mod card;
mod cover;
mod files;
mod oembed;
mod search;
mod sheet;
mod view;

use super::answer::{Asked, Content};
use super::language::Speech;
use super::notice::Absence;
use super::{SharedWeb, Web};
use askama::Template;
use axum::Router;
use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::get;
use sheet::Sheet;
use view::Playlist;

/// What is found where.
pub(super) fn routes() -> Router<SharedWeb> {
    Router::new()
        .route("/p/{token}", get(page))
        .route("/p/{token}/card.png", get(card))
        .route("/p/{token}/{file}", get(file))
        .route("/p/{token}/cover/{number}", get(cover))
        .route("/oembed", get(oembed))
}

fn answered(web: &Web, asked: &Asked, made: Result<Content, Absence>) -> Response {
    match made {
        Ok(content) => content.send(asked),
        Err(absence) => absence.page(web, asked),
    }
}

async fn page(State(web): State<SharedWeb>, asked: Asked, Path(token): Path<String>) -> Response {
    let made = async {
        let sheet = Sheet::read(&web, &asked, &token).await?;
        Ok(Content::html(Playlist::new(&web, &sheet).render()?))
    };
    answered(&web, &asked, made.await)
}

async fn file(
    State(web): State<SharedWeb>,
    asked: Asked,
    Path((token, name)): Path<(String, String)>,
) -> Response {
    let made = async {
        let sheet = Sheet::read(&web, &asked, &token).await?;
        let speech = Speech {
            words: &web.words,
            locale: sheet.locale,
        };
        files::file(&sheet, speech, &name)
    };
    answered(&web, &asked, made.await)
}

async fn card(State(web): State<SharedWeb>, asked: Asked, Path(token): Path<String>) -> Response {
    let made = async {
        let sheet = Sheet::read(&web, &asked, &token).await?;
        card::card(&web, &sheet).await
    };
    answered(&web, &asked, made.await)
}

async fn cover(
    State(web): State<SharedWeb>,
    asked: Asked,
    Path((token, number)): Path<(String, String)>,
) -> Response {
    answered(&web, &asked, cover::cover(&web, &token, &number).await)
}

async fn oembed(State(web): State<SharedWeb>, asked: Asked) -> Response {
    answered(&web, &asked, oembed::oembed(&web, &asked).await)
}
