//! Who sits where: seats, the waitlist, offers, and stepping down.

use super::super::ids::{MemberId, SeatNo};
use super::super::moment::Moment;
use super::super::protocol::{Actor, Deed, Effect, Need, Notice, Post, Refusal, StepDown};
use super::room::log;
use super::{Looper, Offer, Seat, Stage, Standing, WAITLIST_LIMIT, Waiting};

/// Where somebody who wants a seat will be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Spot {
    /// There already.
    Sitting(SeatNo),
    /// May sit down here.
    Free(SeatNo),
    /// Waits already, at this 1-based place.
    Waiting(usize),
    /// May join the waitlist.
    Queue,
}

pub(super) fn number(index: usize) -> SeatNo {
    SeatNo(u8::try_from(index + 1).unwrap_or(u8::MAX))
}

pub(super) fn index(seat: SeatNo) -> Option<usize> {
    usize::from(seat.0).checked_sub(1)
}

impl Standing {
    fn is_full(&self) -> bool {
        self.seats.iter().all(|seat| seat.looper.is_some())
    }
}

impl Stage {
    pub(super) fn seat_of(&self, member: MemberId) -> Option<SeatNo> {
        let seats = &self.open.as_ref()?.seats;
        let sits = |seat: &Seat| seat.looper.as_ref().is_some_and(|l| l.member == member);
        seats.iter().position(sits).map(number)
    }

    /// 1-based place in the waitlist.
    pub(super) fn place_of(&self, member: MemberId) -> Option<usize> {
        let waitlist = &self.open.as_ref()?.waitlist;
        waitlist
            .iter()
            .position(|waiting| waiting.member == member)
            .map(|index| index + 1)
    }

    fn offered_to(&self, member: MemberId) -> Option<SeatNo> {
        let seats = &self.open.as_ref()?.seats;
        let offered = |seat: &Seat| seat.offer.is_some_and(|offer| offer.member == member);
        seats.iter().position(offered).map(number)
    }

    fn free_seat(&self) -> Option<SeatNo> {
        let seats = &self.open.as_ref()?.seats;
        let free = |seat: &Seat| seat.looper.is_none() && seat.offer.is_none();
        seats.iter().position(free).map(number)
    }

    fn looper_mut(&mut self, member: MemberId) -> Option<&mut Looper> {
        let seats = &mut self.open.as_mut()?.seats;
        seats
            .iter_mut()
            .filter_map(|seat| seat.looper.as_mut())
            .find(|l| l.member == member)
    }

    fn seat_mut(&mut self, seat: SeatNo) -> Option<&mut Seat> {
        self.open.as_mut()?.seats.get_mut(index(seat)?)
    }

    /// Whether the actor is in the channel of the stage.
    fn must_be_here(&self, actor: &Actor) -> Result<(), Refusal> {
        let stage = self.opened()?.channel;
        match actor.voice {
            None => Err(Refusal::NotInVoice),
            Some(channel) if channel != stage => Err(Refusal::OtherChannel { stage }),
            Some(_) => Ok(()),
        }
    }

    /// Whether the actor may come onto the stage at all.
    fn may_enter(&self, actor: &Actor) -> Result<(), Refusal> {
        let open = self.opened()?;
        if self.banned.contains(&actor.member) {
            return Err(Refusal::StageBanned);
        }
        let passes = actor.powers.resident || self.require(actor, Need::Host).is_ok();
        if open.locked && !passes {
            Err(Refusal::Locked)
        } else {
            Ok(())
        }
    }

    /// Where the actor is or may go, without asking for a seat of their choice.
    pub(super) fn spot_for(&self, actor: &Actor) -> Result<Spot, Refusal> {
        if let Some(seat) = self.seat_of(actor.member) {
            return Ok(Spot::Sitting(seat));
        }
        self.must_be_here(actor)?;
        let waiting = self.place_of(actor.member);
        if waiting.is_none() || self.offered_to(actor.member).is_none() {
            self.may_enter(actor)?;
        }
        if let Some(seat) = self.offered_to(actor.member).or_else(|| self.free_seat()) {
            return Ok(Spot::Free(seat));
        }
        if let Some(place) = waiting {
            return Ok(Spot::Waiting(place));
        }
        if self.opened()?.waitlist.len() >= WAITLIST_LIMIT {
            let limit = u32::try_from(WAITLIST_LIMIT).unwrap_or(u32::MAX);
            return Err(Refusal::WaitlistFull { limit });
        }
        Ok(Spot::Queue)
    }

