//! Turns: whose is next, how one begins and ends, and what skips it.

use super::super::ids::{EntryId, MemberId, SeatNo, TurnId};
use super::super::moment::Moment;
use super::super::protocol::{
    Actor, Deed, Effect, Entry, Need, Notice, PlayRecord, PlaybackEnd, Post, RatingRecord, Record,
    Refusal, ResultFigures, SkipReason, StepDown, TurnEnd,
};
use super::super::track::Track;
use super::room::{log, short};
use super::seats::{index, number};
use super::{FETCH_WAIT_LIMIT, SKIP_FADE, Sound, Stage, Turn};
use std::time::Duration;

/// Titles of a live stream that are kept with its play.
const TITLES_LIMIT: u32 = 20;

/// What the spotlight would do next.
pub(super) struct Next {
    /// Position of the seat that plays, from the left, 0-based.
    at: usize,
    pub(super) entry: EntryId,
    /// Seats it goes over on the way because their loopers have nothing to play.
    passed: Vec<usize>,
}

/// Where the sound is cut: what is live goes on for ever, and its length is what it may play.
fn cut(track: &Track) -> Option<Duration> {
    track.live.then_some(track.length)
}

impl Turn {
    /// How the turn ended whose sound is over: cut at the limit, if it is live and got there.
    pub(super) fn natural_end(&self, position: Duration) -> TurnEnd {
        match cut(&self.play.track) {
            Some(cut_at) if position >= cut_at => TurnEnd::Limit,
            _ => TurnEnd::Finished,
        }
    }

    /// How much has sounded by now.
    pub(super) fn position(&self, now: Moment) -> Duration {
        match self.sound {
            Sound::Asked { from, .. } => from,
            Sound::Flows { zero_at, .. } => now.since(zero_at).min(self.play.track.length),
            Sound::Halted { position } => position,
            Sound::Ended => self.play.played,
        }
    }

    /// How much has sounded when the position is this.
    fn sounded(&self, position: Duration) -> Duration {
        self.sounded_before + position.saturating_sub(self.stretch_from)
    }

    /// How much will have sounded when so much more has.
    pub(super) fn sounded_with(&self, now: Moment, more: Duration) -> Duration {
        self.sounded(self.position(now)) + more
    }

    /// From now on the sound goes on from another place.
    pub(super) fn move_to(&mut self, now: Moment, to: Duration) {
        self.sounded_before = self.sounded(self.position(now));
        self.stretch_from = to;
    }
}

impl Stage {
    /// Whether the entry's track was played here lately; then when. A live stream is never twice the
    /// same.
    pub(super) fn repeat(&self, now: Moment, entry: &Entry) -> Option<Moment> {
        if entry.track.live {
            return None;
        }
        let played_at = *self.recent.get(&entry.track.key)?;
        (now.since(played_at) < self.settings.repeat_window).then_some(played_at)
    }

    fn playable(&self, now: Moment, member: MemberId) -> Option<&Entry> {
        let entries = self.setlists.get(&member)?;
        entries
            .iter()
            .find(|entry| self.repeat(now, entry).is_none())
    }

    pub(super) fn next(&self, now: Moment) -> Option<Next> {
        let open = self.open.as_ref()?;
        let seats = open.seats.len();
        let first = open.spotlight.and_then(index).map_or(0, |at| at + 1);
        let mut passed = Vec::new();
        for at in (first..first + seats).map(|at| at % seats) {
            let Some(looper) = open.seats.get(at).and_then(|seat| seat.looper.as_ref()) else {
                continue;
            };
            // Who has left the channel is waited for, but not with a silent stage.
            if looper.away_since.is_some() {
                continue;
            }
            match self.playable(now, looper.member) {
                Some(entry) => {
                    return Some(Next {
                        at,
                        entry: entry.id,
                        passed,
                    });
                }
                None => passed.push(at),
            }
        }
        None
    }

