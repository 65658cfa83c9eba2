//! A client with end-to-end encryption by hand: order of messages, numbers, close codes, sound.

use super::*;
use davey::{DaveSession, ProposalsOperationType};
use std::num::NonZeroU16;

/// With end-to-end encryption, see `bot_in`.
const LOUNGE: Id = 21;

/// A bot's voice client and its end of the encryption.
struct Bot {
    client: Client,
    session: DaveSession,
    cipher: Cipher,
    socket: UdpSocket,
    ssrc: u32,
    sent: u16,
}

impl Client {
    /// The next message in binary: it must have this opcode. In version 8 a number precedes it.
    async fn hear_binary(&mut self, op: u8) -> Vec<u8> {
        let Message::Binary(bytes) = self.next().await else {
            panic!("not binary, but {op} is");
        };
        let bytes = match self.seq {
            None => bytes.to_vec(),
            Some(seq) => {
                let number = u16::from_be_bytes([bytes[0], bytes[1]]);
                assert_eq!(u64::from(number), seq + 1, "numbered like the texts");
                self.seq = Some(seq + 1);
                bytes[2..].to_vec()
            }
        };
        assert_eq!(bytes[0], op);
        bytes[1..].to_vec()
    }

    async fn say_binary(&mut self, op: u8, payload: &[u8]) {
        let bytes = [&[op], payload].concat();
        self.socket.send(Message::binary(bytes)).await.unwrap();
    }
}

impl Bot {
    /// Connects where `there` are already, as far as the key package.
    async fn connect(house: &House, query: &str, there: &[Id]) -> Self {
        let mut client = house.client(query).await;
        let ready = client.identify().await;
        let socket = udp(&ready).await;
        let data = json!({ "address": "127.0.0.1", "port": 5, "mode": Mode::Aes256Gcm.name() });
        let select = json!({ "protocol": "udp", "data": data });
        client.say(1, select).await;
        let described = client.hear(4).await["d"].clone();
        assert_eq!(described["dave_protocol_version"], 1);
        if !there.is_empty() {
            let there: Vec<String> = there.iter().map(ToString::to_string).collect();
            let told = client.hear(11).await["d"]["user_ids"].clone();
            assert_eq!(told, json!(there), "who is there comes before any proposal");
        }
        let external_sender = client.hear_binary(25).await;
        let version = NonZeroU16::new(1).unwrap();
        let mut session = DaveSession::new(version, BOT, LOUNGE, None).unwrap();
        session.set_external_sender(&external_sender).unwrap();
        let package = session.create_key_package().unwrap();
        client.say_binary(26, &package).await;
        let key: Vec<u8> = serde_json::from_value(described["secret_key"].clone()).unwrap();
        let ssrc = number(&ready["ssrc"]);
        client
            .say(5, json!({ "speaking": 1, "delay": 0, "ssrc": ssrc }))
            .await;
        Self {
            client,
            session,
            cipher: Cipher::new(Mode::Aes256Gcm, &key.try_into().unwrap()),
            socket,
            ssrc,
            sent: 0,
        }
    }

    /// Processes proposals and sends the commit.
    async fn commit(&mut self) {
        let payload = self.client.hear_binary(27).await;
        let kind = match payload[0] {
            0 => ProposalsOperationType::APPEND,
            _ => ProposalsOperationType::REVOKE,
        };
        let made = self.session.process_proposals(kind, &payload[1..], None);
        let made = made.unwrap().expect("there is something to commit to");
        let commit = [made.commit, made.welcome.unwrap_or_default()].concat();
        self.client.say_binary(28, &commit).await;
    }

    /// The commit that won is its own or another's; the number of the transition.
    async fn follow(&mut self) -> u16 {
        let payload = self.client.hear_binary(29).await;
        self.session.process_commit(&payload[2..]).unwrap();
        u16::from_be_bytes([payload[0], payload[1]])
    }

    async fn is_ready(&mut self, transition: u16) {
        let ready = json!({ "transition_id": transition });
        self.client.say(23, ready.clone()).await;
        assert_eq!(self.client.hear(22).await["d"], ready);
    }

    async fn sends(&mut self, frame: &[u8]) {
        self.sent += 1;
        let at = 960 * u32::from(self.sent);
        let packet = (self.cipher).seal(self.sent, at, self.ssrc, (self.sent.into(), frame));
        self.socket.send(&packet).await.unwrap();
    }

