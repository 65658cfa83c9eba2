//! Which events an intent lets through, and what is blank without `MESSAGE_CONTENT`.

use super::*;
use crate::people::Seen;
use crate::world::{Draft, VoiceChange, intent};

/// Something of every kind happens; the names of what a client with these intents is told.
async fn told_of_everything(intents: u64) -> Vec<String> {
    let scene = Scene::open().await;
    let (mut client, _) = scene.ready(intents).await;
    let ana = scene.guild.owner.clone();
    let bo = scene.guild.member("Bo", "en-US");
    let message = ana.say("hello").expect("Ana may write");
    let seen: Seen = ana.seen(message).expect("it is there");
    ana.react(&seen, "👍").expect("Ana may react");
    let direct = scene.change(|world| {
        world.enter_voice(scene.guild.lounge, bo.id, VoiceChange::default());
        world.leave_voice(scene.guild.id, bo.id);
        world.direct_channel(scene.bot.id, ana.id)
    });
    let whispered = ana.looking_at(direct).say("psst").expect("Ana may write");
    let whispered = ana.seen(whispered).expect("it is there");
    ana.react(&whispered, "👍").expect("Ana may react");
    scene.guild.text_channel("second");
    let told = scene.told(&mut client, scene.bot.id).await;
    scene.close().await;
    names(&told).into_iter().map(str::to_owned).collect()
}

#[tokio::test]
async fn each_intent_lets_its_own_events_through() {
    let voice = ["VOICE_STATE_UPDATE", "VOICE_STATE_UPDATE"];
    let cases: [(u64, &[&str]); 8] = [
        (0, &[]),
        (intent::GUILDS, &["GUILD_CREATE", "CHANNEL_CREATE"]),
        (intent::GUILD_MEMBERS, &["GUILD_MEMBER_ADD"]),
        (intent::GUILD_VOICE_STATES, &voice),
        (intent::GUILD_MESSAGES, &["MESSAGE_CREATE"]),
        (intent::GUILD_MESSAGE_REACTIONS, &["MESSAGE_REACTION_ADD"]),
        (intent::DIRECT_MESSAGES, &["MESSAGE_CREATE"]),
        (intent::DIRECT_MESSAGE_REACTIONS, &["MESSAGE_REACTION_ADD"]),
    ];
    for (intents, expected) in cases {
        assert_eq!(told_of_everything(intents).await, expected, "{intents:#b}");
    }
}

/// A message with everything in it, by this author.
fn full(author_id: Id, content: &str) -> Draft {
    let button = json!({ "type": 2, "style": 1, "label": "Press", "custom_id": "press" });
    Draft {
        author_id,
        content: content.to_owned(),
        embeds: vec![json!({ "title": "An embed" })],
        components: vec![json!({ "type": 1, "components": [button] })],
        ..Draft::default()
    }
}

fn is_blank(message: &Value) -> bool {
    let parts = ["content", "embeds", "components"];
    let blank = parts.map(|it| message[it] == json!([]) || message[it] == "");
    assert!(blank == [true; 3] || blank == [false; 3], "{message}");
    blank[0]
}

#[tokio::test]
async fn without_message_content_only_what_is_said_to_the_bot_is_not_blank() {
    let scene = Scene::open().await;
    let but_content = ALL_INTENTS & !intent::MESSAGE_CONTENT;
    let (mut client, _) = scene.settled(but_content).await;
    let (bot, ana) = (scene.bot.id, scene.guild.owner.id);
    scene.change(|world| {
        let direct = world.direct_channel(bot, ana);
        let text = scene.guild.text;
        let others = world.post("", text, full(ana, "to all"));
        world.edit("", text, others, crate::world::Edit::default());
        world.post("", text, full(bot, "my own"));
        world.post("", text, full(ana, &format!("hello <@{bot}>")));
        world.post("", direct, full(ana, "psst"));
    });
    let told = scene.told(&mut client, bot).await;
    let messages = told.iter().filter(|(name, _)| name.starts_with("MESSAGE"));
    let blank: Vec<bool> = messages.map(|(_, data)| is_blank(data)).collect();
    assert_eq!(blank, [true, true, false, false, false]);
    scene.close().await;
}

#[tokio::test]
async fn with_message_content_nothing_is_blank() {
    let scene = Scene::open().await;
    let (mut client, _) = scene.settled(ALL_INTENTS).await;
    scene.change(|world| {
        world.post("", scene.guild.text, full(scene.guild.owner.id, "to all"));
    });
    assert!(!is_blank(&client.event("MESSAGE_CREATE").await));
    scene.close().await;
}

#[tokio::test]
async fn attachments_are_blank_too() {
    let scene = Scene::open().await;
    let but_content = ALL_INTENTS & !intent::MESSAGE_CONTENT;
    let (mut client, _) = scene.settled(but_content).await;
    let ana = scene.guild.owner.id;
    scene.change(|world| {
        let file = world.store_file(scene.guild.text, "song.txt", "la".into());
        for content in ["to all".to_owned(), format!("<@{}>", scene.bot.id)] {
            let draft = Draft {
                attachments: vec![file.id],
                ..full(ana, &content)
            };
            world.post("", scene.guild.text, draft);
        }
    });
    let hidden = client.event("MESSAGE_CREATE").await;
    assert_eq!(hidden["attachments"], json!([]));
    let shown = client.event("MESSAGE_CREATE").await;
    assert_eq!(shown["attachments"][0]["filename"], "song.txt");
    scene.close().await;
}

#[tokio::test]
async fn effects_are_told_to_bots_in_the_channel_only() {
    let scene = Scene::open().await;
    let (mut client, _) = scene
        .settled(intent::GUILDS | intent::GUILD_VOICE_STATES)
        .await;
    let mut bo = scene.guild.member("Bo", "en-US");
    assert!(bo.join_voice(scene.guild.lounge));
    assert!(bo.effect("🎉"));
    let told = scene.told(&mut client, scene.bot.id).await;
    assert_eq!(names(&told), ["VOICE_STATE_UPDATE"]);
    scene.change(|world| {
        world.enter_voice(scene.guild.lounge, scene.bot.id, VoiceChange::default());
    });
    assert!(bo.effect("🎉"));
    let told = scene.told(&mut client, scene.bot.id).await;
    assert_eq!(names(&told).last(), Some(&"VOICE_CHANNEL_EFFECT_SEND"));
    scene.close().await;
}
