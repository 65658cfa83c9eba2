//! Playlists at `ListenBrainz`: making one, and bringing one that was made before up to date without
//! undoing what its owner has done to it since
//! (<https://listenbrainz.readthedocs.io/en/latest/users/api/playlist.html>).

use super::super::{ScrobbleFailure, Token};
use super::{Again, ListenBrainz, is_mbid, not_understood, parsed};
use serde::Deserialize;
use serde_json::{Map, Value, json};

/// What a playlist's page begins with, and a recording's (the server's `db/model/playlist.py`).
const PLAYLIST_PAGE: &str = "https://listenbrainz.org/playlist/";
const RECORDING_PAGE: &str = "https://musicbrainz.org/recording/";
/// The extension of JSPF that it wants (<https://musicbrainz.org/doc/jspf>).
const EXTENSION: &str = "https://musicbrainz.org/doc/jspf#playlist";
/// Most recordings that are added at once (`MAX_RECORDINGS_PER_ADD` of the server's `playlist_api.py`).
const ADDED_AT_ONCE: usize = 100;

/// A playlist to make, or to have made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewPlaylist {
    pub title: String,
    /// A sentence about it.
    pub about: String,
    /// Who sees it; `None` is only its owner, or as it is.
    pub is_public: Option<bool>,
    /// `MusicBrainz` ids, in order.
    pub recordings: Vec<String>,
}

/// What was changed about a playlist that was there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Touched {
    /// Recordings that it has more.
    pub added: usize,
    /// Other people see it since, or see it no more.
    pub is_shown_otherwise: bool,
}

/// The page of a playlist.
pub fn playlist_page(mbid: &str) -> String {
    format!("{PLAYLIST_PAGE}{mbid}")
}

#[derive(Deserialize)]
struct Made {
    playlist_mbid: String,
}

#[derive(Deserialize)]
struct Fetched {
    playlist: There,
}

/// A playlist as it stands there.
#[derive(Deserialize)]
struct There {
    title: String,
    annotation: Option<String>,
    #[serde(default)]
    extension: Map<String, Value>,
    #[serde(default)]
    track: Vec<Track>,
}

#[derive(Deserialize)]
struct Track {
    #[serde(default)]
    identifier: Vec<String>,
}

impl ListenBrainz {
    /// Makes a playlist of the token's owner (`POST /1/playlist/create`); its id.
    pub async fn create(
        &self,
        token: &Token,
        playlist: &NewPlaylist,
    ) -> Result<String, ScrobbleFailure> {
        let is_public = playlist.is_public.unwrap_or(false);
        let body = json!({ "playlist": {
            "title": playlist.title,
            // It is shown as HTML.
            "annotation": escaped(&playlist.about),
            "extension": { EXTENSION: { "public": is_public } },
            "track": tracks(&playlist.recordings),
        }});
        let asked = (Some(&body), Again::Unheard);
        let reply = self.patiently("1/playlist/create", token, asked).await?;
        let made: Made = parsed(&reply)?;
        if !is_mbid(&made.playlist_mbid) {
            return Err(not_understood());
        }
        Ok(made.playlist_mbid)
    }

    /// Adds what is missing in a playlist at its place, and shows it to whom it is to be shown. What
    /// its owner has called it, added or put elsewhere stays. `None` if they have it no more.
    pub async fn bring_up_to_date(
        &self,
        token: &Token,
        mbid: &str,
        playlist: &NewPlaylist,
    ) -> Result<Option<Touched>, ScrobbleFailure> {
        let done = self.touch(token, mbid, playlist).await;
        match done {
            Ok(touched) => Ok(Some(touched)),
            Err(ScrobbleFailure::Busy {
                code: 403 | 404, ..
            }) => Ok(None),
            Err(failure) => Err(failure),
        }
    }

    async fn touch(
        &self,
        token: &Token,
        mbid: &str,
        playlist: &NewPlaylist,
    ) -> Result<Touched, ScrobbleFailure> {
        let path = format!("1/playlist/{mbid}?fetch_metadata=false");
        let asked = (None, Again::Always);
        let reply = self.patiently(&path, token, asked).await?;
        let there = parsed::<Fetched>(&reply)?.playlist;
        let wanted = playlist.is_public;
        let is_shown_otherwise = wanted.is_some_and(|wanted| Some(wanted) != there.is_public());
        if let (true, Some(is_public)) = (is_shown_otherwise, wanted) {
            let body = there.shown(is_public);
            let asked = (Some(&body), Again::Always);
            let path = format!("1/playlist/edit/{mbid}");
            self.patiently(&path, token, asked).await?;
        }
        let mut added = 0;
        for (offset, recordings) in missing(&there.recordings(), &playlist.recordings) {
            for (place, part) in recordings.chunks(ADDED_AT_ONCE).enumerate() {
                let offset = offset + place * ADDED_AT_ONCE;
                let body = json!({ "playlist": { "track": tracks(part) } });
                let asked = (Some(&body), Again::Unheard);
                let path = format!("1/playlist/{mbid}/item/add/{offset}");
                self.patiently(&path, token, asked).await?;
                added += part.len();
            }
        }
        Ok(Touched {
            added,
            is_shown_otherwise,
        })
    }
}

