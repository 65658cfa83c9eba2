//! Who is where: nobody twice, no more seats than there are.

use super::super::party::{Input, Seen};
use super::{Checker, Memory, Verdict, claim, loopers};
use crate::domain::ids::MemberId;
use crate::domain::protocol::Command;
use std::collections::BTreeSet;
use std::rc::Rc;

/// Each member is in one seat or once in the waitlist or nowhere.
#[derive(Default)]
pub(super) struct OnePlaceEach {
    banned: BTreeSet<MemberId>,
}

impl Checker for OnePlaceEach {
    fn look(&mut self, memory: &Memory, seen: &Seen) -> Verdict {
        if let (Input::Ask(_, Command::StageBan { member, banned, .. }), Some(Ok(_))) =
            (&seen.input, &seen.outcome)
        {
            if *banned {
                self.banned.insert(*member);
            } else {
                self.banned.remove(member);
            }
        }
        let view = Rc::clone(&seen.after);
        let Some(open) = &view.open else {
            return Ok(());
        };
        claim(open.seats.len() == usize::from(view.settings.seats), || {
            format!("there are {} seats", open.seats.len())
        })?;
        let mut met = BTreeSet::new();
        let waiting = || open.waitlist.iter().map(|waiting| waiting.member);
        for member in loopers(open).map(|(_, member)| member).chain(waiting()) {
            claim(met.insert(member), || format!("{member} is there twice"))?;
            claim(!self.banned.contains(&member), || {
                format!("{member} is banned and there")
            })?;
        }
        let mut offered = BTreeSet::new();
        for seat in &open.seats {
            let Some(member) = seat.offered else { continue };
            let seat_no = seat.seat;
            claim(seat.looper.is_none(), || {
                format!("seat {seat_no} is offered and taken")
            })?;
            claim(waiting().any(|waiting| waiting == member), || {
                format!("seat {seat_no} is offered to {member}, who does not wait")
            })?;
            claim(offered.insert(member), || {
                format!("{member} is offered two seats")
            })?;
        }
        let away = open.waitlist.iter().map(|one| (one.member, one.away));
        let seats = open.seats.iter().filter_map(|seat| seat.looper.as_ref());
        let away = away.chain(seats.map(|looper| (looper.member, looper.away)));
        for (member, away) in away {
            claim(away != memory.is_in(member, open.channel), || {
                format!("{member} is shown as away: {away}")
            })?;
        }
        Ok(())
    }
}
