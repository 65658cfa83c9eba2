//! Every format that people have, from the file to the ear.

use crate::audio::fixture;
use crate::world::{World, in_lounge};
use discord_sandbox::interactions::Given;

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

fn file(name: &str) -> Given {
    Given::Attachment {
        name: name.to_owned(),
        bytes: fixture(name).into(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn all_formats_are_heard_one_after_another() {
    let (world, guild) = World::new().await;
    let [ana, bo] = in_lounge(&guild, ["Ana", "Bo"]);
    for (name, _) in FORMATS {
        let said = world.says(&ana, "play", vec![("file", file(name))]).await;
        assert!(said.contains(&format!("夜来香 {name}")), "{said}");
    }
    world.hears(&bo, 540.0).await;
    let heard = bo.hears().tones_in_order();
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
