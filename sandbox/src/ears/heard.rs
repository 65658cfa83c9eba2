//! The counters of one speaker's voice session. They say what arrived and what was wrong with it;
//! they do not know what it sounded like.

use crate::world::Id;

/// Violations kept with their words; more are only counted.
const VIOLATIONS_LIMIT: usize = 50;

/// What one voice session sent, as a snapshot.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Heard {
    pub guild_id: Id,
    pub channel_id: Id,
    pub user_id: Id,
    pub ssrc: u32,
    /// Opus frames received, each counted once, the silence frames among them.
    pub frames: u64,
    /// Frames that are Opus silence (`F8 FF FE`).
    pub silence_frames: u64,
    /// Sequence numbers that never came while speaking.
    pub lost: u64,
    /// Packets whose sequence number had been received before.
    pub duplicates: u64,
    /// Packets that came after a later one.
    pub out_of_order: u64,
    /// The longest time between two packets while speaking, in milliseconds. A pause that began
    /// with five silence frames is not speaking.
    pub longest_gap_ms: u64,
    /// Packets encrypted with a nonce that this session had used before.
    pub nonce_reused: u64,
    /// Packets that did not decrypt, plain ones among them.
    pub undecryptable: u64,
    /// Packets whose time stamp does not follow from the one before.
    pub timestamp_errors: u64,
    /// Packets that are not RTP version 2 with payload type 0x78 and a whole Opus frame.
    pub malformed: u64,
    /// Packets before the first SPEAKING.
    pub before_speaking: u64,
    /// Pauses of 500 ms and more that did not begin with five silence frames.
    pub unclosed_speech: u64,
    /// Silence frames after the last frame of sound.
    pub silence_frames_at_end: u64,
    /// What Discord's protocol forbids and this session did, in words, oldest first.
    pub violations: Vec<String>,
    /// All violations, also those whose words were not kept.
    pub violations_total: u64,
}

impl Heard {
    pub(super) fn violate(&mut self, what: String) {
        self.violations_total += 1;
        if self.violations.len() < VIOLATIONS_LIMIT {
            self.violations.push(what);
        }
    }

    /// True if nothing was lost, repeated, disordered or forbidden.
    pub fn is_clean(&self) -> bool {
        self.violations_total == 0
            && self.lost == 0
            && self.duplicates == 0
            && self.out_of_order == 0
            && self.undecryptable == 0
    }
}
