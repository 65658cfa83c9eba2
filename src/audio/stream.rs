//! What was not made ready is decoded, brought to the common loudness and encoded as it plays, by a
//! process of its own: the file is a stranger's. It writes as fast as it is read from, and ends when
//! nobody reads any more.

use super::decode::{Decoding, RATE};
use super::inspect::Unplayable;
use super::loudness::Leveller;
use super::prepare::{FRAME, encoder};
use opus2::Encoder;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::ops::ControlFlow;
use std::path::Path;
use std::time::Duration;
use symphonia::core::io::ReadOnlySource;

/// Largest Opus packet.
const PACKET_LIMIT: usize = 1_275;

/// The process's work: writes the place where the sound begins (milliseconds, 4 bytes, lowest
/// first), then every frame of 20 ms with its length before it (2 bytes), then a length of 0.
/// `file` is `-` for what comes in by the standard input.
pub fn stream(
    file: &Path,
    from: Duration,
    gain_tenths: Option<i16>,
    out: impl Write,
) -> io::Result<()> {
    let decoding = if file == Path::new("-") {
        Decoding::live(Box::new(ReadOnlySource::new(io::stdin())))
    } else {
        Decoding::of(Box::new(File::open(file)?))
    };
    let mut decoding = decoding.map_err(broken)?;
    // A file that cannot be searched plays from its beginning, and says so.
    let from = if !from.is_zero() && decoding.go_to(from) {
        from
    } else {
        Duration::ZERO
    };
    let mut packets = Packets {
        out: BufWriter::new(out),
        encoder: encoder().map_err(io::Error::other)?,
        room: [0; PACKET_LIMIT],
    };
    let from_ms = u32::try_from(from.as_millis()).unwrap_or(u32::MAX);
    packets.out.write_all(&from_ms.to_le_bytes())?;
    let mut leveller = Leveller::new(RATE, gain_tenths).map_err(io::Error::other)?;
    let (mut waiting, mut failed) = (Vec::with_capacity(FRAME * 4), None);
    let decoded = decoding.run(&mut |samples| {
        waiting.extend_from_slice(samples);
        while waiting.len() >= FRAME * 2 {
            let rest = waiting.split_off(FRAME * 2);
            let frame = std::mem::replace(&mut waiting, rest);
            let written = leveller
                .take(frame)
                .map_or(Ok(()), |frame| packets.write(&frame));
            if let Err(error) = written {
                failed = Some(error);
                return ControlFlow::Break(());
            }
        }
        ControlFlow::Continue(())
    });
    decoded.map_err(broken)?;
    if let Some(error) = failed {
        return Err(error);
    }
    // As with what is made ready: not for the sake of less than half a frame.
    if waiting.len() > FRAME {
        waiting.resize(FRAME * 2, 0.0);
        if let Some(frame) = leveller.take(waiting) {
            packets.write(&frame)?;
        }
    }
    while let Some(frame) = leveller.rest() {
        packets.write(&frame)?;
    }
    packets.out.write_all(&0_u16.to_le_bytes())?;
    packets.out.flush()
}

fn broken(why: Unplayable) -> io::Error {
    io::Error::other(format!("{why:?}"))
}

struct Packets<W: Write> {
    out: BufWriter<W>,
    encoder: Encoder,
    room: [u8; PACKET_LIMIT],
}

impl<W: Write> Packets<W> {
    fn write(&mut self, frame: &[f32]) -> io::Result<()> {
        let encoded = self.encoder.encode_float(frame, &mut self.room);
        let length = encoded.map_err(io::Error::other)?;
        let packet = self.room.get(..length).unwrap_or_default();
        let length = u16::try_from(length).unwrap_or(0);
        self.out.write_all(&length.to_le_bytes())?;
        self.out.write_all(packet)
    }
}
