//! A party in a Discord stage channel: its stage is opened with the theme, who comes in is in the
//! audience, and who sits may speak if the guild wants it so.

use crate::world::{PATIENCE, World, piece, text};
use discord_sandbox::people::{Member, until};
use discord_sandbox::permissions::{Bits, MANAGE_CHANNELS, MOVE_MEMBERS, MUTE_MEMBERS};
use discord_sandbox::server::GuildSet;
use discord_sandbox::world::{Id, VoiceChange, VoiceState};

/// What the moderators of a Discord stage may.
const CREW: Bits = MANAGE_CHANNELS | MUTE_MEMBERS | MOVE_MEMBERS;

/// A stage channel with Ana in it; the bot may do this beside what its link asked for.
async fn evening(permissions: Bits) -> (World, GuildSet, Id, Member) {
    let (world, guild) = World::new().await;
    allow(&world, &guild, permissions);
    let stage = guild.stage_channel("concert");
    let ana = audience(&guild, stage, "Ana");
    (world, guild, stage, ana)
}

fn allow(world: &World, guild: &GuildSet, permissions: Bits) {
    let role = guild.role("Stage crew", permissions, &[]);
    let hub = world.sandbox.hub();
    hub.world().set_role(guild.id, world.bot.id, role, true);
}

fn audience(guild: &GuildSet, stage: Id, name: &str) -> Member {
    let mut member = guild.member(name, "en-US");
    assert!(member.join_voice(stage));
    member
}

/// The Discord stage that is open in the channel: its instance and its topic.
fn instance(world: &World, stage: Id) -> Option<(Id, String)> {
    let sandbox = world.sandbox.hub().world();
    let guild = sandbox.channels.get(&stage)?.guild_id?;
    let instance = sandbox.guilds.get(&guild)?.stage_instances.get(&stage)?;
    Some((instance.id, instance.topic.clone()))
}

async fn comes_about(world: &World, what: &str, is_so: impl Fn() -> bool) {
    let found = until(world.sandbox.hub(), PATIENCE, |_| is_so().then_some(()));
    assert!(found.await.is_some(), "{what}\n{}", world.log());
}

async fn has_topic(world: &World, stage: Id, topic: &str) {
    let is_so = || instance(world, stage).is_some_and(|(_, now)| now == topic);
    comes_about(world, &format!("the topic {topic}"), is_so).await;
}

async fn stands(world: &World, who: &Member, what: &str, fits: impl Fn(&VoiceState) -> bool) {
    let is_so = || who.voice_state().is_some_and(|it| fits(&it));
    comes_about(world, &format!("{} is {what}", who.name), is_so).await;
}

