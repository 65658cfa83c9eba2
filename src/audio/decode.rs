//! A whole file as sound: decoded, brought to 48 kHz and two channels, handed on piece by piece. It
//! keeps one piece at a time, however long the file is.

use super::budget::Budget;
use super::codec::decoder_of;
use super::inspect::{Unplayable, is_plausible};
use rubato::{FftFixedIn, Resampler};
use songbird::input::codecs::get_probe;
use std::cell::Cell;
use std::fs::File;
use std::ops::ControlFlow;
use std::path::Path;
use std::time::Duration;
use symphonia::core::audio::{SampleBuffer, SignalSpec};
use symphonia::core::codecs::{CODEC_TYPE_NULL, Decoder};
use symphonia::core::errors::Error;
use symphonia::core::formats::{FormatOptions, FormatReader, SeekMode, SeekTo};
use symphonia::core::io::{MediaSource, MediaSourceStream, MediaSourceStreamOptions};
use symphonia::core::meta::MetadataOptions;
use symphonia::core::probe::Hint;
use symphonia::core::units::Time;

/// Samples a second, of what is handed on.
pub(super) const RATE: u32 = 48_000;
/// Frames of the file that are output at a time.
const CHUNK: usize = 1_024;
/// The largest number that counts as a sample: 36 dB above full scale.
const LOUDEST: f32 = 64.0;
/// Packets in a row that may be unreadable before the rest is given up.
const BAD_PACKETS_LIMIT: u32 = 50;

/// Decodes the file; `sink` is given interleaved samples, left first, -1 to 1. Blocks.
pub(super) fn decode(path: &Path, sink: &mut impl FnMut(&[f32])) -> Result<(), Unplayable> {
    let source = Box::new(File::open(path).map_err(|_| Unplayable::Empty)?);
    let mut sound = Decoding::of(source)?;
    sound.run(&mut |samples| {
        sink(samples);
        ControlFlow::Continue(())
    })
}

/// Sound that is being decoded, from a file or from a stream that goes only forward.
pub(super) struct Decoding {
    format: Box<dyn FormatReader>,
    decoder: Box<dyn Decoder>,
    track: u32,
    /// Whether anything could be read so far.
    sounded: bool,
    samples: Option<SampleBuffer<f32>>,
    /// Ends the process when nothing comes of its work.
    budget: Budget,
}

impl Decoding {
    pub(super) fn of(source: Box<dyn MediaSource>) -> Result<Decoding, Unplayable> {
        Decoding::open(source, true)
    }

    /// The same for what comes in live: what a file in it says about its length is not believed.
    pub(super) fn live(source: Box<dyn MediaSource>) -> Result<Decoding, Unplayable> {
        Decoding::open(source, false)
    }

    fn open(source: Box<dyn MediaSource>, gapless: bool) -> Result<Decoding, Unplayable> {
        let budget = Budget::begin();
        let stream = MediaSourceStream::new(source, MediaSourceStreamOptions::default());
        // What the encoder added at both ends is taken away, so that songs can follow each other.
        let formats = FormatOptions {
            enable_gapless: gapless,
            ..FormatOptions::default()
        };
        let probed = get_probe()
            .format(&Hint::new(), stream, &formats, &MetadataOptions::default())
            .map_err(|_| Unplayable::NotSound)?;
        let format = probed.format;
        let mut tracks = format.tracks().iter();
        let track = tracks
            .find(|track| track.codec_params.codec != CODEC_TYPE_NULL)
            .ok_or(Unplayable::NotSound)?;
        let decoder = decoder_of(&track.codec_params).map_err(|_| Unplayable::NotSound)?;
        Ok(Decoding {
            track: track.id,
            format,
            decoder,
            sounded: false,
            samples: None,
            budget,
        })
    }

    /// Goes to a place; `false` when the file cannot be searched, and stands where it was.
    pub(super) fn go_to(&mut self, to: Duration) -> bool {
        let time = Time::new(to.as_secs(), f64::from(to.subsec_micros()) / 1e6);
        let to = SeekTo::Time {
            time,
            track_id: Some(self.track),
        };
        let found = self.format.seek(SeekMode::Accurate, to).is_ok();
        if found {
            self.decoder.reset();
        }
        found
    }

