//! Ratings: every way in which one can come, and those that do not count.

use crate::world::{World, in_lounge, piece, reader};
use discord_sandbox::interactions::Given;
use discord_sandbox::people::{Answer, Member, Seen};

async fn result(world: &World, who: &Member, title: &str) -> Seen {
    world
        .wait(who, &format!("the result of {title}"), |it| {
            it.says(title) && it.says("heard by")
        })
        .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rating_counts_once_whichever_way_it_came_and_the_last_one_stands() {
    let (world, guild) = World::new().await;
    world.set(&guild, "rating-heard", "0").await;
    let [ana, bo, cy, dee, eli] = in_lounge(&guild, ["Ana", "Bo", "Cy", "Dee", "Eli"]);
    world.play(&ana, &piece("Rated", 330.0, 8)).await;
    world.hears(&bo, 330.0).await;
    let card = world.card(&bo, "Rated").await;
    // Bo: a reaction, then a button, then a command: 5 in the end.
    bo.react(&card, "😐").unwrap();
    bo.press(&card, ":3").await.unwrap();
    let said = world
        .says(&bo, "rate", vec![("stars", Given::Int(5))])
        .await;
    assert!(said.contains("5 of 5"), "{said}");
    // Cy: a reaction that is taken back. Dee: an effect in the voice channel, worth 4.
    cy.react(&card, "👎").unwrap();
    world
        .wait(&bo, "Cy's vote on the card", |it| {
            it.id == card.id && it.says("Rated")
        })
        .await;
    cy.unreact(&card, "👎").unwrap();
    assert!(dee.effect("❤️"));
    // Eli is deaf, Ana plays it herself, and Zoe is not in the channel at all.
    assert!(eli.deafen(true));
    let said = world
        .says(&ana, "rate", vec![("stars", Given::Int(5))])
        .await;
    assert!(said.contains("can't rate what you play yourself"), "{said}");
    ana.react(&card, "🔥").unwrap();
    let zoe = reader(&guild, "Zoe", guild.lounge);
    let said = world
        .says(&zoe, "rate", vec![("stars", Given::Int(1))])
        .await;
    assert!(said.contains("Only those who listen can rate"), "{said}");
    zoe.react(&card, "👎").unwrap();
    let shown = result(&world, &bo, "Rated").await;
    assert!(
        shown.says("4.5 ★ (2)"),
        "5 from Bo and 4 from Dee: {}",
        shown.text
    );
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_song_can_be_rated_until_the_one_after_it_has_ended() {
    let (world, guild) = World::new().await;
    let [ana, bo] = in_lounge(&guild, ["Ana", "Bo"]);
    world.play(&ana, &piece("Early", 262.0, 3)).await;
    world.play(&ana, &piece("Middle", 330.0, 3)).await;
    world.play(&ana, &piece("Late", 392.0, 4)).await;
    world.hears(&bo, 262.0).await;
    let early = world.card(&bo, "Early").await;
    world.hears(&bo, 330.0).await;
    let answer = bo.press(&early, ":4").await;
    assert!(
        answer.is_err(),
        "the button is gone with the card: {answer:?}"
    );
    bo.react(&early, "❤️").unwrap();
    let first = world
        .wait(&bo, "the late rating", |it| {
            it.says("Early") && it.says("4.0 ★ (1)")
        })
        .await;
    assert!(first.says("by Ana"), "{}", first.text);
    world.hears(&bo, 392.0).await;
    bo.react(&early, "👎").unwrap();
    result(&world, &bo, "Late").await;
    let history = world.says(&bo, "history", vec![]).await;
    assert!(
        history.contains("4.0 ★"),
        "too late to change it: {history}"
    );
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn enough_of_the_audience_votes_a_song_off() {
    let (world, guild) = World::new().await;
    let [ana, bo, cy, dee] = in_lounge(&guild, ["Ana", "Bo", "Cy", "Dee"]);
    world.play(&ana, &piece("Unloved", 262.0, 25)).await;
    world.play(&bo, &piece("Loved", 392.0, 3)).await;
    world.hears(&dee, 262.0).await;
    let card = world.card(&bo, "Unloved").await;
    let said = world.says(&dee, "skip", vec![]).await;
    assert!(said.contains("votes with the lowest rating"), "{said}");
    bo.react(&card, "👎").unwrap();
    cy.react(&card, "👎").unwrap();
    world.hears(&dee, 392.0).await;
    let off = result(&world, &dee, "Unloved").await;
    assert!(off.says("voted off"), "{}", off.text);
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn words_and_grabs_are_kept_with_the_song() {
    let (world, guild) = World::new().await;
    let [ana, bo] = in_lounge(&guild, ["Ana", "Bo"]);
    world.set(&guild, "chat-comments", "on").await;
    world.play(&ana, &piece("Talked About", 330.0, 5)).await;
    world.hears(&bo, 330.0).await;
    let card = world.card(&bo, "Talked About").await;
    let opened = bo.press(&card, "comment:").await.unwrap();
    let Answer::Form { interaction, .. } = opened else {
        panic!("no form: {opened:?}")
    };
    let said = bo
        .submit(interaction, &[("words", "what a bridge!")])
        .await
        .unwrap();
    assert!(
        said.text().contains("kept with the song"),
        "{}",
        said.text()
    );
    bo.say("and that ending").unwrap();
    let said = world.says(&bo, "grab", vec![]).await;
    assert!(said.contains("among your grabs now"), "{said}");
    let said = bo.press(&card, "grab:").await.unwrap();
    assert!(said.text().contains("already"), "{}", said.text());
    let done = result(&world, &ana, "Talked About").await;
    assert!(done.says("1 grab"), "{}", done.text);
    let profile = world.says(&bo, "profile", vec![]).await;
    assert!(profile.contains("Kept one song"), "{profile}");
    let comments =
        "select count(*) from comment where words in ('what a bridge!', 'and that ending')";
    assert_eq!(world.kept(comments).await, 2);
    world.end().await;
}
