//! Measures sound: its strongest tone, its loudness, its silences. Pure functions over interleaved
//! 48 kHz stereo; they know nothing of packets or people.

#![expect(
    clippy::cast_precision_loss,
    reason = "sample counts and levels are far below 2^52"
)]

use rustfft::FftPlanner;
use rustfft::num_complex::Complex;

/// Below this power (about -80 dBFS) there is no tone to speak of.
const TONE_FLOOR: f64 = 1e-8;
/// Samples per channel below which a tone cannot be told: 20 ms.
const TONE_SAMPLES: usize = 960;
/// A sample at most this far from zero is silence: -70 dBFS.
const SILENCE_LEVEL: u16 = 10;
/// Loudness is measured in blocks of 400 ms, a new one every 100 ms (BS.1770-4).
const BLOCK: usize = 19_200;
const BLOCK_STEP: usize = 4_800;
const ABSOLUTE_GATE_LUFS: f64 = -70.0;
const RELATIVE_GATE_LU: f64 = -10.0;

/// The strongest tone of a stretch of sound.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tone {
    /// In Hz, exact to well below 1 Hz for a steady tone of a second.
    pub frequency: f64,
    /// Root mean square of the whole stretch, dB below full scale.
    pub level_dbfs: f64,
    /// How much of the sound's energy is this tone, 0 to 1.
    pub purity: f64,
}

/// A stretch without sound, in milliseconds from the beginning of the recording.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Silence {
    pub from_ms: u64,
    pub to_ms: u64,
}

impl Silence {
    pub fn length_ms(self) -> u64 {
        self.to_ms - self.from_ms
    }
}

fn unit(sample: i16) -> f64 {
    f64::from(sample) / 32_768.0
}

fn channel(sound: &[i16], index: usize) -> Vec<f64> {
    let frames = sound.chunks_exact(2);
    frames
        .filter_map(|frame| frame.get(index).copied().map(unit))
        .collect()
}

fn mean_square(sound: &[i16]) -> f64 {
    if sound.is_empty() {
        return 0.0;
    }
    let sum: f64 = sound.iter().map(|sample| unit(*sample).powi(2)).sum();
    sum / sound.len() as f64
}

pub(super) fn rms_dbfs(sound: &[i16]) -> f64 {
    10.0 * mean_square(sound).log10()
}

/// Hann window, Fourier transform of at least twice the length, and a parabola through the
/// logarithms around the peak. Both channels' powers are added, so opposite phases do not cancel.
pub(super) fn tone(sound: &[i16]) -> Option<Tone> {
    let frames = sound.len() / 2;
    if frames < TONE_SAMPLES || mean_square(sound) < TONE_FLOOR {
        return None;
    }
    let size = (frames * 2).next_power_of_two();
    let mut power = vec![0.0; size / 2];
    let transform = FftPlanner::new().plan_fft_forward(size);
    for index in 0..2 {
        let mut bins = windowed(&channel(sound, index), size);
        transform.process(&mut bins);
        for (sum, bin) in power.iter_mut().zip(&bins) {
            *sum += bin.norm_sqr();
        }
    }
    // Below 10 Hz there is only offset.
    let lowest = 10 * size / 48_000 + 1;
    let above = power.iter().copied().enumerate().skip(lowest);
    let (peak, _) = above.max_by(|a, b| a.1.total_cmp(&b.1))?;
    let total: f64 = power.iter().skip(lowest).sum();
    // A Hann window's main lobe is two bins of the unpadded transform wide on either side.
    let lobe = 2 * size / frames + 1;
    let around = power
        .iter()
        .skip(peak.saturating_sub(lobe))
        .take(2 * lobe + 1);
    Some(Tone {
        frequency: (peak as f64 + parabola(&power, peak)) * 48_000.0 / size as f64,
        level_dbfs: rms_dbfs(sound),
        purity: (around.sum::<f64>() / total).min(1.0),
    })
}

fn windowed(samples: &[f64], size: usize) -> Vec<Complex<f64>> {
    let turn = std::f64::consts::TAU / samples.len() as f64;
    let mut bins: Vec<_> = samples
        .iter()
        .enumerate()
        .map(|(at, sample)| Complex::new(sample * (0.5 - 0.5 * (turn * at as f64).cos()), 0.0))
        .collect();
    bins.resize(size, Complex::new(0.0, 0.0));
    bins
}

