//! `/play` and `/playnext`: a link, an attached file, or words to search the library with. What
//! can be refused cheaply is, before anything is fetched.

use super::super::markup;
use super::super::music::{Found, NoTrack, Source};
use super::call::{Answer, Call, Outcome, Trouble};
use super::definition::Part;
use super::options::Options;
use super::room;
use crate::domain::ids::TurnId;
use crate::domain::protocol::{Command, Place};
use crate::domain::track::Track;
use url::Url;

/// Longest query, in characters; links are long.
const QUERY_LIMIT: usize = 1_000;
/// Suggestions from the library, and in all.
const LIBRARY_SUGGESTIONS: usize = 15;
const SUGGESTIONS: usize = 25;
/// What the value of a suggestion begins with.
const LIBRARY: &str = "lib:";
const TURN: &str = "turn:";
const MEBIBYTE: u64 = 1024 * 1024;

pub(super) fn definition() -> Part {
    form("play")
}

pub(super) fn next_definition() -> Part {
    form("playnext")
}

fn form(name: &'static str) -> Part {
    Part::command(name)
        .with(Part::text("query", QUERY_LIMIT).suggested())
        .with(Part::file("file"))
}

/// What was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Query {
    Link(String),
    Library(String),
    /// What was played in that turn, again.
    Turn(TurnId),
    Words(String),
}

impl Query {
    fn of(text: &str) -> Query {
        if let Some(id) = text.strip_prefix(LIBRARY) {
            return Query::Library(id.to_owned());
        }
        if let Some(turn) = text.strip_prefix(TURN).and_then(|turn| turn.parse().ok()) {
            return Query::Turn(TurnId(turn));
        }
        // Angle brackets keep Discord from showing a preview; people paste them along.
        let bare = text.trim_start_matches('<').trim_end_matches('>');
        match Url::parse(bare) {
            Ok(url) if url.has_host() => Query::Link(url.into()),
            _ => Query::Words(text.to_owned()),
        }
    }
}

pub(super) async fn run(call: &Call, options: Options<'_>, place: Place) -> Outcome {
    let (query, file) = (options.text("query"), options.file("file"));
    if query.is_none() && file.is_none() {
        return Err(call.wrong("play-nothing", &[]));
    }
    room::check(call)?;
    let track = match (query, file) {
        (Some(_), Some(_)) => return Err(call.wrong("play-both", &[])),
        (_, Some(file)) => {
            let source = Source::File {
                url: file.url.clone(),
                name: file.filename.clone(),
                size: file.size.into(),
            };
            fetched(call, source).await?
        }
        (query, None) => found(call, Query::of(query.unwrap_or_default())).await?,
    };
    let text = room::text_channel(call);
    let notice = call.ask(Command::Play { text, track, place }).await?;
    let words = &call.desk.words;
    let line = words.added(call.locale(), &call.actor.name, &notice, markup::plain);
    let line = line.unwrap_or_else(|| call.noticed(&notice));
    Ok(Answer::quiet(&line).in_public())
}

async fn found(call: &Call, query: Query) -> Result<Track, Trouble> {
    match query {
        Query::Link(link) => fetched(call, Source::Link(link)).await,
        Query::Library(id) => fetched(call, Source::Library(id)).await,
        Query::Turn(turn) => {
            let play = call.desk.store.play(call.guild(), turn).await?;
            let play = play.ok_or_else(|| call.wrong("play-not-found", &[]))?;
            Ok(play.play.track)
        }
        Query::Words(words) => {
            let best = (call.desk.music.search)(words.clone(), 1).await;
            if let Some(best) = best.into_iter().next() {
                return fetched(call, Source::Library(best.id)).await;
            }
            let played = call
                .desk
                .store
                .search_played(call.guild(), &words, 1)
                .await?;
            let played = played.into_iter().next().map(|(_, track)| track);
            let words = [("words", markup::plain_cut(&words, 100).into())];
            played.ok_or_else(|| call.wrong("play-no-match", &words))
        }
    }
}

