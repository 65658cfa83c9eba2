//! What comes next changes in the last moment, or was not ready: it follows all the same.

use super::loudness::tone;
use super::sound::{frames, hash, result_of};
use crate::world::{World, in_lounge, text};
use discord_sandbox::interactions::Given;
use discord_sandbox::people::Member;

/// Between one song and the next `who` heard no silence that is longer than songs that follow each
/// other may have, and the bot sent none. Within a song a busy machine may falter; that is not looked
/// at here.
async fn assert_no_hole(world: &World, (host, who): (&Member, &Member)) {
    let hearing = who.hears();
    let tone = |from: u64| {
        let tone = hearing.tone_between(from, from + 100);
        tone.filter(|it| it.level_dbfs > -60.0)
    };
    let silences = hearing.silences(41).into_iter();
    let at_seams = silences.filter_map(|it| {
        let (before, after) = (tone(it.from_ms.checked_sub(100)?)?, tone(it.to_ms)?);
        let differ = (before.frequency - after.frequency).abs() > 20.0;
        differ.then_some((before.frequency, it, after.frequency))
    });
    let holes: Vec<_> = at_seams.collect();
    world.says(host, "stage close", vec![]).await;
    let (waits, within) = (
        frames(world, "waits").await,
        frames(world, "underruns").await,
    );
    assert!(
        holes.is_empty() && waits <= 2,
        "{holes:?}; frames of silence: {waits} before songs, {within} within"
    );
}

/// How long a skip may be silent when its next song is not ready, on a busy machine.
const COLD_SKIP_MS: u64 = 500;

async fn plays(world: &World, who: &Member, piece: Given) {
    let said = world.says(who, "play", vec![("file", piece)]).await;
    assert!(said.contains("added"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_comes_next_in_the_end_follows_without_a_hole() {
    let (world, guild) = World::new().await;
    let [ana, bo, cy] = in_lounge(&guild, ["Ana", "Bo", "Cy"]);
    plays(&world, &ana, tone("first", 330.0, 0.5, 6)).await;
    plays(&world, &bo, tone("second", 392.0, 0.5, 6)).await;
    plays(&world, &bo, tone("third", 466.0, 0.5, 6)).await;
    world.hears(&ana, 330.0).await;
    // Put in order differently.
    let forward = vec![("track", text("third")), ("place", Given::Int(1))];
    world.says(&bo, "queue move", forward).await;
    world.hears(&ana, 466.0).await;
    // Who is next leaves.
    plays(&world, &ana, tone("fourth", 554.0, 0.5, 6)).await;
    plays(&world, &cy, tone("fifth", 622.0, 0.5, 6)).await;
    cy.leave_voice();
    world.hears(&ana, 554.0).await;
    // Taken out, and something else is there at once.
    let second = vec![("track", text("second"))];
    world.says(&bo, "queue remove", second).await;
    plays(&world, &bo, tone("sixth", 698.0, 0.5, 30)).await;
    world.hears(&ana, 698.0).await;
    let tones = ana.hears().tones_in_order().len();
    assert!(tones >= 4, "{:?}", ana.hears().stretches());
    assert_no_hole(&world, (&ana, &ana)).await;
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_skip_to_what_has_just_come_is_not_silent_for_long() {
    let (world, guild) = World::new().await;
    let [ana, bo] = in_lounge(&guild, ["Ana", "Bo"]);
    plays(&world, &bo, tone("sixth", 698.0, 0.5, 30)).await;
    world.hears(&ana, 698.0).await;
    // There is no more time than the fade takes.
    plays(&world, &ana, tone("seventh", 784.0, 0.5, 4)).await;
    let said = world.says(&bo, "skip", vec![]).await;
    assert!(said.contains("Skipped"), "{said}");
    world.hears(&ana, 784.0).await;
    result_of(&world, &ana, "seventh").await;
    let hearing = ana.hears();
    let holes = hearing.silences(COLD_SKIP_MS).into_iter();
    let holes: Vec<_> = holes
        .filter(|it| it.from_ms + 2_000 < hearing.length_ms())
        .collect();
    assert!(holes.is_empty(), "{holes:?}");
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_song_that_is_no_repeat_any_more_when_its_turn_comes_is_ready() {
    let (world, guild) = World::new().await;
    world.set(&guild, "repeat-window", "9s").await;
    let [ana, bo] = in_lounge(&guild, ["Ana", "Bo"]);
    for (who, piece) in [
        (&ana, tone("again", 330.0, 0.5, 4)),
        (&bo, tone("between", 440.0, 0.5, 8)),
        (&ana, tone("again", 330.0, 0.5, 4)),
        (&bo, tone("instead", 550.0, 0.5, 4)),
    ] {
        plays(&world, who, piece).await;
    }
    world.hears(&bo, 550.0).await;
    result_of(&world, &bo, "instead").await;
    let heard = bo.hears().tones_in_order();
    assert_eq!(heard.len(), 4, "{heard:?}");
    assert!((heard[2] - 330.0).abs() < 5.0, "{heard:?}");
    assert_no_hole(&world, (&ana, &bo)).await;
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn songs_that_could_not_be_made_ready_follow_without_a_hole_too() {
    let (world, guild) = World::new().await;
    let [ana, bo, cy] = in_lounge(&guild, ["Ana", "Bo", "Cy"]);
    let pieces = [
        tone("first", 330.0, 0.5, 6),
        tone("second", 440.0, 0.5, 6),
        tone("third", 550.0, 0.5, 6),
    ];
    // Whatever is written for them meets a disk without room.
    for piece in &pieces {
        let Given::Attachment { bytes, .. } = piece else {
            panic!("it is a file");
        };
        let place = world.cache().join(format!("{}.part", hash(bytes)));
        std::os::unix::fs::symlink("/dev/full", place).unwrap();
    }
    for (who, piece) in [&ana, &bo, &cy].into_iter().zip(pieces) {
        plays(&world, who, piece).await;
    }
    world.hears(&bo, 550.0).await;
    result_of(&world, &bo, "third").await;
    assert_no_hole(&world, (&ana, &bo)).await;
    let cold = frames(&world, "cold").await;
    assert!((870..=905).contains(&cold), "{cold} of 18 s");
    world.end().await;
}
