//! Who is in the channel, and how much of the running play each person has heard.

use super::super::ids::{ChannelId, MemberId};
use super::super::moment::Moment;
use super::super::protocol::{Effect, Listener, StepDown};
use super::{Hearing, Sound, Stage};
use std::collections::BTreeSet;

impl Stage {
    fn channel(&self) -> Option<ChannelId> {
        self.open.as_ref().map(|open| open.channel)
    }

    /// People who listen: in the channel, no bots, not deafened.
    pub(super) fn listening(&self) -> impl Iterator<Item = &Listener> {
        let channel = self.channel();
        self.crowd.values().filter(move |listener| {
            !listener.bot && !listener.deaf && Some(listener.channel) == channel
        })
    }

    /// How many listen, one person not counted.
    pub(super) fn audience(&self, but: Option<MemberId>) -> u32 {
        let count = self
            .listening()
            .filter(|listener| Some(listener.member) != but)
            .count();
        u32::try_from(count).unwrap_or(u32::MAX)
    }

    /// Somebody came, left, moved or turned a deaf ear.
    pub(super) fn moved(&mut self, now: Moment, member: MemberId, place: Option<Listener>) {
        self.accrue(now);
        match place {
            Some(listener) => self.crowd.insert(member, listener),
            None => self.crowd.remove(&member),
        };
        self.recount(now);
    }

    /// Everyone, after a connection: whoever is not in it has left.
    pub(super) fn moved_all(&mut self, now: Moment, everyone: Vec<Listener>) {
        self.accrue(now);
        self.crowd = everyone
            .into_iter()
            .map(|listener| (listener.member, listener))
            .collect();
        self.recount(now);
    }

    /// The member left the guild.
    pub(super) fn gone(&mut self, now: Moment, member: MemberId, effects: &mut Vec<Effect>) {
        self.moved(now, member, None);
        self.put_off(member, StepDown::Gone, effects);
    }

    /// Adds what has sounded since the last time to everyone who listened. Called before anything
    /// changes about who listens or whether sound flows.
    pub(super) fn accrue(&mut self, now: Moment) {
        let Some(turn) = self.open.as_mut().and_then(|open| open.turn.as_mut()) else {
            return;
        };
        for hearing in turn.heard.values_mut() {
            if let Some(since) = hearing.since {
                hearing.heard += now.since(since);
                hearing.since = Some(now);
            }
        }
        if let Some(since) = turn.looper_since {
            turn.looper_heard += now.since(since);
            turn.looper_since = Some(now);
        }
    }

    /// Looks afresh at who listens and who is away. Called after anything has changed about it.
    pub(super) fn recount(&mut self, now: Moment) {
        let listening: Vec<Listener> = self.listening().cloned().collect();
        let present: BTreeSet<MemberId> = self
            .crowd
            .values()
            .filter(|listener| Some(listener.channel) == self.channel())
            .map(|listener| listener.member)
            .collect();
        let Some(open) = &mut self.open else { return };
        for looper in open
            .seats
            .iter_mut()
            .filter_map(|seat| seat.looper.as_mut())
        {
            note_absence(
                &mut looper.away_since,
                present.contains(&looper.member),
                now,
            );
        }
        for waiting in &mut open.waitlist {
            note_absence(
                &mut waiting.away_since,
                present.contains(&waiting.member),
                now,
            );
        }
        let Some(turn) = &mut open.turn else { return };
        let looper = turn.play.looper;
        let flows = matches!(turn.sound, Sound::Flows { .. });
        turn.heard
            .values_mut()
            .for_each(|hearing| hearing.since = None);
        let looper_listens = listening.iter().any(|it| it.member == looper);
        turn.looper_since = (flows && looper_listens).then_some(now);
        let mut audience = 0;
        for listener in listening.into_iter().filter(|it| it.member != looper) {
            audience += 1;
            if self.unheard.contains(&listener.member) {
                continue;
            }
            let hearing = turn.heard.entry(listener.member);
            let hearing = hearing.or_insert_with(|| Hearing {
                name: listener.name,
                joined_at: listener.joined_at,
                heard: std::time::Duration::ZERO,
                since: None,
            });
            hearing.since = flows.then_some(now);
        }
        turn.play.audience = turn.play.audience.max(audience);
    }

    /// Since when nobody listens or even is there, for the stage to close by itself.
    pub(super) fn notice_emptiness(&mut self, now: Moment) {
        let channel = self.channel();
        let somebody = self
            .crowd
            .values()
            .any(|listener| !listener.bot && Some(listener.channel) == channel);
        if let Some(open) = &mut self.open {
            open.empty_since = match (somebody, open.empty_since) {
                (true, _) => None,
                (false, None) => Some(now),
                (false, since) => since,
            };
        }
    }
}

fn note_absence(away_since: &mut Option<Moment>, present: bool, now: Moment) {
    *away_since = match (present, *away_since) {
        (true, _) => None,
        (false, None) => Some(now),
        (false, since) => since,
    };
}
