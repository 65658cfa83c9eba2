//! Ratings: one per person and play, the last one stands, nobody rates their own, only who listened.

use super::super::party::{Input, Seen};
use super::{Checker, Memory, Verdict, claim, ended, forgotten, kept};
use crate::domain::ids::{MemberId, TurnId};
use crate::domain::protocol::{Command, Effect, Post, Record, Refusal, Stars, TurnEnd, Way};
use crate::domain::view::{NowView, View};
use std::collections::{BTreeMap, BTreeSet};

/// What is known of one play.
#[derive(Debug, Default)]
struct Rated {
    standing: BTreeMap<MemberId, (Stars, Way)>,
    /// Whose rating a moderator voided.
    voided: BTreeSet<MemberId>,
    /// What the records say that stands.
    kept: BTreeMap<MemberId, Stars>,
    /// Who was in the channel, not deafened, while the play was on.
    was_there: BTreeSet<MemberId>,
    /// Who was so while sound flowed.
    heard: BTreeSet<MemberId>,
}

impl Rated {
    fn count(&self, which: impl Fn(u8) -> bool) -> usize {
        let stars = self.standing.values().map(|(stars, _)| stars.get());
        stars.filter(|stars| which(*stars)).count()
    }

    fn void(&mut self, rater: MemberId) {
        if self.standing.remove(&rater).is_some() {
            self.voided.insert(rater);
        }
    }
}

#[derive(Default)]
pub(super) struct Ratings {
    plays: BTreeMap<TurnId, Rated>,
    /// Who was forgotten, and the turn that ran then: they are no listeners of it.
    strangers: BTreeMap<MemberId, TurnId>,
}

/// The play that is on, and the one before it.
fn rateable(view: &View) -> impl Iterator<Item = &NowView> {
    let open = view.open.iter();
    open.flat_map(|open| open.now.iter().chain(&open.last))
}

impl Checker for Ratings {
    fn look(&mut self, memory: &Memory, seen: &Seen) -> Verdict {
        if let (Input::Ask(actor, command), Some(outcome)) = (&seen.input, &seen.outcome) {
            match outcome {
                Ok(_) => self.done(seen, actor.member, command)?,
                Err(refusal) => self.refused(seen, actor.member, (command, refusal))?,
            }
        }
        self.keep(seen);
        self.forget(seen);
        self.ends(seen)?;
        self.is_shown(seen)?;
        self.see_listeners(memory, seen);
        Ok(())
    }
}

impl Ratings {
    fn play(&mut self, turn: TurnId) -> &mut Rated {
        self.plays.entry(turn).or_default()
    }

