//! Looks for the tracks that a playlist file names: what was played here under that key or behind that
//! link, the link itself, what was played under that name, the music server, the library, the sites.

use super::super::super::call::{Call, Trouble};
use crate::audio::{Progress, Reporter};
use crate::discord::music::{Found, Given, NoTrack, Source, Wish};
use crate::domain::track::Track;
use crate::share::Item;
use crate::storage::StorageFailure;
use futures_util::future::BoxFuture;
use futures_util::{FutureExt, StreamExt, stream};
use std::time::Duration;
use tokio::time::{Instant, sleep_until, timeout, timeout_at};

/// Tracks of one file that are looked for: as many as a setlist holds.
const TRACKS_LIMIT: usize = 100;
/// Tracks that are looked for at once: as many as a guild may have taken in at a time, so that none
/// waits behind the others of the same file until it is given up.
const AT_ONCE: usize = 2;
/// How long all of it may take. What is found by then is added, and the answer still comes within
/// the time that work may take.
pub(super) const LOOK_WITHIN: Duration = Duration::from_mins(8);
/// How long one may take.
const FIND_WITHIN: Duration = Duration::from_secs(45);
/// How long a link waits until its member may have another one fetched, and how long at least.
const PACE_WITHIN: Duration = Duration::from_secs(20);
const PACE_PAUSE: Duration = Duration::from_millis(50);
/// Songs of the music server that are compared.
const CANDIDATES: usize = 5;

/// What came of the search.
pub(super) struct Search {
    /// In the order of the file.
    pub(super) tracks: Vec<Track>,
    /// The names of those that are nowhere, with the reason.
    pub(super) refused: Vec<(String, NoTrack)>,
    /// The names of those for which there was no time.
    pub(super) late: Vec<String>,
}

/// Looks for the tracks of a playlist; some at once.
pub(super) async fn find(call: &Call, items: &[Item]) -> Result<Search, Trouble> {
    let looking = Looking {
        call,
        played: call.desk.store.tracks_played(call.guild()).await?,
    };
    let looking = &looking;
    let total = items.len().min(TRACKS_LIMIT);
    let items = items.iter().take(TRACKS_LIMIT);
    let each = items.clone().map(|item| looking.found(item).boxed());
    let say = |done| call.visit.reporter.say(Progress::Listing { done, total });
    let came = in_time(each.collect(), LOOK_WITHIN, say).await?;
    let (mut tracks, mut refused, mut late) = (Vec::new(), Vec::new(), Vec::new());
    for (item, came) in items.zip(came) {
        match came {
            Some(Ok(track)) => tracks.push(track),
            Some(Err(why)) => refused.push((name(call, item), why)),
            None => late.push(name(call, item)),
        }
    }
    Ok(Search {
        tracks,
        refused,
        late,
    })
}

/// Does all of it, some at once; what came of each in its place, as far as there was time. Says how
/// many are done.
async fn in_time<'a, T: Send + 'a>(
    work: Vec<BoxFuture<'a, Result<T, StorageFailure>>>,
    within: Duration,
    say: impl Fn(usize),
) -> Result<Vec<Option<T>>, StorageFailure> {
    let deadline = Instant::now() + within;
    let mut came: Vec<Option<T>> = work.iter().map(|_| None).collect();
    let placed = |(at, work): (usize, BoxFuture<'a, _>)| -> BoxFuture<'a, _> {
        async move { (at, work.await) }.boxed()
    };
    let work: Vec<_> = work.into_iter().enumerate().map(placed).collect();
    let mut doing = stream::iter(work).buffer_unordered(AT_ONCE);
    let mut done = 0;
    while let Ok(Some(one)) = timeout_at(deadline, doing.next()).await {
        let (at, it) = one;
        if let Some(place) = came.get_mut(at) {
            *place = Some(it?);
        }
        done += 1;
        say(done);
    }
    Ok(came)
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
    async fn found(&self, item: &Item) -> Result<Result<Track, NoTrack>, StorageFailure> {
        let searched = timeout(FIND_WITHIN, self.search(item)).await;
        searched.unwrap_or(Ok(Err(NoTrack::Unreachable)))
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
        let is_there = (self.call.desk.music.is_there)(track.clone()).await;
        is_there.then(|| track.clone())
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

    #[tokio::test(start_paused = true)]
    async fn what_is_found_by_the_deadline_is_kept_and_the_rest_is_late() {
        let minute = Duration::from_mins(1);
        let work = |at: u32| {
            let takes = if at == 1 { 90 * minute } else { minute };
            let done = async move {
                tokio::time::sleep(takes).await;
                Ok(at)
            };
            done.boxed()
        };
        let (began, told) = (Instant::now(), Cell::new(0));
        let say = |done| told.set(done);
        let came = in_time((0..6).map(work).collect(), 7 * minute / 2, say).await;
        let expected = [Some(0), None, Some(2), Some(3), None, None];
        assert_eq!(came.unwrap(), expected);
        assert_eq!((began.elapsed(), told.get()), (7 * minute / 2, 3));
        let came = in_time((2..4).map(work).collect(), 7 * minute / 2, |_| ()).await;
        assert_eq!(came.unwrap(), [Some(2), Some(3)]);
        assert_eq!(began.elapsed(), 9 * minute / 2, "nobody waits for more");
    }
}
