//! Judges one speaker's packets, one after the other, and says where on the common clock each
//! frame is heard. It decodes nothing and knows no listener.
//!
//! A frame follows the one before by its time stamp. When it comes later than a listener's buffer
//! would hide, silence is heard instead: its place is then its arrival. Clients need not advance the
//! time stamp over a pause (songbird does not), so after a pause the arrival decides.

use crate::world::Id;

use super::heard::Heard;

/// Opus silence as Discord asks for it, five times at the end of speech.
const SILENCE: [u8; 3] = [0xF8, 0xFF, 0xFE];
/// Silence frames that end speech (Discord's voice documentation).
const SILENCE_FRAMES: u64 = 5;
/// How late a frame may be while speaking before silence is heard: 200 ms in samples.
const BUFFER: u64 = 9_600;
/// How late the first frame after a pause may be before it counts as a pause: 20 ms in samples.
const PAUSE_TOLERANCE: u64 = 960;
/// A pause without silence frames before it that counts as forgotten: 500 ms in samples.
const UNCLOSED: u64 = 24_000;
/// Websocket and UDP race each other: this long packets may precede the first SPEAKING. It counts from
/// when the first of them was looked at, not from when it arrived: a server too busy to read its
/// websocket may have the SPEAKING unread.
const SPEAKING_GRACE: u64 = 24_000;
/// Opus frames are at most 120 ms.
const FRAME_SAMPLES_LIMIT: usize = 5_760;
/// Length of a frame that cannot be looked into: 20 ms in samples.
const SEALED_SAMPLES: u32 = 960;
/// How far back a nonce or a sequence number is remembered one by one.
const WINDOW: u32 = 128;

pub(super) fn is_silence(opus: &[u8]) -> bool {
    opus == SILENCE
}

/// Whose session a stream is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Speaker {
    pub guild_id: Id,
    pub channel_id: Id,
    pub user_id: Id,
}

/// One packet after decryption.
#[derive(Clone, Copy, Debug)]
pub struct Packet<'a> {
    pub sequence: u16,
    /// In samples of 48 kHz.
    pub timestamp: u32,
    /// The four bytes at the packet's end, big endian as clients count them.
    pub nonce: u32,
    pub opus: &'a [u8],
}

/// What became of a packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Good,
    /// A repetition or not an Opus frame; not heard.
    Dropped,
    /// Sound went on for half a second without any SPEAKING.
    NotAnnounced,
    /// No session has this ssrc.
    Unknown,
}

#[derive(Debug)]
pub(super) struct Stream {
    pub(super) speaker: Speaker,
    pub(super) heard: Heard,
    announced: bool,
    unannounced_since: Option<u64>,
    last: Option<Last>,
    nonces: Seen,
}

#[derive(Clone, Copy, Debug)]
struct Last {
    sequence: u16,
    timestamp: u32,
    samples: u32,
    position: u64,
    arrived: u64,
    seen: u128,
}

/// The newest nonce and which of the ones shortly before it were used.
#[derive(Debug, Default)]
struct Seen {
    newest: Option<u32>,
    bits: u128,
}

impl Seen {
    /// True if this nonce is new.
    fn take(&mut self, nonce: u32) -> bool {
        let Some(newest) = self.newest else {
            self.newest = Some(nonce);
            self.bits = 1;
            return true;
        };
        if nonce > newest {
            self.bits = self.bits.checked_shl(nonce - newest).unwrap_or(0) | 1;
            self.newest = Some(nonce);
            return true;
        }
        let back = newest - nonce;
        // Further back than remembered can only be a repetition: clients count upwards.
        if back >= WINDOW || self.bits >> back & 1 == 1 {
            return false;
        }
        self.bits |= 1 << back;
        true
    }
}

impl Stream {
    pub(super) fn new(speaker: Speaker, ssrc: u32) -> Self {
        Self {
            speaker,
            heard: Heard {
                guild_id: speaker.guild_id,
                channel_id: speaker.channel_id,
                user_id: speaker.user_id,
                ssrc,
                ..Heard::default()
            },
            announced: false,
            unannounced_since: None,
            last: None,
            nonces: Seen::default(),
        }
    }

    pub(super) fn speaking(&mut self, bits: u32) {
        self.announced |= bits != 0;
    }

    /// The position (in samples) at which the frame is heard, or why it is not.
    /// The packet `arrived` some time before `now`, when it is judged.
    pub(super) fn judge(
        &mut self,
        packet: &Packet<'_>,
        (arrived, now): (u64, u64),
    ) -> Result<u64, Verdict> {
        self.check_announced(now)?;
        let samples = self.check_frame(packet.opus)?;
        self.judge_as(packet, samples, arrived)
    }

    /// The same of a frame that nobody could read: it is taken for one of 20 ms, as all are that
    /// Discord's clients send.
    pub(super) fn judge_sealed(
        &mut self,
        packet: &Packet<'_>,
        (arrived, now): (u64, u64),
    ) -> Result<u64, Verdict> {
        self.check_announced(now)?;
        self.judge_as(packet, SEALED_SAMPLES, arrived)
    }

