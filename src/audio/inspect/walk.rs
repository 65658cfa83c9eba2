//! How long a file really is: all its packets are walked, and a first stretch is really decoded, so
//! that what cannot be played is known before it is anybody's turn. Knows no tags.

use super::{Unplayable, is_audio, is_plausible};
use crate::audio::codec::decoder_of;
use crate::audio::loudness::Beginning;
use std::time::Duration;
use symphonia::core::codecs::{CodecParameters, Decoder};
use symphonia::core::errors::Error;
use symphonia::core::formats::{FormatReader, Packet};
use symphonia::core::units::TimeBase;

/// Sound that is really decoded before a file is believed.
const DECODED_AT_LEAST: Duration = Duration::from_secs(2);
/// Sound by which is guessed how loud the whole is.
const LISTENED_TO: Duration = Duration::from_secs(30);
/// Packets that may be unreadable before the file counts as damaged.
const BAD_PACKETS_LIMIT: u32 = 50;
/// Packets that are walked: more than two hours of the shortest.
const PACKETS_LIMIT: u32 = 3_000_000;
/// The shortest that counts as sound.
const SHORTEST: Duration = Duration::from_millis(100);

/// Walks through all packets, decodes the first ones, and answers how long it all is, and what would
/// make it as loud as the others, in tenths of a decibel.
pub(super) fn walk(
    format: &mut dyn FormatReader,
    mut decoder: Box<dyn Decoder>,
    (id, params): (u32, &CodecParameters),
    get_on: &mut impl FnMut(),
) -> Result<(Duration, Option<i16>), Unplayable> {
    let rate = params.sample_rate.unwrap_or(48_000);
    let (mut before, mut stretch) = (Duration::ZERO, Stretch::of(id, params));
    let (mut frames, mut bad) = (0_u64, 0_u32);
    let enough = DECODED_AT_LEAST.as_secs() * u64::from(rate);
    let listened_to = LISTENED_TO.as_secs() * u64::from(rate);
    let mut beginning = Beginning::default();
    for _ in 0..PACKETS_LIMIT {
        get_on();
        let packet = match format.next_packet() {
            Ok(packet) => packet,
            Err(Error::DecodeError(_)) if bad < BAD_PACKETS_LIMIT => {
                bad += 1;
                continue;
            }
            // Another stream follows in the same container, as in what was recorded from a radio.
            Err(Error::ResetRequired) => {
                let mut tracks = format.tracks().iter();
                let Some(track) = tracks.find(|it| is_audio(&it.codec_params)) else {
                    break;
                };
                let Ok(next) = decoder_of(&track.codec_params) else {
                    break;
                };
                decoder = next;
                before += stretch.length();
                stretch = Stretch::of(track.id, &track.codec_params);
                continue;
            }
            // The end, or a file that is cut off: it plays as far as it goes.
            Err(_) => break,
        };
        if packet.track_id() != stretch.track {
            continue;
        }
        stretch.goes_to(&packet);
        if frames < listened_to && bad <= BAD_PACKETS_LIMIT {
            match decoder.decode(&packet) {
                Ok(sound) if !is_plausible(*sound.spec()) => return Err(Unplayable::Broken),
                Ok(sound) => {
                    frames += u64::try_from(sound.frames()).unwrap_or(0);
                    beginning.listen(sound);
                }
                Err(Error::DecodeError(why)) => {
                    tracing::trace!(why, "a packet was not decoded");
                    bad += 1;
                }
                Err(_) => break,
            }
        }
    }
    if frames == 0 {
        return Err(if bad > 0 {
            Unplayable::Broken
        } else {
            Unplayable::Empty
        });
    }
    if bad > BAD_PACKETS_LIMIT && frames < enough {
        return Err(Unplayable::Broken);
    }
    let walked = before + stretch.length();
    // Containers that do not say how long a packet is end a packet too early.
    let length = walked.max(Duration::from_secs_f64(to_seconds(frames, rate)));
    if length < SHORTEST {
        Err(Unplayable::Empty)
    } else {
        Ok((length, beginning.gain_tenths()))
    }
}

/// One stream of a file, as far as it has been walked. Most files are one.
struct Stretch {
    track: u32,
    base: Option<TimeBase>,
    rate: u32,
    first: Option<u64>,
    end: u64,
}

impl Stretch {
    fn of(track: u32, params: &CodecParameters) -> Stretch {
        Stretch {
            track,
            base: params.time_base,
            rate: params.sample_rate.unwrap_or(48_000),
            first: None,
            end: 0,
        }
    }

    fn goes_to(&mut self, packet: &Packet) {
        self.first.get_or_insert(packet.ts());
        self.end = self.end.max(packet.ts().saturating_add(packet.dur()));
    }

    fn length(&self) -> Duration {
        let ticks = self.end.saturating_sub(self.first.unwrap_or(0));
        match self.base {
            Some(base) => {
                let time = base.calc_time(ticks);
                Duration::from_secs(time.seconds) + Duration::from_secs_f64(time.frac)
            }
            None => Duration::from_secs_f64(to_seconds(ticks, self.rate)),
        }
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "a count of samples is far below 2^53"
)]
fn to_seconds(samples: u64, rate: u32) -> f64 {
    samples as f64 / f64::from(rate.max(1))
}
