//! Letting go of somebody who wants to be forgotten: nothing that the stage holds, shows or keeps
//! from then on is theirs or names them. What was kept before is for `storage`; that people may come
//! back as strangers, and what is heard of them then, is for the rules beside this.

use super::super::ids::{MemberId, NAMELESS};
use super::super::moment::Moment;
use super::super::protocol::{Effect, Notice};
use super::{Seat, Stage, Standing, Turn};

/// Names of one character are in too many words to mean somebody.
const NAME_LEAST: usize = 2;

/// Whether a text of theirs names them.
pub fn is_named(text: &str, names: &[String]) -> bool {
    let text = text.to_lowercase();
    names
        .iter()
        .filter(|name| name.chars().count() >= NAME_LEAST)
        .any(|name| text.contains(&name.to_lowercase()))
}

impl Standing {
    /// Takes out a member who was called `names`: seat, offer and place on the waitlist, what they
    /// felt and heard, and their name on what they play, which plays on.
    pub fn forget(&mut self, member: MemberId, names: &[String]) {
        if self.host == member {
            self.host = MemberId::NOBODY;
            self.theme.take_if(|theme| is_named(theme, names));
            self.rules.take_if(|rules| is_named(rules, names));
        }
        for seat in &mut self.seats {
            let sits = |seat: &Seat| seat.looper.as_ref().is_some_and(|it| it.member == member);
            if sits(seat) {
                *seat = Seat {
                    visited: seat.visited,
                    ..Seat::default()
                };
            }
            seat.offer.take_if(|offer| offer.member == member);
            seat.lapsed.remove(&member);
        }
        self.waitlist.retain(|waiting| waiting.member != member);
        for turn in self.turn.iter_mut().chain(&mut self.last) {
            turn.forget(member);
        }
    }
}

impl Turn {
    fn forget(&mut self, member: MemberId) {
        if self.play.looper == member {
            self.play.looper = MemberId::NOBODY;
            NAMELESS.clone_into(&mut self.play.looper_name);
        }
        if let Some(end) = &mut self.play.end {
            end.forget(member);
        }
        self.ratings.remove(&member);
        self.heard.remove(&member);
        self.grabs.remove(&member);
    }
}

impl Stage {
    /// Everything of theirs, whether the stage is open or closed. A ban stays: it is the team's.
    pub(super) fn forget(
        &mut self,
        now: Moment,
        member: MemberId,
        names: &[String],
        effects: &mut Vec<Effect>,
    ) -> Notice {
        self.accrue(now);
        if let Some(open) = &mut self.open {
            open.forget(member, names);
            if open.turn.is_some() {
                self.unheard.insert(member);
            }
        }
        if self.setlists.contains_key(&member) {
            self.setlist_mut(member).clear();
            self.keep_setlist(member, effects);
        }
        self.recount(now);
        Notice::Forgotten
    }
}
