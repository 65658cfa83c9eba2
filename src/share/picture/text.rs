//! Text that has to fit: how wide it is, where it may be cut, which of its characters belong
//! together. Widths are measured with the fonts it will be drawn in.

use super::Fonts;
use super::runs::{runs, widths};

/// Characters of a text that are looked at; nothing that is drawn is longer.
const TEXT_LIMIT: usize = 300;
const MORE: char = '…';

/// How text is drawn: its size in pixels, and whether it is bold.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Face {
    pub size: f32,
    pub bold: bool,
}

impl Face {
    pub const fn plain(size: f32) -> Face {
        Face { size, bold: false }
    }

    pub const fn bold(size: f32) -> Face {
        Face { size, bold: true }
    }

    /// The value of `font-weight`.
    pub fn weight(self) -> &'static str {
        if self.bold { "bold" } else { "normal" }
    }
}

impl Fonts {
    /// How wide the text is drawn, in pixels.
    pub fn width(&self, text: &str, face: Face) -> f32 {
        let runs = runs(text, self);
        widths(&runs, face, self).iter().sum()
    }

    /// The text, cut with an ellipsis where it would be wider than `room`.
    pub fn fitted(&self, text: &str, face: Face, room: f32) -> String {
        let clusters = clusters(text);
        let whole = clusters.concat();
        if self.width(&whole, face) <= room {
            return whole;
        }
        let cut = |count: usize| {
            let kept = clusters.get(..count).unwrap_or_default().concat();
            format!("{}{MORE}", kept.trim_end())
        };
        let count = most(clusters.len(), |count| {
            self.width(&cut(count), face) <= room
        });
        cut(count)
    }

    /// The text in at most so many lines, broken between words where there are any; the last is cut.
    pub fn lines(&self, text: &str, face: Face, (room, limit): (f32, usize)) -> Vec<String> {
        let mut lines = Vec::new();
        let all = clusters(text);
        let mut rest = all.as_slice();
        while !rest.is_empty() && lines.len() + 1 < limit {
            let line = |count: usize| rest.get(..count).unwrap_or_default().concat();
            if self.width(&line(rest.len()), face) <= room {
                break;
            }
            let count = most(rest.len(), |count| {
                self.width(line(count).trim_end(), face) <= room
            });
            let count = break_before(rest, count.max(1));
            lines.push(line(count).trim_end().to_owned());
            rest = rest.get(count..).unwrap_or_default();
            let spaces = rest.iter().take_while(|it| it.trim().is_empty()).count();
            rest = rest.get(spaces..).unwrap_or_default();
        }
        if !rest.is_empty() && limit > 0 {
            lines.push(self.fitted(&rest.concat(), face, room));
        }
        lines
    }
}

/// The largest count up to `limit` that fits, given that what fits does so when shorter, too.
fn most(limit: usize, fits: impl Fn(usize) -> bool) -> usize {
    let (mut fitting, mut beyond) = (0, limit);
    while beyond - fitting > 1 {
        let middle = fitting.midpoint(beyond);
        if fits(middle) {
            fitting = middle;
        } else {
            beyond = middle;
        }
    }
    fitting
}

/// Where to break, at or before `count`: after a space, or beside a character that is a word.
fn break_before(clusters: &[String], count: usize) -> usize {
    let at = |index: usize| clusters.get(index).map_or("", String::as_str);
    let may_break = |index: &usize| {
        let (before, after) = (at(index - 1), at(*index));
        before == " " || after == " " || is_word(before) || is_word(after)
    };
    (1..=count).rev().find(may_break).unwrap_or(count)
}

/// Han characters and kana stand for themselves.
fn is_word(cluster: &str) -> bool {
    let first = cluster.chars().next();
    first.is_some_and(|c| matches!(c, '\u{2E80}'..='\u{2FDF}' | '\u{3041}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}'))
}

