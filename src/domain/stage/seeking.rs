//! Another place in the song that plays, and how much songs sound together.

use super::super::ids::TurnId;
use super::super::moment::Moment;
use super::super::protocol::{Actor, Deed, Effect, Need, Notice, Refusal, SeekTo};
use super::super::track::Track;
use super::room::log;
use super::{Sound, Stage};
use std::time::Duration;

impl Stage {
    pub(super) fn seek(
        &mut self,
        now: Moment,
        actor: &Actor,
        (turn, to): (Option<TurnId>, SeekTo),
        effects: &mut Vec<Effect>,
    ) -> Result<Notice, Refusal> {
        let running = self.opened()?.turn.as_ref();
        let running = running.ok_or(Refusal::NothingPlaying)?;
        let track = running.play.track.clone();
        if turn.is_some_and(|turn| turn != running.play.turn) {
            return Err(Refusal::NothingPlaying);
        }
        let is_own = running.play.looper == actor.member;
        let is_at = running.position(now);
        if !is_own {
            self.require(actor, Need::Host)?;
        }
        if track.live {
            return Err(Refusal::LiveHasNoPlace);
        }
        let position = match to {
            SeekTo::At(position) => position,
            SeekTo::Forward(by) => is_at.saturating_add(by),
            SeekTo::Back(by) => is_at.saturating_sub(by),
        };
        if position >= track.length {
            let length = track.length;
            return Err(Refusal::BeyondEnd { length });
        }
        // Nobody holds the stage for ever by going back; host and moderators may exceed limits.
        let limit = self.turn_limit(&track);
        let would_be = running.sounded_with(now, track.length.saturating_sub(position));
        if self.require(actor, Need::Host).is_err() && would_be > limit {
            return Err(Refusal::TurnTooLong { limit });
        }
        let title = track.title.clone();
        if !is_own {
            let title = title.clone();
            effects.push(log(now, actor, Deed::Sought { title, position }));
        }
        self.go_to(now, track, position, effects);
        Ok(Notice::Sought { title, position })
    }

    fn go_to(&mut self, now: Moment, track: Track, to: Duration, effects: &mut Vec<Effect>) {
        self.accrue(now);
        let blend = self.blend(&track);
        let Some(turn) = self.open.as_mut().and_then(|open| open.turn.as_mut()) else {
            return;
        };
        turn.move_to(now, to);
        // Without a connection it is where the sound will go on.
        if matches!(turn.sound, Sound::Halted { .. }) {
            turn.sound = Sound::Halted { position: to };
        } else {
            turn.sound = Sound::Asked { at: now, from: to };
            effects.push(Effect::Play {
                turn: turn.play.turn,
                track: Box::new(track),
                from: to,
                cut_at: None,
                blend,
            });
        }
        self.recount(now);
    }

    /// How long a turn with this track may last.
    fn turn_limit(&self, track: &Track) -> Duration {
        let (limit, _) = self.length_limit();
        limit.max(track.length)
    }

    /// How much of the track may sound together with the songs before and after it: nothing when it
    /// is not even twice as long.
    pub(super) fn blend(&self, track: &Track) -> Duration {
        let crossfade = self.settings.crossfade;
        if track.live || track.length < crossfade * 2 {
            Duration::ZERO
        } else {
            crossfade
        }
    }
}
