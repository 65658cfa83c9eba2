//! A voice client by hand against the voice server.

#![expect(clippy::cast_possible_truncation, reason = "sines fit their samples")]

mod encrypted;

use super::*;
use futures_util::{SinkExt, StreamExt};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use serde_json::{Value, json};
use std::sync::atomic::{AtomicU64, Ordering};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::client::TlsStream;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;

const GUILD: Id = 10;
const CHANNEL: Id = 20;
const BOT: Id = 30;
const PERSON: Id = 40;

/// Channels with an even number are stage channels here, without end-to-end encryption.
fn bot_in(channel_id: Id) -> Whereabouts {
    Whereabouts {
        channel_id,
        session_id: "session".to_owned(),
        encrypted: channel_id % 2 == 1,
        person: false,
    }
}

fn person_in(channel_id: Id) -> Whereabouts {
    Whereabouts {
        session_id: "theirs".to_owned(),
        person: true,
        ..bot_in(channel_id)
    }
}

struct House {
    server: VoiceServer,
    tasks: TaskTracker,
    stop: CancellationToken,
}

impl House {
    async fn open(heartbeat: Duration) -> Self {
        let house = Self::empty(heartbeat).await;
        house.bot_comes(CHANNEL);
        house.comes(PERSON, CHANNEL);
        house
    }

    /// With nobody in it.
    async fn empty(heartbeat: Duration) -> Self {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("sandbox-ca-{}-{count}.pem", std::process::id());
        let (tasks, stop) = (TaskTracker::new(), CancellationToken::new());
        let settings = Settings {
            heartbeat,
            ..Settings::new(std::env::temp_dir().join(name))
        };
        let ears = Arc::new(Ears::new());
        let server = VoiceServer::start(settings, Arc::clone(&ears), &tasks, &stop)
            .await
            .unwrap();
        Self {
            server,
            tasks,
            stop,
        }
    }

    fn bot_comes(&self, channel_id: Id) {
        self.server.moved(GUILD, BOT, Some(bot_in(channel_id)));
        self.server.admit(GUILD, BOT, "token");
        self.place(BOT, channel_id);
    }

    fn comes(&self, user_id: Id, channel_id: Id) {
        self.server
            .moved(GUILD, user_id, Some(person_in(channel_id)));
        self.place(user_id, channel_id);
        self.server.ears().listen(user_id);
    }

    fn goes(&self, user_id: Id) {
        self.server.moved(GUILD, user_id, None);
        self.server.ears().place(GUILD, user_id, None);
    }

    fn place(&self, user_id: Id, channel_id: Id) {
        let place = crate::ears::Place {
            channel_id,
            deaf: false,
            mute: false,
        };
        self.server.ears().place(GUILD, user_id, Some(place));
    }

    async fn client(&self, query: &str) -> Client {
        let mut roots = rustls::RootCertStore::empty();
        let authority = CertificateDer::from_pem_file(self.server.ca_file()).unwrap();
        roots.add(authority).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = rustls::ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
        let endpoint = self.server.endpoint();
        let tcp = TcpStream::connect(&endpoint).await.unwrap();
        let name = "127.0.0.1".try_into().unwrap();
        let tls = tokio_rustls::TlsConnector::from(Arc::new(config))
            .connect(name, tcp)
            .await
            .unwrap();
        let url = format!("wss://{endpoint}/{query}");
        let (socket, _) = tokio_tungstenite::client_async(url, tls).await.unwrap();
        Client { socket, seq: None }
    }

    async fn close(self) {
        self.stop.cancel();
        self.tasks.close();
        timeout(Duration::from_secs(5), self.tasks.wait())
            .await
            .expect("every task ends with the server");
        std::fs::remove_file(self.server.ca_file()).unwrap();
    }
}

struct Client {
    socket: WebSocketStream<TlsStream<TcpStream>>,
    seq: Option<u64>,
}

impl Client {
    async fn say(&mut self, op: u8, d: Value) {
        let text = json!({ "op": op, "d": d }).to_string();
        self.socket.send(Message::text(text)).await.unwrap();
    }

    async fn next(&mut self) -> Message {
        timeout(Duration::from_secs(5), self.socket.next())
            .await
            .expect("the server says something")
            .unwrap()
            .unwrap()
    }

