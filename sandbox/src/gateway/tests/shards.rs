//! Which shard a guild belongs to.

use super::*;
use std::collections::BTreeSet;

fn ids(guilds: &Value) -> BTreeSet<Id> {
    let guilds = guilds.as_array().expect("a list");
    let ids = guilds.iter().map(|it| it["id"].as_str().expect("an id"));
    ids.map(|id| id.parse().expect("a number")).collect()
}

#[tokio::test]
async fn two_shards_share_the_guilds_by_their_ids() {
    let scene = Scene::open().await;
    let mut guilds = vec![scene.guild.clone()];
    let of_shard = |guilds: &[GuildSet], number| {
        let own = guilds.iter().filter(|it| (it.id >> 22) % 2 == number);
        own.count()
    };
    // An id's shard is its millisecond's, so more guilds come until both have some.
    while of_shard(&guilds, 0) < 2 || of_shard(&guilds, 1) < 2 {
        let guild = scene.sandbox.guild("Away", "Di");
        guild.invite(&scene.bot, 0);
        guilds.push(guild);
    }
    let mut clients = Vec::new();
    for number in [0, 1] {
        let more = json!({ "intents": ALL_INTENTS, "shard": [number, 2] });
        let (mut client, ready) = scene.ready_as(&scene.bot, more).await;
        assert_eq!(ready["shard"], json!([number, 2]));
        let own = ids(&ready["guilds"]);
        let expected = guilds.iter().map(|it| it.id);
        let expected: BTreeSet<Id> = expected.filter(|id| (id >> 22) % 2 == number).collect();
        assert_eq!(own, expected);
        for _ in &own {
            client.event("GUILD_CREATE").await;
        }
        clients.push(client);
    }
    for guild in &guilds {
        guild.owner.say("hello").expect("the owner may write");
    }
    for (number, client) in clients.iter_mut().enumerate() {
        let own = guilds
            .iter()
            .filter(|it| (it.id >> 22) % 2 == number as u64);
        for guild in own {
            let event = client.event("MESSAGE_CREATE").await;
            assert_eq!(event["guild_id"], guild.id.to_string());
        }
    }
    scene.close().await;
}

#[tokio::test]
async fn direct_messages_go_to_the_first_shard() {
    let scene = Scene::open().await;
    let mut clients = Vec::new();
    for number in [0, 1] {
        let more = json!({ "intents": 1 << 12, "shard": [number, 2] });
        clients.push(scene.ready_as(&scene.bot, more).await.0);
    }
    let (bot, owner) = (scene.bot.id, scene.guild.owner.id);
    let channel = scene.change(|world| world.direct_channel(bot, owner));
    let ana = scene.guild.owner.looking_at(channel);
    ana.say("psst").expect("Ana may write");
    scene.change(|world| {
        for milliseconds in [0, 1_u64] {
            let guild = Some(milliseconds << 22);
            world.tell_bot(scene.bot.id, guild, "MARK", Value::Null);
        }
    });
    let told = clients[0].events_before("MARK").await;
    assert_eq!(names(&told), ["MESSAGE_CREATE"]);
    let told = clients[1].events_before("MARK").await;
    assert_eq!(names(&told), [""; 0]);
    scene.close().await;
}
