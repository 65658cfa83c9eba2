//! The limit of turns: it bites only while the seats are fought for, and then it does.

use super::super::party::{Input, Seen};
use super::leaving::steps_down;
use super::{Checker, Memory, Verdict, begun, claim, ended, loopers, replaces_failed};
use crate::domain::ids::MemberId;
use crate::domain::protocol::{Command, StepDown};
use crate::domain::view::OpenView;
use std::collections::{BTreeMap, BTreeSet};

/// Nobody steps down for it unless all seats are taken, somebody waits and they have had their
/// turns; and whoever has had them while the seats were fought for, and everybody else was passed
/// meanwhile, does step down.
#[derive(Default)]
pub(super) struct TurnLimit {
    /// Turns since they sat down.
    turns: BTreeMap<MemberId, u32>,
    /// Turns under the present fight, and the seats that had one.
    fought: BTreeMap<MemberId, u32>,
    passed: BTreeSet<usize>,
    is_fought_for: bool,
}

fn is_full(open: &OpenView) -> bool {
    !open.waitlist.is_empty() && open.seats.iter().all(|seat| seat.looper.is_some())
}

/// Every seat has somebody or is on offer, and somebody waits.
fn is_held(open: &OpenView) -> bool {
    let held =
        |seat: &crate::domain::view::SeatView| seat.looper.is_some() || seat.offered.is_some();
    !open.waitlist.is_empty() && open.seats.iter().all(held)
}

impl Checker for TurnLimit {
    fn look(&mut self, _: &Memory, seen: &Seen) -> Verdict {
        let Some(after) = &seen.after.open else {
            *self = TurnLimit::default();
            return Ok(());
        };
        let Some(before) = &seen.before.open else {
            self.count(seen, after);
            return Ok(());
        };
        for (member, _) in steps_down(seen).filter(|(_, why)| *why == StepDown::TurnLimit) {
            self.bites_rightly(seen, before, member)?;
        }
        if matches!(
            &seen.input,
            Input::Ask(_, Command::Move { .. } | Command::Configure { .. })
        ) {
            // Seats have changed hands; the count of passed seats would be of others.
            self.passed.clear();
            self.fought.clear();
        }
        self.does_bite(seen, before)?;
        self.count(seen, after);
        Ok(())
    }
}

impl TurnLimit {
    fn bites_rightly(&self, seen: &Seen, before: &OpenView, member: MemberId) -> Verdict {
        claim(is_full(before), || {
            format!("{member} steps down and nobody fights for the seat")
        })?;
        claim(ended(seen).any(|play| play.looper == member), || {
            format!("{member} steps down and it was not their turn")
        })?;
        let turns = self.turns.get(&member).copied().unwrap_or(0);
        claim(turns >= seen.before.settings.turns, || {
            format!("{member} steps down after {turns} turns")
        })
    }

    fn does_bite(&self, seen: &Seen, before: &OpenView) -> Verdict {
        // One deadline can make somebody step down as away first, which leaves a seat free.
        let frees = steps_down(seen).any(|(_, why)| why != StepDown::TurnLimit);
        if !is_full(before) || frees {
            return Ok(());
        }
        for play in ended(seen) {
            let replaced = begun(seen).any(|next| replaces_failed(seen, next));
            let member = play.looper;
            let place = loopers(before).find(|(_, looper)| *looper == member);
            let Some((seat, _)) = place.filter(|_| !replaced) else {
                continue;
            };
            let turns = self.fought.get(&member).copied().unwrap_or(0);
            let passed = (0..before.seats.len()).all(|at| at == seat || self.passed.contains(&at));
            let is_over = turns >= seen.before.settings.turns && passed;
            let left = steps_down(seen).any(|(off, _)| off == member);
            claim(!is_over || left, || {
                format!("{member} has had {turns} turns and stays, while others wait")
            })?;
        }
        Ok(())
    }

    fn count(&mut self, seen: &Seen, after: &OpenView) {
        let goes_on = self.is_fought_for && is_held(after);
        for play in begun(seen) {
            if goes_on {
                self.passed.insert(usize::from(play.seat.0) - 1);
            }
            let turns = self.turns.entry(play.looper).or_default();
            if replaces_failed(seen, play) {
                // What failed was no turn; it may have been one before they sat down here.
                *turns = turns.saturating_sub(1) + 1;
                continue;
            }
            *turns += 1;
            if goes_on {
                *self.fought.entry(play.looper).or_default() += 1;
            }
        }
        self.is_fought_for = is_full(after) || goes_on;
        if !self.is_fought_for {
            self.fought.clear();
            self.passed.clear();
        }
        let seated: BTreeSet<MemberId> = loopers(after).map(|(_, member)| member).collect();
        self.turns.retain(|member, _| seated.contains(member));
        self.fought.retain(|member, _| seated.contains(member));
    }
}
