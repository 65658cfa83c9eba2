//! What one person heard, decoded to 48 kHz stereo. It is a value: it can be measured and written
//! to a file, and does not change while the music goes on.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use opus2::{Channels, Decoder};

use super::SAMPLE_RATE;
use super::analysis::{self, Silence, Tone};

/// Samples per channel of the longest Opus frame (120 ms).
const FRAME_LIMIT: usize = 5_760;

/// One Opus frame at its place on the common clock.
#[derive(Clone, Debug)]
pub struct Frame {
    /// In samples of 48 kHz since the ears exist.
    pub position: u64,
    pub ssrc: u32,
    pub opus: Arc<[u8]>,
}

/// Sound as one person heard it. Times in its methods are milliseconds from its beginning, which
/// is the first frame they heard.
#[derive(Clone, Debug, Default)]
pub struct Recording {
    starts_at: u64,
    samples: Vec<i16>,
    /// Opus frames in it.
    pub frames: usize,
    /// Frames that libopus refused.
    pub undecodable: usize,
}

impl Recording {
    pub(super) fn decode(frames: &[Frame], origin: u64) -> Self {
        let first = frames.iter().map(|frame| frame.position).min();
        let mut recording = Self {
            starts_at: first.unwrap_or(origin),
            samples: Vec::new(),
            frames: frames.len(),
            undecodable: 0,
        };
        let mut decoders: HashMap<u32, Decoder> = HashMap::new();
        let mut sound = vec![0_i16; FRAME_LIMIT * 2];
        for frame in frames {
            let decoder = decoders.entry(frame.ssrc).or_insert_with(|| {
                Decoder::new(SAMPLE_RATE, Channels::Stereo).expect("48 kHz stereo is allowed")
            });
            match decoder.decode(&frame.opus, &mut sound, false) {
                Ok(count) => recording.mix(frame.position, sound.get(..count * 2).unwrap_or(&[])),
                Err(_) => recording.undecodable += 1,
            }
        }
        recording
    }

    fn mix(&mut self, position: u64, sound: &[i16]) {
        let offset = position.saturating_sub(self.starts_at);
        let at = usize::try_from(offset).unwrap_or(usize::MAX / 4) * 2;
        let end = at + sound.len();
        if self.samples.len() < end {
            self.samples.resize(end, 0);
        }
        let place = self.samples.get_mut(at..end).unwrap_or_default();
        for (kept, new) in place.iter_mut().zip(sound) {
            *kept = kept.saturating_add(*new);
        }
    }

    /// When it begins, on the clock of `Ears::now_ms`.
    pub fn starts_at_ms(&self) -> u64 {
        self.starts_at / 48
    }

    pub fn length_ms(&self) -> u64 {
        (self.samples.len() / 2 / 48) as u64
    }

    /// Interleaved stereo samples, 48 kHz.
    pub fn samples(&self) -> &[i16] {
        &self.samples
    }

    /// The part `[from_ms, to_ms)`, as far as it was recorded.
    pub fn part(&self, from_ms: u64, to_ms: u64) -> &[i16] {
        let index = |ms: u64| {
            let at = usize::try_from(ms.saturating_mul(96)).unwrap_or(usize::MAX);
            at.min(self.samples.len())
        };
        self.samples
            .get(index(from_ms)..index(to_ms))
            .unwrap_or_default()
    }

    /// The strongest tone of every whole second; `None` where it was silent.
    pub fn tones(&self) -> Vec<Option<Tone>> {
        let seconds = self.length_ms() / 1000;
        (0..seconds)
            .map(|second| self.tone_between(second * 1000, second * 1000 + 1000))
            .collect()
    }

    /// The strongest tone of `[from_ms, to_ms)`; `None` if it is silent or shorter than 20 ms.
    pub fn tone_between(&self, from_ms: u64, to_ms: u64) -> Option<Tone> {
        analysis::tone(self.part(from_ms, to_ms))
    }

    /// Root mean square of `[from_ms, to_ms)` over both channels, in dB below full scale;
    /// `f64::NEG_INFINITY` for silence.
    pub fn rms_dbfs(&self, from_ms: u64, to_ms: u64) -> f64 {
        analysis::rms_dbfs(self.part(from_ms, to_ms))
    }

    /// Integrated loudness of `[from_ms, to_ms)` by ITU-R BS.1770-4 (K-weighted, gated), in LUFS;
    /// `f64::NEG_INFINITY` for silence.
    pub fn loudness_lufs(&self, from_ms: u64, to_ms: u64) -> f64 {
        analysis::loudness_lufs(self.part(from_ms, to_ms))
    }

    /// Every stretch of at least `at_least_ms` in which nothing is louder than -70 dBFS.
    pub fn silences(&self, at_least_ms: u64) -> Vec<Silence> {
        analysis::silences(&self.samples, at_least_ms)
    }

    pub fn longest_silence_ms(&self) -> u64 {
        let lengths = self.silences(0).into_iter().map(Silence::length_ms);
        lengths.max().unwrap_or(0)
    }

    /// Writes a 16-bit stereo WAV file.
    pub fn write_wav(&self, path: &Path) -> Result<(), hound::Error> {
        let spec = hound::WavSpec {
            channels: 2,
            sample_rate: SAMPLE_RATE,
            bits_per_sample: 16,
            sample_format: hound::SampleFormat::Int,
        };
        let mut writer = hound::WavWriter::create(path, spec)?;
        let count = u32::try_from(self.samples.len()).map_err(|_| hound::Error::TooWide)?;
        let mut fast = writer.get_i16_writer(count);
        for sample in &self.samples {
            fast.write_sample(*sample);
        }
        fast.flush()?;
        writer.finalize()
    }
}
