//! What bots answer, in time and too late.

use super::*;

const HELLO: &str = "hello";

fn hello(flags: u64) -> Value {
    json!({ "type": 4, "data": { "content": HELLO, "flags": flags } })
}

fn code(result: Result<Value, crate::error::ApiError>) -> u32 {
    result.unwrap_err().code
}

fn id_of(message: &Value) -> Id {
    message["id"].as_str().unwrap().parse().unwrap()
}

#[test]
fn an_answer_is_a_message_that_names_its_interaction() {
    let scene = Scene::new();
    let id = scene.help();
    assert_eq!(scene.hub.outcome(id), Outcome::Waiting);
    let value = scene.answer(id, &hello(0)).unwrap();
    let message = &value["resource"]["message"];
    assert_eq!(value["interaction"]["response_message_id"], message["id"]);
    assert_eq!(
        scene.hub.outcome(id),
        Outcome::Answered {
            message: id_of(message)
        }
    );
    assert_eq!(message["type"], 20);
    let metadata = &message["interaction_metadata"];
    assert_eq!(metadata["id"], id.to_string());
    assert_eq!(metadata["user"]["id"], scene.bo.user_id.to_string());
    assert_eq!(message["interaction"]["name"], "help");
    assert_eq!(code(scene.answer(id, &hello(0))), 40060);
}

#[test]
fn who_waits_more_than_three_seconds_gets_nothing() {
    let scene = Scene::new();
    let id = scene.help();
    scene.age(id, 3_000);
    assert_eq!(scene.hub.outcome(id), Outcome::Failed);
    assert_eq!(code(scene.answer(id, &hello(0))), 10062);
    assert_eq!(code(scene.follow_up(id, &json!({ "content": "x" }))), 50027);
    let token = scene.token(id);
    let wrong = scene.hub.answer(id, "wrong", &hello(0), Vec::new());
    assert_eq!(code(wrong), 10062);
    assert_eq!(
        code(scene.hub.answer(1, &token, &hello(0), Vec::new())),
        10062
    );
}

#[test]
fn the_token_is_good_for_a_quarter_of_an_hour_after_the_answer() {
    let scene = Scene::new();
    let id = scene.help();
    assert_eq!(code(scene.follow_up(id, &json!({ "content": "x" }))), 10015);
    scene.answer(id, &hello(0)).unwrap();
    scene.age(id, 14 * 60_000);
    assert!(scene.follow_up(id, &json!({ "content": "x" })).is_ok());
    scene.age(id, 60_000);
    assert_eq!(code(scene.follow_up(id, &json!({ "content": "x" }))), 50027);
    assert_eq!(
        code(scene.edit_original(id, &json!({ "content": "x" }))),
        50027
    );
}

#[test]
fn a_deferred_answer_thinks_until_it_is_edited() {
    let scene = Scene::new();
    let id = scene.help();
    scene
        .answer(id, &json!({ "type": 5, "data": { "flags": 64 } }))
        .unwrap();
    assert_eq!(scene.hub.outcome(id), Outcome::Thinking { ephemeral: true });
    let thinking = scene
        .hub
        .reply(scene.bot, &scene.token(id), Reply::Original)
        .unwrap();
    assert_eq!(thinking["flags"], 64 | 128);
    let message = scene
        .edit_original(id, &json!({ "content": HELLO }))
        .unwrap();
    assert_eq!(
        (&message["flags"], &message["content"]),
        (&json!(64), &json!(HELLO))
    );
    assert_eq!(
        scene.hub.outcome(id),
        Outcome::Answered {
            message: id_of(&message)
        }
    );
}

#[test]
fn a_deferred_answer_can_be_deleted_and_what_follows_stands_by_itself() {
    let scene = Scene::new();
    let id = scene.help();
    scene.answer(id, &json!({ "type": 5 })).unwrap();
    let token = scene.token(id);
    scene
        .hub
        .delete_reply(scene.bot, &token, Reply::Original)
        .unwrap();
    let private = json!({ "content": HELLO, "flags": 64 });
    let followed = scene.follow_up(id, &private).unwrap();
    assert_eq!(followed["flags"], 64, "as private as it is asked to be");
    let message = id_of(&followed);
    assert_eq!(scene.hub.outcome(id), Outcome::Answered { message });
}

#[test]
fn the_first_follow_up_of_a_deferred_answer_is_the_answer() {
    let scene = Scene::new();
    let id = scene.help();
    scene.answer(id, &json!({ "type": 5 })).unwrap();
    let first = scene
        .follow_up(id, &json!({ "content": "one", "flags": 64 }))
        .unwrap();
    let second = scene.follow_up(id, &json!({ "content": "two" })).unwrap();
    assert_eq!(first["flags"], 0, "as public as it was announced");
    assert_eq!(
        scene.hub.outcome(id),
        Outcome::Answered {
            message: id_of(&first)
        }
    );
    assert_ne!(first["id"], second["id"]);
    assert_eq!(second["message_reference"]["message_id"], first["id"]);
    assert_eq!(
        second["interaction_metadata"]["original_response_message_id"],
        first["id"]
    );
}