async fn themed(world: &World, who: &Member, theme: &str) {
    let options = vec![("theme", text(theme))];
    let said = world.says(who, "stage theme", options).await;
    assert!(said.starts_with("Done"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn in_a_stage_channel_the_bot_asks_to_speak_and_is_heard_once_it_may() {
    let (world, guild, _, ana) = evening(0).await;
    world.play(&ana, &piece("From The Stage", 330.0, 20)).await;
    world
        .wait(&ana, "the raised hand", |it| it.says("Please let me speak"))
        .await;
    assert!(!ana.let_speak(world.bot.id), "Ana is no moderator");
    assert!(ana.hears().stretches().iter().all(|it| !it.is(330.0)));
    assert!(guild.owner.let_speak(world.bot.id));
    world.hears(&ana, 330.0).await;
    world.says(&ana, "stage close", vec![]).await;
    // With the permission it comes up by itself.
    allow(&world, &guild, MUTE_MEMBERS);
    world.play(&ana, &piece("By Itself", 550.0, 10)).await;
    world.hears(&ana, 550.0).await;
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_discord_stage_has_the_theme_as_its_topic_and_goes_with_the_party() {
    let (world, guild, stage, mut ana) = evening(CREW).await;
    let long = format!("Rainy days {}", "and nights ".repeat(15));
    let options = vec![("theme", text(long.trim()))];
    world.says(&ana, "stage open", options).await;
    let shown = || instance(&world, stage).is_some_and(|(_, it)| it.starts_with("Rainy days"));
    comes_about(&world, "the stage is open", shown).await;
    let (_, topic) = instance(&world, stage).unwrap();
    assert!(
        topic.chars().count() <= 120 && topic.ends_with('…'),
        "{topic}"
    );
    themed(&world, &ana, "Sunny days").await;
    has_topic(&world, stage, "Sunny days").await;
    world.says(&ana, "stage theme", vec![]).await;
    has_topic(&world, stage, "Listening together").await;
    world.says(&ana, "stage close", vec![]).await;
    let gone = || instance(&world, stage).is_none();
    comes_about(&world, "the stage is closed", gone).await;
    assert_eq!(world.letters(&ana), Vec::<String>::new());
    // A voice channel has no such stage, and nothing is asked for.
    assert!(ana.join_voice(guild.lounge));
    world.play(&ana, &piece("Just Voice", 440.0, 3)).await;
    world.hears(&ana, 440.0).await;
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_permissions_the_party_goes_on_and_its_host_is_told_once() {
    let (world, guild, stage, ana) = evening(MUTE_MEMBERS).await;
    world.play(&ana, &piece("Unannounced", 330.0, 50)).await;
    world.hears(&ana, 330.0).await;
    comes_about(&world, "the host is told", || {
        !world.letters(&ana).is_empty()
    })
    .await;
    let [told] = <[String; 1]>::try_from(world.letters(&ana)).unwrap();
    assert!(told.contains("**Manage Channels**, **Mute Members** and **Move Members**"));
    assert_eq!(instance(&world, stage), None);
    // Another try, with another theme, is as vain and is not spoken of again.
    themed(&world, &ana, "Quietly").await;
    allow(&world, &guild, CREW);
    themed(&world, &ana, "Out loud").await;
    has_topic(&world, stage, "Out loud").await;
    assert_eq!(world.letters(&ana).len(), 1);
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stage_that_somebody_else_opened_stays_theirs() {
    let (world, guild, stage, ana) = evening(CREW).await;
    assert!(guild.owner.start_stage(stage, "Town hall"));
    let (theirs, _) = instance(&world, stage).unwrap();
    world.play(&ana, &piece("Guest Song", 330.0, 50)).await;
    world.hears(&ana, 330.0).await;
    assert_eq!(
        instance(&world, stage),
        Some((theirs, "Town hall".to_owned()))
    );
    // A party with a theme says so there too.
    themed(&world, &ana, "Town songs").await;
    has_topic(&world, stage, "Town songs").await;
    world.says(&ana, "stage close", vec![]).await;
    world
        .wait(&ana, "the playlist", |it| {
            it.says("Guest Song") && !it.files.is_empty()
        })
        .await;
    let out = || {
        let sandbox = world.sandbox.hub().world();
        let guild = sandbox.guilds.get(&guild.id);
        guild.is_some_and(|it| !it.voice_states.contains_key(&world.bot.id))
    };
    comes_about(&world, "the bot has left", out).await;
    assert_eq!(
        instance(&world, stage),
        Some((theirs, "Town songs".to_owned()))
    );
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_takes_a_seat_may_speak_and_who_leaves_it_is_in_the_audience_again() {
    let (world, guild, stage, ana) = evening(CREW).await;
    world.set(&guild, "seats-speak", "on").await;
    let crew = guild.member("Cleo", "en-US");
    guild.role("Moderators", MUTE_MEMBERS, &[&crew]);
    let [mut cleo, bo] = [crew, audience(&guild, stage, "Bo")];
    assert!(cleo.join_voice(stage));
    world.play(&ana, &piece("On Stage", 330.0, 50)).await;
    stands(&world, &ana, "asked up", |it| !it.suppress).await;
    assert!(ana.answer_invitation(true));
    stands(&world, &ana, "a speaker", VoiceState::is_speaker).await;
    world.says(&bo, "seat take", vec![]).await;
    stands(&world, &bo, "asked up", |it| !it.suppress).await;
    // Who declines is not asked again.
    assert!(bo.answer_invitation(false));
    // Cleo speaks anyway: a seat changes nothing, neither taken nor left.
    world.says(&cleo, "seat take", vec![]).await;
    world.says(&cleo, "seat leave", vec![]).await;
    world.says(&ana, "seat leave", vec![]).await;
    stands(&world, &ana, "in the audience", |it| it.suppress).await;
    assert!(cleo.voice_state().is_some_and(|it| it.is_speaker()));
    assert!(bo.voice_state().is_some_and(|it| it.suppress));
    assert_eq!(world.letters(&ana), Vec::<String>::new());
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_host_decides_for_one_session_who_speaks_whatever_the_server_has_set() {
    let (mut world, guild, stage, ana) = evening(CREW).await;
    let speak = |who| vec![("speak", text(who))];
    world.says(&ana, "stage open", speak("on")).await;
    world.play(&ana, &piece("Speak Up", 330.0, 50)).await;
    stands(&world, &ana, "asked up", |it| !it.suppress).await;
    assert!(ana.answer_invitation(true));
    world.hears(&ana, 330.0).await;
    // It is kept with the evening.
    world.kill_bot().await;
    world.start_bot().await;
    let before = ana.heard_ms();
    world.hears_more(&ana, 330.0, before).await;
    let bo = audience(&guild, stage, "Bo");
    world.says(&bo, "seat take", vec![]).await;
    stands(&world, &bo, "asked up", |it| !it.suppress).await;
    assert!(ana.voice_state().is_some_and(|it| it.is_speaker()));
    world.says(&ana, "stage close", vec![]).await;
    stands(&world, &ana, "in the audience", |it| it.suppress).await;
    stands(&world, &bo, "in the audience", |it| it.suppress).await;
    // The other way round.
    world.set(&guild, "seats-speak", "on").await;
    world.says(&ana, "stage open", speak("off")).await;
    world.play(&ana, &piece("Hush", 440.0, 20)).await;
    world.hears(&ana, 440.0).await;
    assert!(ana.voice_state().is_some_and(|it| it.suppress));
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_bot_did_on_a_discord_stage_it_knows_after_a_crash() {
    let (mut world, guild, stage, ana) = evening(CREW).await;
    world.set(&guild, "seats-speak", "on").await;
    world
        .play(&ana, &piece("Before And After", 330.0, 50))
        .await;
    stands(&world, &ana, "asked up", |it| !it.suppress).await;
    assert!(ana.answer_invitation(true));
    world.hears(&ana, 330.0).await;
    let open = instance(&world, stage).unwrap();
    world.kill_bot().await;
    world.start_bot().await;
    let before = ana.heard_ms();
    world.hears_more(&ana, 330.0, before).await;
    assert_eq!(instance(&world, stage), Some(open), "it is the same stage");
    world.says(&ana, "seat leave", vec![]).await;
    stands(&world, &ana, "in the audience", |it| it.suppress).await;
    world.says(&ana, "stage close", vec![]).await;
    let gone = || instance(&world, stage).is_none();
    comes_about(&world, "the stage is closed", gone).await;
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_discord_stage_that_closed_by_itself_is_opened_again_with_the_next_song() {
    let (world, guild, stage, ana) = evening(CREW).await;
    world.play(&ana, &piece("Fading Lights", 330.0, 50)).await;
    world.hears(&ana, 330.0).await;
    let (first, _) = instance(&world, stage).unwrap();
    let hub = world.sandbox.hub();
    let quiet = |suppress| {
        let change = VoiceChange {
            suppress: Some(suppress),
            ..VoiceChange::default()
        };
        hub.world().change_voice(guild.id, world.bot.id, change);
    };
    hub.world().silence_limit_ms = 300;
    quiet(true);
    let gone = || instance(&world, stage).is_none();
    comes_about(&world, "the stage has closed by itself", gone).await;
    hub.world().silence_limit_ms = 60_000;
    quiet(false);
    world.play(&ana, &piece("Lights On", 440.0, 20)).await;
    world.says(&ana, "skip", vec![]).await;
    let again = || instance(&world, stage).is_some_and(|(now, _)| now != first);
    comes_about(&world, "the stage is open again", again).await;
    world.end().await;
}
