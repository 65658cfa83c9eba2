//! Live streams: how they are known, received, and received again when they drop.

use super::{Desk, fixture};
use crate::station::Station;
use rondo::audio::{IntakeFailure, Live};
use rondo::domain::track::{Origin, Track};
use std::time::Duration;
use tokio_util::task::TaskTracker;

/// How long anything may take.
const PATIENCE: Duration = Duration::from_secs(30);

fn desk() -> Desk {
    Desk::trusting(&["127.0.0.1"])
}

async fn added(desk: &Desk, station: &Station, path: &str) -> Track {
    let track = desk.intake.from_link(&station.link(path)).await;
    track.unwrap_or_else(|why| panic!("{path}: {why}"))
}

fn received(desk: &Desk, track: &Track) -> Live {
    let live = desk
        .intake
        .sources()
        .live(&track.media, &TaskTracker::new());
    live.expect("it is live")
}

/// The next so many bytes, or all until the end.
async fn sound(live: &mut Live, length: usize) -> Vec<u8> {
    let mut sound = Vec::new();
    let drawing = async {
        while sound.len() < length {
            match live.bytes.recv().await {
                Some(piece) => sound.extend_from_slice(&piece),
                None => return,
            }
        }
    };
    let drawn = tokio::time::timeout(PATIENCE, drawing).await;
    assert!(drawn.is_ok(), "only {} bytes came", sound.len());
    sound
}

async fn title(live: &mut Live, expected: &str) {
    let (bytes, titles) = (&mut live.bytes, &mut live.titles);
    let told = async {
        loop {
            tokio::select! {
                told = titles.wait_for(|it| it.as_deref() == Some(expected)) => {
                    return told.is_ok();
                }
                // Titles come with the sound.
                piece = bytes.recv() => assert!(piece.is_some(), "it is over"),
            }
        }
    };
    let told = tokio::time::timeout(PATIENCE, told).await;
    assert_eq!(told, Ok(true), "{expected}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_is_known_for_one_however_it_is_named() {
    let (desk, station) = (desk(), Station::on_air().await);
    for path in ["/live", "/old", "/list.pls", "/list.m3u"] {
        let track = added(&desk, &station, path).await;
        assert!(track.live, "{path}");
        assert_eq!(track.origin, Origin::Radio);
        assert_eq!(track.title, "Radio <Test> @everyone", "{path}");
        assert_eq!(track.link, Some(station.link(path)));
    }
    // Nothing says so, but it goes on and on at the pace of sound.
    let plain = added(&desk, &station, "/plain").await;
    assert!(plain.live);
    assert_eq!(plain.title, "127.0.0.1");
    let hls = added(&desk, &station, "/hls/master.m3u8").await;
    assert!(hls.live);
    // Twice the same stream is the same track.
    let [one, two] = [
        added(&desk, &station, "/live").await,
        added(&desk, &station, "/list.pls").await,
    ];
    assert_eq!(one.key, two.key);
    assert!(
        desk.kept().is_empty(),
        "nothing of it is kept: {:?}",
        desk.kept()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_leads_astray_is_refused() {
    let (desk, station) = (desk(), Station::on_air().await);
    let refused = async |path: &str| {
        let track = desk.intake.from_link(&station.link(path)).await;
        track.err().unwrap_or_else(|| panic!("{path} is taken"))
    };
    assert!(matches!(
        refused("/round.m3u").await,
        IntakeFailure::NotSound
    ));
    for path in ["/inside.m3u", "/hls/inside.m3u8"] {
        let why = refused(path).await;
        assert!(matches!(why, IntakeFailure::NotAllowed), "{path}: {why}");
    }
    assert!(matches!(
        refused("/hls/locked.m3u8").await,
        IntakeFailure::Protected
    ));
    assert!(matches!(refused("/none").await, IntakeFailure::NotFound));
}

#[tokio::test(flavor = "multi_thread")]
async fn sound_and_titles_come_as_they_are_sent() {
    let (desk, station) = (desk(), Station::on_air().await);
    let piece = fixture("segment.aac");
    for path in ["/live", "/old", "/plain"] {
        let track = added(&desk, &station, path).await;
        let mut live = received(&desk, &track);
        let twice = [piece.as_slice(), &piece].concat();
        let mut sound = sound(&mut live, twice.len()).await;
        sound.truncate(twice.len());
        assert!(sound == twice, "{path}: other sound than was sent");
    }
    let track = added(&desk, &station, "/live").await;
    let mut live = received(&desk, &track);
    title(&mut live, "Test Band - First Song").await;
    station.plays("Other Band - It's \u{202e}an夜other");
    title(&mut live, "Other Band - It's an夜other").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_that_drops_is_received_again_until_it_is_gone_for_good() {
    let (desk, station) = (desk(), Station::on_air().await);
    let track = added(&desk, &station, "/live").await;
    let mut live = received(&desk, &track);
    let piece = fixture("segment.aac").len();
    sound(&mut live, piece).await;
    let asked = station.asked("/live");
    station.cut();
    // More than could have been on its way.
    sound(&mut live, piece * 4).await;
    assert!(station.asked("/live") > asked);
    // A listener who goes is gone.
    drop(live);
    let mut live = received(&desk, &track);
    sound(&mut live, piece).await;
    station.goes_off_air();
    sound(&mut live, usize::MAX).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn segments_are_put_together() {
    let (desk, station) = (desk(), Station::on_air().await);
    let piece = fixture("segment.aac");
    let track = added(&desk, &station, "/hls/over.m3u8").await;
    let mut live = received(&desk, &track);
    let sound_of_all = sound(&mut live, usize::MAX).await;
    let thrice = [piece.as_slice(), &piece, &piece].concat();
    assert!(
        sound_of_all == thrice,
        "packed sound and a transport stream"
    );
    let track = added(&desk, &station, "/hls/master.m3u8").await;
    let mut live = received(&desk, &track);
    // Three at once, then as they come.
    let five = piece.len() * 5;
    assert!(sound(&mut live, five).await.starts_with(&piece));
    assert_eq!(
        station.asked("/hls/film.m3u8"),
        0,
        "pictures are left alone"
    );
}
