//! The waitlist: first come, first served, and freed seats are offered in that order.

use super::super::party::{Input, Seen};
use super::{Checker, Memory, Verdict, claim, loopers};
use crate::domain::ids::MemberId;
use crate::domain::moment::Moment;
use crate::domain::protocol::{Command, Effect, Post};
use crate::domain::view::{OpenView, View};
use std::collections::{BTreeMap, BTreeSet};

/// Those who wait keep their order; who comes stands behind them.
pub(super) struct FirstCome;

fn waiting(view: &View) -> Vec<MemberId> {
    let open = view.open.iter();
    let waiting = open.flat_map(|open| open.waitlist.iter());
    waiting.map(|waiting| waiting.member).collect()
}

impl Checker for FirstCome {
    fn look(&mut self, _: &Memory, seen: &Seen) -> Verdict {
        let (before, after) = (waiting(&seen.before), waiting(&seen.after));
        if before == after {
            return Ok(());
        }
        let stayed: Vec<_> = before.iter().filter(|one| after.contains(one)).collect();
        let still: Vec<_> = after.iter().filter(|one| before.contains(one)).collect();
        claim(stayed == still, || {
            format!("the waitlist went from {before:?} to {after:?}")
        })?;
        let new = |one: &MemberId| !before.contains(one);
        // Whose seat was taken away stands in front.
        let narrowed = matches!(seen.input, Input::Ask(_, Command::Configure { .. }));
        let first_new = after.iter().position(new);
        let orderly = first_new.is_none_or(|first| after[first..].iter().all(new));
        claim(orderly || narrowed, || {
            format!("somebody pushed in: {before:?} to {after:?}")
        })
    }
}

/// A freed seat is offered to the first in the waitlist who is there; to the next only when they
/// let it lapse. Nobody passes the waitlist by.
#[derive(Default)]
pub(super) struct Offers {
    /// Who let an offer lapse since the seat was last taken.
    lapsed: BTreeMap<usize, BTreeSet<MemberId>>,
    until: BTreeMap<usize, (MemberId, Moment)>,
    /// Vacancies of which it is not known who was asked.
    unsure: BTreeSet<usize>,
}

impl Checker for Offers {
    fn look(&mut self, memory: &Memory, seen: &Seen) -> Verdict {
        let Some(open) = &seen.after.open else {
            *self = Offers::default();
            return Ok(());
        };
        let shifts = matches!(
            &seen.input,
            Input::Ask(_, Command::Move { .. } | Command::Configure { .. })
        );
        if shifts && seen.outcome.as_ref().is_some_and(Result::is_ok) {
            // Vacancies have moved about with the people.
            self.unsure = (0..open.seats.len()).collect();
            self.lapsed.clear();
            self.until.clear();
        }
        if matches!(seen.input, Input::Restart { .. }) {
            self.until.clear();
        }
        for effect in &seen.effects {
            let Effect::Post(post) = effect else { continue };
            match post {
                Post::OfferLapsed { member, seat } => {
                    let at = usize::from(seat.0) - 1;
                    if let Some((_, until)) = self.until.remove(&at) {
                        claim(until <= seen.now, || {
                            format!("the offer to {member} lapsed too early")
                        })?;
                    }
                    self.lapsed.entry(at).or_default().insert(*member);
                }
                Post::Offer {
                    member,
                    seat,
                    until,
                } => {
                    let at = usize::from(seat.0) - 1;
                    self.offered(memory, open, (at, *member))?;
                    claim(*until == seen.now + seen.after.settings.offer, || {
                        format!("the offer to {member} ends at {until:?}")
                    })?;
                    self.until.insert(at, (*member, *until));
                }
                _ => {}
            }
        }
        for (at, _) in loopers(open) {
            self.lapsed.remove(&at);
            self.until.remove(&at);
            self.unsure.remove(&at);
        }
        Self::nobody_passes(seen)?;
        self.nothing_lies_idle(memory, open)
    }
}

impl Offers {
    fn may_be_asked(&self, memory: &Memory, open: &OpenView, at: usize, member: MemberId) -> bool {
        let has_offer = open.seats.iter().any(|seat| seat.offered == Some(member));
        let lapsed = self
            .lapsed
            .get(&at)
            .is_some_and(|all| all.contains(&member));
        let known = !self.unsure.contains(&at);
        known && memory.is_in(member, open.channel) && !has_offer && !lapsed
    }

    fn offered(
        &self,
        memory: &Memory,
        open: &OpenView,
        (at, member): (usize, MemberId),
    ) -> Verdict {
        let ahead = open.waitlist.iter().map(|waiting| waiting.member);
        let mut ahead = ahead.take_while(|ahead| *ahead != member);
        let passed = ahead.find(|ahead| self.may_be_asked(memory, open, at, *ahead));
        claim(passed.is_none(), || {
            format!("seat index {at} is offered to {member}, and {passed:?} stands before")
        })
    }

    /// Who sits down newly was offered the seat or took one that nobody in the waitlist wanted.
    fn nobody_passes(seen: &Seen) -> Verdict {
        if matches!(seen.input, Input::Ask(_, Command::Move { .. })) {
            return Ok(());
        }
        let (Some(before), Some(after)) = (&seen.before.open, &seen.after.open) else {
            return Ok(());
        };
        for (at, member) in loopers(after) {
            let Some(was) = before.seats.get(at).filter(|seat| seat.looper.is_none()) else {
                continue;
            };
            claim(was.offered.is_none_or(|offered| offered == member), || {
                format!(
                    "{member} took the seat that was offered to {:?}",
                    was.offered
                )
            })?;
        }
        Ok(())
    }

    /// No seat is free without an offer while somebody waits who could be asked for it.
    fn nothing_lies_idle(&self, memory: &Memory, open: &OpenView) -> Verdict {
        for (at, seat) in open.seats.iter().enumerate() {
            if seat.looper.is_some() || seat.offered.is_some() {
                continue;
            }
            let waiting = open.waitlist.iter().map(|waiting| waiting.member);
            let mut asked = waiting.filter(|one| self.may_be_asked(memory, open, at, *one));
            let first = asked.next();
            claim(first.is_none(), || {
                format!("{first:?} waits and seat index {at} is free")
            })?;
        }
        Ok(())
    }
}
