//! How loud a track is and what brings it to the common loudness (EBU R128, ITU-R BS.1770).

mod leveller;
mod limiter;

pub(super) use leveller::{Leveller, apply, hold_peaks};
pub(super) use limiter::Limiter;

use super::decode::RATE;
use ebur128::{EbuR128, Mode};
use symphonia::core::audio::{AudioBufferRef, SampleBuffer};
use symphonia::core::meta::{StandardTagKey, Tag};

/// How loud every track is made, LUFS integrated.
pub(super) const TARGET_LUFS: f64 = -14.0;
/// Where peaks end, dB true peak.
pub(super) const PEAK_LIMIT_DBTP: f64 = -1.0;
/// By how much peaks may be held down, in dB, where a track would else stay softer than the others.
/// One whose peaks are higher still stays softer: nothing is crushed.
pub(super) const MOST_HELD_DB: f64 = 4.0;
/// Nothing is made more than this much louder; what is softer is silence with noise in it.
const MOST_GAIN_DB: f64 = 30.0;
/// The same where only the beginning is known: the rest may be louder.
const MOST_GUESSED_DB: f64 = 6.0;
/// What the tags are measured against: `ReplayGain` 2 and RFC 7845, section 5.2.1.
const REPLAY_GAIN_LUFS: f64 = -18.0;
const R128_LUFS: f64 = -23.0;

/// What brings a track to the common loudness, as far as its peaks let it.
pub(super) fn gain_db(lufs: Option<f64>, peak_dbtp: f64) -> f64 {
    let Some(lufs) = lufs else { return 0.0 };
    let wanted = (TARGET_LUFS - lufs).min(MOST_GAIN_DB);
    wanted.min(PEAK_LIMIT_DBTP - peak_dbtp)
}

/// What brings a whole track to the common loudness with its peaks held, and whether any has to be.
pub(super) fn held_gain_db(lufs: Option<f64>, peak_dbtp: f64) -> (f64, bool) {
    let (wanted, free) = (gain_db(lufs, f64::NEG_INFINITY), gain_db(lufs, peak_dbtp));
    (wanted.min(free + MOST_HELD_DB), wanted > free)
}

/// An amplitude as dB of full scale.
pub(super) fn decibel(amplitude: f64) -> f64 {
    20.0 * amplitude.max(1e-6).log10()
}

/// What a level in dB is as an amplitude, or a change as a factor.
pub(super) fn factor(db: f64) -> f32 {
    #[expect(clippy::cast_possible_truncation, reason = "a factor needs no more")]
    let factor = 10_f64.powf(db / 20.0) as f32;
    factor
}

fn tenths(gain_db: f64) -> Option<i16> {
    let tenths = (gain_db * 10.0).round();
    #[expect(
        clippy::cast_possible_truncation,
        reason = "it has just been looked at"
    )]
    (tenths.abs() <= 1_000.0).then_some(tenths as i16)
}

/// What the file itself says about its loudness, if it does. What would make it louder may break
/// its peaks, which the tag does not tell: that much only up to a limit.
pub(super) fn tagged(tag: &Tag) -> Option<i16> {
    let text = tag.value.to_string();
    let gain = match (tag.std_key, tag.key.as_str()) {
        (Some(StandardTagKey::ReplayGainTrackGain), _) => {
            let number = text.trim().trim_end_matches(|c: char| c.is_alphabetic());
            number.trim().parse::<f64>().ok()? + TARGET_LUFS - REPLAY_GAIN_LUFS
        }
        // In 256ths of a decibel.
        (None, "R128_TRACK_GAIN") => {
            text.trim().parse::<f64>().ok()? / 256.0 + TARGET_LUFS - R128_LUFS
        }
        _ => return None,
    };
    tenths(gain.min(MOST_GUESSED_DB))
}

/// The beginning of a track, by which its loudness is guessed.
#[derive(Default)]
pub(super) struct Beginning {
    meter: Option<EbuR128>,
    samples: Option<SampleBuffer<f32>>,
    /// The beginning changes its rate or channels, or cannot be measured.
    unclear: bool,
}

