//! What a bot registers.

use super::*;

fn words(name: &str, description: &str) -> Value {
    json!({ "name": name, "description": description })
}

#[test]
fn a_command_of_the_same_name_is_replaced_and_keeps_its_id() {
    let scene = Scene::new();
    let create = |body| scene.hub.create_command(scene.bot, scene.global(), &body);
    let (is_new, first) = create(words("rate", "One")).unwrap();
    let (is_newer, second) = create(words("rate", "Two")).unwrap();
    assert_eq!((is_new, is_newer), (true, false));
    assert_eq!(first["id"], second["id"]);
    assert_ne!(first["version"], second["version"]);
    assert_eq!(second["application_id"], scene.bot.to_string());
    let body = json!([words("rate", "Three"), words("new", "New")]);
    let all = scene
        .hub
        .overwrite_commands(scene.bot, scene.global(), &body)
        .unwrap();
    assert_eq!(all.as_array().unwrap().len(), 2);
    assert_eq!(all[0]["id"], first["id"]);
}

#[test]
fn guild_commands_are_of_one_guild_and_hide_global_ones() {
    let scene = Scene::new();
    let place = CommandPlace {
        guild_id: Some(scene.guild),
        ..scene.global()
    };
    let (_, made) = scene
        .hub
        .create_command(scene.bot, place, &words("help", "Here"))
        .unwrap();
    scene.help();
    assert_eq!(scene.last()["data"]["id"], made["id"]);
    assert_eq!(scene.last()["data"]["guild_id"], scene.guild.to_string());
    let id = made["id"].as_str().unwrap().parse().unwrap();
    let edited = scene
        .hub
        .edit_command(scene.bot, place, id, &json!({ "description": "There" }))
        .unwrap();
    assert_eq!(
        (&edited["name"], &edited["description"]),
        (&json!("help"), &json!("There"))
    );
    scene.hub.delete_command(scene.bot, place, id).unwrap();
    let gone = scene.hub.command(scene.bot, place, id).unwrap_err();
    assert_eq!(gone.code, 10063);
}

#[test]
fn what_is_another_applications_is_none_of_a_bots_business() {
    let scene = Scene::new();
    let other = scene.hub.world().add_application("Other", "secret", 0);
    let refused = scene.hub.commands(other, scene.global(), false, "en-US");
    let refused = refused.unwrap_err();
    assert_eq!((refused.status, refused.code), (403, 20012));
    let place = CommandPlace {
        application_id: other,
        guild_id: Some(scene.guild),
    };
    let outside = scene
        .hub
        .commands(other, place, false, "en-US")
        .unwrap_err();
    assert_eq!(outside.code, 50001);
}

#[test]
fn two_hundred_new_commands_are_a_days_work() {
    let scene = Scene::new();
    let create = || {
        scene
            .hub
            .create_command(scene.bot, scene.global(), &words("rate", "One"))
    };
    for _ in 0..196 {
        let (_, made) = create().unwrap();
        let id = made["id"].as_str().unwrap().parse().unwrap();
        scene
            .hub
            .delete_command(scene.bot, scene.global(), id)
            .unwrap();
    }
    assert_eq!(create().unwrap_err().code, 30034);
}

#[test]
fn words_come_in_all_languages_or_in_one() {
    let scene = Scene::new();
    let body = json!([{ "name": "play", "name_localizations": { "zh-CN": "播放" }, "description": "Play" }]);
    let place = scene.global();
    scene
        .hub
        .overwrite_commands(scene.bot, place, &body)
        .unwrap();
    let all = scene.hub.commands(scene.bot, place, true, "zh-CN").unwrap();
    assert_eq!(all[0]["name_localizations"]["zh-CN"], "播放");
    let one = scene
        .hub
        .commands(scene.bot, place, false, "zh-CN")
        .unwrap();
    assert_eq!(one[0]["name_localized"], "播放");
    assert_eq!(one[0].get("name_localizations"), None);
}
