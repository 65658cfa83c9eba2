//! End-to-end encryption (DAVE version 1): the server's part, which is to deliver and to propose, and
//! the part of the people, who are members like any client and hear only what they can decrypt. It
//! knows no socket; the desk says who comes and goes and carries the messages.
//!
//! Sources: Discord's whitepaper (discord/dave-protocol, 1.1.4), RFC 9420. Where the paper leaves it
//! to the server: a change while a transition is under way is proposed after it; a first group is
//! announced with transition 0, which clients execute at once; a group that makes no commit within
//! five seconds is made anew; a client of gateway version 4 to 7 that missed something while its
//! websocket was gone is asked for a new key package (op 24), since nothing is replayed to it.

mod authority;
mod calls;
mod group;
mod listener;
mod people;
mod wire;

use serde_json::{Value, json};

use crate::world::Id;

pub(super) use calls::{Calls, Parcel};
pub use group::Tally;
pub(super) use people::People;

/// The version that is spoken.
pub(super) const VERSION: u16 = 1;

/// What members of a call are told. Clients get it as opcodes, people as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Message {
    /// Op 11.
    Came(Vec<Id>),
    /// Op 13.
    Went(Id),
    /// Op 21.
    PrepareTransition { transition: u16, version: u16 },
    /// Op 22.
    Execute { transition: u16 },
    /// Op 24.
    PrepareEpoch { epoch: u64 },
    /// Op 25.
    ExternalSender(Vec<u8>),
    /// Op 27: the kind of operation, then the vector.
    Proposals(Vec<u8>),
    /// Op 29.
    Commit { transition: u16, commit: Vec<u8> },
    /// Op 30.
    Welcome { transition: u16, welcome: Vec<u8> },
}

/// A message as the voice gateway writes it.
#[derive(Debug)]
pub(super) enum Written {
    Text(u8, Value),
    Binary(u8, Vec<u8>),
}

/// What members of a call say.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Said {
    /// Op 23.
    Ready(u16),
    /// Op 26.
    KeyPackage(Vec<u8>),
    /// Op 28: the commit, and the welcome if it adds somebody.
    Commit(Vec<u8>),
    /// Op 31.
    Invalid(u16),
}

impl Message {
    pub(super) fn write(&self) -> Written {
        let numbered = |op, transition: &u16, bytes: &[u8]| {
            Written::Binary(op, [&transition.to_be_bytes(), bytes].concat())
        };
        match self {
            Self::Came(users) => {
                let users: Vec<String> = users.iter().map(ToString::to_string).collect();
                Written::Text(11, json!({ "user_ids": users }))
            }
            Self::Went(user) => Written::Text(13, json!({ "user_id": user.to_string() })),
            Self::PrepareTransition {
                transition,
                version,
            } => Written::Text(
                21,
                json!({ "protocol_version": version, "transition_id": transition }),
            ),
            Self::Execute { transition } => {
                Written::Text(22, json!({ "transition_id": transition }))
            }
            Self::PrepareEpoch { epoch } => {
                Written::Text(24, json!({ "protocol_version": VERSION, "epoch": epoch }))
            }
            Self::ExternalSender(bytes) => Written::Binary(25, bytes.clone()),
            Self::Proposals(bytes) => Written::Binary(27, bytes.clone()),
            Self::Commit { transition, commit } => numbered(29, transition, commit),
            Self::Welcome {
                transition,
                welcome,
            } => numbered(30, transition, welcome),
        }
    }
}
