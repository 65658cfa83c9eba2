//! A track made ready ahead: measured (EBU R128), brought to one loudness, encoded once as Opus in
//! frames of 20 ms, in an Ogg file that songbird passes on as it is. Done by a process of its own,
//! like looking into a file, and for the same reason.

mod dips;
mod writer;

use self::dips::Dips;
use self::writer::Writer;
use super::deck::Cached;
use super::decode::{Decoding, RATE, decode};
use super::inspect::{Unplayable, guarded};
use super::loudness::{
    Limiter, MOST_HELD_DB, PEAK_LIMIT_DBTP, apply, decibel, factor, gain_db, held_gain_db,
};
use ebur128::{EbuR128, Mode};
use opus2::{Application, Bitrate, Channels, Decoder, Encoder};
use serde::{Deserialize, Serialize};
use std::fs::File;
use std::io::{self, BufWriter, IntoInnerError};
use std::ops::ControlFlow;
use std::path::Path;
use std::time::Duration;

/// Bits a second.
const BITRATE: i32 = 128_000;
/// Frames (samples a channel) of 20 ms.
pub(super) const FRAME: usize = 960;
/// How far a peak can lie above the samples beside it, in dB.
const BETWEEN_SAMPLES_DB: f64 = 3.0;
/// What the codec adds to a peak at the most, as far as has been seen, in dB.
const CODEC_ADDS_DB: f64 = 2.0;
/// How often it is encoded again with its peaks softer, and then with all of it.
const TRIES: u32 = 4;
const LAST_TRIES: u32 = 2;
/// Frames from which on each is done once: two hours take minutes each time.
const LONG: u64 = 90_000;
/// How much softer than needed, in dB.
const MARGIN_DB: f64 = 0.1;

/// What was measured and done.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Prepared {
    /// Of the file as it is, LUFS integrated; `None` for silence.
    pub lufs: Option<f64>,
    /// Of the file as it is, dB true peak; of the samples alone where no peak is near the limit.
    pub peak_dbtp: f64,
    /// What it was changed by.
    pub gain_db: f64,
    /// Whether its highest peaks were held down for that.
    pub is_held: bool,
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
    let prepared = guarded(|| prepare_unguarded(file, out));
    prepared.unwrap_or_else(|| Err(io::Error::other("its decoder lost its head")))
}

fn prepare_unguarded(file: &Path, out: &Path) -> io::Result<String> {
    let mut prepared = measure(file).map_err(|why| io::Error::other(format!("{why:?}")))?;
    if prepared.is_held {
        prepared.gain_db = made_up_db(file, &prepared)?;
    }
    let mut dips = Dips::default();
    prepared.frames = encode(file, out, (&prepared, &dips))?;
    // The codec can add to a peak. Where that matters, it is looked at as it will be heard.
    let is_near = prepared.peak_dbtp + prepared.gain_db >= PEAK_LIMIT_DBTP - CODEC_ADDS_DB;
    if !is_near {
        return Ok(serde_json::to_string(&prepared)?);
    }
    let mut peaks = heard_peaks(out)?;
    let (tries, last_tries) = if prepared.frames < LONG {
        (TRIES, LAST_TRIES)
    } else {
        (1, 1)
    };
    for _ in 0..tries {
        if !dips.deepen(&peaks, PEAK_LIMIT_DBTP) {
            return Ok(serde_json::to_string(&prepared)?);
        }
        encode(file, out, (&prepared, &dips))?;
        peaks = heard_peaks(out)?;
    }
    for _ in 0..last_tries {
        let over = peaks.into_iter().fold(f64::MIN, f64::max) - PEAK_LIMIT_DBTP;
        if over <= 0.0 {
            break;
        }
        prepared.gain_db -= over + MARGIN_DB;
        encode(file, out, (&prepared, &dips))?;
        peaks = heard_peaks(out)?;
    }
    Ok(serde_json::to_string(&prepared)?)
}

