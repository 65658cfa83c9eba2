//! `/play` and `/playnext`: a link, an attached file, or words to search the library, what was played
//! here and the sites with. What can be refused cheaply is, before anything is fetched.

pub(super) mod adding;
mod suggestions;

pub(super) use adding::{many, named};
pub(super) use suggestions::suggestions;

use super::super::markup;
use super::super::music::{Found, Given, NoTrack, Question, Source, Wish};
use super::call::{Call, Outcome, Trouble};
use super::definition::Part;
use super::options::Options;
use super::room;
use crate::audio::Progress;
use crate::domain::ids::TurnId;
use crate::domain::protocol::Place;
use crate::domain::track::Track;
use serenity::all::Attachment;
use std::time::Duration;
use url::Url;

/// Longest query, in characters; links are long.
pub(super) const QUERY_LIMIT: usize = 1_000;
/// What the value of a suggestion begins with.
const LIBRARY: &str = "lib:";
pub(super) const TURN: &str = "turn:";
const TOKEN: &str = "site:";
const SERVER: &str = "server:";
/// How Spotify's own programs write a track.
const SPOTIFY_TRACK: &str = "spotify:track:";
/// Songs that were played here and fit the words, of which the newest that is still there is taken.
const PLAYED: u32 = 10;
/// How long the sites have for words of which nothing was chosen.
const SITES_WAIT: Duration = Duration::from_secs(15);
const MEGABYTE: u64 = 1_000_000;

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
    /// A song of the owner's music server.
    Server(String),
    /// A track that the sites' search has found.
    Token(String),
    /// What was played in that turn, again.
    Turn(TurnId),
    Words(String),
}

