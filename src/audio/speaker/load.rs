//! Opening a file for the mixer: container parsed, decoder made, position found. All of it blocks,
//! so it is done on a thread for blocking work, before the mixer sees it.

use songbird::input::codecs::{get_codec_registry, get_probe};
use songbird::input::{AudioStream, Input, LiveInput, Parsed};
use std::fs::File;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::time::Duration;
use symphonia::core::formats::{SeekMode, SeekTo};
use symphonia::core::io::MediaSource;
use symphonia::core::units::Time;

/// A file that is ready to sound.
pub(super) struct Loaded {
    parsed: Parsed,
    /// Where it stands.
    pub(super) from: Duration,
    /// What it is changed by, since it has not been made ready; `None` is passed on as it is.
    gain: Option<f32>,
    /// A frame of the file is not the 20 ms that Discord takes, so that it has to be encoded anew.
    reframe: bool,
}

impl std::fmt::Debug for Loaded {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Loaded")
            .field("from", &self.from)
            .finish_non_exhaustive()
    }
}

impl Loaded {
    /// Opens the file and goes to `from`. The error says why it cannot be played.
    pub(super) fn open(path: &Path, from: Duration) -> Result<Loaded, String> {
        // The decoders are fed by strangers; a panic of theirs is an unreadable file.
        catch_unwind(AssertUnwindSafe(|| Loaded::open_unguarded(path, from)))
            .unwrap_or_else(|_| Err("the decoder broke over it".to_owned()))
    }

    fn open_unguarded(path: &Path, from: Duration) -> Result<Loaded, String> {
        let file = File::open(path).map_err(|error| error.to_string())?;
        let input: Box<dyn MediaSource> = Box::new(file);
        let live = LiveInput::Raw(AudioStream { input })
            .promote(get_codec_registry(), get_probe())
            .map_err(|error| error.to_string())?;
        let LiveInput::Parsed(parsed) = live else {
            return Err("it was not parsed".to_owned());
        };
        let mut loaded = Loaded {
            parsed,
            from: Duration::ZERO,
            gain: None,
            reframe: false,
        };
        loaded.reframe = loaded.has_odd_frames();
        if !from.is_zero() {
            loaded.go_to(from);
        }
        Ok(loaded)
    }

    /// The same, this many tenths of a decibel louder.
    pub(super) fn louder_by(mut self, tenths: Option<i16>) -> Loaded {
        let factor = |tenths: i16| 10_f32.powf(f32::from(tenths) / 200.0);
        self.gain = tenths.filter(|it| *it != 0).map(factor);
        self
    }

    fn go_to(&mut self, from: Duration) {
        let time = Time::new(from.as_secs(), f64::from(from.subsec_micros()) / 1e6);
        let to = SeekTo::Time {
            time,
            track_id: Some(self.parsed.track_id),
        };
        // A file that cannot be searched plays from its beginning, and says so by its position.
        if self.parsed.format.seek(SeekMode::Accurate, to).is_ok() {
            self.parsed.decoder.reset();
            self.from = from;
        }
    }

    /// Opus that is not in frames of 20 ms: songbird would pass the first packets on as they are.
    fn has_odd_frames(&mut self) -> bool {
        let Loaded { parsed, .. } = self;
        let params = parsed.decoder.codec_params();
        if params.codec != symphonia::core::codecs::CODEC_TYPE_OPUS {
            return false;
        }
        let Ok(packet) = parsed.format.next_packet() else {
            return false;
        };
        let odd = packet.buf().first().is_none_or(|toc| !is_20_ms(*toc));
        let back = SeekTo::TimeStamp {
            ts: 0,
            track_id: parsed.track_id,
        };
        // Where there is no way back, a fiftieth of a second is missed.
        if parsed.format.seek(SeekMode::Accurate, back).is_ok() {
            parsed.decoder.reset();
        }
        odd
    }

    /// For the mixer, with the volume it is to be played at.
    pub(super) fn into_input(self) -> (Input, f32) {
        // A volume that is not exactly 1 makes songbird decode and encode anew.
        let plain = if self.reframe { 0.9999 } else { 1.0 };
        let volume = self.gain.unwrap_or(plain);
        (Input::Live(LiveInput::Parsed(self.parsed), None), volume)
    }
}

/// RFC 6716, section 3.1: the upper five bits are mode and length of a frame, the lowest two how
/// many there are.
fn is_20_ms(toc: u8) -> bool {
    let configuration = toc >> 3;
    let frame_ms_tenths: u16 = match configuration {
        0..=11 => [100, 200, 400, 600]
            .get(usize::from(configuration % 4))
            .copied()
            .unwrap_or(0),
        12..=15 => [100, 200]
            .get(usize::from(configuration % 2))
            .copied()
            .unwrap_or(0),
        _ => [25, 50, 100, 200]
            .get(usize::from(configuration % 4))
            .copied()
            .unwrap_or(0),
    };
    let frames = match toc & 3 {
        0 => 1,
        1 | 2 => 2,
        // Any number, said in the next byte; not what Discord takes.
        _ => 0,
    };
    frame_ms_tenths * frames == 200
}

#[cfg(test)]
mod tests {
    use super::is_20_ms;

    #[test]
    fn the_length_of_an_opus_packet_is_read_from_its_first_byte() {
        assert!(is_20_ms(31 << 3), "CELT, fullband, one frame of 20 ms");
        assert!(is_20_ms((30 << 3) | 1), "two frames of 10 ms");
        assert!(is_20_ms(1 << 3), "SILK, one frame of 20 ms");
        assert!(!is_20_ms(3 << 3), "SILK, one frame of 60 ms");
        assert!(!is_20_ms((31 << 3) | 1), "two frames of 20 ms");
        assert!(!is_20_ms((31 << 3) | 3), "any number of frames");
    }
}
