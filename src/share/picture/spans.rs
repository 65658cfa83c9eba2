//! The words of a drawing, taken apart by fonts: every text is written anew as stretches that name
//! the family they are drawn in. usvg shapes a text with one font after another and gives up where
//! they count characters differently, as with emoji of several parts beside letters.

use super::fonts::{Fonts, Han};
use super::text::{begins_from_right, clusters};
use quick_xml::events::{BytesEnd, BytesStart, BytesText, Event};
use quick_xml::{Reader, Writer};

/// The directions that surround text which begins from right to left.
const FROM_RIGHT: char = '\u{202B}';
const AS_BEFORE: char = '\u{202C}';

/// The drawing with fonts for all its text.
pub(super) fn with_fonts(svg: &str, fonts: &Fonts) -> Result<String, String> {
    let mut reader = Reader::from_str(svg);
    let mut writer = Writer::new(Vec::new());
    // Elements within a text, itself counted; and its words so far.
    let mut depth = 0_usize;
    let mut words = String::new();
    loop {
        let event = reader.read_event().map_err(|error| error.to_string())?;
        match &event {
            Event::Text(text) if depth > 0 => {
                words.push_str(&text.xml10_content());
                continue;
            }
            Event::GeneralRef(reference) if depth > 0 => {
                words.extend(character(reference)?);
                continue;
            }
            Event::Eof => break,
            _ => {}
        }
        let ends = matches!(event, Event::End(_)) && depth == 1;
        let said = std::mem::take(&mut words);
        write_words(
            &mut writer,
            if ends { said.trim_end() } else { &said },
            fonts,
        )?;
        match event {
            Event::Start(tag) if depth > 0 || tag.name().as_ref() == "text" => {
                depth += 1;
                let mut tag = tag;
                if depth == 1 {
                    tag.push_attribute(("xml:space", "preserve"));
                }
                write(&mut writer, Event::Start(tag))?;
            }
            Event::End(tag) => {
                depth = depth.saturating_sub(1);
                write(&mut writer, Event::End(tag))?;
            }
            other => write(&mut writer, other)?,
        }
    }
    String::from_utf8(writer.into_inner()).map_err(|error| error.to_string())
}

fn character(reference: &quick_xml::events::BytesRef<'_>) -> Result<Option<char>, String> {
    let number = reference
        .resolve_char_ref()
        .map_err(|error| error.to_string())?;
    Ok(number.or(match reference.xml10_content().as_ref() {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => None,
    }))
}

/// The words as stretches of one family each.
fn write_words(xml: &mut Writer<Vec<u8>>, words: &str, fonts: &Fonts) -> Result<(), String> {
    if words.trim().is_empty() {
        return Ok(());
    }
    let han = Han::of(words);
    let mut stretches: Vec<(&str, String)> = Vec::new();
    for cluster in clusters(words) {
        let family = fonts.family(&cluster, han);
        match stretches.last_mut() {
            // Spaces stay with what is before them.
            Some((last, text)) if *last == family || cluster == " " => text.push_str(&cluster),
            _ => stretches.push((family, cluster)),
        }
    }
    if begins_from_right(words) {
        if let Some((_, first)) = stretches.first_mut() {
            first.insert(0, FROM_RIGHT);
        }
        if let Some((_, last)) = stretches.last_mut() {
            last.push(AS_BEFORE);
        }
    }
    for (family, text) in stretches {
        let tag = BytesStart::new("tspan").with_attributes([("font-family", family)]);
        write(xml, Event::Start(tag))?;
        write(xml, Event::Text(BytesText::new(&text)))?;
        write(xml, Event::End(BytesEnd::new("tspan")))?;
    }
    Ok(())
}

fn write(xml: &mut Writer<Vec<u8>>, event: Event<'_>) -> Result<(), String> {
    xml.write_event(event).map_err(|error| error.to_string())
}
