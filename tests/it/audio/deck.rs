//! The deck by itself: what is drawn from it, at ten times the pace of a call, is what was put in.

use super::fixture;
use bytes::Bytes;
use opus2::{Channels, Decoder};
use rondo::audio::{Deck, is_prepared, prepare};
use songbird::input::{Input, LiveInput, Parsed};
use std::path::Path;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio_util::task::TaskTracker;

/// A frame without sound.
const SILENCE: [u8; 3] = [0xF8, 0xFF, 0xFE];
const PACE: Duration = Duration::from_millis(2);
const PATIENCE: Duration = Duration::from_secs(30);

fn parsed(deck: &Deck) -> Parsed {
    match deck.input().expect("a deck can be played") {
        Input::Live(LiveInput::Parsed(parsed), _) => parsed,
        _ => panic!("a deck has been looked into already"),
    }
}

/// Draws until so many frames have sounded, and what is behind them is silence.
async fn drawn(deck: &Deck, least: usize) -> Vec<Vec<u8>> {
    let mut parsed = parsed(deck);
    let drawing = async {
        let mut pace = tokio::time::interval(PACE);
        let (mut frames, mut silent) = (Vec::new(), 0);
        while frames.len() < least || silent < 5 {
            pace.tick().await;
            let packet = parsed.format.next_packet().expect("it never ends");
            if packet.buf() == SILENCE {
                silent += 1;
            } else {
                silent = 0;
                frames.push(packet.buf().to_vec());
            }
        }
        frames
    };
    let drawn = tokio::time::timeout(PATIENCE, drawing).await;
    drawn.unwrap_or_else(|_| panic!("not {least} frames: {:?}", deck.counts()))
}

/// The pitch of what the frames sound like after a quarter of a second, by how often it crosses zero.
fn pitch(frames: &[Vec<u8>]) -> f64 {
    let mut decoder = Decoder::new(48_000, Channels::Stereo).expect("48 kHz stereo is allowed");
    let mut room = [0.0; 1_920];
    let mut left: Vec<f32> = Vec::new();
    for frame in frames {
        let count = decoder.decode_float(frame, &mut room, false);
        assert_eq!(count.expect("it is Opus"), 960, "every frame is 20 ms");
        left.extend(room.iter().step_by(2));
    }
    let heard = &left[12_000..60_000];
    let crossings = heard.windows(2).filter(|it| it[0] < 0.0 && it[1] >= 0.0);
    f64::from(u32::try_from(crossings.count()).expect("there are few"))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_prepared_file_is_handed_on_packet_by_packet() {
    let folder = tempfile::TempDir::new().expect("a folder can be made");
    let (file, out) = (folder.path().join("in.wav"), folder.path().join("out.opus"));
    std::fs::write(&file, fixture("tone.wav")).expect("it can be written");
    prepare(&file, &out).expect("it can be made ready");
    assert!(is_prepared(&out));
    let mut reader = ogg::PacketReader::new(std::fs::File::open(&out).expect("it is there"));
    let packets = std::iter::from_fn(|| reader.read_packet().expect("it is Ogg"));
    let packets: Vec<Vec<u8>> = packets.skip(2).map(|it| it.data).collect();
    let deck = Deck::new(TaskTracker::new());
    deck.play_file(&out);
    let frames = drawn(&deck, packets.len()).await;
    assert!(frames == packets, "{} of {}", frames.len(), packets.len());
    let counts = deck.counts();
    assert_eq!(counts.ready, u64::try_from(packets.len()).expect("it fits"));
    assert_eq!((counts.cold, counts.decoded, counts.underruns), (0, 0, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_comes_in_piece_by_piece_sounds_to_its_last_byte() {
    let (sender, bytes) = mpsc::channel(4);
    let stream = fixture("tone.mp3");
    TaskTracker::new().spawn(async move {
        for piece in stream.chunks(700) {
            if sender.send(Bytes::copy_from_slice(piece)).await.is_err() {
                return;
            }
        }
    });
    let deck = Deck::new(TaskTracker::new());
    deck.play_live(Path::new(env!("CARGO_BIN_EXE_rondo")), bytes);
    let frames = drawn(&deck, 70).await;
    let hz = pitch(&frames);
    assert!((hz - 330.0).abs() < 5.0, "{hz} Hz");
    let counts = deck.counts();
    assert!(counts.live >= 70 && counts.ready == 0, "{counts:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_that_is_no_sound_ends_and_the_next_song_follows() {
    let folder = tempfile::TempDir::new().expect("a folder can be made");
    let (file, out) = (folder.path().join("in.wav"), folder.path().join("out.opus"));
    std::fs::write(&file, fixture("tone.wav")).expect("it can be written");
    prepare(&file, &out).expect("it can be made ready");
    let (sender, bytes) = mpsc::channel(4);
    let words = Bytes::from_static(b"Dear diary, this is no music. ");
    sender.send(words).await.expect("somebody listens");
    drop(sender);
    let deck = Deck::new(TaskTracker::new());
    deck.play_live(Path::new(env!("CARGO_BIN_EXE_rondo")), bytes);
    deck.play_file(&out);
    let frames = drawn(&deck, 50).await;
    assert!(deck.counts().live == 0 && frames.len() >= 50);
}
