//! Brings sound to the common loudness that has to begin before all of it is known: from what the
//! file says or its beginning lets guess, corrected slowly by what has come so far. It looks two
//! seconds ahead, so that no peak is cut and no step is heard.

use super::{MOST_GUESSED_DB, decibel, factor, gain_db};
use ebur128::{EbuR128, Error, Mode};
use std::collections::VecDeque;

/// Frames of 20 ms that are looked at before they are let go.
const AHEAD: usize = 100;
/// The most by which the loudness is corrected in one frame: 1 dB a second.
const STEP_DB: f64 = 0.02;
/// Where peaks end, dB true peak. The codec adds up to half a decibel to what it is given.
const CEILING_DBTP: f64 = -1.5;
/// Frames between two looks at how loud it has been so far.
const LOOK_EVERY: u64 = 50;
/// What is known beforehand weighs as much as this many frames that have been heard: a minute.
const KNOWN_WEIGHS: f64 = 3_000.0;

/// Takes frames of 20 ms, stereo, and gives them back two seconds later at their loudness.
#[derive(Debug)]
pub(in crate::audio) struct Leveller {
    meter: EbuR128,
    /// Frames with their true peak in dB.
    ahead: VecDeque<(Vec<f32>, f64)>,
    known_db: Option<f64>,
    target_db: f64,
    /// Of the last frame that was given back.
    gain_db: Option<f64>,
    taken: u64,
}

impl Leveller {
    /// `known_tenths` is by how much the whole is probably to be changed, in tenths of a decibel.
    pub(in crate::audio) fn new(rate: u32, known_tenths: Option<i16>) -> Result<Leveller, Error> {
        let known_db = known_tenths.map(|tenths| f64::from(tenths) / 10.0);
        Ok(Leveller {
            meter: EbuR128::new(2, rate, Mode::I | Mode::TRUE_PEAK)?,
            ahead: VecDeque::with_capacity(AHEAD + 1),
            known_db,
            target_db: known_db.unwrap_or(0.0),
            gain_db: None,
            taken: 0,
        })
    }

    /// One more frame; gives back the one that is due.
    pub(in crate::audio) fn take(&mut self, frame: Vec<f32>) -> Option<Vec<f32>> {
        // What cannot be measured is as loud as it may be.
        let measured = self.meter.add_frames_f32(&frame).is_ok();
        let peak = |channel| self.meter.prev_true_peak(channel).unwrap_or(1.0);
        let peak = if measured {
            f64::max(peak(0), peak(1))
        } else {
            1.0
        };
        self.ahead.push_back((frame, decibel(peak)));
        self.taken += 1;
        if self.ahead.len() <= AHEAD {
            return None;
        }
        self.rest()
    }

    /// What is still to be given back after the last frame.
    pub(in crate::audio) fn rest(&mut self) -> Option<Vec<f32>> {
        if self.gain_db.is_none() || self.taken.is_multiple_of(LOOK_EVERY) {
            self.look();
        }
        let before = self.gain_db.unwrap_or_else(|| {
            let ceilings = self.ahead.iter().map(|(_, peak)| CEILING_DBTP - peak);
            ceilings.fold(self.target_db, f64::min)
        });
        let wanted = self.target_db.clamp(before - STEP_DB, before + STEP_DB);
        // Evenly to where each peak ahead has its room.
        let (mut gain, mut frames_until) = (wanted, 1.0);
        for (_, peak) in &self.ahead {
            let over = before - (CEILING_DBTP - peak);
            gain = gain.min(before - over / frames_until);
            frames_until += 1.0;
        }
        let (mut frame, _) = self.ahead.pop_front()?;
        self.gain_db = Some(gain);
        apply(&mut frame, before, gain);
        Some(frame)
    }

    /// Works out anew where the loudness should go.
    fn look(&mut self) {
        let heard = self.meter.loudness_global().ok();
        let heard = heard.filter(|it| it.is_finite());
        let measured = gain_db(heard, f64::NEG_INFINITY).min(MOST_GUESSED_DB);
        self.target_db = match (self.known_db, heard) {
            (Some(known), Some(_)) => {
                #[expect(clippy::cast_precision_loss, reason = "frames are far below 2^52")]
                let taken = self.taken as f64;
                (known * KNOWN_WEIGHS + measured * taken) / (KNOWN_WEIGHS + taken)
            }
            (Some(known), None) => known,
            (None, _) => measured,
        };
    }
}

/// Changes the loudness evenly from one gain to another.
pub(in crate::audio) fn apply(frame: &mut [f32], from_db: f64, to_db: f64) {
    let (from, to) = (factor(from_db), factor(to_db));
    #[expect(clippy::cast_precision_loss, reason = "a frame is few samples")]
    let steps = frame.len().max(1) as f32;
    let mut at = 0.0;
    for sample in frame {
        *sample *= from + (to - from) * at / steps;
        at += 1.0;
    }
}