#[test]
fn an_ephemeral_answer_shows_to_its_reader_only() {
    let scene = Scene::new();
    let id = scene.help();
    scene.told.lock().unwrap().clear();
    let value = scene.answer(id, &hello(64)).unwrap();
    let message = id_of(&value["resource"]["message"]);
    let world = scene.hub.world();
    let seen = |user| {
        world
            .messages_for(scene.channel, user)
            .any(|it| it.id == message)
    };
    assert!(seen(scene.bo.user_id));
    assert!(!seen(scene.ana.user_id) && !seen(scene.bot));
    assert!(scene.told.lock().unwrap().is_empty());
    assert!(world.open_message(scene.channel, message).is_none());
    drop(world);
    let react = scene
        .hub
        .world()
        .react((scene.channel, message), scene.bo.user_id, "👍");
    assert_eq!(react.unwrap_err().code, 10008);
}

#[test]
fn ephemeral_buttons_are_for_their_reader() {
    let scene = Scene::new();
    let id = scene.help();
    let row = json!([{ "type": 1, "components": [{ "type": 2, "style": 1, "label": "x", "custom_id": "go" }] }]);
    let data = json!({ "content": "x", "components": row, "flags": 64 });
    let value = scene
        .answer(id, &json!({ "type": 4, "data": data }))
        .unwrap();
    let message = id_of(&value["resource"]["message"]);
    assert_eq!(
        scene.hub.press(scene.ana, message, "go"),
        Err(ClientRefusal::NotVisible)
    );
    let press = scene.hub.press(scene.bo, message, "go").unwrap();
    let update = json!({ "type": 7, "data": { "content": "gone", "components": [] } });
    scene.answer(press, &update).unwrap();
    assert_eq!(scene.hub.outcome(press), Outcome::Updated);
    let world = scene.hub.world();
    let message = world.message(scene.channel, message).unwrap();
    assert_eq!(
        (message.content.as_str(), message.components.len()),
        ("gone", 0)
    );
    assert_eq!(
        (message.flags, message.ephemeral_to),
        (64, Some(scene.bo.user_id))
    );
}

#[test]
fn a_form_opens_and_is_submitted_once_it_is_filled() {
    let scene = Scene::new();
    let row = json!([{ "type": 1, "components": [{ "type": 2, "style": 1, "label": "x", "custom_id": "talk" }] }]);
    let message = scene.post(&row);
    let press = scene.hub.press(scene.bo, message, "talk").unwrap();
    let form = json!({ "custom_id": "form", "title": "Talk", "components": [
        { "type": 18, "label": "Words", "component": { "type": 4, "custom_id": "words", "style": 1, "max_length": 5 } },
        { "type": 18, "label": "Loud", "component": { "type": 23, "custom_id": "loud" } },
    ] });
    scene
        .answer(press, &json!({ "type": 9, "data": form }))
        .unwrap();
    assert_eq!(scene.hub.outcome(press), Outcome::Modal(form));
    let submit = |fields: &[(&str, &str)]| {
        let fields = fields
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        scene.hub.submit(scene.bo, press, fields.collect())
    };
    assert!(submit(&[]).is_err(), "it is required");
    assert!(submit(&[("words", "too long")]).is_err());
    assert!(submit(&[("words", "ok"), ("else", "x")]).is_err());
    let sent = submit(&[("words", "ok"), ("loud", "true")]).unwrap();
    let told = scene.last();
    assert_eq!(told["type"], 5);
    assert_eq!(told["message"]["id"], message.to_string());
    let components = &told["data"]["components"];
    assert_eq!(
        components[0]["component"],
        json!({ "type": 4, "id": 2, "custom_id": "words", "value": "ok" })
    );
    assert_eq!(components[1]["component"]["value"], true);
    scene.answer(sent, &json!({ "type": 6 })).unwrap();
    assert_eq!(scene.hub.outcome(sent), Outcome::Updated);
}

#[test]
fn a_reply_can_be_deleted_and_is_gone() {
    let scene = Scene::new();
    let id = scene.help();
    scene.answer(id, &hello(0)).unwrap();
    let token = scene.token(id);
    scene
        .hub
        .delete_reply(scene.bot, &token, Reply::Original)
        .unwrap();
    assert_eq!(
        code(scene.hub.reply(scene.bot, &token, Reply::Original)),
        10008
    );
    assert_eq!(
        code(scene.hub.reply(scene.bot, &token, Reply::Message(1))),
        10008
    );
}

#[test]
fn files_of_an_answer_are_attached_or_shown() {
    let scene = Scene::new();
    let id = scene.help();
    let files = || {
        vec![
            ("a.txt".to_owned(), Bytes::from_static(b"a")),
            ("b.png".to_owned(), Bytes::from_static(b"b")),
        ]
    };
    let data = json!({ "embeds": [{ "image": { "url": "attachment://b.png" } }],
        "attachments": [{ "id": 0, "description": "words" }] });
    let body = json!({ "type": 4, "data": data });
    let value = scene
        .hub
        .answer(id, &scene.token(id), &body, files())
        .unwrap();
    let message = &value["resource"]["message"];
    assert_eq!(message["attachments"].as_array().unwrap().len(), 1);
    assert_eq!(message["attachments"][0]["description"], "words");
    let image = message["embeds"][0]["image"]["url"].as_str().unwrap();
    assert!(image.contains("/attachments/"), "{image}");
    let edited = scene
        .edit_original(id, &json!({ "attachments": [] }))
        .unwrap();
    assert!(edited["attachments"].as_array().unwrap().is_empty());
}
