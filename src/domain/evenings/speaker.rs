//! The part of the speaker: takes `Play` and `Stop` and answers with signals later, or not, or
//! with some that are out of date.

use super::chance::Chance;
use super::plan::{Kind, Plan};
use crate::domain::ids::TurnId;
use crate::domain::moment::Moment;
use crate::domain::protocol::{Effect, PlaybackEnd, Signal};
use crate::domain::track::Track;
use std::time::Duration;

/// What is going to happen to a sound.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    Finishes,
    /// Cannot be read at all.
    FailsAtOnce,
    FailsHalfway,
    /// The player breaks without a word before the sound begins.
    NeverBegins,
    /// The end is never told.
    NeverEnds,
}

#[derive(Clone, Debug)]
struct Sound {
    turn: TurnId,
    from: Duration,
    length: Duration,
    fate: Fate,
    /// When it begins, or began.
    begins_at: Moment,
    flows: bool,
}

#[derive(Debug, Default)]
pub(super) struct Speaker {
    sound: Option<Sound>,
    /// Reports of sounds that are no more.
    stale: Vec<Signal>,
    down: bool,
}

impl Speaker {
    pub(super) fn take(&mut self, now: Moment, effect: &Effect, plan: &Plan, chance: &mut Chance) {
        match effect {
            Effect::Play {
                turn,
                track,
                from,
                cut_at,
                ..
            } => {
                self.forget();
                self.sound = (!self.down).then(|| Sound {
                    turn: *turn,
                    from: *from,
                    length: length(track, *cut_at, chance),
                    fate: fate(plan, chance),
                    begins_at: now + Duration::from_millis(chance.below(1_500)),
                    flows: false,
                });
            }
            Effect::Stop { .. } | Effect::Leave => self.forget(),
            _ => {}
        }
    }

    /// The sound is gone; what it would have reported may still arrive, too late.
    pub(super) fn forget(&mut self) {
        if let Some(sound) = self.sound.take() {
            let (turn, position) = (sound.turn, sound.from);
            let how = PlaybackEnd::Failed;
            self.stale.push(Signal::PlaybackStarted { turn, position });
            self.stale.push(Signal::PlaybackEnded {
                turn,
                position,
                how,
            });
        }
    }

    pub(super) fn connection(&mut self, up: bool) {
        self.down = !up;
        self.forget();
    }

    /// The process died, and the speaker with it.
    pub(super) fn restart(&mut self) {
        *self = Speaker::default();
    }

    pub(super) fn stale(&mut self, running: Option<TurnId>, chance: &mut Chance) -> Option<Signal> {
        let down = self.down;
        self.stale.retain(|signal| match signal {
            Signal::PlaybackStarted { turn, .. } | Signal::PlaybackEnded { turn, .. } => {
                // Nobody can tell the second sound of a turn from its first by the id.
                down || Some(*turn) != running
            }
            _ => false,
        });
        if self.stale.is_empty() {
            return None;
        }
        let at = usize::try_from(chance.below(self.stale.len() as u64)).unwrap();
        Some(self.stale.swap_remove(at))
    }

    /// When it has something to report.
    pub(super) fn due(&self) -> Option<Moment> {
        let sound = self.sound.as_ref()?;
        match (sound.flows, sound.fate) {
            (false, Fate::NeverBegins) | (true, Fate::NeverEnds) => None,
            (false, _) => Some(sound.begins_at),
            (true, _) => Some(sound.begins_at + sound.left()),
        }
    }

    pub(super) fn report(&mut self, now: Moment) -> Option<Signal> {
        if self.due().is_none_or(|due| due > now) {
            return None;
        }
        let sound = self.sound.as_mut()?;
        let (turn, position) = (sound.turn, sound.from);
        if !sound.flows && sound.fate != Fate::FailsAtOnce {
            sound.flows = true;
            sound.begins_at = now;
            return Some(Signal::PlaybackStarted { turn, position });
        }
        let how = match sound.fate {
            Fate::Finishes => PlaybackEnd::Finished,
            _ => PlaybackEnd::Failed,
        };
        let position = if sound.flows {
            position + sound.left()
        } else {
            position
        };
        self.sound = None;
        Some(Signal::PlaybackEnded {
            turn,
            position,
            how,
        })
    }

    /// The turn whose sound it has or prepares.
    pub(super) fn turn(&self) -> Option<TurnId> {
        self.sound.as_ref().map(|sound| sound.turn)
    }
}

impl Sound {
    fn left(&self) -> Duration {
        let left = self.length.saturating_sub(self.from);
        if self.fate == Fate::FailsHalfway {
            left / 2
        } else {
            left
        }
    }
}

/// How far the sound would get: a broadcast may be over before it is cut.
fn length(track: &Track, cut_at: Option<Duration>, chance: &mut Chance) -> Duration {
    let length = cut_at.unwrap_or(track.length);
    if track.live && chance.percent(20) {
        length / 3
    } else {
        length
    }
}

fn fate(plan: &Plan, chance: &mut Chance) -> Fate {
    if !plan.has(Kind::Failures) || chance.percent(80) {
        return Fate::Finishes;
    }
    chance.of(&[
        Fate::FailsAtOnce,
        Fate::FailsAtOnce,
        Fate::FailsHalfway,
        Fate::NeverBegins,
        Fate::NeverEnds,
    ])
}