    pub(super) fn take_seat(
        &mut self,
        now: Moment,
        actor: &Actor,
        wanted: Option<SeatNo>,
    ) -> Result<Notice, Refusal> {
        let seats = self.opened()?.seats.len();
        let spot = self.spot_for(actor)?;
        if let Some(wanted) = wanted {
            let seat = index(wanted).and_then(|index| self.opened().ok()?.seats.get(index));
            let Some(seat) = seat else {
                return Err(Refusal::NoSuchSeat {
                    seats: u8::try_from(seats).unwrap_or(u8::MAX),
                });
            };
            let mine = seat.offer.is_some_and(|offer| offer.member == actor.member);
            let free = seat.looper.is_none() && (seat.offer.is_none() || mine);
            return match spot {
                Spot::Sitting(seat) => Err(Refusal::AlreadySeated { seat }),
                Spot::Free(_) if free => Ok(self.sit(now, actor, wanted)),
                Spot::Free(_) | Spot::Waiting(_) => Err(Refusal::SeatTaken { seat: wanted }),
                Spot::Queue => Ok(self.wait(actor)),
            };
        }
        match spot {
            Spot::Sitting(seat) => Err(Refusal::AlreadySeated { seat }),
            Spot::Waiting(place) => Err(Refusal::AlreadyWaiting { place }),
            Spot::Free(seat) => Ok(self.sit(now, actor, seat)),
            Spot::Queue => Ok(self.wait(actor)),
        }
    }

    /// Seats the actor; the seat has been checked.
    pub(super) fn sit(&mut self, now: Moment, actor: &Actor, seat: SeatNo) -> Notice {
        self.seat_member(now, (actor.member, actor.name.clone()), seat);
        Notice::Seated { seat }
    }

    fn seat_member(&mut self, now: Moment, (member, name): (MemberId, String), seat: SeatNo) {
        self.leave_waitlist(member);
        let looper = Looper {
            member,
            name,
            passed: 0,
            turns: 0,
            last_sign: now,
            leaves: None,
            away_since: None,
        };
        if let Some(seat) = self.seat_mut(seat) {
            *seat = Seat {
                looper: Some(looper),
                visited: seat.visited,
                ..Seat::default()
            };
        }
    }

    pub(super) fn wait(&mut self, actor: &Actor) -> Notice {
        let Some(open) = &mut self.open else {
            return Notice::LeftWaitlist;
        };
        let (member, name) = (actor.member, actor.name.clone());
        open.waitlist.push(Waiting {
            member,
            name,
            away_since: None,
        });
        Notice::Waiting {
            place: open.waitlist.len(),
        }
    }

    pub(super) fn leave_seat(&mut self, _now: Moment, actor: &Actor) -> Result<Notice, Refusal> {
        self.opened()?;
        if let Some(seat) = self.seat_of(actor.member) {
            self.vacate(seat);
            return Ok(Notice::LeftSeat { seat });
        }
        if self.place_of(actor.member).is_some() {
            self.leave_waitlist(actor.member);
            return Ok(Notice::LeftWaitlist);
        }
        Err(Refusal::NotOnStage)
    }

    fn vacate(&mut self, seat: SeatNo) {
        if let Some(seat) = self.seat_mut(seat) {
            *seat = Seat {
                visited: seat.visited,
                ..Seat::default()
            };
        }
    }

    fn leave_waitlist(&mut self, member: MemberId) {
        let Some(open) = &mut self.open else { return };
        open.waitlist.retain(|waiting| waiting.member != member);
        for seat in &mut open.seats {
            if seat.offer.is_some_and(|offer| offer.member == member) {
                seat.offer = None;
            }
        }
    }

    /// Takes the member off seat, offer and waitlist, and says so if they sat.
    pub(super) fn put_off(&mut self, member: MemberId, why: StepDown, effects: &mut Vec<Effect>) {
        if let Some(seat) = self.seat_of(member) {
            let name = self.looper_mut(member).map(|looper| looper.name.clone());
            self.vacate(seat);
            let name = name.unwrap_or_default();
            effects.push(Effect::Post(Post::SteppedDown {
                member,
                name,
                seat,
                why,
            }));
        }
        self.leave_waitlist(member);
    }

    pub(super) fn move_to(
        &mut self,
        now: Moment,
        actor: &Actor,
        member: MemberId,
        seat: SeatNo,
        effects: &mut Vec<Effect>,
    ) -> Result<Notice, Refusal> {
        let seats = self.opened()?.seats.len();
        self.require(actor, Need::Host)?;
        let to = index(seat).filter(|to| *to < seats);
        let Some(to) = to else {
            return Err(Refusal::NoSuchSeat {
                seats: u8::try_from(seats).unwrap_or(u8::MAX),
            });
        };
        if let Some(from) = self.seat_of(member).and_then(index) {
            let open = self.opened_mut()?;
            // The offer of an empty seat stays with the seat that is empty now.
            open.seats.swap(from, to);
        } else {
            let waiting = self
                .opened()?
                .waitlist
                .iter()
                .find(|waiting| waiting.member == member);
            let waiting = waiting.cloned();
            let Some(Waiting {
                name, away_since, ..
            }) = waiting
            else {
                return Err(Refusal::TheyAreNotOnStage { member });
            };
            if self
                .opened()?
                .seats
                .get(to)
                .is_some_and(|seat| seat.looper.is_some())
            {
                return Err(Refusal::SeatTaken { seat });
            }
            self.seat_member(now, (member, name), seat);
            if let Some(looper) = self.looper_mut(member) {
                looper.away_since = away_since;
            }
        }
        effects.push(log(now, actor, Deed::Moved { member, seat }));
        Ok(Notice::Moved { member, seat })
    }

