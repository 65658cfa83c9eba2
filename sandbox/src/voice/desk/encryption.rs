//! The desk's side of end-to-end encryption: it carries the calls' messages to sessions and what
//! clients say to the calls, and sees to it that the people's clients get on. What the messages mean
//! is `dave`'s business.

use std::sync::Arc;

use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::super::Shared;
use super::super::close::Close;
use super::super::dave::{Parcel, Said, Tally};
use super::{Desk, State, Voice};
use crate::ears::Reading;
use crate::world::Id;

impl Desk {
    /// What a client says of the encryption. What it may not say is kept as a violation.
    pub(in super::super) fn said(&self, ssrc: u32, said: &Said) -> Result<(), Close> {
        let mut state = self.lock();
        let session = state.sessions.get(&ssrc).ok_or(Close::SessionInvalid)?;
        if !session.encrypted || !session.described {
            return Err(Close::BadRequest);
        }
        let who = (session.speaker.channel_id, session.speaker.user_id);
        let heard = state.calls.hear(who, said, Instant::now());
        self.carry(&mut state);
        drop(state);
        heard.map_err(|what| {
            self.ears.violation(ssrc, what.to_owned());
            Close::BadRequest
        })
    }

    /// Hands over what the calls have for websockets, and wakes the people's clients.
    pub(super) fn carry(&self, state: &mut State) {
        for parcel in state.calls.parcels() {
            let Parcel {
                channel_id,
                user_id,
                message,
            } = parcel;
            let mut sessions = state.sessions.values_mut();
            let session = sessions.find(|it| {
                it.described && it.speaker.channel_id == channel_id && it.speaker.user_id == user_id
            });
            if let Some(session) = session {
                session.send_dave(&message);
            }
        }
        self.nudge.notify_one();
    }

    /// What each of those who listen makes of a frame.
    pub(in super::super) fn read(&self, voice: &Voice, frame: &[u8]) -> Vec<(Id, Reading)> {
        let Some(people) = &voice.people else {
            return Vec::new();
        };
        let who = self.ears.listeners_of(voice.speaker);
        if who.is_empty() {
            return Vec::new();
        }
        let read = people.read(voice.speaker.user_id, frame, &who);
        if people.is_busy() {
            self.nudge.notify_one();
        }
        read
    }

    /// Lets the people's clients get on, and the calls keep their times, until `stop`.
    pub(in super::super) async fn attend(&self, stop: &CancellationToken) {
        loop {
            let nudged = self.nudge.notified();
            let deadline = self.work().await;
            let alarm = async {
                match deadline {
                    Some(at) => tokio::time::sleep_until(at).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                () = stop.cancelled() => return,
                () = nudged => {}
                () = alarm => {}
            }
        }
    }

    async fn work(&self) -> Option<Instant> {
        loop {
            let busy = self.lock().calls.busy();
            if busy.is_empty() {
                let next = self.tick();
                if self.lock().calls.busy().is_empty() {
                    return next;
                }
            }
            for (channel_id, people) in busy {
                // Their cryptography takes milliseconds: the desk is free meanwhile.
                self.answered(channel_id, people.answer());
                tokio::task::yield_now().await;
            }
        }
    }

    fn tick(&self) -> Option<Instant> {
        let mut state = self.lock();
        let next = state.calls.tick(Instant::now());
        if state.calls.has_parcels() {
            self.carry(&mut state);
        }
        next
    }

    fn answered(&self, channel_id: Id, answers: Vec<(Id, Said)>) {
        let mut state = self.lock();
        for (user_id, said) in answers {
            let heard = (state.calls).hear((channel_id, user_id), &said, Instant::now());
            if let Err(what) = heard {
                tracing::warn!(what, user_id, "a person's client says what none may");
            }
        }
        self.carry(&mut state);
    }

    pub(in super::super) fn tally(&self, channel_id: Id) -> Option<Tally> {
        self.lock().calls.tally(channel_id)
    }

    pub(in super::super) fn people_commit(&self, commit: bool) {
        self.lock().calls.people_commit(commit);
    }

    pub(in super::super) fn spoil_next_commit(&self, user_id: Id) {
        self.lock().calls.spoil_next_commit(user_id);
    }

    pub(in super::super) fn downgrade(&self, channel_id: Id) {
        let mut state = self.lock();
        state.calls.downgrade(channel_id, Instant::now());
        self.carry(&mut state);
    }

    pub(in super::super) fn upgrade(&self, channel_id: Id) {
        let mut state = self.lock();
        state.calls.upgrade(channel_id);
        self.carry(&mut state);
    }
}

/// Lets the desk's calls get on until `stop`.
pub(in super::super) async fn attend(shared: Arc<Shared>, stop: CancellationToken) {
    shared.desk.attend(&stop).await;
}
