//! What must change nothing changes nothing, and what is due gets done.

use super::super::party::{Input, Seen};
use super::{Checker, Memory, Verdict, claim};
use crate::domain::protocol::Signal;

/// A refused command changed nothing.
pub(super) struct Refusals;

impl Checker for Refusals {
    fn look(&mut self, _: &Memory, seen: &Seen) -> Verdict {
        let Some(Err(refusal)) = &seen.outcome else {
            return Ok(());
        };
        claim(seen.effects.is_empty(), || {
            format!("{refusal:?} has effects")
        })?;
        claim(seen.before == seen.after, || {
            format!("{refusal:?} changed what can be seen")
        })?;
        claim(seen.unchanged, || format!("{refusal:?} changed the stage"))
    }
}

/// Reports of a turn that does not run are ignored.
pub(super) struct StaleEnds;

impl Checker for StaleEnds {
    fn look(&mut self, memory: &Memory, seen: &Seen) -> Verdict {
        let Input::Tell(Signal::PlaybackEnded { turn, .. } | Signal::PlaybackStarted { turn, .. }) =
            &seen.input
        else {
            return Ok(());
        };
        let running = seen.before.open.as_ref().and_then(|open| open.now.as_ref());
        if running.is_some_and(|now| now.turn == *turn) && !memory.down {
            return Ok(());
        }
        if seen.was_due.is_some_and(|due| due <= seen.now) {
            return Ok(());
        }
        claim(seen.effects.is_empty() && seen.unchanged, || {
            format!("a stale report of turn {turn} changed something")
        })
    }
}

/// A deadline that has been served is over. What becomes due by serving it (who was not warned in
/// the middle of their song that ends now) is served next; this does not go on and on.
#[derive(Default)]
pub(super) struct Progress {
    in_a_row: u32,
}

impl Checker for Progress {
    fn look(&mut self, _: &Memory, seen: &Seen) -> Verdict {
        /// What one deadline may lead to.
        const CHAIN: u32 = 2;
        let served = matches!(seen.input, Input::Tell(Signal::Deadline));
        let due_again = seen.due.is_some_and(|due| due <= seen.now);
        self.in_a_row = match (served, due_again) {
            (true, true) => self.in_a_row + 1,
            (true, false) => 0,
            _ => self.in_a_row,
        };
        claim(self.in_a_row <= CHAIN, || {
            format!("the deadline of {:?} is due again and again", seen.due)
        })
    }
}
