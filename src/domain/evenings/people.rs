//! The people around the stage: who and where they are.

use super::chance::Chance;
use super::plan::{Kind, Plan};
use super::wishes::Wishes;
use crate::domain::ids::{ChannelId, MemberId};
use crate::domain::moment::Moment;
use crate::domain::protocol::{Actor, Command, Listener, Powers, Signal};
use crate::domain::view::View;

/// A music bot that sits in the channel from the first day.
const BOT: MemberId = MemberId(99);
/// Ids are so long that they are found in any text that names somebody, and nothing else is.
const BEFORE_FIRST: u64 = 4_711_000_000;

#[expect(clippy::large_enum_variant, reason = "there is one at a time")]
pub(super) enum Act {
    Ask(Actor, Command),
    Tell(Signal),
}

#[derive(Clone, Debug)]
struct Person {
    member: MemberId,
    channel: Option<ChannelId>,
    deaf: bool,
    bot: bool,
}

pub(super) struct People(Vec<Person>);

impl People {
    pub(super) fn new(plan: &Plan) -> People {
        let people = (1..=plan.members).map(|n| Person {
            member: member(n),
            channel: Some(ChannelId(1)),
            deaf: false,
            bot: false,
        });
        let bot = Person {
            member: BOT,
            channel: Some(ChannelId(1)),
            deaf: false,
            bot: true,
        };
        People(people.chain([bot]).collect())
    }

    pub(super) fn listeners(&self) -> Vec<Listener> {
        let listener = |person: &Person| {
            Some(Listener {
                member: person.member,
                name: name(person.member),
                bot: person.bot,
                channel: person.channel?,
                deaf: person.deaf,
                joined_at: joined_at(person.member),
            })
        };
        self.0.iter().filter_map(listener).collect()
    }

    /// Some come, some go, while nobody looks.
    pub(super) fn stir(&mut self, plan: &Plan, chance: &mut Chance) {
        for at in 0..self.0.len() {
            if plan.has(Kind::Leaving) && chance.percent(20) {
                self.0[at].channel = elsewhere(self.0[at].channel, chance);
            }
        }
    }

    pub(super) fn act(&mut self, plan: &Plan, view: &View, chance: &mut Chance) -> Act {
        let at = usize::try_from(chance.below(plan.members)).unwrap();
        if let Some(signal) = self.movement(at, plan, view, chance) {
            return Act::Tell(signal);
        }
        let person = &self.0[at];
        let powers = if plan.has(Kind::Powers) && chance.percent(30) {
            let mut flag = || chance.percent(50);
            Powers {
                admin: flag(),
                moderator: flag(),
                resident: flag(),
            }
        } else {
            Powers::default()
        };
        let actor = Actor {
            member: person.member,
            name: name(person.member),
            voice: person.channel,
            powers,
        };
        let wishes = Wishes {
            plan,
            view,
            me: person.member,
        };
        let command = wishes.command(chance);
        Act::Ask(actor, command)
    }

    /// What the voice gateway reports, if it reports something now.
    fn movement(
        &mut self,
        at: usize,
        plan: &Plan,
        view: &View,
        chance: &mut Chance,
    ) -> Option<Signal> {
        let choices = [
            Kind::Leaving,
            Kind::Deafness,
            Kind::Gone,
            Kind::Dragging,
            Kind::Expelling,
            Kind::LifeSigns,
        ];
        let kind = chance.of(&choices);
        if !plan.has(kind) || chance.percent(70) {
            return None;
        }
        let person = &mut self.0[at];
        let member = person.member;
        match kind {
            Kind::Leaving => person.channel = elsewhere(person.channel, chance),
            Kind::Deafness => person.deaf = !person.deaf,
            Kind::Gone if chance.percent(10) => {
                person.channel = None;
                return Some(Signal::MemberGone { member });
            }
            Kind::Dragging if chance.percent(10) => {
                let channel = ChannelId(chance.between(1, 2));
                let from = view.open.as_ref().map(|open| open.channel);
                if chance.percent(60) {
                    let along = self.0.iter_mut().filter(|person| person.channel == from);
                    along.for_each(|person| person.channel = Some(channel));
                    return Some(Signal::VoiceAll(self.listeners()));
                }
                return Some(Signal::Dragged { channel });
            }
            Kind::Expelling if chance.percent(4) => return Some(Signal::Expelled),
            Kind::LifeSigns => return Some(Signal::LifeSign { member }),
            _ => return None,
        }
        Some(Signal::Voice {
            member,
            name: name(member),
            bot: false,
            channel: person.channel,
            deaf: person.deaf,
            joined_at: joined_at(member),
        })
    }
}

/// The person of that number, from 1.
pub(super) fn member(number: u64) -> MemberId {
    MemberId(BEFORE_FIRST + number)
}

/// Since when a member is one.
pub(super) fn joined_at(member: MemberId) -> Option<Moment> {
    i64::try_from(member.0).ok().map(|id| Moment(-id))
}

pub(super) fn name(member: MemberId) -> String {
    format!("Member {member}")
}

fn elsewhere(channel: Option<ChannelId>, chance: &mut Chance) -> Option<ChannelId> {
    match channel {
        Some(ChannelId(1)) => chance.of(&[None, None, Some(ChannelId(2))]),
        _ => Some(ChannelId(1)),
    }
}
