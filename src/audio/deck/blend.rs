//! The frames that cannot be passed on as they are: a fade, and two songs at once. They are decoded,
//! mixed and encoded anew, so that they fit between the frames before and after them: both codecs
//! are brought up to where the listeners' decoder is, and the encoder's delay is made up for.

use super::queue::Part;
use crate::audio::loudness::hold_peaks;
use crate::audio::prepare::{FRAME, encoder};
use bytes::Bytes;
use opus2::{Channels, Decoder, Error};
use std::f32::consts::FRAC_PI_2;

/// Largest Opus packet.
const PACKET_LIMIT: usize = 1_275;
/// Largest Opus packet's sound, in samples of one channel.
const SOUND_LIMIT: usize = 5_760;

/// `length` frames of the part after the first `skip`, ever softer. They end in silence.
pub(super) fn fade(part: &Part, skip: usize, length: usize) -> Result<Vec<Bytes>, Error> {
    let (before, sound) = unfolded(part, skip, length)?;
    let faded = ramp(&sound, before, length, |at| {
        // Down to silence, evenly for the ear at both ends.
        let down = (at * FRAC_PI_2).cos();
        down * down
    });
    refolded(&faded, before, length)
}

/// The first `length` frames of the part, coming up from silence.
pub(super) fn rise(part: &Part, length: usize) -> Result<Vec<Bytes>, Error> {
    let (before, sound) = unfolded(part, 0, length)?;
    let risen = ramp(&sound, before, length, |at| {
        let up = (at * FRAC_PI_2).sin();
        up * up
    });
    refolded(&risen, before, length)
}

/// `length` frames of `going` after the first `skip`, going down, with those of `coming` from its
/// beginning, coming up. Both are equally loud in the middle and together as loud as one.
pub(super) fn cross(
    going: &Part,
    coming: &Part,
    skip: usize,
    length: usize,
) -> Result<Vec<Bytes>, Error> {
    let (before, sound) = unfolded(going, skip, length)?;
    let mut mixed = ramp(&sound, before, length, |at| (at * FRAC_PI_2).cos());
    let (none, sound) = unfolded(coming, 0, length)?;
    let coming = ramp(&sound, none, length, |at| (at * FRAC_PI_2).sin());
    let new = mixed.iter_mut().skip(before * FRAME * 2);
    for (sum, sample) in new.zip(coming) {
        *sum += sample;
    }
    hold_peaks(&mut mixed);
    refolded(&mixed, before, length)
}

/// The sound of the frames, of as many before them as are known, and of one behind them, which the
/// encoder looks ahead into; with the number of those before.
fn unfolded(part: &Part, skip: usize, length: usize) -> Result<(usize, Vec<f32>), Error> {
    let known = part.before.len() + skip;
    let frames = part.before.iter().chain(&part.frames);
    // A few are enough for the decoders to agree.
    let priming = known.min(super::queue::HISTORY);
    let frames = frames.skip(known - priming).take(priming + length + 1);
    let mut decoder = Decoder::new(crate::audio::decode::RATE, Channels::Stereo)?;
    let (mut sound, mut room) = (Vec::new(), vec![0.0; SOUND_LIMIT * 2]);
    for frame in frames {
        let samples = decoder.decode_float(frame, &mut room, false)?;
        sound.extend(room.iter().take(samples * 2));
    }
    sound.resize((priming + length + 1) * FRAME * 2, 0.0);
    Ok((priming, sound))
}

/// The sound with its loudness changed over `length` frames, by a curve from 0 to 1, after which it
/// stays as at the end.
fn ramp(sound: &[f32], before: usize, length: usize, curve: impl Fn(f32) -> f32) -> Vec<f32> {
    let (begin, span) = (before * FRAME, (length * FRAME).max(1));
    let pairs = sound.chunks_exact(2).enumerate();
    pairs
        .flat_map(|(at, pair)| {
            let along = at.saturating_sub(begin).min(span);
            #[expect(clippy::cast_precision_loss, reason = "some seconds are few samples")]
            let gain = curve(along as f32 / span as f32);
            pair.iter().map(move |sample| sample * gain)
        })
        .collect()
}

