//! The world alone, without sockets.

use super::*;
use crate::permissions::{CONNECT, Overwrite, Target, VIEW_CHANNEL};
use std::sync::{Arc, Mutex};

fn told(world: &mut World) -> Arc<Mutex<Vec<&'static str>>> {
    let names = Arc::new(Mutex::new(Vec::new()));
    let sink = Arc::clone(&names);
    world.wire(move |dispatch| sink.lock().unwrap().push(dispatch.name));
    names
}

#[test]
fn snowflakes_only_grow() {
    let mut world = World::default();
    let ids: Vec<Id> = (0..1_000).map(|_| world.new_id()).collect();
    assert!(ids.is_sorted_by(|a, b| a < b));
}

#[test]
fn a_bot_is_told_only_what_it_sees() {
    let mut world = World::default();
    let owner = world.add_user("Ana", "en-US");
    let bot = world.add_application("Bot", "token", 0);
    let guild = world.add_guild_of("Home", owner);
    world.invite(guild, bot, 0);
    let open = world.add_text_channel(guild, "open");
    let closed = world.add_text_channel(guild, "closed");
    let everyone = Overwrite {
        target: Target::Role(guild),
        allow: 0,
        deny: VIEW_CHANNEL,
    };
    world
        .channels
        .get_mut(&closed)
        .unwrap()
        .overwrites
        .push(everyone);
    let names = told(&mut world);
    let draft = || Draft {
        author_id: owner,
        content: "hello".to_owned(),
        ..Draft::default()
    };
    let first = world.post("", open, draft());
    world.post("", closed, draft());
    world.react((open, first), owner, "👍").unwrap();
    world.react((open, first), owner, "👍").unwrap();
    assert_eq!(
        *names.lock().unwrap(),
        ["MESSAGE_CREATE", "MESSAGE_REACTION_ADD"]
    );
    assert_eq!(world.messages_for(closed, bot).count(), 0);
    assert_eq!(
        world.messages_for(closed, owner).count(),
        1,
        "owners see everything"
    );
}

#[test]
fn voice_takes_permission_and_room() {
    let mut world = World::default();
    let owner = world.add_user("Ana", "en-US");
    let guild = world.add_guild_of("Home", owner);
    let room = world.add_voice_channel(guild, "room");
    let (bo, cy) = (world.add_user("Bo", "en-US"), world.add_user("Cy", "en-US"));
    world.add_member(guild, bo);
    world.add_member(guild, cy);
    world.channels.get_mut(&room).unwrap().user_limit = 1;
    assert!(world.may_join(room, bo));
    world.enter_voice(room, bo, VoiceChange::default());
    assert!(!world.may_join(room, cy), "it is full");
    assert!(world.may_join(room, owner), "who moves members gets in");
    world.leave_voice(guild, bo);
    assert!(world.may_join(room, cy));
    let nobody = Overwrite {
        target: Target::Role(guild),
        allow: 0,
        deny: CONNECT,
    };
    world
        .channels
        .get_mut(&room)
        .unwrap()
        .overwrites
        .push(nobody);
    assert!(!world.may_join(room, cy));
}

#[test]
fn nobody_is_heard_in_the_channel_for_the_absent() {
    let mut world = World::default();
    let owner = world.add_user("Ana", "en-US");
    let guild = world.add_guild_of("Home", owner);
    let (room, away) = (
        world.add_voice_channel(guild, "room"),
        world.add_voice_channel(guild, "away"),
    );
    world.set_afk_channel(guild, Some(away));
    world.enter_voice(away, owner, VoiceChange::default());
    assert!(world.guilds[&guild].voice_states[&owner].suppress);
    world.enter_voice(room, owner, VoiceChange::default());
    assert!(!world.guilds[&guild].voice_states[&owner].suppress);
}

#[test]
fn mentions_ping_only_as_allowed() {
    let mut world = World::default();
    let owner = world.add_user("Ana", "en-US");
    let guild = world.add_guild_of("Home", owner);
    let channel = world.add_text_channel(guild, "open");
    let say = |world: &mut World, allowed| {
        let content = format!("@everyone and <@{owner}>");
        let draft = Draft {
            author_id: owner,
            content,
            allowed_mentions: allowed,
            ..Draft::default()
        };
        let id = world.post("", channel, draft);
        let message = world.message(channel, id).unwrap();
        (message.mention_everyone, message.mentions.len())
    };
    assert_eq!(say(&mut world, None), (true, 1));
    assert_eq!(
        say(&mut world, Some(serde_json::json!({ "parse": [] }))),
        (false, 0)
    );
    assert_eq!(
        say(&mut world, Some(serde_json::json!({ "parse": ["users"] }))),
        (false, 1)
    );
}
