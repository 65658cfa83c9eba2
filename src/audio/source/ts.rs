//! The sound in an MPEG transport stream (ISO/IEC 13818-1), which HTTP live streaming cuts into
//! pieces: finds the first AAC or MP3 stream and puts its bytes together. Pictures are left out, and
//! nothing is decoded.

/// Length of a packet, and the byte each begins with.
const PACKET: usize = 188;
const SYNC: u8 = 0x47;
/// The packets with the list of programmes.
const PROGRAMMES: u16 = 0;
/// Kinds of streams that are sound we can read: MPEG audio of either kind, and AAC in ADTS.
const SOUND: &[u8] = &[0x03, 0x04, 0x0f];

/// Whether these bytes are such a stream.
pub(super) fn is_transport_stream(bytes: &[u8]) -> bool {
    let second = bytes.get(PACKET);
    bytes.first() == Some(&SYNC) && second.is_none_or(|it| *it == SYNC)
}

/// What was found about a stream, from segment to segment.
#[derive(Debug, Default)]
pub(super) struct Demuxer {
    programme: Option<u16>,
    sound: Option<u16>,
    /// Sound of a kind that is not read was seen, and none that is.
    foreign: bool,
}

impl Demuxer {
    /// The sound of a segment.
    pub(super) fn take(&mut self, segment: &[u8]) -> Vec<u8> {
        let mut sound = Vec::with_capacity(segment.len());
        for packet in segment.chunks_exact(PACKET) {
            // A damaged packet is left out; the decoder finds its way.
            let _damaged = self.packet(packet, &mut sound);
        }
        sound
    }

    /// Whether there is sound, but of a kind that cannot be read.
    pub(super) fn is_foreign(&self) -> bool {
        self.sound.is_none() && self.foreign
    }

    fn packet(&mut self, packet: &[u8], sound: &mut Vec<u8>) -> Option<()> {
        let head: [u8; 4] = packet.get(..4)?.try_into().ok()?;
        let [sync, flags, low, control] = head;
        let is_damaged = flags & 0x80 != 0;
        let is_scrambled = control & 0xc0 != 0;
        if sync != SYNC || is_damaged || is_scrambled {
            return None;
        }
        let id = (u16::from(flags & 0x1f) << 8) | u16::from(low);
        let starts = flags & 0x40 != 0;
        let skipped = match control & 0x30 {
            0x10 => 4,
            0x30 => 5 + usize::from(*packet.get(4)?),
            _ => return None,
        };
        let payload = packet.get(skipped..)?;
        if id == PROGRAMMES && starts {
            self.programme = first_programme(section(payload)?);
        } else if Some(id) == self.programme && starts {
            let (found, foreign) = streams(section(payload)?)?;
            self.sound = self.sound.or(found);
            self.foreign |= foreign;
        } else if Some(id) == self.sound {
            let payload = if starts { body(payload)? } else { payload };
            sound.extend_from_slice(payload);
        }
        Some(())
    }
}

/// A table, which begins after a pointer.
fn section(payload: &[u8]) -> Option<&[u8]> {
    let table = payload.get(1 + usize::from(*payload.first()?)..)?;
    let length = (usize::from(table.get(1)? & 0x0f) << 8) | usize::from(*table.get(2)?);
    // Its last four bytes are a checksum.
    let end = (3 + length).min(table.len()).checked_sub(4)?;
    table.get(..end)
}

fn id_at(table: &[u8], at: usize) -> Option<u16> {
    Some((u16::from(table.get(at)? & 0x1f) << 8) | u16::from(*table.get(at + 1)?))
}

fn first_programme(table: &[u8]) -> Option<u16> {
    let mut at = 8;
    while at + 4 <= table.len() {
        let is_programme = table.get(at..at + 2)? != [0, 0];
        if is_programme {
            return id_at(table, at + 2);
        }
        at += 4;
    }
    None
}

/// The first stream with sound that is read, and whether there is some that is not.
fn streams(table: &[u8]) -> Option<(Option<u16>, bool)> {
    let length_at = |at: usize| {
        let high = usize::from(table.get(at)? & 0x0f);
        Some((high << 8) | usize::from(*table.get(at + 1)?))
    };
    let mut at = 12 + length_at(10)?;
    let mut foreign = false;
    while at + 5 <= table.len() {
        let kind = *table.get(at)?;
        if SOUND.contains(&kind) {
            return Some((id_at(table, at + 1), foreign));
        }
        // AAC in LATM, AC-3 and E-AC-3.
        foreign |= matches!(kind, 0x11 | 0x81 | 0x87 | 0x06);
        at += 5 + length_at(at + 3)?;
    }
    Some((None, foreign))
}

/// What follows the head of an elementary packet.
fn body(payload: &[u8]) -> Option<&[u8]> {
    if payload.get(..3)? != [0, 0, 1] {
        return None;
    }
    let head = usize::from(*payload.get(8)?);
    payload.get(9 + head..)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sound_of_a_stream_is_put_together() {
        let fixture = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/media/");
        let segment = std::fs::read(format!("{fixture}segment.ts")).unwrap();
        let adts = std::fs::read(format!("{fixture}segment.aac")).unwrap();
        assert!(is_transport_stream(&segment) && !is_transport_stream(&adts));
        assert_eq!(Demuxer::default().take(&segment), adts);
        // In two segments, the second without a table at its beginning.
        let (first, second) = segment.split_at(PACKET * (segment.len() / PACKET / 2));
        let mut demuxer = Demuxer::default();
        let halves = [demuxer.take(first), demuxer.take(second)];
        assert_eq!(halves.concat(), adts);
    }

    #[test]
    fn damage_costs_what_is_damaged() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/media/segment.ts");
        let segment = std::fs::read(path).unwrap();
        for at in 0..segment.len() {
            for value in [0, 0xff, 0x47, 0x7f] {
                let mut damaged = segment.get(..).unwrap().to_vec();
                damaged[at] = value;
                if at % 97 == 0 {
                    let sound = Demuxer::default().take(&damaged);
                    assert!(sound.len() <= segment.len());
                }
            }
        }
        for length in 0..PACKET * 3 {
            Demuxer::default().take(&segment[..length]);
        }
    }
}
