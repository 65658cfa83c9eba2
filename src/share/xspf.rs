//! XSPF version 1, as specified at <https://www.xspf.org/spec>: an XML list of tracks.

use super::reading::{Draft, NotAPlaylist, Reading};
use super::{Item, Playlist, plain};
use quick_xml::events::{BytesDecl, BytesRef, BytesText, Event};
use quick_xml::{Reader, Writer};
use std::io;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// The playlist as an `.xspf` file.
pub fn xspf(playlist: &Playlist) -> String {
    let mut writer = Writer::new_with_indent(Vec::new(), b' ', 2);
    write(&mut writer, playlist).expect("a write into memory does not fail");
    String::from_utf8(writer.into_inner()).expect("only text was written")
}

type Xml = Writer<Vec<u8>>;

fn write(xml: &mut Xml, playlist: &Playlist) -> io::Result<()> {
    xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    xml.create_element("playlist")
        .with_attribute(("version", "1"))
        .with_attribute(("xmlns", "http://xspf.org/ns/0/"))
        .write_inner_content(|xml| {
            element(xml, "title", &playlist.title)?;
            element(xml, "creator", &playlist.creator)?;
            if let Some(date) = date(playlist) {
                element(xml, "date", &date)?;
            }
            xml.create_element("trackList").write_inner_content(|xml| {
                for (index, item) in playlist.tracks.iter().enumerate() {
                    track(xml, item, index + 1)?;
                }
                Ok(())
            })?;
            Ok(())
        })?;
    Ok(())
}

/// `xsd:dateTime`, UTC.
pub(super) fn date(playlist: &Playlist) -> Option<String> {
    let seconds = playlist.date.0.div_euclid(1_000);
    OffsetDateTime::from_unix_timestamp(seconds)
        .ok()?
        .format(&Rfc3339)
        .ok()
}

fn track(xml: &mut Xml, item: &Item, number: usize) -> io::Result<()> {
    xml.create_element("track").write_inner_content(|xml| {
        element(xml, "location", &item.location())?;
        if let Some(identifier) = item.identifier() {
            element(xml, "identifier", &identifier)?;
        }
        element(xml, "title", &item.title)?;
        if let Some(creator) = &item.creator {
            element(xml, "creator", creator)?;
        }
        if let Some(annotation) = &item.annotation {
            element(xml, "annotation", annotation)?;
        }
        if let Some(link) = &item.link {
            element(xml, "info", link)?;
        }
        if let Some(album) = &item.album {
            element(xml, "album", album)?;
        }
        element(xml, "trackNum", &number.to_string())?;
        element(xml, "duration", &item.length.as_millis().to_string())
    })?;
    Ok(())
}

fn element(xml: &mut Xml, name: &str, text: &str) -> io::Result<()> {
    xml.create_element(name)
        .write_text_content(BytesText::new(&plain(text)))?;
    Ok(())
}

/// Elements within elements that are followed; a playlist has four.
const DEPTH_LIMIT: usize = 32;

/// Reads an `.xspf` file. A document type is refused: with it entities could be made, and XSPF has
/// none.
pub(super) fn read(text: &str) -> Result<Reading, NotAPlaylist> {
    let malformed = |_| NotAPlaylist::Malformed;
    let mut reader = Reader::from_str(text);
    // Local names of the elements that are open, and what the innermost says.
    let mut path: Vec<String> = Vec::new();
    let mut said = String::new();
    let mut reading = Reading::named(None, None);
    let mut draft = Draft::default();
    let mut is_playlist = false;
    loop {
        match reader.read_event().map_err(malformed)? {
            Event::Start(tag) => {
                let name = tag.local_name().as_ref().to_owned();
                is_playlist |= path.is_empty() && name == "playlist";
                if path.is_empty() && !is_playlist {
                    return Err(NotAPlaylist::Unknown);
                }
                path.push(name);
                said.clear();
                if path.len() > DEPTH_LIMIT {
                    return Err(NotAPlaylist::Malformed);
                }
            }
            Event::End(_) => {
                let names: Vec<&str> = path.iter().map(String::as_str).collect();
                match names.as_slice() {
                    ["playlist", "title"] => {
                        reading.playlist.title =
                            Reading::named(Some(said.clone()), None).playlist.title;
                    }
                    ["playlist", "creator"] => {
                        reading.playlist.creator =
                            Reading::named(Some(said.clone()), None).playlist.title;
                    }
                    ["playlist", "trackList", "track"] => reading.take(std::mem::take(&mut draft)),
                    ["playlist", "trackList", "track", name] => note(&mut draft, name, &said),
                    _ => {}
                }
                path.pop();
                said.clear();
            }
            Event::Text(text) => said.push_str(&text.xml10_content()),
            Event::CData(text) => said.push_str(&text.xml10_content()),
            Event::GeneralRef(reference) => said.push(character(&reference)?),
            Event::DocType(_) => return Err(NotAPlaylist::Malformed),
            Event::Eof => break,
            _ => {}
        }
    }
    if !is_playlist || !path.is_empty() {
        return Err(NotAPlaylist::Malformed);
    }
    reading.whole()
}

fn note(draft: &mut Draft, name: &str, said: &str) {
    let text = || Some(said.trim().to_owned());
    match name {
        "title" => draft.title = text(),
        "creator" => draft.creator = text(),
        "album" => draft.album = text(),
        "annotation" => draft.annotation = text(),
        "duration" => draft.length_ms = said.trim().parse().ok(),
        "location" => draft.places.extend(text()),
        "identifier" => draft.identifiers.extend(text()),
        _ => {}
    }
}

/// The five of XML and those by number; there are no others without a document type.
fn character(reference: &BytesRef<'_>) -> Result<char, NotAPlaylist> {
    let number = reference.resolve_char_ref();
    if let Some(c) = number.map_err(|_| NotAPlaylist::Malformed)? {
        return Ok(c);
    }
    match reference.xml10_content().as_ref() {
        "amp" => Ok('&'),
        "lt" => Ok('<'),
        "gt" => Ok('>'),
        "quot" => Ok('"'),
        "apos" => Ok('\''),
        _ => Err(NotAPlaylist::Malformed),
    }
}