    /// Begins the next turn if none runs and somebody has a track.
    pub(super) fn start_next(&mut self, now: Moment, effects: &mut Vec<Effect>) {
        let idle = self
            .open
            .as_ref()
            .is_some_and(|open| open.turn.is_none() && !open.down);
        if !idle {
            return;
        }
        let Some(next) = self.next(now) else { return };
        for at in next.passed {
            self.pass_over(now, at, effects);
        }
        self.begin(now, next.at, next.entry, effects);
    }

    fn pass_over(&mut self, now: Moment, at: usize, effects: &mut Vec<Effect>) {
        let (limit, warning) = (self.settings.passes, self.settings.warning);
        let open = self.open.as_mut();
        let Some(seat) = open.and_then(|open| open.seats.get_mut(at)) else {
            return;
        };
        seat.visited = true;
        let Some(looper) = &mut seat.looper else {
            return;
        };
        looper.passed += 1;
        let member = looper.member;
        if looper.passed >= limit && looper.leaves.is_none() {
            let leaves_at = now + warning;
            looper.leaves = Some((leaves_at, StepDown::Passed));
            effects.push(Effect::Post(Post::IdleWarning {
                member,
                at: leaves_at,
            }));
        }
        self.say_repeats(now, member, None, effects);
    }

    /// Says of each repeat before `until` in the setlist, once, that it is passed over.
    fn say_repeats(
        &mut self,
        now: Moment,
        member: MemberId,
        until: Option<EntryId>,
        effects: &mut Vec<Effect>,
    ) {
        let entries = self.setlists.get(&member).into_iter().flatten();
        let before = entries.take_while(|entry| Some(entry.id) != until);
        let repeats: Vec<_> = before
            .filter_map(|entry| {
                Some((
                    entry.id,
                    entry.track.title.clone(),
                    self.repeat(now, entry)?,
                ))
            })
            .collect();
        let Some(open) = &mut self.open else { return };
        for (entry, title, played_at) in repeats {
            if open.repeats_said.insert(entry) {
                effects.push(Effect::Post(Post::RepeatPassedOver {
                    member,
                    title,
                    played_at,
                }));
            }
        }
    }

    /// Notes that the track is played now, and how long it may play if it is live.
    fn is_played(&mut self, now: Moment, track: &mut Track) {
        if track.live {
            track.length = self.length_limit().0;
        }
        let window = self.settings.repeat_window;
        self.recent
            .retain(|_, played_at| now.since(*played_at) < window);
        self.recent.insert(track.key.clone(), now);
    }

    fn begin(&mut self, now: Moment, at: usize, entry: EntryId, effects: &mut Vec<Effect>) {
        let Some(looper) = self
            .open
            .as_ref()
            .and_then(|open| open.seats.get(at)?.looper.clone())
        else {
            return;
        };
        self.say_repeats(now, looper.member, Some(entry), effects);
        let Some(mut entry) = self.take_entry(looper.member, entry, effects) else {
            return;
        };
        self.is_played(now, &mut entry.track);
        self.last_turn += 1;
        let turn = TurnId(self.last_turn);
        let audience = self.audience(Some(looper.member));
        let blend = self.blend(&entry.track);
        let Some(open) = &mut self.open else { return };
        let play = PlayRecord {
            turn,
            session: open.session,
            looper: looper.member,
            looper_name: looper.name,
            seat: number(at),
            track: entry.track.clone(),
            began_at: now,
            ended_at: None,
            played: Duration::ZERO,
            end: None,
            audience,
        };
        self.unheard.clear();
        open.last_turn = turn;
        open.spotlight = Some(number(at));
        open.repeats_said.remove(&entry.id);
        if let Some(seat) = open.seats.get_mut(at) {
            seat.visited = true;
        }
        if let Some(looper) = open.seats.get_mut(at).and_then(|seat| seat.looper.as_mut()) {
            looper.passed = 0;
            looper.turns += u32::from(open.contended);
            if looper
                .leaves
                .is_some_and(|(_, why)| why == StepDown::Passed)
            {
                looper.leaves = None;
            }
        }
        effects.push(Effect::Keep(Record::PlayBegun(Box::new(play.clone()))));
        let from = |collection| Effect::Keep(Record::FromCollection { turn, collection });
        effects.extend(entry.from.map(from));
        let track = Box::new(entry.track);
        effects.push(Effect::Play {
            turn,
            cut_at: cut(&track),
            track,
            from: Duration::ZERO,
            blend,
        });
        open.turn = Some(Turn::asked(now, play));
    }

