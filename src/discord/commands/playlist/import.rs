//! `/playlist import`: a playlist file becomes a setlist, or a collection, again. Each track is looked for as its file
//! names it: played here before, behind its link, in the library, on the sites. Finding is apart from
//! adding, which goes the way of a list given to `/play`, opening the stage and taking a seat like it.

use super::super::super::music::{Batch, Found, Given, NoTrack, Source, Wish};
use super::super::super::rest::Upload;
use super::super::call::{Call, Outcome, Trouble};
use super::super::collection;
use super::super::options::Options;
use super::super::play::adding;
use super::super::room;
use crate::audio::{Progress, Reporter};
use crate::domain::protocol::Place;
use crate::domain::track::{Origin, Track};
use crate::share::{self, Item, NotAPlaylist};
use crate::storage::StorageFailure;
use futures_util::future::BoxFuture;
use futures_util::{FutureExt, StreamExt, TryStreamExt, stream};
use std::time::Duration;

/// Tracks of one file that are looked for: as many as a setlist holds.
const TRACKS_LIMIT: usize = 100;
/// Tracks that are looked for at once.
const AT_ONCE: usize = 4;
/// How long one may take; the answer comes within Discord's 15 min.
const FIND_WITHIN: Duration = Duration::from_secs(45);
/// Songs of the music server that are compared.
const CANDIDATES: usize = 5;

pub(super) async fn run(call: &Call, options: Options<'_>) -> Outcome {
    let Some(file) = options.file("file") else {
        return Err(call.wrong("import-no-file", &[]));
    };
    let into = match options.text("collection") {
        Some(text) => Some(collection::own(call, text).await?),
        None => None,
    };
    if into.is_none() {
        room::check(call)?;
    }
    if usize::try_from(file.size).unwrap_or(usize::MAX) > share::BYTES_LIMIT {
        return Err(no_playlist(call, NotAPlaylist::TooLarge));
    }
    let bytes = call
        .desk
        .rest
        .attachment(&file.url, share::BYTES_LIMIT)
        .await;
    let bytes = bytes.map_err(|failure| {
        tracing::debug!(interaction.id = call.visit.id, %failure, "an attachment was not had");
        call.wrong("import-unreachable", &[])
    })?;
    let reading = share::read(&bytes, &file.filename).map_err(|why| no_playlist(call, why))?;
    let said = [("file", file.filename.as_str().into())];
    let title = Some(reading.playlist.title.clone()).filter(|title| !title.is_empty());
    let title = title.unwrap_or_else(|| call.say("import-title", &said));
    let (tracks, refused) = find(call, &reading.playlist.tracks).await?;
    let names = refused.iter().map(|(name, _)| name.clone());
    let left_out: Vec<String> = names.collect();
    let batch = Batch {
        title: Some(title),
        tracks,
        refused,
        count: reading.count,
    };
    let answer = match into {
        Some(id) => collection::fill(call, id, batch).await?,
        None => adding::many(call, batch, (Place::Last, None)).await?,
    };
    if left_out.len() <= adding::NAMED {
        return Ok(answer);
    }
    // More than the answer names.
    let files = vec![Upload {
        name: "not-found.txt".to_owned(),
        bytes: left_out.join("\n").into(),
    }];
    Ok(answer.with_files(files))
}

fn no_playlist(call: &Call, why: NotAPlaylist) -> Trouble {
    let key = match why {
        NotAPlaylist::TooLarge => {
            let limit = share::BYTES_LIMIT / 1_000;
            return call.wrong("import-too-large", &[("limit", limit.into())]);
        }
        NotAPlaylist::NotText => "import-not-text",
        NotAPlaylist::Unknown => "import-unknown",
        NotAPlaylist::Malformed => "import-malformed",
        NotAPlaylist::Empty => "import-empty",
    };
    call.wrong(key, &[])
}

/// Tracks that were found, and the names of the others with the reason.
type Search = (Vec<Track>, Vec<(String, NoTrack)>);

