//! Live streams on the stage: a station plays like a song, says what is on, and is cut at the limit.

use crate::segments::Segments;
use crate::station::Station;
use crate::world::{PATIENCE, World, in_lounge, piece, text};
use discord_sandbox::people::{Answer, until};

/// What the station plays, Hz.
const STATION: f64 = 570.0;

#[tokio::test(flavor = "multi_thread")]
async fn a_station_is_heard_says_what_is_on_and_is_cut_at_the_limit() {
    let (world, guild) = World::new().await;
    let station = Station::on_air().await;
    world.set(&guild, "length-limit", "30s").await;
    let [ana, bo] = in_lounge(&guild, ["Ana", "Bo"]);
    let link = vec![("query", text(&station.link("/list.m3u")))];
    let said = world.says(&ana, "play", link).await;
    assert!(said.contains("Radio"), "{said}");
    world.hears(&bo, STATION).await;
    let card = world.card(&bo, "First Song").await;
    assert!(card.says("LIVE"), "{}", card.text);
    assert!(!card.pings_everyone && card.mentions.is_empty());
    station.plays("Second <@1> **Band** - Second Song");
    let card = world.card(&bo, "Second Song").await;
    assert!(card.mentions.is_empty(), "{}", card.text);
    // What drops is taken up again.
    let heard = bo.heard_ms();
    station.cut();
    world.hears_more(&bo, STATION, heard).await;
    world.play(&bo, &piece("A Song", 330.0, 4)).await;
    world.hears(&ana, 330.0).await;
    let hearing = bo.hears();
    let stretches = hearing.stretches();
    // The end of a fade is too soft for a tone to be told; where the next song begins is not.
    let end = stretches.iter().find(|it| it.is(330.0)).unwrap().from_ms;
    let (before, late) = (
        hearing.rms_dbfs(end - 4_500, end - 3_500),
        hearing.rms_dbfs(end - 900, end - 100),
    );
    assert!(late < before - 6.0, "it fades: {before} dB, then {late} dB");
    world
        .wait(&bo, "the result", |it| {
            it.says("Radio") && it.says("heard by")
        })
        .await;
    let cut = "select count(*) from play where ended_how like '%limit%' and played_ms = 30000";
    assert_eq!(world.kept(cut).await, 1);
    // What was on stands with the play, in the list and in the file.
    let list = world.says(&ana, "playlist show", vec![]).await;
    println!("{list}");
    let titles = list.lines().find(|line| line.starts_with("-# "));
    let titles = titles.unwrap_or_else(|| panic!("no titles: {list}"));
    let (first, second) = titles.split_once(" · ").expect("two titles");
    assert!(
        first.contains("Test Band") && first.contains("First Song"),
        "{titles}"
    );
    assert!(second.contains("Second Song"), "{titles}");
    let shown = world.run(&ana, "playlist show", vec![]).await;
    let Answer::Said(shown) = shown else {
        panic!("it is said")
    };
    assert!(shown.mentions.is_empty() && !shown.pings_everyone);
    // Where a station in somebody's house is found stands in no file.
    let exported = world.run(&ana, "playlist export", vec![]).await;
    let exported = exported.seen().unwrap();
    assert_eq!(exported.files.len(), 4);
    for file in &exported.files {
        let answer = reqwest::get(&file.url).await.unwrap();
        let written = answer.text().await.unwrap();
        let is_bare = !written.contains("127.0.0.1") && written.contains("A Song");
        assert!(is_bare, "{}: {written}", file.name);
    }
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_station_can_be_skipped_and_goes_on_after_a_restart() {
    let (mut world, guild) = World::new().await;
    let station = Station::on_air().await;
    let [ana, bo] = in_lounge(&guild, ["Ana", "Bo"]);
    let link = vec![("query", text(&station.link("/old")))];
    world.says(&ana, "play", link).await;
    world.hears(&bo, STATION).await;
    let heard = bo.heard_ms();
    world.kill_bot().await;
    world.start_bot().await;
    world.hears_more(&bo, STATION, heard).await;
    world.play(&ana, &piece("After It", 330.0, 3)).await;
    let said = world.says(&ana, "skip", vec![]).await;
    assert!(said.contains("Radio"), "{said}");
    world.hears(&bo, 330.0).await;
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn http_live_streaming_is_heard_until_it_is_over() {
    let (world, guild) = World::new().await;
    let station = Station::on_air().await;
    let [ana, bo] = in_lounge(&guild, ["Ana", "Bo"]);
    let play = |path: &str| vec![("query", text(&station.link(path)))];
    let said = world.says(&ana, "play", play("/hls/locked.m3u8")).await;
    assert!(said.contains("encrypted"), "{said}");
    world.says(&ana, "play", play("/hls/over.m3u8")).await;
    world.says(&bo, "play", play("/hls/master.m3u8")).await;
    world.hears(&bo, STATION).await;
    // The first ends by itself after its three segments; the second goes on.
    world
        .wait(&bo, "the result", |it| it.says("heard by"))
        .await;
    let heard = bo.heard_ms();
    world.hears_more(&bo, STATION, heard).await;
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn segments_of_every_make_are_heard_and_other_recordings_after_a_break() {
    let Some(segments) = Segments::served().await else {
        println!("not tried: no ffmpeg");
        return;
    };
    let (world, guild) = World::new().await;
    let [ana, bo] = in_lounge(&guild, ["Ana", "Bo"]);
    let (mp4, single) = (
        ["-hls_segment_type", "fmp4", "-hls_fmp4_init_filename"],
        ["-hls_flags", "single_file"],
    );
    let fragments = |name: &str, hz, sound: &[&str]| {
        let (head, files) = (format!("{name}.head.mp4"), format!("{name}.%d.m4s"));
        let kind = [sound, &mp4, &[&head, "-hls_segment_filename", &files]].concat();
        segments.tone(name, hz, &kind)
    };
    let parts = segments.tone("parts", 330, &[&mp4[..2], &single].concat());
    assert!(
        segments
            .list(&parts)
            .contains("#EXT-X-MAP:URI=\"parts.m4s\",BYTERANGE=")
    );
    let stream = segments.tone("stream", 392, &single);
    assert!(segments.list(&stream).contains("#EXT-X-BYTERANGE:"));
    // Each with a head of its own, and the second is of another kind.
    let other_kind = ["-ar", "32000", "-ac", "1"];
    let (one, other) = (
        fragments("one", 494, &[]),
        fragments("other", 587, &other_kind),
    );
    let fragments = segments.joined("fragments", &one, &other);
    assert_eq!(segments.list(&fragments).matches("#EXT-X-MAP").count(), 2);
    let (one, other) = (segments.tone("a", 660, &[]), segments.tone("b", 784, &[]));
    let streams = segments.joined("streams", &one, &other);
    for (list, tones) in [
        (parts, vec![330.0]),
        (stream, vec![392.0]),
        (streams, vec![660.0, 784.0]),
        (fragments, vec![494.0, 587.0]),
    ] {
        println!("{list}");
        let link = vec![("query", text(&segments.link(&list)))];
        let said = world.says(&ana, "play", link).await;
        assert!(said.contains("added"), "{list}: {said}");
        for hz in tones {
            let heard = until(world.sandbox.hub(), PATIENCE, |_| {
                let hearing = bo.hears();
                let stretches = hearing.stretches();
                stretches.iter().any(|it| it.is(hz)).then_some(())
            });
            assert!(heard.await.is_some(), "{hz} Hz of {list}\n{}", world.log());
        }
    }
    world.end().await;
}
