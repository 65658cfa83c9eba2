//! Who heard how much: never more than was played, never more than they listened, and nothing of
//! it is lost but by a restart.

use super::super::party::{Input, Seen};
use super::super::people;
use super::{Checker, Memory, Verdict, claim, ended, forgotten, kept};
use crate::domain::ids::MemberId;
use crate::domain::moment::Moment;
use crate::domain::protocol::Record;
use crate::domain::view::View;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

#[derive(Default)]
pub(super) struct Hearing {
    listened: BTreeMap<MemberId, Duration>,
    /// Who listens to flowing sound, since the last step.
    now: Vec<MemberId>,
    last_step: Option<Moment>,
    /// A restart may have lost some.
    loose: bool,
    /// How long the looper listened to their own play, and whether they do.
    own: Duration,
    own_now: bool,
    /// Of the play that may be rated, by member.
    heard: BTreeMap<MemberId, Duration>,
    played: Duration,
    /// Who was forgotten during the running play.
    strangers: BTreeSet<MemberId>,
}

impl Checker for Hearing {
    fn look(&mut self, memory: &Memory, seen: &Seen) -> Verdict {
        let restarted = matches!(seen.input, Input::Restart { .. });
        self.loose |= restarted;
        let step = self
            .last_step
            .map_or(Duration::ZERO, |at| seen.now.since(at));
        if !restarted {
            for member in &self.now {
                *self.listened.entry(*member).or_default() += step;
            }
            if self.own_now {
                self.own += step;
            }
        }
        self.last_step = Some(seen.now);
        for play in ended(seen) {
            self.heard.clear();
            self.played = play.played;
        }
        for record in kept(seen) {
            self.is_true(seen, record)?;
        }
        if ended(seen).next().is_some() {
            self.all_are_told()?;
            self.listened.clear();
            self.own = Duration::ZERO;
            self.loose = false;
        }
        self.forget(seen);
        let open = seen.after.open.as_ref();
        let playing = open.and_then(|open| Some((open, open.now.as_ref()?)));
        let playing = playing.filter(|(_, now)| now.playing);
        self.own_now = playing.is_some_and(|(open, now)| memory.listens(now.looper, open.channel));
        self.now = match playing {
            Some((open, now)) => {
                let all = memory.crowd.keys().copied();
                let listening = all.filter(|member| memory.listens(*member, open.channel));
                let stranger = |member: &MemberId| self.strangers.contains(member);
                listening
                    .filter(|member| *member != now.looper && !stranger(member))
                    .collect()
            }
            None => Vec::new(),
        };
        Ok(())
    }
}

impl Hearing {
    /// Who is forgotten has heard nothing of what is on or was before, whatever they hear of its rest.
    fn forget(&mut self, seen: &Seen) {
        let restarted = matches!(seen.input, Input::Restart { .. });
        if restarted || ended(seen).next().is_some() {
            self.strangers.clear();
        }
        let Some(member) = forgotten(seen) else {
            return;
        };
        self.listened.remove(&member);
        self.heard.remove(&member);
        let now = |view: &View| Some(view.open.as_ref()?.now.as_ref()?.looper);
        if let Some(looper) = now(&seen.before) {
            self.strangers.insert(member);
            if looper == member {
                self.own = Duration::ZERO;
            }
        }
    }

    fn is_true(&mut self, seen: &Seen, record: &Record) -> Verdict {
        let settings = &seen.after.settings;
        match record {
            Record::Heard {
                member,
                heard,
                counts,
                joined_at,
                ..
            } => {
                claim(*joined_at == people::joined_at(*member), || {
                    format!("{member} joined at {joined_at:?}")
                })?;
                let (heard, played) = (*heard, self.played);
                claim(heard <= played, || {
                    format!("{member} heard {heard:?} of {played:?}")
                })?;
                let listened = self.listened.get(member).copied().unwrap_or_default();
                let right = listened.min(played);
                claim(heard == right || (self.loose && heard <= right), || {
                    format!("{member} heard {heard:?} and listened for {listened:?}")
                })?;
                let enough = heard >= played / 2 || heard >= settings.heard_enough;
                let expected = !heard.is_zero() && enough;
                claim(*counts == expected, || {
                    format!("{member} heard {heard:?} of {played:?}; counts: {counts}")
                })?;
                let twice = self.heard.insert(*member, heard);
                claim(twice.is_none(), || format!("{member} heard it twice"))
            }
            Record::LooperHeard {
                looper,
                heard,
                counts,
                ..
            } => {
                claim(*looper != MemberId::NOBODY, || {
                    "nobody heard their own".to_owned()
                })?;
                let (heard, right) = (*heard, self.own.min(self.played));
                claim(heard == right || (self.loose && heard <= right), || {
                    format!("the looper heard {heard:?} and listened for {right:?}")
                })?;
                let enough = heard >= self.played / 2 || heard >= settings.heard_enough;
                claim(*counts == enough, || {
                    format!("the looper heard {heard:?}; counts: {counts}")
                })
            }
            Record::Rating(rating) => {
                let running = seen.after.open.as_ref().and_then(|open| open.now.as_ref());
                let is_running = running.is_some_and(|now| now.turn == rating.turn);
                let heard = self.heard.get(&rating.rater).copied().unwrap_or_default();
                let enough = heard >= self.played / 2 && heard >= settings.rating_heard;
                let expected = !is_running && enough;
                let rater = rating.rater;
                claim(rating.counts == expected || Self::is_followed(seen), || {
                    format!(
                        "the rating of {rater}, who heard {heard:?}, counts: {}",
                        rating.counts
                    )
                })
            }
            _ => Ok(()),
        }
    }

    /// A rating given in the step that ends its play is kept twice, first without its weight.
    fn is_followed(seen: &Seen) -> bool {
        ended(seen).next().is_some() && matches!(seen.input, Input::Ask(..))
    }

    fn all_are_told(&self) -> Verdict {
        let mut listeners = self.listened.iter().filter(|(_, heard)| !heard.is_zero());
        let untold = listeners.find(|(member, _)| !self.heard.contains_key(member));
        claim(untold.is_none() || self.loose, || {
            format!("nobody tells that {untold:?} listened")
        })
    }
}
