//! What one person made of the frames of encrypted calls. It counts; who could decrypt what is
//! decided by the person's client.

use crate::world::Id;
use std::sync::Arc;

/// What somebody made of one frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reading {
    /// Decrypted: the Opus that was sent.
    Read(Arc<[u8]>),
    /// Encrypted, and with none of their keys.
    Unreadable,
    /// Not encrypted, though their group is established: not played.
    Plain,
    /// They have not been welcomed to a group yet, or the others not moved on to it.
    NotYet,
}

/// Counts of one person, over all encrypted calls they were in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Understood {
    pub user_id: Id,
    /// Frames that they could decrypt, silence frames (never encrypted) among them.
    pub read: u64,
    /// Frames encrypted with keys they did not have although they were in the group.
    pub unreadable: u64,
    /// Frames that came unencrypted into their established group.
    pub plain: u64,
    /// Frames before they were welcomed and the others had moved on.
    pub before: u64,
}

impl Understood {
    pub(super) fn count(&mut self, reading: &Reading) {
        match reading {
            Reading::Read(_) => self.read += 1,
            Reading::Unreadable => self.unreadable += 1,
            Reading::Plain => self.plain += 1,
            Reading::NotYet => self.before += 1,
        }
    }
}
