//! `/queue`: one's own setlist, to see and to put in order; other people's to see, where the guild
//! shows what comes next.

use super::super::markup::{clock, plain_cut};
use super::call::{Answer, Call, Outcome, Trouble};
use super::definition::Part;
use super::options::Options;
use super::paging::{Page, sheet};
use crate::domain::ids::{EntryId, MemberId};
use crate::domain::protocol::{Command, Entry, Refusal};
use serde_json::json;
use std::time::Duration;

const LINES: usize = 15;
/// How much of a title and an artist a line shows, in characters.
const TITLE_LIMIT: usize = 80;
const ARTIST_LIMIT: usize = 40;
/// What the value of a suggested entry begins with.
const ENTRY: &str = "entry:";
const QUERY_LIMIT: usize = 200;
const PLACE_LIMIT: u32 = 500;

/// Stands for the length of a live stream, which has none.
const LIVE: &str = "\u{1f534}";

pub(super) fn definition() -> Part {
    let track = || Part::text("track", QUERY_LIMIT).required().suggested();
    Part::command("queue")
        .with(Part::sub("show").with(Part::member("member")))
        .with(Part::sub("remove").with(track()))
        .with(
            Part::sub("move")
                .with(track())
                .with(Part::number("place", 1, PLACE_LIMIT).required()),
        )
        .with(Part::sub("shuffle"))
        .with(Part::sub("clear"))
}

pub(super) async fn run(call: &Call, options: Options<'_>) -> Outcome {
    match options.sub.unwrap_or_default() {
        "remove" => {
            let entry = chosen(call, options)?;
            call.carry_out(Command::Remove { entry }).await
        }
        "move" => {
            let entry = chosen(call, options)?;
            let to = options.number("place").unwrap_or(1);
            let to = usize::try_from(to).unwrap_or(usize::MAX);
            call.carry_out(Command::Reorder { entry, to }).await
        }
        "shuffle" => {
            // The interaction's id is as good a seed as any, and stands in the log.
            call.carry_out(Command::Shuffle {
                seed: call.visit.id,
            })
            .await
        }
        "clear" => call.carry_out(Command::Clear).await,
        _ => {
            let member = options
                .member("member")
                .map_or(call.actor.member, |(member, _)| member);
            show(call, member, 0)
        }
    }
}

fn setlist(call: &Call, member: MemberId) -> &[Entry] {
    call.view.setlists.get(&member).map_or(&[], Vec::as_slice)
}

/// A page of the member's setlist.
pub(in crate::discord) fn show(call: &Call, member: MemberId, page: usize) -> Outcome {
    let own = member == call.actor.member;
    let theirs = [("member", crate::i18n::mention(member).into())];
    if !own && !call.view.settings.show_next && !call.actor.powers.moderator {
        return Err(call.wrong("queue-hidden", &theirs));
    }
    let entries = setlist(call, member);
    if entries.is_empty() {
        return Ok(Answer::quiet(&if own {
            call.say("queue-empty", &[])
        } else {
            call.say("queue-empty-theirs", &theirs)
        }));
    }
    let page = Page::of(page, entries.len(), LINES);
    let lines: Vec<String> = entries
        .iter()
        .enumerate()
        .skip(page.offset())
        .take(LINES)
        .map(|(at, entry)| line(at + 1, entry))
        .collect();
    let whole = entries.iter().filter(|entry| !entry.track.live);
    let length: Duration = whole.map(|entry| entry.track.length).sum();
    let fills = [
        ("count", entries.len().into()),
        ("length", clock(length).into()),
    ];
    let foot = [Some(call.say("queue-foot", &fills)), page.foot(call)];
    let foot = foot.into_iter().flatten().collect::<Vec<_>>().join(" · ");
    let title = call.say(
        if own {
            "queue-title"
        } else {
            "queue-title-theirs"
        },
        &[],
    );
    let mut lines = lines;
    if !own {
        lines.insert(0, crate::i18n::mention(member));
    }
    Ok(Answer::of(json!({
        "embeds": [sheet(&title, &lines, Some(foot))],
        "components": page.buttons(&format!("queue:{member}")),
    })))
}