    /// Another stream follows in the same container, as with each song of a radio in Ogg.
    fn begin_anew(&mut self) -> bool {
        let mut tracks = self.format.tracks().iter();
        let Some(track) = tracks.find(|it| it.codec_params.codec != CODEC_TYPE_NULL) else {
            return false;
        };
        match decoder_of(&track.codec_params) {
            Ok(decoder) => {
                self.track = track.id;
                self.decoder = decoder;
                true
            }
            Err(_) => false,
        }
    }

    /// Decodes to the end, or until `sink` has enough.
    pub(super) fn run(
        &mut self,
        sink: &mut impl FnMut(&[f32]) -> ControlFlow<()>,
    ) -> Result<(), Unplayable> {
        let enough = Cell::new(false);
        let mut take = |samples: &[f32]| {
            if !enough.get() {
                enough.set(sink(samples).is_break());
            }
        };
        let (mut converter, mut bad): (Option<Converter>, u32) = (None, 0);
        loop {
            let packet = match self.format.next_packet() {
                Ok(packet) => packet,
                Err(Error::ResetRequired) if self.begin_anew() => continue,
                // The end, or a file that is cut off: it plays as far as it goes.
                Err(_) => break,
            };
            if packet.track_id() != self.track {
                continue;
            }
            let sound = match self.decoder.decode(&packet) {
                Ok(sound) => sound,
                Err(Error::DecodeError(_)) if bad < BAD_PACKETS_LIMIT => {
                    bad += 1;
                    continue;
                }
                Err(_) => break,
            };
            bad = 0;
            self.sounded = true;
            let spec = *sound.spec();
            if !is_plausible(spec) {
                break;
            }
            let room = self.samples.as_ref().map_or(0, SampleBuffer::capacity);
            if room < sound.capacity() * spec.channels.count() {
                self.samples = None;
            }
            let samples = self
                .samples
                .get_or_insert_with(|| SampleBuffer::new(sound.capacity() as u64, spec));
            samples.copy_interleaved_ref(sound);
            if !samples.is_empty() {
                self.budget.progress();
            }
            samples.samples_mut().iter_mut().for_each(tame);
            if converter.as_ref().is_none_or(|it| it.spec != spec) {
                if let Some(mut before) = converter.take() {
                    before.finish(&mut take);
                }
                converter = Some(Converter::new(spec)?);
            }
            if let Some(converter) = &mut converter {
                converter.take(samples.samples(), &mut take);
            }
            if enough.get() {
                return Ok(());
            }
        }
        if !self.sounded {
            return Err(Unplayable::Empty);
        }
        if let Some(mut converter) = converter {
            converter.finish(&mut take);
        }
        Ok(())
    }
}

/// A file of floating point numbers may hold some that are none, or so large that what is reckoned with
/// them is none.
fn tame(sample: &mut f32) {
    *sample = if sample.is_finite() {
        sample.clamp(-LOUDEST, LOUDEST)
    } else {
        0.0
    };
}

/// From the file's rate and channels to ours.
struct Converter {
    spec: SignalSpec,
    resampler: Option<FftFixedIn<f32>>,
    /// Left and right, waiting to be output.
    waiting: [Vec<f32>; 2],
    /// Resampled frames at the beginning that are the filter's own.
    skip: usize,
    /// Frames that came in and went out, to end with the right number.
    taken: u64,
    given: u64,
    out: Vec<f32>,
}

impl Converter {
    fn new(spec: SignalSpec) -> Result<Converter, Unplayable> {
        let resampler = if spec.rate == RATE {
            None
        } else {
            let rate = usize::try_from(spec.rate).map_err(|_| Unplayable::Broken)?;
            let ours = usize::try_from(RATE).map_err(|_| Unplayable::Broken)?;
            let made = FftFixedIn::new(rate, ours, CHUNK, 2, 2);
            Some(made.map_err(|_| Unplayable::Broken)?)
        };
        Ok(Converter {
            spec,
            skip: resampler.as_ref().map_or(0, Resampler::output_delay),
            resampler,
            waiting: [Vec::new(), Vec::new()],
            taken: 0,
            given: 0,
            out: Vec::new(),
        })
    }

    fn take(&mut self, samples: &[f32], sink: &mut impl FnMut(&[f32])) {
        let channels = self.spec.channels.count().max(1);
        self.taken += u64::try_from(samples.len() / channels).unwrap_or(0);
        if self.resampler.is_none() && channels == 2 {
            self.given = self.taken;
            return sink(samples);
        }
        for frame in samples.chunks_exact(channels) {
            let [left, right] = stereo(frame);
            self.waiting[0].push(left);
            self.waiting[1].push(right);
        }
        self.flow(sink);
    }