    async fn plays(&mut self, opus: &[u8]) {
        let frame = self.session.encrypt_opus(opus).unwrap().into_owned();
        assert_ne!(frame, opus);
        self.sends(&frame).await;
    }
}

/// A house whose people leave it to the bot to commit.
async fn quiet_house(people: &[Id]) -> House {
    let house = House::empty(Duration::from_secs(10)).await;
    house.server.people_commit(false);
    for person in people {
        house.comes(*person, LOUNGE);
    }
    house.bot_comes(LOUNGE);
    house
}

async fn until_read(house: &House, user_id: Id, frames: u64) {
    let mut changes = house.server.ears().changes();
    let reached = async {
        while house.server.ears().understood(user_id).read < frames {
            changes.changed().await.unwrap();
        }
    };
    let understood = || house.server.ears().understood(user_id);
    timeout(Duration::from_secs(5), reached)
        .await
        .unwrap_or_else(|_| panic!("{:?}", understood()));
}

#[tokio::test]
async fn a_client_without_encryption_is_closed_with_4017_except_on_a_stage() {
    let house = quiet_house(&[PERSON]).await;
    for offer in [json!(0), Value::Null] {
        let mut identity = identity("token");
        identity["max_dave_protocol_version"] = offer;
        if identity["max_dave_protocol_version"].is_null() {
            identity
                .as_object_mut()
                .unwrap()
                .remove("max_dave_protocol_version");
        }
        let mut client = house.client("?v=8").await;
        client.hear(8).await;
        client.say(0, identity.clone()).await;
        assert_eq!(client.hear_close().await, 4017);
        house.bot_comes(CHANNEL);
        let mut client = house.client("?v=8").await;
        client.hear(8).await;
        client.say(0, identity).await;
        client.hear(2).await;
        house.bot_comes(LOUNGE);
    }
    house.close().await;
}

#[tokio::test]
async fn on_a_stage_messages_of_the_encryption_are_refused() {
    let house = House::open(Duration::from_secs(10)).await;
    let mut client = house.client("?v=8").await;
    client.identify().await;
    client.select(Mode::Aes256Gcm).await;
    client.say_binary(26, &[1, 2, 3]).await;
    assert_eq!(client.hear_close().await, 4020);
    house.close().await;
}

async fn a_bot_joins_commits_and_is_understood(query: &str) {
    let house = quiet_house(&[PERSON]).await;
    let mut bot = Bot::connect(&house, query, &[PERSON]).await;
    bot.commit().await;
    assert_eq!(bot.follow().await, 0, "the first group begins at once");
    bot.plays(&[0xFC; 60]).await;
    until_read(&house, PERSON, 1).await;

    house.comes(41, LOUNGE);
    assert_eq!(bot.client.hear(11).await["d"]["user_ids"], json!(["41"]));
    bot.commit().await;
    // Played with the old key while the new one is on its way.
    bot.plays(&[0xFC; 60]).await;
    let transition = bot.follow().await;
    assert_ne!(transition, 0);
    bot.plays(&[0xFC; 60]).await;
    bot.is_ready(transition).await;
    bot.plays(&[0xF8, 0xFF, 0xFE].repeat(9)).await;
    bot.sends(&[0xF8, 0xFF, 0xFE]).await;
    until_read(&house, PERSON, 5).await;
    until_read(&house, 41, 3).await;

    house.goes(PERSON);
    let gone = bot.client.hear(13).await["d"]["user_id"].clone();
    assert_eq!(gone, PERSON.to_string());
    bot.commit().await;
    let transition = bot.follow().await;
    bot.is_ready(transition).await;
    bot.plays(&[0xFC; 60]).await;
    until_read(&house, 41, 4).await;

    let call = house.server.call(LOUNGE).unwrap();
    assert_eq!((call.epoch, call.members), (3, vec![BOT, 41]));
    assert_eq!((call.late, call.invalid, call.renewed), (0, 0, 0));
    assert_eq!(call.commits.get(&BOT), Some(&3));
    for understood in house.server.ears().understood_by_all() {
        assert_eq!((understood.unreadable, understood.plain), (0, 0));
    }
    house.close().await;
}

#[tokio::test]
async fn a_v4_bot_joins_commits_and_is_understood() {
    Box::pin(a_bot_joins_commits_and_is_understood("?v=4")).await;
}

#[tokio::test]
async fn a_v8_bot_joins_commits_and_is_understood() {
    Box::pin(a_bot_joins_commits_and_is_understood("?v=8")).await;
}