    /// Makes the stage wider or narrower. Who sat on a seat that is gone goes to the head of the
    /// waitlist.
    pub(super) fn resize(&mut self, seats: usize, effects: &mut Vec<Effect>) {
        let Some(open) = &mut self.open else { return };
        let gone: Vec<Looper> = open
            .seats
            .iter_mut()
            .skip(seats)
            .filter_map(|seat| seat.looper.take())
            .collect();
        let first_gone = seats;
        open.seats.resize(seats, Seat::default());
        if open.spotlight.and_then(index).is_some_and(|at| at >= seats) {
            open.spotlight = None;
        }
        for (offset, looper) in gone.into_iter().enumerate().rev() {
            let (member, name) = (looper.member, looper.name);
            let seat = number(first_gone + offset);
            let away_since = looper.away_since;
            open.waitlist.insert(
                0,
                Waiting {
                    member,
                    name: name.clone(),
                    away_since,
                },
            );
            let why = StepDown::SeatRemoved;
            effects.push(Effect::Post(Post::SteppedDown {
                member,
                name,
                seat,
                why,
            }));
        }
    }

    /// Offers every free seat to the first who waits, is there, and was not asked for it before.
    pub(super) fn offer_seats(&mut self, now: Moment, effects: &mut Vec<Effect>) {
        let until = now + self.settings.offer;
        let Some(open) = &mut self.open else { return };
        let mut asked: Vec<MemberId> = open
            .seats
            .iter()
            .filter_map(|seat| seat.offer.map(|offer| offer.member))
            .collect();
        for (at, seat) in open.seats.iter_mut().enumerate() {
            if seat.looper.is_some() || seat.offer.is_some() {
                continue;
            }
            let next = open.waitlist.iter().find(|waiting| {
                waiting.away_since.is_none()
                    && !asked.contains(&waiting.member)
                    && !seat.lapsed.contains(&waiting.member)
            });
            let Some(member) = next.map(|waiting| waiting.member) else {
                continue;
            };
            asked.push(member);
            seat.offer = Some(Offer { member, until });
            effects.push(Effect::Post(Post::Offer {
                member,
                seat: number(at),
                until,
            }));
        }
    }

    /// Offers whose time is over go on to the next; the first keep their place.
    pub(super) fn lapse_offers(&mut self, now: Moment, effects: &mut Vec<Effect>) {
        let Some(open) = &mut self.open else { return };
        for (at, seat) in open.seats.iter_mut().enumerate() {
            let Some(offer) = seat.offer.filter(|offer| offer.until <= now) else {
                continue;
            };
            seat.offer = None;
            seat.lapsed.insert(offer.member);
            let member = offer.member;
            effects.push(Effect::Post(Post::OfferLapsed {
                member,
                seat: number(at),
            }));
        }
    }

    /// Limits bite only while all seats are taken and somebody waits; when that begins, everyone's
    /// turns are counted afresh. A seat that is on offer to them is as good as taken: the count
    /// goes on while people follow each other.
    pub(super) fn notice_contention(&mut self) {
        let Some(open) = &mut self.open else { return };
        let full = open.is_full();
        let held = |seat: &Seat| seat.looper.is_some() || seat.offer.is_some();
        let goes_on = open.contended && open.seats.iter().all(held);
        let contended = !open.waitlist.is_empty() && (full || goes_on);
        if contended && !open.contended {
            for seat in &mut open.seats {
                seat.visited = false;
                if let Some(looper) = &mut seat.looper {
                    looper.turns = 0;
                }
            }
        }
        open.contended = contended;
    }

    /// After the turn of `member`: whether they have had the turns that contention allows, and the
    /// spotlight has been at all the other seats meanwhile.
    pub(super) fn has_had_turns(&self, member: MemberId) -> bool {
        let fought_for =
            |open: &&Standing| open.contended && open.is_full() && !open.waitlist.is_empty();
        let Some(open) = self.open.as_ref().filter(fought_for) else {
            return false;
        };
        let is_theirs = |seat: &&Seat| seat.looper.as_ref().is_some_and(|l| l.member == member);
        let theirs = open.seats.iter().find(is_theirs);
        let turns = theirs
            .and_then(|seat| seat.looper.as_ref())
            .map(|l| l.turns);
        turns.is_some_and(|turns| turns >= self.settings.turns)
            && open
                .seats
                .iter()
                .all(|seat| is_theirs(&seat) || seat.visited)
    }

    pub(super) fn sign_of_life(&mut self, now: Moment, member: MemberId) {
        if let Some(looper) = self.looper_mut(member) {
            looper.last_sign = now;
            if looper.leaves.is_some_and(|(_, why)| why == StepDown::Idle) {
                looper.leaves = None;
            }
        }
    }
}
