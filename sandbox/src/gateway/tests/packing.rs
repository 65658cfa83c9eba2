//! Compression of the whole connection and of single payloads.

use super::*;
use flate2::read::ZlibDecoder;
use flate2::{Decompress, FlushDecompress};
use std::io::Read;

const SYNC_FLUSH: [u8; 4] = [0, 0, 0xFF, 0xFF];

/// One zlib context for all messages of a connection.
struct Stream(Decompress);

impl Stream {
    fn unpack(&mut self, message: &Message) -> Value {
        let Message::Binary(bytes) = message else {
            panic!("{message:?} is not packed");
        };
        assert!(bytes.ends_with(&SYNC_FLUSH), "{} bytes", bytes.len());
        let mut text = Vec::with_capacity(1 << 20);
        let before = self.0.total_in();
        self.0
            .decompress_vec(bytes, &mut text, FlushDecompress::Sync)
            .expect("it is zlib");
        assert_eq!(self.0.total_in() - before, bytes.len() as u64);
        assert!(text.len() < text.capacity(), "there was room for all");
        serde_json::from_slice(&text).expect("a message is one payload")
    }
}

fn unpack_payload(message: &Message) -> Value {
    let Message::Binary(bytes) = message else {
        panic!("{message:?} is not packed");
    };
    let mut text = String::new();
    ZlibDecoder::new(&bytes[..])
        .read_to_string(&mut text)
        .expect("each payload is a whole zlib stream");
    serde_json::from_str(&text).expect("it is JSON")
}

/// Texts up to the longest, each once well and once badly to be packed.
fn say_much(scene: &Scene) -> Vec<String> {
    let mut texts = Vec::new();
    for length in [1, 10, 40, 100, 500, 1_000, 2_000] {
        texts.push("a".repeat(length));
        let mut state = 1_u32;
        let mut letter = || {
            state = state.wrapping_mul(1_103_515_245).wrapping_add(12_345);
            char::from_u32(state >> 16 & 0x3F | 0x100).expect("a letter")
        };
        texts.push((0..length).map(|_| letter()).collect());
    }
    for text in &texts {
        scene.guild.owner.say(text).expect("Ana may write");
    }
    texts
}

#[tokio::test]
async fn a_zlib_stream_is_one_context_flushed_after_every_message() {
    let scene = Scene::open().await;
    let query = "?v=10&encoding=json&compress=zlib-stream";
    let mut client = scene.connect(query).await;
    let mut stream = Stream(Decompress::new(true));
    let mut hear = async |client: &mut Client| {
        let message = client.next().await.expect("it is open");
        stream.unpack(&message)
    };
    assert_eq!(hear(&mut client).await["op"], 10);
    // Compression of payloads means nothing here.
    let more = json!({ "intents": ALL_INTENTS, "compress": true });
    client.say(2, identity(&scene.bot, more)).await;
    assert_eq!(hear(&mut client).await["t"], "READY");
    assert_eq!(hear(&mut client).await["t"], "GUILD_CREATE");
    for text in say_much(&scene) {
        assert_eq!(hear(&mut client).await["d"]["content"], text);
    }
    client.say(1, Value::Null).await;
    assert_eq!(hear(&mut client).await["op"], 11);
    scene.close().await;
}

#[tokio::test]
async fn compress_in_identify_packs_each_payload_by_itself() {
    let scene = Scene::open().await;
    let mut client = scene.greeted().await;
    let more = json!({ "intents": ALL_INTENTS, "compress": true });
    client.say(2, identity(&scene.bot, more)).await;
    let mut hear = async || {
        let message = client.next().await.expect("it is open");
        unpack_payload(&message)
    };
    assert_eq!(hear().await["t"], "READY");
    assert_eq!(hear().await["t"], "GUILD_CREATE");
    for text in say_much(&scene) {
        assert_eq!(hear().await["d"]["content"], text);
    }
    scene.close().await;
}

#[tokio::test]
async fn what_the_sandbox_does_not_speak_is_closed_at_once() {
    let scene = Scene::open().await;
    for query in ["?v=10&encoding=etf", "?v=10&compress=zstd-stream"] {
        let mut client = scene.connect(query).await;
        assert_eq!(client.hear_close().await, 4000, "{query}");
    }
    scene.close().await;
}
