//! Searching the sites while somebody types: each site has its own deadline, what was found is
//! remembered for a while, and a process is started only when the typing pauses. How a site is
//! searched is for `site` to know.

use super::digest;
use super::listing::Listed;
use super::scratch::Scratches;
use super::site::Site;
use crate::audio::intake::IntakeFailure;
use crate::audio::one_by_one::OneByOne;
use futures_util::future::join_all;
use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::Semaphore;
use tokio::time::{Instant, sleep, timeout_at};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// How long somebody has to pause before what they typed is searched for.
const TYPING_PAUSE: Duration = Duration::from_millis(300);
/// Searches at a time, of those that people type and of those that they wait for.
const SEARCHES_LIMIT: usize = 2;
/// Searches of words that people type which wait for their turn; beyond that what is typed is not
/// searched for.
const WAITING_LIMIT: usize = 8;
/// How long what was found is worth something.
const REMEMBERED_FOR: Duration = Duration::from_mins(10);
/// Searches that are remembered, and tracks that were found by any.
const SEARCHES_REMEMBERED: usize = 500;
const TRACKS_REMEMBERED: usize = 5_000;
/// People whose typing is followed.
const TYPISTS_LIMIT: usize = 10_000;
/// Shortest words to search for, in bytes: three letters, or one sign of Chinese.
const WORDS_MIN: usize = 3;
/// Longest, in characters.
const WORDS_LIMIT: usize = 150;

/// Searches the sites. Clones share what was found.
#[derive(Clone, Debug)]
pub(in crate::audio) struct Finder {
    site: Site,
    scratches: Scratches,
    /// The places of those who type, the line before them, and the places of those who wait.
    typed: Arc<Semaphore>,
    line: Arc<Semaphore>,
    asked: Arc<Semaphore>,
    under_way: Arc<OneByOne<String>>,
    state: Arc<Mutex<State>>,
    tasks: TaskTracker,
    stop: CancellationToken,
}

#[derive(Debug, Default)]
struct State {
    /// By the site's word for a search and the words, the oldest first.
    found: VecDeque<(String, Instant, Vec<Listed>)>,
    /// By the hash of their links, the oldest first.
    tracks: VecDeque<(String, Listed)>,
    /// What each person typed last.
    typed: HashMap<u64, String>,
}

impl State {
    fn found(&self, key: &str, now: Instant) -> Option<Vec<Listed>> {
        let fresh = |at: Instant| now.saturating_duration_since(at) < REMEMBERED_FOR;
        let mut found = self.found.iter().rev();
        let (.., entries) = found.find(|(known, at, _)| known == key && fresh(*at))?;
        Some(entries.clone())
    }

    fn remember(&mut self, key: &str, now: Instant, entries: &[Listed]) {
        self.found.retain(|(known, ..)| known != key);
        self.found
            .push_back((key.to_owned(), now, entries.to_vec()));
        for entry in entries {
            self.tracks.push_back((token(&entry.link), entry.clone()));
        }
        let too_many = self.found.len().saturating_sub(SEARCHES_REMEMBERED);
        self.found.drain(..too_many);
        let too_many = self.tracks.len().saturating_sub(TRACKS_REMEMBERED);
        self.tracks.drain(..too_many);
    }
}

/// A short name for a link.
pub(in crate::audio) fn token(link: &str) -> String {
    const SIGNS: usize = 20;
    digest(link).chars().take(SIGNS).collect()
}

