//! Reading a request's body: JSON, or a form with files.

use crate::error::ApiError;
use crate::validate::{FILE_BYTES_LIMIT, REQUEST_BYTES_LIMIT};
use axum::body::to_bytes;
use axum::extract::{DefaultBodyLimit, FromRequest, Multipart, Request};
use axum::http::header;
use bytes::Bytes;
use serde_json::Value;

/// What came with a request.
#[derive(Debug, Default)]
pub(super) struct Body {
    /// `null` when there was none.
    pub(super) json: Value,
    /// Names and bytes, in the order of their places (`files[n]`).
    pub(super) files: Vec<(String, Bytes)>,
}

pub(super) async fn read(request: Request) -> Result<Body, ApiError> {
    let kind = request
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|it| it.to_str().ok())
        .unwrap_or_default();
    if kind.starts_with("multipart/form-data") {
        return read_form(request).await;
    }
    let length = request
        .headers()
        .get(header::CONTENT_LENGTH)
        .and_then(|it| it.to_str().ok()?.parse::<usize>().ok());
    if length.is_some_and(|it| it > REQUEST_BYTES_LIMIT) {
        return Err(ApiError::too_large());
    }
    let bytes = to_bytes(request.into_body(), REQUEST_BYTES_LIMIT)
        .await
        .map_err(|_| ApiError::too_large())?;
    let json = if bytes.is_empty() {
        Value::Null
    } else {
        parsed(&bytes)?
    };
    Ok(Body {
        json,
        files: Vec::new(),
    })
}

fn parsed(bytes: &[u8]) -> Result<Value, ApiError> {
    serde_json::from_slice(bytes).map_err(|_| ApiError::bad_json())
}

async fn read_form(request: Request) -> Result<Body, ApiError> {
    let (parts, body) = request.into_parts();
    let bytes = to_bytes(body, REQUEST_BYTES_LIMIT)
        .await
        .map_err(|_| ApiError::too_large())?;
    let mut request = Request::from_parts(parts, axum::body::Body::from(bytes));
    // Or it would be axum's own, which is far smaller.
    DefaultBodyLimit::max(REQUEST_BYTES_LIMIT).apply(&mut request);
    let mut form = Multipart::from_request(request, &())
        .await
        .map_err(|_| ApiError::bad_json())?;
    let mut json = Value::Null;
    let mut files: Vec<(u64, String, Bytes)> = Vec::new();
    while let Some(field) = form.next_field().await.map_err(|_| ApiError::bad_json())? {
        let name = field.name().unwrap_or_default().to_owned();
        let file_name = field.file_name().map(str::to_owned);
        let bytes = field.bytes().await.map_err(|_| ApiError::bad_json())?;
        if name == "payload_json" {
            json = parsed(&bytes)?;
        } else if let Some(place) = place(&name) {
            if bytes.len() > FILE_BYTES_LIMIT {
                return Err(ApiError::too_large());
            }
            files.push((
                place,
                file_name.unwrap_or_else(|| "unknown".to_owned()),
                bytes,
            ));
        }
    }
    files.sort_by_key(|(place, ..)| *place);
    let files = files
        .into_iter()
        .map(|(_, name, bytes)| (name, bytes))
        .collect();
    Ok(Body { json, files })
}

/// `files[3]` is the place 3, `file` the first.
fn place(name: &str) -> Option<u64> {
    match name.strip_prefix("files[") {
        Some(rest) => rest.strip_suffix(']')?.parse().ok(),
        None => (name == "file").then_some(0),
    }
}
