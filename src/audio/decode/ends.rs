//! Where a file really ends. A container says how much of its end the encoder added, which is taken
//! away so that songs can follow each other; but the head of one file that was joined with another, or
//! an estimate by the first frames, ends the sound before the file does. So what is to go is held back
//! until the file is over, and played if it is not.

use std::collections::VecDeque;
use symphonia::core::errors::Error;
use symphonia::core::formats::{FormatReader, Packet};

/// What an encoder adds is at most 4,095 samples (the LAME tag has 12 bits for it), which is four
/// frames of MP3 and one of most others; twice that, for odd ones.
const ADDED_LIMIT: usize = 8;

/// Packets on their way from a file to its decoder.
#[derive(Default)]
pub(super) struct Ends {
    /// With something to go at their end, unless more follows.
    held: VecDeque<Packet>,
    ready: VecDeque<Packet>,
    /// What came after the packets that are ready.
    over: Option<Error>,
    /// More followed than an encoder adds: nothing that is said of the end is right.
    is_disbelieved: bool,
}

impl Ends {
    /// The next packet of this track. The error is the file's own.
    pub(super) fn next(
        &mut self,
        format: &mut dyn FormatReader,
        track: u32,
    ) -> Result<Packet, Error> {
        loop {
            if let Some(packet) = self.ready.pop_front() {
                return Ok(packet);
            }
            if let Some(error) = self.over.take() {
                return Err(error);
            }
            match format.next_packet() {
                Ok(packet) if packet.track_id() == track => self.take(packet),
                Ok(_) => {}
                Err(error) => {
                    self.ready.append(&mut self.held);
                    self.over = Some(error);
                }
            }
        }
    }

    fn take(&mut self, packet: Packet) {
        let goes_on = packet.trim_end == 0;
        if goes_on && self.held.is_empty() {
            return self.ready.push_back(packet);
        }
        self.held.push_back(packet);
        self.is_disbelieved |= goes_on || self.held.len() > ADDED_LIMIT;
        if self.is_disbelieved {
            self.ready.extend(self.held.drain(..).map(whole));
        }
    }
}

/// The packet with its end.
fn whole(mut packet: Packet) -> Packet {
    packet.dur += u64::from(packet.trim_end);
    packet.trim_end = 0;
    packet
}