/// Takes back, softly, where two songs together would be louder than full scale.
pub(in crate::audio) fn hold_peaks(sound: &mut [f32]) {
    /// Samples of both channels in 10 ms.
    const BLOCK: usize = 960;
    /// Blocks on either side over which it goes down and up.
    const SIDE: usize = 3;
    const CEILING: f32 = 0.84;
    let peaks = sound.chunks(BLOCK);
    let peaks = peaks.map(|it| it.iter().fold(0.0, |peak: f32, one| peak.max(one.abs())));
    let needed: Vec<f32> = peaks
        .map(|peak| (CEILING / peak.max(CEILING)).min(1.0))
        .collect();
    if needed.iter().all(|it| *it >= 1.0) {
        return;
    }
    let around = |values: &[f32], at: usize| {
        let end = (at + SIDE + 1).min(values.len());
        values
            .get(at.saturating_sub(SIDE)..end)
            .unwrap_or_default()
            .to_vec()
    };
    let blocks = 0..needed.len();
    let least: Vec<f32> = blocks
        .clone()
        .map(|at| around(&needed, at).into_iter().fold(1.0, f32::min))
        .collect();
    #[expect(clippy::cast_precision_loss, reason = "there are seven")]
    let smooth = blocks.map(|at| {
        let near = around(&least, at);
        near.iter().sum::<f32>() / near.len().max(1) as f32
    });
    let mut before = 1.0;
    for (block, gain) in sound.chunks_mut(BLOCK).zip(smooth) {
        let from = f64::from(before);
        apply(block, decibel(from), decibel(f64::from(gain)));
        before = gain;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Frames of a tone at a level of full scale.
    fn tone(frames: usize, level: f32) -> Vec<Vec<f32>> {
        let samples = (0..frames * 960).map(|at| {
            #[expect(clippy::cast_precision_loss, reason = "some seconds are few samples")]
            let phase = at as f32 * 997.0 / 48_000.0 * std::f32::consts::TAU;
            phase.sin() * level
        });
        let samples: Vec<f32> = samples.flat_map(|it| [it, it]).collect();
        samples.chunks(1_920).map(<[f32]>::to_vec).collect()
    }

    fn levelled(known: Option<i16>, sound: Vec<Vec<f32>>) -> Vec<f64> {
        let mut leveller = Leveller::new(48_000, known).unwrap();
        let count = sound.len();
        let mut out: Vec<Vec<f32>> = sound
            .into_iter()
            .filter_map(|frame| leveller.take(frame))
            .collect();
        out.extend(std::iter::from_fn(|| leveller.rest()));
        assert_eq!(out.len(), count, "nothing is lost");
        let peak = |frame: &Vec<f32>| frame.iter().fold(0.0, |most: f32, it| most.max(it.abs()));
        out.iter().map(|it| decibel(f64::from(peak(it)))).collect()
    }

    #[test]
    fn what_nothing_is_known_of_begins_at_its_loudness() {
        // A tone in both channels at 0 dB is 0 LUFS, as near as makes no difference here.
        for level in [0.9, 0.25] {
            let peaks = levelled(None, tone(200, level));
            assert!(
                peaks.iter().all(|peak| (-15.0..=-13.0).contains(peak)),
                "{level}: {peaks:?}"
            );
        }
    }

    #[test]
    fn what_turns_out_softer_is_corrected_by_at_most_a_decibel_a_second() {
        let mut sound = tone(400, 0.5);
        sound.extend(tone(1_600, 0.25));
        let peaks = levelled(Some(-80), sound);
        let (first, last) = (peaks[10], peaks[1_999]);
        assert!((first + 14.0).abs() < 0.3, "{first}");
        assert!(last > -19.2, "it comes up from -20: {last}");
        let soft = &peaks[410..];
        let steepest = soft
            .windows(51)
            .map(|it| it[50] - it[0])
            .fold(0.0, f64::max);
        assert!(steepest <= 1.05, "{steepest} dB in a second");
    }

    #[test]
    fn a_peak_that_comes_later_is_not_cut_and_no_step_leads_to_it() {
        let mut sound = tone(300, 0.1);
        sound.extend(tone(300, 0.9));
        let peaks = levelled(Some(60), sound);
        let most = peaks.iter().copied().fold(f64::MIN, f64::max);
        assert!(most <= CEILING_DBTP + 0.1, "{most}");
        let before = &peaks[..299];
        let steepest = before
            .windows(2)
            .map(|it| it[0] - it[1])
            .fold(0.0, f64::max);
        assert!(steepest < 0.2, "{steepest} dB from frame to frame");
    }

    #[test]
    fn two_songs_at_once_are_held_below_full_scale() {
        let mut sound: Vec<f32> = tone(20, 0.4).concat();
        sound.extend(tone(20, 1.4).concat());
        sound.extend(tone(20, 0.4).concat());
        let untouched = sound[1_000];
        hold_peaks(&mut sound);
        let most = sound.iter().fold(0.0, |most: f32, it| most.max(it.abs()));
        assert!(most < 0.95, "{most}");
        assert!(
            (sound[1_000] - untouched).abs() < 1e-6,
            "far from it nothing changes"
        );
    }
}
