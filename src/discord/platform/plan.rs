//! What is to be done next about a Discord stage: a pure function of what the party wants, what
//! Discord has said and what the bot has done. It asks for one step at a time, and for none again
//! that has been taken, so that it comes to an end whatever Discord answers.

use super::memory::{Lack, Memory};
use crate::domain::ids::{ChannelId, MemberId, SessionId, TurnId};
use std::collections::{BTreeSet, HashMap, HashSet};

/// What a party in a Discord stage channel wants.
#[derive(Clone, Debug)]
pub(super) struct Wish {
    pub(super) session: SessionId,
    pub(super) channel: ChannelId,
    /// The bot has come.
    pub(super) is_there: bool,
    pub(super) topic: String,
    /// The topic is the party's theme, not only our own words.
    pub(super) is_themed: bool,
    pub(super) turn: Option<TurnId>,
    pub(super) speakers: BTreeSet<MemberId>,
}

/// What Discord has said.
#[derive(Clone, Debug, Default)]
pub(super) struct Facts {
    /// Open Discord stages, with their instances.
    pub(super) instances: HashMap<ChannelId, u64>,
    /// Where members are, and whether in the audience.
    pub(super) places: HashMap<MemberId, (ChannelId, bool)>,
}

/// What this process has tried. It may be tried again after a restart.
#[derive(Clone, Debug, Default)]
pub(super) struct Tries {
    pub(super) opening: Option<Tried>,
    /// Who could not be made a speaker.
    pub(super) refused: HashSet<MemberId>,
    /// To be said.
    pub(super) lacking: Option<Lack>,
}

/// The last time the Discord stage was to be opened.
#[derive(Clone, Debug)]
pub(super) struct Tried {
    pub(super) session: SessionId,
    pub(super) channel: ChannelId,
    pub(super) topic: String,
    pub(super) turn: Option<TurnId>,
    /// For want of permissions.
    pub(super) refused: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// To the audience: no longer in a seat.
    Lower(MemberId, ChannelId),
    /// They left the channel, which made them one of the audience.
    Forget(MemberId),
    /// The stage the bot opened is gone.
    Disown,
    Close(ChannelId),
    /// There is nobody left to make a speaker: who could not be may be tried again next time.
    Pardon,
    Open,
    Retopic,
    Raise(MemberId, ChannelId),
}

pub(super) fn next(
    wish: Option<&Wish>,
    facts: &Facts,
    (memory, tries): (&Memory, &Tries),
) -> Option<Step> {
    let leaving = || memory.raised.iter().find_map(|it| lowered(wish, facts, it));
    let given_back = || {
        let own = memory.own?;
        if facts.instances.get(&own.channel) != Some(&own.instance) {
            return Some(Step::Disown);
        }
        let stays = wish.is_some_and(|wish| wish.channel == own.channel);
        (!stays).then_some(Step::Close(own.channel))
    };
    let pardoned = || {
        let nobody = wish.is_none_or(|wish| wish.speakers.is_empty());
        (nobody && !tries.refused.is_empty()).then_some(Step::Pardon)
    };
    let here = wish.filter(|wish| wish.is_there);
    leaving()
        .or_else(given_back)
        .or_else(pardoned)
        .or_else(|| shown(here?, facts, (memory, tries)))
        .or_else(|| raised(here?, facts, (memory, tries)))
}

/// Who was made a speaker and is to be none any more. Whoever somebody else has sent to the
/// audience since is there already.
fn lowered(
    wish: Option<&Wish>,
    facts: &Facts,
    (member, channel): (&MemberId, &ChannelId),
) -> Option<Step> {
    let Some((is_in, hushed)) = facts.places.get(member) else {
        return Some(Step::Forget(*member));
    };
    if is_in != channel {
        return Some(Step::Forget(*member));
    }
    let stays = wish.is_some_and(|it| it.channel == *channel && it.speakers.contains(member));
    match (stays, hushed) {
        (true, _) => None,
        (false, true) => Some(Step::Forget(*member)),
        (false, false) => Some(Step::Lower(*member, *channel)),
    }
}

