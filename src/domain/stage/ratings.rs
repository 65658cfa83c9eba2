//! What the audience does with a play: ratings, votes to skip, comments and grabs.

use super::super::ids::{MemberId, TurnId};
use super::super::moment::Moment;
use super::super::protocol::{
    Actor, Deed, Effect, Need, Notice, RatingRecord, Record, Refusal, Stars, TurnEnd, Way,
};
use super::room::log;
use super::{Rating, Stage, TEXT_LIMIT, Turn};
use std::time::Duration;

/// How many of an audience of `active` people usually show what they feel: `0.85 L^0.65`.
fn expected_voices(active: u32) -> f64 {
    0.85 * f64::from(active).powf(0.65)
}

/// How many votes it takes to skip before `active` people.
pub(super) fn votes_needed(active: u32) -> u32 {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "at most four fifths of a count of people, and not negative"
    )]
    let share = (0.8 * expected_voices(active)).ceil() as u32;
    share.max(2)
}

impl Turn {
    /// Takes out the rating of this person for good; `false` when they gave none.
    fn void(&mut self, rater: MemberId) -> bool {
        let is_there = self.ratings.remove(&rater).is_some();
        if is_there {
            self.voided.insert(rater);
        }
        is_there
    }
}

impl Stage {
    /// The play that may be rated: the one that is on, or the one before it.
    fn rateable(&self, turn: Option<TurnId>) -> Result<&Turn, Refusal> {
        let open = self.opened()?;
        let both = || open.turn.iter().chain(&open.last);
        let Some(turn) = turn else {
            return both().next().ok_or(Refusal::NothingPlaying);
        };
        let found = both().find(|candidate| candidate.play.turn == turn);
        found.ok_or(if turn.0 > self.last_turn {
            Refusal::NoSuchTurn
        } else {
            Refusal::TooLate
        })
    }

    fn rateable_mut(&mut self, turn: TurnId) -> Option<&mut Turn> {
        let open = self.open.as_mut()?;
        open.turn
            .iter_mut()
            .chain(&mut open.last)
            .find(|candidate| candidate.play.turn == turn)
    }

    pub(super) fn was_heard(&self, turn: &Turn, heard: Duration) -> bool {
        !heard.is_zero() && (heard >= turn.play.played / 2 || heard >= self.settings.heard_enough)
    }

    /// Whether the rating of this person counts for the boards; only known once the play has ended.
    pub(super) fn counts(&self, turn: &Turn, rater: MemberId) -> bool {
        let heard = turn
            .heard
            .get(&rater)
            .map_or(Duration::ZERO, |hearing| hearing.heard);
        turn.play.ended_at.is_some()
            && heard >= turn.play.played / 2
            && heard >= self.settings.rating_heard
    }

    pub(super) fn rate(
        &mut self,
        now: Moment,
        actor: &Actor,
        turn: Option<TurnId>,
        (stars, way): (Stars, Way),
        effects: &mut Vec<Effect>,
    ) -> Result<Notice, Refusal> {
        let heard = self.rateable(turn)?;
        let rater = actor.member;
        if heard.play.looper == rater {
            return Err(Refusal::OwnTrack);
        }
        if !heard.heard.contains_key(&rater) {
            return Err(Refusal::NotListening);
        }
        if heard.voided.contains(&rater) {
            return Err(Refusal::RatingVoided);
        }
        let id = heard.play.turn;
        let title = heard.play.track.title.clone();
        let counts = self.counts(heard, rater);
        let Some(heard) = self.rateable_mut(id) else {
            return Err(Refusal::TooLate);
        };
        let before = heard.ratings.insert(
            rater,
            Rating {
                stars,
                way,
                at: now,
            },
        );
        let record = RatingRecord {
            turn: id,
            rater,
            stars,
            way,
            at: now,
            counts,
        };
        effects.push(Effect::Keep(Record::Rating(record)));
        self.count_votes(now, effects);
        let changed_from = before
            .map(|rating| rating.stars)
            .filter(|before| *before != stars);
        Ok(Notice::Rated {
            title,
            stars,
            changed_from,
        })
    }

    pub(super) fn unrate(
        &mut self,
        actor: &Actor,
        turn: TurnId,
        (stars, way): (Stars, Way),
        effects: &mut Vec<Effect>,
    ) -> Result<Notice, Refusal> {
        self.rateable(Some(turn))?;
        let rater = actor.member;
        let Some(heard) = self.rateable_mut(turn) else {
            return Err(Refusal::TooLate);
        };
        let stands = heard
            .ratings
            .get(&rater)
            .is_some_and(|rating| rating.stars == stars && rating.way == way);
        if stands {
            heard.ratings.remove(&rater);
            effects.push(Effect::Keep(Record::Unrated { turn, rater }));
        }
        Ok(Notice::Unrated)
    }