/// Encodes `length` frames after those `before`, each in its place.
fn refolded(sound: &[f32], before: usize, length: usize) -> Result<Vec<Bytes>, Error> {
    let mut encoder = encoder()?;
    let delay = usize::try_from(encoder.get_lookahead()?).unwrap_or(0);
    let late = sound.get(delay * 2..).unwrap_or_default();
    let mut made = Vec::with_capacity(length);
    for (at, frame) in late
        .chunks_exact(FRAME * 2)
        .take(before + length)
        .enumerate()
    {
        // The first that is heard does not lean on what the listeners have not had.
        encoder.set_prediction_disabled(at == before)?;
        let packet = encoder.encode_vec_float(frame, PACKET_LIMIT)?;
        if at >= before {
            made.push(packet.into());
        }
    }
    Ok(made)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Frames of a tone.
    fn tone(hz: f32, frames: usize) -> Vec<Bytes> {
        let mut encoder = encoder().unwrap();
        let samples: Vec<f32> = (0..frames * FRAME)
            .flat_map(|at| {
                #[expect(clippy::cast_precision_loss, reason = "some seconds are few samples")]
                let phase = at as f32 * hz / 48_000.0 * std::f32::consts::TAU;
                [phase.sin() * 0.3; 2]
            })
            .collect();
        let frames = samples.chunks(FRAME * 2);
        let packet = |frame| {
            encoder
                .encode_vec_float(frame, PACKET_LIMIT)
                .unwrap()
                .into()
        };
        frames.map(packet).collect()
    }

    /// What a listener hears of these frames in a row, left.
    fn heard(frames: &[Bytes]) -> Vec<f32> {
        let part = Part {
            frames: frames.to_vec(),
            ..Part::default()
        };
        let (_, sound) = unfolded(&part, 0, frames.len() - 1).unwrap();
        sound.into_iter().step_by(2).collect()
    }

    fn level(sound: &[f32]) -> f32 {
        #[expect(clippy::cast_precision_loss, reason = "some seconds are few samples")]
        let count = sound.len() as f32;
        (sound.iter().map(|it| it * it).sum::<f32>() / count).sqrt()
    }

    /// How much of the tone is in it: 1 when it is nothing else.
    fn share(sound: &[f32], hz: f32) -> f32 {
        let (mut re, mut im) = (0.0, 0.0);
        for (at, sample) in sound.iter().enumerate() {
            #[expect(clippy::cast_precision_loss, reason = "some seconds are few samples")]
            let phase = at as f32 * hz / 48_000.0 * std::f32::consts::TAU;
            re += sample * phase.cos();
            im += sample * phase.sin();
        }
        #[expect(clippy::cast_precision_loss, reason = "some seconds are few samples")]
        let amplitude = 2.0 * (re * re + im * im).sqrt() / sound.len() as f32;
        amplitude / (level(sound) * std::f32::consts::SQRT_2)
    }

    /// The largest step between the fastest change that the tones can make and what is there.
    fn roughest(sound: &[f32]) -> f32 {
        sound
            .windows(2)
            .map(|it| (it[1] - it[0]).abs())
            .fold(0.0, f32::max)
    }

    #[test]
    fn a_fade_goes_on_from_the_song_without_a_click_down_to_silence() {
        let song = tone(440.0, 60);
        let part = Part {
            before: song[12..20].to_vec(),
            first: 20,
            frames: song[20..].to_vec(),
            complete: false,
        };
        let faded = fade(&part, 2, 15).unwrap();
        assert_eq!(faded.len(), 15);
        let mut all = song[..22].to_vec();
        all.extend(faded);
        let sound = heard(&all);
        let around = |frame: usize| &sound[frame * FRAME..(frame + 1) * FRAME];
        let full = level(around(15));
        assert!(
            (level(around(22)) / full - 1.0).abs() < 0.1,
            "it begins as loud as the song"
        );
        let middle = level(around(29)) / full;
        assert!((0.35..0.65).contains(&middle), "{middle} in the middle");
        assert!(level(around(36)) / full < 0.05);
        // A sine of 440 Hz changes by at most 5.8 % of its amplitude from sample to sample.
        let rough = roughest(&sound[10 * FRAME..]);
        assert!(rough < 0.3 * 0.07, "{rough}");
    }

    #[test]
    fn a_cross_fade_has_both_at_once_and_fits_at_both_ends() {
        let (one, other) = (tone(440.0, 80), tone(1_000.0, 80));
        let going = Part {
            before: one[22..30].to_vec(),
            first: 30,
            frames: one[30..].to_vec(),
            complete: true,
        };
        let coming = Part {
            frames: other[..51].to_vec(),
            ..Part::default()
        };
        // The last 48 of 50 that are left, so the first two stay.
        let mixed = cross(&going, &coming, 2, 48).unwrap();
        assert_eq!(mixed.len(), 48);
        let mut all = one[..32].to_vec();
        all.extend(mixed);
        all.extend_from_slice(&other[48..]);
        let sound = heard(&all);
        let around = |frame: usize| &sound[frame * FRAME..(frame + 4) * FRAME];
        assert!(share(around(26), 440.0) > 0.95);
        assert!(share(around(82), 1_000.0) > 0.95);
        let middle = around(54);
        let (low, high) = (share(middle, 440.0), share(middle, 1_000.0));
        assert!(
            (0.5..0.9).contains(&low) && (0.5..0.9).contains(&high),
            "{low} {high}"
        );
        let full = level(around(20));
        let both = level(middle) / full;
        assert!(
            (0.85..1.15).contains(&both),
            "together as loud as one: {both}"
        );
        let rough = roughest(&sound[10 * FRAME..]);
        assert!(rough < 0.3 * 0.2, "{rough}");
    }
}
