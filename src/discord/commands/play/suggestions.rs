//! What `/play` offers while somebody types: the library, the owner's music server, what was played
//! here, and what the sites find in time. A source that is slow or fails is left out, and the others are offered.

use super::super::super::markup;
use super::super::super::music::{Found, Question, Source};
use super::super::call::{Call, Trouble};
use super::super::track_name;
use super::{LIBRARY, Query, SERVER, TOKEN, TURN, can_be_had};
use crate::storage::StorageFailure;
use std::time::Duration;
use tokio::time::timeout;

/// Suggestions of each source as long as the others have some, and in all.
const LIBRARY_SHARE: usize = 7;
const SERVER_SHARE: usize = 6;
const PLAYED_SHARE: usize = 6;
const SITES_SHARE: usize = 6;
const SUGGESTIONS: usize = 25;
/// How long each has; whoever types is answered within 2.5 s.
const PLAYED_WITHIN: Duration = Duration::from_secs(1);
const SERVER_WITHIN: Duration = Duration::from_millis(1_700);
const SITES_WITHIN: Duration = Duration::from_millis(1_700);

const SOURCES: usize = 4;
/// Longest id of a song that fits into what a choice may send: 100 characters.
const SERVER_ID_LIMIT: usize = 90;

/// What is shown, and what is sent for it.
type Choice = (String, String);

pub(in super::super) async fn suggestions(
    call: &Call,
    typed: &str,
) -> Result<Vec<Choice>, Trouble> {
    // A link needs no suggestion.
    if matches!(Query::of(typed), Query::Link(_)) {
        return Ok(vec![(typed.to_owned(), typed.to_owned())]);
    }
    let music = &call.desk.music;
    let question = Question {
        words: typed.to_owned(),
        typist: Some(call.actor.member),
        within: SITES_WITHIN,
    };
    let (library, server, played, sites) = tokio::join!(
        (music.search)(typed.to_owned(), SUGGESTIONS),
        timeout(
            SERVER_WITHIN,
            (music.search_server)(typed.to_owned(), SUGGESTIONS)
        ),
        played(call, typed),
        (music.search_sites)(question),
    );
    if let (false, Some(best)) = (typed.trim().is_empty(), library.first())
        && let Source::Library(id) = &best.source
    {
        (music.look_ahead)(id);
    }
    let library = library.iter().filter_map(choice).collect();
    let server = server.unwrap_or_default();
    let server = server.iter().filter_map(choice).collect();
    let sites = sites.unwrap_or_default();
    let sites = sites.iter().filter_map(choice).collect();
    Ok(shared_out([
        (library, LIBRARY_SHARE),
        (server, SERVER_SHARE),
        (played, PLAYED_SHARE),
        (sites, SITES_SHARE),
    ]))
}

async fn played(call: &Call, typed: &str) -> Vec<Choice> {
    let count = u32::try_from(SUGGESTIONS).unwrap_or(u32::MAX);
    let searching = call.desk.store.search_played(call.guild(), typed, count);
    let searching = async {
        let mut there = Vec::new();
        for (turn, track) in searching.await? {
            if can_be_had(call, &track).await {
                there.push((track_name(&track), format!("{TURN}{turn}")));
            }
        }
        Ok::<_, StorageFailure>(there)
    };
    match timeout(PLAYED_WITHIN, searching).await {
        Ok(Ok(played)) => played,
        Ok(Err(failure)) => {
            tracing::warn!(%failure, guild.id = %call.guild(), "what was played is not offered");
            Vec::new()
        }
        Err(_) => Vec::new(),
    }
}

/// Everybody their share, and what is left over to who has more, in the order of the sources. What
/// is already there under its name is not offered twice.
fn shared_out(sources: [(Vec<Choice>, usize); SOURCES]) -> Vec<Choice> {
    let asked: usize = sources
        .iter()
        .map(|(all, share)| all.len().min(*share))
        .sum();
    let mut spare = SUGGESTIONS.saturating_sub(asked);
    let mut choices: Vec<Choice> = Vec::new();
    for (all, share) in sources {
        let more = spare.min(all.len().saturating_sub(share));
        spare -= more;
        for (name, value) in all.into_iter().take(share + more) {
            if !choices.iter().any(|(known, _)| known.starts_with(&name)) {
                choices.push((name, value));
            }
        }
    }
    choices
}

fn choice(found: &Found) -> Option<Choice> {
    let value = match &found.source {
        Source::Library(id) => format!("{LIBRARY}{id}"),
        Source::Server(id) if id.chars().count() > SERVER_ID_LIMIT => return None,
        Source::Server(id) => format!("{SERVER}{id}"),
        Source::Token(token) => format!("{TOKEN}{token}"),
        Source::Link(link) => link.clone(),
        Source::File { .. } | Source::Name { .. } => return None,
    };
    Some((shown(found), value))
}

/// `Song · Artist · 3:05`
fn shown(found: &Found) -> String {
    let artist = found.artist.as_ref().map(|artist| format!(" · {artist}"));
    let length = found
        .length
        .map(|length| format!(" · {}", markup::clock(length)));
    format!(
        "{}{}{}",
        found.title,
        artist.unwrap_or_default(),
        length.unwrap_or_default()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_suggestion_says_what_is_known() {
        let found = Found {
            source: Source::Library("1".to_owned()),
            title: "Song".to_owned(),
            artist: None,
            length: Some(Duration::from_secs(65)),
        };
        assert_eq!(
            choice(&found),
            Some(("Song · 1:05".to_owned(), "lib:1".to_owned()))
        );
    }

    #[test]
    fn every_source_has_its_share_and_takes_what_is_left_over() {
        let many = |name: &str| -> Vec<Choice> {
            (10..40)
                .map(|it| (format!("{name}{it}"), it.to_string()))
                .collect()
        };
        let count = |choices: &[Choice], name: &str| {
            choices
                .iter()
                .filter(|(shown, _)| shown.starts_with(name))
                .count()
        };
        let none = || (vec![], 5);
        let full = shared_out([(many("l"), 10), none(), (many("p"), 7), (many("s"), 8)]);
        assert_eq!(
            (count(&full, "l"), count(&full, "p"), count(&full, "s")),
            (10, 7, 8)
        );
        let slow = shared_out([(many("l"), 10), none(), (vec![], 7), (many("s"), 8)]);
        assert_eq!((count(&slow, "l"), count(&slow, "s")), (17, 8));
        let twice = shared_out([(many("l"), 10), none(), (many("l"), 7), (vec![], 8)]);
        let names: std::collections::BTreeSet<_> = twice.iter().map(|(name, _)| name).collect();
        assert_eq!(names.len(), twice.len());
    }
}
