//! What was asked and how it is answered over HTTP: language, validators and caching. What is in an
//! answer is not known here.

use super::language::{preferred, spoken};
use crate::i18n::Locale;
use axum::body::Body;
use axum::extract::{FromRequestParts, Query};
use axum::http::StatusCode;
use axum::http::header::{self, HeaderMap, HeaderValue};
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::convert::Infallible;
use std::fmt::Write;

/// Pages are asked for again each time, and sent again only if they have changed: what was withdrawn
/// or hidden a moment ago must not come from a cache.
pub(super) const CHECKED: &str = "private, no-cache";
/// Pictures of a page, which hold names too.
pub(super) const BRIEF: &str = "public, max-age=300";
/// What has its content in its name.
pub(super) const FOR_EVER: &str = "public, max-age=31536000, immutable";

pub(super) const HTML: &str = "text/html; charset=utf-8";

/// What a request says beside its path.
#[derive(Clone, Debug, Default)]
pub(super) struct Asked {
    /// With `?lang=`, which the page's own links keep.
    pub(super) chosen: Option<Locale>,
    preferred: Option<Locale>,
    known: Option<String>,
    pub(super) query: HashMap<String, String>,
}

impl Asked {
    pub(super) fn locale(&self, otherwise: Locale) -> Locale {
        self.chosen.or(self.preferred).unwrap_or(otherwise)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Asked {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Asked, Infallible> {
        let query = Query::<HashMap<String, String>>::try_from_uri(&parts.uri);
        let query = query.map(|Query(query)| query).unwrap_or_default();
        let said = |name| text(&parts.headers, name);
        Ok(Asked {
            chosen: query.get("lang").and_then(|tag| spoken(tag)),
            preferred: said(header::ACCEPT_LANGUAGE).and_then(preferred),
            known: said(header::IF_NONE_MATCH).map(str::to_owned),
            query,
        })
    }
}

fn text(headers: &HeaderMap, name: header::HeaderName) -> Option<&str> {
    headers.get(name)?.to_str().ok()
}

/// An answer with a body.
#[derive(Clone, Debug)]
pub(super) struct Content {
    pub(super) kind: &'static str,
    pub(super) cache: &'static str,
    pub(super) bytes: Bytes,
    /// For what is to be kept as a file: its name, of plain letters.
    pub(super) file: Option<String>,
}

impl Content {
    pub(super) fn html(page: String) -> Content {
        Content {
            kind: HTML,
            cache: CHECKED,
            bytes: page.into(),
            file: None,
        }
    }

    /// The answer, without its body if the reader has just this already.
    pub(super) fn send(self, asked: &Asked) -> Response {
        let tag = format!("\"{}\"", fingerprint(&self.bytes));
        let is_known = asked.known.as_deref().is_some_and(|known| {
            known == "*"
                || known
                    .split(',')
                    .any(|it| it.trim().trim_start_matches("W/") == tag)
        });
        let mut response = if is_known {
            StatusCode::NOT_MODIFIED.into_response()
        } else {
            Body::from(self.bytes).into_response()
        };
        let headers = response.headers_mut();
        let mut say = |name, value: &str| {
            if let Ok(value) = HeaderValue::from_str(value) {
                headers.insert(name, value);
            }
        };
        if !is_known {
            say(header::CONTENT_TYPE, self.kind);
        }
        say(header::CACHE_CONTROL, self.cache);
        say(header::ETAG, &tag);
        say(header::VARY, "Accept-Language");
        if let Some(file) = self.file {
            say(
                header::CONTENT_DISPOSITION,
                &format!("attachment; filename=\"{file}\""),
            );
        }
        response
    }
}

/// Changes whenever the content does: 128 bits of its hash, hexadecimal.
pub(super) fn fingerprint(bytes: &[u8]) -> String {
    let digest = Sha256::digest(bytes);
    digest.iter().take(16).fold(String::new(), |mut hex, byte| {
        // Writing to a string does not fail.
        let _written = write!(hex, "{byte:02x}");
        hex
    })
}
