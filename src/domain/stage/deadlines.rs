//! What happens by itself when its time has come.

use super::super::ids::MemberId;
use super::super::moment::Moment;
use super::super::protocol::{CloseReason, Effect, Post, Record, StepDown, TurnEnd};
use super::{END_GRACE, Looper, POSITION_EVERY, START_LIMIT, Sound, Stage, Standing};
use std::time::Duration;

impl Stage {
    /// When [`super::super::protocol::Signal::Deadline`] is due next.
    pub fn next_deadline(&self) -> Option<Moment> {
        let open = self.open.as_ref()?;
        let settings = &self.settings;
        let offers = open.seats.iter().filter_map(|seat| Some(seat.offer?.until));
        let playing = open.turn.as_ref().map(|turn| turn.play.looper);
        let loopers = open.seats.iter().filter_map(|seat| seat.looper.as_ref());
        let loopers = loopers.flat_map(|looper| {
            let away = looper.away_since.map(|since| since + settings.seat_kept);
            // In the middle of their own song nobody is warned or steps down.
            let idle = (Some(looper.member) != playing).then(|| self.idle_deadline(looper));
            [away, idle].into_iter().flatten()
        });
        let waiting = open.waitlist.iter();
        let waiting = waiting.filter_map(|w| Some(w.away_since? + settings.place_kept));
        let empty = open.empty_since.map(|since| since + settings.close_after);
        let sound = sound_deadlines(open);
        offers
            .chain(loopers)
            .chain(waiting)
            .chain(empty)
            .chain(sound)
            .chain(self.repeat_over())
            .min()
    }

    /// When a silent stage can go on because a track is a repeat no more.
    fn repeat_over(&self) -> Option<Moment> {
        let open = self.open.as_ref()?;
        if open.turn.is_some() || open.down {
            return None;
        }
        let loopers = open.seats.iter().filter_map(|seat| seat.looper.as_ref());
        let there = loopers.filter(|looper| looper.away_since.is_none());
        let entries = there.filter_map(|looper| self.setlists.get(&looper.member));
        let played = entries
            .flatten()
            .filter_map(|entry| self.recent.get(&entry.track.key));
        Some(*played.min()? + self.settings.repeat_window)
    }

    fn idle_deadline(&self, looper: &Looper) -> Moment {
        let settings = &self.settings;
        let warned_after = settings.idle.saturating_sub(settings.warning);
        looper
            .leaves
            .map_or(looper.last_sign + warned_after, |(leaves_at, _)| leaves_at)
    }

    pub(super) fn deadline(&mut self, now: Moment, effects: &mut Vec<Effect>) {
        self.lapse_offers(now, effects);
        self.forget_the_absent(now, effects);
        self.look_for_idlers(now, effects);
        self.watch_sound(now, effects);
        let settings = &self.settings;
        let empty = self.open.as_ref().and_then(|open| open.empty_since);
        if empty.is_some_and(|since| since + settings.close_after <= now) {
            self.close(now, CloseReason::Empty, effects);
        }
    }

    fn forget_the_absent(&mut self, now: Moment, effects: &mut Vec<Effect>) {
        let (seat_kept, place_kept) = (self.settings.seat_kept, self.settings.place_kept);
        let Some(open) = &self.open else { return };
        let over = |since: Option<Moment>, kept: Duration| since.is_some_and(|at| at + kept <= now);
        let loopers = open.seats.iter().filter_map(|seat| seat.looper.as_ref());
        let loopers = loopers.filter(|looper| over(looper.away_since, seat_kept));
        let loopers = loopers.map(|looper| looper.member);
        let waiting = open.waitlist.iter();
        let waiting = waiting.filter(|waiting| over(waiting.away_since, place_kept));
        let waiting = waiting.map(|waiting| waiting.member);
        let gone: Vec<MemberId> = loopers.chain(waiting).collect();
        for member in gone {
            self.put_off(member, StepDown::Away, effects);
        }
    }

    fn look_for_idlers(&mut self, now: Moment, effects: &mut Vec<Effect>) {
        let warning = self.settings.warning;
        let Some(open) = &self.open else { return };
        let playing = open.turn.as_ref().map(|turn| turn.play.looper);
        let due: Vec<Looper> = open
            .seats
            .iter()
            .filter_map(|seat| seat.looper.clone())
            .filter(|looper| Some(looper.member) != playing && self.idle_deadline(looper) <= now)
            .collect();
        for looper in due {
            let member = looper.member;
            if let Some((_, why)) = looper.leaves {
                self.put_off(member, why, effects);
            } else {
                let at = now + warning;
                self.warn(member, at);
                effects.push(Effect::Post(Post::IdleWarning { member, at }));
            }
        }
    }

