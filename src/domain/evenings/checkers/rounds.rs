//! The spotlight: left to right and around, everybody in their round, and never a silent stage
//! while somebody could play.

use super::super::party::{Input, Seen};
use super::{Checker, Memory, Verdict, begun, claim, loopers, replaces_failed};
use crate::domain::ids::MemberId;
use crate::domain::protocol::{Command, PlayRecord};
use std::collections::{BTreeMap, BTreeSet};

fn at(play: &PlayRecord) -> usize {
    usize::from(play.seat.0) - 1
}

/// The spotlight goes from its seat to the next one on the right that can play.
#[derive(Default)]
pub(super) struct Order {
    spotlight: Option<usize>,
}

impl Checker for Order {
    fn look(&mut self, memory: &Memory, seen: &Seen) -> Verdict {
        let Some(open) = &seen.after.open else {
            self.spotlight = None;
            return Ok(());
        };
        let seats = open.seats.len();
        if self.spotlight.is_some_and(|at| at >= seats) {
            self.spotlight = None;
        }
        for play in begun(seen) {
            let chosen = at(play);
            let first = self.spotlight.map_or(0, |at| at + 1);
            let replaces = replaces_failed(seen, play) && self.spotlight == Some(chosen);
            let way = (first..first + seats).map(|at| at % seats);
            let skipped: Vec<usize> = way.take_while(|at| *at != chosen).collect();
            let ready = loopers(open).find(|(at, member)| {
                skipped.contains(at) && memory.is_ready(seen.now, *member, &seen.after)
            });
            self.spotlight = Some(chosen);
            let turn = play.turn;
            claim(replaces || ready.is_none(), || {
                format!("turn {turn} goes to seat {chosen} over {ready:?}, who can play")
            })?;
            claim(memory.is_in(play.looper, open.channel), || {
                format!("turn {turn} is for somebody who is not there")
            })?;
            let sits = loopers(open).any(|place| place == (chosen, play.looper));
            claim(sits, || {
                format!("turn {turn} is for somebody in another seat")
            })?;
        }
        Ok(())
    }
}

/// Nobody with a track waits longer than one round: while they wait, no seat plays twice.
#[derive(Default)]
pub(super) struct FairRounds {
    /// Who can play and waits, where they sit, and which seats have played meanwhile.
    waiting: BTreeMap<MemberId, (usize, BTreeSet<usize>)>,
}

impl Checker for FairRounds {
    fn look(&mut self, memory: &Memory, seen: &Seen) -> Verdict {
        let shifted = matches!(&seen.input, Input::Ask(_, Command::Move { .. }))
            && seen.outcome.as_ref().is_some_and(Result::is_ok);
        let Some(open) = seen.after.open.as_ref().filter(|_| !shifted) else {
            self.waiting.clear();
            return Ok(());
        };
        let seated: BTreeMap<MemberId, usize> =
            loopers(open).map(|(at, member)| (member, at)).collect();
        self.waiting.retain(|member, (at, _)| {
            seated.get(member) == Some(at) && memory.is_ready(seen.now, *member, &seen.after)
        });
        for play in begun(seen).filter(|play| !replaces_failed(seen, play)) {
            let seat = at(play);
            self.waiting.remove(&play.looper);
            for (member, (_, played)) in &mut self.waiting {
                claim(played.insert(seat), || {
                    format!("seat {seat} plays twice while {member} waits")
                })?;
            }
        }
        let playing = open.now.as_ref().map(|now| now.looper);
        for (member, at) in seated {
            if Some(member) != playing && memory.is_ready(seen.now, member, &seen.after) {
                self.waiting.entry(member).or_insert((at, BTreeSet::new()));
            }
        }
        Ok(())
    }
}

/// While somebody on the stage can play, somebody does; and when a track may be played again, the
/// stage doesn't sleep through it.
pub(super) struct NoSilence;

impl Checker for NoSilence {
    fn look(&mut self, memory: &Memory, seen: &Seen) -> Verdict {
        let view = &seen.after;
        let Some(open) = view.open.as_ref().filter(|_| !memory.down) else {
            return Ok(());
        };
        let refused = seen.outcome.as_ref().is_some_and(Result::is_err);
        if open.now.is_some() || refused {
            return Ok(());
        }
        for (_, member) in loopers(open) {
            claim(!memory.is_ready(seen.now, member, view), || {
                format!("{member} can play and nobody does")
            })?;
            if !memory.is_in(member, open.channel) {
                continue;
            }
            let setlist = view.setlists.get(&member).into_iter().flatten();
            let played = setlist.filter_map(|entry| memory.played_at.get(&entry.track.key));
            if let Some(first) = played.min() {
                let free_at = *first + view.settings.repeat_window;
                claim(seen.due.is_some_and(|due| due <= free_at), || {
                    format!("{member} can play at {free_at:?} and nobody wakes up")
                })?;
            }
        }
        Ok(())
    }
}
