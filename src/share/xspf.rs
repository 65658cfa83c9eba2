//! XSPF version 1, as specified at <https://www.xspf.org/spec>: an XML list of tracks.

use super::{Item, Playlist, plain};
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};
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
fn date(playlist: &Playlist) -> Option<String> {
    let seconds = playlist.date.0.div_euclid(1_000);
    OffsetDateTime::from_unix_timestamp(seconds)
        .ok()?
        .format(&Rfc3339)
        .ok()
}

fn track(xml: &mut Xml, item: &Item, number: usize) -> io::Result<()> {
    xml.create_element("track").write_inner_content(|xml| {
        element(xml, "location", &item.location())?;
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
