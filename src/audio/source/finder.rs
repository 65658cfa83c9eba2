//! Searching the sites while somebody types: each site has its own deadline, what was found is
//! remembered for a while, and a process is started only when the typing pauses. How a site is
//! searched is for `site` to know.

use super::digest;
use super::listing::Listed;
use super::scratch::Scratches;
use super::site::Site;
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
/// Searches at a time.
const SEARCHES_LIMIT: usize = 2;
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
    searches: Arc<Semaphore>,
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
    /// One gate for each search that is under way.
    under_way: HashMap<String, Arc<tokio::sync::Mutex<()>>>,
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
            searches: Arc::new(Semaphore::new(SEARCHES_LIMIT)),
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
    /// are remembered. `typist` is who types, if somebody does: only their newest words count.
    pub(in crate::audio) async fn find(
        &self,
        words: &str,
        typist: Option<u64>,
        within: Duration,
    ) -> Vec<Listed> {
        let until = Instant::now() + within;
        let words = normal(words);
        let searches = self.site.searches();
        if words.len() < WORDS_MIN || searches.is_empty() {
            return Vec::new();
        }
        if let Some(typist) = typist {
            self.follow(typist, &words);
            let now = Instant::now();
            let known = |search: &&str| self.state().found(&key(search, &words), now).is_some();
            if !searches.iter().all(known) {
                sleep(TYPING_PAUSE).await;
                if self.has_typed_on(typist, &words) {
                    return Vec::new();
                }
            }
        }
        let found = searches
            .into_iter()
            .map(|search| self.by(search, words.clone(), until));
        interleaved(join_all(found).await)
    }

    async fn by(&self, search: &'static str, words: String, until: Instant) -> Vec<Listed> {
        let finder = self.clone();
        let searching = self.tasks.spawn(async move {
            tokio::select! {
                found = finder.searched(search, &words) => found,
                () = finder.stop.cancelled() => Vec::new(),
            }
        });
        // It goes on when nobody waits any more.
        match timeout_at(until, searching).await {
            Ok(Ok(found)) => found,
            Ok(Err(_)) | Err(_) => Vec::new(),
        }
    }

    async fn searched(&self, search: &str, words: &str) -> Vec<Listed> {
        let key = key(search, words);
        let gate = Arc::clone(self.state().under_way.entry(key.clone()).or_default());
        let alone = gate.lock().await;
        let known = self.state().found(&key, Instant::now());
        let found = match known {
            Some(found) => found,
            None => self.asked(search, words).await.unwrap_or_default(),
        };
        drop(alone);
        self.state().under_way.remove(&key);
        found
    }

    async fn asked(&self, search: &str, words: &str) -> Option<Vec<Listed>> {
        let _place = self.searches.acquire().await.ok()?;
        let folder = self.scratches.folder();
        let folder =
            folder.inspect_err(|error| tracing::warn!(%error, "no search without a folder"));
        let folder = folder.ok()?;
        let found = self.site.search(search, words, folder.path()).await;
        let found = found.inspect_err(|error| tracing::debug!(%error, search, "nothing found"));
        let found = found.ok()?;
        self.state()
            .remember(&key(search, words), Instant::now(), &found);
        Some(found)
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
