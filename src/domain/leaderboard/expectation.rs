//! How warm an audience of some size usually is: `e(L) = a L^b`, fitted to each server. It knows
//! sums of warmth and sizes, no tracks and no people.

use super::counting::CountedPlay;
use std::collections::BTreeMap;

/// Plays from which on a server has an expectation of its own.
const PLAYS: u64 = 100;
/// Between which `b` is kept.
const LEAST_B: f64 = 0.4;
const MOST_B: f64 = 1.0;

/// Expected warmth of an audience of L: `a L^b`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Expectation {
    pub a: f64,
    pub b: f64,
}

impl Default for Expectation {
    fn default() -> Self {
        Expectation { a: 0.85, b: 0.65 }
    }
}

impl Expectation {
    /// The warmth that `voices` people usually show, 1.0 being one heart.
    pub fn of(self, voices: u32) -> f64 {
        self.a * f64::from(voices).powf(self.b)
    }

    /// Least squares on logarithms over all plays that count. Plays before audiences of one size are
    /// taken together, as their mean, with the weight of their number: single plays are often at or
    /// below 0, where there is no logarithm, and leaving those out would raise the expectation.
    pub(super) fn fitted(plays: &[CountedPlay]) -> Expectation {
        let mut sizes: BTreeMap<u32, (i64, u64)> = BTreeMap::new();
        for play in plays {
            let voices = u32::try_from(play.voices.len()).unwrap_or(u32::MAX);
            let size = sizes.entry(voices).or_default();
            size.0 += play
                .voices
                .iter()
                .map(|(_, warmth)| i64::from(*warmth))
                .sum::<i64>();
            size.1 += 1;
        }
        let usual = Expectation::default();
        if sizes.values().map(|(_, plays)| plays).sum::<u64>() < PLAYS {
            return usual;
        }
        let points: Vec<(f64, f64, f64)> = sizes
            .iter()
            .filter(|(_, (warmth, _))| *warmth > 0)
            .map(|(voices, (warmth, plays))| {
                let plays = whole(i64::try_from(*plays).unwrap_or(i64::MAX));
                let mean = whole(*warmth) / 4.0 / plays;
                (f64::from(*voices).ln(), mean.ln(), plays)
            })
            .collect();
        let weight: f64 = points.iter().map(|it| it.2).sum();
        if weight <= 0.0 {
            return usual;
        }
        let mean_of = |of: fn(&(f64, f64, f64)) -> f64| {
            points.iter().map(|it| it.2 * of(it)).sum::<f64>() / weight
        };
        let (x, y) = (mean_of(|it| it.0), mean_of(|it| it.1));
        let spread: f64 = points.iter().map(|it| it.2 * (it.0 - x).powi(2)).sum();
        let common: f64 = points.iter().map(|it| it.2 * (it.0 - x) * (it.1 - y)).sum();
        // Audiences of one size only say nothing of the slope.
        let b = if spread > 1e-9 {
            (common / spread).clamp(LEAST_B, MOST_B)
        } else {
            usual.b
        };
        Expectation {
            a: (y - b * x).exp(),
            b,
        }
    }
}

/// A whole number to calculate with; sums of warmth are far below 2^53.
#[expect(
    clippy::cast_precision_loss,
    reason = "five quarters a second for a million years fit"
)]
pub(super) fn whole(number: i64) -> f64 {
    number as f64
}
