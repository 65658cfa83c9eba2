//! Seats and the waitlist: who sits, who waits, who moves up, who leaves.

use crate::world::{PATIENCE, World, in_lounge, piece};
use discord_sandbox::people::{Seen, until};
use std::time::Duration;

#[tokio::test(flavor = "multi_thread")]
async fn seven_people_share_five_seats_and_the_waitlist_moves_up() {
    let (world, guild) = World::new().await;
    let people = in_lounge(&guild, ["Ana", "Bo", "Cy", "Dee", "Eli", "Fay", "Gil"]);
    let [ana, bo, _, _, _, fay, gil] = &people;
    let titles = ["One", "Two", "Three", "Four", "Five", "Six", "Seven"];
    let pitches = [220.0, 247.0, 277.0, 311.0, 349.0, 392.0, 440.0];
    for (index, who) in people.iter().enumerate() {
        let said = world
            .play(who, &piece(titles[index], pitches[index], 4))
            .await;
        match index {
            0..=4 => assert!(said.contains(&format!("seat {}", index + 1)), "{said}"),
            5 => assert!(said.contains("number 1 on the waitlist"), "{said}"),
            _ => assert!(said.contains("number 2 on the waitlist"), "{said}"),
        }
    }
    let again = world.says(gil, "seat take", vec![]).await;
    assert!(
        again.contains("waiting already, as number 2") || again.contains("number 2"),
        "{again}"
    );
    let fits = |it: &Seen| it.button("skip:").is_some() && it.says("Fay") && it.says("Gil");
    world.wait(gil, "the card that shows who waits", fits).await;
    let heard = until(world.sandbox.hub(), PATIENCE, |_| {
        let tones = gil.hears().tones_in_order();
        (tones.len() >= 2 && (tones[0] - 220.0).abs() < 4.0 && (tones[1] - 247.0).abs() < 4.0)
            .then_some(())
    });
    assert!(heard.await.is_some(), "{:?}", gil.hears().stretches());

    // The one in seat 1 leaves it; the head of the waitlist is called, and nobody else.
    let said = world.says(ana, "seat leave", vec![]).await;
    assert!(said.contains("You left seat 1"), "{said}");
    let offer = world
        .wait(fay, "the offer", |it| it.mentions == [fay.id])
        .await;
    assert!(offer.says("seat 1 is offered"), "{}", offer.text);
    let taken = gil.press(&offer, "seat:take").await.unwrap();
    assert!(
        !taken.text().contains("You have seat 1"),
        "offered to Fay alone: {}",
        taken.text()
    );
    let taken = fay.press(&offer, "seat:take").await.unwrap();
    assert!(taken.text().contains("You have seat 1"), "{}", taken.text());
    // Now Gil is at the head.
    let said = world.says(bo, "seat leave", vec![]).await;
    assert!(said.contains("You left seat 2"), "{said}");
    let offer = world
        .wait(gil, "the second offer", |it| it.mentions == [gil.id])
        .await;
    assert!(offer.says("seat 2"), "{}", offer.text);
    let said = world.says(gil, "seat take", vec![]).await;
    assert!(said.contains("You have seat 2"), "{said}");
    // The spotlight goes on from left to right: 3, 4, 5, and then Fay in seat 1.
    for hz in [277.0, 311.0, 349.0, 392.0, 440.0] {
        world.hears(bo, hz).await;
    }
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_leaves_the_channel_keeps_the_seat_for_a_while_and_the_song_plays_on() {
    let (world, guild) = World::new().await;
    world.set(&guild, "seat-kept", "3s").await;
    let [ana, bo] = in_lounge(&guild, ["Ana", "Bo"]);
    world.play(&ana, &piece("Long Song", 330.0, 9)).await;
    world.play(&bo, &piece("Short Song", 440.0, 3)).await;
    world.hears(&bo, 330.0).await;
    ana.leave_voice();
    let gone = world
        .wait(&bo, "Ana stepping down", |it| {
            it.says("Ana left the channel")
        })
        .await;
    assert!(gone.says("frees seat 1"), "{}", gone.text);
    // Never in the middle of the song: it was heard to its end, then Bo's came.
    world.hears(&bo, 440.0).await;
    let long = bo
        .hears()
        .stretches()
        .into_iter()
        .find(|it| it.is(330.0))
        .unwrap();
    assert!(long.length_ms() > 8_000, "the song was cut: {long:?}");
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_seat_whose_setlist_is_empty_is_passed_over_and_in_the_end_freed() {
    let (world, guild) = World::new().await;
    world.set(&guild, "passes", "1").await;
    world.set(&guild, "warning", "30s").await;
    let [ana, bo] = in_lounge(&guild, ["Ana", "Bo"]);
    world.play(&ana, &piece("First", 262.0, 2)).await;
    world.says(&bo, "seat take", vec![]).await;
    world.play(&ana, &piece("Second", 294.0, 2)).await;
    world.play(&ana, &piece("Third", 330.0, 2)).await;
    let began = tokio::time::Instant::now();
    for hz in [262.0, 294.0, 330.0] {
        world.hears(&ana, hz).await;
    }
    assert!(
        began.elapsed() < Duration::from_secs(20),
        "passed over within 2 s"
    );
    let freed = world
        .wait(&ana, "Bo stepping down", |it| it.says("Bo had no track"))
        .await;
    assert!(freed.says("frees seat 2"), "{}", freed.text);
    world.end().await;
}