impl Beginning {
    pub(super) fn listen(&mut self, sound: AudioBufferRef<'_>) {
        let spec = *sound.spec();
        let channels = u32::try_from(spec.channels.count()).unwrap_or(0);
        if self.meter.is_none() {
            let mode = Mode::I | Mode::SAMPLE_PEAK;
            self.meter = EbuR128::new(channels, spec.rate, mode).ok();
        }
        // The one counts frames, the other samples of all channels.
        let room = sound.capacity() * spec.channels.count();
        if self.samples.as_ref().is_none_or(|it| it.capacity() < room) {
            self.samples = Some(SampleBuffer::new(sound.capacity() as u64, spec));
        }
        let (Some(meter), Some(samples)) = (&mut self.meter, &mut self.samples) else {
            self.unclear = true;
            return;
        };
        if meter.rate() != spec.rate || meter.channels() != channels {
            self.unclear = true;
            return;
        }
        samples.copy_interleaved_ref(sound);
        self.unclear |= meter.add_frames_f32(samples.samples()).is_err();
    }

    /// `None` when it is silent or unclear.
    pub(super) fn gain_tenths(&self) -> Option<i16> {
        let meter = self.meter.as_ref().filter(|_| !self.unclear)?;
        let lufs = meter.loudness_global().ok().filter(|it| it.is_finite())?;
        let peaks = (0..meter.channels()).filter_map(|it| meter.sample_peak(it).ok());
        let peak = decibel(peaks.fold(0.0, f64::max));
        tenths(gain_db(Some(lufs), peak).min(MOST_GUESSED_DB))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use symphonia::core::meta::Value;

    #[test]
    fn peaks_are_held_for_a_softer_track_but_not_for_any_price() {
        // Loud enough, with room for its peaks; four decibels short; a classical one.
        assert_eq!(held_gain_db(Some(-20.0), -10.0), (6.0, false));
        assert_eq!(held_gain_db(Some(-18.0), -1.0), (4.0, true));
        assert_eq!(held_gain_db(Some(-28.0), -3.0), (6.0, true));
        assert_eq!(held_gain_db(Some(-8.0), 0.5), (-6.0, false));
        assert_eq!(held_gain_db(None, 0.0), (0.0, false));
    }

    #[test]
    fn every_track_is_brought_to_one_loudness_as_far_as_its_peaks_allow() {
        let near = |one: f64, other: f64| (one - other).abs() < 1e-9;
        assert!(
            near(gain_db(Some(-8.0), 0.0), -6.0),
            "a loud one is softened"
        );
        assert!(
            near(gain_db(Some(-24.0), -12.0), 10.0),
            "a soft one is raised"
        );
        assert!(
            near(gain_db(Some(-24.0), -4.0), 3.0),
            "but not beyond its peaks"
        );
        assert!(near(gain_db(Some(-69.0), -60.0), 30.0), "nor is noise");
        assert!(near(gain_db(None, -120.0), 0.0), "silence stays silence");
    }

    #[test]
    fn tags_are_read_against_what_they_are_measured_by() {
        let tag = |std_key, key: &str, value: &str| Tag::new(std_key, key, Value::from(value));
        let replay_gain = Some(StandardTagKey::ReplayGainTrackGain);
        let gain = tagged(&tag(replay_gain, "REPLAYGAIN_TRACK_GAIN", "-9.30 dB"));
        assert_eq!(gain, Some(-53), "-18 LUFS are meant, -14 wanted");
        let gain = tagged(&tag(None, "R128_TRACK_GAIN", "-2560"));
        assert_eq!(gain, Some(-10), "-23 LUFS are meant");
        let loud = tagged(&tag(replay_gain, "REPLAYGAIN_TRACK_GAIN", "+20 dB"));
        assert_eq!(loud, Some(60), "no more than is safe");
        let nonsense = tagged(&tag(replay_gain, "REPLAYGAIN_TRACK_GAIN", "loud"));
        assert_eq!(nonsense, None);
    }
}
