//! Live streams: cut at the limit of the moment they begin, never before, and no other track is cut.

use super::super::party::{Input, Seen};
use super::{Checker, Memory, Verdict, begun, claim, ended};
use crate::domain::protocol::{Effect, PlayRecord, Record, Signal, TurnEnd};
use crate::domain::view::{NowView, View};
use std::time::Duration;

pub(super) struct Live;

impl Checker for Live {
    fn look(&mut self, _: &Memory, seen: &Seen) -> Verdict {
        for effect in &seen.effects {
            if let Effect::Play { track, cut_at, .. } = effect {
                let expected = track.live.then_some(track.length);
                claim(*cut_at == expected, || {
                    format!("{} is cut at {cut_at:?}", track.title)
                })?;
            }
        }
        for play in begun(seen).filter(|play| play.track.live) {
            let mut limits = limits(&seen.before).into_iter().chain(limits(&seen.after));
            claim(limits.any(|limit| limit == play.track.length), || {
                format!("a live stream may play {:?}", play.track.length)
            })?;
        }
        for play in ended(seen) {
            ends_rightly(play)?;
        }
        is_told(seen)
    }
}

fn limits(view: &View) -> [Duration; 2] {
    let longest = view.settings.length_limit;
    [longest, longest.min(view.settings.crowded_length_limit)]
}

fn ends_rightly(play: &PlayRecord) -> Verdict {
    let at_limit = play.track.live && play.played == play.track.length;
    let (title, played) = (&play.track.title, play.played);
    match play.end {
        Some(TurnEnd::Limit) => claim(at_limit, || format!("{title} is cut after {played:?}")),
        Some(TurnEnd::Finished) => claim(!at_limit, || {
            format!("{title} was cut after {played:?} and counts as finished")
        }),
        _ => Ok(()),
    }
}

/// A title is shown if it is of the stream that plays, and changes nothing otherwise.
fn is_told(seen: &Seen) -> Verdict {
    let Input::Tell(Signal::Titled { turn, title }) = &seen.input else {
        return Ok(());
    };
    let now = |view: &View| view.open.as_ref().and_then(|open| open.now.clone());
    let before = now(&seen.before);
    let running = before
        .as_ref()
        .filter(|now| now.turn == *turn && now.track.live);
    let after = now(&seen.after);
    let shown = after.as_ref().and_then(|now| now.on_air.clone());
    for effect in &seen.effects {
        if let Effect::Keep(Record::OnAir {
            turn: of,
            place,
            title: kept,
            ..
        }) = effect
        {
            let new = running.is_some_and(|now| now.on_air.as_ref() != Some(kept));
            let right = new && (of, kept) == (turn, title) && (1..=20).contains(place);
            claim(right, || {
                format!("{kept} is kept as title {place} of turn {of}")
            })?;
        }
    }
    if running.is_some() {
        return claim(shown.as_ref() == Some(title), || {
            format!("{title} is on and {shown:?} is shown")
        });
    }
    // What was overdue may have begun at the same time.
    let turn_of = |now: &Option<NowView>| now.as_ref().map(|now| now.turn);
    let same = turn_of(&before) == turn_of(&after);
    let expected = before.filter(|_| same).and_then(|now| now.on_air);
    claim(shown == expected, || {
        format!("a title of turn {turn}, which is no live stream that plays, is shown")
    })
}
