//! `/stage`: what hosts, moderators, members and strangers may do.

use crate::world::{World, in_lounge, piece, reader, text, user};
use discord_sandbox::interactions::Given;
use discord_sandbox::people::Member;
use discord_sandbox::permissions::MODERATE_MEMBERS;

/// Everything there is in `/stage` for those who run the room.
fn attempts<'a>(target: &Member) -> Vec<(&'a str, Vec<(&'a str, Given)>)> {
    vec![
        ("stage lock", vec![]),
        ("stage unlock", vec![]),
        ("stage theme", vec![("theme", text("Mine now"))]),
        ("stage kick", vec![("member", user(target))]),
        (
            "stage move",
            vec![("member", user(target)), ("seat", Given::Int(4))],
        ),
        ("stage ban", vec![("member", user(target))]),
        ("stage unban", vec![("member", user(target))]),
        ("stage void", vec![("member", user(target))]),
        ("stage skip", vec![("reason", text("too loud"))]),
        ("stage close", vec![]),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stranger_is_refused_everything_and_changes_nothing() {
    let (world, guild) = World::new().await;
    let [ana, bo] = in_lounge(&guild, ["Ana", "Bo"]);
    world.play(&ana, &piece("Steady", 330.0, 12)).await;
    world.hears(&bo, 330.0).await;
    let zoe = reader(&guild, "Zoe", guild.lounge);
    for who in [&bo, &zoe] {
        for (path, options) in attempts(&ana) {
            let said = world.says(who, path, options).await;
            assert!(
                said.starts_with("Only "),
                "{} with /{path}: {said}",
                who.name
            );
        }
    }
    let log = world.says(&zoe, "settings log", vec![]).await;
    assert!(log.contains("Only moderators"), "{log}");
    let set = vec![("name", text("seats")), ("value", text("1"))];
    let said = world.says(&zoe, "settings set", set).await;
    assert!(said.contains("Only admins"), "{said}");
    let card = world.card(&bo, "Steady").await;
    assert!(
        card.says("1: Ana") && !card.says("Mine now"),
        "{}",
        card.text
    );
    world.end().await;
}

#[expect(clippy::too_many_lines, reason = "one evening, told in order")]
#[tokio::test(flavor = "multi_thread")]
async fn a_moderator_may_do_everything_and_it_is_logged() {
    let (world, guild) = World::new().await;
    let [ana, bo, mod_] = in_lounge(&guild, ["Ana", "Bo", "Mo"]);
    guild.role("Moderators", MODERATE_MEMBERS, &[&mod_]);
    world.play(&ana, &piece("Watched", 330.0, 15)).await;
    world.hears(&bo, 330.0).await;
    world
        .says(&bo, "rate", vec![("stars", Given::Int(1))])
        .await;
    let say = |path: &'static str, options| world.says(&mod_, path, options);
    assert!(say("stage lock", vec![]).await.contains("locked"));
    let refused = world.says(&bo, "seat take", vec![]).await;
    assert!(refused.contains("The stage is locked"), "{refused}");
    assert!(say("stage unlock", vec![]).await.contains("unlocked"));
    world.says(&bo, "seat take", vec![]).await;
    let said = say(
        "stage move",
        vec![("member", user(&bo)), ("seat", Given::Int(4))],
    )
    .await;
    assert!(said.contains("now has seat 4"), "{said}");
    let said = say("stage theme", vec![("theme", text("Quiet please"))]).await;
    assert!(said.contains("new theme"), "{said}");
    let said = say("stage void", vec![("member", user(&bo))]).await;
    assert!(said.contains("doesn't count any more"), "{said}");
    let stars = vec![("stars", Given::Int(5))];
    let refused = world.says(&bo, "rate", stars).await;
    assert!(refused.contains("voided your rating"), "{refused}");
    let said = say(
        "stage kick",
        vec![("member", user(&bo)), ("reason", text("a test"))],
    )
    .await;
    assert!(said.contains("off the stage"), "{said}");
    let said = say("stage ban", vec![("member", user(&bo))]).await;
    assert!(said.contains("can't take a seat"), "{said}");
    let refused = world.says(&bo, "seat take", vec![]).await;
    assert!(
        refused.contains("A moderator has taken you off"),
        "{refused}"
    );
    assert!(
        say("stage unban", vec![("member", user(&bo))])
            .await
            .contains("can take a seat again")
    );
    let said = say("stage skip", vec![("reason", text("too loud"))]).await;
    assert!(said.contains("Skipped"), "{said}");
    let skipped = world
        .wait(&bo, "the result", |it| {
            it.says("Watched") && it.says("heard by")
        })
        .await;
    assert!(skipped.says("skipped: too loud"), "{}", skipped.text);
    assert!(
        say("stage close", vec![])
            .await
            .contains("closed after one song")
    );
    let log = say("settings log", vec![]).await;
    for deed in ["Quiet please", "a test", &bo.id.to_string()] {
        assert!(log.contains(deed), "{deed} is missing: {log}");
    }
    let said = say(
        "settings set",
        vec![("name", text("seats")), ("value", text("1"))],
    )
    .await;
    assert!(
        said.contains("Only admins"),
        "a moderator is no admin: {said}"
    );
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_host_runs_the_room_but_bans_nobody() {
    let (world, guild) = World::new().await;
    let [ana, bo] = in_lounge(&guild, ["Ana", "Bo"]);
    let said = world
        .says(&ana, "stage open", vec![("theme", text("My room"))])
        .await;
    assert!(said.contains("The stage is open"), "{said}");
    world.play(&bo, &piece("Guest Song", 330.0, 15)).await;
    world.hears(&ana, 330.0).await;
    for (path, options) in attempts(&bo) {
        let said = world.says(&ana, path, options).await;
        let is_refused = said.starts_with("Only moderators");
        let for_moderators = ["stage ban", "stage unban", "stage void"].contains(&path);
        assert_eq!(is_refused, for_moderators, "/{path}: {said}");
    }
    world
        .wait(&bo, "the playlist", |it| it.files.len() == 4)
        .await;
    let again = world.says(&ana, "playlist show", vec![]).await;
    assert!(again.contains("Guest Song"), "{again}");
    let files = world.run(&ana, "playlist export", vec![]).await;
    assert_eq!(files.seen().unwrap().files.len(), 4);
    world.end().await;
}
