//! What the bot keeps about somebody: they see it, have it taken away while the party goes on, and
//! hide their name. And a server that the bot was removed from is forgotten after 30 days.

use crate::tune::{Format, Piece};
use crate::world::{INVITED, PATIENCE, World, in_lounge, piece, text};
use discord_sandbox::interactions::Given;
use discord_sandbox::people::{Answer, Member, Seen, until};
use serde_json::Value;

/// What stands in a file of a message.
async fn file(seen: &Seen) -> Value {
    let file = seen.files.first().expect("a file");
    assert_eq!(file.name, "rondo-about-you.json");
    reqwest::get(&file.url).await.unwrap().json().await.unwrap()
}

pub(super) fn section<'a>(file: &'a Value, name: &str) -> Option<&'a Value> {
    let mut kept = file["kept"].as_array().unwrap().iter();
    kept.find(|it| it["section"] == name)
}

/// Waits until the bot's database says this number.
pub(super) async fn comes_to(world: &World, sql: &str, number: i64) {
    let asks = async {
        let mut every = tokio::time::interval(std::time::Duration::from_millis(200));
        while world.kept(sql).await != number {
            every.tick().await;
        }
    };
    if tokio::time::timeout(PATIENCE, asks).await.is_err() {
        let is = world.kept(sql).await;
        panic!("{sql} is {is} and not {number}\n{}", world.log());
    }
}

/// Longer than the story needs, and smaller than Discord allows.
pub(super) fn long(title: &'static str, hz: f32) -> Piece {
    let (seconds, format) = (100, Format::OggOpus);
    let artist = "The Testers";
    Piece {
        title,
        artist,
        hz,
        seconds,
        format,
    }
}

/// Nothing in the bot's database holds them.
pub(super) async fn nothing_holds(world: &World, who: &Member) {
    let id = who.id;
    for (table, column) in [
        ("play", "looper_id"),
        ("rating", "rater_id"),
        ("heard", "member_id"),
        ("comment", "member_id"),
        ("setlist_entry", "member_id"),
        ("session", "host_id"),
        ("grab", "member_id"),
    ] {
        let sql = format!("select count(*) from {table} where {column} = {id}");
        assert_eq!(world.kept(&sql).await, 0, "{table}");
    }
    let standing = format!("select count(*) from standing where standing like '%{id}%'");
    assert_eq!(world.kept(&standing).await, 0);
}

