//! How the power of a whole track is spread over bands of a sixth of an octave, from 25 Hz to 18 kHz.
//! It takes samples and gives decibels; what they are compared with is not its business.

use rustfft::num_complex::Complex;
use rustfft::{Fft, FftPlanner};
use std::f32::consts::TAU;
use std::sync::Arc;

const RATE: f64 = 48_000.0;
/// Samples that are transformed at a time: bins of 2.9 Hz.
const WINDOW: usize = 16_384;
/// Centres of the bands are 1000 * 2^(n/6); the last, from 16.95 kHz, ends at 18 kHz.
const FIRST: i32 = -32;
const LAST: i32 = 25;
const TOP_HZ: f64 = 18_000.0;

pub(crate) struct Spectrum {
    fft: Arc<dyn Fft<f32>>,
    shape: Vec<f32>,
    /// Interleaved samples that do not fill a window yet.
    waiting: Vec<f32>,
    /// Power of each bin, added up.
    power: Vec<f64>,
    windows: u32,
}

/// A band with its power.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Band {
    pub(crate) hz: f64,
    pub(crate) level_db: f64,
}

impl Spectrum {
    pub(crate) fn new() -> Spectrum {
        #[expect(clippy::cast_precision_loss, reason = "a window is short")]
        let shape = |at: usize| 0.5 - 0.5 * (TAU * at as f32 / WINDOW as f32).cos();
        Spectrum {
            fft: FftPlanner::new().plan_fft_forward(WINDOW),
            shape: (0..WINDOW).map(shape).collect(),
            waiting: Vec::new(),
            power: vec![0.0; WINDOW / 2],
            windows: 0,
        }
    }

    /// Interleaved samples of both channels.
    pub(crate) fn take(&mut self, samples: &[f32]) {
        self.waiting.extend(samples);
        let waiting = std::mem::take(&mut self.waiting);
        let windows = waiting.chunks_exact(WINDOW * 2);
        self.waiting = windows.remainder().to_vec();
        for window in windows {
            self.window(window);
        }
    }

    /// Left is the real, right the imaginary part: the powers of both add up over both halves.
    fn window(&mut self, samples: &[f32]) {
        let pairs = samples.chunks_exact(2).zip(&self.shape);
        let mut bins: Vec<Complex<f32>> = pairs
            .map(|(pair, shape)| match pair {
                [left, right] => Complex::new(left * shape, right * shape),
                _ => Complex::default(),
            })
            .collect();
        self.fft.process(&mut bins);
        let mirrored = bins.iter().skip(1).rev();
        let both = bins.iter().skip(1).zip(mirrored);
        for (sum, (up, down)) in self.power.iter_mut().skip(1).zip(both) {
            *sum += f64::from(up.norm_sqr()) + f64::from(down.norm_sqr());
        }
        self.windows += 1;
    }

    /// The mean power in each band, as dB.
    pub(crate) fn bands(&self) -> Vec<Band> {
        let all = (FIRST..=LAST).map(|number| {
            let hz = 1_000.0 * 2_f64.powf(f64::from(number) / 6.0);
            let (low, high) = (hz * 2_f64.powf(-1.0 / 12.0), hz * 2_f64.powf(1.0 / 12.0));
            (hz, low, high.min(TOP_HZ))
        });
        all.map(|(hz, low, high)| {
            let powers = self.power.iter().enumerate().filter(|(bin, _)| {
                #[expect(clippy::cast_precision_loss, reason = "a window is short")]
                let at = *bin as f64 * RATE / WINDOW as f64;
                (low..high).contains(&at)
            });
            let sum: f64 = powers.map(|(_, power)| power).sum();
            let mean = sum / f64::from(self.windows.max(1));
            Band {
                hz,
                level_db: 10.0 * mean.max(1e-20).log10(),
            }
        })
        .collect()
    }
}
