//! What people's clients send and what they refuse.

use super::*;

#[test]
fn a_command_arrives_with_everything_discord_sends() {
    let scene = Scene::new();
    let bo = scene.bo.user_id;
    let file = Given::Attachment {
        name: "my song.mp3".to_owned(),
        bytes: Bytes::from_static(b"la"),
    };
    let given = [
        ("what", text("loop")),
        ("file", file),
        ("for", Given::User(bo)),
        ("mood", text("安静")),
    ];
    let id = scene.slash(scene.ana, "play", &given).unwrap();
    let told = scene.last();
    assert_eq!(told["id"], id.to_string());
    assert_eq!(told["type"], 2);
    assert_eq!(told["locale"], "zh-CN");
    assert_eq!(told["context"], 0);
    assert_eq!(
        told["member"]["permissions"],
        crate::permissions::ALL.to_string()
    );
    assert_eq!(
        told["authorizing_integration_owners"]["0"],
        scene.guild.to_string()
    );
    let data = &told["data"];
    assert_eq!(data["name"], "play");
    let options = data["options"].as_array().unwrap();
    let names: Vec<&str> = options
        .iter()
        .map(|it| it["name"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["what", "file", "for", "mood"]);
    assert_eq!(options[3]["value"], "c");
    let resolved = &data["resolved"];
    assert_eq!(resolved["users"][bo.to_string()]["username"], "bo");
    assert!(resolved["members"][bo.to_string()]["permissions"].is_string());
    let file = &resolved["attachments"][options[1]["value"].as_str().unwrap()];
    assert_eq!(file["filename"], "my_song.mp3");
    assert!(
        file["url"]
            .as_str()
            .unwrap()
            .contains("/ephemeral-attachments/")
    );
}

#[test]
fn subcommands_nest_their_options() {
    let scene = Scene::new();
    scene
        .slash(scene.bo, "stage open", &[("theme", text("rain"))])
        .unwrap();
    assert_eq!(
        scene.last()["data"]["options"],
        json!([{ "name": "open", "type": 1, "options": [{ "name": "theme", "type": 3, "value": "rain" }] }])
    );
    scene.slash(scene.bo, "stage seat take", &[]).unwrap();
    assert_eq!(
        scene.last()["data"]["options"],
        json!([{ "name": "seat", "type": 2, "options": [{ "name": "take", "type": 1, "options": [] }] }])
    );
    for path in ["stage", "stage seat", "stage close", "play now", "none"] {
        let refusal = scene.slash(scene.bo, path, &[]).unwrap_err();
        assert_eq!(refusal, ClientRefusal::NoSuchCommand(path.to_owned()));
    }
}

#[test]
fn a_client_holds_back_what_does_not_fit_an_option() {
    let scene = Scene::new();
    let other = Given::Attachment {
        name: "page.txt".to_owned(),
        bytes: Bytes::new(),
    };
    let wrong: [&[(&str, Given)]; 9] = [
        &[],
        &[("what", Given::Int(1))],
        &[("what", text("eleven char"))],
        &[("what", text("x")), ("what", text("y"))],
        &[("what", text("x")), ("seat", Given::Int(6))],
        &[("what", text("x")), ("mood", text("wild"))],
        &[("what", text("x")), ("for", Given::User(1))],
        &[("what", text("x")), ("file", other)],
        &[("what", text("x")), ("colour", text("red"))],
    ];
    for given in wrong {
        let refusal = scene.slash(scene.bo, "play", given).unwrap_err();
        assert!(matches!(refusal, ClientRefusal::Option(_)), "{given:?}");
    }
    assert!(scene.hub.world().asks.iter().next().is_none());
}

#[test]
fn commands_show_only_to_those_who_may_use_them() {
    let scene = Scene::new();
    assert_eq!(
        scene.slash(scene.bo, "settings", &[]),
        Err(ClientRefusal::NotAllowed)
    );
    assert!(scene.slash(scene.ana, "settings", &[]).is_ok());
    let until = crate::world::now_ms() + 60_000;
    let mut world = scene.hub.world();
    let guild = world.guilds.get_mut(&scene.guild).unwrap();
    let member = guild.members.get_mut(&scene.bo.user_id).unwrap();
    member.timed_out_until_ms = Some(until);
    drop(world);
    assert_eq!(
        scene.slash(scene.bo, "help", &[]),
        Err(ClientRefusal::NotAllowed)
    );
}

#[test]
fn in_direct_messages_there_is_a_user_instead_of_a_member() {
    let scene = Scene::new();
    let channel_id = scene
        .hub
        .world()
        .direct_channel(scene.bo.user_id, scene.bot);
    let at = At {
        channel_id,
        ..scene.bo
    };
    scene.slash(at, "help", &[]).unwrap();
    let told = scene.last();
    assert_eq!(told["user"]["username"], "bo");
    assert_eq!(
        (&told["member"], &told["guild_id"]),
        (&Value::Null, &Value::Null)
    );
    assert_eq!(told["context"], 1);
    assert_eq!(told["authorizing_integration_owners"]["0"], "0");
    assert!(scene.slash(at, "settings", &[]).is_err(), "guilds only");
}

#[test]
fn completions_come_while_someone_types() {
    let scene = Scene::new();
    let given = vec![("what".to_owned(), text("lo"))];
    let id = scene
        .hub
        .autocomplete(scene.bo, scene.bot, "play", given, "what")
        .unwrap();
    let told = scene.last();
    assert_eq!(told["type"], 4);
    assert_eq!(told["data"]["options"][0]["focused"], true);
    let choices = json!([{ "name": "loop", "value": "l" }]);
    assert_eq!(
        scene
            .answer(id, &json!({ "type": 4, "data": { "content": "x" } }))
            .unwrap_err()
            .code,
        50035
    );
    scene
        .answer(id, &json!({ "type": 8, "data": { "choices": choices } }))
        .unwrap();
    assert_eq!(
        scene.hub.outcome(id),
        Outcome::Choices(choices.as_array().unwrap().clone())
    );
    let none = scene
        .hub
        .autocomplete(scene.bo, scene.bot, "play", Vec::new(), "mood");
    assert!(none.is_err());
}

#[test]
fn buttons_are_pressed_wherever_they_stand() {
    let scene = Scene::new();
    let button = |id: &str| json!({ "type": 2, "style": 1, "label": "x", "custom_id": id });
    let mut off = button("off");
    off["disabled"] = true.into();
    let message = scene.post(&json!([
        { "type": 17, "components": [
            { "type": 9, "components": [{ "type": 10, "content": "x" }], "accessory": button("beside") },
            { "type": 1, "components": [button("below"), off] } ] }
    ]));
    for name in ["beside", "below"] {
        scene.hub.press(scene.bo, message, name).unwrap();
        let told = scene.last();
        assert_eq!(told["type"], 3);
        assert_eq!(told["data"]["custom_id"], name);
        assert_eq!(told["message"]["id"], message.to_string());
    }
    let refused = |name| scene.hub.press(scene.bo, message, name).unwrap_err();
    assert_eq!(refused("off"), ClientRefusal::Disabled);
    assert_eq!(
        refused("no"),
        ClientRefusal::NoSuchComponent("no".to_owned())
    );
}

#[test]
fn a_select_offers_what_it_offers() {
    let scene = Scene::new();
    let option = |value: &str| json!({ "label": value, "value": value });
    let message = scene.post(&json!([
        { "type": 1, "components": [{ "type": 3, "custom_id": "words", "max_values": 2,
            "options": [option("a"), option("b"), option("c")] }] },
        { "type": 1, "components": [{ "type": 5, "custom_id": "people" }] },
    ]));
    let select = |name: &str, values: &[&str]| {
        let values = values.iter().map(|it| (*it).to_owned()).collect();
        scene.hub.select(scene.bo, message, name, values)
    };
    select("words", &["a", "c"]).unwrap();
    assert_eq!(scene.last()["data"]["values"], json!(["a", "c"]));
    for wrong in [&["d"][..], &["a", "b", "c"], &["a", "a"], &[]] {
        assert!(select("words", wrong).is_err(), "{wrong:?}");
    }
    let ana = scene.ana.user_id.to_string();
    select("people", &[&ana]).unwrap();
    assert_eq!(scene.last()["data"]["resolved"]["users"][&ana]["id"], *ana);
}
