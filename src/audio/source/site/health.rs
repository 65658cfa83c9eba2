//! How yt-dlp has been doing: when it fails again and again, it is left alone for a while. What its
//! complaints mean is known here too, since some of them are its own failure and some a link's.

use crate::audio::intake::IntakeFailure;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::time::Instant;

/// Failures in a row after which it is left alone for a while, doubled up to the second figure.
const FAILURES_LIMIT: u32 = 3;
const FIRST_REST: Duration = Duration::from_secs(30);
const LONGEST_REST: Duration = Duration::from_mins(15);

/// Clones are the same one's.
#[derive(Clone, Debug, Default)]
pub(super) struct Health(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    failures: u32,
    rests_until: Option<Instant>,
}

impl Health {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn rests(&self) -> bool {
        let now = Instant::now();
        self.state().rests_until.is_some_and(|until| now < until)
    }

    pub(super) fn worked(&self) {
        *self.state() = State::default();
    }

    /// It is the program, or the site as a whole, that does not work.
    pub(super) fn failed(&self, why: &str) -> IntakeFailure {
        let mut health = self.state();
        health.failures += 1;
        tracing::warn!(why, failures = health.failures, "yt-dlp failed");
        if let Some(beyond) = health.failures.checked_sub(FAILURES_LIMIT) {
            let rest = FIRST_REST.saturating_mul(2_u32.saturating_pow(beyond));
            health.rests_until = Some(Instant::now() + rest.min(LONGEST_REST));
        }
        IntakeFailure::SourceDown
    }

    /// What it means that it ended with this complaint.
    pub(super) fn meant(&self, complaint: &str) -> IntakeFailure {
        let said = complaint.to_lowercase();
        let says = |words: &[&str]| words.iter().any(|word| said.contains(word));
        if says(&[
            "no suitable extractor",
            "unsupported url",
            "is not a valid url",
        ]) {
            IntakeFailure::NotSound
        } else if says(&[
            "429",
            "not a bot",
            "unable to download api page",
            "please report this issue",
        ]) {
            self.failed("a site did not let it in")
        } else if says(&[
            "unavailable",
            "private",
            "not found",
            "404",
            "removed",
            "does not exist",
            "deleted",
        ]) {
            IntakeFailure::NotFound
        } else if said.contains("error:") {
            IntakeFailure::Unreachable("the site does not give it".to_owned())
        } else {
            self.failed("it ended without a reason")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn complaints_are_told_apart() {
        let health = Health::default();
        let meant = |text: &str| health.meant(text);
        assert!(matches!(
            meant("ERROR: No suitable extractor found for URL https://example.com/a"),
            IntakeFailure::NotSound
        ));
        assert!(matches!(
            meant("ERROR: [youtube] x: Video unavailable. This video is private"),
            IntakeFailure::NotFound
        ));
        assert!(matches!(
            meant("ERROR: [youtube] x: Join this channel to get access"),
            IntakeFailure::Unreachable(_)
        ));
        assert!(!health.rests());
        for _ in 0..FAILURES_LIMIT {
            assert!(matches!(
                meant("Traceback (most recent call last):"),
                IntakeFailure::SourceDown
            ));
        }
        assert!(health.rests(), "after so many failures it is left alone");
    }
}