    pub(super) fn began(&mut self, now: Moment, turn: TurnId, position: Duration) {
        // A halted one: the report was on its way when the connection broke.
        let awaited = self
            .running(turn)
            .is_some_and(|running| !matches!(running.sound, Sound::Halted { .. }));
        if !awaited {
            return;
        }
        self.accrue(now);
        let Some(running) = self.running(turn) else {
            return;
        };
        running.sound = Sound::Flows {
            zero_at: now - position,
            kept_at: now,
        };
        self.recount(now);
    }

    /// The live stream of the turn says what is on. It is shown, and kept with the play.
    pub(super) fn titled(
        &mut self,
        now: Moment,
        turn: TurnId,
        title: &str,
        effects: &mut Vec<Effect>,
    ) {
        let title: String = title.chars().take(Track::TEXT_LIMIT).collect();
        let fits = !title.is_empty() && !self.has_banned_word(&title);
        let Some(running) = self.running(turn).filter(|it| it.play.track.live) else {
            return;
        };
        let is_new = fits && running.on_air.as_ref() != Some(&title);
        if is_new && running.titles < TITLES_LIMIT {
            running.titles += 1;
            effects.push(Effect::Keep(Record::OnAir {
                turn,
                place: running.titles,
                offset: running.position(now),
                title: title.clone(),
            }));
        }
        running.on_air = fits.then_some(title);
    }

    /// The running turn, if it is this one.
    fn running(&mut self, turn: TurnId) -> Option<&mut Turn> {
        self.open
            .as_mut()?
            .turn
            .as_mut()
            .filter(|running| running.play.turn == turn)
    }

    /// The player is at work: it is waited for, though not for ever.
    pub(super) fn still_fetching(&mut self, now: Moment, turn: TurnId) {
        let Some(running) = self.running(turn) else {
            return;
        };
        if let Sound::Asked { at, .. } = &mut running.sound
            && now < running.play.began_at + FETCH_WAIT_LIMIT
        {
            *at = now;
        }
    }

    pub(super) fn ended(
        &mut self,
        now: Moment,
        turn: TurnId,
        position: Duration,
        how: PlaybackEnd,
        effects: &mut Vec<Effect>,
    ) {
        let Some(running) = self.running(turn) else {
            return;
        };
        if !matches!(running.sound, Sound::Flows { .. } | Sound::Asked { .. }) {
            return;
        }
        let end = match how {
            PlaybackEnd::Finished => running.natural_end(position),
            PlaybackEnd::Failed => TurnEnd::Failed,
        };
        self.finish(now, Some(position), &end, effects);
    }

    /// Stops the sound and ends the turn, if one runs.
    pub(super) fn stop_turn(&mut self, now: Moment, end: &TurnEnd, effects: &mut Vec<Effect>) {
        let running = self.open.as_ref().and_then(|open| open.turn.as_ref());
        let Some(turn) = running.map(|running| running.play.turn) else {
            return;
        };
        effects.push(Effect::Stop {
            turn,
            fade: SKIP_FADE,
        });
        self.finish(now, None, end, effects);
    }

