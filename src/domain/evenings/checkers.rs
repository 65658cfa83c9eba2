//! Checkers that remember. They see what came in, what was answered, done and shown, and the time;
//! nothing of the stage's inside. Each holds one family of promises of the rules.

mod calm;
mod forgetting;
mod hearing;
mod leaving;
mod limits;
mod live;
mod plays;
mod queue;
mod ratings;
mod restarts;
mod rounds;
mod seats;
mod seeking;
mod setlists;

use super::party::{Input, Seen};
use crate::domain::ids::{ChannelId, MemberId};
use crate::domain::moment::Moment;
use crate::domain::protocol::{Command, Effect, Listener, PlayRecord, Record, Signal, TurnEnd};
use crate::domain::track::{Track, TrackKey};
use crate::domain::view::{OpenView, View};
use std::collections::BTreeMap;

/// What a checker objects to.
pub(super) type Verdict = Result<(), String>;

pub(super) trait Checker {
    fn look(&mut self, memory: &Memory, seen: &Seen) -> Verdict;
}

/// Objects, unless the claim is true.
fn claim(is_true: bool, objection: impl FnOnce() -> String) -> Verdict {
    if is_true { Ok(()) } else { Err(objection()) }
}

/// What every checker may ask about the world so far.
#[derive(Debug, Default)]
pub(super) struct Memory {
    crowd: BTreeMap<MemberId, Listener>,
    /// Since when people of the stage are not in its channel.
    absent_since: BTreeMap<MemberId, Moment>,
    /// The same, before the present step.
    absent_before: BTreeMap<MemberId, Moment>,
    /// When each track last sounded here.
    played_at: BTreeMap<TrackKey, Moment>,
    /// The voice connection is gone.
    down: bool,
}

impl Memory {
    fn remember(&mut self, seen: &Seen) {
        self.absent_before.clone_from(&self.absent_since);
        match &seen.input {
            Input::Tell(Signal::VoiceAll(listeners)) => self.meet(listeners),
            Input::Tell(Signal::Voice {
                member,
                name,
                bot,
                channel,
                deaf,
                joined_at,
            }) => {
                self.crowd.remove(member);
                if let Some(channel) = *channel {
                    let (member, name, bot, deaf) = (*member, name.clone(), *bot, *deaf);
                    let listener = Listener {
                        member,
                        name,
                        bot,
                        channel,
                        deaf,
                        joined_at: *joined_at,
                    };
                    self.crowd.insert(member, listener);
                }
            }
            Input::Tell(Signal::MemberGone { member }) => {
                self.crowd.remove(member);
            }
            Input::Tell(Signal::Connection { up, .. }) => self.down = !up,
            Input::Restart { listeners, .. } => {
                self.meet(listeners);
                self.absent_since.clear();
                self.down = false;
            }
            _ => {}
        }
        for record in kept(seen) {
            match record {
                Record::PlayBegun(play) => {
                    self.played_at.insert(play.track.key.clone(), play.began_at);
                }
                Record::PlayEnded(play) if never_sounded(play) => {
                    self.played_at.remove(&play.track.key);
                }
                Record::SessionClosed { .. } => self.down = false,
                _ => {}
            }
        }
        self.note_absence(seen);
    }

    fn meet(&mut self, listeners: &[Listener]) {
        let crowd = listeners.iter().map(|one| (one.member, one.clone()));
        self.crowd = crowd.collect();
    }

    fn note_absence(&mut self, seen: &Seen) {
        let Some(open) = &seen.after.open else {
            self.absent_since.clear();
            return;
        };
        let seated = loopers(open).map(|(_, member)| member);
        let waiting = open.waitlist.iter().map(|waiting| waiting.member);
        let concerned: Vec<MemberId> = seated.chain(waiting).collect();
        self.absent_since
            .retain(|member, _| concerned.contains(member));
        for member in concerned {
            if self.is_in(member, open.channel) {
                self.absent_since.remove(&member);
            } else {
                self.absent_since.entry(member).or_insert(seen.now);
            }
        }
    }

    fn was_absent_since(&self, member: MemberId) -> Option<Moment> {
        self.absent_before.get(&member).copied()
    }