    /// Hands on what is waiting, as far as it makes whole chunks.
    fn flow(&mut self, sink: &mut impl FnMut(&[f32])) {
        let Some(resampler) = &mut self.resampler else {
            self.out.clear();
            let [left, right] = &self.waiting;
            self.out
                .extend(left.iter().zip(right).flat_map(|(l, r)| [*l, *r]));
            self.given = self.taken;
            self.waiting.iter_mut().for_each(Vec::clear);
            return sink(&self.out);
        };
        while self.waiting[0].len() >= CHUNK {
            let chunk = self
                .waiting
                .each_ref()
                .map(|it| it.get(..CHUNK).unwrap_or_default());
            let Ok(output) = resampler.process(&chunk, None) else {
                return;
            };
            self.waiting
                .iter_mut()
                .for_each(|it| drop(it.drain(..CHUNK)));
            hand_on(
                &output,
                (&mut self.skip, &mut self.given),
                (None, &mut self.out),
                sink,
            );
        }
    }

    /// Hands on the rest, so that the sound is as long as it was.
    fn finish(&mut self, sink: &mut impl FnMut(&[f32])) {
        let Some(resampler) = &mut self.resampler else {
            return;
        };
        let wanted = self.taken * u64::from(RATE) / u64::from(self.spec.rate.max(1));
        // Nothing at all would be refused, and the filter would keep what it holds back.
        let mut rest = Some(self.waiting.clone()).filter(|it| !it[0].is_empty());
        while self.given < wanted {
            let last = rest.take();
            let last = last.as_ref().map(<[Vec<f32>; 2]>::as_slice);
            let output = resampler.process_partial(last, None);
            let Ok(output) = output else { return };
            let left = wanted - self.given;
            hand_on(
                &output,
                (&mut self.skip, &mut self.given),
                (Some(left), &mut self.out),
                sink,
            );
        }
    }
}

fn hand_on(
    output: &[Vec<f32>],
    (skip, given): (&mut usize, &mut u64),
    (most, out): (Option<u64>, &mut Vec<f32>),
    sink: &mut impl FnMut(&[f32]),
) {
    let [left, right] = output else { return };
    let frames = left.iter().zip(right).skip(*skip);
    *skip = skip.saturating_sub(left.len());
    let most = most.and_then(|it| usize::try_from(it).ok());
    out.clear();
    out.extend(
        frames
            .take(most.unwrap_or(usize::MAX))
            .flat_map(|(l, r)| [*l, *r]),
    );
    *given += u64::try_from(out.len() / 2).unwrap_or(0);
    sink(out);
}

/// One frame of any number of channels as left and right. Beyond two, symphonia's order begins with
/// left, right and centre; what is behind and below comes softer to both sides (ITU-R BS.775).
fn stereo(frame: &[f32]) -> [f32; 2] {
    const SOFTER: f32 = std::f32::consts::FRAC_1_SQRT_2;
    match frame {
        [] => [0.0, 0.0],
        [mono] => [*mono, *mono],
        [left, right] => [*left, *right],
        [left, right, others @ ..] => {
            let others: f32 = others.iter().sum::<f32>() * SOFTER;
            // So that all channels together cannot be louder than full scale by much.
            [(left + others) * SOFTER, (right + others) * SOFTER]
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_that_no_sound_has_do_no_harm() {
        let wild = [f32::NAN, f32::INFINITY, f32::MIN, f32::MAX, 1e38, -0.5];
        let mut samples: Vec<f32> = wild.iter().copied().cycle().take(CHUNK * 12).collect();
        samples.iter_mut().for_each(tame);
        assert_eq!(&samples[..6], &[0.0, 0.0, -64.0, 64.0, 64.0, -0.5]);
        let channels = symphonia::core::audio::Layout::Stereo.into_channels();
        let spec = SignalSpec::new(8_000, channels);
        let mut converter = Converter::new(spec).unwrap();
        let mut given = 0;
        let mut sink = |samples: &[f32]| {
            assert!(samples.iter().all(|it| it.is_finite()));
            given += samples.len();
        };
        converter.take(&samples, &mut sink);
        converter.finish(&mut sink);
        assert_eq!(given, samples.len() * 6);
    }
}
