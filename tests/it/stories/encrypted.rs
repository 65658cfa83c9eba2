//! End-to-end encryption while music plays: people come and go, every one of them makes a new epoch,
//! and those who are in the call lose nothing.

use crate::world::{PATIENCE, World, in_lounge, piece};
use discord_sandbox::ears::{Heard, Understood};
use discord_sandbox::people::{Member, until};
use discord_sandbox::server::GuildSet;
use discord_sandbox::voice::Tally;
use discord_sandbox::world::Id;

/// The call once it is like this.
async fn call(world: &World, channel: Id, what: &str, fits: impl Fn(&Tally) -> bool) -> Tally {
    let found = until(world.sandbox.hub(), PATIENCE, |_| {
        world.sandbox.voice().call(channel).filter(&fits)
    });
    match found.await {
        Some(call) => call,
        None => panic!(
            "{what}: {:?}\n{}",
            world.sandbox.voice().call(channel),
            world.log()
        ),
    }
}

async fn is_in(world: &World, guild: &GuildSet, who: Id, inside: bool) -> Tally {
    let fits = |call: &Tally| call.members.contains(&who) == inside;
    let what = format!("{who} in the group: {inside}");
    call(world, guild.lounge, &what, fits).await
}

fn understood(world: &World, who: &Member) -> Understood {
    world.sandbox.voice().ears().understood(who.id)
}

/// Waits until this listener has read so many frames more.
async fn reads_more(world: &World, who: &Member, frames: u64) {
    let before = understood(world, who).read;
    let found = until(world.sandbox.hub(), PATIENCE, |_| {
        (understood(world, who).read >= before + frames).then_some(())
    });
    assert!(
        found.await.is_some(),
        "{}: {:?}\n{}",
        who.name,
        understood(world, who),
        world.log()
    );
}

/// What the bot sent in its only voice session, once it is silent.
async fn sent(world: &World, guild: &GuildSet) -> Heard {
    let ears = world.sandbox.voice().ears();
    let found = until(world.sandbox.hub(), PATIENCE, |_| {
        let mut all = ears.heard(guild.id, world.bot.id);
        all.pop().filter(|heard| heard.silence_frames_at_end >= 5)
    });
    found.await.unwrap()
}

/// Fifty changes of who is there, 25 in and 25 out, while one song plays.
async fn come_and_go(people_commit: bool) -> (Tally, Id) {
    let (world, guild) = World::new().await;
    let [ana, bo] = in_lounge(&guild, ["Ana", "Bo"]);
    world.play(&ana, &piece("Revolving Door", 330.0, 50)).await;
    world.hears(&bo, 330.0).await;
    is_in(&world, &guild, world.bot.id, true).await;
    world.sandbox.voice().people_commit(people_commit);
    for count in 0..25 {
        let mut guest = guild.member(&format!("Guest {count}"), "en-US");
        assert!(guest.join_voice(guild.lounge));
        is_in(&world, &guild, guest.id, true).await;
        reads_more(&world, &guest, 5).await;
        let epoch = world.sandbox.voice().call(guild.lounge).unwrap().epoch;
        guest.leave_voice();
        // In an epoch of their absence, before the next comes.
        call(&world, guild.lounge, "a guest is gone", |call| {
            call.epoch > epoch && !call.members.contains(&guest.id)
        })
        .await;
        let theirs = understood(&world, &guest);
        assert_eq!((theirs.unreadable, theirs.plain), (0, 0), "{theirs:?}");
    }
    reads_more(&world, &bo, 50).await;
    let tally = world.sandbox.voice().call(guild.lounge).unwrap();
    world.says(&ana, "skip", vec![]).await;
    let sent = sent(&world, &guild).await;
    let read = understood(&world, &bo);
    assert_eq!((sent.lost, sent.duplicates), (0, 0), "{sent:?}");
    assert_eq!(
        read.read, sent.frames,
        "every frame that was sent could be read: {read:?} of {sent:?}"
    );
    assert_eq!(read.unreadable, 0, "{read:?}");
    assert!(
        tally.epochs >= 50,
        "each was an epoch of its own: {tally:?}"
    );
    assert_eq!((tally.late, tally.invalid), (0, 0), "{tally:?}");
    let bot = world.bot.id;
    world.end().await;
    (tally, bot)
}

