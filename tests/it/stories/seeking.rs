//! Going to another place in the song: what is heard tells where it is.

use crate::world::{PATIENCE, World, in_lounge, text};
use discord_sandbox::interactions::Given;
use discord_sandbox::people::{Member, until};

/// A tone that rises by 10 Hz every second from 300 Hz on, so that its pitch tells the place.
fn rising(name: &str, seconds: u32) -> Given {
    let spec = hound::WavSpec {
        channels: 1,
        sample_rate: 22_050,
        bits_per_sample: 16,
        sample_format: hound::SampleFormat::Int,
    };
    let mut file = std::io::Cursor::new(Vec::new());
    let mut writer = hound::WavWriter::new(&mut file, spec).unwrap();
    for at in 0..seconds * 22_050 {
        let at = f64::from(at) / 22_050.0;
        let phase = std::f64::consts::TAU * (300.0 * at + 5.0 * at * at);
        #[expect(clippy::cast_possible_truncation, reason = "it is within the range")]
        let sample = (phase.sin() * 12_000.0) as i16;
        writer.write_sample(sample).unwrap();
    }
    writer.finalize().unwrap();
    Given::Attachment {
        name: format!("{name}.wav"),
        bytes: file.into_inner().into(),
    }
}

/// Which second of the song somebody hears at the end of what they have heard.
fn second(who: &Member) -> Option<f64> {
    let hearing = who.hears();
    let end = hearing.length_ms().checked_sub(400)?;
    let tone = hearing.tone_between(end, end + 300)?;
    Some((tone.frequency - 300.0) / 10.0)
}

/// Waits until the place heard is in the range.
async fn hears_second(world: &World, who: &Member, range: std::ops::Range<f64>) {
    let found = until(world.sandbox.hub(), PATIENCE, |_| {
        second(who).filter(|at| range.contains(at))
    });
    let heard = found.await;
    assert!(
        heard.is_some(),
        "not {range:?} but {:?}\n{}",
        second(who),
        world.log()
    );
}

async fn seek(world: &World, who: &Member, to: &str) -> String {
    world.says(who, "seek", vec![("to", text(to))]).await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_looper_goes_to_another_place_in_the_song() {
    let (world, guild) = World::new().await;
    let [ana, bo] = in_lounge(&guild, ["Ana", "Bo"]);
    let said = seek(&world, &ana, "0:10").await;
    assert!(said.contains("no stage open"), "{said}");
    world
        .says(&ana, "play", vec![("file", rising("sweep", 100))])
        .await;
    hears_second(&world, &bo, 1.0..8.0).await;
    let said = seek(&world, &ana, "0:40").await;
    assert!(said.contains("0:40"), "{said}");
    hears_second(&world, &bo, 40.0..44.0).await;
    let said = seek(&world, &ana, "+20").await;
    assert!(said.contains("goes on at 1:0"), "{said}");
    hears_second(&world, &bo, 60.0..68.0).await;
    // By now it has been made ready, so the frames are passed on from there.
    let said = seek(&world, &ana, "20").await;
    assert!(said.contains("0:20"), "{said}");
    hears_second(&world, &bo, 20.0..24.0).await;
    let said = seek(&world, &bo, "0:50").await;
    assert!(said.contains("host"), "somebody else's song: {said}");
    let said = seek(&world, &ana, "1:40").await;
    assert!(said.contains("only 1:40 long"), "{said}");
    let said = seek(&world, &ana, "soon").await;
    assert!(said.contains("don't understand"), "{said}");
    let said = seek(&world, &guild.owner, "1:36").await;
    assert!(said.contains("1:36"), "moderators may: {said}");
    // What sounded is some seconds of the 100, and that is what is counted.
    world
        .wait(&bo, "the result", |it| {
            it.says("sweep") && it.says("heard by 1")
        })
        .await;
    let played = world.kept("select played_ms from play").await;
    assert!((6_000..60_000).contains(&played), "{played} ms sounded");
    world.end().await;
}