    /// Ends the running turn: the play gets its figures, the looper may have to step down.
    pub(super) fn finish(
        &mut self,
        now: Moment,
        position: Option<Duration>,
        end: &TurnEnd,
        effects: &mut Vec<Effect>,
    ) {
        self.accrue(now);
        let Some(mut turn) = self.open.as_mut().and_then(|open| open.turn.take()) else {
            return;
        };
        turn.play.played = turn.sounded(position.unwrap_or_else(|| turn.position(now)));
        turn.play.ended_at = Some(now);
        turn.play.end = Some(end.clone());
        turn.sound = Sound::Ended;
        let played = turn.play.played;
        turn.heard.values_mut().for_each(|hearing| {
            hearing.since = None;
            // The end may be told late, and after a restart some of it sounded twice.
            hearing.heard = hearing.heard.min(played);
        });
        turn.looper_since = None;
        turn.looper_heard = turn.looper_heard.min(played);
        self.keep_figures(&turn, effects);
        let (looper, seat) = (turn.play.looper, turn.play.seat);
        if *end == TurnEnd::Failed {
            let title = turn.play.track.title.clone();
            effects.push(Effect::Post(Post::TrackFailed {
                member: looper,
                title,
            }));
            if turn.play.played.is_zero() {
                self.recent.remove(&turn.play.track.key);
            }
        } else {
            let figures = self.figures(&turn);
            effects.push(Effect::Post(Post::Result(
                Box::new(turn.play.clone()),
                figures,
            )));
        }
        if let Some(open) = &mut self.open {
            open.plays += 1;
            open.last = Some(turn);
        }
        if *end == TurnEnd::Failed {
            self.replace_failed(now, looper, seat, effects);
        }
        if self.open.as_ref().is_some_and(|open| open.turn.is_none()) {
            self.step_down_after(now, looper, effects);
        }
    }

    /// The looper's next track takes the place of one that failed, so that the turn is not lost.
    fn replace_failed(
        &mut self,
        now: Moment,
        looper: MemberId,
        seat: SeatNo,
        effects: &mut Vec<Effect>,
    ) {
        let entry = self.playable(now, looper).map(|entry| entry.id);
        let (Some(at), Some(entry)) = (index(seat), entry) else {
            return;
        };
        let sits = self
            .seat_looper(at)
            .filter(|there| there.member == looper && there.away_since.is_none());
        let Some(looper) = sits else { return };
        // The turn that failed was not one.
        looper.turns = looper.turns.saturating_sub(1);
        self.begin(now, at, entry, effects);
    }

    fn seat_looper(&mut self, at: usize) -> Option<&mut super::Looper> {
        self.open.as_mut()?.seats.get_mut(at)?.looper.as_mut()
    }

    fn step_down_after(&mut self, now: Moment, looper: MemberId, effects: &mut Vec<Effect>) {
        let Some(at) = self.seat_of(looper).and_then(index) else {
            return;
        };
        let leaves = self.seat_looper(at).and_then(|looper| looper.leaves);
        if let Some((_, why)) = leaves.filter(|(leaves_at, _)| *leaves_at <= now) {
            self.put_off(looper, why, effects);
        } else if self.has_had_turns(looper) {
            self.put_off(looper, StepDown::TurnLimit, effects);
        }
    }

    /// The records of a play that has ended: its end, who heard it, which ratings count.
    fn keep_figures(&self, turn: &Turn, effects: &mut Vec<Effect>) {
        effects.push(Effect::Keep(Record::PlayEnded(Box::new(turn.play.clone()))));
        let id = turn.play.turn;
        for (member, hearing) in &turn.heard {
            effects.push(Effect::Keep(Record::Heard {
                turn: id,
                member: *member,
                name: hearing.name.clone(),
                heard: hearing.heard,
                counts: self.was_heard(turn, hearing.heard),
                joined_at: hearing.joined_at,
            }));
        }
        if !turn.looper_heard.is_zero() {
            effects.push(Effect::Keep(Record::LooperHeard {
                turn: id,
                looper: turn.play.looper,
                heard: turn.looper_heard,
                counts: self.was_heard(turn, turn.looper_heard),
            }));
        }
        for (rater, rating) in &turn.ratings {
            effects.push(Effect::Keep(Record::Rating(RatingRecord {
                turn: id,
                rater: *rater,
                stars: rating.stars,
                way: rating.way,
                at: rating.at,
                counts: self.counts(turn, *rater),
            })));
        }
    }

    fn figures(&self, turn: &Turn) -> ResultFigures {
        let (tally, mean) = super::showing::tally(turn);
        let heard = turn
            .heard
            .values()
            .filter(|hearing| self.was_heard(turn, hearing.heard));
        ResultFigures {
            mean,
            ratings: tally.iter().sum(),
            grabs: u32::try_from(turn.grabs.len()).unwrap_or(u32::MAX),
            heard: u32::try_from(heard.count()).unwrap_or(u32::MAX),
        }
    }

