//! What is only a page on a site is played all the same.

use crate::sites::entry;
use crate::world::{PATIENCE, Told, World, in_lounge, piece, text};
use discord_sandbox::interactions::Given;
use discord_sandbox::people::until;
use std::time::Duration;
use tokio::time::Instant;

fn query(words: &str) -> Vec<(&'static str, Given)> {
    vec![("query", text(words))]
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_to_a_site_is_heard_and_its_sound_is_fetched_once() {
    let (world, guild) = World::new().await;
    let [ana, bo] = in_lounge(&guild, ["Ana", "Bo"]);
    let sound = piece("ignored", 330.0, 3).bytes().unwrap();
    let link = world.sites().video("abc123", "Tube Song", (3, &sound));
    let said = world.says(&ana, "play", query(&link)).await;
    assert!(said.contains("added **Tube Song**"), "{said}");
    let card = world.card(&bo, "Tube Song").await;
    assert!(card.says("The Testers"), "{}", card.text);
    world.hears(&bo, 330.0).await;
    assert_eq!(world.sites().asked("json https://www.youtube.com"), 1);
    assert_eq!(world.sites().asked("fetch https://www.youtube.com"), 1);
    // What it is called there is no reason to believe that it is there.
    let said = world
        .says(&ana, "play", query("https://youtu.be/gone"))
        .await;
    assert!(said.contains("nothing at that address"), "{said}");
    let live = entry("now", "All Night Live", 0).to_string();
    let live = live.replace("\"live_status\":null", "\"is_live\":true");
    world.sites().put("https://youtu.be/now", "json", live);
    let said = world
        .says(&ana, "play", query("https://youtu.be/now"))
        .await;
    assert!(said.contains("live there right now"), "{said}");
    let said = world.says(&guild.owner, "about", vec![]).await;
    assert!(said.contains(r"yt-dlp 2026\.10.26"), "{said}");
    let said = world.says(&ana, "about", vec![]).await;
    assert!(!said.contains("yt-dlp"), "for admins alone: {said}");
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_sites_find_is_offered_and_chosen() {
    let (world, guild) = World::new().await;
    let [ana, bo] = in_lounge(&guild, ["Ana", "Bo"]);
    let sound = piece("ignored", 392.0, 3).bytes().unwrap();
    let link = world.sites().video("found1", "Night Swim", (3, &sound));
    let long = format!("https://soundcloud.com/testers/{}", "x".repeat(120));
    let mut other = entry("77", "Night Swim, the long cut", 5);
    other["url"] = long.clone().into();
    other["ie_key"] = "Soundcloud".into();
    let found = [
        entry("found1", "Night Swim", 3),
        entry("live", "Night Live", 0),
    ];
    world
        .sites()
        .list("ytsearch5:night swim", "night swim", (&found, 2));
    world
        .sites()
        .list("scsearch5:night swim", "night swim", (&[other], 1));
    let offered = ana
        .suggestions(&world.bot, "play", ("query", "Night  swim"))
        .await
        .unwrap();
    let value = |name: &str| {
        let choice = offered
            .iter()
            .find(|it| it["name"].as_str().unwrap().starts_with(name));
        choice.unwrap_or_else(|| panic!("{name} is not in {offered:?}"))["value"].clone()
    };
    assert_eq!(value("Night Swim · The Testers · 0:03"), link);
    let token = value("Night Swim, the long cut");
    assert!(token.as_str().unwrap().starts_with("site:"), "{token}");
    // The same again starts nothing, and what was chosen is known already.
    ana.suggestions(&world.bot, "play", ("query", "night swim"))
        .await
        .unwrap();
    assert_eq!(world.sites().asked("search5:night swim"), 2);
    let said = world.says(&ana, "play", query(&link)).await;
    assert!(said.contains("Night Swim"), "{said}");
    assert_eq!(world.sites().asked("json https://"), 0);
    world.hears(&bo, 392.0).await;
    let said = world
        .says(&bo, "play", query(token.as_str().unwrap()))
        .await;
    assert!(said.contains("the long cut"), "{said}");
    // Words of which nothing is chosen find the best by themselves.
    let sound = piece("ignored", 440.0, 3).bytes().unwrap();
    world.sites().video("best", "Only Here", (3, &sound));
    world.sites().list(
        "ytsearch5:only here",
        "only here",
        (&[entry("best", "Only Here", 3)], 1),
    );
    let said = world.says(&ana, "play", query("only here")).await;
    assert!(said.contains("Only Here"), "{said}");
    world.hears(&bo, 440.0).await;
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_site_keeps_nobody_waiting() {
    let sound = piece("Slow Dance", 330.0, 3).bytes().unwrap();
    let told = Told {
        library: vec![("slow dance.wav", sound)],
        ..Told::default()
    };
    let (world, [guild]) = World::told(told, ["Home"]).await;
    let [ana] = in_lounge(&guild, ["Ana"]);
    world.sites().put("ytsearch5:slow dance", "wait", "");
    world.sites().list(
        "ytsearch5:slow dance",
        "x",
        (&[entry("s1", "Slow Dance Video", 9)], 1),
    );
    world.sites().list(
        "scsearch5:slow dance",
        "x",
        (&[entry("s2", "Slow Dance Demo", 9)], 1),
    );
    let names = async || {
        let asked = Instant::now();
        let offered = ana
            .suggestions(&world.bot, "play", ("query", "slow dance"))
            .await
            .unwrap();
        let names: Vec<String> = offered
            .iter()
            .map(|it| it["name"].as_str().unwrap().to_owned())
            .collect();
        (names.join("\n"), asked.elapsed())
    };
    let (offered, took) = names().await;
    assert!(took < Duration::from_millis(2_500), "{took:?}");
    assert!(
        offered.contains("Slow Dance · ") && offered.contains("Demo"),
        "{offered}"
    );
    assert!(!offered.contains("Video"), "{offered}");
    // It went on meanwhile, and is there when it is asked for again.
    world.sites().put("ytsearch5:slow dance", "go", "");
    while !names().await.0.contains("Slow Dance Video") {}
    assert_eq!(
        world.sites().asked("ytsearch5:slow dance"),
        1,
        "it was asked once"
    );
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_playlist_of_a_site_fills_the_setlist() {
    let (world, guild) = World::new().await;
    let [ana, bo] = in_lounge(&guild, ["Ana", "Bo"]);
    let link = "https://www.youtube.com/playlist?list=PL1";
    let mut entries: Vec<_> = (0..50)
        .map(|number| entry(&format!("v{number}"), &format!("Part {number}"), 4))
        .collect();
    entries[7] = entry("v7", "The Whole Day", 90_000);
    entries[8]["live_status"] = "is_live".into();
    entries[9] = entry("v9", "Eleven Minutes", 660);
    world.sites().list(link, "Fifty Parts", (&entries, 60));
    for (number, hz) in [(0, 330.0), (1, 392.0)] {
        let sound = piece("ignored", hz, 4).bytes().unwrap();
        let title = format!("Part {number}");
        world
            .sites()
            .video(&format!("v{number}"), &title, (4, &sound));
    }
    let said = world.says(&ana, "play", query(link)).await;
    assert!(
        said.contains("added 47 of 60 tracks of **Fifty Parts**"),
        "{said}"
    );
    assert!(
        said.contains("**The Whole Day**") && said.contains("longer than 2 h"),
        "{said}"
    );
    assert!(
        said.contains("live there") && said.contains("**Eleven Minutes**"),
        "{said}"
    );
    assert!(said.contains("50 tracks of a list"), "{said}");
    world.hears(&bo, 330.0).await;
    world.hears(&bo, 392.0).await;
    assert_eq!(
        world.sites().asked("json "),
        1,
        "the list was asked for, and nothing else"
    );
    let said = world.says(&ana, "play", query(link)).await;
    assert!(
        said.contains("Left out") && said.contains("more left out"),
        "{said}"
    );
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_that_says_too_little_is_looked_at_track_by_track() {
    let (world, guild) = World::new().await;
    let [ana] = in_lounge(&guild, ["Ana"]);
    let link = "https://ana.bandcamp.com/album/first";
    let page = |name: &str| format!("https://ana.bandcamp.com/track/{name}");
    let short =
        |name: &str| serde_json::json!({ "ie_key": "Bandcamp", "id": name, "url": page(name) });
    world
        .sites()
        .list(link, "First", (&[short("one"), short("two")], 2));
    let whole = |name: &str, title: &str| {
        let said = serde_json::json!({
            "extractor_key": "Bandcamp", "id": name, "webpage_url": page(name), "title": title,
            "duration": 3.5, "artist": "Ana B", "album": "First",
        });
        said.to_string()
    };
    let lines = [whole("one", "Morning"), whole("two", "Evening")].join("\n") + "\n";
    world.sites().put(link, "lines", lines);
    let sound = piece("ignored", 330.0, 3).bytes().unwrap();
    world.sites().put(&page("one"), "sound", &sound);
    let said = world.says(&ana, "play", query(link)).await;
    assert!(said.contains("added 2 of 2 tracks of **First**"), "{said}");
    world.card(&ana, "Morning").await;
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_begins_with_the_first_song_that_can_be_had() {
    let (world, guild) = World::new().await;
    let [ana, bo] = in_lounge(&guild, ["Ana", "Bo"]);
    let link = "https://ana.bandcamp.com/album/second";
    let page = |name: &str| format!("https://ana.bandcamp.com/track/{name}");
    let sound = piece("ignored", 330.0, 3).bytes().unwrap();
    let whole = |name: &str, title: &str| {
        serde_json::json!({
            "extractor_key": "Bandcamp", "id": name, "webpage_url": page(name), "title": title,
            "ie_key": "Bandcamp", "url": page(name), "duration": 3.5,
        })
    };
    let entries = [whole("gone", "Gone"), whole("there", "There")];
    world.sites().list(link, "Second", (&entries, 2));
    world.sites().put(
        &page("gone"),
        "error",
        "ERROR: [Bandcamp] gone: HTTP Error 404: Not Found",
    );
    world.sites().put(&page("there"), "sound", &sound);
    let said = world.says(&ana, "play", query(link)).await;
    assert!(said.contains("added 1 of 2 tracks of **Second**"), "{said}");
    assert!(said.contains("Gone"), "{said}");
    world.hears(&bo, 330.0).await;
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn how_far_it_has_come_stands_in_the_answer() {
    let (world, guild) = World::new().await;
    let [ana, bo] = in_lounge(&guild, ["Ana", "Bo"]);
    let sound = piece("ignored", 330.0, 3).bytes().unwrap();
    let link = world.sites().video("slow", "Slowly", (3, &sound));
    world.sites().put(&link, "wait", "");
    let watching = async {
        // It is looked for, then fetched, each as long as the story wants.
        world
            .wait(&bo, "that it is looked for", |it| it.says("Looking for it"))
            .await;
        let held = "[ $mode = fetch ] && while [ -e \"$here/$name.wait\" ]; do sleep 0.05; done";
        world.sites().put(&link, "run", held);
        world.sites().put(&link, "go", "");
        world
            .wait(&bo, "how much has come", |it| it.says("1 of 5 MB"))
            .await;
        std::fs::remove_file(world.sites().file(&link, "wait")).unwrap();
    };
    let (said, ()) = tokio::join!(world.says(&ana, "play", query(&link)), watching);
    assert!(said.contains("added **Slowly**"), "{said}");
    world.hears(&bo, 330.0).await;
    let left = bo
        .sees()
        .into_iter()
        .filter(|it| it.says("Fetching") || it.says("Looking for it"));
    assert_eq!(
        left.count(),
        0,
        "the answer stands where the progress stood"
    );
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_broken_tool_takes_nothing_else_with_it() {
    let (world, guild) = World::new().await;
    let [ana, bo] = in_lounge(&guild, ["Ana", "Bo"]);
    let sites = world.sites();
    let link = |id: &str| format!("https://www.youtube.com/watch?v={id}");
    sites.put(
        &link("nonsense"),
        "json",
        "<html>Before you continue</html>",
    );
    sites.put(
        &link("endless"),
        "run",
        "while :; do echo '{\"id\": \"1\",'; done",
    );
    sites.put(
        &link("crash"),
        "run",
        "echo 'Traceback (most recent call last):' >&2; exit 1",
    );
    sites.put(
        &link("private"),
        "error",
        "ERROR: [youtube] private: Private video\n",
    );
    sites.put(
        &link("members"),
        "error",
        "ERROR: [youtube] members: Join this channel\n",
    );
    let says = async |id: &str| world.says(&ana, "play", query(&link(id))).await;
    let said = says("private").await;
    assert!(said.contains("nothing at that address"), "{said}");
    let said = says("members").await;
    assert!(said.contains("doesn't let me in"), "{said}");
    for id in ["nonsense", "endless", "crash"] {
        let said = says(id).await;
        assert!(said.contains("site doesn't answer me"), "{id}: {said}");
    }
    // After so many failures in a row it is not even asked.
    let said = says("later").await;
    assert!(said.contains("site doesn't answer me"), "{said}");
    assert_eq!(sites.asked("later"), 0);
    let said = world.play(&ana, &piece("Still Here", 330.0, 3)).await;
    assert!(said.contains("Still Here"), "{said}");
    world.hears(&bo, 330.0).await;
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_tool_leaves_running_is_ended_with_it() {
    let (world, guild) = World::new().await;
    let [ana] = in_lounge(&guild, ["Ana"]);
    let sound = piece("ignored", 330.0, 3).bytes().unwrap();
    let link = world.sites().video("forks", "Forks", (3, &sound));
    // One stays in its group, the other does not.
    let leaves = format!("sleep 1000 & echo $! >>\"$here/left\"; {STRAY}");
    world
        .sites()
        .put(&link, "run", leaves.replace("\"$$\"", "\"$!\""));
    let said = world.says(&ana, "play", query(&link)).await;
    assert!(said.contains("Forks"), "{said}");
    let left = left(&world);
    assert_eq!(left.len(), 4, "two for each run");
    are_gone(&left).await;
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bot_that_is_killed_leaves_nothing_running() {
    let (mut world, guild) = World::new().await;
    let [ana] = in_lounge(&guild, ["Ana"]);
    let link = "https://www.youtube.com/watch?v=hangs";
    let hangs = format!("echo $$ >>\"$here/left\"; {STRAY}; sleep 1000");
    world.sites().put(link, "run", hangs);
    let started = until(world.sandbox.hub(), PATIENCE, |_| {
        (left(&world).len() == 2).then_some(())
    });
    tokio::select! {
        said = world.says(&ana, "play", query(link)) => panic!("answered: {said}"),
        started = started => assert!(started.is_some(), "it was not run:\n{}", world.log()),
    }
    let left = left(&world);
    world.kill_bot().await;
    are_gone(&left).await;
    world.start_bot().await;
    // Its commands were there before.
    let there = until(world.sandbox.hub(), PATIENCE, |_| {
        // Both runs write the same log.
        (world.log().matches("connected to Discord").count() == 2).then_some(())
    });
    assert!(there.await.is_some(), "{}", world.log());
    world.play(&ana, &piece("Back Again", 330.0, 3)).await;
    world.hears(&ana, 330.0).await;
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_version_is_asked_when_the_tool_has_changed_and_seldom_else() {
    let (world, guild) = World::new().await;
    for _ in 0..3 {
        let said = world.says(&guild.owner, "about", vec![]).await;
        assert!(said.contains(r"yt-dlp 2026\.10.26"), "{said}");
    }
    assert_eq!(world.sites().asked("version"), 1);
    // A new one is put in its place.
    let program = world.sites().program();
    let of = std::fs::canonicalize(&program).unwrap();
    std::fs::remove_file(&program).unwrap();
    std::fs::copy(of, &program).unwrap();
    std::fs::write(program.with_file_name("version"), "2026.11.20\n").unwrap();
    let said = world.says(&guild.owner, "about", vec![]).await;
    assert!(said.contains(r"yt-dlp 2026\.11.20"), "{said}");
    assert_eq!(world.sites().asked("version"), 2);
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_has_two_tracks_made_ready_at_a_time_and_what_comes_next_is_one() {
    let (world, guild) = World::new().await;
    let [ana] = in_lounge(&guild, ["Ana"]);
    world.play(&ana, &piece("Meanwhile", 330.0, 50)).await;
    world.hears(&ana, 330.0).await;
    let held = "[ $mode = fetch ] && echo $$ >>\"$here/left\" && echo \"begun $link\" >>\"$here/fetches\" \
        && while [ ! -e \"$here/all.go\" ]; do sleep 0.05; done \
        && echo \"over $link\" >>\"$here/fetches\"";
    let dir = world.sites().program().parent().unwrap().to_owned();
    let mut last = String::new();
    for (id, title) in [("one", "First"), ("two", "Second"), ("three", "Third")] {
        let sound = piece("ignored", 440.0, 3).bytes().unwrap();
        let link = world.sites().video(id, title, (3, &sound));
        world.sites().put(&link, "run", held);
        let said = world.says(&ana, "play", query(&link)).await;
        assert!(said.contains(title), "{said}");
        // Each is what comes next for a while.
        let forward = vec![("track", text(title)), ("place", Given::Int(1))];
        world.says(&ana, "queue move", forward).await;
        last = link;
    }
    let fetches = || std::fs::read_to_string(dir.join("fetches")).unwrap_or_default();
    let seen = async |what: String| {
        let found = until(world.sandbox.hub(), PATIENCE, |_| {
            fetches().lines().any(|line| line == what).then_some(())
        });
        assert!(found.await.is_some(), "{}\n{}", fetches(), world.log());
    };
    // What comes next now has taken the place of what came next before.
    seen(format!("begun {last}")).await;
    let begun = left(&world);
    are_gone(&begun[..begun.len().saturating_sub(2)]).await;
    std::fs::write(dir.join("all.go"), "").unwrap();
    seen(format!("over {last}")).await;
    world.end().await;
}

/// One that has gone into a session of its own, and lost its parent.
const STRAY: &str = "(here=\"$here\" setsid sh -c 'echo $$ >>\"$here/left\"; exec sleep 1000' &); \
    while [ \"$(tail -n 1 \"$here/left\" 2>/dev/null)\" = \"$$\" ]; do :; done";

/// The processes that were told of.
fn left(world: &World) -> Vec<String> {
    let file = world.sites().program().with_file_name("left");
    let left = std::fs::read_to_string(file).unwrap_or_default();
    left.lines().map(str::to_owned).collect()
}

async fn are_gone(processes: &[String]) {
    let deadline = Instant::now() + PATIENCE;
    for id in processes {
        // One that waits to be reaped has ended.
        let state = || std::fs::read_to_string(format!("/proc/{id}/stat")).unwrap_or_default();
        while !state().is_empty() && !state().contains(") Z ") {
            assert!(
                Instant::now() < deadline,
                "{id} is still there: {}",
                state()
            );
            tokio::task::yield_now().await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_tool_links_to_sites_are_refused_and_the_rest_goes_on() {
    let told = Told {
        more: vec![("RONDO_YTDLP", "/no/such/yt-dlp".to_owned())],
        ..Told::default()
    };
    let (world, [guild]) = World::told(told, ["Home"]).await;
    let [ana, bo] = in_lounge(&guild, ["Ana", "Bo"]);
    let said = world
        .says(&ana, "play", query("https://youtu.be/abc"))
        .await;
    assert!(said.contains("has not set that up"), "{said}");
    let offered = ana
        .suggestions(&world.bot, "play", ("query", "some words"))
        .await
        .unwrap();
    assert!(offered.is_empty(), "{offered:?}");
    let said = world.says(&guild.owner, "about", vec![]).await;
    assert!(said.contains("yt-dlp is not installed"), "{said}");
    world.play(&ana, &piece("Own", 330.0, 3)).await;
    world.hears(&bo, 330.0).await;
    world.end().await;
}