#[tokio::test(flavor = "multi_thread")]
async fn through_fifty_joins_and_leaves_not_one_frame_is_lost() {
    come_and_go(true).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nor_when_the_bot_has_to_commit_to_every_one_of_them() {
    let (tally, bot) = come_and_go(false).await;
    let by_bot = tally.commits.get(&bot).copied().unwrap_or_default();
    assert!(by_bot >= 50, "{tally:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_song_is_encrypted_from_its_first_frame_on() {
    let (world, guild) = World::new().await;
    let [ana, bo] = in_lounge(&guild, ["Ana", "Bo"]);
    world.play(&ana, &piece("First", 330.0, 30)).await;
    world.hears(&bo, 330.0).await;
    world.says(&ana, "skip", vec![]).await;
    let sent = sent(&world, &guild).await;
    let read = understood(&world, &bo);
    assert_eq!((read.plain, read.before, read.unreadable), (0, 0, 0));
    assert_eq!(read.read, sent.frames, "{read:?} of {sent:?}");
    let log = world.log();
    let waited = log.lines().find(|line| line.contains("end-to-end"));
    println!("{}", waited.unwrap_or("no wait was told"));
    assert!(waited.is_some_and(|line| line.contains("begun=true")));
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn alone_the_bot_waits_for_whoever_comes_back() {
    let (world, guild) = World::new().await;
    let [mut ana] = in_lounge(&guild, ["Ana"]);
    world.play(&ana, &piece("Empty Room", 330.0, 30)).await;
    world.hears(&ana, 330.0).await;
    ana.leave_voice();
    let alone = |call: &Tally| call.epoch == 0;
    call(&world, guild.lounge, "no group", alone).await;
    assert!(ana.join_voice(guild.lounge));
    is_in(&world, &guild, world.bot.id, true).await;
    reads_more(&world, &ana, 50).await;
    world.hears(&ana, 330.0).await;
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_commit_that_the_bot_cannot_process_is_recovered_from() {
    let (world, guild) = World::new().await;
    let [ana, bo] = in_lounge(&guild, ["Ana", "Bo"]);
    world.play(&ana, &piece("Spoilt", 330.0, 30)).await;
    world.hears(&bo, 330.0).await;
    is_in(&world, &guild, world.bot.id, true).await;
    world.sandbox.voice().spoil_next_commit(world.bot.id);
    in_lounge(&guild, ["Cy"]);
    let reported = |call: &Tally| call.invalid == 1;
    call(&world, guild.lounge, "reported", reported).await;
    is_in(&world, &guild, world.bot.id, true).await;
    reads_more(&world, &bo, 50).await;
    world.hears(&bo, 330.0).await;
    println!("Bo {:?}", understood(&world, &bo));
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_that_has_to_do_without_encryption_is_heard_all_the_same() {
    let (world, guild) = World::new().await;
    let [ana, bo] = in_lounge(&guild, ["Ana", "Bo"]);
    world.play(&ana, &piece("Down And Up", 330.0, 30)).await;
    world.hears(&bo, 330.0).await;
    is_in(&world, &guild, world.bot.id, true).await;
    world.sandbox.voice().downgrade(guild.lounge);
    let plain = |call: &Tally| call.members.is_empty();
    call(&world, guild.lounge, "no encryption", plain).await;
    reads_more(&world, &bo, 50).await;
    world.sandbox.voice().upgrade(guild.lounge);
    is_in(&world, &guild, world.bot.id, true).await;
    reads_more(&world, &bo, 50).await;
    world.hears(&bo, 330.0).await;
    println!("Bo {:?}", understood(&world, &bo));
    world.end().await;
}
