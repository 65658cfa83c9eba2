//! JSPF: XSPF in JSON, as described at <https://www.xspf.org/jspf>. What can be there several times
//! in XSPF is an array here.

use super::reading::{Draft, NotAPlaylist, Reading};
use super::{Item, Playlist, plain, xspf};
use serde_json::{Map, Value, json};

/// The playlist as a `.jspf` file.
pub fn jspf(playlist: &Playlist) -> String {
    let mut list = Map::new();
    list.insert("title".to_owned(), json!(plain(&playlist.title)));
    list.insert("creator".to_owned(), json!(plain(&playlist.creator)));
    if let Some(date) = xspf::date(playlist) {
        list.insert("date".to_owned(), json!(date));
    }
    let tracks = playlist.tracks.iter().enumerate();
    let tracks: Vec<Value> = tracks.map(|(at, item)| track(item, at + 1)).collect();
    list.insert("track".to_owned(), json!(tracks));
    format!("{:#}\n", json!({ "playlist": list }))
}

fn track(item: &Item, number: usize) -> Value {
    let mut track = json!({
        "location": [item.location()],
        "title": plain(&item.title),
        "trackNum": number,
        "duration": item.length_ms(),
    });
    let key = item.identifier().map(|it| json!([it]));
    let text = |text: &Option<String>| text.as_deref().map(|it| json!(plain(it)));
    let facts = [
        ("identifier", key),
        ("creator", text(&item.creator)),
        ("annotation", text(&item.annotation)),
        ("info", text(&item.link)),
        ("album", text(&item.album)),
    ];
    if let Some(track) = track.as_object_mut() {
        for (name, value) in facts {
            track.extend(value.map(|value| (name.to_owned(), value)));
        }
    }
    track
}

/// Reads a `.jspf` file. A text where a list belongs is taken, too.
pub(super) fn read(text: &str) -> Result<Reading, NotAPlaylist> {
    let said: Value = serde_json::from_str(text).map_err(|_| NotAPlaylist::Malformed)?;
    let list = said.get("playlist").unwrap_or(&said);
    let tracks = list.get("track").and_then(Value::as_array);
    let tracks = tracks.ok_or(NotAPlaylist::Unknown)?;
    let mut reading = Reading::named(text_of(list, "title"), text_of(list, "creator"));
    for track in tracks {
        let draft = Draft {
            title: text_of(track, "title"),
            creator: text_of(track, "creator"),
            album: text_of(track, "album"),
            annotation: text_of(track, "annotation"),
            length_ms: track.get("duration").and_then(Value::as_f64),
            places: all_of(track, "location"),
            identifiers: all_of(track, "identifier"),
        };
        reading.take(draft);
    }
    reading.whole()
}

fn text_of(said: &Value, name: &str) -> Option<String> {
    said.get(name)?.as_str().map(str::to_owned)
}

fn all_of(said: &Value, name: &str) -> Vec<String> {
    let text = |value: &Value| value.as_str().map(str::to_owned);
    match said.get(name) {
        Some(Value::Array(all)) => all.iter().filter_map(text).collect(),
        Some(one) => text(one).into_iter().collect(),
        None => Vec::new(),
    }
}