    fn is_in(&self, member: MemberId, channel: ChannelId) -> bool {
        self.crowd
            .get(&member)
            .is_some_and(|listener| listener.channel == channel)
    }

    fn listens(&self, member: MemberId, channel: ChannelId) -> bool {
        let listener = self.crowd.get(&member);
        listener.is_some_and(|one| one.channel == channel && !one.deaf && !one.bot)
    }

    /// Whether the track counts as a repeat; one that sounds now counts from its beginning.
    fn is_repeat(&self, now: Moment, track: &Track, view: &View) -> bool {
        let played_at = self.played_at.get(&track.key);
        !track.live && played_at.is_some_and(|at| now.since(*at) < view.settings.repeat_window)
    }

    /// Whether this member could play if the spotlight came by.
    fn is_ready(&self, now: Moment, member: MemberId, view: &View) -> bool {
        let there = view
            .open
            .as_ref()
            .is_some_and(|open| self.is_in(member, open.channel));
        let setlist = view.setlists.get(&member).into_iter().flatten();
        let mut tracks = setlist.map(|entry| &entry.track);
        there && tracks.any(|track| !self.is_repeat(now, track, view))
    }
}

/// All of them, each with its memory.
pub(super) struct Checkers {
    memory: Memory,
    all: Vec<Box<dyn Checker>>,
}

impl Checkers {
    pub(super) fn new() -> Checkers {
        Checkers {
            memory: Memory::default(),
            all: vec![
                Box::new(plays::Records::default()),
                Box::new(plays::OneSound::default()),
                Box::new(rounds::Order::default()),
                Box::new(rounds::FairRounds::default()),
                Box::new(rounds::NoSilence),
                Box::new(calm::Refusals),
                Box::new(calm::StaleEnds),
                Box::new(calm::Progress::default()),
                Box::new(seats::OnePlaceEach::default()),
                Box::new(queue::FirstCome),
                Box::new(queue::Offers::default()),
                Box::new(leaving::StepDowns::default()),
                Box::new(leaving::Closing::default()),
                Box::new(limits::TurnLimit::default()),
                Box::new(live::Live),
                Box::new(ratings::Ratings::default()),
                Box::new(hearing::Hearing::default()),
                Box::new(restarts::Restarts::default()),
                Box::new(seeking::Seeking),
                Box::new(setlists::Setlists),
                Box::new(forgetting::Forgotten::default()),
            ],
        }
    }

    pub(super) fn look(&mut self, seen: &Seen) -> Verdict {
        self.memory.remember(seen);
        for checker in &mut self.all {
            checker.look(&self.memory, seen)?;
        }
        Ok(())
    }
}

fn kept(seen: &Seen) -> impl Iterator<Item = &Record> {
    seen.effects.iter().filter_map(|effect| match effect {
        Effect::Keep(record) => Some(record),
        _ => None,
    })
}

fn begun(seen: &Seen) -> impl Iterator<Item = &PlayRecord> {
    kept(seen).filter_map(|record| match record {
        Record::PlayBegun(play) => Some(&**play),
        _ => None,
    })
}

fn ended(seen: &Seen) -> impl Iterator<Item = &PlayRecord> {
    kept(seen).filter_map(|record| match record {
        Record::PlayEnded(play) => Some(&**play),
        _ => None,
    })
}

/// Who had themselves forgotten in this step.
fn forgotten(seen: &Seen) -> Option<MemberId> {
    match &seen.input {
        Input::Ask(actor, Command::Forget { .. }) => Some(actor.member),
        _ => None,
    }
}

/// The seats that are taken, 0-based, with who sits there.
fn loopers(open: &OpenView) -> impl Iterator<Item = (usize, MemberId)> {
    let seats = open.seats.iter().enumerate();
    seats.filter_map(|(at, seat)| Some((at, seat.looper.as_ref()?.member)))
}

fn never_sounded(play: &PlayRecord) -> bool {
    play.end == Some(TurnEnd::Failed) && play.played.is_zero()
}

/// Whether the play takes the place of one that failed in the same step.
fn replaces_failed(seen: &Seen, play: &PlayRecord) -> bool {
    ended(seen).any(|before| {
        before.end == Some(TurnEnd::Failed)
            && before.looper == play.looper
            && before.seat == play.seat
    })
}