fn parabola(power: &[f64], peak: usize) -> f64 {
    let level = |at: usize| power.get(at).map_or(0.0, |value| value.max(1e-30).ln());
    let (left, middle, right) = (level(peak.saturating_sub(1)), level(peak), level(peak + 1));
    let bend = left - 2.0 * middle + right;
    if bend.abs() < 1e-12 {
        return 0.0;
    }
    (0.5 * (left - right) / bend).clamp(-0.5, 0.5)
}

pub(super) fn silences(sound: &[i16], at_least_ms: u64) -> Vec<Silence> {
    let mut found = Vec::new();
    let mut begin = None;
    let frames = sound.chunks_exact(2);
    let count = frames.len();
    for (at, frame) in frames.enumerate() {
        let quiet = frame
            .iter()
            .all(|sample| sample.unsigned_abs() <= SILENCE_LEVEL);
        match (quiet, begin) {
            (true, None) => begin = Some(at),
            (false, Some(from)) => {
                found.push(stretch(from, at));
                begin = None;
            }
            _ => {}
        }
    }
    if let Some(from) = begin {
        found.push(stretch(from, count));
    }
    found.retain(|silence| silence.length_ms() >= at_least_ms);
    found
}

fn stretch(from: usize, to: usize) -> Silence {
    Silence {
        from_ms: from as u64 / 48,
        to_ms: to as u64 / 48,
    }
}

/// A second-order filter in direct form I.
#[derive(Clone, Copy)]
struct Biquad {
    b: [f64; 3],
    a: [f64; 2],
}

/// The two stages of the K-weighting for 48 kHz, from BS.1770-4, tables 1 and 2.
const SHELF: Biquad = Biquad {
    b: [
        1.535_124_859_586_97,
        -2.691_696_189_406_38,
        1.198_392_810_852_85,
    ],
    a: [-1.690_659_293_182_41, 0.732_480_774_215_85],
};
const HIGH_PASS: Biquad = Biquad {
    b: [1.0, -2.0, 1.0],
    a: [-1.990_047_454_833_98, 0.990_072_250_366_21],
};

impl Biquad {
    fn run(self, samples: &mut [f64]) {
        let ([b0, b1, b2], [a1, a2]) = (self.b, self.a);
        let (mut x1, mut x2, mut y1, mut y2) = (0.0, 0.0, 0.0, 0.0);
        for sample in samples {
            let x0 = *sample;
            let y0 = b0 * x0 + b1 * x1 + b2 * x2 - a1 * y1 - a2 * y2;
            (x2, x1, y2, y1) = (x1, x0, y1, y0);
            *sample = y0;
        }
    }
}

fn to_lufs(power: f64) -> f64 {
    -0.691 + 10.0 * power.log10()
}

pub(super) fn loudness_lufs(sound: &[i16]) -> f64 {
    let weigh = |index: usize| {
        let mut samples = channel(sound, index);
        SHELF.run(&mut samples);
        HIGH_PASS.run(&mut samples);
        samples
    };
    let (left, right) = (weigh(0), weigh(1));
    let energy = |block: &[f64]| block.iter().map(|x| x * x).sum::<f64>() / block.len() as f64;
    // What is shorter than one block is measured as a whole.
    let length = BLOCK.min(left.len()).max(1);
    let blocks: Vec<f64> = left
        .windows(length)
        .step_by(BLOCK_STEP)
        .zip(right.windows(length).step_by(BLOCK_STEP))
        .map(|(left, right)| energy(left) + energy(right))
        .filter(|power| to_lufs(*power) > ABSOLUTE_GATE_LUFS)
        .collect();
    let mean = |blocks: &[f64]| blocks.iter().sum::<f64>() / blocks.len() as f64;
    if blocks.is_empty() {
        return f64::NEG_INFINITY;
    }
    let gate = to_lufs(mean(&blocks)) + RELATIVE_GATE_LU;
    let loud: Vec<f64> = blocks
        .into_iter()
        .filter(|power| to_lufs(*power) > gate)
        .collect();
    to_lufs(mean(&loud))
}
