//! Every format is known by its content, whatever its name says.

use super::server::{Does, Server};
use super::{Desk, fixture};
use rondo::domain::track::Origin;
use std::time::Duration;

/// The files, what they are called in the media folder, and whether they hold a picture.
const FORMATS: [(&str, &str, bool); 8] = [
    ("tone.mp3", "mp3", true),
    ("aac.m4a", "m4a", true),
    ("alac.m4a", "m4a", true),
    ("tone.flac", "flac", true),
    ("tone.wav", "wav", false),
    ("vorbis.ogg", "ogg", false),
    ("tone.opus", "opus", false),
    ("tone.webm", "webm", false),
];

#[tokio::test]
async fn title_artist_album_length_and_cover_come_from_the_file() {
    let desk = Desk::trusting(&["127.0.0.1"]);
    for (name, extension, has_cover) in FORMATS {
        let server = Server::with([("/attached", Does::Gives(fixture(name)))]).await;
        let size = fixture(name).len() as u64;
        let link = server.link("/attached");
        // The name that it is given says nothing.
        let track = desk.intake.from_attachment(&link, "song.txt", size).await;
        let track = track.expect(name);
        assert_eq!(track.title, format!("夜来香 {name}"));
        assert_eq!(track.artist.as_deref(), Some("The Testers"), "{name}");
        assert_eq!(track.album.as_deref(), Some("Fixtures"), "{name}");
        let off = track.length.abs_diff(Duration::from_millis(1_500));
        assert!(
            off <= Duration::from_millis(60),
            "{name}: {:?}",
            track.length
        );
        assert_eq!(track.cover.is_some(), has_cover, "{name}");
        assert_eq!(track.origin, Origin::Attachment);
        assert_eq!(track.link, None, "an attachment's link expires");
        let path = desk.intake.places().path(&track.media).expect("it is kept");
        assert_eq!(path.extension().and_then(|it| it.to_str()), Some(extension));
        assert_eq!(std::fs::read(path).expect("it is there"), fixture(name));
    }
    // One picture, whoever has it, and nothing half fetched.
    let kept = desk.kept();
    assert_eq!(kept.len(), FORMATS.len() + 1, "{kept:?}");
}

#[tokio::test]
async fn the_same_file_twice_is_one_track() {
    let desk = Desk::trusting(&["127.0.0.1"]);
    let tone = Does::Gives(fixture("tone.opus"));
    let server = Server::with([("/a", tone.clone()), ("/b", tone)]).await;
    let one = desk
        .intake
        .from_link(&server.link("/a"))
        .await
        .expect("it is taken");
    let other = desk
        .intake
        .from_link(&server.link("/b"))
        .await
        .expect("it is taken");
    assert_eq!((&one.key, &one.media), (&other.key, &other.media));
    assert_eq!(one.link, Some(server.link("/a")));
    assert_eq!(desk.kept().len(), 1);
}

#[tokio::test]
async fn a_file_without_a_title_is_called_after_its_name() {
    let desk = Desk::trusting(&["127.0.0.1"]);
    let samples = crate::world::piece("", 300.0, 1)
        .bytes()
        .expect("it is made");
    let path = "/music/My_Own%20Song.wav";
    let server = Server::with([(path, Does::Gives(samples))]).await;
    let track = desk.intake.from_link(&server.link(path)).await;
    assert_eq!(track.expect("it is taken").title, "My Own Song");
}

/// A second of silence as WAV with nothing in its list of tags but this title, as it stands there.
fn titled(title: &[u8]) -> Vec<u8> {
    let chunk = |id: &[u8], body: &[u8]| {
        let length = u32::try_from(body.len()).expect("it is short");
        // Chunks are padded to even lengths.
        let padding = vec![0; body.len() % 2];
        [id, &length.to_le_bytes(), body, &padding].concat()
    };
    let format = b"\x01\0\x01\0\x40\x1F\0\0\x80\x3E\0\0\x02\0\x10\0";
    let list = [b"INFO".to_vec(), chunk(b"INAM", title)].concat();
    let wave = [
        b"WAVE".to_vec(),
        chunk(b"fmt ", format),
        chunk(b"LIST", &list),
        chunk(b"data", &[1; 16_000]),
    ];
    chunk(b"RIFF", &wave.concat())
}

