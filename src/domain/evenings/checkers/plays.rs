//! Each play is begun once and ended once, and at most one sounds.

use super::super::party::{Input, Seen};
use super::{Checker, Memory, Verdict, begun, claim, ended, forgotten, kept};
use crate::domain::ids::{MemberId, NAMELESS, TurnId};
use crate::domain::protocol::{Effect, Notice, PlayRecord, Record};
use std::collections::BTreeSet;

/// Every play has exactly one beginning and one end, in this order, one play at a time.
#[derive(Default)]
pub(super) struct Records {
    running: Option<PlayRecord>,
    last: Option<TurnId>,
    over: BTreeSet<TurnId>,
    /// Somebody went to another place in the running one.
    sought: bool,
}

impl Checker for Records {
    fn look(&mut self, _: &Memory, seen: &Seen) -> Verdict {
        self.sought |= matches!(seen.outcome, Some(Ok(Notice::Sought { .. })));
        for record in kept(seen) {
            match record {
                Record::PlayBegun(play) => self.begins(play)?,
                Record::PlayEnded(play) => self.ends(play)?,
                Record::SessionClosed { .. } => claim(self.running.is_none(), || {
                    "the session closed and its play has no end".to_owned()
                })?,
                _ => {}
            }
        }
        if let (Some(play), Some(member)) = (&mut self.running, forgotten(seen))
            && play.looper == member
        {
            play.looper = MemberId::NOBODY;
            NAMELESS.clone_into(&mut play.looper_name);
        }
        let shown = seen.after.open.as_ref().and_then(|open| open.now.as_ref());
        let shown = shown.map(|now| now.turn);
        let running = self.running.as_ref().map(|play| play.turn);
        claim(shown == running, || {
            format!("the view shows {shown:?} while {running:?} runs")
        })
    }
}

impl Records {
    fn begins(&mut self, play: &PlayRecord) -> Verdict {
        let turn = play.turn;
        claim(self.last.is_none_or(|last| last < turn), || {
            format!("play {turn} begins for a second time")
        })?;
        claim(self.running.is_none(), || {
            format!("play {turn} begins while another runs")
        })?;
        claim(play.end.is_none() && play.ended_at.is_none(), || {
            format!("play {turn} begins with an end")
        })?;
        self.last = Some(turn);
        self.running = Some(play.clone());
        Ok(())
    }

    fn ends(&mut self, play: &PlayRecord) -> Verdict {
        let turn = play.turn;
        claim(self.over.insert(turn), || {
            format!("play {turn} ends for a second time")
        })?;
        let Some(began) = self.running.take() else {
            return Err(format!("play {turn} ends and did not run"));
        };
        let same = PlayRecord {
            ended_at: play.ended_at,
            end: play.end.clone(),
            played: play.played,
            audience: play.audience,
            ..began.clone()
        };
        claim(same == *play, || {
            format!("play {turn} ends as another than it began")
        })?;
        claim(play.end.is_some() && play.ended_at.is_some(), || {
            format!("play {turn} ends without an end")
        })?;
        let sought = std::mem::take(&mut self.sought);
        claim(sought || play.played <= play.track.length, || {
            format!("play {turn} was longer than its track")
        })
    }
}

/// What is to sound is one turn, the one that runs.
#[derive(Default)]
pub(super) struct OneSound {
    running: Option<TurnId>,
}

impl Checker for OneSound {
    fn look(&mut self, memory: &Memory, seen: &Seen) -> Verdict {
        for effect in &seen.effects {
            match effect {
                Effect::Keep(Record::PlayEnded(_)) => self.running = None,
                Effect::Keep(Record::PlayBegun(play)) => self.running = Some(play.turn),
                Effect::Play { turn, .. } => claim(self.running == Some(*turn), || {
                    format!("turn {turn} is to sound while {:?} runs", self.running)
                })?,
                _ => {}
            }
        }
        if memory.down {
            let played = seen.effects.iter();
            let mut played = played.filter(|effect| matches!(effect, Effect::Play { .. }));
            return claim(played.next().is_none(), || {
                "something is to sound without a connection".to_owned()
            });
        }
        let sounding = seen.sounding;
        claim(sounding.is_none() || sounding == self.running, || {
            format!("{sounding:?} sounds while {:?} runs", self.running)
        })?;
        let restarted = matches!(seen.input, Input::Restart { .. });
        let starts = begun(seen).next().is_some() || restarted;
        claim(!starts || sounding == self.running, || {
            format!("{:?} runs and nobody plays it", self.running)
        })?;
        let over = ended(seen).next().is_some() && self.running.is_none();
        claim(!over || sounding.is_none(), || {
            format!("{sounding:?} sounds on after its end")
        })
    }
}
