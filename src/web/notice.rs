//! The pages that say why there is no page, and the frame that all pages share. A token that never
//! was and a path that never was are answered alike.

use super::Web;
use super::answer::{Asked, Content};
use super::assets::{ICON, STYLE};
use super::language::Speech;
use crate::i18n::Locale;
use crate::storage::StorageFailure;
use askama::Template;
use axum::http::StatusCode;
use axum::http::header::{self, HeaderValue};
use axum::response::{IntoResponse, Response};
use std::time::Duration;

/// When to come again if it was too much for all.
const BUSY_PAUSE: Duration = Duration::from_secs(5);

/// Why there is nothing to show.
#[derive(Debug)]
pub(super) enum Absence {
    NotThere,
    /// It was there, and is not to be shown any more.
    Withdrawn,
    /// It is not made in the form that was asked for.
    NotMade,
    /// Too much at once, or too slow; later it will do.
    Busy,
    /// Too much from one address; after this time it will do.
    TooMany(Duration),
    /// Our own failure; logged where the page about it is made.
    Failure(Box<dyn std::error::Error + Send + Sync>),
}

impl From<StorageFailure> for Absence {
    fn from(failure: StorageFailure) -> Absence {
        if failure.may_pass() {
            tracing::warn!(%failure, "storage is slow to answer");
            return Absence::Busy;
        }
        Absence::Failure(failure.into())
    }
}

impl From<askama::Error> for Absence {
    fn from(failure: askama::Error) -> Absence {
        Absence::Failure(failure.into())
    }
}

/// What stands around every page.
#[derive(Clone, Copy, Debug)]
pub(super) struct Frame<'a> {
    pub(super) speech: Speech<'a>,
    /// What stands before every path.
    pub(super) prefix: &'a str,
    pub(super) style: &'a str,
    pub(super) icon: &'a str,
}

impl<'a> Frame<'a> {
    pub(super) fn new(web: &'a Web, locale: Locale) -> Frame<'a> {
        Frame {
            speech: Speech {
                words: &web.words,
                locale,
            },
            prefix: web.address.prefix(),
            style: &STYLE.path,
            icon: &ICON.path,
        }
    }
}

#[derive(Template)]
#[template(path = "notice.html")]
struct Notice<'a> {
    frame: Frame<'a>,
    title: String,
    text: String,
}

impl Absence {
    pub(super) fn page(self, web: &Web, asked: &Asked) -> Response {
        let again = match self {
            Absence::Busy => Some(BUSY_PAUSE),
            Absence::TooMany(wait) => Some(wait),
            _ => None,
        };
        let (status, key) = match self {
            Absence::NotThere => (StatusCode::NOT_FOUND, "page-not-there"),
            Absence::Withdrawn => (StatusCode::GONE, "page-withdrawn"),
            Absence::NotMade => (StatusCode::NOT_IMPLEMENTED, "page-not-there"),
            Absence::Busy => (StatusCode::SERVICE_UNAVAILABLE, "page-busy"),
            Absence::TooMany(_) => (StatusCode::TOO_MANY_REQUESTS, "page-too-many"),
            Absence::Failure(failure) => {
                tracing::error!(%failure, "a page failed");
                (StatusCode::INTERNAL_SERVER_ERROR, "page-failure")
            }
        };
        let frame = Frame::new(web, asked.locale(Locale::default()));
        let notice = Notice {
            title: frame.speech.say(key),
            text: frame.speech.say(&format!("{key}-text")),
            frame,
        };
        let Ok(page) = notice.render() else {
            return status.into_response();
        };
        // No validator: whoever has an old page must not be told that it is still the same.
        let mut response = Content::html(page).send(&Asked::default());
        *response.status_mut() = status;
        let headers = response.headers_mut();
        headers.remove(header::ETAG);
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Some(again) = again {
            // Whole seconds, and never none.
            headers.insert(header::RETRY_AFTER, (again.as_secs() + 1).into());
        }
        response
    }
}
