//! A session that ends for good takes its voice states with it.

use super::*;
use crate::world::intent;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use std::sync::Arc;
use tokio_rustls::client::TlsStream;

const INTENTS: u64 = intent::GUILDS | intent::GUILD_VOICE_STATES;

/// A bot in the lounge, and another that watches.
struct Lounge {
    scene: Scene,
    client: Client,
    ready: Value,
    voice: Client<TlsStream<TcpStream>>,
    watcher: Client,
    watching: Bot,
}

impl Lounge {
    async fn open() -> Self {
        let scene = Scene::open().await;
        let watching = scene.sandbox.bot("Watcher", 0);
        scene.guild.invite(&watching, 0);
        let (mut client, ready) = scene.settled(INTENTS).await;
        let more = json!({ "intents": INTENTS });
        let (mut watcher, _) = scene.ready_as(&watching, more).await;
        watcher.event("GUILD_CREATE").await;
        client.say(4, join(&scene)).await;
        client.event("VOICE_STATE_UPDATE").await;
        let server = client.event("VOICE_SERVER_UPDATE").await;
        watcher.event("VOICE_STATE_UPDATE").await;
        let voice = voice(&scene, &ready, &server).await;
        Self {
            scene,
            client,
            ready,
            voice,
            watcher,
            watching,
        }
    }

    fn is_in_voice(&self) -> bool {
        let world = self.scene.sandbox.hub().world();
        let guild = &world.guilds[&self.scene.guild.id];
        guild.voice_states.contains_key(&self.scene.bot.id)
    }

    /// The others are told, and the voice connection is closed.
    async fn ends(mut self) {
        let state = self.watcher.event("VOICE_STATE_UPDATE").await;
        assert_eq!(state["user_id"], self.scene.bot.id.to_string());
        assert_eq!(state["channel_id"], Value::Null);
        assert_eq!(self.voice.hear_close().await, 4014);
        assert!(!self.is_in_voice());
        self.scene.close().await;
    }

    /// The others are told nothing, and the voice connection lives.
    async fn goes_on(mut self) {
        let told = self.scene.told(&mut self.watcher, self.watching.id).await;
        assert_eq!(names(&told), [""; 0]);
        assert!(self.is_in_voice());
        let Scene { guild, bot, .. } = &self.scene;
        assert!(self.scene.sandbox.voice().is_connected(guild.id, bot.id));
        self.scene.close().await;
    }
}

fn join(scene: &Scene) -> Value {
    let (guild, channel) = (scene.guild.id.to_string(), scene.guild.lounge.to_string());
    json!({ "guild_id": guild, "channel_id": channel, "self_mute": false, "self_deaf": false })
}

/// A voice connection that is ready for sound.
async fn voice(scene: &Scene, ready: &Value, server: &Value) -> Client<TlsStream<TcpStream>> {
    let mut roots = rustls::RootCertStore::empty();
    let authority = CertificateDer::from_pem_file(scene.sandbox.ca_file()).expect("it is PEM");
    roots.add(authority).expect("it is a certificate");
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("the provider has them")
        .with_root_certificates(roots)
        .with_no_client_auth();
    let endpoint = server["endpoint"].as_str().expect("an endpoint");
    let tcp = TcpStream::connect(endpoint).await.expect("it listens");
    let name = "127.0.0.1".try_into().expect("an address");
    let tls = tokio_rustls::TlsConnector::from(Arc::new(config))
        .connect(name, tcp)
        .await
        .expect("the certificate fits");
    let mut client = Client::shake(&format!("wss://{endpoint}/?v=4"), tls).await;
    client.hear_op(8).await;
    let identity = json!({
        "server_id": server["guild_id"], "user_id": scene.bot.id.to_string(),
        "session_id": ready["session_id"], "token": server["token"],
        "max_dave_protocol_version": 1,
    });
    client.say(0, identity).await;
    client.hear_op(2).await;
    let data =
        json!({ "address": "127.0.0.1", "port": 5, "mode": "aead_xchacha20_poly1305_rtpsize" });
    let select = json!({ "protocol": "udp", "data": data });
    client.say(1, select).await;
    client.hear_op(4).await;
    let external_sender = client.next().await;
    assert!(matches!(external_sender, Some(Message::Binary(_))));
    client
}

