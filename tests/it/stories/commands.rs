//! What people look up and put in order: setlists, what was played, who did well, how it works.

use crate::world::{World, attached, in_lounge, piece, text, user};
use discord_sandbox::interactions::Given;

/// The value that autocomplete gives for what is typed.
async fn suggested(
    world: &World,
    who: &discord_sandbox::people::Member,
    path: &str,
    typed: (&str, &str),
) -> String {
    let found = who.suggestions(&world.bot, path, typed).await.unwrap();
    let first = found.first().expect("something is suggested");
    first["value"].as_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_setlist_is_put_in_order() {
    let (world, guild) = World::new().await;
    let [ana, bo] = in_lounge(&guild, ["Ana", "Bo"]);
    world.play(&ana, &piece("Sounding", 330.0, 30)).await;
    for title in ["Alpha", "Beta", "Gamma"] {
        world.play(&ana, &piece(title, 440.0, 2)).await;
    }
    let first = vec![("file", attached(&piece("Urgent", 550.0, 2)))];
    let said = world.says(&ana, "playnext", first).await;
    assert!(said.contains("It is next in the setlist"), "{said}");
    let order = |queue: &str| -> Vec<String> {
        let mut found: Vec<(usize, &str)> = ["Alpha", "Beta", "Gamma", "Urgent"]
            .iter()
            .filter_map(|title| Some((queue.find(title)?, *title)))
            .collect();
        found.sort_unstable();
        found
            .into_iter()
            .map(|(_, title)| title.to_owned())
            .collect()
    };
    let queue = world.says(&ana, "queue show", vec![]).await;
    assert_eq!(
        order(&queue),
        ["Urgent", "Alpha", "Beta", "Gamma"],
        "{queue}"
    );
    assert!(queue.contains("4 tracks, 0:08 in all"), "{queue}");
    let theirs = world
        .says(&bo, "queue show", vec![("member", user(&ana))])
        .await;
    assert_eq!(order(&theirs).len(), 4, "{theirs}");
    let gamma = suggested(&world, &ana, "queue move", ("track", "gam")).await;
    let options = vec![("track", text(&gamma)), ("place", Given::Int(1))];
    world.says(&ana, "queue move", options).await;
    let beta = suggested(&world, &ana, "queue remove", ("track", "beta")).await;
    world
        .says(&ana, "queue remove", vec![("track", text(&beta))])
        .await;
    let queue = world.says(&ana, "queue show", vec![]).await;
    assert_eq!(order(&queue), ["Gamma", "Urgent", "Alpha"], "{queue}");
    // Bo can't touch what is Ana's.
    let refused = world
        .says(&bo, "queue remove", vec![("track", text(&gamma))])
        .await;
    assert!(refused.contains("Your setlist is empty"), "{refused}");
    world.says(&ana, "queue shuffle", vec![]).await;
    let queue = world.says(&ana, "queue show", vec![]).await;
    assert_eq!(order(&queue).len(), 3, "{queue}");
    world.says(&ana, "queue clear", vec![]).await;
    let queue = world.says(&ana, "queue show", vec![]).await;
    assert!(queue.contains("Your setlist is empty"), "{queue}");
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_evening_can_be_looked_up_afterwards() {
    let (world, guild) = World::new().await;
    let [ana, bo] = in_lounge(&guild, ["Ana", "Bo"]);
    let nothing = world.says(&bo, "playlist show", vec![]).await;
    assert!(nothing.contains("no session here yet"), "{nothing}");
    world.set(&guild, "rating-heard", "0").await;
    let theme = vec![("theme", text("A quiet one"))];
    world.says(&ana, "stage open", theme).await;
    world.play(&ana, &piece("Remembered", 330.0, 3)).await;
    world.play(&bo, &piece("The Other", 440.0, 3)).await;
    world.hears(&bo, 330.0).await;
    world
        .says(&bo, "rate", vec![("stars", Given::Int(5))])
        .await;
    world.hears(&ana, 440.0).await;
    world.says(&ana, "stage close", vec![]).await;
    let history = world.says(&bo, "history", vec![]).await;
    assert!(
        history.find("The Other") < history.find("Remembered"),
        "{history}"
    );
    let list = world.says(&bo, "playlist list", vec![]).await;
    assert!(
        list.contains("A quiet one") && list.contains("2 songs"),
        "{list}"
    );
    let number = || vec![("number", Given::Int(1))];
    let shown = world.says(&bo, "playlist show", number()).await;
    assert!(
        shown.contains("Remembered") && shown.contains("5.0 ★ (1)"),
        "{shown}"
    );
    let files = world.run(&bo, "playlist export", number()).await;
    let files = &files.seen().unwrap().files;
    let named = |ending: &str| files.iter().any(|it| it.name.ends_with(ending));
    assert!(named(".xspf") && named(".m3u8"), "{files:?}");
    let unknown = vec![("number", Given::Int(7))];
    let unknown = world.says(&bo, "playlist show", unknown).await;
    assert!(unknown.contains("no session 7"), "{unknown}");
    let own = world.says(&ana, "profile", vec![]).await;
    assert!(own.contains("Played one song here"), "{own}");
    let other = world
        .says(&ana, "profile", vec![("member", user(&bo))])
        .await;
    assert!(other.contains("Gave one rating"), "{other}");
    for period in ["week", "month", "year", "all"] {
        for (board, expected) in [
            ("tracks", "No track has been heard by enough people"),
            ("loopers", "Nobody has played enough to enough people"),
            ("rookies", "No newcomer has been heard"),
        ] {
            let path = format!("leaderboard {board}");
            let said = world.says(&bo, &path, vec![("period", text(period))]).await;
            assert!(said.contains(expected), "{board} of {period}: {said}");
        }
    }
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn settings_are_shown_changed_and_refused_with_the_reason() {
    let (world, guild) = World::new().await;
    let ana = guild.member("Ana", "en-US");
    let owner = &guild.owner;
    let all = world.says(owner, "settings show", vec![]).await;
    for name in [
        "seats",
        "offer",
        "repeat-window",
        "vote-skip",
        "close-after",
    ] {
        assert!(all.contains(name), "{name}: {all}");
    }
    let set = |name: &str, value: &str| vec![("name", text(name)), ("value", text(value))];
    let said = world.says(owner, "settings set", set("seats", "3")).await;
    assert!(said.contains("is now **3** (it was 5)"), "{said}");
    for (name, value, why) in [
        ("seats", "9", "takes"),
        ("seats", "many", "takes"),
        ("chairs", "3", "There is no setting"),
        ("warning", "1h", "must be shorter than `idle`"),
    ] {
        let said = world.says(owner, "settings set", set(name, value)).await;
        assert!(said.contains(why), "{name} {value}: {said}");
    }
    let refused = world.says(&ana, "settings set", set("seats", "1")).await;
    assert!(refused.contains("Only admins"), "{refused}");
    let all = world.says(owner, "settings show", vec![]).await;
    assert!(all.contains('3'), "{all}");
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_banned_track_and_a_banned_word_are_refused() {
    let (world, guild) = World::new().await;
    let [ana, bo] = in_lounge(&guild, ["Ana", "Bo"]);
    let earworm = piece("Earworm", 330.0, 3);
    world.play(&ana, &earworm).await;
    world.hears(&bo, 330.0).await;
    let track = suggested(&world, &guild.owner, "settings ban-track", ("track", "ear")).await;
    let track = vec![("track", text(&track))];
    world.says(&guild.owner, "settings ban-track", track).await;
    let refused = world.play(&bo, &earworm).await;
    assert!(refused.contains("list of banned tracks"), "{refused}");
    let owner = &guild.owner;
    let banned = suggested(&world, owner, "settings unban-track", ("track", "ear")).await;
    let banned = vec![("track", text(&banned))];
    world.says(owner, "settings unban-track", banned).await;
    world.set(&guild, "banned-words", "polka").await;
    let refused = world.play(&bo, &piece("Pure Polka", 440.0, 2)).await;
    assert!(refused.contains("word"), "{refused}");
    let taken = world.play(&bo, &earworm).await;
    assert!(taken.contains("Bo added"), "{taken}");
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn help_and_about_say_how_it_works() {
    let (world, guild) = World::new().await;
    let ana = guild.member("Ana", "en-US");
    let help = world.says(&ana, "help", vec![]).await;
    for word in ["/play", "/rate", "/seat"] {
        assert!(help.contains(word), "{word}: {help}");
    }
    let about = world.says(&ana, "about", vec![]).await;
    assert!(about.contains(env!("CARGO_PKG_VERSION")), "{about}");
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_gone_at_its_turn_is_said_and_passed_over() {
    let (world, guild) = World::new().await;
    let [ana, bo] = in_lounge(&guild, ["Ana", "Bo"]);
    world.play(&ana, &piece("Before It", 330.0, 4)).await;
    // What comes next is opened ahead; what comes after it is not.
    world.play(&bo, &piece("Ready Already", 385.0, 3)).await;
    let before = world.media();
    world.play(&bo, &piece("Will Vanish", 440.0, 5)).await;
    for file in world.media().difference(&before) {
        std::fs::remove_file(file).unwrap();
    }
    world.play(&bo, &piece("In Its Place", 550.0, 3)).await;
    world.hears(&ana, 550.0).await;
    world
        .wait(&ana, "that it failed", |it| {
            it.says("Will Vanish") && it.says("could not be played")
        })
        .await;
    assert!(ana.hears().stretches().iter().all(|it| !it.is(440.0)));
    world.end().await;
}
