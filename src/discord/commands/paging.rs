//! Long lists in pages, with a button to either side. A page is counted from 0.

use super::call::Call;
use serde_json::{Value, json};

/// One page of a list of so many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::discord) struct Page {
    pub(in crate::discord) number: usize,
    pub(in crate::discord) count: usize,
    /// Lines on a full page.
    pub(in crate::discord) lines: usize,
}

impl Page {
    /// The page of that number, or the last one if there are not so many.
    pub(in crate::discord) fn of(number: usize, total: usize, lines: usize) -> Page {
        let count = total.div_ceil(lines.max(1)).max(1);
        Page {
            number: number.min(count - 1),
            count,
            lines,
        }
    }

    /// How many lines come before this page.
    pub(in crate::discord) fn offset(self) -> usize {
        self.number * self.lines
    }

    /// The buttons, as Discord's `components`: none for a single page. `list` is what the custom
    /// ids begin with, before the number of the page.
    pub(in crate::discord) fn buttons(self, list: &str) -> Value {
        if self.count < 2 {
            return json!([]);
        }
        let before = self.number.checked_sub(1).map(|page| page.to_string());
        let after = Some(self.number + 1).filter(|next| *next < self.count);
        row(list, before, after.map(|page| page.to_string()))
    }

    /// `Page 2 of 7`, or nothing for a single page.
    pub(in crate::discord) fn foot(self, call: &Call) -> Option<String> {
        let fills = [
            ("page", (self.number + 1).into()),
            ("pages", self.count.into()),
        ];
        (self.count > 1).then(|| call.say("page", &fills))
    }
}

/// The buttons of a list that is read from its newest entry on: back to that, and on to what is
/// older than the entry `end` of this page, if there is more.
pub(in crate::discord) fn older(list: &str, is_further: bool, end: Option<u64>) -> Value {
    if !is_further && end.is_none() {
        return json!([]);
    }
    let newest = is_further.then(|| "newest".to_owned());
    row(list, newest, end.map(|entry| entry.to_string()))
}

fn row(list: &str, back: Option<String>, on: Option<String>) -> Value {
    // A button that leads nowhere still needs an id of its own.
    let button = |sign: &str, to: Option<String>, otherwise: &str| {
        json!({
            "type": 2,
            "style": 2,
            "emoji": { "name": sign },
            "disabled": to.is_none(),
            "custom_id": format!("{list}:{}", to.as_deref().unwrap_or(otherwise)),
        })
    };
    json!([{ "type": 1, "components": [
        button("\u{25c0}\u{fe0f}", back, "first"),
        button("\u{25b6}\u{fe0f}", on, "last"),
    ]}])
}

/// A page as a message: a title, its lines, and a line at the foot.
pub(in crate::discord) fn sheet(title: &str, lines: &[String], foot: Option<String>) -> Value {
    /// Discord's limits for embeds.
    const TITLE_LIMIT: usize = 256;
    const TEXT_LIMIT: usize = 4_096;
    const COLOUR: u32 = 0x00f2_6b38;
    let text = super::super::markup::cut(&lines.join("\n"), TEXT_LIMIT);
    let title = super::super::markup::cut(title, TITLE_LIMIT);
    let mut embed = json!({ "color": COLOUR, "title": title, "description": text });
    if let (Some(foot), Some(fields)) = (foot, embed.as_object_mut()) {
        fields.insert("footer".to_owned(), json!({ "text": foot }));
    }
    embed
}

#[cfg(test)]
mod tests {
    use super::Page;

    #[test]
    fn a_page_that_is_not_there_is_the_last_one() {
        assert_eq!(Page::of(9, 25, 10).number, 2);
        assert_eq!(Page::of(1, 25, 10).offset(), 10);
        assert_eq!(Page::of(3, 0, 10).number, 0);
        assert_eq!(Page::of(0, 20, 10).count, 2);
    }

    #[test]
    fn buttons_lead_to_the_pages_beside() {
        let ids = |number, total| {
            let row = Page::of(number, total, 10).buttons("history");
            let buttons = row[0]["components"].as_array().cloned().unwrap_or_default();
            let of = |button: &serde_json::Value| {
                (
                    button["custom_id"].as_str().unwrap().to_owned(),
                    button["disabled"] == true,
                )
            };
            buttons.iter().map(of).collect::<Vec<_>>()
        };
        let id = |text: &str, off| (text.to_owned(), off);
        assert_eq!(
            ids(0, 30),
            [id("history:first", true), id("history:1", false)]
        );
        assert_eq!(ids(1, 30), [id("history:0", false), id("history:2", false)]);
        assert_eq!(
            ids(2, 30),
            [id("history:1", false), id("history:last", true)]
        );
        assert_eq!(ids(0, 10), []);
    }
}