    /// The next message as it is; it must have this opcode.
    async fn hear(&mut self, op: u8) -> Value {
        let Message::Text(text) = self.next().await else {
            panic!("not a text");
        };
        assert!(text.starts_with(r#"{"op":"#), "songbird needs op first");
        let message: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(message["op"], op, "{message}");
        if let Some(seq) = message["seq"].as_u64() {
            self.seq = Some(seq);
        }
        message
    }

    async fn hear_close(&mut self) -> u16 {
        loop {
            if let Message::Close(frame) = self.next().await {
                return frame.unwrap().code.into();
            }
        }
    }

    async fn identify(&mut self) -> Value {
        self.hear(8).await;
        self.say(0, identity("token")).await;
        self.hear(2).await["d"].clone()
    }

    async fn select(&mut self, mode: Mode) -> Cipher {
        let data = json!({ "address": "127.0.0.1", "port": 5, "mode": mode.name() });
        self.say(1, json!({ "protocol": "udp", "data": data }))
            .await;
        let described = self.hear(4).await["d"].clone();
        assert_eq!(described["dave_protocol_version"], 0);
        assert_eq!(described["mode"], mode.name());
        let key: Vec<u8> = serde_json::from_value(described["secret_key"].clone()).unwrap();
        let there = self.hear(11).await;
        assert_eq!(there["d"]["user_ids"], json!([PERSON.to_string()]));
        Cipher::new(mode, &key.try_into().unwrap())
    }
}

fn identity(token: &str) -> Value {
    json!({
        "server_id": GUILD.to_string(), "user_id": BOT.to_string(), "session_id": "session",
        "token": token, "max_dave_protocol_version": 1,
    })
}

fn number(value: &Value) -> u32 {
    u32::try_from(value.as_u64().unwrap()).unwrap()
}

/// Discovers its address as clients do.
async fn udp(ready: &Value) -> UdpSocket {
    let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
    let port = u16::try_from(number(&ready["port"])).unwrap();
    socket.connect(("127.0.0.1", port)).await.unwrap();
    let mut asked = vec![0, 1, 0, 70];
    asked.extend_from_slice(&number(&ready["ssrc"]).to_be_bytes());
    asked.resize(74, 0);
    socket.send(&asked).await.unwrap();
    let mut answer = [0; 100];
    let length = socket.recv(&mut answer).await.unwrap();
    assert_eq!((length, &answer[..4]), (74, &[0, 2, 0, 70][..]));
    assert!(answer[8..].starts_with(b"127.0.0.1\0"));
    let port = socket.local_addr().unwrap().port();
    assert_eq!(answer[72..74], port.to_be_bytes());
    socket
}

/// Two seconds of a sine, then the five silence frames.
fn sine(hertz: f64) -> Vec<Vec<u8>> {
    let mut encoder =
        opus2::Encoder::new(48_000, opus2::Channels::Stereo, opus2::Application::Audio).unwrap();
    let turn = std::f64::consts::TAU * hertz / 48_000.0;
    let sample = |at: i32| ((f64::from(at) * turn).sin() * 9_000.0) as i16;
    let mut frames: Vec<Vec<u8>> = (0..100)
        .map(|frame| {
            let sound: Vec<i16> = (frame * 960..(frame + 1) * 960)
                .flat_map(|at| [sample(at), sample(at)])
                .collect();
            encoder.encode_vec(&sound, 1_000).unwrap()
        })
        .collect();
    frames.extend(vec![vec![0xF8, 0xFF, 0xFE]; 5]);
    frames
}

async fn until_heard(server: &VoiceServer, frames: u64) -> crate::ears::Heard {
    let mut changes = server.ears().changes();
    let reached = async {
        loop {
            let heard = server.ears().heard(GUILD, BOT).pop().unwrap();
            if heard.frames >= frames {
                return heard;
            }
            changes.changed().await.unwrap();
        }
    };
    timeout(Duration::from_secs(5), reached)
        .await
        .expect("all frames arrive")
}

async fn a_tone_is_heard(query: &str, mode: Mode) {
    let house = House::open(Duration::from_secs(10)).await;
    let mut client = house.client(query).await;
    let ready = client.identify().await;
    let socket = udp(&ready).await;
    let cipher = client.select(mode).await;
    let ssrc = number(&ready["ssrc"]);
    client
        .say(5, json!({ "speaking": 1, "delay": 0, "ssrc": ssrc }))
        .await;
    socket.send(&ssrc.to_be_bytes()).await.unwrap();
    socket.send(&[1, 0, 0, 0, 0, 0, 0, 0]).await.unwrap();
    for (count, opus) in (0_u16..).zip(sine(523.25)) {
        let timestamp = 5 + u32::from(count) * 960;
        let packet = cipher.seal(count, timestamp, ssrc, (count.into(), &opus));
        socket.send(&packet).await.unwrap();
    }
    let heard = until_heard(&house.server, 105).await;
    assert!(heard.is_clean(), "{heard:?}");
    assert_eq!(heard.silence_frames_at_end, 5);
    let recording = house.server.ears().recording(PERSON);
    for tone in recording.tones() {
        let tone = tone.expect("no second is silent");
        assert!((tone.frequency - 523.25).abs() < 0.5, "{tone:?}");
    }
    assert_eq!(recording.tones().len(), 2);
    assert!(house.server.is_connected(GUILD, BOT));
    house.close().await;
}

#[tokio::test]
async fn a_v4_client_is_heard_with_aes() {
    a_tone_is_heard("?v=4", Mode::Aes256Gcm).await;
}

#[tokio::test]
async fn a_v8_client_is_heard_with_xchacha() {
    a_tone_is_heard("?v=8", Mode::XChaCha20Poly1305).await;
}

#[tokio::test]
async fn heartbeats_are_bare_in_v4_and_numbered_in_v8() {
    let house = House::open(Duration::from_secs(10)).await;
    let mut old = house.client("?v=4").await;
    assert_eq!(old.hear(8).await["d"]["heartbeat_interval"], 10_000);
    old.say(3, json!(2_831_534_718_226_563_u64)).await;
    let answer = old.hear(6).await;
    assert_eq!(answer, json!({ "op": 6, "d": 2_831_534_718_226_563_u64 }));
    let mut new = house.client("?v=8").await;
    new.hear(8).await;
    new.say(3, json!({ "t": 7, "seq_ack": -1 })).await;
    assert_eq!(new.hear(6).await, json!({ "op": 6, "d": { "t": 7 } }));
    new.say(3, json!(7)).await;
    assert_eq!(new.hear_close().await, 4002);
    house.close().await;
}

#[tokio::test]
async fn a_client_without_heartbeats_is_closed_and_may_resume() {
    let house = House::open(Duration::from_millis(50)).await;
    let mut client = house.client("?v=4").await;
    client.identify().await;
    assert_eq!(client.hear_close().await, 4009);
    let mut again = house.client("?v=4").await;
    again.hear(8).await;
    again.say(7, resumption(None)).await;
    again.hear(9).await;
    house.close().await;
}

fn resumption(seq_ack: Option<u64>) -> Value {
    let mut asked = json!({
        "server_id": GUILD.to_string(), "session_id": "session", "token": "token",
    });
    if let Some(seq) = seq_ack {
        asked["seq_ack"] = json!(seq);
    }
    asked
}

#[tokio::test]
async fn v8_resume_replays_exactly_what_was_missed() {
    let house = House::open(Duration::from_secs(10)).await;
    let mut client = house.client("?v=8").await;
    client.identify().await;
    client.select(Mode::Aes256Gcm).await;
    let seen = client.seq.unwrap();
    assert!(house.server.cut(GUILD, BOT));
    assert!(!matches!(
        client.socket.next().await,
        Some(Ok(Message::Text(_)))
    ));
    house.server.moved(GUILD, PERSON, None);
    house.server.moved(GUILD, 41, Some(person_in(CHANNEL)));

    let mut again = house.client("?v=8").await;
    again.hear(8).await;
    again.say(7, resumption(Some(seen))).await;
    assert_eq!(again.hear(9).await.get("seq"), None);
    let left = again.hear(13).await;
    assert_eq!(left["seq"], seen + 1);
    assert_eq!(left["d"]["user_id"], PERSON.to_string());
    assert_eq!(again.hear(11).await["seq"], seen + 2);
    assert!(house.server.is_connected(GUILD, BOT));

    let mut liar = house.client("?v=8").await;
    liar.hear(8).await;
    liar.say(7, resumption(Some(seen + 100))).await;
    assert_eq!(liar.hear_close().await, 4006);
    house.close().await;
}

#[tokio::test]
async fn v4_resume_goes_on_without_numbers() {
    let house = House::open(Duration::from_secs(10)).await;
    let mut client = house.client("?v=4").await;
    client.identify().await;
    client.select(Mode::Aes256Gcm).await;
    assert_eq!(client.seq, None);
    assert!(house.server.close(GUILD, BOT, Close::ServerCrashed));
    assert_eq!(client.hear_close().await, 4015);
    let mut again = house.client("?v=4").await;
    again.hear(8).await;
    again.say(7, resumption(None)).await;
    assert_eq!(again.hear(9).await, json!({ "op": 9, "d": null }));
    house.server.moved(GUILD, PERSON, None);
    assert_eq!(again.hear(13).await.get("seq"), None);
    house.close().await;
}

#[tokio::test]
async fn a_moved_client_is_closed_and_cannot_resume() {
    let house = House::open(Duration::from_secs(10)).await;
    let mut client = house.client("?v=4").await;
    client.identify().await;
    house.server.moved(GUILD, BOT, Some(bot_in(CHANNEL + 2)));
    assert_eq!(client.hear_close().await, 4014);
    let mut again = house.client("?v=4").await;
    again.hear(8).await;
    again.say(7, resumption(None)).await;
    assert_eq!(again.hear_close().await, 4006);
    let mut anew = house.client("?v=4").await;
    anew.hear(8).await;
    anew.say(0, identity("token")).await;
    assert_eq!(anew.hear_close().await, 4004, "a move needs a new token");
    house.close().await;
}

/// The query of the URL, what the client says, and the code it is closed with.
type Case = (&'static str, Vec<(u8, Value)>, u16);

#[tokio::test]
async fn what_discord_refuses_closes_with_its_code() {
    let house = House::open(Duration::from_secs(10)).await;
    let select = |mode: &str, protocol: &str| {
        let data = json!({ "address": "127.0.0.1", "port": 5, "mode": mode });
        json!({ "protocol": protocol, "data": data })
    };
    let other_guild = |mut identity: Value| {
        identity["server_id"] = json!("11");
        identity
    };
    let other_session = |mut identity: Value| {
        identity["session_id"] = json!("other");
        identity
    };
    let good = || (0, identity("token"));
    let cases: Vec<Case> = vec![
        ("?v=3", vec![], 4012),
        ("", vec![], 4012),
        ("?v=8", vec![(5, json!({ "speaking": 1, "ssrc": 1 }))], 4003),
        ("?v=8", vec![(0, json!({}))], 4002),
        ("?v=8", vec![(99, json!({}))], 4001),
        ("?v=8", vec![(0, identity("wrong"))], 4004),
        ("?v=8", vec![(0, other_guild(identity("token")))], 4011),
        ("?v=8", vec![(0, other_session(identity("token")))], 4006),
        (
            "?v=8",
            vec![(
                7,
                json!({ "server_id": "10", "session_id": "no", "token": "token" }),
            )],
            4006,
        ),
        ("?v=8", vec![good(), good()], 4005),
        (
            "?v=8",
            vec![good(), (1, select("xsalsa20_poly1305", "udp"))],
            4016,
        ),
        (
            "?v=8",
            vec![good(), (1, select(Mode::Aes256Gcm.name(), "webrtc"))],
            4012,
        ),
        (
            "?v=8",
            vec![good(), (5, json!({ "speaking": 1, "delay": 0, "ssrc": 0 }))],
            4020,
        ),
    ];
    for (query, says, code) in cases {
        let mut client = house.client(query).await;
        for (op, data) in says.clone() {
            client.say(op, data).await;
        }
        assert_eq!(client.hear_close().await, code, "{query} {says:?}");
    }
    house.close().await;
}

#[tokio::test]
async fn plain_and_foreign_packets_are_not_heard() {
    let house = House::open(Duration::from_secs(10)).await;
    let mut client = house.client("?v=8").await;
    let ready = client.identify().await;
    let socket = udp(&ready).await;
    let cipher = client.select(Mode::Aes256Gcm).await;
    let ssrc = number(&ready["ssrc"]);
    client
        .say(5, json!({ "speaking": 1, "delay": 0, "ssrc": ssrc }))
        .await;
    let silence = [0xF8, 0xFF, 0xFE];
    let mut plain = vec![0x80, 0x78, 0, 1, 0, 0, 0, 1];
    plain.extend_from_slice(&ssrc.to_be_bytes());
    plain.extend_from_slice(&[0xF8; 40]);
    socket.send(&plain).await.unwrap();
    let foreign = cipher.seal(1, 1, ssrc ^ 1, (1, &silence));
    socket.send(&foreign).await.unwrap();
    let mut other_type = cipher.seal(1, 1, ssrc, (1, &silence));
    other_type[1] = 0x79;
    socket.send(&other_type).await.unwrap();
    socket
        .send(&cipher.seal(1, 1, ssrc, (1, &silence)))
        .await
        .unwrap();
    let heard = until_heard(&house.server, 1).await;
    assert_eq!(
        (heard.frames, heard.undecryptable, heard.malformed),
        (1, 1, 1)
    );
    assert_eq!(heard.violations_total, 2);
    house.close().await;
}
