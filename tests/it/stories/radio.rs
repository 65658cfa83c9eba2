//! Live streams on the stage: a station plays like a song, says what is on, and is cut at the limit.

use crate::station::Station;
use crate::world::{World, in_lounge, piece, text};

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
