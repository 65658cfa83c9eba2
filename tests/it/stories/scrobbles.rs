//! What people hear is told to the services where they keep it: once, with the right time, whatever
//! happens in between, and to nobody after they have ended it.

use crate::lastfm::{self, Fm};
use crate::listenbrainz::{Brainz, Mishap};
use crate::world::{PATIENCE, Told, World, in_lounge, piece, text};
use discord_sandbox::people::{Answer, Member, until};
use discord_sandbox::server::GuildSet;
use serde_json::Value;

pub(super) const KEY: &str = "q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA=";
const OTHER_KEY: &str = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";
pub(super) const ANAS: &str = "6f0e8f1c-aaaa-4bbb-8ccc-000000000001";
pub(super) const BOS: &str = "6f0e8f1c-aaaa-4bbb-8ccc-000000000002";
const CYS: &str = "6f0e8f1c-aaaa-4bbb-8ccc-000000000003";

pub(super) async fn brainz() -> Brainz {
    Brainz::start(&[(ANAS, "ana_lb"), (BOS, "bo"), (CYS, "cy")]).await
}

pub(super) async fn evening(brainz: &Brainz, key: Option<&str>) -> (World, GuildSet) {
    let told = Told {
        more: key
            .map(|key| ("RONDO_SECRET_KEY", key.to_owned()))
            .into_iter()
            .collect(),
        flags: vec![format!("--listenbrainz-base={}", brainz.base())],
        ..Told::default()
    };
    let (world, [guild]) = World::told(told, ["Home"]).await;
    (world, guild)
}

/// Waits for what does not happen in Discord.
pub(super) async fn comes_about(world: &World, what: &str, is_so: impl Fn() -> bool) {
    let found = until(world.sandbox.hub(), PATIENCE, |_| is_so().then_some(()));
    assert!(found.await.is_some(), "{what}\n{}", world.log());
}