/// What cannot be taken apart: a character with its marks, an emoji of several characters. Signs
/// that turn the direction of writing are left out, and every white space is a single space. After
/// the rules of Unicode's UAX 29, as far as they matter for cutting.
pub(super) fn clusters(text: &str) -> Vec<String> {
    let mut clusters: Vec<String> = Vec::new();
    let mut joins = false;
    let mut count = 0;
    for c in text.chars().filter(|c| !is_turn(*c)) {
        count += 1;
        if count > TEXT_LIMIT {
            break;
        }
        let c = if c.is_whitespace() || c.is_control() {
            ' '
        } else {
            c
        };
        let last = clusters.last_mut();
        let belongs = last.as_ref().is_some_and(|last| {
            joins
                || continues(c)
                || (is_flag(c) && last.chars().count() == 1 && last.chars().all(is_flag))
        });
        joins = c == '\u{200D}';
        match last {
            Some(last) if c == ' ' && last == " " => {}
            Some(last) if belongs => last.push(c),
            _ => clusters.push(c.to_string()),
        }
    }
    clusters
}

/// The first character of a text with all that belongs to it.
pub fn first_cluster(text: &str) -> String {
    clusters(text.trim_start())
        .into_iter()
        .next()
        .unwrap_or_default()
}

/// Marks, variation selectors, joiners, skin tones and tags belong to what is before them.
fn continues(c: char) -> bool {
    unicode_normalization::char::is_combining_mark(c)
        || matches!(c, '\u{200C}' | '\u{200D}' | '\u{FE00}'..='\u{FE0F}' | '\u{1F3FB}'..='\u{1F3FF}' | '\u{E0020}'..='\u{E007F}' | '\u{E0100}'..='\u{E01EF}')
}

fn is_flag(c: char) -> bool {
    matches!(c, '\u{1F1E6}'..='\u{1F1FF}')
}

/// Signs that turn the direction of writing: in a title they would turn what stands around it.
fn is_turn(c: char) -> bool {
    matches!(c, '\u{200E}' | '\u{200F}' | '\u{061C}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// Characters that no font needs to have.
pub(super) fn is_unseen(c: char) -> bool {
    is_turn(c)
        || matches!(c, '\u{200B}'..='\u{200D}' | '\u{2060}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{E0020}'..='\u{E007F}' | '\u{E0100}'..='\u{E01EF}')
}

/// Whether it is drawn as a picture: by its own nature, or because the selector behind it says so.
pub(super) fn is_emoji(cluster: &str) -> bool {
    let mut chars = cluster.chars();
    let first = chars.next().unwrap_or_default();
    let pictorial = matches!(first, '\u{1F000}'..='\u{1FAFF}' | '\u{231A}' | '\u{231B}' | '\u{23E9}'..='\u{23F3}' | '\u{25FD}' | '\u{25FE}' | '\u{2614}' | '\u{2615}' | '\u{2648}'..='\u{2653}' | '\u{267F}' | '\u{2693}' | '\u{26A1}' | '\u{26AA}' | '\u{26AB}' | '\u{26BD}' | '\u{26BE}' | '\u{26C4}' | '\u{26C5}' | '\u{26CE}' | '\u{26D4}' | '\u{26EA}' | '\u{26F2}' | '\u{26F3}' | '\u{26F5}' | '\u{26FA}' | '\u{26FD}' | '\u{2705}' | '\u{270A}' | '\u{270B}' | '\u{2728}' | '\u{274C}' | '\u{274E}' | '\u{2753}'..='\u{2755}' | '\u{2757}' | '\u{2795}'..='\u{2797}' | '\u{27B0}' | '\u{27BF}' | '\u{2B1B}' | '\u{2B1C}' | '\u{2B50}' | '\u{2B55}')
        || first == '\u{2764}';
    match chars.next() {
        Some('\u{FE0F}' | '\u{20E3}') => true,
        Some('\u{FE0E}') => false,
        _ => pictorial,
    }
}
