//! Coming back to a session, and when that is not possible.

use super::*;

impl Scene {
    async fn resumed(&self, ready: &Value, seq: u64) -> Client {
        let mut client = self.greeted().await;
        client.say(6, resumption(&self.bot, ready, seq)).await;
        client
    }

    fn say(&self, text: &str) {
        self.guild.owner.say(text).expect("Ana may write");
    }
}

/// Reads until the server has dropped the connection without a word.
async fn hear_cut(client: &mut Client) {
    while let Some(message) = client.next().await {
        assert!(!matches!(message, Message::Close(_)), "{message:?}");
    }
}

#[tokio::test]
async fn a_resume_brings_what_was_missed_in_order_and_then_resumed() {
    let scene = Scene::open().await;
    let (mut client, ready) = scene.settled(ALL_INTENTS).await;
    scene.say("one");
    assert_eq!(client.event("MESSAGE_CREATE").await["content"], "one");
    let seen = client.seq;
    scene.sandbox.gateway().cut(scene.bot.id);
    hear_cut(&mut client).await;
    scene.say("two");
    scene.say("three");
    let mut again = scene.resumed(&ready, seen).await;
    for text in ["two", "three"] {
        assert_eq!(again.event("MESSAGE_CREATE").await["content"], text);
    }
    again.event("RESUMED").await;
    assert_eq!(again.seq, seen + 3);
    scene.say("four");
    assert_eq!(again.event("MESSAGE_CREATE").await["content"], "four");
    scene.close().await;
}

#[tokio::test]
async fn a_second_resume_does_not_replay_the_first_resumed() {
    let scene = Scene::open().await;
    let (client, ready) = scene.settled(ALL_INTENTS).await;
    let seen = client.seq;
    drop(client);
    let mut again = scene.resumed(&ready, seen).await;
    again.event("RESUMED").await;
    drop(again);
    scene.say("one");
    let mut third = scene.resumed(&ready, seen).await;
    let told = third.events_before("RESUMED").await;
    assert_eq!(names(&told), ["MESSAGE_CREATE"]);
    scene.close().await;
}

#[tokio::test]
async fn a_resume_takes_the_session_from_a_socket_that_still_has_it() {
    let scene = Scene::open().await;
    let (mut client, ready) = scene.settled(ALL_INTENTS).await;
    let mut again = scene.resumed(&ready, client.seq).await;
    again.event("RESUMED").await;
    hear_cut(&mut client).await;
    scene.say("one");
    again.event("MESSAGE_CREATE").await;
    assert_eq!(scene.sandbox.gateway().connections(scene.bot.id), 1);
    scene.close().await;
}

#[tokio::test]
async fn a_session_that_is_not_ones_own_cannot_be_resumed() {
    let scene = Scene::open().await;
    let (_client, ready) = scene.settled(1).await;
    let mut stranger = scene.greeted().await;
    let other = scene.sandbox.bot("Other", 0);
    stranger.say(6, resumption(&other, &ready, 1)).await;
    assert_eq!(stranger.hear_op(9).await["d"], false);
    let nowhere = json!({ "token": scene.bot.token, "session_id": "nowhere", "seq": 1 });
    stranger.say(6, nowhere).await;
    assert_eq!(stranger.hear_op(9).await["d"], false);
    stranger.say(2, identity(&other, json!({}))).await;
    stranger.event("READY").await;
    scene.close().await;
}

#[tokio::test]
async fn a_seq_that_was_never_sent_is_closed_with_4007() {
    let scene = Scene::open().await;
    let (client, ready) = scene.settled(1).await;
    let mut liar = scene.resumed(&ready, client.seq + 1).await;
    assert_eq!(liar.hear_close().await, 4007);
    scene.close().await;
}

#[tokio::test]
async fn a_session_survives_every_close_code_but_a_goodbye() {
    let scene = Scene::open().await;
    for (code, survives) in [(1000, false), (1001, false), (4000, true), (3333, true)] {
        let (client, ready) = scene.settled(1).await;
        let seq = client.seq;
        client.close(code).await;
        let mut again = scene.resumed(&ready, seq).await;
        if survives {
            again.event("RESUMED").await;
        } else {
            assert_eq!(again.hear_op(9).await["d"], false, "{code}");
        }
    }
    scene.close().await;
}

#[tokio::test]
async fn a_session_waits_two_minutes() {
    let scene = Scene::open().await;
    for (waits, survives) in [(119, true), (120, false)] {
        let (client, ready) = scene.settled(1).await;
        let seq = client.seq;
        client.close(4000).await;
        pass(Duration::from_secs(waits)).await;
        let mut again = scene.resumed(&ready, seq).await;
        if survives {
            again.event("RESUMED").await;
        } else {
            assert_eq!(again.hear_op(9).await["d"], false);
        }
    }
    scene.close().await;
}

#[tokio::test]
async fn a_client_is_asked_to_reconnect_and_may_resume() {
    let scene = Scene::open().await;
    let (mut client, ready) = scene.settled(1).await;
    scene.sandbox.gateway().ask_reconnect(scene.bot.id);
    assert_eq!(client.hear_op(7).await["d"], Value::Null);
    let seq = client.seq;
    client.close(4900).await;
    scene.resumed(&ready, seq).await.event("RESUMED").await;
    scene.close().await;
}

#[tokio::test]
async fn an_invalidated_session_is_resumed_only_if_that_was_said() {
    let scene = Scene::open().await;
    let (mut client, ready) = scene.settled(1).await;
    scene.sandbox.gateway().invalidate(scene.bot.id, true);
    assert_eq!(client.hear_op(9).await["d"], true);
    let mut client = scene.resumed(&ready, client.seq).await;
    client.event("RESUMED").await;
    scene.sandbox.gateway().invalidate(scene.bot.id, false);
    assert_eq!(client.hear_op(9).await["d"], false);
    let mut again = scene.resumed(&ready, client.seq).await;
    assert_eq!(again.hear_op(9).await["d"], false);
    // The socket that was told so may begin anew.
    pass(Duration::from_secs(5)).await;
    client.say(2, identity(&scene.bot, json!({}))).await;
    assert_ne!(client.hear().await["d"]["session_id"], ready["session_id"]);
    scene.close().await;
}

#[tokio::test]
async fn a_client_too_slow_for_its_events_is_cut_off_and_may_resume() {
    let scene = Scene::open().await;
    let (mut client, ready) = scene.settled(1).await;
    scene.change(|world| {
        for number in 0..crate::gateway::session::OUTBOX_LIMIT + 5 {
            world.tell_bot(scene.bot.id, None, "NUMBER", number.into());
        }
    });
    let mut last = Value::Null;
    while let Some(Message::Text(text)) = client.next().await {
        last = serde_json::from_str(&text).expect("it is JSON");
    }
    let seq = last["s"].as_u64().expect("an event");
    let mut again = scene.resumed(&ready, seq).await;
    assert_eq!(again.events_before("RESUMED").await.len(), 5);
    scene.close().await;
}
