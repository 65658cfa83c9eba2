//! Links to services that play nothing to others: the song is found in another place. The answers are
//! built from what the services publish about theirs.

use crate::audio::subsonic::MusicBox;
use crate::serving::serving;
use crate::sites::entry;
use crate::world::{Told, World, in_lounge, piece, text};
use axum::Router;
use axum::extract::{Path, Query};
use axum::response::Html;
use axum::routing::get;
use serde_json::{Value, json};
use std::collections::HashMap;
use tokio_util::task::AbortOnDropHandle;

/// Spotify's page of a track, its oEmbed answer, Apple's lookup and Deezer's API. Answers the address.
async fn services() -> (String, AbortOnDropHandle<()>) {
    let page = async |Path(id): Path<String>| match id.as_str() {
        "sp1" => Html(
            r#"<!DOCTYPE html><html><head><title>Shelf Song - song by Ana | Spotify</title>
            <meta property="og:title" content="Shelf Song"/>
            <meta property="og:description" content="The Testers · Shelves · Song · 2020"/>
            <meta property="og:type" content="music.song"/>
            <meta name="music:duration" content="3"/></head><body></body></html>"#,
        ),
        _ => Html("<html><head><title>Spotify – Web Player</title></head></html>"),
    };
    let oembed = async || {
        axum::Json(
            json!({ "title": "Nowhere Song", "type": "rich", "version": "1.0",
            "provider_name": "Spotify", "html": "<iframe></iframe>" }),
        )
    };
    let lookup = async |Query(asked): Query<HashMap<String, String>>| {
        assert_eq!(asked["country"], "de");
        axum::Json(
            json!({ "resultCount": 1, "results": [{ "wrapperType": "track", "kind": "song",
            "trackId": asked["id"].parse::<u64>().unwrap(), "artistName": "Kat", "trackName": "Tube Tune",
            "trackTimeMillis": 4_000 }] }),
        )
    };
    let deezer = async |Path(id): Path<u64>| {
        axum::Json::<Value>(match id {
            1 => {
                json!({ "id": 1, "title": "Dee (Remastered)", "duration": 5, "artist": { "name": "Dora" } })
            }
            3 => {
                json!({ "id": 3, "title": "夜来香 (Remastered)", "duration": 2, "artist": { "name": "The Servers" } })
            }
            _ => json!({ "error": { "type": "DataException", "message": "no data", "code": 800 } }),
        })
    };
    let routes = Router::new()
        .route("/spotify/track/{id}", get(page))
        .route("/spotify/oembed", get(oembed))
        .route("/apple/lookup", get(lookup))
        .route("/deezer/track/{id}", get(deezer));
    let (address, serving) = serving(routes).await;
    (format!("http://{address}/"), serving)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_of_a_service_plays_the_same_song_from_another_place() {
    let (base, _serving) = services().await;
    let shelf = piece("Shelf Song", 330.0, 3).bytes().unwrap();
    let told = Told {
        flags: vec![format!("--elsewhere-base={base}")],
        library: vec![("shelf.wav", shelf)],
        ..Told::default()
    };
    let (world, [guild]) = World::told(told, ["Home"]).await;
    let [ana, bo] = in_lounge(&guild, ["Ana", "Bo"]);
    let says = async |link: &str| world.says(&ana, "play", vec![("query", text(link))]).await;

    let said = says("https://open.spotify.com/intl-de/track/sp1?si=abc").await;
    assert!(
        said.contains("Spotify link: found **Shelf Song · The Testers** in the library"),
        "{said}"
    );
    world.hears(&bo, 330.0).await;

    let sound = piece("ignored", 392.0, 4).bytes().unwrap();
    world
        .sites()
        .video("tune", "Tube Tune (Official Audio)", (4, &sound));
    let mut cover = entry("cover", "Tube Tune", 4);
    cover["channel"] = "Somebody Else".into();
    cover["uploader"] = "Somebody Else".into();
    let mut tune = entry("tune", "Tube Tune (Official Audio)", 4);
    tune["uploader"] = "Kat".into();
    let mut longer = entry("longer", "Tube Tune", 400);
    longer["uploader"] = "Kat".into();
    world
        .sites()
        .list("ytsearch5:tube tune kat", "x", (&[cover, longer, tune], 3));
    let said = says("https://music.apple.com/de/album/x/1?i=1559523359").await;
    assert!(
        said.contains(
            r"Apple Music link: found **Tube Tune \(Official Audio\) · Kat** on youtube.com"
        ),
        "{said}"
    );
    world.hears(&bo, 392.0).await;

    let mut dee = entry("dee", "Dora - Dee", 5);
    dee["uploader"] = "Dora".into();
    world.sites().list("ytsearch5:dee dora", "x", (&[dee], 1));
    let sound = piece("ignored", 440.0, 5).bytes().unwrap();
    world.sites().video("dee", "Dora - Dee", (5, &sound));
    let said = says("https://www.deezer.com/en/track/1").await;
    assert!(
        said.contains("Deezer link: found **Dee · Dora** on youtube.com"),
        "{said}"
    );
    world.hears(&bo, 440.0).await;

    let said = says("https://www.deezer.com/track/2").await;
    assert!(said.contains("nothing at that address"), "{said}");
    let said = says("spotify:track:sp2").await;
    assert!(
        said.contains("Spotify plays its music to nobody else") && said.contains("Nowhere Song"),
        "{said}"
    );
    let said = says("https://open.spotify.com/album/1").await;
    assert!(said.contains("single tracks of that service"), "{said}");
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_of_a_service_is_looked_for_on_the_music_server_before_the_sites() {
    let (base, _serving) = services().await;
    let server = MusicBox::start().await;
    let told = Told {
        flags: vec![format!("--elsewhere-base={base}")],
        more: vec![
            ("RONDO_SUBSONIC_URL", server.url()),
            ("RONDO_SUBSONIC_USER", "joe".to_owned()),
            ("RONDO_SUBSONIC_PASSWORD", MusicBox::password().to_owned()),
        ],
        ..Told::default()
    };
    let (world, [guild]) = World::told(told, ["Home"]).await;
    let [ana, bo] = in_lounge(&guild, ["Ana", "Bo"]);
    let query = vec![("query", text("https://www.deezer.com/track/3"))];
    let said = world.says(&ana, "play", query).await;
    assert!(
        said.contains("Deezer link: found **夜来香 · The Servers** on the music server"),
        "{said}"
    );
    world.hears(&bo, 420.0).await;
    assert_eq!(world.sites().asked("search"), 0);
    world.end().await;
}
