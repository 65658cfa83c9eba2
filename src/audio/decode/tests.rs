//! What is heard of whole files, of those that were joined and of those that change on the way.

use super::converter::CHUNK;
use super::*;
use symphonia::core::audio::SignalSpec;

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

fn fixture(name: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/media");
    std::fs::read(folder.join(name)).unwrap()
}

/// Milliseconds of sound in a file of these bytes, and its left side.
fn sound_of(bytes: &[u8]) -> (u64, Vec<f32>) {
    let folder = tempfile::TempDir::new().unwrap();
    let file = folder.path().join("joined");
    std::fs::write(&file, bytes).unwrap();
    let mut left = Vec::new();
    decode(&file, &mut |samples| left.extend(samples.iter().step_by(2))).unwrap();
    (u64::try_from(left.len()).unwrap() / 48, left)
}

/// How much of a second of sound is this pitch, from 0 to 1: one bin of a Fourier transform.
fn share(sound: &[f32], hz: f32) -> f32 {
    let (mut real, mut imaginary, mut all) = (0.0_f32, 0.0_f32, 0.0_f32);
    for (at, sample) in (0_u16..).zip(sound.iter().take(48_000)) {
        let phase = std::f32::consts::TAU * hz * f32::from(at) / 48_000.0;
        real += sample * phase.cos();
        imaginary += sample * phase.sin();
        all += sample * sample;
    }
    (real * real + imaginary * imaginary) * 2.0 / 48_000.0 / all
}

fn is_tone(sound: &[f32], hz: f32) {
    let share = share(sound, hz);
    assert!(share > 0.9, "{share} of it is {hz} Hz");
}

/// Both are a second and a half long.
const ONE_MS: u64 = 1_500;

#[test]
fn what_the_encoder_added_is_not_heard_and_all_else_is() {
    let (length_ms, _) = sound_of(&fixture("tone.mp3"));
    assert_eq!(length_ms, ONE_MS);
}

#[test]
fn two_files_that_were_joined_sound_to_their_end() {
    let joined = [fixture("tone.mp3"), fixture("vbr.mp3")].concat();
    let (length_ms, sound) = sound_of(&joined);
    // What was added in between is heard.
    assert!(
        (2 * ONE_MS..2 * ONE_MS + 150).contains(&length_ms),
        "{length_ms}"
    );
    is_tone(&sound, 330.0);
    is_tone(&sound[sound.len() - 50_000..], 345.0);
}

#[test]
fn a_file_that_changes_its_rate_goes_on() {
    let joined = [fixture("tone.mp3"), fixture("rate.mp3")].concat();
    let (length_ms, sound) = sound_of(&joined);
    // The first frames after the change are lost on the decoder that knew the rate before.
    assert!(
        (2 * ONE_MS - 150..2 * ONE_MS + 150).contains(&length_ms),
        "{length_ms}"
    );
    is_tone(&sound[sound.len() - 50_000..], 355.0);
}
