//! The shelves to walk along: the newest, what was saved most, and what people saved whose ratings are
//! like the reader's; a button for each, and pages of ten.

use super::super::super::markup::plain_cut;
use super::super::call::{Answer, Call, Outcome};
use super::super::paging::{Page, sheet};
use super::name_of;
use crate::domain::collection::Collection;
use crate::i18n::relative;
use crate::storage::Shelf;
use serde_json::{Value, json};

const LINES: usize = 10;
/// How much of a name and a description a line shows, in characters.
const NAME_LIMIT: usize = 32;
const DESCRIPTION_LIMIT: usize = 90;

/// One of the shelves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::discord) enum Tab {
    Newest,
    Saved,
    Alike,
}

impl Tab {
    const ALL: [Tab; 3] = [Tab::Newest, Tab::Saved, Tab::Alike];

    fn name(self) -> &'static str {
        match self {
            Tab::Newest => "newest",
            Tab::Saved => "saved",
            Tab::Alike => "alike",
        }
    }

    pub(in crate::discord) fn named(name: &str) -> Option<Tab> {
        Tab::ALL.into_iter().find(|tab| tab.name() == name)
    }
}

/// A page of a shelf.
pub(in crate::discord) async fn browse(call: &Call, tab: Tab, page: usize) -> Outcome {
    let (lines, page) = match tab {
        Tab::Newest => shelf(call, Shelf::Newest, page).await?,
        Tab::Saved => shelf(call, Shelf::MostSaved, page).await?,
        Tab::Alike => alike(call, page).await?,
    };
    let title = call.say(&format!("browse-{}", tab.name()), &[]);
    let hint = call.say("browse-hint", &[]);
    let foot = [page.foot(call), Some(hint)].into_iter().flatten();
    let foot = foot.collect::<Vec<_>>().join(" · ");
    let mut rows = vec![tabs(call, tab)];
    let turning = page.buttons(&format!("collection:browse:{}", tab.name()));
    rows.extend(turning.as_array().cloned().unwrap_or_default());
    Ok(Answer::of(json!({
        "embeds": [sheet(&title, &lines, Some(foot))],
        "components": rows,
    })))
}

type Lines = Result<(Vec<String>, Page), crate::storage::StorageFailure>;

async fn shelf(call: &Call, shelf: Shelf, page: usize) -> Lines {
    let store = &call.desk.store;
    let from = page.saturating_mul(LINES);
    let (mut found, mut listed) = store.shelf(call.guild(), shelf, (from, LINES)).await?;
    let page = Page::of(page, listed, LINES);
    if found.is_empty() && listed > 0 {
        // There are fewer than there were: the last page instead.
        let last = (page.offset(), LINES);
        (found, listed) = store.shelf(call.guild(), shelf, last).await?;
    }
    let page = Page::of(page.number, listed, LINES);
    let mut lines: Vec<String> = (page.offset() + 1..)
        .zip(&found)
        .map(|(place, it)| line(call, place, it, None))
        .collect();
    if lines.is_empty() {
        lines.push(call.say("browse-empty", &[]));
    }
    Ok((lines, page))
}

async fn alike(call: &Call, page: usize) -> Lines {
    let store = &call.desk.store;
    let alike = store
        .saved_by_alike(call.guild(), call.actor.member)
        .await?;
    let page = Page::of(page, alike.collections.len(), LINES);
    let found = alike.collections.iter().skip(page.offset()).take(LINES);
    let mut lines: Vec<String> = (page.offset() + 1..)
        .zip(found)
        .map(|(place, (it, savers))| line(call, place, it, Some(*savers)))
        .collect();
    if lines.is_empty() {
        let key = if alike.people == 0 {
            "browse-alike-nobody"
        } else {
            "browse-alike-nothing"
        };
        lines.push(call.say(key, &[("count", alike.people.into())]));
    }
    Ok((lines, page))
}

/// `3\. **Rain** · Ana · 12 tracks · 4 saves · 2 days ago`, and its description below.
fn line(call: &Call, place: usize, it: &Collection, alike: Option<u32>) -> String {
    let count = |key: &str, count: u32| call.say(key, &[("count", count.into())]);
    let mut parts = vec![
        format!("{place}\\. **{}**", name_of(it)),
        plain_cut(&it.member_name, NAME_LIMIT),
        count("collection-tracks", it.tracks),
    ];
    match alike {
        Some(savers) => parts.push(count("browse-alike-saves", savers)),
        None => parts.push(count("collection-saves", it.saves)),
    }
    parts.extend(it.published_at.map(relative));
    let line = parts.join(" · ");
    match &it.description {
        Some(text) => format!("{line}\n-# {}", plain_cut(text, DESCRIPTION_LIMIT)),
        None => line,
    }
}

/// A button for each shelf; the one that is shown leads nowhere.
fn tabs(call: &Call, shown: Tab) -> Value {
    let buttons = Tab::ALL.map(|tab| {
        json!({
            "type": 2,
            "style": if tab == shown { 1 } else { 2 },
            "label": call.say(&format!("browse-tab-{}", tab.name()), &[]),
            "disabled": tab == shown,
            "custom_id": format!("collection:shelf:{}", tab.name()),
        })
    });
    json!({ "type": 1, "components": buttons })
}
