//! A party in a Discord stage channel, where who comes in is in the audience.

use crate::world::{World, piece};
use discord_sandbox::permissions::MUTE_MEMBERS;

#[tokio::test(flavor = "multi_thread")]
async fn in_a_stage_channel_the_bot_asks_to_speak_and_is_heard_once_it_may() {
    let (world, guild) = World::new().await;
    let stage = guild.stage_channel("concert");
    let mut ana = guild.member("Ana", "en-US");
    assert!(ana.join_voice(stage));
    world.play(&ana, &piece("From The Stage", 330.0, 20)).await;
    world
        .wait(&ana, "the raised hand", |it| it.says("Please let me speak"))
        .await;
    assert!(!ana.let_speak(world.bot.id), "Ana is no moderator");
    assert!(ana.hears().stretches().iter().all(|it| !it.is(330.0)));
    assert!(guild.owner.let_speak(world.bot.id));
    world.hears(&ana, 330.0).await;
    world.says(&ana, "stage close", vec![]).await;
    // With the permission it comes up by itself.
    let role = guild.role("Stage crew", MUTE_MEMBERS, &[]);
    let hub = world.sandbox.hub();
    hub.world().set_role(guild.id, world.bot.id, role, true);
    world.play(&ana, &piece("By Itself", 550.0, 10)).await;
    world.hears(&ana, 550.0).await;
    world.end().await;
}
