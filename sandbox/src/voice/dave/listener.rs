//! One person's client in one call: a member of the group like any other, who sends a key package,
//! processes proposals, commits and welcomes, and decrypts frames with the keys of their epoch. It
//! is davey's session, the one that bots use as well, and knows nothing of the server.

use std::collections::BTreeSet;
use std::num::NonZeroU16;
use std::sync::Arc;

use davey::{DaveSession, MediaType, OPUS_SILENCE_PACKET, ProposalsOperationType};

use super::{Message, Said, VERSION};
use crate::ears::Reading;
use crate::world::Id;

/// The magic marker at the end of an encrypted frame ("Payload Format").
const MARKER: [u8; 2] = [0xFA, 0xFA];
const SPOKEN: NonZeroU16 = NonZeroU16::new(VERSION).expect("the version that is spoken is not 0");

#[derive(Debug)]
pub(super) struct Listener {
    user_id: Id,
    channel_id: Id,
    session: DaveSession,
    expected: BTreeSet<Id>,
    /// Version 0 was agreed on: frames come plain.
    plain: bool,
    /// They have read a frame since they were welcomed: until then what others sent with keys from
    /// before, or without, may still be under way.
    settled: bool,
}

impl Listener {
    /// Somebody who has just connected, and the key package with which they begin.
    pub(super) fn join(channel_id: Id, user_id: Id) -> Option<(Self, Said)> {
        let session = DaveSession::new(SPOKEN, user_id, channel_id, None).ok()?;
        let mut listener = Self {
            user_id,
            channel_id,
            session,
            expected: BTreeSet::from([user_id]),
            plain: false,
            settled: false,
        };
        let package = listener.key_package()?;
        Some((listener, package))
    }

    fn key_package(&mut self) -> Option<Said> {
        let package = self.session.create_key_package();
        package.ok().map(Said::KeyPackage)
    }

    /// Takes a message in and says what their client answers.
    pub(super) fn hear(&mut self, message: &Message) -> Vec<Said> {
        match message {
            Message::Came(users) => self.expected.extend(users),
            Message::Went(user) => {
                self.expected.remove(user);
            }
            Message::ExternalSender(bytes) => {
                if let Err(error) = self.session.set_external_sender(bytes) {
                    tracing::debug!(%error, "a person did not take the external sender");
                }
            }
            Message::Proposals(payload) => return self.proposals(payload).into_iter().collect(),
            Message::Commit { transition, commit } => {
                let done = self.session.process_commit(commit);
                return self.moved_on(*transition, done.map_err(|error| error.to_string()));
            }
            Message::Welcome {
                transition,
                welcome,
            } => {
                let done = self.session.process_welcome(welcome);
                return self.moved_on(*transition, done.map_err(|error| error.to_string()));
            }
            Message::PrepareEpoch { epoch: 1 } => return self.begin_anew().into_iter().collect(),
            Message::PrepareTransition {
                transition,
                version: 0,
            } => {
                self.plain = true;
                return vec![Said::Ready(*transition)];
            }
            // The keys are in place since the commit; which one a frame needs shows when it is tried.
            Message::PrepareEpoch { .. }
            | Message::PrepareTransition { .. }
            | Message::Execute { .. } => {}
        }
        Vec::new()
    }

    fn proposals(&mut self, payload: &[u8]) -> Option<Said> {
        let (kind, proposals) = payload.split_first()?;
        let kind = match kind {
            0 => ProposalsOperationType::APPEND,
            _ => ProposalsOperationType::REVOKE,
        };
        let expected: Vec<Id> = self.expected.iter().copied().collect();
        match (self.session).process_proposals(kind, proposals, Some(&expected)) {
            Ok(made) => made
                .map(|made| Said::Commit([made.commit, made.welcome.unwrap_or_default()].concat())),
            Err(error) => {
                tracing::debug!(%error, user = self.user_id, "a person refuses proposals");
                None
            }
        }
    }

    fn moved_on(&mut self, transition: u16, done: Result<(), String>) -> Vec<Said> {
        match done {
            Ok(()) if transition == 0 => Vec::new(),
            Ok(()) => vec![Said::Ready(transition)],
            Err(error) => {
                tracing::warn!(%error, user = self.user_id, "a person cannot follow the group");
                let mut said = vec![Said::Invalid(transition)];
                said.extend(self.begin_anew());
                said
            }
        }
    }

    fn begin_anew(&mut self) -> Option<Said> {
        self.plain = false;
        self.settled = false;
        let anew = (self.session).reinit(SPOKEN, self.user_id, self.channel_id, None);
        if let Err(error) = anew {
            tracing::warn!(%error, "a person's session could not begin anew");
            return None;
        }
        self.key_package()
    }

    #[cfg(test)]
    pub(super) fn seal(&mut self, opus: &[u8]) -> Vec<u8> {
        self.session.encrypt_opus(opus).unwrap().into_owned()
    }

    #[cfg(test)]
    pub(super) fn group(&self) -> (u64, Vec<Id>) {
        let mut members = self.session.get_user_ids().unwrap();
        members.sort_unstable();
        (self.session.epoch().unwrap().as_u64(), members)
    }

    /// What this person makes of a frame.
    pub(super) fn read(&mut self, from: Id, frame: &[u8]) -> Reading {
        let is_plain = !frame.ends_with(&MARKER);
        if self.plain && is_plain {
            return Reading::Read(Arc::from(frame));
        }
        if !self.session.is_ready() {
            return Reading::NotYet;
        }
        if frame == OPUS_SILENCE_PACKET {
            return Reading::Read(Arc::from(frame));
        }
        let reading = self.decrypt(from, frame, is_plain);
        if self.settled || matches!(reading, Reading::Read(_)) {
            self.settled = true;
            return reading;
        }
        Reading::NotYet
    }

    fn decrypt(&mut self, from: Id, frame: &[u8], is_plain: bool) -> Reading {
        if is_plain {
            return Reading::Plain;
        }
        match self.session.decrypt(from, MediaType::AUDIO, frame) {
            Ok(opus) => Reading::Read(Arc::from(opus)),
            Err(error) => {
                tracing::debug!(%error, user = self.user_id, from, "a frame cannot be read");
                Reading::Unreadable
            }
        }
    }
}
