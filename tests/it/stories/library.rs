//! The owner's library while the party goes on.

use crate::audio::fixture;
use crate::world::{PATIENCE, World, in_lounge, text};
use discord_sandbox::people::until;

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_dropped_into_the_library_can_be_played() {
    let (world, guild) = World::new().await;
    let [ana, bo] = in_lounge(&guild, ["Ana", "Bo"]);
    let search = || vec![("query", text("夜来香 TONE.flac"))];
    let said = world.says(&ana, "play", search()).await;
    assert!(said.contains("found nothing"), "{said}");
    let album = world.library().join("album");
    std::fs::create_dir(&album).unwrap();
    std::fs::write(album.join("01.flac"), fixture("tone.flac")).unwrap();
    let found = until(world.sandbox.hub(), PATIENCE, |_| {
        world.log().contains("pieces=1").then_some(())
    });
    assert!(found.await.is_some(), "{}", world.log());
    let said = world.says(&ana, "play", search()).await;
    assert!(said.contains("夜来香 tone.flac"), "{said}");
    world.hears(&bo, 420.0).await;
    world.end().await;
}