/// Looks for the tracks of a playlist, in their order; some at once.
pub(in crate::discord) async fn find(call: &Call, items: &[Item]) -> Result<Search, Trouble> {
    let total = items.len().min(TRACKS_LIMIT);
    let items = items.iter().take(TRACKS_LIMIT);
    let looking: Vec<BoxFuture<'_, _>> = items.map(|item| found(call, item).boxed()).collect();
    let mut looking = stream::iter(looking).buffered(AT_ONCE);
    let (mut tracks, mut refused, mut done) = (Vec::new(), Vec::new(), 0);
    while let Some((item, outcome)) = looking.try_next().await? {
        match outcome {
            Ok(track) => tracks.push(track),
            Err(why) => refused.push((name(call, item), why)),
        }
        done += 1;
        call.visit.reporter.say(Progress::Listing { done, total });
    }
    Ok((tracks, refused))
}

fn name(call: &Call, item: &Item) -> String {
    match &item.creator {
        Some(artist) => {
            let fills = [
                ("title", item.title.as_str().into()),
                ("artist", artist.as_str().into()),
            ];
            call.say("import-song", &fills)
        }
        None => item.title.clone(),
    }
}

async fn found<'a>(
    call: &Call,
    item: &'a Item,
) -> Result<(&'a Item, Result<Track, NoTrack>), Trouble> {
    let searched = tokio::time::timeout(FIND_WITHIN, search(call, item)).await;
    let outcome = match searched {
        Ok(outcome) => outcome?,
        Err(_) => Err(NoTrack::Unreachable),
    };
    Ok((item, outcome))
}

/// The track from the first place that has it.
async fn search(call: &Call, item: &Item) -> Result<Result<Track, NoTrack>, StorageFailure> {
    if let Some(track) = played(call, item).await? {
        return Ok(Ok(track));
    }
    let mut why = NoTrack::Nowhere;
    if let Some(link) = &item.link {
        match fetch(call, Source::Link(link.clone())).await {
            Ok(track) => return Ok(Ok(track)),
            Err(failure) => why = failure,
        }
    }
    if let Some(track) = from_server(call, item).await {
        return Ok(Ok(track));
    }
    let named = Source::Name {
        title: item.title.clone(),
        artist: item.creator.clone(),
        length: Some(item.length).filter(|length| !length.is_zero()),
    };
    Ok(match fetch(call, named).await {
        // What was wrong with the link says more.
        Err(NoTrack::Nowhere) => Err(why),
        outcome => outcome,
    })
}

/// What was played here under that key or that name, if its sound is still there.
async fn played(call: &Call, item: &Item) -> Result<Option<Track>, StorageFailure> {
    let store = &call.desk.store;
    let known = match &item.key {
        Some(key) => store.track_played(call.guild(), key).await?,
        None => None,
    };
    let known = if known.is_some() {
        known
    } else {
        let artist = item.creator.as_deref().unwrap_or_default();
        let words = format!("{artist} {}", item.title);
        let found = store.search_played(call.guild(), &words, 1).await?;
        found.into_iter().next().map(|(_, track)| track)
    };
    let Some(track) = known else {
        return Ok(None);
    };
    let is_near = matches!(
        track.origin,
        Origin::Attachment | Origin::Link | Origin::Library
    );
    if !is_near {
        return Ok(Some(track));
    }
    let ready = (call.desk.music.ready)(track.clone(), Reporter::default()).await;
    Ok(ready.ok().map(|()| track))
}

async fn from_server(call: &Call, item: &Item) -> Option<Track> {
    let artist = item.creator.as_deref().unwrap_or_default();
    let words = format!("{} {artist}", item.title);
    let songs = (call.desk.music.search_server)(words, CANDIDATES).await;
    let same = |one: &str, other: &str| one.to_lowercase() == other.to_lowercase();
    let fits = |song: &&Found| {
        let by = song.artist.as_deref().unwrap_or_default();
        same(&song.title, &item.title) && (artist.is_empty() || same(by, artist))
    };
    let song = songs.iter().find(fits)?;
    fetch(call, song.source.clone()).await.ok()
}

async fn fetch(call: &Call, source: Source) -> Result<Track, NoTrack> {
    let wish = Wish {
        guild: call.guild(),
        source,
        reporter: Reporter::default(),
    };
    match (call.desk.music.fetch)(wish).await? {
        Given::One(track) | Given::Instead { track, .. } => Ok(*track),
        // A list behind a link is not the track.
        Given::Many(_) => Err(NoTrack::NotATrack),
    }
}