/// Takes the client out, as its connection is about to end.
async fn leave_with(lounge: &mut Lounge, code: u16) {
    let spare = lounge.scene.greeted().await;
    std::mem::replace(&mut lounge.client, spare)
        .close(code)
        .await;
}

#[tokio::test]
async fn a_goodbye_ends_the_voice_state() {
    for code in [1000, 1001] {
        let mut lounge = Lounge::open().await;
        leave_with(&mut lounge, code).await;
        lounge.ends().await;
    }
}

#[tokio::test]
async fn another_close_keeps_the_voice_state_for_a_resume() {
    let mut lounge = Lounge::open().await;
    let seq = lounge.client.seq;
    leave_with(&mut lounge, 4000).await;
    let resume = resumption(&lounge.scene.bot, &lounge.ready, seq);
    lounge.client.say(6, resume).await;
    lounge.client.event("RESUMED").await;
    lounge.goes_on().await;
}

#[tokio::test]
async fn a_session_that_nobody_resumes_ends_its_voice_state() {
    let mut lounge = Lounge::open().await;
    leave_with(&mut lounge, 4000).await;
    // The others go on meanwhile.
    for _ in 0..5 {
        pass(Duration::from_secs(20)).await;
        lounge.watcher.say(1, Value::Null).await;
        lounge.watcher.hear_op(11).await;
        lounge.voice.say(3, json!(1)).await;
        lounge.voice.hear_op(6).await;
    }
    assert!(lounge.is_in_voice());
    pass(Duration::from_secs(20)).await;
    lounge.ends().await;
}

#[tokio::test]
async fn a_session_that_times_out_ends_its_voice_state() {
    let mut lounge = Lounge::open().await;
    pass(Duration::from_secs(40)).await;
    lounge.watcher.say(1, Value::Null).await;
    lounge.watcher.hear_op(11).await;
    lounge.voice.say(3, json!(1)).await;
    pass(Duration::from_secs(22)).await;
    assert_eq!(lounge.client.hear_close().await, 4009);
    let state = lounge.watcher.event("VOICE_STATE_UPDATE").await;
    assert_eq!(state["channel_id"], Value::Null);
    lounge.scene.close().await;
}

#[tokio::test]
async fn an_invalidated_session_ends_its_voice_state() {
    let lounge = Lounge::open().await;
    let gateway = lounge.scene.sandbox.gateway().clone();
    gateway.invalidate(lounge.scene.bot.id, false);
    lounge.ends().await;
}

#[tokio::test]
async fn an_invalidated_session_that_may_be_resumed_keeps_its_voice_state() {
    let lounge = Lounge::open().await;
    let gateway = lounge.scene.sandbox.gateway().clone();
    gateway.invalidate(lounge.scene.bot.id, true);
    lounge.goes_on().await;
}

#[tokio::test]
async fn a_new_session_does_not_take_over_the_voice_state() {
    let mut lounge = Lounge::open().await;
    let (mut second, _) = lounge.scene.settled(INTENTS).await;
    assert!(lounge.is_in_voice(), "the session before still lives");
    leave_with(&mut lounge, 1000).await;
    let state = second.event("VOICE_STATE_UPDATE").await;
    assert_eq!(state["channel_id"], Value::Null);
    lounge.ends().await;
}

#[tokio::test]
async fn a_voice_state_that_a_new_session_has_outlives_the_one_before() {
    let mut lounge = Lounge::open().await;
    let (mut second, ready) = lounge.scene.settled(INTENTS).await;
    second.say(4, join(&lounge.scene)).await;
    let state = second.event("VOICE_STATE_UPDATE").await;
    assert_eq!(state["session_id"], ready["session_id"]);
    let server = second.event("VOICE_SERVER_UPDATE").await;
    let renewed = voice(&lounge.scene, &ready, &server).await;
    let state = lounge.watcher.event("VOICE_STATE_UPDATE").await;
    assert_eq!(state["channel_id"], lounge.scene.guild.lounge.to_string());
    assert_eq!(
        lounge.voice.hear_close().await,
        4006,
        "one per bot and guild"
    );
    lounge.voice = renewed;
    leave_with(&mut lounge, 1000).await;
    lounge.goes_on().await;
}