/// The true peaks of what listeners hear of a prepared file, dB, frame by frame.
fn heard_peaks(out: &Path) -> io::Result<Vec<f64>> {
    let (mut cached, mut frames) = Cached::open(out, Duration::ZERO)?;
    let meter = EbuR128::new(2, RATE, Mode::TRUE_PEAK);
    let mut meter = meter.map_err(io::Error::other)?;
    let mut decoder = Decoder::new(RATE, Channels::Stereo).map_err(io::Error::other)?;
    let mut room = [0.0; FRAME * 2];
    let mut peaks = Vec::new();
    while !frames.is_empty() {
        for frame in frames {
            let heard = decoder.decode_float(&frame, &mut room, false);
            heard.map_err(io::Error::other)?;
            meter.add_frames_f32(&room).map_err(io::Error::other)?;
            let sides = [0, 1].map(|channel| meter.prev_true_peak(channel).unwrap_or(0.0));
            peaks.push(decibel(sides[0].max(sides[1])));
        }
        frames = cached.read()?;
    }
    Ok(peaks)
}

fn measure(file: &Path) -> Result<Prepared, Unplayable> {
    let meter = metered(file, Mode::I | Mode::SAMPLE_PEAK)?;
    let lufs = meter.loudness_global().ok().filter(|it| it.is_finite());
    let peaks = [0, 1].map(|channel| meter.sample_peak(channel).unwrap_or(0.0));
    let mut peak_dbtp = decibel(peaks[0].max(peaks[1]));
    // What lies between the samples takes as long to find as all the rest, and matters for few.
    let wanted = gain_db(lufs, f64::NEG_INFINITY);
    if wanted + peak_dbtp + BETWEEN_SAMPLES_DB > PEAK_LIMIT_DBTP {
        let meter = metered(file, Mode::TRUE_PEAK)?;
        let peaks = [0, 1].map(|channel| meter.true_peak(channel).unwrap_or(0.0));
        peak_dbtp = decibel(peaks[0].max(peaks[1]));
    }
    let (gain_db, is_held) = held_gain_db(lufs, peak_dbtp);
    Ok(Prepared {
        lufs,
        peak_dbtp,
        gain_db,
        is_held,
        frames: 0,
    })
}

/// The gain with what holding the peaks takes off the whole, as far as it may be more.
fn made_up_db(file: &Path, prepared: &Prepared) -> io::Result<f64> {
    let mut meter = EbuR128::new(2, RATE, Mode::I).map_err(io::Error::other)?;
    let (mut limiter, mut out) = (Limiter::new(), Vec::new());
    let mut understood = true;
    let decoded = decode(file, &mut |samples| {
        out.clear();
        limiter.take(samples, factor(prepared.gain_db), &mut out);
        understood &= meter.add_frames_f32(&out).is_ok();
    });
    decoded.map_err(|why| io::Error::other(format!("{why:?}")))?;
    let lufs = meter.loudness_global().ok().filter(|it| it.is_finite());
    let (Some(held), Some(free), true) = (lufs, prepared.lufs, understood) else {
        return Ok(prepared.gain_db);
    };
    let lost = (free + prepared.gain_db - held).max(0.0);
    let most = gain_db(prepared.lufs, prepared.peak_dbtp) + MOST_HELD_DB;
    Ok((prepared.gain_db + lost).min(most))
}

/// Measures the whole file.
fn metered(file: &Path, mode: Mode) -> Result<EbuR128, Unplayable> {
    let mut meter = EbuR128::new(2, RATE, mode).map_err(|_| Unplayable::Broken)?;
    let mut understood = true;
    decode(file, &mut |samples| {
        understood &= meter.add_frames_f32(samples).is_ok();
    })?;
    understood.then_some(meter).ok_or(Unplayable::Broken)
}

