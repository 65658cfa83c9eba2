//! How people come off the stage, and how the stage closes: each for its reason and in its time.

use super::super::party::{Input, Seen};
use super::{Checker, Memory, Verdict, claim, kept, loopers};
use crate::domain::ids::MemberId;
use crate::domain::moment::Moment;
use crate::domain::protocol::{CloseReason, Command, Effect, Post, Record, Signal, StepDown};
use std::collections::BTreeMap;

pub(super) fn steps_down(seen: &Seen) -> impl Iterator<Item = (MemberId, StepDown)> {
    seen.effects.iter().filter_map(|effect| match effect {
        Effect::Post(Post::SteppedDown { member, why, .. }) => Some((*member, *why)),
        _ => None,
    })
}

/// Every step-down has its reason; who plays is left in peace unless somebody wills it otherwise.
#[derive(Default)]
pub(super) struct StepDowns {
    warned: BTreeMap<MemberId, Moment>,
    last_sign: BTreeMap<MemberId, Moment>,
}

impl Checker for StepDowns {
    fn look(&mut self, memory: &Memory, seen: &Seen) -> Verdict {
        for (member, why) in steps_down(seen) {
            self.has_reason(memory, seen, member, why)?;
            claim(!sits(seen, member), || {
                format!("{member} steps down and sits")
            })?;
        }
        Self::nobody_vanishes(seen)?;
        self.remember(seen);
        Ok(())
    }
}

fn sits(seen: &Seen, member: MemberId) -> bool {
    let open = seen.after.open.as_ref();
    open.is_some_and(|open| loopers(open).any(|(_, looper)| looper == member))
}

impl StepDowns {
    fn has_reason(&self, memory: &Memory, seen: &Seen, member: MemberId, why: StepDown) -> Verdict {
        let settings = &seen.before.settings;
        let now = seen.now;
        let playing = seen.after.open.as_ref().and_then(|open| open.now.as_ref());
        let playing = playing.is_some_and(|now| now.looper == member);
        let warned = self.warned.get(&member).copied();
        match why {
            StepDown::TurnLimit => claim(!playing, || {
                format!("{member} steps down in the middle of their song")
            }),
            StepDown::Passed | StepDown::Idle => {
                claim(!playing, || {
                    format!("{member} steps down in the middle of their song")
                })?;
                claim(warned.is_some_and(|at| at <= now), || {
                    format!("{member} steps down for {why:?}; they were to at {warned:?}")
                })?;
                let sign = self.last_sign.get(&member).copied();
                let silent = sign.is_none_or(|sign| now.since(sign) >= settings.warning);
                claim(why == StepDown::Passed || silent, || {
                    format!("{member} steps down and gave a sign of life at {sign:?}")
                })
            }
            StepDown::Away => {
                let since = memory.was_absent_since(member);
                let long = since.is_some_and(|since| since + settings.seat_kept <= now);
                claim(long, || {
                    format!("{member} steps down as away, absent since {since:?}")
                })
            }
            StepDown::Gone => claim(
                seen.input_is(|signal| matches!(signal, Signal::MemberGone { member: gone } if *gone == member)),
                || format!("{member} has not gone"),
            ),
            StepDown::Kicked => {
                let kicked = matches!(&seen.input,
                    Input::Ask(_, Command::Kick { member: off, .. } | Command::StageBan { member: off, .. })
                        if *off == member);
                claim(kicked, || format!("nobody kicked {member}"))
            }
            StepDown::SeatRemoved => claim(
                matches!(&seen.input, Input::Ask(_, Command::Configure { .. })),
                || format!("nobody removed the seat of {member}"),
            ),
        }
    }

    /// Who sat and sits no more said so or was told so.
    fn nobody_vanishes(seen: &Seen) -> Verdict {
        let (Some(before), Some(_)) = (&seen.before.open, &seen.after.open) else {
            return Ok(());
        };
        for (_, member) in loopers(before).filter(|(_, member)| !sits(seen, *member)) {
            let left = matches!(&seen.input, Input::Ask(actor, Command::LeaveSeat) if actor.member == member);
            let told = steps_down(seen).any(|(off, _)| off == member);
            let forgotten = super::forgotten(seen) == Some(member);
            claim(left || told || forgotten, || {
                format!("{member} lost the seat without a word")
            })?;
        }
        Ok(())
    }

    fn remember(&mut self, seen: &Seen) {
        match &seen.input {
            Input::Ask(actor, _) if seen.outcome.as_ref().is_some_and(Result::is_ok) => {
                self.last_sign.insert(actor.member, seen.now);
            }
            Input::Tell(Signal::LifeSign { member }) => {
                self.last_sign.insert(*member, seen.now);
            }
            Input::Restart { .. } => self.warned.clear(),
            _ => {}
        }
        for effect in &seen.effects {
            match effect {
                Effect::Post(Post::IdleWarning { member, at }) => {
                    self.warned.insert(*member, *at);
                }
                Effect::Post(Post::SteppedDown { member, .. }) => {
                    self.warned.remove(member);
                }
                Effect::Post(Post::Opened { .. }) => self.warned.clear(),
                _ => {}
            }
        }
    }
}

/// Whoever is away too long is not kept, and an empty stage closes: in time, not before.
#[derive(Default)]
pub(super) struct Closing {
    empty_since: Option<Moment>,
}

impl Checker for Closing {
    fn look(&mut self, memory: &Memory, seen: &Seen) -> Verdict {
        let settings = &seen.before.settings;
        for record in kept(seen) {
            let Record::SessionClosed { why, .. } = record else {
                continue;
            };
            let long = self
                .empty_since
                .is_some_and(|since| since + settings.close_after <= seen.now);
            let right = match why {
                CloseReason::Asked => matches!(seen.input, Input::Ask(_, Command::Close)),
                CloseReason::Expelled => seen.input_is(|signal| *signal == Signal::Expelled),
                CloseReason::Empty => long,
            };
            claim(right, || {
                format!("closed as {why:?}, empty since {:?}", self.empty_since)
            })?;
        }
        if matches!(seen.input, Input::Restart { .. }) {
            self.empty_since = None;
        }
        let Some(open) = &seen.after.open else {
            self.empty_since = None;
            return Ok(());
        };
        let somebody = memory.crowd.values();
        let somebody = somebody.filter(|one| !one.bot && one.channel == open.channel);
        if somebody.count() > 0 {
            self.empty_since = None;
        } else {
            self.empty_since = self.empty_since.or(Some(seen.now));
        }
        if !seen.input_is(|signal| *signal == Signal::Deadline) {
            return Ok(());
        }
        let empty = self.empty_since;
        claim(
            empty.is_none_or(|since| since + settings.close_after > seen.now),
            || format!("open and empty since {empty:?}"),
        )?;
        for (member, kept) in loopers(open)
            .map(|(_, member)| (member, settings.seat_kept))
            .chain(
                open.waitlist
                    .iter()
                    .map(|one| (one.member, settings.place_kept)),
            )
        {
            let since = memory.absent_since.get(&member).copied();
            claim(since.is_none_or(|since| since + kept > seen.now), || {
                format!("{member} is absent since {since:?} and keeps their place")
            })?;
        }
        Ok(())
    }
}
