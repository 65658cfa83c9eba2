//! What an account at Last.fm holds already (<https://www.last.fm/api/show/user.getRecentTracks>). A
//! scrobble whose answer was lost may have arrived, and nothing that Last.fm documents says that it
//! takes the same one only once; so it is looked for before it is sent again.

use super::{LastFm, not_understood, number, second};
use crate::domain::scrobbling::Listen;
use crate::scrobble::{ScrobbleFailure, Token};
use serde_json::Value;
use std::collections::BTreeSet;

/// Most on a page.
const PAGE: u32 = 200;
/// Pages that are looked through: as much as nobody hears in the two weeks after which nothing is
/// taken. What lies behind them is sent as if it were not there.
const PAGES_LIMIT: i64 = 20;

impl LastFm {
    /// Which of the listens the account has: those in whose second anything was scrobbled. Names do
    /// not tell, since Last.fm corrects them.
    pub(in crate::scrobble) async fn has(
        &self,
        account: &str,
        session: &Token,
        listens: &[Listen],
    ) -> Result<Vec<bool>, ScrobbleFailure> {
        let seconds = || listens.iter().map(second);
        let (Some(first), Some(last)) = (seconds().min(), seconds().max()) else {
            return Ok(Vec::new());
        };
        let mut there = BTreeSet::new();
        for page in 1..=PAGES_LIMIT {
            let given = [
                ("user", account.to_owned()),
                // What the account hides from others is shown to itself.
                ("sk", session.reveal().to_owned()),
                // "Only display scrobbles after this time" and "before this time".
                ("from", (first - 1).to_string()),
                ("to", (last + 1).to_string()),
                ("limit", PAGE.to_string()),
                ("page", page.to_string()),
            ];
            let given = given.map(|(name, value)| (name.to_owned(), value));
            let answer = self.call("user.getRecentTracks", given.into()).await?;
            let (found, pages) = scrobbled(&answer.what).ok_or_else(not_understood)?;
            there.extend(found);
            if page >= pages {
                break;
            }
        }
        Ok(seconds().map(|second| there.contains(&second)).collect())
    }
}

/// The seconds of what was scrobbled, and how many pages there are. What is on at the moment has no
/// date.
fn scrobbled(answer: &Value) -> Option<(Vec<i64>, i64)> {
    let recent = answer.get("recenttracks")?;
    let pages = number(recent.pointer("/@attr/totalPages")?)?;
    // A single one is no list, and none may be left out.
    let tracks = match recent.get("track") {
        Some(Value::Array(all)) => all.iter().collect(),
        Some(one) => vec![one],
        None => Vec::new(),
    };
    let dated = tracks.into_iter();
    let seconds = dated.filter_map(|track| number(track.pointer("/date/uts")?));
    Some((seconds.collect(), pages))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_was_scrobbled_is_read_from_one_or_many() {
        let track = |uts: &str| json!({ "name": "Song", "date": { "uts": uts, "#text": "" } });
        let now = json!({ "name": "Now", "@attr": { "nowplaying": "true" } });
        let answer = |tracks: Value| {
            let told = json!({ "@attr": { "totalPages": "3", "page": "1" }, "track": tracks });
            json!({ "recenttracks": told })
        };
        let many = answer(json!([now, track("7"), track("5")]));
        assert_eq!(scrobbled(&many), Some((vec![7, 5], 3)));
        assert_eq!(scrobbled(&answer(track("7"))), Some((vec![7], 3)));
        assert_eq!(scrobbled(&answer(json!([]))), Some((vec![], 3)));
        let none = json!({ "recenttracks": { "@attr": { "totalPages": "0" } } });
        assert_eq!(scrobbled(&none), Some((vec![], 0)));
        assert_eq!(scrobbled(&json!({ "token": "x" })), None);
    }
}