/// Writes the file as Opus in Ogg (RFC 7845), changed by this much. Answers how many frames it has.
fn encode(file: &Path, out: &Path, (prepared, dips): (&Prepared, &Dips)) -> io::Result<u64> {
    let mut encoder = encoder().map_err(io::Error::other)?;
    let lookahead = encoder.get_lookahead().map_err(io::Error::other)?;
    let skip = u16::try_from(lookahead).unwrap_or(312);
    let mut writer = Writer::begin(BufWriter::new(File::create(out)?), skip)?;
    let (mut waiting, mut failed) = (Vec::with_capacity(FRAME * 4), None);
    let mut limiter = prepared.is_held.then(Limiter::new);
    let factor = factor(prepared.gain_db);
    let source = Box::new(File::open(file)?);
    let decoding = Decoding::of(source);
    let decoded = decoding.and_then(|mut decoding| {
        decoding.run(&mut |samples| {
            if let Some(limiter) = &mut limiter {
                limiter.take(samples, factor, &mut waiting);
            } else {
                waiting.extend(samples.iter().map(|sample| sample * factor));
            }
            let whole = waiting.len() / (FRAME * 2) * (FRAME * 2);
            let frames = waiting.get_mut(..whole).unwrap_or_default();
            let mut written = frames.chunks_mut(FRAME * 2).map(|frame| {
                dip(frame, writer.frames, dips);
                writer.frame(&mut encoder, Some(frame))
            });
            failed = written.find_map(Result::err);
            waiting.drain(..whole);
            // A full disk is not decoded for.
            failed
                .as_ref()
                .map_or(ControlFlow::Continue(()), |_| ControlFlow::Break(()))
        })
    });
    decoded.map_err(|why| io::Error::other(format!("{why:?}")))?;
    if let Some(error) = failed {
        return Err(error);
    }
    if let Some(limiter) = limiter {
        limiter.finish(&mut waiting);
    }
    // The rest, and what the encoder still holds back; not for the sake of less than half a frame,
    // since the next song is to follow without a hole.
    waiting.resize(waiting.len() + usize::from(skip) * 2, 0.0);
    for frame in waiting.chunks(FRAME * 2).filter(|it| it.len() > FRAME) {
        let mut whole = frame.to_vec();
        whole.resize(FRAME * 2, 0.0);
        dip(&mut whole, writer.frames, dips);
        writer.frame(&mut encoder, Some(&whole))?;
    }
    let (frames, buffer) = writer.end()?;
    let file = buffer.into_inner().map_err(IntoInnerError::into_error)?;
    file.sync_all()?;
    Ok(frames)
}

/// Makes a frame softer where it has to be.
fn dip(samples: &mut [f32], frame: u64, dips: &Dips) {
    let (from, to) = dips.of_frame(usize::try_from(frame).unwrap_or(0));
    if from < 0.0 || to < 0.0 {
        apply(samples, from, to);
    }
}

#[cfg(test)]
mod tests {
    use super::super::loudness::TARGET_LUFS;
    use super::*;

    /// A file of some seconds: soft noise with a full-scale burst of a high tone now and then, so
    /// that its peaks and not its loudness decide, and the codec is put to the test.
    fn bursts(path: &Path) {
        let spec = hound::WavSpec {
            channels: 2,
            sample_rate: RATE,
            bits_per_sample: 16,
            sample_format: hound::SampleFormat::Int,
        };
        let mut writer = hound::WavWriter::create(path, spec).unwrap();
        let mut noise = 1_u32;
        for at in 0..RATE * 6 {
            noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let soft = i16::try_from(noise >> 21).unwrap() - 1_024;
            let sample = match (at % 24_000, at % 4) {
                (0..400, 0 | 1) => i16::MAX,
                (0..400, _) => i16::MIN,
                _ => soft,
            };
            writer.write_sample(sample).unwrap();
            writer.write_sample(sample).unwrap();
        }
        writer.finalize().unwrap();
    }

    #[test]
    fn what_is_heard_of_a_track_stays_below_the_peak_limit_after_the_codec() {
        let folder = tempfile::TempDir::new().unwrap();
        let (file, out) = (folder.path().join("in.wav"), folder.path().join("out.opus"));
        bursts(&file);
        let said = prepare(&file, &out).unwrap();
        let said: Prepared = serde_json::from_str(&said).unwrap();
        let peaks = heard_peaks(&out).unwrap();
        let heard = peaks.into_iter().fold(f64::MIN, f64::max);
        assert!(heard <= PEAK_LIMIT_DBTP + 0.05, "{heard} dBTP: {said:?}");
        assert!(
            heard > PEAK_LIMIT_DBTP - 0.5,
            "as loud as its peaks allow: {heard}"
        );
        // Its peaks lie between the samples, and are held where they are.
        let wanted = TARGET_LUFS - said.lufs.unwrap();
        assert!(
            said.is_held && (said.gain_db - wanted).abs() < 0.05,
            "what is added to some peaks is not taken off all: {said:?}"
        );
        assert!((295..=302).contains(&said.frames), "{said:?}");
    }
}