    fn warn(&mut self, member: MemberId, at: Moment) {
        let Some(open) = &mut self.open else { return };
        let mut loopers = open
            .seats
            .iter_mut()
            .filter_map(|seat| seat.looper.as_mut());
        if let Some(looper) = loopers.find(|looper| looper.member == member) {
            looper.leaves = Some((at, StepDown::Idle));
        }
    }

    /// Keeps the position, and doesn't wait for ever for a player that has stopped answering.
    fn watch_sound(&mut self, now: Moment, effects: &mut Vec<Effect>) {
        let Some(open) = self.open.as_mut().filter(|open| !open.down) else {
            return;
        };
        let Some(turn) = &mut open.turn else { return };
        let (id, length) = (turn.play.turn, turn.play.track.length);
        match turn.sound {
            Sound::Asked { at, .. } if at + START_LIMIT <= now => {
                let (turn, fade) = (id, Duration::ZERO);
                effects.push(Effect::Stop { turn, fade });
                self.finish(now, None, &TurnEnd::Failed, effects);
            }
            Sound::Flows { zero_at, .. } if zero_at + length + END_GRACE <= now => {
                let end = turn.natural_end(length);
                self.stop_turn(now, &end, effects);
            }
            Sound::Flows { zero_at, kept_at } if kept_at + POSITION_EVERY <= now => {
                turn.sound = Sound::Flows {
                    zero_at,
                    kept_at: now,
                };
                let position = turn.position(now);
                effects.push(Effect::Keep(Record::Position {
                    turn: id,
                    position,
                    at: now,
                }));
            }
            _ => {}
        }
    }
}

fn sound_deadlines(open: &Standing) -> impl Iterator<Item = Moment> {
    let turn = open.turn.as_ref().filter(|_| !open.down);
    let deadlines = match turn.map(|turn| (turn.sound, turn.play.track.length)) {
        Some((Sound::Asked { at, .. }, _)) => [Some(at + START_LIMIT), None],
        Some((Sound::Flows { zero_at, kept_at }, length)) => [
            Some(kept_at + POSITION_EVERY),
            Some(zero_at + length + END_GRACE),
        ],
        _ => [None, None],
    };
    deadlines.into_iter().flatten()
}

#[cfg(test)]
mod tests {
    use super::super::FETCH_WAIT_LIMIT;
    use super::super::rehearsal::Party;
    use super::START_LIMIT;
    use crate::domain::ids::TurnId;
    use crate::domain::protocol::Signal;
    use std::time::Duration;

    /// Two songs; the sound of the first is on its way for so long, and is said to be.
    fn fetched_for(while_: Duration) -> Vec<String> {
        const EVERY: Duration = Duration::from_secs(5);
        let mut party = Party::new(Duration::ZERO);
        party.play(1, "Far");
        party.play(2, "Near");
        let begun = party.now;
        while party.now < begun + while_ {
            party.now = party.now + EVERY;
            party.tell(Signal::Fetching { turn: TurnId(1) });
            party.tell(Signal::Deadline);
        }
        party.sounds(1);
        party.now = party.now + START_LIMIT;
        party.tell(Signal::Deadline);
        let said = party.said().into_iter();
        said.filter(|it| it.starts_with('>')).collect()
    }

    #[test]
    fn a_song_that_is_being_fetched_is_waited_for_but_not_for_ever() {
        assert_eq!(fetched_for(Duration::from_secs(20)), [">Far"]);
        assert_eq!(fetched_for(FETCH_WAIT_LIMIT), [">Far"]);
        assert_eq!(fetched_for(FETCH_WAIT_LIMIT * 2), [">Far", ">Near"]);
    }

    #[test]
    fn a_player_that_says_nothing_is_waited_for_less() {
        let mut party = Party::new(Duration::ZERO);
        party.play(1, "Far");
        party.play(2, "Near");
        party.said();
        party.now = party.now + START_LIMIT;
        party.tell(Signal::Deadline);
        let said = party.said();
        assert!(said.contains(&">Near".to_owned()), "{said:?}");
    }
}