#[expect(clippy::too_many_lines, reason = "one evening, told in order")]
#[tokio::test(flavor = "multi_thread")]
async fn somebody_sees_what_is_kept_about_them_and_is_forgotten_while_the_party_goes_on() {
    let (world, guild) = World::new().await;
    let [ana, bo] = in_lounge(&guild, ["Ana", "Bo"]);
    let nothing = world.says(&ana, "privacy show", vec![]).await;
    assert!(nothing.contains("I keep nothing about you"), "{nothing}");
    let nothing = world.says(&ana, "privacy delete", vec![]).await;
    assert!(nothing.contains("nothing left to take away"), "{nothing}");

    world.play(&bo, &long("First One", 330.0)).await;
    world.play(&ana, &long("Her Long One", 440.0)).await;
    world.play(&ana, &piece("Her Second", 550.0, 5)).await;
    world.play(&bo, &long("His Next", 660.0)).await;
    world.hears(&ana, 330.0).await;
    let stars = vec![("stars", Given::Int(5))];
    world.says(&ana, "rate", stars).await;
    world.says(&bo, "skip", vec![]).await;
    world.hears(&bo, 440.0).await;
    let stars = vec![("stars", Given::Int(4))];
    world.says(&bo, "rate", stars).await;

    let shown = world.run(&ana, "privacy show", vec![]).await;
    let shown = shown.seen().unwrap();
    assert!(
        shown.is_ephemeral && shown.says("everything I keep about you"),
        "{}",
        shown.text
    );
    let about = file(shown).await;
    assert_eq!(about["you"], ana.id.to_string());
    assert_eq!(about["servers"][guild.id.to_string()], "Home");
    let ratings = section(&about, "ratings").expect("ratings");
    assert_eq!(ratings["rows"][0]["stars"], 5);
    assert!(
        ratings["about"]
            .as_str()
            .unwrap()
            .starts_with("Ratings you gave")
    );
    let plays = section(&about, "plays").expect("plays");
    assert_eq!(plays["rows"][0]["track"]["title"], "Her Long One");
    assert!(
        plays["rows"][0]["began_at"]
            .as_str()
            .unwrap()
            .ends_with('Z')
    );
    assert_eq!(section(&about, "setlist").unwrap()["count"], 1);
    assert_eq!(
        section(&about, "stage").unwrap()["rows"][0]["now"]["seat"],
        2
    );
    assert!(!about.to_string().contains(&bo.id.to_string()), "{about}");

    // First it is only said what would be done.
    let asked = world.run(&ana, "privacy delete", vec![]).await;
    let asked = asked.seen().unwrap().clone();
    for words in [
        "one rating",
        "one waiting song",
        "one song you played",
        "can't take back",
    ] {
        assert!(asked.says(words), "{words}: {}", asked.text);
    }
    println!("{}", asked.text);
    let left = ana.press(&asked, "forget:nowhere").await.unwrap();
    assert_eq!(left, Answer::Updated);
    assert!(ana.seen(asked.id).unwrap().says("Nothing was changed"));
    let asked = world.run(&ana, "privacy delete", vec![]).await;
    let asked = asked.seen().unwrap().clone();
    assert_eq!(
        ana.press(&asked, "forget:here").await.unwrap(),
        Answer::Updated
    );
    let done = world.wait(&ana, "the end of it", |it| {
        it.id == asked.id && it.says("You are forgotten")
    });
    let done = done.await;
    assert!(
        done.buttons.is_empty() && done.says("still in a voice channel"),
        "{}",
        done.text
    );
    println!("{}", done.text);
    nothing_holds(&world, &ana).await;

    // Her song plays on for everybody, she has no seat, and it ends without her name.
    let seat = world.says(&ana, "seat leave", vec![]).await;
    assert!(seat.contains("no seat"), "{seat}");
    world.says(&guild.owner, "stage skip", vec![]).await;
    let result = world.wait(&bo, "the result of hers", |it| {
        it.says("Her Long One") && it.says("heard by")
    });
    let result = result.await;
    assert!(
        result.says("by —") && result.says("4.0 ★ (1)"),
        "{}",
        result.text
    );
    world.hears(&bo, 660.0).await;
    ana.leave_voice();
    world.says(&bo, "stage close", vec![]).await;
    let goodbye = world
        .wait(&bo, "the goodbye", |it| it.says("3 tracks"))
        .await;
    assert!(
        goodbye.says("Her Long One") && !goodbye.says("Ana"),
        "{}",
        goodbye.text
    );
    // Of the next song she heard the beginning, as a stranger.
    let heard = format!("select count(*) from heard where member_id = {}", ana.id);
    comes_to(&world, &heard, 1).await;
    let asked = world.run(&ana, "privacy delete", vec![]).await;
    let asked = asked.seen().unwrap().clone();
    assert!(asked.says("one song you heard"), "{}", asked.text);
    ana.press(&asked, "forget:here").await.unwrap();
    let again = world.says(&ana, "privacy delete", vec![]).await;
    assert!(again.contains("nothing left to take away"), "{again}");
    nothing_holds(&world, &ana).await;
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_is_hidden_from_pages_and_shown_again_also_in_chinese() {
    let (world, guild) = World::new().await;
    let [ana] = in_lounge(&guild, ["Ana"]);
    let said = world.says(&ana, "privacy hide", vec![]).await;
    assert!(said.contains("off this server's pages"), "{said}");
    let hidden = format!(
        "select count(*) from hidden_name where member_id = {}",
        ana.id
    );
    assert_eq!(world.kept(&hidden).await, 1);
    let mei = guild.member("美", "zh-CN");
    let said = world.says(&mei, "privacy hide", vec![]).await;
    assert!(said.contains("不再显示你的名字"), "{said}");
    let shown = vec![("name", text("shown"))];
    let said = world.says(&ana, "privacy hide", shown).await;
    assert!(
        said.contains("stands on this server's pages again"),
        "{said}"
    );
    assert_eq!(world.kept(&hidden).await, 0);
    let said = world.run(&mei, "privacy delete", vec![]).await;
    assert!(said.text().contains("要我忘记你吗"), "{}", said.text());
    println!("{}", said.text());
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_the_bot_was_removed_from_is_forgotten_after_30_days_but_not_before() {
    let (mut world, [home, away]) = World::with_guilds(["Home", "Away"]).await;
    for guild in [&home, &away] {
        let [ana] = in_lounge(guild, ["Ana"]);
        world.play(&ana, &piece("Here", 330.0, 4)).await;
        world.hears(&ana, 330.0).await;
        world.says(&ana, "stage close", vec![]).await;
    }
    let left = |id| format!("select count(*) from left_guild where guild_id = {id}");
    let plays = |id| format!("select count(*) from play where guild_id = {id}");
    let bot = world.bot.id;
    world.sandbox.hub().world().remove_member(home.id, bot);
    comes_to(&world, &left(home.id), 1).await;
    // Back before the time is over: nothing is lost.
    home.invite(&world.bot, INVITED);
    comes_to(&world, &left(home.id), 0).await;
    assert_eq!(world.kept(&plays(home.id)).await, 1);

    // Removed while the bot is not there to hear it.
    world.kill_bot().await;
    world.sandbox.hub().world().remove_member(home.id, bot);
    world.start_bot().await;
    comes_to(&world, &left(home.id), 1).await;
    assert_eq!(world.kept(&plays(home.id)).await, 1);
    // 31 days later, at the next start.
    world.kill_bot().await;
    let month = 31_i64 * 24 * 3_600 * 1_000;
    world
        .meddle(&format!(
            "update left_guild set left_at_ms = left_at_ms - {month}"
        ))
        .await;
    world.start_bot().await;
    comes_to(&world, &plays(home.id), 0).await;
    comes_to(&world, &left(home.id), 0).await;
    assert_eq!(world.kept(&plays(away.id)).await, 1);
    let told = until(world.sandbox.hub(), PATIENCE, |_| {
        world.log().contains("a server is forgotten").then_some(())
    });
    assert!(told.await.is_some(), "{}", world.log());
    // Invited again it is a server like any other.
    home.invite(&world.bot, INVITED);
    let [cy] = in_lounge(&home, ["Cy"]);
    world.play(&cy, &piece("Anew", 440.0, 4)).await;
    world.hears(&cy, 440.0).await;
    assert_eq!(world.kept(&plays(home.id)).await, 1);
    world.end().await;
}
