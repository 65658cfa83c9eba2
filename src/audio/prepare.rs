//! A track made ready ahead: measured (EBU R128), brought to one loudness, encoded once as Opus in
//! frames of 20 ms, in an Ogg file that songbird passes on as it is. Done by a process of its own,
//! like looking into a file, and for the same reason.

use super::decode::{RATE, decode};
use super::inspect::Unplayable;
use super::loudness::{decibel, gain_db};
use ebur128::{EbuR128, Mode};
use ogg::writing::{PacketWriteEndInfo, PacketWriter};
use opus2::{Application, Bitrate, Channels, Encoder};
use serde::{Deserialize, Serialize};
use std::fs::File;
use std::io::{self, BufWriter, IntoInnerError, Write};
use std::path::Path;

/// Bits a second.
const BITRATE: i32 = 128_000;
/// Frames (samples a channel) of 20 ms.
pub(super) const FRAME: usize = 960;
/// Largest Opus packet.
const PACKET_LIMIT: usize = 1_275;
/// Any number does; there is one stream in the file.
const SERIAL: u32 = 0x526F_6E64;

/// What was measured and done.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Prepared {
    /// Of the file as it is, LUFS integrated; `None` for silence.
    pub lufs: Option<f64>,
    /// Of the file as it is, dB true peak.
    pub peak_dbtp: f64,
    /// What it was changed by.
    pub gain_db: f64,
    /// Frames of 20 ms that were written.
    pub frames: u64,
}

/// Makes what all our sound is encoded by.
pub(super) fn encoder() -> Result<Encoder, opus2::Error> {
    let mut encoder = Encoder::new(RATE, Channels::Stereo, Application::Audio)?;
    encoder.set_bitrate(Bitrate::Bits(BITRATE))?;
    Ok(encoder)
}

/// A file with one frame of silence in it.
pub(super) fn silent_file() -> io::Result<Vec<u8>> {
    let mut encoder = encoder().map_err(io::Error::other)?;
    let mut writer = Writer::begin(Vec::new(), 0)?;
    writer.frame(&mut encoder, Some(&[0.0; FRAME * 2]))?;
    Ok(writer.end()?.1)
}

/// Measures `file` and writes it to `out` as it is to be played. Blocks.
pub fn prepare(file: &Path, out: &Path) -> io::Result<String> {
    let measured = measure(file).map_err(|why| io::Error::other(format!("{why:?}")))?;
    let frames = encode(file, out, measured.gain_db)?;
    let prepared = Prepared { frames, ..measured };
    Ok(serde_json::to_string(&prepared)?)
}

fn measure(file: &Path) -> Result<Prepared, Unplayable> {
    let meter = EbuR128::new(2, RATE, Mode::I | Mode::TRUE_PEAK);
    let mut meter = meter.map_err(|_| Unplayable::Broken)?;
    let mut understood = true;
    decode(file, &mut |samples| {
        understood &= meter.add_frames_f32(samples).is_ok();
    })?;
    let lufs = meter.loudness_global().ok().filter(|it| it.is_finite());
    let peaks = [0, 1].map(|channel| meter.true_peak(channel).unwrap_or(0.0));
    let peak_dbtp = decibel(peaks[0].max(peaks[1]));
    if !understood {
        return Err(Unplayable::Broken);
    }
    Ok(Prepared {
        lufs,
        peak_dbtp,
        gain_db: gain_db(lufs, peak_dbtp),
        frames: 0,
    })
}

/// Writes the file as Opus in Ogg (RFC 7845). Answers how many frames it has.
fn encode(file: &Path, out: &Path, gain_db: f64) -> io::Result<u64> {
    let mut encoder = encoder().map_err(io::Error::other)?;
    let lookahead = encoder.get_lookahead().map_err(io::Error::other)?;
    let skip = u16::try_from(lookahead).unwrap_or(312);
    let mut writer = Writer::begin(BufWriter::new(File::create(out)?), skip)?;
    #[expect(clippy::cast_possible_truncation, reason = "a factor needs no more")]
    let factor = 10_f64.powf(gain_db / 20.0) as f32;
    let (mut waiting, mut failed) = (Vec::with_capacity(FRAME * 4), None);
    let decoded = decode(file, &mut |samples| {
        waiting.extend(samples.iter().map(|sample| sample * factor));
        while waiting.len() >= FRAME * 2 && failed.is_none() {
            failed = writer.frame(&mut encoder, waiting.get(..FRAME * 2)).err();
            waiting.drain(..FRAME * 2);
        }
    });
    decoded.map_err(|why| io::Error::other(format!("{why:?}")))?;
    if let Some(error) = failed {
        return Err(error);
    }
    // The rest, and what the encoder still holds back; not for the sake of less than half a frame,
    // since the next song is to follow without a hole.
    waiting.resize(waiting.len() + usize::from(skip) * 2, 0.0);
    for frame in waiting.chunks(FRAME * 2).filter(|it| it.len() > FRAME) {
        let mut whole = frame.to_vec();
        whole.resize(FRAME * 2, 0.0);
        writer.frame(&mut encoder, Some(&whole))?;
    }
    let (frames, buffer) = writer.end()?;
    let file = buffer.into_inner().map_err(IntoInnerError::into_error)?;
    file.sync_all()?;
    Ok(frames)
}

/// The file that is being written. One packet is held back, since the last is marked.
struct Writer<W: Write> {
    packets: PacketWriter<'static, W>,
    held: Option<Vec<u8>>,
    frames: u64,
}

impl<W: Write> Writer<W> {
    fn begin(out: W, skip: u16) -> io::Result<Writer<W>> {
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

    fn frame(&mut self, encoder: &mut Encoder, samples: Option<&[f32]>) -> io::Result<()> {
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

    fn end(mut self) -> io::Result<(u64, W)> {
        if let Some(last) = self.held.take() {
            let granule = self.granule();
            let info = PacketWriteEndInfo::EndStream;
            self.packets.write_packet(last, SERIAL, info, granule)?;
        }
        Ok((self.frames, self.packets.into_inner()))
    }
}
