//! How each site has been doing: one that fails again and again, with different links, is left alone for
//! a while, and the others go on. What yt-dlp's complaints mean is known here too, since some of them
//! are a site's failure and some a link's.

use crate::audio::intake::IntakeFailure;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::time::Instant;

/// Failures in a row after which it is left alone for a while, doubled up to the second figure.
const FAILURES_LIMIT: u32 = 3;
const FIRST_REST: Duration = Duration::from_secs(30);
const LONGEST_REST: Duration = Duration::from_mins(15);
/// Links and words that are known to fail, of each site: more than lead to the longest rest.
const REMEMBERED: usize = 20;

/// What yt-dlp is asked: which site, and about what: a link, or words.
#[derive(Clone, Copy, Debug)]
pub(super) struct About<'a> {
    pub(super) site: &'static str,
    pub(super) what: &'a str,
}

/// Clones are the same one's.
#[derive(Clone, Debug, Default)]
pub(super) struct Health(Arc<Mutex<HashMap<&'static str, State>>>);

#[derive(Debug, Default)]
struct State {
    /// What it failed with since it worked last, each once.
    failed_with: Vec<String>,
    rests_until: Option<Instant>,
}

impl Health {
    fn all(&self) -> MutexGuard<'_, HashMap<&'static str, State>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn rests(&self, site: &'static str) -> bool {
        let now = Instant::now();
        let all = self.all();
        let until = all.get(site).and_then(|it| it.rests_until);
        until.is_some_and(|until| now < until)
    }

    pub(super) fn worked(&self, site: &'static str) {
        self.all().remove(site);
    }

    /// It is the program, or the site as a whole, that does not work.
    pub(super) fn failed(&self, about: About<'_>, why: &str) -> IntakeFailure {
        let mut all = self.all();
        let health = all.entry(about.site).or_default();
        // One link that makes it fail is no reason to leave the site alone, however often it is given.
        if health.failed_with.iter().any(|it| it == about.what) {
            tracing::debug!(why, site = about.site, "yt-dlp failed again");
            return IntakeFailure::SourceDown;
        }
        health.failed_with.push(about.what.to_owned());
        health.failed_with.truncate(REMEMBERED);
        let failures = u32::try_from(health.failed_with.len()).unwrap_or(u32::MAX);
        tracing::warn!(why, site = about.site, failures, "yt-dlp failed");
        if let Some(beyond) = failures.checked_sub(FAILURES_LIMIT) {
            let rest = FIRST_REST.saturating_mul(2_u32.saturating_pow(beyond));
            health.rests_until = Some(Instant::now() + rest.min(LONGEST_REST));
        }
        IntakeFailure::SourceDown
    }

    /// What it means that it ended with this complaint.
    pub(super) fn meant(&self, about: About<'_>, complaint: &str) -> IntakeFailure {
        let said = complaint.to_lowercase();
        let says = |words: &[&str]| words.iter().any(|word| said.contains(word));
        if says(&["no such option"]) {
            self.failed(about, "it is too old: install a newer yt-dlp")
        } else if says(&[
            "no suitable extractor",
            "unsupported url",
            "is not a valid url",
        ]) {
            IntakeFailure::NotSound
        } else if says(&[
            // The id of a video, which is part of a complaint, may be any number.
            "http error 429",
            "too many requests",
            "not a bot",
            "unable to download api page",
            "please report this issue",
        ]) {
            self.failed(about, "the site did not let it in")
        } else if says(&[
            "unavailable",
            "private",
            "not found",
            "http error 404",
            "removed",
            "does not exist",
            "deleted",
        ]) {
            IntakeFailure::NotFound
        } else if said.contains("error:") {
            IntakeFailure::Unreachable("the site does not give it".to_owned())
        } else {
            self.failed(about, "it ended without a reason")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(what: &str) -> About<'_> {
        let site = "youtube";
        About { site, what }
    }

    const BROKEN: &str = "Traceback (most recent call last):";

    #[test]
    fn complaints_are_told_apart() {
        let health = Health::default();
        let meant = |text: &str| health.meant(of("x"), text);
        assert!(matches!(
            meant("ERROR: No suitable extractor found for URL https://example.com/a"),
            IntakeFailure::NotSound
        ));
        for gone in [
            "ERROR: [youtube] x: Video unavailable. This video is private",
            "ERROR: [youtube] aaaa429aaaa: Video unavailable",
            "ERROR: [Bandcamp] x: Unable to download webpage: HTTP Error 404: Not Found",
        ] {
            assert!(matches!(meant(gone), IntakeFailure::NotFound), "{gone}");
        }
        assert!(matches!(
            meant("ERROR: [youtube] x: Join this channel to get access"),
            IntakeFailure::Unreachable(_)
        ));
        assert!(matches!(
            meant("ERROR: [youtube] x: HTTP Error 429: Too Many Requests"),
            IntakeFailure::SourceDown
        ));
    }

    #[test]
    fn a_site_that_fails_with_everything_is_left_alone_and_the_others_are_not() {
        let health = Health::default();
        for link in ["a", "b", "c"] {
            assert!(!health.rests("youtube"));
            health.meant(of(link), BROKEN);
        }
        assert!(health.rests("youtube"));
        assert!(!health.rests("bandcamp"));
        health.worked("youtube");
        assert!(!health.rests("youtube"));
    }

    #[test]
    fn one_link_does_not_take_a_site_from_everybody() {
        let health = Health::default();
        for _ in 0..10 {
            health.meant(of("a"), BROKEN);
        }
        health.meant(of("b"), BROKEN);
        assert!(!health.rests("youtube"));
    }
}
