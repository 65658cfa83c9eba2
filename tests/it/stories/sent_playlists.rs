//! A session as a playlist at `ListenBrainz`: with what it does not know named, and sent again it is
//! the same one.

use super::scrobbles::{ANAS, BOS, KEY, brainz, comes_about, evening, link};
use crate::listenbrainz::Mishap;
use crate::world::{in_lounge, piece, text};
use discord_sandbox::people::{Member, Seen};
use serde_json::{Value, json};

const EXTENSION: &str = "https://musicbrainz.org/doc/jspf#playlist";
const RECORDING: &str = "https://musicbrainz.org/recording/";

#[tokio::test(flavor = "multi_thread")]
async fn a_session_becomes_a_playlist_and_what_is_not_known_is_named() {
    let brainz = brainz().await;
    let id = "8f3471b5-7e6a-48da-86a9-c1c07a0f47ae";
    brainz.knows("The Testers", "Known", id);
    let (world, guild) = evening(&brainz, Some(KEY)).await;
    let [ana] = in_lounge(&guild, ["Ana"]);
    let said = world.says(&ana, "scrobble playlist", vec![]).await;
    assert!(said.contains("is not linked"), "{said}");
    link(&world, &ana, ANAS).await;
    let said = world.says(&ana, "scrobble playlist", vec![]).await;
    assert!(said.contains("no session here yet"), "{said}");
    let theme = vec![("theme", text("Night & <Day>"))];
    world.says(&ana, "stage open", theme).await;
    world.play(&ana, &piece("Known", 330.0, 3)).await;
    world.play(&ana, &piece("Un*known*", 440.0, 3)).await;
    world
        .wait(&ana, "the result of the second", |it| {
            it.says("heard by") && it.says("known")
        })
        .await;
    world.hears(&ana, 440.0).await;
    let said = world.says(&ana, "scrobble playlist", vec![]).await;
    let page = "https://listenbrainz.org/playlist/11111111-2222-3333-4444-000000000001";
    assert!(said.contains(&format!("one song: {page}")), "{said}");
    assert!(said.contains("One song is not in it"), "{said}");
    assert!(said.contains("- Un\\*known\\* · The Testers"), "{said}");
    let (owner, playlist) = &brainz.playlists()[0];
    assert_eq!(owner, "ana_lb");
    assert_eq!(playlist["title"], "Session 1: Night & <Day>");
    assert_eq!(playlist["extension"][EXTENSION]["public"], false);
    assert_eq!(tracks(playlist), [id]);
    world.end().await;
}

#[expect(clippy::too_many_lines, reason = "one evening, told in order")]
#[tokio::test(flavor = "multi_thread")]
async fn a_session_sent_again_is_the_same_playlist_and_what_its_owner_did_to_it_stays() {
    let [first, second, theirs] = [
        "8f3471b5-7e6a-48da-86a9-c1c07a0f47a1",
        "8f3471b5-7e6a-48da-86a9-c1c07a0f47a2",
        "8f3471b5-7e6a-48da-86a9-c1c07a0f47a3",
    ];
    let brainz = brainz().await;
    brainz.knows("The Testers", "First", first);
    brainz.knows("The Testers", "Second", second);
    let (world, guild) = evening(&brainz, Some(KEY)).await;
    let [ana, bo] = in_lounge(&guild, ["Ana", "Bo"]);
    for (who, token) in [(&ana, ANAS), (&bo, BOS)] {
        link(&world, who, token).await;
    }
    let sends = async |who: &Member| world.says(who, "scrobble playlist", vec![]).await;
    world.play(&bo, &piece("First", 330.0, 3)).await;
    let is_result = |it: &Seen| it.says("heard by") && it.says("First");
    world.wait(&ana, "the result of the first", is_result).await;
    let page = "https://listenbrainz.org/playlist/11111111-2222-3333-4444-00000000000";
    let said = sends(&ana).await;
    assert!(said.contains(&format!("one song: {page}1")), "{said}");
    let said = sends(&ana).await;
    assert!(said.contains("already, and nothing is missing"), "{said}");
    assert!(said.contains(&format!("{page}1")), "{said}");

    // She calls it something else, has a friend help her, and adds a song; the party goes on.
    let recording = |id: &str| json!({ "identifier": [format!("{RECORDING}{id}")] });
    brainz.changes_playlist(1, |playlist| {
        playlist["title"] = "Mine".into();
        playlist["extension"][EXTENSION]["collaborators"] = json!(["friend"]);
        playlist["track"]
            .as_array_mut()
            .unwrap()
            .push(recording(theirs));
    });
    world.play(&bo, &piece("Second", 440.0, 3)).await;
    let is_result = |it: &Seen| it.says("heard by") && it.says("Second");
    world
        .wait(&ana, "the result of the second", is_result)
        .await;
    comes_about(&world, "what they heard arrives", || {
        ["ana_lb", "bo"]
            .iter()
            .all(|it| brainz.listens(it).len() == 2)
    })
    .await;
    brainz.stumbles(&[Mishap::TooMany(1), Mishap::Status(503)]);
    let everyone = vec![("visible", text("everyone"))];
    let said = world.says(&ana, "scrobble playlist", everyone).await;
    assert!(
        said.contains(&format!("has one song more now: {page}1")),
        "{said}"
    );
    assert!(said.contains("Everyone can see it"), "{said}");
    let all = brainz.playlists();
    assert_eq!(all.len(), 1);
    assert_eq!(all[0].1["title"], "Mine");
    let extension = &all[0].1["extension"][EXTENSION];
    assert_eq!(extension["collaborators"], json!(["friend"]));
    assert_eq!(extension["public"], true);
    assert_eq!(tracks(&all[0].1), [first, second, theirs]);

    // Somebody else's is another, and one that was deleted there is made anew.
    let said = sends(&bo).await;
    assert!(said.contains(&format!("2 songs: {page}2")), "{said}");
    brainz.deletes_playlist(1);
    let said = sends(&ana).await;
    assert!(said.contains(&format!("2 songs: {page}3")), "{said}");
    let kept = "select count(*) from sent_playlist";
    assert_eq!(world.kept(kept).await, 2);

    // It adds the song, but says that it broke: sent again, it is there once.
    brainz.changes_playlist(3, |playlist| {
        playlist["track"].as_array_mut().unwrap().pop();
    });
    // Looking the songs up, and fetching it, go well.
    brainz.stumbles(&[Mishap::None, Mishap::None, Mishap::Unsaid]);
    let said = sends(&ana).await;
    assert!(said.contains("does not answer at the moment"), "{said}");
    let said = sends(&ana).await;
    assert!(said.contains("nothing is missing"), "{said}");
    assert_eq!(tracks(&brainz.playlists()[1].1), [first, second]);
    let service = vec![("service", text("listenbrainz"))];
    world.says(&ana, "scrobble unlink", service).await;
    assert_eq!(world.kept(kept).await, 1);
    world.end().await;
}

/// The recordings of a playlist.
fn tracks(playlist: &Value) -> Vec<&str> {
    let tracks = playlist["track"].as_array().unwrap().iter();
    let pages = tracks.map(|track| track["identifier"][0].as_str().unwrap());
    pages
        .map(|page| page.strip_prefix(RECORDING).unwrap())
        .collect()
}
