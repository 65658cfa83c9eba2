//! The words of a drawing, taken apart into runs of one font and one direction, each of which is then
//! a text of its own at its own place. usvg does that itself only where fonts count characters alike:
//! beside an emoji of several parts or an Arabic ligature it loses signs, or panics.

use super::fonts::{Fonts, Han};
use super::text::{Face, clusters};
use super::{escaped, tree};
use quick_xml::events::{BytesEnd, BytesRef, BytesStart, BytesText, Event};
use quick_xml::{Reader, Writer};
use resvg::usvg::Node;
use unicode_bidi::BidiInfo;

/// What makes everything up to the other run from right to left, brackets too.
const FROM_RIGHT: char = '\u{202E}';
const AS_BEFORE: char = '\u{202C}';
/// A letter without shape, so that spaces are no end of a line, where they would run as before.
const UNSEEN_LETTER: char = '\u{200F}';

/// The selector that asks for an emoji, and the frame that makes one of a figure.
const AS_EMOJI: char = '\u{FE0F}';
const KEYCAP: char = '\u{20E3}';

/// Words in one font that run one way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Run {
    pub(super) family: String,
    pub(super) text: String,
}

/// The runs of a text as they stand from left to right.
pub(super) fn runs(text: &str, fonts: &Fonts) -> Vec<Run> {
    let text = clusters(text).concat();
    let han = Han::of(&text);
    let bidi = BidiInfo::new(&text, None);
    let mut runs = Vec::new();
    for paragraph in &bidi.paragraphs {
        let (levels, ranges) = bidi.visual_runs(paragraph, paragraph.range.clone());
        for range in ranges {
            let from_right = levels
                .get(range.start)
                .is_some_and(unicode_bidi::Level::is_rtl);
            let words = text.get(range).unwrap_or_default();
            let mut stretches = stretches(words, han, fonts);
            if from_right {
                stretches.reverse();
                for run in &mut stretches {
                    run.text.insert(0, FROM_RIGHT);
                    run.text.extend([UNSEEN_LETTER, AS_BEFORE]);
                }
            }
            runs.extend(stretches);
        }
    }
    runs
}

/// The words in order, as stretches of one family each.
fn stretches(words: &str, han: Han, fonts: &Fonts) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    for cluster in clusters(words) {
        let family = fonts.family(&cluster, han);
        let cluster = if fonts.is_emoji(family) && !cluster.contains(KEYCAP) {
            // The choice is made; fonts of emoji give the selector itself a width.
            cluster.replace(AS_EMOJI, "")
        } else {
            cluster
        };
        match runs.last_mut() {
            // Spaces stay with what is before them; those of emoji are as wide as emoji.
            Some(last)
                if last.family == family || (cluster == " " && !fonts.is_emoji(&last.family)) =>
            {
                last.text.push_str(&cluster);
            }
            _ => runs.push(Run {
                family: family.to_owned(),
                text: cluster,
            }),
        }
    }
    runs
}

/// How wide each run is drawn, in pixels.
pub(super) fn widths(runs: &[Run], face: Face, fonts: &Fonts) -> Vec<f32> {
    let (size, weight) = (face.size, face.weight());
    let texts = runs.iter().map(|run| {
        let (family, words) = (escaped(&run.family), escaped(&run.text));
        format!("<text y=\"100\" font-family=\"{family}\" font-size=\"{size}\" font-weight=\"{weight}\">{words}</text>")
    });
    let texts: String = texts.collect();
    // Spaces count, at the ends too.
    let svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" xml:space=\"preserve\" width=\"10\" height=\"10\">{texts}</svg>"
    );
    let tree = tree(&svg, &[], fonts);
    let tree = tree.inspect_err(|failure| tracing::warn!(%failure, "text was not measured"));
    let Ok(tree) = tree else {
        return Vec::new();
    };
    let nodes = tree.root().children().iter();
    let texts = nodes.filter_map(|node| match node {
        Node::Text(text) => Some(text.bounding_box().width()),
        _ => None,
    });
    texts.collect()
}

