//! A prepared file as it is written: Opus in Ogg (RFC 7845), one stream, a page a second. Knows nothing
//! of how the sound came about.

use super::FRAME;
use crate::audio::decode::RATE;
use ogg::writing::{PacketWriteEndInfo, PacketWriter};
use opus2::Encoder;
use std::io::{self, Write};

/// Largest Opus packet.
const PACKET_LIMIT: usize = 1_275;
/// Any number does; there is one stream in the file.
const SERIAL: u32 = 0x526F_6E64;

/// The file that is being written. One packet is held back, since the last is marked.
pub(super) struct Writer<W: Write> {
    packets: PacketWriter<'static, W>,
    held: Option<Vec<u8>>,
    /// Those that were given so far.
    pub(super) frames: u64,
}

impl<W: Write> Writer<W> {
    pub(super) fn begin(out: W, skip: u16) -> io::Result<Writer<W>> {
        let mut packets = PacketWriter::new(out);
        let mut head = b"OpusHead\x01\x02".to_vec();
        head.extend(skip.to_le_bytes());
        head.extend(RATE.to_le_bytes());
        head.extend([0, 0, 0]);
        packets.write_packet(head, SERIAL, PacketWriteEndInfo::EndPage, 0)?;
        let vendor = b"Rondo";
        let mut tags = b"OpusTags".to_vec();
        tags.extend(u32::try_from(vendor.len()).unwrap_or(0).to_le_bytes());
        tags.extend(vendor);
        tags.extend([0; 4]);
        packets.write_packet(tags, SERIAL, PacketWriteEndInfo::EndPage, 0)?;
        Ok(Writer {
            packets,
            held: None,
            frames: 0,
        })
    }

    /// Where the sound is after so many frames, in samples.
    fn granule(&self) -> u64 {
        self.frames * u64::try_from(FRAME).unwrap_or(0)
    }

    pub(super) fn frame(
        &mut self,
        encoder: &mut Encoder,
        samples: Option<&[f32]>,
    ) -> io::Result<()> {
        let samples = samples.unwrap_or_default();
        let packet = encoder.encode_vec_float(samples, PACKET_LIMIT);
        let packet = packet.map_err(io::Error::other)?;
        if let Some(before) = self.held.replace(packet) {
            // A page a second, so that a place in the file is found soon.
            let ends_page = self.frames.is_multiple_of(50);
            let info = if ends_page {
                PacketWriteEndInfo::EndPage
            } else {
                PacketWriteEndInfo::NormalPacket
            };
            self.packets
                .write_packet(before, SERIAL, info, self.granule())?;
        }
        self.frames += 1;
        Ok(())
    }

    pub(super) fn end(mut self) -> io::Result<(u64, W)> {
        if let Some(last) = self.held.take() {
            let granule = self.granule();
            let info = PacketWriteEndInfo::EndStream;
            self.packets.write_packet(last, SERIAL, info, granule)?;
        }
        Ok((self.frames, self.packets.into_inner()))
    }
}
