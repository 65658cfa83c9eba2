//! What cannot be played is refused with the reason, and leaves nothing behind.

use super::server::{Does, Server};
use super::{Desk, fixture};
use rondo::audio::IntakeFailure;
use std::time::Duration;

/// What becomes of these bytes.
async fn taken(desk: &Desk, bytes: Vec<u8>) -> Result<rondo::domain::track::Track, IntakeFailure> {
    let size = bytes.len() as u64;
    let server = Server::with([("/file", Does::Gives(bytes))]).await;
    let link = server.link("/file");
    desk.intake.from_attachment(&link, "file.mp3", size).await
}

/// The same, refused with nothing left.
async fn refused(bytes: Vec<u8>) -> IntakeFailure {
    let desk = Desk::trusting(&["127.0.0.1"]);
    let failure = taken(&desk, bytes).await.expect_err("it is refused");
    assert_eq!(desk.kept(), [""; 0]);
    failure
}

#[tokio::test]
async fn what_is_no_sound_is_called_so() {
    for bytes in [
        b"These are the words of a song, and no more.".repeat(40),
        b"<!DOCTYPE html><html><body>Not found</body></html>".to_vec(),
        b"\x89PNG\r\n\x1a\n and then some".repeat(50),
        b"\xFF\xD8\xFF\xE0\0\x10JFIF and then some".repeat(50),
        b"PK\x03\x04\x14\0\0\0\x08\0 and then some".repeat(50),
        b"#EXTM3U\n#EXTINF:10,Song\nhttp://127.0.0.1/song.mp3\n".to_vec(),
        b"words\0with\0nothing\0between\0".repeat(100),
        b"%PDF-1.7\n".repeat(100),
        b"\x7FELF\x02\x01\x01".repeat(100),
        vec![0; 300_000],
        b"#".to_vec(),
        // Sound of kinds that are not read: what works is said.
        b"\x30\x26\xB2\x75\x8E\x66\xCF\x11 Windows Media".repeat(50),
        b"wvpk WavPack".repeat(50),
        b"MThd\0\0\0\x06\0\x01 notes".repeat(50),
        b"#!AMR\n a telephone".repeat(50),
        fixture("silent_film.mp4"),
    ] {
        let failure = refused(bytes).await;
        assert!(matches!(failure, IntakeFailure::NotSound), "{failure}");
    }
}

#[tokio::test]
async fn an_empty_file_is_empty() {
    let failure = refused(Vec::new()).await;
    assert!(matches!(failure, IntakeFailure::Empty), "{failure}");
    // A header, and no sound after it.
    let header = fixture("tone.wav")[..44].to_vec();
    let failure = refused(header).await;
    assert!(
        matches!(failure, IntakeFailure::Empty | IntakeFailure::Broken),
        "{failure}"
    );
}

/// An element or atom of a file that says how large it is with eight bytes.
fn huge(head: &[u8], exponent: u32, body: &[u8]) -> Vec<u8> {
    let size = 1_u64 << exponent;
    if head.len() == 4 && head.iter().all(|it| it.is_ascii_graphic() || *it == 0xA9) {
        // MP4: a size of 1 says that the true one comes after the name.
        [&1_u32.to_be_bytes(), head, &size.to_be_bytes(), body].concat()
    } else {
        // WebM: the first byte says that seven more are the size.
        let mut size = size.to_be_bytes();
        size[0] = 1;
        [head, &size, body].concat()
    }
}

#[tokio::test]
async fn a_file_that_asks_for_a_petabyte_ends_nobody() {
    let webm = fixture("tone.webm");
    let segment = webm
        .windows(4)
        .position(|it| it == [0x18, 0x53, 0x80, 0x67])
        .expect("a segment");
    let title = huge(&[0x7B, 0xA9], 50, b"hello");
    let info = huge(&[0x15, 0x49, 0xA9, 0x66], 52, &title);
    let hostile = huge(&[0x18, 0x53, 0x80, 0x67], 54, &info);
    let failure = refused([&webm[..segment], &hostile, &[0; 200]].concat()).await;
    assert!(matches!(failure, IntakeFailure::Broken), "{failure}");

    let mp4 = fixture("aac.m4a");
    let ftyp = usize::from(mp4[3]);
    let data = huge(b"data", 45, b"\0\0\0\x01\0\0\0\0hello");
    let name = huge(b"\xA9nam", 46, &data);
    let list = huge(b"ilst", 47, &name);
    let meta = huge(b"meta", 48, &[&[0; 4], &list[..]].concat());
    let hostile = huge(b"moov", 50, &huge(b"udta", 49, &meta));
    let failure = refused([&mp4[..ftyp], &hostile].concat()).await;
    assert!(matches!(failure, IntakeFailure::Broken), "{failure}");
}

#[tokio::test]
async fn a_damaged_file_is_damaged() {
    for name in ["tone.flac", "tone.opus", "aac.m4a", "tone.webm"] {
        let mut bytes = fixture(name);
        let length = bytes.len();
        // The beginning is as it should be, the sound is noise.
        let mut noise = 1_u32;
        for byte in bytes.iter_mut().skip(length / 8) {
            noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            *byte = noise.to_be_bytes()[0];
        }
        bytes.truncate(length);
        let failure = refused(bytes).await;
        assert!(
            matches!(failure, IntakeFailure::Broken | IntakeFailure::Empty),
            "{name}: {failure}"
        );
    }
}

#[tokio::test]
async fn a_file_that_is_cut_off_plays_as_far_as_it_goes() {
    let desk = Desk::trusting(&["127.0.0.1"]);
    for name in ["tone.mp3", "tone.flac", "tone.wav", "tone.opus"] {
        let mut bytes = fixture(name);
        bytes.truncate(bytes.len() * 2 / 3);
        let track = taken(&desk, bytes).await.expect(name);
        let (least, most) = (Duration::from_millis(500), Duration::from_millis(1_300));
        assert!(
            (least..most).contains(&track.length),
            "{name}: {:?}, not what its header says",
            track.length
        );
    }
}

#[tokio::test]
async fn a_file_that_was_written_without_knowing_its_length_has_its_true_one() {
    let desk = Desk::trusting(&["127.0.0.1"]);
    let mut bytes = fixture("tone.wav");
    let at = bytes
        .windows(4)
        .position(|it| it == b"data")
        .expect("a data chunk");
    bytes[at + 4..at + 8].copy_from_slice(&u32::MAX.to_le_bytes());
    bytes[4..8].copy_from_slice(&u32::MAX.to_le_bytes());
    let track = taken(&desk, bytes).await.expect("it is taken");
    assert!(track.length < Duration::from_secs(2), "{:?}", track.length);
}