    pub(super) fn void(
        &mut self,
        now: Moment,
        actor: &Actor,
        turn: TurnId,
        rater: MemberId,
        effects: &mut Vec<Effect>,
    ) -> Result<Notice, Refusal> {
        self.require(actor, Need::Moderator)?;
        if turn.0 == 0 || turn.0 > self.last_turn {
            return Err(Refusal::NoSuchTurn);
        }
        if let Some(heard) = self.rateable_mut(turn)
            && !heard.void(rater)
        {
            return Err(Refusal::NoRating);
        }
        let by = actor.member;
        effects.push(Effect::Keep(Record::Voided {
            turn,
            rater,
            by,
            at: now,
        }));
        effects.push(log(now, actor, Deed::Voided { turn, rater }));
        Ok(Notice::Voided { rater })
    }

    /// Everything that this member has rated so far, also of what may still be rated.
    pub(super) fn void_all(
        &mut self,
        now: Moment,
        actor: &Actor,
        rater: MemberId,
        effects: &mut Vec<Effect>,
    ) -> Result<Notice, Refusal> {
        self.require(actor, Need::Moderator)?;
        if let Some(open) = &mut self.open {
            for turn in open.turn.iter_mut().chain(&mut open.last) {
                turn.void(rater);
            }
        }
        let by = actor.member;
        effects.push(Effect::Keep(Record::VoidedAll { rater, by, at: now }));
        effects.push(log(now, actor, Deed::VoidedAll { rater }));
        Ok(Notice::VoidedAll { rater })
    }

    /// Votes to skip so far, and how many it takes; `None` when voting is off.
    pub(super) fn skip_votes(&self) -> (u32, Option<u32>) {
        let turn = self.open.as_ref().and_then(|open| open.turn.as_ref());
        let Some(turn) = turn else { return (0, None) };
        let votes = turn
            .ratings
            .values()
            .filter(|rating| rating.stars.get() == 1)
            .count();
        let votes = u32::try_from(votes).unwrap_or(u32::MAX);
        let active = self.audience(Some(turn.play.looper));
        (votes, self.settings.vote_skip.then(|| votes_needed(active)))
    }

    fn count_votes(&mut self, now: Moment, effects: &mut Vec<Effect>) {
        let (votes, Some(needed)) = self.skip_votes() else {
            return;
        };
        let turn = self.open.as_ref().and_then(|open| open.turn.as_ref());
        let likes = turn.map_or(0, |turn| {
            turn.ratings
                .values()
                .filter(|rating| rating.stars.get() >= 3)
                .count()
        });
        if votes >= needed && usize::try_from(votes).unwrap_or(usize::MAX) > likes {
            self.stop_turn(now, &TurnEnd::VotedOff, effects);
        }
    }

    pub(super) fn comment(
        &mut self,
        now: Moment,
        actor: &Actor,
        text: &str,
        message: Option<u64>,
        effects: &mut Vec<Effect>,
    ) -> Result<Notice, Refusal> {
        let turn = self
            .opened()?
            .turn
            .as_ref()
            .ok_or(Refusal::NothingPlaying)?;
        let text = text.trim();
        if text.is_empty() {
            return Err(Refusal::EmptyText);
        }
        if message.is_none() && text.chars().count() > TEXT_LIMIT {
            return Err(Refusal::TextTooLong { limit: TEXT_LIMIT });
        }
        if self.has_banned_word(text) {
            return Err(Refusal::WordBanned);
        }
        effects.push(Effect::Keep(Record::Comment {
            turn: turn.play.turn,
            member: actor.member,
            name: actor.name.clone(),
            offset: turn.position(now),
            // Chat may be longer than a comment; its beginning is kept.
            text: text.chars().take(TEXT_LIMIT).collect(),
            message,
            at: now,
        }));
        Ok(Notice::Commented)
    }

    pub(super) fn has_banned_word(&self, text: &str) -> bool {
        self.settings.bans_word_of(text)
    }

    pub(super) fn grab(
        &mut self,
        now: Moment,
        actor: &Actor,
        turn: Option<TurnId>,
        effects: &mut Vec<Effect>,
    ) -> Result<Notice, Refusal> {
        let grabbed = self.rateable(turn)?;
        let id = grabbed.play.turn;
        let track = Box::new(grabbed.play.track.clone());
        let title = track.title.clone();
        let Some(grabbed) = self.rateable_mut(id) else {
            return Err(Refusal::TooLate);
        };
        let already = !grabbed.grabs.insert(actor.member);
        if !already {
            let member = actor.member;
            effects.push(Effect::Keep(Record::Grab {
                turn: id,
                member,
                track,
                at: now,
            }));
        }
        Ok(Notice::Grabbed { title, already })
    }
}

#[cfg(test)]
mod tests;
