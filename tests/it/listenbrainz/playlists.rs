//! Its playlists: made, fetched, edited and added to, by their owners, as
//! <https://listenbrainz.readthedocs.io/en/latest/users/api/playlist.html> and the server's own
//! `playlist_api.py` have it.

use super::{Known, Shared, asker, failed, stumble, well};
use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde_json::{Value, json};

const EXTENSION: &str = "https://musicbrainz.org/doc/jspf#playlist";
const RECORDING: &str = "https://musicbrainz.org/recording/";
/// `MAX_RECORDINGS_PER_ADD`.
const ADDED_LIMIT: usize = 100;
/// Ids of playlists end in their number.
const ID: &str = "11111111-2222-3333-4444-";

pub(super) fn router() -> Router<Shared> {
    Router::new()
        .route("/1/playlist/create", post(create))
        .route("/1/playlist/{id}", get(fetch))
        .route("/1/playlist/edit/{id}", post(edit))
        .route("/1/playlist/{id}/item/add", post(append))
        .route("/1/playlist/{id}/item/add/{offset}", post(add))
}

type Asked = (State<Shared>, HeaderMap, Bytes);

/// Does what is asked with the form that was sent, for whoever asks.
fn served(
    (State(shared), headers, body): Asked,
    work: impl FnOnce(&mut Known, &str, &Value) -> Result<Value, Box<Response>>,
) -> Response {
    let mut known = shared.lock().unwrap();
    let (stumbled, unsaid) = stumble(&mut known);
    if let Some(stumbled) = stumbled {
        return stumbled;
    }
    let owner = match asker(&known, &headers) {
        Ok(owner) => owner,
        Err(refused) => return *refused,
    };
    let form: Value = serde_json::from_slice(&body).unwrap_or_default();
    match work(&mut known, &owner, &form) {
        Ok(_) if unsaid => (StatusCode::BAD_GATEWAY, "<html>").into_response(),
        Ok(answer) => well(&answer),
        Err(refused) => *refused,
    }
}

fn refused<T>(status: u16, words: &str) -> Result<T, Box<Response>> {
    Err(Box::new(failed(status, words)))
}

/// `validate_playlist`.
fn check(form: &Value) -> Result<(), Box<Response>> {
    let Some(playlist) = form["playlist"].as_object() else {
        return refused(400, "JSPF playlist requires 'playlist' element");
    };
    if playlist
        .get("title")
        .is_some_and(|title| title.as_str().unwrap_or_default().is_empty())
    {
        return refused(400, "JSPF playlist must contain a title element");
    }
    let public = &form["playlist"]["extension"][EXTENSION]["public"];
    if !public.is_null() && !public.is_boolean() {
        return refused(400, "JSPF playlist public field must contain a boolean.");
    }
    let tracks = form["playlist"]["track"].as_array().into_iter().flatten();
    for (at, track) in tracks.enumerate() {
        let page = track["identifier"][0].as_str().unwrap_or_default();
        let id = page.strip_prefix(RECORDING).unwrap_or_default();
        if id.len() != 36 {
            let words = format!("JSPF playlist track {at} must contain a identifier");
            return refused(400, &words);
        }
    }
    Ok(())
}

/// A playlist that the asker sees: their own, or a public one.
fn seen<'a>(
    known: &'a mut Known,
    id: &str,
    asker: &str,
) -> Result<&'a mut (String, Value), Box<Response>> {
    let number = id
        .strip_prefix(ID)
        .and_then(|number| number.parse::<usize>().ok());
    let Some(number) = number else {
        return refused(400, "Provided playlist ID is invalid.");
    };
    let there = known.playlists.get_mut(number.wrapping_sub(1));
    match there.and_then(Option::as_mut) {
        Some(there) if there.0 == asker || is_public(&there.1) => Ok(there),
        _ => refused(404, &format!("Cannot find playlist: {id}")),
    }
}

/// One that the asker may change.
fn own<'a>(known: &'a mut Known, id: &str, asker: &str) -> Result<&'a mut Value, Box<Response>> {
    let (owner, playlist) = seen(known, id, asker)?;
    if owner != asker {
        return refused(403, "You are not allowed to edit this playlist.");
    }
    Ok(playlist)
}

fn is_public(playlist: &Value) -> bool {
    playlist["extension"][EXTENSION]["public"] == true
}

async fn create(asked: Asked) -> Response {
    served(asked, |known, asker, form| {
        check(form)?;
        let playlist = &form["playlist"];
        if playlist["title"].is_null() || playlist["extension"][EXTENSION]["public"].is_null() {
            return refused(
                400,
                "JSPF playlist must contain a title and a public field.",
            );
        }
        let mut playlist = playlist.clone();
        if playlist["track"].is_null() {
            playlist["track"] = json!([]);
        }
        known.playlists.push(Some((asker.to_owned(), playlist)));
        let id = format!("{ID}{:012}", known.playlists.len());
        Ok(json!({ "status": "ok", "playlist_mbid": id }))
    })
}

async fn fetch(Path(id): Path<String>, state: State<Shared>, headers: HeaderMap) -> Response {
    served((state, headers, Bytes::new()), |known, asker, _| {
        let (owner, playlist) = seen(known, &id, asker)?;
        let mut shown = playlist.clone();
        shown["creator"] = owner.as_str().into();
        shown["identifier"] = format!("https://listenbrainz.org/playlist/{id}").into();
        shown["date"] = "2026-09-21T20:00:00+00:00".into();
        Ok(json!({ "playlist": shown }))
    })
}

/// All fields are overwritten, whoever may help with it too.
async fn edit(
    Path(id): Path<String>,
    state: State<Shared>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    served((state, headers, body), |known, asker, form| {
        check(form)?;
        let playlist = own(known, &id, asker)?;
        let new = &form["playlist"];
        for field in ["title", "annotation"] {
            if !new[field].is_null() {
                playlist[field] = new[field].clone();
            }
        }
        let (own, new) = (
            &mut playlist["extension"][EXTENSION],
            &new["extension"][EXTENSION],
        );
        if !new["public"].is_null() {
            own["public"] = new["public"].clone();
        }
        own["collaborators"] = match &new["collaborators"] {
            Value::Null => json!([]),
            collaborators => collaborators.clone(),
        };
        Ok(json!({ "status": "ok" }))
    })
}

async fn append(
    Path(id): Path<String>,
    state: State<Shared>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    served((state, headers, body), |known, asker, form| {
        put_in(known, (&id, asker), form, None)
    })
}

async fn add(
    Path((id, offset)): Path<(String, usize)>,
    state: State<Shared>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    served((state, headers, body), |known, asker, form| {
        put_in(known, (&id, asker), form, Some(offset))
    })
}

fn put_in(
    known: &mut Known,
    (id, asker): (&str, &str),
    form: &Value,
    offset: Option<usize>,
) -> Result<Value, Box<Response>> {
    let playlist = own(known, id, asker)?;
    check(form)?;
    let new = form["playlist"]["track"]
        .as_array()
        .cloned()
        .unwrap_or_default();
    if new.len() > ADDED_LIMIT {
        return refused(400, "You may only add max 100 recordings per call.");
    }
    let tracks = playlist["track"].as_array_mut().unwrap();
    let at = offset.unwrap_or(tracks.len()).min(tracks.len());
    tracks.splice(at..at, new);
    Ok(json!({ "status": "ok" }))
}
