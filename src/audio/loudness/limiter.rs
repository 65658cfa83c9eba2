//! Holds peaks that would be too high at the common loudness, and leaves all else as it is: the gain
//! goes down before a peak comes and up again after it (a look-ahead limiter: a sliding minimum, a
//! release, and a mean as long as the look ahead, after which no peak can be missed).

use super::{RATE, factor};
use std::collections::VecDeque;

/// Samples by which it looks ahead: 5 ms.
const AHEAD: usize = 240;
/// How fast it lets go, as the time constant in seconds.
const RELEASE_S: f32 = 0.08;
/// Where samples end: a decibel below the limit of peaks, since some lie between the samples, and the
/// codec adds to some.
const CEILING_DBFS: f64 = super::PEAK_LIMIT_DBTP - 1.0;

/// Takes stereo, and gives it back 5 ms later; in all as much as it was given.
#[derive(Debug)]
pub(in crate::audio) struct Limiter {
    ceiling: f32,
    release: f32,
    /// Frames on their way.
    delayed: VecDeque<[f32; 2]>,
    /// Gains that may be the least of the last frames, with the frame each is of; they rise.
    least: VecDeque<(u64, f32)>,
    /// The last gains after the release, and their sum.
    gains: VecDeque<f32>,
    sum: f64,
    gain: f32,
    taken: u64,
}

impl Limiter {
    pub(in crate::audio) fn new() -> Limiter {
        #[expect(clippy::cast_precision_loss, reason = "a rate is far below 2^24")]
        let rate = RATE as f32;
        Limiter {
            ceiling: factor(CEILING_DBFS),
            release: 1.0 - (-1.0 / (RELEASE_S * rate)).exp(),
            delayed: VecDeque::with_capacity(AHEAD + 1),
            least: VecDeque::with_capacity(AHEAD + 1),
            gains: std::iter::repeat_n(1.0, AHEAD).collect(),
            sum: f64::from(u16::try_from(AHEAD).unwrap_or(u16::MAX)),
            gain: 1.0,
            taken: 0,
        }
    }

    /// Interleaved samples, changed by `factor`; what is due is added to `out`.
    pub(in crate::audio) fn take(&mut self, samples: &[f32], factor: f32, out: &mut Vec<f32>) {
        for frame in samples.chunks_exact(2) {
            let &[left, right] = frame else { continue };
            let frame = [left * factor, right * factor];
            let gain = self.next_gain(frame);
            self.delayed.push_back(frame);
            if self.delayed.len() > AHEAD
                && let Some(due) = self.delayed.pop_front()
            {
                out.extend(due.map(|sample| sample * gain));
            }
        }
    }

    /// Adds to `out` what is still on its way.
    pub(in crate::audio) fn finish(mut self, out: &mut Vec<f32>) {
        for _ in 0..self.delayed.len() {
            let gain = self.next_gain([0.0, 0.0]);
            if let Some(due) = self.delayed.pop_front() {
                out.extend(due.map(|sample| sample * gain));
            }
        }
    }

    /// The gain of the frame that is due when this one comes.
    fn next_gain(&mut self, [left, right]: [f32; 2]) -> f32 {
        let peak = left.abs().max(right.abs());
        let needed = if peak > self.ceiling {
            self.ceiling / peak
        } else {
            1.0
        };
        while self.least.back().is_some_and(|(_, gain)| *gain >= needed) {
            self.least.pop_back();
        }
        self.least.push_back((self.taken, needed));
        let ahead = u64::try_from(AHEAD).unwrap_or(u64::MAX);
        while self
            .least
            .front()
            .is_some_and(|(at, _)| at + ahead < self.taken)
        {
            self.least.pop_front();
        }
        self.taken += 1;
        let least = self.least.front().map_or(1.0, |(_, gain)| *gain);
        self.gain = least.min(self.gain + (least - self.gain) * self.release);
        self.gains.push_back(self.gain);
        self.sum += f64::from(self.gain) - f64::from(self.gains.pop_front().unwrap_or(1.0));
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_precision_loss,
            reason = "a factor needs no more"
        )]
        let mean = (self.sum / AHEAD as f64) as f32;
        mean
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tone(seconds: u16, level: f32) -> Vec<f32> {
        let samples = (0..seconds).flat_map(|_| 0_u16..48_000).map(|at| {
            let phase = f32::from(at) * 440.0 / 48_000.0 * std::f32::consts::TAU;
            phase.sin() * level
        });
        samples.flat_map(|it| [it, it]).collect()
    }

    fn limited(sound: &[f32]) -> Vec<f32> {
        let (mut limiter, mut out) = (Limiter::new(), Vec::new());
        for part in sound.chunks(1_234) {
            limiter.take(part, 1.0, &mut out);
        }
        limiter.finish(&mut out);
        assert_eq!(out.len(), sound.len(), "nothing is lost or added");
        out
    }

    fn most(sound: &[f32]) -> f32 {
        sound.iter().fold(0.0, |most, it| most.max(it.abs()))
    }

    #[test]
    fn what_stays_below_is_as_it_was() {
        let sound = tone(2, 0.75);
        let out = limited(&sound);
        assert!(
            sound
                .iter()
                .zip(&out)
                .all(|(was, is)| (was - is).abs() < 1e-6)
        );
    }

    #[test]
    fn no_peak_is_missed_and_what_is_far_from_it_is_as_it_was() {
        let ceiling = Limiter::new().ceiling;
        let mut sound = tone(3, 0.5);
        // Single samples, and one at the very end.
        for (at, level) in [(96_000, 1.4), (96_500, -2.0), (287_998, 1.2)] {
            sound[at] = level;
        }
        let out = limited(&sound);
        assert!(most(&out) <= ceiling * 1.0001, "{}", most(&out));
        let same = |at: usize| assert!((sound[at] - out[at]).abs() < 1e-4, "{at}");
        same(40_000);
        same(95_400);
        same(190_000);
    }

    #[test]
    fn what_is_too_loud_for_long_is_softer_and_no_wave_is_bent() {
        let out = limited(&tone(2, 1.2));
        let ceiling = Limiter::new().ceiling;
        assert!(most(&out) <= ceiling * 1.0001, "{}", most(&out));
        let middle = &out[48_000..144_000];
        let power: f32 = middle.iter().map(|it| it * it).sum();
        let square = power / 96_000.0;
        // A sine has half the square of its peak: one whose tops were cut off has more.
        let shape = square / (most(middle) * most(middle));
        assert!((0.47..0.505).contains(&shape), "{shape}");
    }
}
