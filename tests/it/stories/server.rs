//! The owner's music server: its songs are offered and played; when it is in trouble, the owner is told
//! and the party goes on.

use crate::audio::subsonic::{Mood, MusicBox};
use crate::world::{PATIENCE, Told, World, in_lounge, piece, text};
use discord_sandbox::people::until;

fn told(server: &MusicBox, password: &str) -> Told {
    let more = vec![
        ("RONDO_SUBSONIC_URL", server.url()),
        ("RONDO_SUBSONIC_USER", "joe".to_owned()),
        ("RONDO_SUBSONIC_PASSWORD", password.to_owned()),
    ];
    Told {
        more,
        ..Told::default()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_song_of_the_music_server_is_found_and_heard() {
    let server = MusicBox::start().await;
    let told = told(&server, MusicBox::password());
    let (world, [guild]) = World::told(told, ["Home"]).await;
    let [ana, bo] = in_lounge(&guild, ["Ana", "Bo"]);
    let said = world
        .says(&ana, "play", vec![("query", text("far away servers"))])
        .await;
    assert!(said.contains("夜来香"), "{said}");
    world.hears(&bo, 420.0).await;
    let said = world
        .says(&bo, "play", vec![("query", text("server:so-2"))])
        .await;
    assert!(said.contains("Second"), "{said}");
    world.hears(&bo, 330.0).await;
    // What is there no more costs its own turn only.
    server.is(Mood::Broken);
    let said = world
        .says(&ana, "play", vec![("query", text("server:so-1"))])
        .await;
    assert!(said.contains("doesn't answer"), "{said}");
    let said = world.says(&guild.owner, "about", vec![]).await;
    assert!(said.contains("music server doesn't answer"), "{said}");
    world.play(&ana, &piece("Own", 262.0, 3)).await;
    world.hears(&bo, 262.0).await;
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_password_is_told_to_the_owner_and_never_shown() {
    let server = MusicBox::start().await;
    let (world, [guild]) = World::told(told(&server, "guessed wrongly"), ["Home"]).await;
    let refused = until(world.sandbox.hub(), PATIENCE, |_| {
        let log = world.log();
        log.contains("refuses RONDO_SUBSONIC_USER").then_some(())
    });
    assert!(refused.await.is_some(), "{}", world.log());
    let said = world.says(&guild.owner, "about", vec![]).await;
    assert!(said.contains("refuses"), "{said}");
    assert!(!world.log().contains("guessed wrongly"));
    let [ana, bo] = in_lounge(&guild, ["Ana", "Bo"]);
    world.play(&ana, &piece("Own", 262.0, 3)).await;
    world.hears(&bo, 262.0).await;
    world.end().await;
}