/// The stage is open under the party's theme. One that somebody else opened keeps its topic unless
/// the party has a theme. One that was closed during the party is opened again, at most once in a
/// turn; one that may not be opened is tried again with another theme.
fn shown(wish: &Wish, facts: &Facts, (memory, tries): (&Memory, &Tries)) -> Option<Step> {
    let Some(instance) = facts.instances.get(&wish.channel) else {
        let may_open = match &tries.opening {
            Some(last) if (last.session, last.channel) != (wish.session, wish.channel) => true,
            Some(last) if last.refused => last.topic != wish.topic,
            Some(last) => last.turn != wish.turn,
            None => true,
        };
        return may_open.then_some(Step::Open);
    };
    let is_own = memory.own.is_some_and(|own| own.instance == *instance);
    let given = memory.topic.as_ref();
    let is_given = given.is_some_and(|(channel, topic)| {
        (*channel, topic.as_str()) == (wish.channel, wish.topic.as_str())
    });
    ((is_own || wish.is_themed) && !is_given).then_some(Step::Retopic)
}

/// Who sits and is in the audience is asked up, once: they may decline, and a moderator may send
/// them back.
fn raised(wish: &Wish, facts: &Facts, (memory, tries): (&Memory, &Tries)) -> Option<Step> {
    let mut waiting = wish.speakers.iter().filter(|member| {
        let is_here = facts.places.get(*member) == Some(&(wish.channel, true));
        is_here && !memory.raised.contains_key(*member) && !tries.refused.contains(*member)
    });
    let member = waiting.next()?;
    Some(Step::Raise(*member, wish.channel))
}

#[cfg(test)]
mod tests {
    use super::super::memory::Own;
    use super::*;

    const HALL: ChannelId = ChannelId(1);
    const ANA: MemberId = MemberId(10);

    fn wish() -> Wish {
        Wish {
            session: SessionId(1),
            channel: HALL,
            is_there: true,
            topic: "Songs".to_owned(),
            is_themed: true,
            turn: Some(TurnId(1)),
            speakers: BTreeSet::new(),
        }
    }

    fn open(instance: u64) -> Facts {
        Facts {
            instances: [(HALL, instance)].into(),
            places: HashMap::new(),
        }
    }

    fn owning(instance: u64) -> Memory {
        Memory {
            own: Some(Own {
                channel: HALL,
                instance,
            }),
            topic: Some((HALL, "Songs".to_owned())),
            ..Memory::default()
        }
    }

    fn tried(wish: &Wish, refused: bool) -> Tries {
        Tries {
            opening: Some(Tried {
                session: wish.session,
                channel: wish.channel,
                topic: wish.topic.clone(),
                turn: wish.turn,
                refused,
            }),
            ..Tries::default()
        }
    }

    fn plan(wish: Option<&Wish>, facts: &Facts, memory: &Memory) -> Option<Step> {
        next(wish, facts, (memory, &Tries::default()))
    }

    #[test]
    fn a_party_opens_the_stage_once_the_bot_is_there() {
        let closed = Facts::default();
        let away = Wish {
            is_there: false,
            ..wish()
        };
        assert_eq!(plan(Some(&away), &closed, &Memory::default()), None);
        let opens = plan(Some(&wish()), &closed, &Memory::default());
        assert_eq!(opens, Some(Step::Open));
        assert_eq!(plan(Some(&wish()), &open(5), &owning(5)), None);
        assert_eq!(plan(None, &closed, &Memory::default()), None);
    }

    #[test]
    fn what_the_bot_opened_is_closed_with_the_party_and_nothing_else() {
        let closes = plan(None, &open(5), &owning(5));
        assert_eq!(closes, Some(Step::Close(HALL)));
        assert_eq!(plan(None, &open(5), &Memory::default()), None);
        // Closed, and opened by somebody else.
        assert_eq!(plan(None, &open(6), &owning(5)), Some(Step::Disown));
        let gone = plan(None, &Facts::default(), &owning(5));
        assert_eq!(gone, Some(Step::Disown));
        let elsewhere = Wish {
            channel: ChannelId(2),
            ..wish()
        };
        let moves = plan(Some(&elsewhere), &open(5), &owning(5));
        assert_eq!(moves, Some(Step::Close(HALL)));
    }