async fn fetched(call: &Call, source: Source) -> Result<Track, Trouble> {
    if matches!(source, Source::Link(_) | Source::File { .. }) {
        let taken = call.desk.pace.take(call.guild(), call.actor.member);
        taken.map_err(|wait| {
            let seconds = wait.as_secs().saturating_add(1);
            call.wrong("play-too-fast", &[("seconds", seconds.into())])
        })?;
    }
    let why = match (call.desk.music.fetch)(source).await {
        Ok(track) => return Ok(track),
        Err(why) => why,
    };
    let key = match why {
        NoTrack::NotFound => "play-not-found",
        NoTrack::Unreachable => "play-unreachable",
        NoTrack::NotAllowed => "play-not-allowed",
        NoTrack::NotSound => "play-not-sound",
        NoTrack::Broken => "play-broken",
        NoTrack::Empty => "play-empty",
        NoTrack::NotSetUp => "play-not-set-up",
        NoTrack::Busy => return Err(Trouble::Busy),
        NoTrack::Failure(failure) => return Err(Trouble::Failure(failure)),
        NoTrack::TooLong { limit } => {
            let limit = [("limit", super::hours(call, limit).into())];
            return Err(call.wrong("play-too-long", &limit));
        }
        NoTrack::TooLarge { limit } => {
            let limit = [("limit", (limit / MEBIBYTE).into())];
            return Err(call.wrong("play-too-large", &limit));
        }
    };
    Err(call.wrong(key, &[]))
}

/// The library first, then what was played here before. A link needs no suggestion.
pub(super) async fn suggestions(
    call: &Call,
    typed: &str,
) -> Result<Vec<(String, String)>, Trouble> {
    if matches!(Query::of(typed), Query::Link(_)) {
        return Ok(vec![(typed.to_owned(), typed.to_owned())]);
    }
    let library = (call.desk.music.search)(typed.to_owned(), LIBRARY_SUGGESTIONS).await;
    let mut choices: Vec<_> = library
        .into_iter()
        .map(|found| (shown(&found), format!("{LIBRARY}{}", found.id)))
        .collect();
    let left = u32::try_from(SUGGESTIONS - choices.len().min(SUGGESTIONS)).unwrap_or(0);
    let played = call
        .desk
        .store
        .search_played(call.guild(), typed, left)
        .await?;
    for (turn, track) in played {
        let name = super::track_name(&track);
        if !choices.iter().any(|(known, _)| known.starts_with(&name)) {
            choices.push((name, format!("{TURN}{turn}")));
        }
    }
    Ok(choices)
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
    use super::{Query, shown};
    use crate::discord::music::Found;
    use crate::domain::ids::TurnId;
    use std::time::Duration;

    #[test]
    fn a_query_is_a_link_a_choice_or_words() {
        let link = |text: &str| Query::Link(text.to_owned());
        assert_eq!(
            Query::of("https://a.b/c.mp3?x=1"),
            link("https://a.b/c.mp3?x=1")
        );
        assert_eq!(Query::of("<https://a.b/c.mp3>"), link("https://a.b/c.mp3"));
        assert_eq!(Query::of("lib:a1"), Query::Library("a1".to_owned()));
        assert_eq!(Query::of("turn:12"), Query::Turn(TurnId(12)));
        for words in [
            "turn:around",
            "Kate Bush: Cloudbusting",
            "file:",
            "夜来香",
            "c:\\music",
        ] {
            assert_eq!(Query::of(words), Query::Words(words.to_owned()), "{words}");
        }
    }

    #[test]
    fn a_suggestion_says_what_is_known() {
        let found = Found {
            id: "1".to_owned(),
            title: "Song".to_owned(),
            artist: None,
            length: Some(Duration::from_secs(65)),
        };
        assert_eq!(shown(&found), "Song · 1:05");
    }
}
