//! The bot is killed in the middle of a song and started again.

use crate::storage::places::{Place, on_postgres};
use crate::world::{World, in_lounge, piece};
use discord_sandbox::interactions::Given;
use discord_sandbox::people::Stretch;

#[tokio::test(flavor = "multi_thread")]
async fn killed_during_a_turn_the_same_song_goes_on_with_seats_and_ratings_as_they_were() {
    killed_during_a_turn(None).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_on_postgres() {
    on_postgres(&async |place: &Place| killed_during_a_turn(Some(place.url.clone())).await).await;
}

async fn killed_during_a_turn(database_url: Option<String>) {
    let (mut world, [guild]) = World::on(database_url, ["Home"]).await;
    world.set(&guild, "rating-heard", "0").await;
    let [ana, bo, cy] = in_lounge(&guild, ["Ana", "Bo", "Cy"]);
    world.play(&ana, &piece("Survivor", 330.0, 30)).await;
    world.play(&bo, &piece("Next In Line", 440.0, 3)).await;
    world.hears(&cy, 330.0).await;
    let card = world.card(&cy, "Survivor").await;
    cy.react(&card, "🔥").unwrap();
    let said = world
        .says(&bo, "rate", vec![("stars", Given::Int(4))])
        .await;
    assert!(said.contains("4 of 5"), "{said}");
    // The place in the song is kept every few seconds.
    world.hears_more(&cy, 330.0, 8_000).await;
    let heard_before = cy.heard_ms();
    world.kill_bot().await;
    world.start_bot().await;
    // The same song goes on: the tone comes back, and the next song comes when the rest is played.
    world.hears_more(&cy, 330.0, heard_before).await;
    let queue = world.says(&bo, "queue show", vec![]).await;
    assert!(queue.contains("Next In Line"), "{queue}");
    let said = world.says(&ana, "seat take", vec![]).await;
    assert!(said.contains("You have seat 1 already"), "{said}");
    // A reaction on the card from before still counts.
    ana.unreact(&card, "🔥").unwrap();
    cy.unreact(&card, "🔥").unwrap();
    cy.react(&card, "👍").unwrap();
    world.hears(&cy, 440.0).await;
    let shown = world
        .wait(&cy, "the result", |it| {
            it.says("Survivor") && it.says("heard by")
        })
        .await;
    assert!(
        shown.says("3.5 ★ (2)"),
        "4 from before and 3 from after: {}",
        shown.text
    );
    let sung: u64 = cy
        .hears()
        .stretches()
        .iter()
        .filter(|it| it.is(330.0))
        .map(Stretch::length_ms)
        .sum();
    assert!(
        (27_000..=39_000).contains(&sung),
        "near where it was: {sung} ms of 30 s were heard"
    );
    world.end().await;
}