/// The drawing with every text in the fonts that have its characters.
pub(super) fn with_fonts(svg: &str, fonts: &Fonts) -> Result<String, String> {
    let mut reader = Reader::from_str(svg);
    let mut xml = Writer::new(Vec::new());
    // The text that has begun, and its words so far.
    let mut begun: Option<(BytesStart<'static>, String)> = None;
    loop {
        let event = reader.read_event().map_err(|error| error.to_string())?;
        match (event, &mut begun) {
            (Event::Eof, _) => break,
            (Event::Start(tag), None) if tag.name().as_ref() == "text" => {
                begun = Some((tag.into_owned(), String::new()));
            }
            (Event::Text(text), Some((_, words))) => words.push_str(&text.xml10_content()),
            (Event::GeneralRef(reference), Some((_, words))) => {
                words.extend(character(&reference)?);
            }
            (event, begun) => match (begun.take(), event) {
                (Some((tag, words)), Event::End(_)) => {
                    put_text(&mut xml, &tag, words.trim(), fonts)?;
                }
                // Parts of it have places and looks of their own: it stays as it is.
                (Some((tag, words)), event) => {
                    put(&mut xml, Event::Start(tag))?;
                    put(&mut xml, Event::Text(BytesText::new(&words)))?;
                    put(&mut xml, event)?;
                }
                (None, event) => put(&mut xml, event)?,
            },
        }
    }
    String::from_utf8(xml.into_inner()).map_err(|error| error.to_string())
}

fn character(reference: &BytesRef<'_>) -> Result<Option<char>, String> {
    let number = reference.resolve_char_ref();
    let number = number.map_err(|error| error.to_string())?;
    Ok(number.or(match reference.xml10_content().as_ref() {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => None,
    }))
}

/// The text as one for each run, side by side.
fn put_text(
    xml: &mut Writer<Vec<u8>>,
    tag: &BytesStart<'_>,
    words: &str,
    fonts: &Fonts,
) -> Result<(), String> {
    let look = Look::of(tag);
    let runs = runs(words, fonts);
    let widths = match runs.len() {
        // usvg knows itself where a single one goes.
        0 | 1 => Vec::new(),
        _ => widths(&runs, look.face, fonts),
    };
    let whole: f32 = widths.iter().sum();
    let mut x = look.x - whole * look.before;
    let mut widths = widths.into_iter();
    for run in &runs {
        let mut text = BytesStart::new("text");
        let attributes = tag.attributes().flatten();
        text.extend_attributes(attributes.filter(|it| {
            let name = it.key.as_ref();
            name != "font-family" && (runs.len() == 1 || !matches!(name, "x" | "text-anchor"))
        }));
        if runs.len() > 1 {
            text.push_attribute(("x", x.to_string().as_str()));
        }
        text.push_attribute(("xml:space", "preserve"));
        text.push_attribute(("font-family", run.family.as_str()));
        put(xml, Event::Start(text))?;
        put(xml, Event::Text(BytesText::new(&run.text)))?;
        put(xml, Event::End(BytesEnd::new("text")))?;
        x += widths.next().unwrap_or_default();
    }
    Ok(())
}

/// How a text is written and placed, as its own attributes say.
struct Look {
    face: Face,
    x: f32,
    /// How much of it stands before `x`: 0 for all after it, 0.5 for the middle.
    before: f32,
}

impl Look {
    fn of(tag: &BytesStart<'_>) -> Look {
        let said = |name: &str| {
            let attribute = tag.try_get_attribute(name).ok().flatten();
            attribute.map(|it| it.value.into_owned())
        };
        let pixels = |name: &str| {
            let said = said(name)?;
            said.trim_end_matches("px").trim().parse::<f32>().ok()
        };
        let weight = said("font-weight");
        let weight = weight.as_deref();
        let is_bold =
            weight.is_some_and(|it| it.parse().map_or(it == "bold", |number: u16| number >= 600));
        Look {
            face: Face {
                size: pixels("font-size").unwrap_or(12.0),
                bold: is_bold,
            },
            x: pixels("x").unwrap_or_default(),
            before: match said("text-anchor").as_deref() {
                Some("middle") => 0.5,
                Some("end") => 1.0,
                _ => 0.0,
            },
        }
    }
}

fn put(xml: &mut Writer<Vec<u8>>, event: Event<'_>) -> Result<(), String> {
    xml.write_event(event).map_err(|error| error.to_string())
}