/// Kills the bot and starts it again, with other settings where some are given.
pub(super) async fn restart(world: &mut World, settings: &[(&'static str, &str)]) {
    const CONNECTED: &str = "connected to Discord";
    let before = world.log().matches(CONNECTED).count();
    world.kill_bot().await;
    for (name, value) in settings {
        world.tell(name, value);
    }
    world.start_bot().await;
    comes_about(world, "the bot is back", || {
        world.log().matches(CONNECTED).count() > before
    })
    .await;
}

/// Types a token into the form; what is said to it.
async fn type_token(world: &World, who: &Member, token: &str) -> String {
    let service = vec![("service", text("listenbrainz"))];
    let opened = who
        .slash(&world.bot, "scrobble link", service)
        .await
        .unwrap();
    let Answer::Form { interaction, form } = opened else {
        panic!("no form opened: {opened:?}\n{}", world.log());
    };
    assert_eq!(form["title"], "Link ListenBrainz");
    let said = who.submit(interaction, &[("words", token)]).await.unwrap();
    world.settled(who, said).await.text().to_owned()
}

pub(super) async fn link(world: &World, who: &Member, token: &str) {
    let said = type_token(world, who, token).await;
    assert!(said.starts_with("Linked to"), "{said}");
}

async fn status(world: &World, who: &Member) -> String {
    world.says(who, "scrobble status", vec![]).await
}

/// Asks for the status until it says this.
async fn status_says(world: &World, who: &Member, words: &str) -> String {
    let asks = async {
        loop {
            let said = status(world, who).await;
            if said.contains(words) {
                return said;
            }
        }
    };
    if let Ok(said) = tokio::time::timeout(PATIENCE, asks).await {
        return said;
    }
    panic!("{}\n{}", status(world, who).await, world.log());
}

/// Nothing that the bot leaves behind holds this.
fn is_nowhere(world: &World, secret: &str) {
    let library = world.library();
    let mut looked = 0;
    for name in ["rondo.db", "rondo.db-wal", "bot.log"] {
        let Ok(bytes) = std::fs::read(library.parent().unwrap().join(name)) else {
            continue;
        };
        let found = bytes
            .windows(secret.len())
            .any(|it| it == secret.as_bytes());
        assert!(!found, "{name} holds the token");
        looked += 1;
    }
    assert!(looked >= 2, "the database and the log are there");
}

fn title(listen: &Value) -> &str {
    listen["track_metadata"]["track_name"].as_str().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_heard_is_told_once_though_the_service_stumbles() {
    let brainz = brainz().await;
    let (world, guild) = evening(&brainz, Some(KEY)).await;
    let [ana, bo, cy] = in_lounge(&guild, ["Ana", "Bo", "Cy"]);
    let refused = type_token(&world, &ana, "somebody-elses").await;
    assert!(refused.contains("does not know that token"), "{refused}");
    let said = type_token(&world, &ana, ANAS).await;
    assert!(said.contains("**ana\\_lb** at ListenBrainz"), "{said}");
    link(&world, &bo, BOS).await;
    link(&world, &cy, CYS).await;

    brainz.stumbles(&[Mishap::TooMany(1), Mishap::Status(503), Mishap::Unsaid]);
    let before_s = time_s();
    world.play(&cy, &piece("Heard Whole", 330.0, 16)).await;
    world.hears(&bo, 330.0).await;
    // Less than half of it.
    bo.leave_voice();
    world
        .wait(&cy, "the result", |it| {
            it.says("Heard Whole") && it.says("heard by")
        })
        .await;
    comes_about(&world, "all mishaps happen, and both are told", || {
        brainz.is_well() && brainz.listens("ana_lb").len() + brainz.listens("cy").len() == 2
    })
    .await;
    status_says(&world, &ana, "1 sent · 0 waiting · 0 not taken").await;
    status_says(&world, &cy, "1 sent · 0 waiting").await;
    let said = status(&world, &bo).await;
    assert!(said.contains("0 sent · 0 waiting · 0 not taken"), "{said}");
    assert!(
        brainz.submissions() >= 5,
        "three mishaps and two that were taken"
    );
    let after_s = time_s();

    // Ana has listened to it, and so has Cy, who played it.
    for owner in ["ana_lb", "cy"] {
        let listens = brainz.listens(owner);
        assert_eq!(listens.len(), 1, "{listens:?}");
        let at = listens[0]["listened_at"].as_i64().unwrap();
        assert!(
            (before_s..=after_s - 16).contains(&at),
            "{at}: {before_s} to {after_s}"
        );
        let about = &listens[0]["track_metadata"];
        assert_eq!(about["track_name"], "Heard Whole");
        assert_eq!(about["artist_name"], "The Testers");
        let info = &about["additional_info"];
        assert_eq!(info["submission_client"], "Rondo");
        assert_eq!(info["media_player"], "Rondo");
        assert_eq!(info["duration_ms"], 16_000);
        assert_eq!(info.get("origin_url"), None, "it came as a file");
    }
    assert!(brainz.listens("bo").is_empty());
    for token in [ANAS, BOS, CYS] {
        is_nowhere(&world, token);
    }
    world.end().await;
}

/// The present by the clock of this machine, in seconds.
fn time_s() -> i64 {
    rondo::app::clock::now().0.div_euclid(1_000)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bot_that_is_killed_before_it_knows_that_it_was_told_tells_nothing_twice() {
    let brainz = brainz().await;
    let (mut world, guild) = evening(&brainz, Some(KEY)).await;
    let [ana, bo] = in_lounge(&guild, ["Ana", "Bo"]);
    link(&world, &ana, ANAS).await;
    // It has the listen, but says that it broke.
    brainz.stumbles(&[Mishap::Unsaid]);
    world.play(&bo, &piece("Twice Sent", 330.0, 4)).await;
    comes_about(&world, "the listen arrives", || {
        brainz.is_well() && brainz.listens("ana_lb").len() == 1
    })
    .await;
    restart(&mut world, &[]).await;
    status_says(&world, &ana, "1 sent · 0 waiting").await;
    assert!(brainz.submissions() >= 2, "it was sent again");
    let listens = brainz.listens("ana_lb");
    assert_eq!(
        listens.iter().map(title).collect::<Vec<_>>(),
        ["Twice Sent"]
    );
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_unlinks_or_leaves_a_server_out_is_told_of_no_more() {
    let brainz = brainz().await;
    let (world, guild) = evening(&brainz, Some(KEY)).await;
    let [ana, bo, cy] = in_lounge(&guild, ["Ana", "Bo", "Cy"]);
    let service = || vec![("service", text("listenbrainz"))];
    let said = world.says(&ana, "scrobble unlink", service()).await;
    assert!(said.contains("is not linked"), "{said}");
    for (who, token) in [(&ana, ANAS), (&bo, BOS), (&cy, CYS)] {
        link(&world, who, token).await;
    }
    world.play(&cy, &piece("All Three", 330.0, 3)).await;
    comes_about(&world, "everybody's arrives", || {
        ["ana_lb", "bo", "cy"]
            .iter()
            .all(|it| brainz.listens(it).len() == 1)
    })
    .await;
    let said = world.says(&ana, "scrobble unlink", service()).await;
    assert!(said.contains("The token is deleted"), "{said}");
    let off = vec![("state", text("off"))];
    let said = world.says(&bo, "scrobble here", off).await;
    assert!(said.contains("not sent any more"), "{said}");
    let anas = |table: &str| format!("select count(*) from {table} where member_id = {}", ana.id);
    for table in ["scrobble_link", "scrobble"] {
        assert_eq!(world.kept(&anas(table)).await, 0, "{table}");
    }
    world.play(&cy, &piece("Only Cy", 440.0, 3)).await;
    comes_about(&world, "Cy's arrives", || brainz.listens("cy").len() == 2).await;
    assert_eq!(brainz.listens("ana_lb").len(), 1);
    assert_eq!(brainz.listens("bo").len(), 1);
    let said = status(&world, &bo).await;
    assert!(said.contains("not sent (`/scrobble here`)"), "{said}");
    let said = status(&world, &ana).await;
    assert!(said.contains("**ListenBrainz** · not linked"), "{said}");
    // One that it does not want spoils nothing for the one beside it, and the reason is shown.
    brainz.stumbles(&[Mishap::TooMany(10)]);
    world.play(&cy, &piece("Unwanted", 550.0, 3)).await;
    world.play(&cy, &piece("Wanted", 660.0, 3)).await;
    let said = status_says(&world, &cy, "3 sent · 0 waiting · 1 not taken").await;
    assert!(
        said.contains("field track\\_metadata.track\\_name is unwanted"),
        "{said}"
    );
    let wanted = brainz.listens("cy");
    assert_eq!(title(&wanted[2]), "Wanted");
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_unlinks_while_it_is_sent_one_by_one_is_told_of_no_more() {
    let brainz = brainz().await;
    let (world, guild) = evening(&brainz, Some(KEY)).await;
    let [ana, bo, cy] = in_lounge(&guild, ["Ana", "Bo", "Cy"]);
    link(&world, &ana, ANAS).await;
    link(&world, &bo, BOS).await;
    // All three come at once after the pause; since one of them is refused, each goes alone.
    brainz.stumbles(&[Mishap::TooMany(15), Mishap::None, Mishap::Held]);
    for title in ["First", "Unwanted", "Last"] {
        world.play(&cy, &piece(title, 330.0, 3)).await;
    }
    comes_about(&world, "the first of Ana's is on its way alone", || {
        brainz.submissions() == 3
    })
    .await;
    let service = vec![("service", text("listenbrainz"))];
    let said = world.says(&ana, "scrobble unlink", service).await;
    assert!(said.contains("The token is deleted"), "{said}");
    brainz.lets_go();
    // Bo's come after hers.
    comes_about(&world, "Bo's arrive", || brainz.listens("bo").len() == 2).await;
    let anas = brainz.listens("ana_lb");
    assert_eq!(anas.iter().map(title).collect::<Vec<_>>(), ["First"]);
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_is_taken_no_more_breaks_the_link_and_a_new_one_sends_what_waits() {
    let brainz = brainz().await;
    let (mut world, guild) = evening(&brainz, Some(KEY)).await;
    let [ana, bo] = in_lounge(&guild, ["Ana", "Bo"]);
    link(&world, &bo, BOS).await;
    brainz.revoke(BOS);
    world.play(&ana, &piece("Kept Back", 330.0, 3)).await;
    comes_about(&world, "Bo is told", || world.letters(&bo).len() == 1).await;
    let told = world.letters(&bo);
    assert!(
        told[0].contains("does not take the token of **bo** any more"),
        "{told:?}"
    );
    let said = status(&world, &bo).await;
    assert!(said.contains("0 sent · 1 waiting"), "{said}");
    assert!(
        said.contains("⚠️ ListenBrainz does not take the token"),
        "{said}"
    );
    // The owner changes the key: what was linked before has to be linked again.
    link(&world, &ana, ANAS).await;
    // Two weeks go by without a word of Bo.
    let weeks = "update scrobble set listened_at_ms = listened_at_ms - 1209600000";
    world.meddle(weeks).await;
    restart(&mut world, &[("RONDO_SECRET_KEY", OTHER_KEY)]).await;
    status_says(&world, &bo, "0 sent · 0 waiting · 1 not taken").await;
    world.play(&ana, &piece("Other Key", 440.0, 3)).await;
    comes_about(&world, "Ana is told", || world.letters(&ana).len() == 1).await;
    let told = world.letters(&ana);
    assert!(told[0].contains("My key was changed"), "{told:?}");
    link(&world, &ana, ANAS).await;
    comes_about(&world, "it arrives", || {
        !brainz.listens("ana_lb").is_empty()
    })
    .await;
    let said = status_says(&world, &ana, "1 sent · 0 waiting").await;
    assert!(!said.contains("⚠️"), "{said}");
    assert_eq!(world.letters(&bo).len(), 1, "once is enough");
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_owners_key_nobody_can_link_and_it_is_said_why() {
    let brainz = brainz().await;
    let (world, guild) = evening(&brainz, None).await;
    let [ana] = in_lounge(&guild, ["Ana"]);
    for service in ["listenbrainz", "lastfm"] {
        let service = vec![("service", text(service))];
        let said = world.says(&ana, "scrobble link", service).await;
        assert!(said.contains("RONDO_SECRET_KEY"), "{said}");
    }
    let said = status(&world, &ana).await;
    assert!(said.contains("RONDO_SECRET_KEY"), "{said}");
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn lastfm_is_let_in_with_two_buttons_and_told_the_same() {
    let fm = Fm::start().await;
    let more = [
        ("RONDO_SECRET_KEY", KEY),
        ("RONDO_LASTFM_KEY", lastfm::KEY),
        ("RONDO_LASTFM_SECRET", lastfm::SECRET),
    ];
    let told = Told {
        more: more.map(|(name, value)| (name, value.to_owned())).to_vec(),
        flags: vec![format!("--lastfm-base={}", fm.base())],
        ..Told::default()
    };
    let (world, [guild]) = World::told(told, ["Home"]).await;
    let [ana, bo] = in_lounge(&guild, ["Ana", "Bo"]);
    let service = || vec![("service", text("lastfm"))];
    let asked = world.run(&ana, "scrobble link", service()).await;
    let asked = asked.seen().unwrap();
    assert!(asked.is_ephemeral && asked.button("Open Last.fm").is_some());
    let early = ana.press(asked, "I have let you in").await.unwrap();
    assert!(
        early.text().contains("not let me in yet"),
        "{}",
        early.text()
    );
    let strange = bo.press(asked, "I have let you in").await;
    assert!(strange.is_err(), "it is for Ana's eyes only");
    fm.approve("Ana & <co>");
    let said = ana.press(asked, "I have let you in").await.unwrap();
    assert!(
        said.text()
            .starts_with("Linked to **Ana & \\<co\\>** at Last.fm"),
        "{}",
        said.text()
    );
    let again = ana.press(asked, "I have let you in").await.unwrap();
    assert!(again.text().contains("Begin again"), "{}", again.text());

    // Too short for Last.fm, one that it ignores, and one that it takes after an error, without
    // its word about it arriving.
    world.play(&bo, &piece("Too Short", 330.0, 3)).await;
    fm.stumbles(&[16]);
    fm.loses_answers(1);
    world.play(&bo, &piece("Long Enough", 440.0, 34)).await;
    world.hears(&ana, 440.0).await;
    world.hears_more(&ana, 440.0, ana.heard_ms() + 16_000).await;
    world.says(&bo, "skip", vec![]).await;
    comes_about(&world, "it arrives", || {
        !fm.scrobbles("Ana & <co>").is_empty()
    })
    .await;
    status_says(&world, &ana, "1 sent · 0 waiting · 0 not taken").await;
    let told = fm.scrobbles("Ana & <co>");
    assert_eq!(told.len(), 1, "{told:?}");
    let (artist, track, _, duration, by_user) = &told[0];
    assert_eq!(
        (artist.as_str(), track.as_str()),
        ("The Testers", "Long Enough")
    );
    assert_eq!((duration.as_str(), by_user.as_str()), ("34", "0"));
    let (requests, unsigned) = fm.requests();
    assert_eq!((requests, unsigned), (2, 0));
    assert_eq!(fm.looks(), 2, "before each further try");
    for session in fm.sessions() {
        is_nowhere(&world, &session);
    }
    world.says(&ana, "scrobble unlink", service()).await;
    assert_eq!(world.kept("select count(*) from scrobble_link").await, 0);
    world.end().await;
}