impl Query {
    fn of(text: &str) -> Query {
        if let Some(id) = text.strip_prefix(LIBRARY) {
            return Query::Library(id.to_owned());
        }
        // No words of a person stand before its id.
        if let Some(id) = text.strip_prefix(SERVER).filter(|id| !id.contains(' ')) {
            return Query::Server(id.to_owned());
        }
        let is_token =
            |token: &&str| token.len() == 20 && token.chars().all(|c| c.is_ascii_hexdigit());
        if let Some(token) = text.strip_prefix(TOKEN).filter(is_token) {
            return Query::Token(token.to_owned());
        }
        if let Some(id) = text.strip_prefix(SPOTIFY_TRACK) {
            return Query::Link(format!("https://open.spotify.com/track/{id}"));
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
    match given(call, (query, file)).await? {
        Given::One(track) => adding::one(call, *track, place, None).await,
        Given::Instead { service, track } => adding::one(call, *track, place, Some(service)).await,
        Given::Many(batch) => many(call, batch, (place, None)).await,
    }
}

/// What a link, words or a file stand for.
pub(super) async fn given(
    call: &Call,
    named: (Option<&str>, Option<&Attachment>),
) -> Result<Given, Trouble> {
    match named {
        (Some(_), Some(_)) => Err(call.wrong("play-both", &[])),
        (_, Some(file)) => {
            let source = Source::File {
                url: file.url.clone(),
                name: file.filename.clone(),
                size: file.size.into(),
            };
            fetched(call, source).await
        }
        (query, None) => found(call, Query::of(query.unwrap_or_default())).await,
    }
}

async fn found(call: &Call, query: Query) -> Result<Given, Trouble> {
    let store = &call.desk.store;
    match query {
        Query::Link(link) => fetched(call, Source::Link(link)).await,
        Query::Library(id) => fetched(call, Source::Library(id)).await,
        Query::Server(id) => fetched(call, Source::Server(id)).await,
        Query::Token(token) => fetched(call, Source::Token(token)).await,
        Query::Turn(turn) => {
            let play = store.play(call.guild(), turn).await?;
            let play = play.ok_or_else(|| call.wrong("play-not-found", &[]))?;
            let again = again(call, play.play.track).await?;
            again.ok_or_else(|| call.wrong("play-gone", &[]))
        }
        Query::Words(words) => {
            let best = (call.desk.music.search)(words.clone(), 1).await;
            if let Some(Found { source, .. }) = best.into_iter().next() {
                return fetched(call, source).await;
            }
            let played = store.search_played(call.guild(), &words, PLAYED).await?;
            for (_, track) in played {
                if let Some(given) = again(call, track).await? {
                    return Ok(given);
                }
            }
            let best = (call.desk.music.search_server)(words.clone(), 1).await;
            if let Some(Found { source, .. }) = best.into_iter().next() {
                return fetched(call, source).await;
            }
            call.visit.reporter.say(Progress::Asking);
            let question = Question {
                words: words.clone(),
                typist: None,
                within: SITES_WAIT,
            };
            let best = (call.desk.music.search_sites)(question).await;
            let best = best.map_err(|why| missing(call, why))?;
            if let Some(Found { source, .. }) = best.into_iter().next() {
                return fetched(call, source).await;
            }
            let words = [("words", markup::plain_cut(&words, 100).into())];
            Err(call.wrong("play-no-match", &words))
        }
    }
}

/// Whether a track of earlier is still there, or can be fetched again.
async fn can_be_had(call: &Call, track: &Track) -> bool {
    track.link.is_some() || (call.desk.music.is_there)(track.clone()).await
}

/// A track of earlier: what lies here no more is fetched again, where that can be done.
async fn again(call: &Call, track: Track) -> Result<Option<Given>, Trouble> {
    if (call.desk.music.is_there)(track.clone()).await {
        return Ok(Some(Given::One(Box::new(track))));
    }
    match track.link {
        Some(link) => fetched(call, Source::Link(link)).await.map(Some),
        None => Ok(None),
    }
}

async fn fetched(call: &Call, source: Source) -> Result<Given, Trouble> {
    if matches!(source, Source::Link(_) | Source::File { .. }) {
        let taken = call.desk.pace.take(call.guild(), call.actor.member);
        taken.map_err(|wait| {
            let seconds = wait.as_secs().saturating_add(1);
            call.wrong("play-too-fast", &[("seconds", seconds.into())])
        })?;
    }
    let wish = Wish {
        guild: call.guild(),
        source,
        reporter: call.visit.reporter.clone(),
    };
    (call.desk.music.fetch)(wish)
        .await
        .map_err(|why| missing(call, why))
}

/// What is said when there is no track.
pub(super) fn missing(call: &Call, why: NoTrack) -> Trouble {
    let key = match why {
        NoTrack::NotFound => "play-not-found",
        NoTrack::Nowhere => "import-nowhere",
        NoTrack::Unreachable => "play-unreachable",
        NoTrack::NotAllowed => "play-not-allowed",
        NoTrack::Protected => "play-protected",
        NoTrack::NotSound => "play-not-sound",
        NoTrack::NotATrack => "play-not-a-track",
        NoTrack::Broken => "play-broken",
        NoTrack::Empty => "play-empty",
        NoTrack::NoRoom => "play-no-room",
        NoTrack::NotSetUp => "play-not-set-up",
        NoTrack::SourceRefuses => "play-source-refuses",
        NoTrack::SourceDown => "play-source-down",
        NoTrack::Live => "play-live",
        NoTrack::Busy => "play-busy",
        NoTrack::Failure(failure) => return Trouble::Failure(failure),
        NoTrack::TooLarge { limit } => {
            let limit = [("limit", (limit / MEGABYTE).into())];
            return call.wrong("play-too-large", &limit);
        }
        NoTrack::TooLong { limit } => {
            let limit = [("limit", super::hours(call, limit).into())];
            return call.wrong("play-too-long", &limit);
        }
        NoTrack::NotElsewhere {
            service,
            title,
            artist,
        } => {
            let song = song(&title, artist.as_deref());
            let fills = [("service", service.into()), ("song", song.into())];
            return call.wrong("play-not-elsewhere", &fills);
        }
    };
    call.wrong(key, &[])
}

/// `Song · Artist`, as it stands in a sentence.
fn song(title: &str, artist: Option<&str>) -> String {
    const PART_LIMIT: usize = 100;
    let title = markup::plain_cut(title, PART_LIMIT);
    match artist {
        Some(artist) => format!("{title} · {}", markup::plain_cut(artist, PART_LIMIT)),
        None => title,
    }
}

#[cfg(test)]
mod tests {
    use super::Query;
    use crate::domain::ids::TurnId;

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
        assert_eq!(Query::of("server:so-1"), Query::Server("so-1".to_owned()));
        let token = "0123456789abcdef0123";
        assert_eq!(
            Query::of(&format!("site:{token}")),
            Query::Token(token.to_owned())
        );
        assert_eq!(
            Query::of("spotify:track:4PTG3Z6ehGkBFwjybzWkR8"),
            link("https://open.spotify.com/track/4PTG3Z6ehGkBFwjybzWkR8")
        );
        for words in [
            "turn:around",
            "site:seeing",
            "server: down",
            "Kate Bush: Cloudbusting",
            "file:",
            "夜来香",
            "c:\\music",
        ] {
            assert_eq!(Query::of(words), Query::Words(words.to_owned()), "{words}");
        }
    }
}
