//! Looks for the tracks that a playlist file names: what was played here under that key or behind that
//! link, the link itself, what was played under that name, the music server, the library, the sites.

use super::super::super::call::{Call, Trouble};
use crate::audio::{Progress, Reporter};
use crate::discord::music::{Found, Given, NoTrack, Source, Wish};
use crate::domain::track::{Origin, Track};
use crate::share::Item;
use crate::storage::StorageFailure;
use futures_util::future::BoxFuture;
use futures_util::{FutureExt, StreamExt, TryStreamExt, stream};
use std::time::Duration;
use tokio::time::{Instant, sleep_until};

/// Tracks of one file that are looked for: as many as a setlist holds.
const TRACKS_LIMIT: usize = 100;
/// Tracks that are looked for at once.
const AT_ONCE: usize = 4;
/// How long one may take; the answer comes within Discord's 15 min.
const FIND_WITHIN: Duration = Duration::from_secs(45);
/// How long a link waits until its member may have another one fetched, and how long at least.
const PACE_WITHIN: Duration = Duration::from_secs(20);
const PACE_PAUSE: Duration = Duration::from_millis(50);
/// Songs of the music server that are compared.
const CANDIDATES: usize = 5;

/// Tracks that were found, and the names of the others with the reason.
pub(super) type Search = (Vec<Track>, Vec<(String, NoTrack)>);

/// Looks for the tracks of a playlist, in their order; some at once.
pub(super) async fn find(call: &Call, items: &[Item]) -> Result<Search, Trouble> {
    let looking = Looking {
        call,
        played: call.desk.store.tracks_played(call.guild()).await?,
    };
    let looking = &looking;
    let total = items.len().min(TRACKS_LIMIT);
    let items = items.iter().take(TRACKS_LIMIT);
    let each: Vec<BoxFuture<'_, _>> = items.map(|item| looking.found(item).boxed()).collect();
    let mut each = stream::iter(each).buffered(AT_ONCE);
    let (mut tracks, mut refused, mut done) = (Vec::new(), Vec::new(), 0);
    while let Some((item, outcome)) = each.try_next().await? {
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

/// The search for the tracks of one file.
struct Looking<'a> {
    call: &'a Call,
    /// What was played here, the newest first.
    played: Vec<Track>,
}

impl Looking<'_> {
    async fn found<'i>(
        &self,
        item: &'i Item,
    ) -> Result<(&'i Item, Result<Track, NoTrack>), StorageFailure> {
        let searched = tokio::time::timeout(FIND_WITHIN, self.search(item)).await;
        let outcome = match searched {
            Ok(outcome) => outcome?,
            Err(_) => Err(NoTrack::Unreachable),
        };
        Ok((item, outcome))
    }

    /// The track from the first place that has it. What the file itself says where it is goes before
    /// what is only called the same.
    async fn search(&self, item: &Item) -> Result<Result<Track, NoTrack>, StorageFailure> {
        if let Some(track) = self.known(item).await? {
            return Ok(Ok(track));
        }
        let mut why = NoTrack::Nowhere;
        if let Some(link) = &item.link {
            match self.fetch(Source::Link(link.clone())).await {
                Ok(track) => return Ok(Ok(track)),
                Err(failure) => why = failure,
            }
        }
        let called = self.played.iter().find(|track| item.is_track(track));
        if let Some(track) = self.still_there(called).await {
            return Ok(Ok(track));
        }
        if let Some(track) = self.on_server(item).await {
            return Ok(Ok(track));
        }
        let named = Source::Name {
            title: item.title.clone(),
            artist: item.creator.clone(),
            length: Some(item.length).filter(|length| !length.is_zero()),
        };
        Ok(match self.fetch(named).await {
            Ok(track) if item.is_hidden_in(&track.title) => Err(why),
            // What was wrong with the link says more.
            Err(NoTrack::Nowhere) => Err(why),
            outcome => outcome,
        })
    }

    /// What was played here under that key or behind that link.
    async fn known(&self, item: &Item) -> Result<Option<Track>, StorageFailure> {
        let store = &self.call.desk.store;
        if let Some(key) = &item.key {
            let same = store.track_played(self.call.guild(), key).await?;
            if let Some(track) = self.still_there(same.as_ref()).await {
                return Ok(Some(track));
            }
        }
        let mut played = self.played.iter();
        let same = played.find(|track| item.link.is_some() && track.link == item.link);
        Ok(self.still_there(same).await)
    }

    /// The track, if its sound is still where it was.
    async fn still_there(&self, track: Option<&Track>) -> Option<Track> {
        let track = track?;
        let is_near = matches!(
            track.origin,
            Origin::Attachment | Origin::Link | Origin::Library
        );
        if is_near {
            let ready = (self.call.desk.music.ready)(track.clone(), Reporter::default());
            ready.await.ok()?;
        }
        Some(track.clone())
    }

    async fn on_server(&self, item: &Item) -> Option<Track> {
        let artist = item.creator.as_deref().unwrap_or_default();
        let words = format!("{} {artist}", item.title);
        let songs = (self.call.desk.music.search_server)(words, CANDIDATES).await;
        let fits = |song: &&Found| item.is_called(&song.title, song.artist.as_deref());
        let song = songs.iter().find(fits)?;
        self.fetch(song.source.clone()).await.ok()
    }

    async fn fetch(&self, source: Source) -> Result<Track, NoTrack> {
        if matches!(source, Source::Link(_)) {
            let (desk, member) = (&self.call.desk, self.call.actor.member);
            let take = || desk.pace.take(self.call.guild(), member);
            if !paced(take, PACE_WITHIN).await {
                return Err(NoTrack::Busy);
            }
        }
        let wish = Wish {
            guild: self.call.guild(),
            source,
            reporter: Reporter::default(),
        };
        match (self.call.desk.music.fetch)(wish).await? {
            Given::One(track) | Given::Instead { track, .. } => Ok(*track),
            // A list behind a link is not the track.
            Given::Many(_) => Err(NoTrack::NotATrack),
        }
    }
}

/// Takes from the pace that is kept, and waits for it where that is too fast; `false` if it would be
/// longer than `within`.
async fn paced(take: impl Fn() -> Result<(), Duration>, within: Duration) -> bool {
    let until = Instant::now() + within;
    while let Err(wait) = take() {
        let next = Instant::now() + wait.max(PACE_PAUSE);
        if next > until {
            return false;
        }
        sleep_until(next).await;
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;

    #[tokio::test(start_paused = true)]
    async fn who_is_too_fast_waits_but_not_for_ever() {
        let began = Instant::now();
        let second = Duration::from_secs(1);
        // One every 2 s, beginning now.
        let next = Cell::new(began);
        let take = || {
            let now = Instant::now();
            if now < next.get() {
                return Err(next.get() - now);
            }
            next.set(next.get() + 2 * second);
            Ok(())
        };
        for _ in 0..5 {
            assert!(paced(take, 3 * second).await);
        }
        assert_eq!(began.elapsed(), 8 * second);
        assert!(!paced(take, second).await);
        assert_eq!(began.elapsed(), 8 * second, "it is known at once");
    }
}
