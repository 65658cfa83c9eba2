//! Who answers for the bot is told in a direct message what only they can mend: once a day, and if
//! they take no messages the party goes on all the same.

use super::loudness::tone;
use super::scrobbles::restart;
use super::sound::hash;
use crate::world::{PATIENCE, World, in_lounge};
use discord_sandbox::interactions::Given;
use discord_sandbox::people::{Member, until};
use discord_sandbox::server::GuildSet;

/// What the bot's log says then.
const FULL: &str = "the disk is full: tracks";

/// Waits until the bot's log says this so often.
async fn logs(world: &World, words: &str, times: usize) {
    let said = until(world.sandbox.hub(), PATIENCE, |_| {
        (world.log().matches(words).count() >= times).then_some(())
    });
    assert!(said.await.is_some(), "{words}\n{}", world.log());
}

/// Ana plays a song for which there is no room, and Bo hears it.
async fn meets_a_full_disk(
    world: &World,
    (ana, bo): (&Member, &Member),
    (name, hz): (&'static str, f32),
) {
    let song = tone(name, hz, 0.5, 5);
    let Given::Attachment { bytes, .. } = &song else {
        panic!("it is a file");
    };
    let before = world.log().matches(FULL).count();
    let place = world.cache().join(format!("{}.part", hash(bytes)));
    std::os::unix::fs::symlink("/dev/full", place).unwrap();
    world.says(ana, "play", vec![("file", song)]).await;
    world.hears(bo, f64::from(hz)).await;
    logs(world, FULL, before + 1).await;
}

fn takes_messages(world: &World, who: &Member, takes: bool) {
    let mut sandbox = world.sandbox.hub().world();
    sandbox.users.get_mut(&who.id).unwrap().takes_messages = takes;
}

async fn a_day_passes(world: &World) {
    let day_ago = "update memo set value = cast(cast(value as integer) - 86400001 as text) \
                   where name = 'owner:disk'";
    world.meddle(day_ago).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_owner_is_told_of_a_full_disk_once_a_day_in_a_direct_message() {
    let (mut world, guild): (World, GuildSet) = World::new().await;
    let [ana, bo] = in_lounge(&guild, ["Ana", "Bo"]);
    let owner = guild.member("Olga", "en-US");
    world.sandbox.is_owned(&world.bot, &owner, false);
    restart(&mut world, &[]).await;
    meets_a_full_disk(&world, (&ana, &bo), ("first", 330.0)).await;
    let full = "The disk of the machine I run on is full";
    is_told(&world, &owner, full).await;
    // Only then it is over, and the bot may be killed.
    logs(&world, "the owner is told that", 1).await;
    let said = world.letters(&owner).concat();
    println!("{said}");
    for words in [full, "RONDO_CACHE_LIMIT_GB", "磁盘已满"] {
        assert!(said.contains(words), "{words}: {said}");
    }
    let place = world.cache().display().to_string();
    assert!(said.contains(&place), "{said}");

    // Not a second time on the same day, after a restart neither; a day later it is.
    restart(&mut world, &[]).await;
    meets_a_full_disk(&world, (&ana, &bo), ("second", 440.0)).await;
    a_day_passes(&world).await;
    world.sandbox.is_owned(&world.bot, &owner, true);
    restart(&mut world, &[]).await;
    assert_eq!(world.letters(&owner).len(), 1);
    // A team has the bot now, and its owner is told.
    meets_a_full_disk(&world, (&ana, &bo), ("third", 550.0)).await;
    logs(&world, "the owner is told that", 2).await;
    assert_eq!(world.letters(&owner).len(), 2);

    // Who takes no messages is in nobody's way.
    takes_messages(&world, &owner, false);
    a_day_passes(&world).await;
    restart(&mut world, &[]).await;
    meets_a_full_disk(&world, (&ana, &bo), ("fourth", 660.0)).await;
    logs(&world, "the owner takes no message", 1).await;
    assert_eq!(world.letters(&owner).len(), 2);
    world.end().await;
}

/// Waits until the owner was told what these words say.
async fn is_told(world: &World, owner: &Member, words: &str) -> String {
    let told = until(world.sandbox.hub(), PATIENCE, |_| {
        let letters = world.letters(owner);
        letters.into_iter().find(|it| it.contains(words))
    });
    let told = told.await;
    told.unwrap_or_else(|| panic!("{words}\n{}", world.log()))
}

#[tokio::test(flavor = "multi_thread")]
async fn where_members_files_have_no_room_they_are_refused_and_the_owner_is_told() {
    let (mut world, guild): (World, GuildSet) = World::new().await;
    let [ana, bo] = in_lounge(&guild, ["Ana", "Bo"]);
    let owner = guild.member("Olga", "en-US");
    world.sandbox.is_owned(&world.bot, &owner, false);
    restart(&mut world, &[("RONDO_MEDIA_LIMIT_GB", "1")]).await;
    world
        .says(&ana, "play", vec![("file", tone("first", 330.0, 0.5, 30))])
        .await;
    world.hears(&bo, 330.0).await;

    // As large as all may be, and not an hour old; it takes no room on this disk.
    let big = world
        .folder_of_media()
        .join(format!("{}.mp3", "ab".repeat(32)));
    std::fs::File::create(&big)
        .unwrap()
        .set_len(1_000_000_000)
        .unwrap();
    let second = || vec![("file", tone("second", 440.0, 0.5, 5))];
    let said = world.says(&ana, "play", second()).await;
    assert!(said.contains("no room for another track"), "{said}");
    let letter = is_told(&world, &owner, "RONDO_MEDIA_LIMIT_GB").await;
    println!("{letter}");
    assert!(letter.contains("没有空间"), "{letter}");
    let about = world.run(&guild.owner, "about", vec![]).await;
    assert!(
        about
            .text()
            .contains("no room for what members want to play"),
        "{}",
        about.text()
    );

    // Nobody has it in a setlist: after a while it goes, as soon as somebody needs the room.
    let file = std::fs::File::options().append(true).open(&big).unwrap();
    file.set_modified(std::time::UNIX_EPOCH).unwrap();
    let said = world.says(&ana, "play", second()).await;
    assert!(said.contains("added **second**"), "{said}");
    assert!(!big.exists());
    world.end().await;
}
