//! Somebody who is on two servers: what is kept about them can be so much that it comes in several
//! files, and when they want to be forgotten everywhere, both servers forget them.

use super::boards::{board, let_everybody_count};
use super::pages::{PUBLIC, Stranger, link};
use super::privacy::{comes_to, long, nothing_holds, section};
use crate::world::{PATIENCE, Told, World, in_lounge, piece};
use discord_sandbox::interactions::Given;
use discord_sandbox::people::{Answer, Member, Seen, until};
use discord_sandbox::server::GuildSet;
use serde_json::Value;

/// The same person on another server, in its lounge.
fn also_in_lounge(world: &World, guild: &GuildSet, who: &Member) -> Member {
    let hub = world.sandbox.hub();
    hub.world().add_member(guild.id, who.id);
    let mut there = Member::new(hub, guild.id, who.id, guild.text);
    assert!(there.join_voice(guild.lounge));
    there
}

async fn gives_five(world: &World, who: &Member) {
    let stars = vec![("stars", Given::Int(5))];
    world.says(who, "rate", stars).await;
}

/// Ana and Bo play a song each, and everybody loves the other's; the link to that evening's page.
async fn evening_at_home(world: &World, home: &GuildSet) -> (Member, Member, String) {
    let_everybody_count(world, home).await;
    let [ana, bo, dee] = in_lounge(home, ["Ana", "Bo", "Dee"]);
    world.play(&ana, &piece("At Home", 330.0, 5)).await;
    world.hears(&bo, 330.0).await;
    gives_five(world, &bo).await;
    gives_five(world, &dee).await;
    world.play(&bo, &piece("Of Bo", 440.0, 5)).await;
    world.hears(&ana, 440.0).await;
    gives_five(world, &ana).await;
    gives_five(world, &dee).await;
    let what = "the result of Bo's";
    let is_result = |it: &Seen| it.says("Of Bo") && it.says("heard by");
    world.wait(&bo, what, is_result).await;
    world.says(&ana, "stage close", vec![]).await;
    let is_goodbye = |it: &Seen| it.files.len() > 3 && it.says(PUBLIC);
    let goodbye = world.wait(&bo, "the goodbye", is_goodbye).await;
    ana.leave_voice();
    (ana, bo, link(&goodbye.text))
}

#[expect(clippy::too_many_lines, reason = "one evening, told in order")]
#[tokio::test(flavor = "multi_thread")]
async fn who_is_forgotten_everywhere_is_gone_from_both_servers_their_boards_and_pages() {
    let more = vec![
        ("RONDO_PUBLIC_URL", PUBLIC.to_owned()),
        ("RONDO_WEB_LISTEN", "127.0.0.1:0".to_owned()),
    ];
    let told = Told {
        more,
        ..Told::default()
    };
    let (world, [home, away]) = World::told(told, ["Home", "Away"]).await;
    let (ana, bo, page) = evening_at_home(&world, &home).await;
    let stranger = Stranger::of(&world);
    let html = stranger.reads(&page).await;
    assert!(html.contains("played by Ana"), "{html}");
    board(&world, &bo, "rookies", "**Ana**").await;
    board(&world, &bo, "rookies", "**Bo**").await;

    // On the other server her song is on.
    let there = also_in_lounge(&world, &away, &ana);
    let [cy] = in_lounge(&away, ["Cy"]);
    world.play(&there, &long("Her Long One", 550.0)).await;
    world.hears(&cy, 550.0).await;
    gives_five(&world, &cy).await;

    let asked = world.run(&ana, "privacy delete", vec![]).await;
    let asked = asked.seen().unwrap().clone();
    for words in [
        "**On this server**",
        "Kept without your name: one song you played",
        "**Everywhere**, on 2 servers",
        "Kept without your name: 2 songs you played",
    ] {
        assert!(asked.says(words), "{words}: {}", asked.text);
    }
    let pressed = ana.press(&asked, "forget:everywhere").await.unwrap();
    assert_eq!(pressed, Answer::Updated);
    let is_done = |it: &Seen| it.id == asked.id && it.says("You are forgotten everywhere");
    let done = world.wait(&ana, "the end of it", is_done).await;
    println!("{}", done.text);
    for words in [
        "one rating",
        "2 songs you played",
        "still in a voice channel",
    ] {
        assert!(done.says(words), "{words}: {}", done.text);
    }
    assert!(done.buttons.is_empty(), "{:?}", done.buttons);
    nothing_holds(&world, &ana).await;

    // What was said, read and counted at home follows ...
    let is_nameless = |it: &Seen| it.says("At Home") && it.says("by —") && !it.says("Ana");
    world
        .wait(&bo, "the result without her name", is_nameless)
        .await;
    for part in ["", "/playlist.xspf", "/playlist.jspf", "/playlist.csv"] {
        let text = stranger.reads(&format!("{page}{part}")).await;
        assert!(text.contains("At Home"), "{part}: {text}");
        assert!(!text.contains("Ana"), "{part}: {text}");
    }
    let said = board(&world, &bo, "rookies", "No newcomer has been heard").await;
    assert!(!said.text().contains("Ana"), "{}", said.text());

    // ... and on the other server her song goes on for everybody and ends without her name.
    world.says(&away.owner, "stage skip", vec![]).await;
    let is_result = |it: &Seen| it.says("Her Long One") && it.says("heard by");
    let result = world.wait(&cy, "the result of hers", is_result).await;
    assert!(
        result.says("by —") && !result.says("Ana"),
        "{}",
        result.text
    );
    world.says(&away.owner, "stage close", vec![]).await;
    let is_goodbye = |it: &Seen| it.files.len() > 3 && it.says(PUBLIC);
    let goodbye = world.wait(&cy, "the goodbye", is_goodbye).await;
    assert!(!goodbye.says("Ana"), "{}", goodbye.text);
    let html = stranger.reads(&link(&goodbye.text)).await;
    assert!(
        html.contains("Her Long One") && !html.contains("Ana"),
        "{html}"
    );
    let said = world.says(&there, "privacy show", vec![]).await;
    assert!(said.contains("I keep nothing about you"), "{said}");
    nothing_holds(&world, &ana).await;
    world.end().await;
}

