//! A restart is no end: what could be seen before it can be seen after it, and the song goes on.

use super::super::party::{Input, Seen};
use super::{Checker, Memory, Verdict, claim};
use crate::domain::moment::Moment;
use crate::domain::protocol::Effect;
use crate::domain::stage::POSITION_EVERY;
use crate::domain::view::{NowView, View};
use std::time::Duration;

#[derive(Default)]
pub(super) struct Restarts {
    last_step: Option<Moment>,
}

/// Without what depends on the speaker and on who is in the channel now.
fn at_rest(view: &View) -> View {
    let mut view = view.clone();
    if let Some(open) = &mut view.open {
        open.listeners = 0;
        if let Some(now) = &mut open.now {
            now.zero_at = Moment(0);
            now.playing = false;
            now.position = Duration::ZERO;
            now.skip_needed = None;
        }
    }
    view
}

fn position(now: &NowView, at: Moment) -> Duration {
    if now.playing {
        at.since(now.zero_at).min(now.track.length)
    } else {
        now.position
    }
}

impl Checker for Restarts {
    fn look(&mut self, _: &Memory, seen: &Seen) -> Verdict {
        let died_at = self.last_step.replace(seen.now).unwrap_or(seen.now);
        let Input::Restart { restored, .. } = &seen.input else {
            return Ok(());
        };
        let (before, after) = (at_rest(&seen.before), at_rest(restored));
        claim(before == after, || {
            format!("before the restart {before:#?}, and then {after:#?}")
        })?;
        let running = |view: &View| view.open.as_ref().and_then(|open| open.now.clone());
        let (Some(was), Some(is)) = (running(&seen.before), running(restored)) else {
            return Ok(());
        };
        let (was_at, is_at) = (position(&was, died_at), is.position);
        // What is overdue has not been kept yet.
        let late = seen
            .was_due
            .map_or(Duration::ZERO, |due| died_at.since(due));
        claim(
            is_at <= was_at && was_at <= is_at + POSITION_EVERY + late,
            || format!("the song was at {was_at:?} and goes on at {is_at:?}"),
        )?;
        let goes_on = seen.effects.iter().any(|effect| {
            matches!(effect, Effect::Play { turn, from, .. } if *turn == is.turn && *from == is_at)
        });
        claim(goes_on, || {
            format!("the song of turn {} does not go on", is.turn)
        })
    }
}
