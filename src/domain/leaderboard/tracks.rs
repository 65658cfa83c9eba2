//! The track index: how much more, or less, a track was liked than a usual song before audiences of
//! the same sizes. It is the mean of a Gamma(4, 4) prior with Poisson data, less one standard
//! deviation, so that little is trusted little.

use super::super::moment::Moment;
use super::counting::{Counted, Numbered, index};
use super::expectation::{Expectation, whole};
use super::{Figures, Line, Subject, TurnId};
use std::collections::BTreeMap;
use std::time::Duration;

/// The prior: four warm voices where four were expected.
const PRIOR: f64 = 4.0;
/// A track is listed from so much expected warmth on.
pub const TRACK_EXPECTED: f64 = 4.0;
/// No single play is worth more than so many times what was expected.
pub const MOST_OBSERVED: f64 = 3.0;
/// After this long a play weighs half, on the boards of short periods.
pub(super) const HALF_LIFE: Duration = Duration::from_hours(24 * 30);

#[derive(Default)]
struct Sum {
    /// O and X.
    observed: f64,
    expected: f64,
    plays: u32,
    voices: u32,
    /// The last turn.
    newest: u64,
}

/// The index, from the warmth observed and that expected: `100 ((O + 4) - sqrt(O + 4)) / (X + 4)`.
pub fn track_index(observed: f64, expected: f64) -> f64 {
    let shape = observed + PRIOR;
    100.0 * (shape - shape.sqrt()) / (expected + PRIOR)
}

/// Lines of all tracks of the period, in no order.
pub(super) fn lines(
    numbered: &Numbered<'_>,
    counted: &Counted,
    usual: Expectation,
    decay_from: Option<Moment>,
) -> Vec<Line> {
    let mut sums: BTreeMap<u32, Sum> = BTreeMap::new();
    for play in &counted.plays {
        let voices = u32::try_from(play.voices.len()).unwrap_or(u32::MAX);
        let expected = usual.of(voices);
        let warmth: i64 = play.voices.iter().map(|(_, felt)| i64::from(*felt)).sum();
        let observed = (whole(warmth) / 4.0).clamp(0.0, MOST_OBSERVED * expected);
        let weight = decay_from.map_or(1.0, |now| {
            let age = now.since(play.began_at).as_secs_f64() / HALF_LIFE.as_secs_f64();
            (-age).exp2()
        });
        let sum = sums.entry(play.track).or_default();
        sum.observed += weight * observed;
        sum.expected += weight * expected;
        sum.plays += 1;
        sum.voices = sum.voices.saturating_add(voices);
        sum.newest = play.turn.0;
    }
    let line = |(track, sum): (u32, Sum)| {
        let key = numbered.tracks.get(index(track))?.track.clone();
        Some(Line {
            subject: Subject::Track(key),
            newest: TurnId(sum.newest),
            figures: Figures::Track {
                index: track_index(sum.observed, sum.expected),
                expected: sum.expected,
                plays: sum.plays,
                voices: sum.voices,
            },
        })
    };
    sums.into_iter().filter_map(line).collect()
}
