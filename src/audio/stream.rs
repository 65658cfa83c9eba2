//! What was not made ready is decoded, brought to the common loudness and encoded as it plays, by a
//! process of its own: the file is a stranger's. It writes as fast as it is read from, and ends when
//! nobody reads any more.

use super::decode::{Decoding, RATE};
use super::inspect::{Unplayable, guarded};
use super::loudness::Leveller;
use super::prepare::{FRAME, encoder};
use super::recordings::Recordings;
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
    let streamed = guarded(|| stream_unguarded(file, from, gain_tenths, out));
    streamed.unwrap_or_else(|| Err(broken(Unplayable::Broken)))
}

fn stream_unguarded(
    file: &Path,
    from: Duration,
    gain_tenths: Option<i16>,
    out: impl Write,
) -> io::Result<()> {
    if file == Path::new("-") {
        return live(out);
    }
    let mut decoding = Decoding::of(Box::new(File::open(file)?)).map_err(broken)?;
    // A file that cannot be searched plays from its beginning, and says so.
    let from = if !from.is_zero() && decoding.go_to(from) {
        from
    } else {
        Duration::ZERO
    };
    let mut output = Output::begin(out, from, gain_tenths)?;
    output.take_all(&mut decoding)?;
    output.end()
}

/// One recording after the other, as they come in.
fn live(out: impl Write) -> io::Result<()> {
    let recordings = Recordings::of(io::stdin());
    let decoding = || {
        let source = ReadOnlySource::new(recordings.clone());
        Decoding::live(Box::new(source)).map_err(broken)
    };
    let mut recording = decoding()?;
    let mut output = Output::begin(out, Duration::ZERO, None)?;
    loop {
        output.take_all(&mut recording)?;
        drop(recording);
        if !recordings.go_on()? {
            return output.end();
        }
        recording = decoding()?;
    }
}

fn broken(why: Unplayable) -> io::Error {
    io::Error::other(format!("{why:?}"))
}

/// Sound on its way out, in frames.
struct Output<W: Write> {
    packets: Packets<W>,
    leveller: Leveller,
    /// Samples that do not make a frame yet.
    waiting: Vec<f32>,
}

impl<W: Write> Output<W> {
    /// Says where the sound begins.
    fn begin(out: W, from: Duration, gain_tenths: Option<i16>) -> io::Result<Output<W>> {
        let mut out = BufWriter::new(out);
        let from_ms = u32::try_from(from.as_millis()).unwrap_or(u32::MAX);
        out.write_all(&from_ms.to_le_bytes())?;
        Ok(Output {
            packets: Packets {
                out,
                encoder: encoder().map_err(io::Error::other)?,
                room: [0; PACKET_LIMIT],
            },
            leveller: Leveller::new(RATE, gain_tenths).map_err(io::Error::other)?,
            waiting: Vec::with_capacity(FRAME * 4),
        })
    }

    /// All of it, as far as somebody reads.
    fn take_all(&mut self, decoding: &mut Decoding) -> io::Result<()> {
        let mut failed = None;
        let decoded = decoding.run(&mut |samples| match self.take(samples) {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => {
                failed = Some(error);
                ControlFlow::Break(())
            }
        });
        decoded.map_err(broken)?;
        failed.map_or(Ok(()), Err)
    }

    fn take(&mut self, samples: &[f32]) -> io::Result<()> {
        self.waiting.extend_from_slice(samples);
        while self.waiting.len() >= FRAME * 2 {
            let rest = self.waiting.split_off(FRAME * 2);
            let frame = std::mem::replace(&mut self.waiting, rest);
            if let Some(frame) = self.leveller.take(frame) {
                self.packets.write(&frame)?;
            }
        }
        Ok(())
    }

    fn end(mut self) -> io::Result<()> {
        // As with what is made ready: not for the sake of less than half a frame.
        if self.waiting.len() > FRAME {
            self.waiting.resize(FRAME * 2, 0.0);
            if let Some(frame) = self.leveller.take(self.waiting) {
                self.packets.write(&frame)?;
            }
        }
        while let Some(frame) = self.leveller.rest() {
            self.packets.write(&frame)?;
        }
        self.packets.out.write_all(&0_u16.to_le_bytes())?;
        self.packets.out.flush()
    }
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
