//! Every format that people have, from the file to the ear.

use crate::audio::fixture;
use crate::world::{World, in_lounge};
use discord_sandbox::interactions::Given;
use std::process::Command;
use tempfile::TempDir;

/// The files of `tests/media` and their pitches.
const FORMATS: [(&str, f64); 8] = [
    ("tone.mp3", 330.0),
    ("aac.m4a", 360.0),
    ("alac.m4a", 390.0),
    ("tone.flac", 420.0),
    ("tone.wav", 450.0),
    ("vorbis.ogg", 480.0),
    ("tone.opus", 510.0),
    ("tone.webm", 540.0),
];

/// Containers, codecs and rates that fewer people have, none beside another of nearly its pitch.
const FURTHER: [(&str, f64); 17] = [
    ("vbr.mp3", 345.0),
    ("mp2.mp2", 616.0),
    ("tone.aac", 375.0),
    ("film.mp4", 645.0),
    ("opus.mp4", 617.0),
    ("tone.aiff", 405.0),
    ("tone.caf", 435.0),
    ("flac.ogg", 465.0),
    ("flac.mka", 573.0),
    ("wav24.wav", 495.0),
    ("adpcm_ima.wav", 557.0),
    ("float.wav", 525.0),
    ("adpcm_ms.wav", 555.0),
    ("vorbis.mka", 570.0),
    ("film.webm", 660.0),
    ("aac.mkv", 575.0),
    ("alac.caf", 437.0),
];

/// What only ffmpeg makes, where it is installed: its pitch and how it is made.
const MADE: [(&str, f64, &str); 6] = [
    ("surround.flac", 700.0, "-ac 6 -ar 48000 -c:a flac"),
    ("high.flac", 720.0, "-ac 1 -ar 192000 -c:a flac"),
    ("low.mp3", 740.0, "-ac 1 -ar 8000 -c:a libmp3lame -b:a 16k"),
    ("alaw.wav", 760.0, "-ac 1 -ar 8000 -c:a pcm_alaw"),
    ("eight.wav", 780.0, "-ac 2 -ar 44100 -c:a pcm_u8"),
    ("mp3.mp4", 800.0, "-ac 2 -c:a libmp3lame -b:a 48k"),
];

fn file(name: &str, bytes: Vec<u8>) -> Given {
    Given::Attachment {
        name: name.to_owned(),
        bytes: bytes.into(),
    }
}

/// The tone as ffmpeg writes it, or `None` where that is not installed.
fn made(name: &str, hz: f64, how: &str) -> Option<Vec<u8>> {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join(name);
    let mut ffmpeg = Command::new("ffmpeg");
    ffmpeg.args(["-loglevel", "error", "-y", "-f", "lavfi", "-i"]);
    ffmpeg.arg(format!(
        "sine=frequency={hz}:sample_rate=48000:duration=1.5"
    ));
    ffmpeg.args(["-af", "volume=3"]).args(how.split(' '));
    let ended = ffmpeg.arg(&path).status().ok()?;
    assert!(ended.success(), "ffmpeg does not make {name}");
    Some(std::fs::read(path).unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn containers_and_rates_that_fewer_people_have_are_heard_too() {
    let (world, guild) = World::new().await;
    let [ana, bo] = in_lounge(&guild, ["Ana", "Bo"]);
    let fixtures = FURTHER.map(|(name, hz)| (name, hz, fixture(name)));
    let made = MADE.iter().filter_map(|(name, hz, how)| {
        let bytes = made(name, *hz, how);
        if bytes.is_none() {
            println!("{name} was not tried: ffmpeg is not installed");
        }
        Some((*name, *hz, bytes?))
    });
    let mut expected = Vec::new();
    for (name, hz, bytes) in fixtures.into_iter().chain(made) {
        let said = world
            .says(&ana, "play", vec![("file", file(name, bytes))])
            .await;
        assert!(said.contains("Ana added"), "{name}: {said}");
        expected.push(hz);
    }
    // All together take longer than one has patience for.
    for several in 1..=expected.len() / 4 {
        world.hears_tones(&bo, several * 4).await;
    }
    world.hears(&bo, expected[expected.len() - 1]).await;
    let mut heard = bo.hears().tones_in_order();
    heard.dedup_by(|one, other| (*one - *other).abs() < 1.0);
    assert_eq!(heard.len(), expected.len(), "{heard:?}");
    for (heard, expected) in heard.iter().zip(expected) {
        assert!((heard - expected).abs() < 5.0, "{heard} for {expected}");
    }
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn all_formats_are_heard_one_after_another() {
    let (world, guild) = World::new().await;
    let [ana, bo] = in_lounge(&guild, ["Ana", "Bo"]);
    for (name, _) in FORMATS {
        let said = world
            .says(&ana, "play", vec![("file", file(name, fixture(name)))])
            .await;
        assert!(said.contains(&format!("夜来香 {name}")), "{said}");
    }
    world.hears(&bo, 540.0).await;
    let mut heard = bo.hears().tones_in_order();
    // On a busy machine a tone can come in two parts; it is one song all the same.
    heard.dedup_by(|one, other| (*one - *other).abs() < 5.0);
    let expected: Vec<f64> = FORMATS.iter().map(|(_, hz)| *hz).collect();
    assert_eq!(heard.len(), expected.len(), "{heard:?}");
    for (heard, expected) in heard.iter().zip(expected) {
        assert!((heard - expected).abs() < 5.0, "{heard} for {expected}");
    }
    // How short they are is measured by the party; here nothing is missing on a busy machine either.
    let gaps = bo.hears().silences(500);
    assert!(gaps.is_empty(), "the next begins at once: {gaps:?}");
    world.end().await;
}
