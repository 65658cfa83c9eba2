//! Songs are equally loud, however they were made.

use crate::world::{World, in_lounge};
use discord_sandbox::interactions::Given;
use discord_sandbox::people::Member;
use std::collections::HashSet;
use std::path::Path;
use std::sync::Arc;

/// A tone of some seconds in both channels; `level` is its amplitude, up to 1.
pub(crate) fn tone(name: &str, hz: f32, level: f32, seconds: u32) -> Given {
    let spec = hound::WavSpec {
        channels: 2,
        sample_rate: 44_100,
        bits_per_sample: 16,
        sample_format: hound::SampleFormat::Int,
    };
    let mut file = std::io::Cursor::new(Vec::new());
    let mut writer = hound::WavWriter::new(&mut file, spec).unwrap();
    for at in 0..seconds * spec.sample_rate {
        #[expect(clippy::cast_precision_loss, reason = "some seconds are few samples")]
        let phase = std::f32::consts::TAU * hz * at as f32 / 44_100.0;
        #[expect(clippy::cast_possible_truncation, reason = "it is within the range")]
        let sample = (phase.sin() * level * 32_767.0) as i16;
        writer.write_sample(sample).unwrap();
        writer.write_sample(sample).unwrap();
    }
    writer.finalize().unwrap();
    Given::Attachment {
        name: format!("{name}.wav"),
        bytes: file.into_inner().into(),
    }
}

/// How loud the middle of the tone was, LUFS.
fn loudness(who: &Member, hz: f64) -> f64 {
    let hearing = who.hears();
    let stretches = hearing.stretches();
    let heard = stretches.iter().find(|it| it.is(hz)).expect("it was heard");
    hearing.loudness_lufs(heard.from_ms + 600, heard.to_ms - 600)
}

/// The Opus packets of a file that was made ready.
fn packets_in(file: &Path) -> Vec<Vec<u8>> {
    let file = std::fs::File::open(file).unwrap();
    let mut reader = ogg::PacketReader::new(file);
    let mut packets = Vec::new();
    while let Some(packet) = reader.read_packet().unwrap() {
        packets.push(packet.data);
    }
    // The first two are the headers.
    packets.split_off(2)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_loud_song_and_a_soft_one_are_equally_loud() {
    let (world, guild) = World::new().await;
    let [ana, bo, cy] = in_lounge(&guild, ["Ana", "Bo", "Cy"]);
    for (who, piece) in [
        (&ana, tone("first", 330.0, 0.7, 6)),
        (&bo, tone("loud", 440.0, 0.9, 6)),
        (&cy, tone("soft", 550.0, 0.02, 6)),
    ] {
        world.says(who, "play", vec![("file", piece)]).await;
    }
    world.hears(&ana, 550.0).await;
    world
        .wait(&ana, "the end", |it| it.says("soft") && it.says("heard by"))
        .await;
    // The first was not known ahead: its loudness is guessed by its beginning.
    for hz in [330.0, 440.0, 550.0] {
        let lufs = loudness(&ana, hz);
        assert!((-15.0..=-13.0).contains(&lufs), "{hz} Hz: {lufs} LUFS");
    }
    // And what was sent is what was encoded ahead, packet by packet: nothing was encoded for it.
    let sent: HashSet<Arc<[u8]>> = ana.packets().into_iter().collect();
    let prepared = world.prepared();
    // The first was made ready while it played, and was not played from there.
    assert_eq!(prepared.len(), 3, "{prepared:?}");
    let mut passed_on = 0;
    for file in prepared {
        let encoded = packets_in(&file);
        let passed = encoded.iter().filter(|it| sent.contains(&it[..])).count();
        passed_on += usize::from(passed + 3 >= encoded.len());
    }
    assert_eq!(passed_on, 2, "files that were passed on packet by packet");
    world.end().await;
}