    fn done(&mut self, seen: &Seen, member: MemberId, command: &Command) -> Verdict {
        match command {
            Command::Rate { turn, stars, way } => {
                let mut plays = rateable(&seen.before);
                let play = plays.find(|play| turn.is_none_or(|turn| play.turn == turn));
                let Some(play) = play else {
                    return Err(format!("{turn:?} was rated and is not there to be rated"));
                };
                claim(play.looper != member, || {
                    format!("{member} rated their own")
                })?;
                let rated = self.play(play.turn);
                claim(rated.was_there.contains(&member), || {
                    format!("{member} rated and did not listen")
                })?;
                claim(!rated.voided.contains(&member), || {
                    format!("{member} undid what a moderator had voided")
                })?;
                rated.standing.insert(member, (*stars, *way));
            }
            Command::Unrate { turn, stars, way } => {
                let rated = self.play(*turn);
                if rated.standing.get(&member) == Some(&(*stars, *way)) {
                    rated.standing.remove(&member);
                }
            }
            Command::VoidRating { turn, rater } => {
                self.play(*turn).void(*rater);
            }
            Command::VoidRater { rater } => {
                for play in self.plays.values_mut() {
                    play.void(*rater);
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn refused(
        &mut self,
        seen: &Seen,
        member: MemberId,
        (command, refusal): (&Command, &Refusal),
    ) -> Verdict {
        let Command::Rate { turn, .. } = command else {
            return Ok(());
        };
        let mut plays = rateable(&seen.before);
        let play = plays.find(|play| turn.is_none_or(|turn| play.turn == turn));
        let Some(play) = play else { return Ok(()) };
        let owns = play.looper == member;
        let rated = self.play(play.turn);
        let heard = rated.heard.contains(&member) && !rated.voided.contains(&member);
        claim(owns || !heard, || {
            format!("{member} listened and may not rate: {refusal:?}")
        })
    }

    fn keep(&mut self, seen: &Seen) {
        for record in kept(seen) {
            match record {
                Record::Rating(rating) => {
                    let kept = &mut self.play(rating.turn).kept;
                    kept.insert(rating.rater, rating.stars);
                }
                Record::Unrated { turn, rater } | Record::Voided { turn, rater, .. } => {
                    self.play(*turn).kept.remove(rater);
                }
                Record::VoidedAll { rater, .. } => {
                    for play in self.plays.values_mut() {
                        play.kept.remove(rater);
                    }
                }
                _ => {}
            }
        }
    }

    fn forget(&mut self, seen: &Seen) {
        if matches!(seen.input, Input::Restart { .. }) {
            self.strangers.clear();
        }
        let Some(member) = forgotten(seen) else {
            return;
        };
        for rated in self.plays.values_mut() {
            rated.standing.remove(&member);
            rated.voided.remove(&member);
            rated.kept.remove(&member);
            rated.was_there.remove(&member);
            rated.heard.remove(&member);
        }
        // Not of one that begins because they have gone.
        let now = seen.before.open.as_ref().and_then(|open| open.now.as_ref());
        self.strangers.extend(now.map(|now| (member, now.turn)));
    }

    /// The vote, and the figures of the result line.
    fn ends(&mut self, seen: &Seen) -> Verdict {
        for play in ended(seen) {
            let rated = self.plays.entry(play.turn).or_default();
            let (votes, likes) = (rated.count(|stars| stars == 1), rated.count(|n| n >= 3));
            let before = seen.before.open.as_ref().and_then(|open| open.now.as_ref());
            let needed = before.and_then(|now| now.skip_needed);
            let enough = needed.is_some_and(|needed| votes >= usize::try_from(needed).unwrap());
            claim(
                play.end != Some(TurnEnd::VotedOff) || (enough && votes > likes),
                || format!("voted off by {votes} against {likes}, needed {needed:?}"),
            )?;
        }
        for effect in &seen.effects {
            let Effect::Post(Post::Result(play, figures)) = effect else {
                continue;
            };
            let rated = self.play(play.turn);
            claim(
                figures.ratings == u32::try_from(rated.standing.len()).unwrap(),
                || format!("the result tells of {} ratings", figures.ratings),
            )?;
        }
        Ok(())
    }

    /// What is shown and kept is what was given.
    fn is_shown(&mut self, seen: &Seen) -> Verdict {
        for play in rateable(&seen.after) {
            let Some(rated) = self.plays.get(&play.turn) else {
                continue;
            };
            for (stars, shown) in (1..).zip(play.tally) {
                let given = rated.count(|given| given == stars);
                claim(given == usize::try_from(shown).unwrap(), || {
                    let turn = play.turn;
                    format!("turn {turn} shows {shown} times {stars}, and has it {given} times")
                })?;
            }
            let stands = rated.standing.iter();
            let stands: BTreeMap<_, _> = stands.map(|(who, (stars, _))| (*who, *stars)).collect();
            claim(stands == rated.kept, || {
                format!("{stands:?} stand and {:?} are kept", rated.kept)
            })?;
        }
        Ok(())
    }

    fn see_listeners(&mut self, memory: &Memory, seen: &Seen) {
        let Some(open) = &seen.after.open else {
            self.plays.clear();
            return;
        };
        let oldest = rateable(&seen.after).map(|play| play.turn).min();
        self.plays
            .retain(|turn, _| oldest.is_none_or(|oldest| oldest <= *turn));
        let Some(now) = &open.now else { return };
        let listening = memory.crowd.keys().copied();
        let listening = listening.filter(|member| memory.listens(*member, open.channel));
        let rated = self.plays.entry(now.turn).or_default();
        let unheard = |member: &MemberId| self.strangers.get(member) == Some(&now.turn);
        let listening = listening.filter(|member| *member != now.looper && !unheard(member));
        for member in listening {
            rated.was_there.insert(member);
            if now.playing {
                rated.heard.insert(member);
            }
        }
    }
}
