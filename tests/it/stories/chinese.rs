//! A Chinese client.

use crate::world::{World, piece, text};

#[tokio::test(flavor = "multi_thread")]
async fn a_chinese_client_is_answered_in_chinese_and_the_channel_in_its_own_language() {
    let (world, guild) = World::new().await;
    let mut mei = guild.member("美", "zh-CN");
    assert!(mei.join_voice(guild.lounge));
    let said = world.says(&mei, "seat take", vec![]).await;
    assert!(said.contains("舞台"), "{said}");
    let help = world.says(&mei, "help", vec![]).await;
    assert!(help.contains("座位") || help.contains("舞台"), "{help}");
    world.set(&guild, "language", "zh-CN").await;
    world.play(&mei, &piece("Mooncake", 330.0, 4)).await;
    world.hears(&mei, 330.0).await;
    let card = world.card(&mei, "Mooncake").await;
    assert!(
        card.says("还没有") || card.says("空位") || card.says("空"),
        "{}",
        card.text
    );
    let said = world
        .says(&mei, "leaderboard tracks", vec![("period", text("all"))])
        .await;
    assert!(
        said.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c)),
        "{said}"
    );
    let commands = world.sandbox.hub().world().applications[&world.bot.id]
        .commands
        .clone();
    let play = commands.iter().find(|it| it["name"] == "play").unwrap();
    let about = play["description_localizations"]["zh-CN"].as_str().unwrap();
    assert!(
        about
            .chars()
            .any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c)),
        "{about}"
    );
    world.end().await;
}