fn line(place: usize, entry: &Entry) -> String {
    let track = &entry.track;
    let artist = track
        .artist
        .as_ref()
        .map(|artist| plain_cut(artist, ARTIST_LIMIT));
    let artist = artist.map_or_else(String::new, |artist| format!(" · {artist}"));
    let title = plain_cut(&track.title, TITLE_LIMIT);
    let length = if track.live {
        LIVE.to_owned()
    } else {
        clock(track.length)
    };
    format!("{place}\\. **{title}**{artist} · {length}")
}

fn chosen(call: &Call, options: Options<'_>) -> Result<EntryId, Trouble> {
    let entries = setlist(call, call.actor.member);
    if entries.is_empty() {
        return Err(call.refused(&Refusal::EmptySetlist));
    }
    let text = options.text("track").unwrap_or_default();
    find(entries, text).ok_or_else(|| call.refused(&Refusal::NoSuchEntry))
}

/// What was chosen from the suggestions, or typed: a place in the setlist, or part of a title.
fn find(entries: &[Entry], text: &str) -> Option<EntryId> {
    if let Some(id) = text.strip_prefix(ENTRY).and_then(|id| id.parse().ok()) {
        return Some(EntryId(id));
    }
    if let Ok(place) = text.trim_end_matches('.').parse::<usize>() {
        return entries.get(place.checked_sub(1)?).map(|entry| entry.id);
    }
    let text = text.to_lowercase();
    let holds = |entry: &&Entry| entry.track.title.to_lowercase().contains(&text);
    entries.iter().find(holds).map(|entry| entry.id)
}

/// The entries whose place, title or artist holds what was typed.
pub(super) fn suggestions(call: &Call, typed: &str) -> Vec<(String, String)> {
    let typed = typed.to_lowercase();
    setlist(call, call.actor.member)
        .iter()
        .enumerate()
        .map(|(at, entry)| {
            let artist = entry.track.artist.as_ref();
            let artist = artist.map_or_else(String::new, |artist| format!(" · {artist}"));
            let name = format!("{}. {}{artist}", at + 1, entry.track.title);
            (name, format!("{ENTRY}{}", entry.id))
        })
        .filter(|(name, _)| name.to_lowercase().contains(&typed))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{find, line};
    use crate::domain::ids::EntryId;
    use crate::domain::moment::Moment;
    use crate::domain::protocol::Entry;
    use crate::domain::track::{MediaRef, Origin, Track, TrackKey};
    use std::time::Duration;

    fn entry(id: u64, title: &str) -> Entry {
        Entry {
            id: EntryId(id),
            added_at: Moment(0),
            from: None,
            track: Track {
                key: TrackKey(title.to_owned()),
                title: title.to_owned(),
                artist: Some("A*B".to_owned()),
                album: None,
                length: Duration::from_secs(187),
                origin: Origin::Link,
                media: MediaRef(String::new()),
                link: None,
                cover: None,
                gain_tenths: None,
                live: false,
            },
        }
    }

    #[test]
    fn an_entry_is_found_by_choice_place_or_title() {
        let entries = [entry(7, "One"), entry(9, "Second Song")];
        assert_eq!(find(&entries, "entry:9"), Some(EntryId(9)));
        assert_eq!(find(&entries, "1"), Some(EntryId(7)));
        assert_eq!(find(&entries, "2."), Some(EntryId(9)));
        assert_eq!(find(&entries, "second"), Some(EntryId(9)));
        assert_eq!(find(&entries, "0"), None);
        assert_eq!(find(&entries, "3"), None);
        assert_eq!(find(&entries, "other"), None);
    }

    #[test]
    fn a_line_shows_the_words_of_others_as_they_were_written() {
        let line = line(1, &entry(1, "Song_1"));
        assert_eq!(line, r"1\. **Song\_1** · A\*B · 3:07");
    }
}