#[tokio::test]
async fn whatever_stands_for_a_title_a_wave_is_taken_with_one_that_can_be_read() {
    let desk = Desk::trusting(&["127.0.0.1"]);
    for (title, expected) in [
        ("夜来香".as_bytes(), "夜来香"),
        ("夜来香\0".as_bytes(), "夜来香"),
        ("夜来香\0\0\0".as_bytes(), "夜来香"),
        // The same in GBK, in Big5, and in UTF-16 with its mark.
        (b"\xD2\xB9\xC0\xB4\xCF\xE3\0", "从前"),
        (b"\xA9\x5D\xA8\xD3\xAD\xBB", "从前"),
        (b"\xFF\xFE\x1C\x59\x65\x67\x99\x99\0\0", "从前"),
        (b"Caf\xE9", "Caf\u{FFFD}"),
        (b"", "从前"),
        (b"\0", "从前"),
        (b"   \t ", "从前"),
        (b"\x01\x02\x03\x7F", "从前"),
        ("\u{200B}\u{202E}\u{3164}".as_bytes(), "从前"),
    ] {
        let server = Server::with([("/attached", Does::Gives(titled(title)))]).await;
        let link = server.link("/attached");
        let track = desk.intake.from_attachment(&link, "从前.wav", 1).await;
        let track = track.unwrap_or_else(|why| panic!("{title:?}: {why}"));
        assert_eq!(track.title, expected, "{title:?}");
        assert_eq!(track.length, Duration::from_secs(1), "{title:?}");
    }
}

/// Containers and codecs beyond those, and what they are called in the media folder.
const FURTHER: [(&str, &str); 17] = [
    ("vbr.mp3", "mp3"),
    ("mp2.mp2", "mp3"),
    ("tone.aac", "aac"),
    ("film.mp4", "m4a"),
    ("opus.mp4", "m4a"),
    ("tone.aiff", "aiff"),
    ("tone.caf", "caf"),
    ("alac.caf", "caf"),
    ("flac.ogg", "ogg"),
    ("flac.mka", "webm"),
    ("wav24.wav", "wav"),
    ("float.wav", "wav"),
    ("adpcm_ms.wav", "wav"),
    ("adpcm_ima.wav", "wav"),
    ("vorbis.mka", "webm"),
    ("film.webm", "webm"),
    ("aac.mkv", "webm"),
];

#[tokio::test]
async fn further_containers_and_codecs_are_taken_with_their_true_length() {
    let desk = Desk::trusting(&["127.0.0.1"]);
    for (name, extension) in FURTHER {
        let server = Server::with([("/attached", Does::Gives(fixture(name)))]).await;
        let link = server.link("/attached");
        let track = desk.intake.from_attachment(&link, "song.txt", 1).await;
        let track = track.expect(name);
        let off = track.length.abs_diff(Duration::from_millis(1_500));
        assert!(
            off <= Duration::from_millis(60),
            "{name}: {:?}",
            track.length
        );
        let path = desk.intake.places().path(&track.media).expect("it is kept");
        let kept = path.extension().and_then(|it| it.to_str());
        assert_eq!(kept, Some(extension), "{name}");
    }
}

#[tokio::test]
async fn he_aac_plays_what_every_decoder_reads_of_it() {
    // The decoders know no spectral band replication. A file that has it says so here (ISO 14496-3,
    // 1.6.2.1): instead of AAC-LC at 48 kHz, the same with an extension to 96 kHz.
    let mut bytes = fixture("aac.m4a");
    let low = [0x11, 0x90, 0x56, 0xE5, 0x00];
    let at = bytes.windows(5).position(|it| it == low).expect("AAC-LC");
    bytes[at..at + 5].copy_from_slice(&[0x29, 0x90, 0x08, 0x00, 0x00]);
    let server = Server::with([("/attached", Does::Gives(bytes))]).await;
    let desk = Desk::trusting(&["127.0.0.1"]);
    let link = server.link("/attached");
    let track = desk.intake.from_attachment(&link, "he.m4a", 1).await;
    let length = track.expect("it is taken").length;
    assert!(length.abs_diff(Duration::from_millis(1_500)) < Duration::from_millis(60));
}

#[tokio::test]
async fn what_a_file_says_of_its_loudness_is_what_it_begins_with() {
    let desk = Desk::trusting(&["127.0.0.1"]);
    // ReplayGain brings to -18 LUFS, R128 in 256ths of a decibel to -23; ours is -14.
    for (name, tenths) in [("gain.flac", -25), ("gain.opus", 30)] {
        let server = Server::with([("/song", Does::Gives(fixture(name)))]).await;
        let track = desk.intake.from_link(&server.link("/song")).await;
        assert_eq!(track.expect(name).gain_tenths, Some(tenths), "{name}");
    }
}
