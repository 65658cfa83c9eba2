//! Where nobody could hear the bot, whoever asks for a song is told why at once, wherever they ask;
//! and a bot that has been silenced says so.

use crate::world::{World, in_lounge, piece};
use discord_sandbox::people::Member;
use discord_sandbox::permissions::{Bits, CONNECT, MOVE_MEMBERS, Overwrite, SPEAK, Target};
use discord_sandbox::server::GuildSet;
use discord_sandbox::world::VoiceChange;

/// Asks for a song from the text channel, where Discord does not say what the bot may in the lounge.
async fn asks(world: &World, who: &Member, guild: &GuildSet) -> String {
    let there = who.looking_at(guild.text);
    world.play(&there, &piece("Hear Me", 330.0, 20)).await
}

fn without(world: &World, deny: Bits) -> Overwrite {
    Overwrite {
        target: Target::Member(world.bot.id),
        allow: 0,
        deny,
    }
}

/// The bot may not do that in the lounge; 0 takes it back.
fn deny(world: &World, guild: &GuildSet, deny: Bits) {
    let mut sandbox = world.sandbox.hub().world();
    let lounge = sandbox.channels.get_mut(&guild.lounge).unwrap();
    lounge.overwrites = vec![without(world, deny)];
    sandbox.channel_changed(guild.lounge);
}

fn hold(world: &World, guild: &GuildSet, user_limit: u32) {
    let mut sandbox = world.sandbox.hub().world();
    sandbox.channels.get_mut(&guild.lounge).unwrap().user_limit = user_limit;
    sandbox.channel_changed(guild.lounge);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_asks_where_the_bot_could_not_be_heard_is_told_why() {
    let (world, guild) = World::new().await;
    let [ana] = in_lounge(&guild, ["Ana"]);
    deny(&world, &guild, CONNECT);
    let said = asks(&world, &ana, &guild).await;
    assert!(said.contains("not allowed to connect"), "{said}");
    deny(&world, &guild, SPEAK);
    let said = asks(&world, &ana, &guild).await;
    assert!(said.contains("not allowed to speak"), "{said}");
    deny(&world, &guild, 0);
    hold(&world, &guild, 1);
    let said = asks(&world, &ana, &guild).await;
    assert!(said.contains("is full"), "{said}");
    hold(&world, &guild, 0);
    let afk = |channel| {
        let mut sandbox = world.sandbox.hub().world();
        sandbox.set_afk_channel(guild.id, channel);
    };
    afk(Some(guild.lounge));
    let said = asks(&world, &ana, &guild).await;
    assert!(said.contains("those who are away"), "{said}");
    afk(None);
    // Nothing of it is in the way any more.
    let said = asks(&world, &ana, &guild).await;
    assert!(said.contains("It plays now"), "{said}");
    world.hears(&ana, 330.0).await;
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_channel_takes_a_bot_that_may_move_members() {
    let (world, guild) = World::new().await;
    let [ana] = in_lounge(&guild, ["Ana"]);
    hold(&world, &guild, 1);
    let role = guild.role("Crew", MOVE_MEMBERS, &[]);
    let hub = world.sandbox.hub();
    hub.world().set_role(guild.id, world.bot.id, role, true);
    let said = asks(&world, &ana, &guild).await;
    assert!(said.contains("It plays now"), "{said}");
    world.hears(&ana, 330.0).await;
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bot_that_is_muted_by_a_moderator_says_so_and_is_heard_again_after() {
    let (world, guild) = World::new().await;
    let [ana] = in_lounge(&guild, ["Ana"]);
    world.play(&ana, &piece("Muffled", 330.0, 50)).await;
    world.hears(&ana, 330.0).await;
    let mute = |mute| {
        let change = VoiceChange {
            mute: Some(mute),
            ..VoiceChange::default()
        };
        let mut sandbox = world.sandbox.hub().world();
        assert!(sandbox.change_voice(guild.id, world.bot.id, change));
    };
    mute(true);
    world
        .wait(&ana, "the complaint", |it| it.says("Somebody muted me"))
        .await;
    mute(false);
    let before = ana.heard_ms();
    world.hears_more(&ana, 330.0, before).await;
    let said = ana.sees();
    let told = said.iter().filter(|it| it.says("Somebody muted me"));
    assert_eq!(told.count(), 1);
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bot_that_loses_its_voice_in_a_channel_it_is_dragged_to_says_so() {
    let (world, guild) = World::new().await;
    let [ana] = in_lounge(&guild, ["Ana"]);
    world.play(&ana, &piece("Dragged Along", 330.0, 50)).await;
    world.hears(&ana, 330.0).await;
    let quiet = guild.voice_channel("library");
    let hub = world.sandbox.hub();
    {
        let mut sandbox = hub.world();
        let library = sandbox.channels.get_mut(&quiet).unwrap();
        library.overwrites = vec![without(&world, SPEAK)];
        sandbox.channel_changed(quiet);
        sandbox.enter_voice(quiet, world.bot.id, VoiceChange::default());
    }
    // Posts that went to the voice channel's own chat have moved along with the bot.
    let there = ana.looking_at(quiet);
    world
        .wait(&there, "the complaint", |it| it.says("may not speak there"))
        .await;
    world.end().await;
}