    fn judge_as(
        &mut self,
        packet: &Packet<'_>,
        samples: u32,
        arrived: u64,
    ) -> Result<u64, Verdict> {
        let fresh_nonce = self.nonces.take(packet.nonce);
        let Some(last) = self.last else {
            self.last = Some(Last {
                sequence: packet.sequence,
                timestamp: packet.timestamp,
                samples,
                position: arrived,
                arrived,
                seen: 1,
            });
            self.count(packet.opus);
            return Ok(arrived);
        };
        let step = packet.sequence.wrapping_sub(last.sequence).cast_signed();
        if !fresh_nonce && step != 0 {
            self.heard.nonce_reused += 1;
            let nonce = packet.nonce;
            self.heard.violate(format!("nonce {nonce} used again"));
        }
        if step > 0 {
            Ok(self.forward(packet, last, samples, arrived))
        } else {
            self.backward(packet, samples, (last, fresh_nonce), arrived)
        }
    }

    fn check_announced(&mut self, now: u64) -> Result<(), Verdict> {
        if self.announced {
            return Ok(());
        }
        self.heard.before_speaking += 1;
        let since = *self.unannounced_since.get_or_insert(now);
        if now.saturating_sub(since) > SPEAKING_GRACE {
            self.heard.violate("sound without SPEAKING".to_owned());
            return Err(Verdict::NotAnnounced);
        }
        Ok(())
    }

    fn check_frame(&mut self, opus: &[u8]) -> Result<u32, Verdict> {
        match opus2::packet::get_nb_samples(opus, super::SAMPLE_RATE) {
            Ok(samples) if samples <= FRAME_SAMPLES_LIMIT => {
                Ok(u32::try_from(samples).unwrap_or(960))
            }
            _ => {
                self.heard.malformed += 1;
                self.heard.violate("not an Opus frame".to_owned());
                Err(Verdict::Dropped)
            }
        }
    }

    fn forward(&mut self, packet: &Packet<'_>, last: Last, samples: u32, arrived: u64) -> u64 {
        let step = packet.sequence.wrapping_sub(last.sequence);
        let paused = self.heard.silence_frames_at_end >= SILENCE_FRAMES;
        let waited = arrived.saturating_sub(last.arrived);
        let time_step = packet.timestamp.wrapping_sub(last.timestamp);
        let expected = last.samples.wrapping_mul(u32::from(step));
        let follows = time_step == expected || paused && time_step.cast_signed() > 0;
        if !follows {
            self.heard.timestamp_errors += 1;
            let what = format!("time stamp went on by {time_step}, not by {expected}");
            self.heard.violate(what);
        }
        if !paused {
            self.heard.lost += u64::from(step) - 1;
            self.heard.longest_gap_ms = self.heard.longest_gap_ms.max(waited / 48);
            if waited >= UNCLOSED {
                self.heard.unclosed_speech += 1;
                let what = format!("{} ms without five silence frames before", waited / 48);
                self.heard.violate(what);
            }
        }
        let position = place(last, time_step, paused, arrived);
        self.last = Some(Last {
            sequence: packet.sequence,
            timestamp: packet.timestamp,
            samples,
            position,
            arrived,
            seen: last.seen.checked_shl(u32::from(step)).unwrap_or(0) | 1,
        });
        self.count(packet.opus);
        position
    }

    fn backward(
        &mut self,
        packet: &Packet<'_>,
        samples: u32,
        (last, fresh_nonce): (Last, bool),
        arrived: u64,
    ) -> Result<u64, Verdict> {
        let back = u32::from(last.sequence.wrapping_sub(packet.sequence));
        if back >= WINDOW {
            let what = format!("sequence number went back by {back}");
            self.heard.violate(what);
            self.last = None;
            return Ok(self.judge_restart(packet, samples, arrived));
        }
        if last.seen >> back & 1 == 1 {
            self.heard.duplicates += 1;
            if fresh_nonce {
                let sequence = packet.sequence;
                self.heard
                    .violate(format!("sequence number {sequence} used again"));
            }
            return Err(Verdict::Dropped);
        }
        self.heard.out_of_order += 1;
        self.heard.lost = self.heard.lost.saturating_sub(1);
        self.heard.frames += 1;
        self.last = Some(Last {
            seen: last.seen | 1 << back,
            ..last
        });
        let behind = u64::from(last.timestamp.wrapping_sub(packet.timestamp));
        Ok(last.position.saturating_sub(behind))
    }

    fn judge_restart(&mut self, packet: &Packet<'_>, samples: u32, arrived: u64) -> u64 {
        self.last = Some(Last {
            sequence: packet.sequence,
            timestamp: packet.timestamp,
            samples,
            position: arrived,
            arrived,
            seen: 1,
        });
        self.count(packet.opus);
        arrived
    }

    fn count(&mut self, opus: &[u8]) {
        self.heard.frames += 1;
        if is_silence(opus) {
            self.heard.silence_frames += 1;
            self.heard.silence_frames_at_end += 1;
        } else {
            self.heard.silence_frames_at_end = 0;
        }
    }
}

fn place(last: Last, time_step: u32, paused: bool, arrived: u64) -> u64 {
    let end_of_last = last.position + u64::from(last.samples);
    let by_timestamp = last.position + u64::from(time_step);
    let tolerance = if paused { PAUSE_TOLERANCE } else { BUFFER };
    let latest = arrived.max(end_of_last);
    if by_timestamp + tolerance < arrived || by_timestamp > latest + BUFFER {
        latest
    } else {
        by_timestamp
    }
}
