//! A whole file as sound: decoded, brought to 48 kHz and two channels, handed on piece by piece. It
//! keeps one piece at a time, however long the file is.

mod converter;
mod ends;

use self::converter::Converter;
use self::ends::Ends;
use super::budget::Budget;
use super::codec::decoder_of;
use super::inspect::{Unplayable, is_plausible};
use songbird::input::codecs::get_probe;
use std::cell::Cell;
use std::fs::File;
use std::ops::ControlFlow;
use std::path::Path;
use std::time::Duration;
use symphonia::core::audio::SampleBuffer;
use symphonia::core::codecs::{CODEC_TYPE_NULL, Decoder};
use symphonia::core::errors::Error;
use symphonia::core::formats::{FormatOptions, FormatReader, SeekMode, SeekTo, Track};
use symphonia::core::io::{MediaSource, MediaSourceStream, MediaSourceStreamOptions};
use symphonia::core::meta::MetadataOptions;
use symphonia::core::probe::Hint;
use symphonia::core::units::Time;

/// Samples a second, of what is handed on.
pub(super) const RATE: u32 = 48_000;
/// The largest number that counts as a sample: 36 dB above full scale.
const LOUDEST: f32 = 64.0;
/// Packets in a row that may be unreadable before the rest is given up.
const BAD_PACKETS_LIMIT: u32 = 50;
/// Unreadable packets in a row after which it is tried with another decoder: one that has begun with a
/// rate or number of channels takes no other, and radios and joined files change them.
const BAD_FOR_THIS_DECODER: u32 = 3;

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
    ends: Ends,
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
            ends: Ends::default(),
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
            self.ends = Ends::default();
        }
        found
    }

    /// Another stream follows in the same container, as with each song of a radio in Ogg.
    fn begin_anew(&mut self) -> bool {
        let begins = self.take_decoder(|it| it.codec_params.codec != CODEC_TYPE_NULL);
        if begins {
            self.ends = Ends::default();
        }
        begins
    }

    /// A new decoder for the first such track; `false` when there is none.
    fn take_decoder(&mut self, fits: impl Fn(&Track) -> bool) -> bool {
        let mut tracks = self.format.tracks().iter();
        let track = tracks.find(|it| fits(it));
        let found = track.map(|it| (it.id, decoder_of(&it.codec_params)));
        let Some((track, Ok(decoder))) = found else {
            return false;
        };
        self.track = track;
        self.decoder = decoder;
        true
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
            let packet = match self.ends.next(self.format.as_mut(), self.track) {
                Ok(packet) => packet,
                Err(Error::ResetRequired) if self.begin_anew() => continue,
                // The end, or a file that is cut off: it plays as far as it goes.
                Err(_) => break,
            };
            let sound = match self.decoder.decode(&packet) {
                Ok(sound) => sound,
                Err(Error::DecodeError(_)) if bad < BAD_PACKETS_LIMIT => {
                    bad += 1;
                    if bad == BAD_FOR_THIS_DECODER {
                        let same = self.track;
                        self.take_decoder(|it| it.id == same);
                    }
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

#[cfg(test)]
mod tests;
