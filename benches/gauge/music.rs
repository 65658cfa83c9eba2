//! Music for benches, made here so that every machine measures the same: chords over soft noise, so
//! that an encoder has something to do, and made ready by the program itself.

use anyhow::Context;
use std::f32::consts::TAU;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

const RATE: u32 = 48_000;
/// Where files are kept between runs: in `target/`.
pub(crate) const FOLDER: &str = env!("CARGO_TARGET_TMPDIR");
pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_rondo");

/// Writes a piece of so many seconds as WAV, 16 bits, 48 kHz. Each `number` is another piece.
fn write_piece(path: &Path, number: u32, seconds: u32) -> anyhow::Result<()> {
    let spec = hound::WavSpec {
        channels: 2,
        sample_rate: RATE,
        bits_per_sample: 16,
        sample_format: hound::SampleFormat::Int,
    };
    let mut writer = hound::WavWriter::create(path, spec)?;
    let mut noise = 0x2545_F491_u32.wrapping_add(number);
    for index in 0..seconds * RATE {
        let at = f64::from(index) / f64::from(RATE);
        // A chord for two seconds, then the next.
        let root = 110.0 * 2_f64.powf(f64::from((index / RATE / 2 + number) % 12) / 12.0);
        let mut value = 0.0;
        for (over, softer) in [
            (1.0, 0.2),
            (1.5, 0.15),
            (2.0, 0.1),
            (4.0, 0.05),
            (9.0, 0.02),
        ] {
            value += softer * (cast(at * root * over % 1.0) * TAU).sin();
        }
        for side in [1.0, 0.8] {
            // xorshift: any noise does, as long as it is the same each time.
            noise ^= noise << 13;
            noise ^= noise >> 17;
            noise ^= noise << 5;
            let hiss = cast(f64::from(noise) / f64::from(u32::MAX) - 0.5) * 0.1;
            let sample = (value * side + hiss) * f32::from(i16::MAX);
            #[expect(clippy::cast_possible_truncation, reason = "it stays within -1 to 1")]
            writer.write_sample(sample as i16)?;
        }
    }
    Ok(writer.finalize()?)
}

#[expect(clippy::cast_possible_truncation, reason = "sound needs no more")]
fn cast(value: f64) -> f32 {
    value as f32
}

/// A piece as `rondo prepare` leaves it, at least so long. Made once.
pub(crate) fn prepared(number: u32, seconds: u32) -> anyhow::Result<PathBuf> {
    let seconds = seconds.next_multiple_of(60);
    let place = Path::new(FOLDER).join(format!("piece-{number}-{seconds}s.opus"));
    if place.exists() {
        return Ok(place);
    }
    let (wav, partial) = (place.with_extension("wav"), place.with_extension("part"));
    write_piece(&wav, number, seconds)?;
    let mut command = Command::new(PROGRAM);
    command.arg("prepare").arg(&wav).arg(&partial);
    let made = command.stdout(Stdio::null()).status()?;
    anyhow::ensure!(made.success(), "`rondo prepare` ended with {made}");
    std::fs::remove_file(&wav)?;
    std::fs::rename(&partial, &place).context("what was made ready is not there")?;
    Ok(place)
}