/// Words of one person, many of them, as a long life with the bot leaves them.
async fn talks_for_years(world: &World, guild: &GuildSet, who: &Member, times: u32) {
    let (guild, member) = (guild.id, who.id);
    let sql = format!(
        "with recursive years (at) as (select 1 union all select at + 1 from years where at < {times}) \
         insert into comment (guild_id, turn_id, member_id, said_at_ms, member_name, offset_ms, words) \
         select {guild}, 1, {member}, 1700000000000 + at * 1000, 'Ana', at % 4000, \
         substr('word ' || at || ' \"said\" ' || hex(zeroblob(120)), 1, 200) from years"
    );
    world.meddle(&sql).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_kept_is_told_in_several_files_when_it_is_too_much_for_one() {
    /// Some twenty megabytes: three files, two of them in the first message.
    const TIMES: u32 = 60_000;
    /// What Discord takes.
    const FILE_LIMIT: usize = 10 * 1024 * 1024;
    let (world, guild) = World::new().await;
    let [ana] = in_lounge(&guild, ["Ana"]);
    world.play(&ana, &piece("Her Only One", 330.0, 3)).await;
    world.hears(&ana, 330.0).await;
    world.says(&ana, "stage close", vec![]).await;
    let closed = "select count(*) from session where closed_at_ms is not null";
    comes_to(&world, closed, 1).await;
    talks_for_years(&world, &guild, &ana, TIMES).await;

    let shown = world.run(&ana, "privacy show", vec![]).await;
    let shown = shown.seen().unwrap().clone();
    assert!(shown.says("comes in 3 files"), "{}", shown.text);
    let files = || {
        let mine = ana.sees().into_iter().filter(|it| it.is_ephemeral);
        let mine: Vec<_> = mine
            .map(|it| it.files)
            .filter(|it| !it.is_empty())
            .collect();
        (mine.iter().map(Vec::len).sum::<usize>() == 3).then_some(mine)
    };
    let files = until(world.sandbox.hub(), PATIENCE, |_| files()).await;
    let files = files.unwrap_or_else(|| panic!("three files\n{}", world.log()));
    assert_eq!(files.iter().map(Vec::len).collect::<Vec<_>>(), [2, 1]);
    let (mut said, mut played) = (0, 0);
    for (number, file) in (1_u64..).zip(files.iter().flatten()) {
        assert_eq!(file.name, format!("rondo-about-you-{number}-of-3.json"));
        let bytes = reqwest::get(&file.url)
            .await
            .unwrap()
            .bytes()
            .await
            .unwrap();
        assert!(bytes.len() <= FILE_LIMIT, "{} bytes", bytes.len());
        // Each is a whole file by itself.
        let about: Value = serde_json::from_slice(&bytes).unwrap();
        assert_eq!(about["you"], ana.id.to_string());
        assert_eq!(about["part"], serde_json::json!([number, 3]));
        assert_eq!(about.get("rows_left_out"), None);
        let rows =
            |name: &str| section(&about, name).map_or(0, |it| it["rows"].as_array().unwrap().len());
        said += rows("comments");
        played += rows("plays");
    }
    assert_eq!((said, played), (usize::try_from(TIMES).unwrap(), 1));
    world.end().await;
}