    /// The play before can be rated no more.
    pub(super) fn lay_last_to_rest(&mut self) {
        if let Some(open) = &mut self.open {
            open.last = None;
        }
    }

    pub(super) fn skip(
        &mut self,
        now: Moment,
        actor: &Actor,
        turn: Option<TurnId>,
        reason: Option<SkipReason>,
        effects: &mut Vec<Effect>,
    ) -> Result<Notice, Refusal> {
        let running = self
            .opened()?
            .turn
            .as_ref()
            .ok_or(Refusal::NothingPlaying)?;
        let (id, looper) = (running.play.turn, running.play.looper);
        if turn.is_some_and(|turn| turn != id) {
            return Err(Refusal::TooLate);
        }
        if let Some(SkipReason::Words(words)) = &reason {
            short(Some(words))?;
        }
        let title = running.play.track.title.clone();
        if looper == actor.member {
            self.stop_turn(now, &TurnEnd::SkippedByLooper, effects);
            return Ok(Notice::Skipped { title });
        }
        if self.require(actor, Need::Host).is_err() {
            let (votes, needed) = self.skip_votes();
            return Err(match needed {
                Some(needed) => Refusal::VoteInstead { votes, needed },
                None => Refusal::VoteOff,
            });
        }
        let deed = Deed::Skipped {
            turn: id,
            title: title.clone(),
            reason: reason.clone(),
        };
        effects.push(log(now, actor, deed));
        self.stop_turn(
            now,
            &TurnEnd::SkippedBy {
                member: actor.member,
                reason,
            },
            effects,
        );
        Ok(Notice::Skipped { title })
    }

    pub(super) fn connection(
        &mut self,
        now: Moment,
        (up, ago): (bool, Duration),
        effects: &mut Vec<Effect>,
    ) {
        self.accrue(now - ago);
        let Some(open) = &mut self.open else { return };
        open.down = !up;
        if up {
            self.sound_again(now, effects);
        } else if let Some(turn) = &mut open.turn {
            let position = turn.position(now - ago);
            turn.sound = Sound::Halted { position };
        }
        self.recount(now);
    }

    /// Has a halted turn go on from where it stopped.
    pub(super) fn sound_again(&mut self, now: Moment, effects: &mut Vec<Effect>) {
        let Some(turn) = self.open.as_mut().and_then(|open| open.turn.as_mut()) else {
            return;
        };
        let Sound::Halted { position: from } = turn.sound else {
            return;
        };
        turn.sound = Sound::Asked { at: now, from };
        let (id, track) = (turn.play.turn, Box::new(turn.play.track.clone()));
        let blend = self.blend(&track);
        effects.push(Effect::Play {
            turn: id,
            cut_at: cut(&track),
            track,
            from,
            blend,
        });
    }

    /// After a restore: the turn that ran stands halted where it was last known to be, and nobody
    /// loses anything by the time that was slept through.
    pub(super) fn rewind(&mut self, now: Moment, kept: Option<(TurnId, Duration)>) {
        let offer = self.settings.offer;
        let Some(open) = &mut self.open else { return };
        open.down = false;
        open.empty_since = None;
        if let Some(turn) = &mut open.turn {
            let known = match turn.sound {
                Sound::Flows { zero_at, kept_at } => kept_at.since(zero_at),
                _ => turn.position(now),
            };
            let newer = kept
                .filter(|(id, _)| *id == turn.play.turn)
                .map(|(_, position)| position);
            let position = newer.map_or(known, |newer| newer.max(known));
            turn.sound = Sound::Halted {
                position: position.min(turn.play.track.length),
            };
            turn.heard
                .values_mut()
                .for_each(|hearing| hearing.since = None);
            turn.looper_since = None;
        }
        for seat in &mut open.seats {
            if let Some(looper) = &mut seat.looper {
                looper.last_sign = now;
                looper.leaves = None;
                looper.away_since = looper.away_since.map(|_| now);
            }
            if let Some(offer_made) = &mut seat.offer {
                offer_made.until = now + offer;
            }
        }
        for waiting in &mut open.waitlist {
            waiting.away_since = waiting.away_since.map(|_| now);
        }
    }
}
