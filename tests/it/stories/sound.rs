//! How one song follows another: without a hole, one over the other, or faded away.

use super::loudness::tone;
use crate::world::{PATIENCE, World, in_lounge};
use discord_sandbox::people::{Hearing, Member, until};
use sha2::{Digest, Sha256};
use std::fmt::Write;

/// Frames of a kind that the bot says sounded, when the party was over.
pub(super) async fn frames(world: &World, kind: &str) -> u64 {
    let found = until(world.sandbox.hub(), PATIENCE, |_| {
        let log = world.log();
        let line = log.lines().find(|line| line.contains("frames sounded"))?;
        let after = line.split(&format!(" {kind}=")).nth(1)?;
        after.split(' ').next()?.parse().ok()
    });
    found.await.expect("the bot says what sounded")
}

pub(super) async fn result_of(world: &World, who: &Member, title: &str) {
    world
        .wait(who, "the result", |it| {
            it.says(title) && it.says("heard by")
        })
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn songs_that_are_ready_follow_each_other_without_a_hole() {
    let (world, guild) = World::new().await;
    let [ana, bo, cy] = in_lounge(&guild, ["Ana", "Bo", "Cy"]);
    for (who, piece) in [
        (&ana, tone("first", 330.0, 0.5, 8)),
        (&bo, tone("second", 440.0, 0.5, 6)),
        (&cy, tone("third", 550.0, 0.5, 6)),
        (&ana, tone("fourth", 660.0, 0.5, 6)),
    ] {
        world.says(who, "play", vec![("file", piece)]).await;
    }
    world.hears(&bo, 660.0).await;
    result_of(&world, &bo, "fourth").await;
    let hearing = bo.hears();
    let end = hearing.length_ms() - 300;
    let silences = hearing.silences(41).into_iter();
    let holes: Vec<_> = silences.filter(|it| it.from_ms < end).collect();
    assert!(holes.is_empty(), "{holes:?} of {end} ms");
    world.says(&ana, "stage close", vec![]).await;
    let ready = frames(&world, "ready").await;
    assert!(
        (850..=920).contains(&ready),
        "{ready} of 18 s were passed on"
    );
    let cold = frames(&world, "cold").await;
    assert!((390..=410).contains(&cold), "{cold} of the first 8 s");
    assert_eq!(
        frames(&world, "decoded").await,
        0,
        "songbird only passes on"
    );
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn with_a_cross_fade_both_songs_are_heard_at_once() {
    let (world, guild) = World::new().await;
    world.set(&guild, "crossfade", "3s").await;
    let [ana, bo] = in_lounge(&guild, ["Ana", "Bo"]);
    for (who, piece) in [
        (&ana, tone("going", 330.0, 0.5, 14)),
        (&bo, tone("coming", 880.0, 0.5, 8)),
    ] {
        world.says(who, "play", vec![("file", piece)]).await;
    }
    world.hears(&bo, 880.0).await;
    result_of(&world, &bo, "coming").await;
    let hearing = bo.hears();
    let purity = |look: u64| hearing.tone_between(look * 100, look * 100 + 100);
    let looks = (0..hearing.length_ms() / 100).filter_map(purity);
    let looks: Vec<_> = looks.filter(|it| it.level_dbfs > -30.0).collect();
    // The strongest of two equal tones has half of the energy.
    let both = looks.iter().filter(|it| it.purity < 0.9).count();
    assert!(
        (12..=30).contains(&both),
        "{both} tenths of a second with both"
    );
    let total = hearing.length_ms();
    assert!(
        (18_500..=20_500).contains(&total),
        "{total} ms for 14 and 8 less 3 s"
    );
    let loudest = looks
        .iter()
        .map(|it| it.level_dbfs)
        .fold(f64::MIN, f64::max);
    let middle = looks.iter().filter(|it| it.purity < 0.6);
    for look in middle {
        assert!(
            (look.level_dbfs - loudest).abs() < 3.0,
            "{look:?} of {loudest}"
        );
    }
    world.says(&ana, "stage close", vec![]).await;
    // On a busy machine it may be made too late for some of it.
    let mixed = frames(&world, "crossfade").await;
    assert!(
        (75..=150).contains(&mixed),
        "{mixed} frames of 3 s were mixed"
    );
    assert_eq!(
        frames(&world, "decoded").await,
        0,
        "songbird only passes on"
    );
    world.end().await;
}

/// How loud each 20 ms at the end of the sound were, compared to the song.
fn last_levels(hearing: &Hearing, count: u64) -> Vec<f64> {
    let last = hearing
        .silences(60)
        .into_iter()
        .rfind(|it| it.from_ms > 1_000);
    let end = last.map_or(hearing.length_ms(), |it| it.from_ms);
    let song = hearing.rms_dbfs(end - 1_500, end - 700);
    let looks = (0..count).rev();
    looks
        .map(|look| hearing.rms_dbfs(end - look * 20 - 20, end - look * 20) - song)
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_skipped_song_fades_in_three_tenths_of_a_second() {
    let (world, guild) = World::new().await;
    let [ana, bo] = in_lounge(&guild, ["Ana", "Bo"]);
    let piece = tone("skipped", 440.0, 0.5, 40);
    world.says(&ana, "play", vec![("file", piece)]).await;
    world.hears_more(&bo, 440.0, 3_000).await;
    let said = world.says(&ana, "skip", vec![]).await;
    assert!(said.contains("Skipped"), "{said}");
    let heard = bo.heard_ms();
    let silent = until(world.sandbox.hub(), PATIENCE, |_| {
        let silences = bo.hears().silences(60);
        silences.iter().any(|it| it.from_ms > 1_000).then_some(())
    });
    assert!(silent.await.is_some(), "it does not end");
    let over = bo.heard_ms() - heard;
    assert!(over <= 1_500, "{over} ms after the answer");
    world.says(&ana, "stage close", vec![]).await;
    // A call draws on while it is made: one or two frames may be over by then.
    let faded = frames(&world, "fade").await;
    assert!((13..=15).contains(&faded), "frames of the fade: {faded}");
    let levels = last_levels(&bo.hears(), 14);
    assert!(
        levels[0] > -2.0,
        "it begins as loud as the song: {levels:?}"
    );
    assert!((-12.0..-2.5).contains(&levels[7]), "half-way: {levels:?}");
    assert!(levels[13] < -18.0, "it ends in silence: {levels:?}");
    let falls = levels.windows(2).all(|it| it[1] < it[0] + 0.5);
    assert!(falls, "evenly: {levels:?}");
    world.end().await;
}

/// The name under which the file is kept when it is made ready.
pub(super) fn hash(bytes: &[u8]) -> String {
    let mut hex = String::new();
    for byte in Sha256::digest(bytes) {
        write!(hex, "{byte:02x}").unwrap();
    }
    hex
}

#[tokio::test(flavor = "multi_thread")]
async fn on_a_full_disk_the_party_goes_on_and_admins_are_told() {
    let (world, guild) = World::new().await;
    let [ana, bo] = in_lounge(&guild, ["Ana", "Bo"]);
    let pieces = [
        tone("first", 330.0, 0.5, 6),
        tone("second", 440.0, 0.5, 6),
        tone("third", 550.0, 0.5, 6),
    ];
    // Whatever is written for the first two meets a disk without room.
    for piece in &pieces[..2] {
        let discord_sandbox::interactions::Given::Attachment { bytes, .. } = piece else {
            panic!("it is a file");
        };
        let place = world.cache().join(format!("{}.part", hash(bytes)));
        std::os::unix::fs::symlink("/dev/full", place).unwrap();
    }
    let [first, second, third] = pieces;
    world.says(&ana, "play", vec![("file", first)]).await;
    world.says(&bo, "play", vec![("file", second)]).await;
    world.hears(&bo, 330.0).await;
    let told = until(world.sandbox.hub(), PATIENCE, |_| {
        world.log().contains("the disk is full").then_some(())
    });
    assert!(told.await.is_some(), "{}", world.log());
    let said = world.run(&guild.owner, "about", vec![]).await;
    assert!(
        said.text().contains("disk of the machine"),
        "{}",
        said.text()
    );
    let said = world.run(&ana, "about", vec![]).await;
    assert!(
        !said.text().contains("disk of the machine"),
        "only admins are told"
    );
    world.hears(&bo, 440.0).await;
    world.says(&ana, "play", vec![("file", third)]).await;
    world.hears(&bo, 550.0).await;
    result_of(&world, &bo, "third").await;
    let warned = world.log().matches("the disk is full").count();
    assert_eq!(warned, 1, "it is said once");
    assert!(
        world.log().contains("there is room on the disk again"),
        "it comes back by itself"
    );
    let said = world.run(&guild.owner, "about", vec![]).await;
    assert!(
        !said.text().contains("disk of the machine"),
        "{}",
        said.text()
    );
    world.end().await;
}
