//! Two servers at once.

use crate::world::{World, in_lounge, piece};

#[tokio::test(flavor = "multi_thread")]
async fn two_servers_party_at_once_and_hear_only_their_own() {
    let (world, [north, south]) = World::with_guilds(["North", "South"]).await;
    let [ana] = in_lounge(&north, ["Ana"]);
    let [bo] = in_lounge(&south, ["Bo"]);
    let (low, high) = (piece("Low", 220.0, 4), piece("High", 880.0, 4));
    tokio::join!(world.play(&ana, &low), world.play(&bo, &high));
    tokio::join!(world.hears(&ana, 220.0), world.hears(&bo, 880.0));
    let closed = world.says(&ana, "stage close", vec![]).await;
    assert!(closed.contains("one song"), "{closed}");
    world
        .wait(&ana, "the playlist", |it| {
            it.files.len() == 4 && it.says("Low")
        })
        .await;
    assert!(
        bo.sees().iter().all(|it| !it.says("Low")),
        "nothing of the other server is seen"
    );
    assert!(ana.hears().stretches().iter().all(|it| !it.is(880.0)));
    assert!(bo.hears().stretches().iter().all(|it| !it.is(220.0)));
    let history = world.says(&bo, "history", vec![]).await;
    assert!(!history.contains("Low"), "{history}");
    world.end().await;
}
