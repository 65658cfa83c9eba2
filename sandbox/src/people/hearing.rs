//! What somebody heard, in words of a test: stretches of one tone.

use crate::ears::Recording;
use std::ops::Deref;

/// How long one look at the sound is. Short enough for a turn of a second, long enough for a tone.
const LOOK_MS: u64 = 200;
/// Tones nearer than this to each other are one.
const SAME_HZ: f64 = 4.0;

/// A time in which one tone sounded, or none.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stretch {
    pub from_ms: u64,
    pub to_ms: u64,
    /// `None` for silence.
    pub hz: Option<f64>,
}

impl Stretch {
    pub fn length_ms(&self) -> u64 {
        self.to_ms - self.from_ms
    }

    /// Whether it is this tone, within 2 percent.
    pub fn is(&self, hz: f64) -> bool {
        self.hz.is_some_and(|it| (it - hz).abs() < hz * 0.02)
    }
}

/// Everything one listener heard.
#[derive(Debug)]
pub struct Hearing(pub(super) Recording);

impl Deref for Hearing {
    type Target = Recording;

    fn deref(&self) -> &Recording {
        &self.0
    }
}

impl Hearing {
    /// The tones one after another. A look that falls on a change belongs to neither side, so
    /// what is shorter than two looks is left out.
    pub fn stretches(&self) -> Vec<Stretch> {
        let mut all: Vec<Stretch> = Vec::new();
        for look in 0..self.0.length_ms() / LOOK_MS {
            let (from_ms, to_ms) = (look * LOOK_MS, (look + 1) * LOOK_MS);
            let tone = self.0.tone_between(from_ms, to_ms);
            let hz = tone
                .filter(|tone| tone.level_dbfs > -60.0)
                .map(|tone| tone.frequency);
            match all.last_mut() {
                Some(last) if is_same(last.hz, hz) => last.to_ms = to_ms,
                _ => all.push(Stretch { from_ms, to_ms, hz }),
            }
        }
        let mut kept: Vec<Stretch> = Vec::new();
        for stretch in all.into_iter().filter(|it| it.length_ms() >= 2 * LOOK_MS) {
            match kept.last_mut() {
                Some(last) if is_same(last.hz, stretch.hz) => last.to_ms = stretch.to_ms,
                _ => kept.push(stretch),
            }
        }
        kept
    }

    /// The tones in the order in which they were heard, silences left out.
    pub fn tones_in_order(&self) -> Vec<f64> {
        self.stretches()
            .into_iter()
            .filter_map(|it| it.hz)
            .collect()
    }
}

fn is_same(one: Option<f64>, other: Option<f64>) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => (one - other).abs() < SAME_HZ,
        (None, None) => true,
        _ => false,
    }
}