    #[test]
    fn another_theme_is_another_topic_and_others_topics_give_way_only_to_a_theme() {
        let other = Wish {
            topic: "Louder songs".to_owned(),
            ..wish()
        };
        let changes = plan(Some(&other), &open(5), &owning(5));
        assert_eq!(changes, Some(Step::Retopic));
        let foreign = plan(Some(&other), &open(6), &Memory::default());
        assert_eq!(foreign, Some(Step::Retopic));
        let unthemed = Wish {
            is_themed: false,
            ..other
        };
        let left_alone = plan(Some(&unthemed), &open(6), &Memory::default());
        assert_eq!(left_alone, None);
        let own = plan(Some(&unthemed), &open(5), &owning(5));
        assert_eq!(own, Some(Step::Retopic));
    }

    #[test]
    fn a_stage_that_was_closed_is_opened_again_once_in_a_turn() {
        let (closed, memory) = (Facts::default(), Memory::default());
        let next = |wish: &Wish, tries: &Tries| next(Some(wish), &closed, (&memory, tries));
        let tries = tried(&wish(), false);
        assert_eq!(next(&wish(), &tries), None);
        let later = Wish {
            turn: Some(TurnId(2)),
            ..wish()
        };
        assert_eq!(next(&later, &tries), Some(Step::Open));
        // What is not permitted waits for another theme, or another party.
        let refused = tried(&wish(), true);
        assert_eq!(next(&later, &refused), None);
        let renamed = Wish {
            topic: "Other songs".to_owned(),
            ..wish()
        };
        assert_eq!(next(&renamed, &refused), Some(Step::Open));
        let another = Wish {
            session: SessionId(2),
            ..wish()
        };
        assert_eq!(next(&another, &refused), Some(Step::Open));
    }

    #[test]
    fn who_sits_is_asked_up_once_and_sent_back_when_they_leave_the_seat() {
        let seated = Wish {
            speakers: [ANA].into(),
            ..wish()
        };
        let at = |channel, hushed| Facts {
            places: [(ANA, (channel, hushed))].into(),
            ..open(5)
        };
        let up = plan(Some(&seated), &at(HALL, true), &owning(5));
        assert_eq!(up, Some(Step::Raise(ANA, HALL)));
        // Who speaks by other means was not made a speaker, and is not sent back.
        assert_eq!(plan(Some(&seated), &at(HALL, false), &owning(5)), None);
        assert_eq!(plan(Some(&wish()), &at(HALL, false), &owning(5)), None);
        let raised = Memory {
            raised: [(ANA, HALL)].into(),
            ..owning(5)
        };
        // Declined, or sent back by a moderator.
        assert_eq!(plan(Some(&seated), &at(HALL, true), &raised), None);
        let down = plan(Some(&wish()), &at(HALL, false), &raised);
        assert_eq!(down, Some(Step::Lower(ANA, HALL)));
        let there = plan(Some(&wish()), &at(HALL, true), &raised);
        assert_eq!(there, Some(Step::Forget(ANA)));
        // Out of the channel and in again is in the audience again.
        let out = plan(Some(&seated), &open(5), &raised);
        assert_eq!(out, Some(Step::Forget(ANA)));
        let closing = plan(None, &at(HALL, false), &raised);
        assert_eq!(closing, Some(Step::Lower(ANA, HALL)));
    }

    #[test]
    fn who_could_not_be_made_a_speaker_is_not_tried_in_a_circle() {
        let seated = Wish {
            speakers: [ANA].into(),
            ..wish()
        };
        let facts = Facts {
            places: [(ANA, (HALL, true))].into(),
            ..open(5)
        };
        let tries = Tries {
            refused: [ANA].into(),
            ..Tries::default()
        };
        let memory = owning(5);
        assert_eq!(next(Some(&seated), &facts, (&memory, &tries)), None);
        let freed = next(Some(&wish()), &facts, (&memory, &tries));
        assert_eq!(freed, Some(Step::Pardon));
    }
}