#[tokio::test]
async fn a_bot_that_comes_later_is_welcomed_by_the_people() {
    let house = quiet_house(&[PERSON, 41]).await;
    house.server.people_commit(true);
    house.goes(41);
    house.comes(41, LOUNGE);
    let mut bot = Bot::connect(&house, "?v=4", &[PERSON, 41]).await;
    let payload = bot.client.hear_binary(30).await;
    bot.session.process_welcome(&payload[2..]).unwrap();
    let transition = u16::from_be_bytes([payload[0], payload[1]]);
    if transition > 0 {
        bot.is_ready(transition).await;
    }
    bot.plays(&[0xFC; 60]).await;
    bot.sends(&[0xFC; 60]).await;
    until_read(&house, PERSON, 1).await;
    until_read(&house, 41, 1).await;
    bot.plays(&[0xFC; 60]).await;
    until_read(&house, PERSON, 2).await;
    let understood = house.server.ears().understood(PERSON);
    assert_eq!(understood.plain, 1, "it is told that one came unencrypted");
    let frames = house.server.ears().packets(PERSON);
    assert_eq!(frames.len(), 2, "and is not heard");
    house.close().await;
}

#[tokio::test]
async fn a_v8_resume_replays_the_binary_messages_too() {
    let house = quiet_house(&[PERSON]).await;
    let mut bot = Bot::connect(&house, "?v=8", &[PERSON]).await;
    bot.commit().await;
    bot.follow().await;
    let seen = bot.client.seq.unwrap();
    assert!(house.server.cut(GUILD, BOT));
    assert!(!matches!(
        bot.client.socket.next().await,
        Some(Ok(Message::Text(_)))
    ));
    house.comes(41, LOUNGE);
    let mut again = house.client("?v=8").await;
    again.hear(8).await;
    again.say(7, resumption(Some(seen))).await;
    again.hear(9).await;
    again.seq = Some(seen);
    assert_eq!(again.hear(11).await["seq"], seen + 1);
    bot.client = again;
    bot.commit().await;
    let transition = bot.follow().await;
    bot.is_ready(transition).await;
    bot.plays(&[0xFC; 60]).await;
    until_read(&house, 41, 1).await;
    house.close().await;
}

#[tokio::test]
async fn a_v4_bot_that_missed_something_is_added_anew_after_its_resume() {
    let house = quiet_house(&[PERSON, 41]).await;
    house.server.people_commit(true);
    let mut bot = Bot::connect(&house, "?v=4", &[PERSON, 41]).await;
    let payload = bot.client.hear_binary(30).await;
    bot.session.process_welcome(&payload[2..]).unwrap();
    assert!(house.server.cut(GUILD, BOT));
    assert!(!matches!(
        bot.client.socket.next().await,
        Some(Ok(Message::Text(_)))
    ));
    house.goes(41);
    let mut again = house.client("?v=4").await;
    again.hear(8).await;
    again.say(7, resumption(None)).await;
    again.hear(9).await;
    let epoch = again.hear(24).await["d"]["epoch"].clone();
    assert_eq!(epoch, 1);
    house.close().await;
}

#[tokio::test]
async fn a_bot_that_stays_alone_begins_anew() {
    let house = quiet_house(&[PERSON]).await;
    let mut bot = Bot::connect(&house, "?v=8", &[PERSON]).await;
    bot.commit().await;
    bot.follow().await;
    house.goes(PERSON);
    bot.client.hear(13).await;
    assert_eq!(
        bot.client.hear(24).await["d"],
        json!({ "protocol_version": 1, "epoch": 1 })
    );
    assert_eq!(
        bot.client.hear(21).await["d"],
        json!({ "protocol_version": 1, "transition_id": 0 })
    );
    let call = house.server.call(LOUNGE).unwrap();
    assert_eq!((call.epoch, call.members), (0, vec![]));
    house.close().await;
}

#[tokio::test]
async fn what_is_no_key_package_closes_with_4020() {
    let house = quiet_house(&[PERSON]).await;
    let mut bot = Bot::connect(&house, "?v=8", &[PERSON]).await;
    bot.client.say_binary(26, &[7; 30]).await;
    assert_eq!(bot.client.hear_close().await, 4020);
    let heard = house.server.ears().heard(GUILD, BOT).pop().unwrap();
    assert_eq!(heard.violations, ["a key package that cannot be read"]);
    house.close().await;
}