impl Finder {
    pub(in crate::audio) fn new(
        site: Site,
        scratches: Scratches,
        tasks: TaskTracker,
        stop: CancellationToken,
    ) -> Finder {
        Finder {
            site,
            scratches,
            typed: Arc::new(Semaphore::new(SEARCHES_LIMIT)),
            line: Arc::new(Semaphore::new(SEARCHES_LIMIT + WAITING_LIMIT)),
            asked: Arc::new(Semaphore::new(SEARCHES_LIMIT)),
            under_way: Arc::default(),
            state: Arc::default(),
            tasks,
            stop,
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A track that some search has found, by the [`token`] of its link.
    pub(in crate::audio) fn remembered(&self, token: &str) -> Option<Listed> {
        let state = self.state();
        let mut tracks = state.tracks.iter().rev();
        tracks
            .find(|(known, _)| known == token)
            .map(|(_, it)| it.clone())
    }

    /// What the sites find within the time, the best of each first; those that are slower go on, and
    /// are remembered. `typist` is who types, if somebody does: only their newest words count. The
    /// error is that of a site that is down or has no time, when none found anything.
    pub(in crate::audio) async fn find(
        &self,
        words: &str,
        typist: Option<u64>,
        within: Duration,
    ) -> Result<Vec<Listed>, IntakeFailure> {
        let until = Instant::now() + within;
        let words = normal(words);
        let searches = self.site.searches();
        if words.len() < WORDS_MIN || searches.is_empty() {
            return Ok(Vec::new());
        }
        if let Some(typist) = typist {
            self.follow(typist, &words);
            let now = Instant::now();
            let known = |search: &&str| self.state().found(&key(search, &words), now).is_some();
            if !searches.iter().all(known) {
                sleep(TYPING_PAUSE).await;
                if self.has_typed_on(typist, &words) {
                    return Ok(Vec::new());
                }
            }
        }
        let found = searches
            .into_iter()
            .map(|search| self.by(search, words.clone(), typist, until));
        let (mut lists, mut failure) = (Vec::new(), None);
        for found in join_all(found).await {
            match found {
                Ok(found) => lists.push(found),
                Err(why @ (IntakeFailure::SourceDown | IntakeFailure::Busy)) => failure = Some(why),
                // It found nothing, or cannot be asked at all.
                Err(_) => {}
            }
        }
        let found = interleaved(lists);
        match failure {
            Some(failure) if found.is_empty() => Err(failure),
            _ => Ok(found),
        }
    }

    async fn by(
        &self,
        search: &'static str,
        words: String,
        typist: Option<u64>,
        until: Instant,
    ) -> Result<Vec<Listed>, IntakeFailure> {
        let finder = self.clone();
        let searching = self.tasks.spawn(async move {
            tokio::select! {
                found = finder.searched(search, &words, typist) => found,
                () = finder.stop.cancelled() => Ok(Vec::new()),
            }
        });
        // It goes on when nobody waits any more.
        match timeout_at(until, searching).await {
            Ok(found) => found.unwrap_or(Err(IntakeFailure::SourceDown)),
            Err(_) => Err(IntakeFailure::SourceDown),
        }
    }

    async fn searched(
        &self,
        search: &'static str,
        words: &str,
        typist: Option<u64>,
    ) -> Result<Vec<Listed>, IntakeFailure> {
        // Those who type and those who wait do not wait for each other.
        let key = key(search, words);
        let whose = if typist.is_some() { "typed" } else { "asked" };
        let _alone = self.under_way.enter(format!("{whose}:{key}")).await;
        if let Some(found) = self.state().found(&key, Instant::now()) {
            return Ok(found);
        }
        let Some(typist) = typist else {
            let _place = self.asked.acquire().await;
            return self.ask(search, words).await;
        };
        let Ok(_in_line) = self.line.try_acquire() else {
            return Err(IntakeFailure::Busy);
        };
        let _place = self.typed.acquire().await;
        if self.has_typed_on(typist, words) {
            return Ok(Vec::new());
        }
        self.ask(search, words).await
    }

    async fn ask(&self, search: &'static str, words: &str) -> Result<Vec<Listed>, IntakeFailure> {
        let folder = self.scratches.folder()?;
        let found = self.site.search(search, words, folder.path()).await;
        let found = found.inspect_err(|error| tracing::debug!(%error, search, "nothing found"))?;
        self.state()
            .remember(&key(search, words), Instant::now(), &found);
        Ok(found)
    }

    fn follow(&self, typist: u64, words: &str) {
        let typed = &mut self.state().typed;
        if typed.len() >= TYPISTS_LIMIT {
            typed.clear();
        }
        typed.insert(typist, words.to_owned());
    }

    fn has_typed_on(&self, typist: u64, words: &str) -> bool {
        self.state()
            .typed
            .get(&typist)
            .is_some_and(|typed| typed != words)
    }
}

fn key(search: &str, words: &str) -> String {
    format!("{search}:{words}")
}

fn normal(words: &str) -> String {
    let words: Vec<&str> = words.split_whitespace().collect();
    words
        .join(" ")
        .to_lowercase()
        .chars()
        .take(WORDS_LIMIT)
        .collect()
}

/// The first of each, the second of each, and so on.
fn interleaved(lists: Vec<Vec<Listed>>) -> Vec<Listed> {
    let mut lists: Vec<_> = lists.into_iter().map(Vec::into_iter).collect();
    let mut all = Vec::new();
    loop {
        let before = all.len();
        all.extend(lists.iter_mut().filter_map(Iterator::next));
        if all.len() == before {
            return all;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn listed(number: usize) -> Listed {
        let link = format!("https://tube.example/{number}");
        Listed::read(&json!({ "id": number, "ie_key": "Tube", "url": link })).unwrap()
    }

    #[test]
    fn what_is_remembered_has_a_limit_and_an_end() {
        let mut state = State::default();
        let now = Instant::now();
        for number in 0..SEARCHES_REMEMBERED + 5 {
            state.remember(&number.to_string(), now, &[listed(number)]);
        }
        assert_eq!(state.found.len(), SEARCHES_REMEMBERED);
        assert_eq!(state.found("4", now), None);
        assert_eq!(state.found("5", now), Some(vec![listed(5)]));
        assert_eq!(state.found("5", now + REMEMBERED_FOR), None);
    }

    #[test]
    fn every_site_has_its_best_in_front() {
        let lists = vec![vec![listed(1), listed(2)], vec![], vec![listed(3)]];
        assert_eq!(interleaved(lists), [listed(1), listed(3), listed(2)]);
        assert_eq!(normal("  Kate \n BUSH "), "kate bush");
    }
}
