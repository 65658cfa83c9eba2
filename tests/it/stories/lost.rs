//! Connections break, and the party goes on: the same song near where it was, then the next.

use crate::world::{World, in_lounge, piece};
use discord_sandbox::people::{Member, Stretch};
use discord_sandbox::server::GuildSet;
use discord_sandbox::voice::Close;
use discord_sandbox::world::VoiceChange;

/// A song of 16 s, broken into by `fault` after some seconds, and the song after it. `least_ms` of
/// the first have to be heard, and not much of it twice.
async fn broken_into(fault: impl FnOnce(&World, &GuildSet), least_ms: u64) {
    let (world, guild) = World::new().await;
    let [ana, bo] = in_lounge(&guild, ["Ana", "Bo"]);
    world.play(&ana, &piece("Broken Into", 330.0, 16)).await;
    world.play(&bo, &piece("After It", 440.0, 4)).await;
    world.hears_more(&bo, 330.0, 4_000).await;
    fault(&world, &guild);
    world.hears(&bo, 440.0).await;
    world
        .wait(&bo, "the result", |it| {
            it.says("Broken Into") && it.says("heard by 1")
        })
        .await;
    let sung = sung_ms(&bo, 330.0);
    assert!(
        (least_ms..=18_000).contains(&sung),
        "near where it was: {sung} ms of 16 s were heard: {:?}",
        bo.hears().stretches()
    );
    world.says(&ana, "stage close", vec![]).await;
    world
        .wait(&ana, "the playlist", |it| {
            it.files.len() == 4 && it.says("Broken Into") && it.says("After It")
        })
        .await;
    world.end().await;
}

fn sung_ms(who: &Member, hz: f64) -> u64 {
    let stretches = who.hears().stretches();
    let sung = stretches.iter().filter(|it| it.is(hz));
    sung.map(Stretch::length_ms).sum()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_gateway_that_is_cut_off_is_resumed_and_nothing_is_missed() {
    let cut = |world: &World, _: &GuildSet| world.sandbox.gateway().cut(world.bot.id);
    broken_into(cut, 15_000).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn after_an_invalid_session_the_bot_comes_back_into_the_channel() {
    let invalidate = |world: &World, _: &GuildSet| {
        world.sandbox.gateway().invalidate(world.bot.id, false);
    };
    broken_into(invalidate, 14_500).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_voice_server_that_crashes_is_resumed() {
    let crash = |world: &World, guild: &GuildSet| {
        let voice = world.sandbox.voice();
        assert!(voice.close(guild.id, world.bot.id, Close::ServerCrashed));
    };
    broken_into(crash, 13_000).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_voice_session_that_is_no_more_is_made_anew() {
    let end = |world: &World, guild: &GuildSet| {
        let voice = world.sandbox.voice();
        assert!(voice.close(guild.id, world.bot.id, Close::SessionInvalid));
    };
    broken_into(end, 14_500).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn thrown_out_of_the_channel_the_bot_closes_and_says_so() {
    let (world, guild) = World::new().await;
    let [ana] = in_lounge(&guild, ["Ana"]);
    world.play(&ana, &piece("Thrown Out", 330.0, 40)).await;
    world.hears(&ana, 330.0).await;
    let bot = world.bot.id;
    world.sandbox.hub().world().leave_voice(guild.id, bot);
    world
        .wait(&ana, "the goodbye", |it| {
            it.says("I was taken out of the voice channel")
        })
        .await;
    world
        .wait(&ana, "the playlist", |it| {
            it.files.len() == 4 && it.says("Thrown Out")
        })
        .await;
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn dragged_into_another_channel_the_stage_moves_along() {
    let (world, guild) = World::new().await;
    let [mut ana] = in_lounge(&guild, ["Ana"]);
    world.play(&ana, &piece("Dragged Along", 330.0, 12)).await;
    world.hears(&ana, 330.0).await;
    let garden = guild.voice_channel("garden");
    let bot = world.bot.id;
    {
        let mut state = world.sandbox.hub().world();
        state.enter_voice(garden, bot, VoiceChange::default());
    }
    assert!(ana.join_voice(garden));
    let heard = ana.heard_ms();
    world.hears_more(&ana, 330.0, heard).await;
    let said = world.says(&ana, "stage close", vec![]).await;
    assert!(said.contains("one song"), "{said}");
    world.end().await;
}