impl There {
    fn is_public(&self) -> Option<bool> {
        self.extension.get(EXTENSION)?.get("public")?.as_bool()
    }

    fn recordings(&self) -> Vec<String> {
        let recording = |track: &Track| {
            let mut pages = track.identifier.iter();
            let id = pages.find_map(|page| page.strip_prefix(RECORDING_PAGE));
            id.unwrap_or_default().to_lowercase()
        };
        self.track.iter().map(recording).collect()
    }

    /// The same playlist for other eyes. An edit writes all fields, so all that are known go along.
    fn shown(&self, is_public: bool) -> Value {
        let mut own = json!({ "public": is_public });
        let collaborators = self.extension.get(EXTENSION);
        let collaborators = collaborators.and_then(|own| own.get("collaborators"));
        if let (Some(fields), Some(collaborators)) = (own.as_object_mut(), collaborators) {
            fields.insert("collaborators".to_owned(), collaborators.clone());
        }
        json!({ "playlist": {
            "title": self.title,
            "annotation": self.annotation.as_deref().unwrap_or_default(),
            "extension": { EXTENSION: own },
        }})
    }
}

fn tracks(recordings: &[String]) -> Vec<Value> {
    let track = |id: &String| json!({ "identifier": [format!("{RECORDING_PAGE}{id}")] });
    recordings.iter().map(track).collect()
}

/// What has to be put where, one after the other, so that everything wanted is there: each stretch
/// behind the one that it follows. What is there and is not wanted, or not there, stays.
fn missing(there: &[String], wanted: &[String]) -> Vec<(usize, Vec<String>)> {
    let mut list: Vec<(&String, bool)> = there.iter().map(|id| (id, false)).collect();
    let mut stretches: Vec<(usize, Vec<String>)> = Vec::new();
    let mut next = 0;
    for id in wanted {
        let is_it = |(one, taken): &&(&String, bool)| !*taken && one.eq_ignore_ascii_case(id);
        let ahead = list.iter().skip(next).position(|one| is_it(&one));
        let found = ahead.map(|at| at + next);
        let found = found.or_else(|| list.iter().position(|one| is_it(&one)));
        if let Some(at) = found {
            if let Some((_, taken)) = list.get_mut(at) {
                *taken = true;
            }
            next = if at >= next { at + 1 } else { next };
            continue;
        }
        list.insert(next, (id, true));
        match stretches.last_mut() {
            Some((from, ids)) if *from + ids.len() == next => ids.push(id.clone()),
            _ => stretches.push((next, vec![id.clone()])),
        }
        next += 1;
    }
    stretches
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::missing;

    fn ids(text: &str) -> Vec<String> {
        text.chars().map(String::from).collect()
    }

    /// What the service has after everything was added.
    fn after(there: &str, wanted: &str) -> String {
        let mut list = ids(there);
        for (at, stretch) in missing(&list.clone(), &ids(wanted)) {
            assert!(at <= list.len(), "{there} {wanted}");
            list.splice(at..at, stretch);
        }
        assert_eq!(missing(&list, &ids(wanted)), [], "{there} {wanted}");
        list.concat()
    }

    #[test]
    fn what_is_missing_comes_to_its_place_and_what_is_there_stays() {
        for (there, wanted, both) in [
            ("", "abc", "abc"),
            ("abc", "abc", "abc"),
            ("ab", "abcd", "abcd"),
            ("bd", "abcde", "abcde"),
            // Theirs stays where it is, and what they took to another place too.
            ("axb", "abc", "axbc"),
            ("cab", "abcd", "cabd"),
            // A song that was played twice is there twice.
            ("a", "aba", "aba"),
            ("aa", "aba", "aba"),
            ("x", "", "x"),
        ] {
            assert_eq!(after(there, wanted), both, "{there} {wanted}");
        }
        // In one piece.
        assert_eq!(missing(&ids("a"), &ids("abc")), [(1, ids("bc"))]);
    }
}
