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
