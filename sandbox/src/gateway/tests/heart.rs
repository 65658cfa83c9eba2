//! Heartbeats, and the faults that a test can cause.

use super::*;

#[tokio::test]
async fn a_heartbeat_is_acknowledged_before_and_after_identify() {
    let scene = Scene::open().await;
    let mut client = scene.greeted().await;
    client.say(1, Value::Null).await;
    let ack = client.hear_op(11).await;
    assert_eq!((&ack["s"], &ack["t"]), (&Value::Null, &Value::Null));
    let (mut client, _) = scene.settled(1).await;
    client.say(1, json!(client.seq)).await;
    client.hear_op(11).await;
    scene.close().await;
}

#[tokio::test]
async fn a_heartbeat_can_be_asked_for() {
    let scene = Scene::open().await;
    let (mut client, _) = scene.settled(1).await;
    scene.sandbox.gateway().ask_heartbeat(scene.bot.id);
    assert_eq!(client.hear_op(1).await["d"], Value::Null);
    client.say(1, json!(client.seq)).await;
    client.hear_op(11).await;
    scene.close().await;
}

#[tokio::test]
async fn without_heartbeats_the_session_times_out() {
    let scene = Scene::open().await;
    let (mut client, ready) = scene.settled(1).await;
    pass(Duration::from_mins(1)).await;
    client.say(1, json!(client.seq)).await;
    client.hear_op(11).await;
    pass(Duration::from_secs(62)).await;
    assert_eq!(client.hear_close().await, 4009);
    let mut again = scene.greeted().await;
    let seq = client.seq;
    again.say(6, resumption(&scene.bot, &ready, seq)).await;
    assert_eq!(again.hear_op(9).await["d"], false);
    scene.close().await;
}

#[tokio::test]
async fn withheld_acknowledgements_are_missed() {
    let scene = Scene::open().await;
    let (mut client, _) = scene.settled(1).await;
    let gateway = scene.sandbox.gateway();
    gateway.withhold_acks(true);
    client.say(1, json!(client.seq)).await;
    let guild = scene.guild.id.to_string();
    let asked = json!({ "guild_id": guild, "user_ids": [] });
    client.say(8, asked).await;
    client.event("GUILD_MEMBERS_CHUNK").await;
    gateway.withhold_acks(false);
    client.say(1, json!(client.seq)).await;
    client.hear_op(11).await;
    scene.close().await;
}

#[tokio::test]
async fn connections_are_refused_and_closed_on_demand() {
    let scene = Scene::open().await;
    let (mut client, ready) = scene.settled(1).await;
    let gateway = scene.sandbox.gateway();
    assert_eq!(gateway.connections(scene.bot.id), 1);
    gateway.refuse_connections(true);
    gateway.close(scene.bot.id, 4000);
    assert_eq!(client.hear_close().await, 4000);
    let address = gateway.address();
    let host = address.strip_prefix("ws://").expect("a plain websocket");
    let tcp = TcpStream::connect(host).await.expect("it listens");
    let refused = tokio_tungstenite::client_async(&address, tcp).await;
    assert!(refused.is_err(), "it ends before the handshake");
    assert_eq!(gateway.connections(scene.bot.id), 0);
    gateway.refuse_connections(false);
    let mut again = scene.greeted().await;
    let resume = resumption(&scene.bot, &ready, client.seq);
    again.say(6, resume).await;
    again.event("RESUMED").await;
    assert_eq!(gateway.connections(scene.bot.id), 1);
    scene.close().await;
}
