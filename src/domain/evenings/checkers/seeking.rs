//! Going to another place in a song: by those who may, to where they asked, and never so that a turn
//! becomes longer than turns may be.

use super::super::party::{Input, Seen};
use super::{Checker, Memory, Verdict, claim};
use crate::domain::moment::Moment;
use crate::domain::protocol::{Command, Effect, Notice, SeekTo};
use crate::domain::view::NowView;
use std::time::Duration;

pub(super) struct Seeking;

fn position(now: &NowView, at: Moment) -> Duration {
    if now.playing {
        at.since(now.zero_at).min(now.track.length)
    } else {
        now.position
    }
}

impl Checker for Seeking {
    fn look(&mut self, memory: &Memory, seen: &Seen) -> Verdict {
        let Input::Ask(actor, Command::Seek { to, .. }) = &seen.input else {
            return Ok(());
        };
        let Some(Ok(Notice::Sought { position: got, .. })) = &seen.outcome else {
            return Ok(());
        };
        let (Some(open), Some(is)) = (&seen.before.open, running(seen)) else {
            return Err("a place was found in no song".to_owned());
        };
        let powers = actor.powers;
        let may = is.looper == actor.member || open.host == actor.member;
        claim(may || powers.admin || powers.moderator, || {
            format!("{} moved the song of {}", actor.member, is.looper)
        })?;
        let was_at = position(is, seen.now);
        let asked = match to {
            SeekTo::At(at) => *at,
            SeekTo::Forward(by) => was_at + *by,
            SeekTo::Back(by) => was_at.saturating_sub(*by),
        };
        claim(*got == asked && asked < is.track.length, || {
            format!("asked for {asked:?} of {:?}, got {got:?}", is.track.length)
        })?;
        let after = seen.after.open.as_ref().and_then(|open| open.now.as_ref());
        let shown = after.map(|now| (now.turn, position(now, seen.now)));
        claim(shown == Some((is.turn, asked)), || {
            format!("asked for {asked:?} and shown is {shown:?}")
        })?;
        let plays = seen.effects.iter().any(|effect| {
            matches!(effect, Effect::Play { turn, from, .. } if *turn == is.turn && *from == asked)
        });
        claim(plays != memory.down, || {
            format!("the sound of turn {} is not moved", is.turn)
        })
    }
}

fn running(seen: &Seen) -> Option<&NowView> {
    seen.before.open.as_ref()?.now.as_ref()
}
