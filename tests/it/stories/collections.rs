//! Collections as people use them: one curates and publishes, others find, save and play, and a board
//! counts it; who may not is told why.

use crate::world::{Told, World, attached, in_lounge, piece, text};
use discord_sandbox::interactions::Given;
use discord_sandbox::people::{Answer, Member, Seen};
use discord_sandbox::server::GuildSet;

/// Everybody in a sandbox is new, so that nobody would count.
async fn let_everybody_count(world: &World, guild: &GuildSet) {
    for (name, value) in [
        ("board-account-age", "0"),
        ("board-member-for", "0"),
        ("board-ratings", "1"),
        ("board-loopers", "1"),
        ("rating-heard", "0"),
    ] {
        world.set(guild, name, value).await;
    }
}

/// `/collection`, as the member has it answered.
async fn asks(world: &World, who: &Member, sub: &str, options: &[(&str, &str)]) -> String {
    let path = format!("collection {sub}");
    let given = options.iter().map(|(name, value)| {
        let given = value.parse().ok().filter(|_| *name == "place");
        (*name, given.map_or_else(|| text(value), Given::Int))
    });
    world.says(who, &path, given.collect()).await
}

/// What the client offers for the option while the member types: what is shown, and what is sent.
async fn offered(
    world: &World,
    who: &Member,
    sub: &str,
    typed: (&str, &str),
) -> Vec<(String, String)> {
    let path = format!("collection {sub}");
    let choices = who.suggestions(&world.bot, &path, typed).await.unwrap();
    let text = |choice: &serde_json::Value, field: &str| choice[field].as_str().unwrap().to_owned();
    let all = choices
        .iter()
        .map(|it| (text(it, "name"), text(it, "value")));
    all.collect()
}

/// Asks for the board until it says this: boards follow within seconds.
async fn board(world: &World, who: &Member, says: &str) -> String {
    let week = || vec![("period", text("week"))];
    let asked = ("leaderboard collections", &week as &dyn Fn() -> _);
    let answer = world.asks_until(who, asked, says).await;
    answer.text().to_owned()
}

async fn seen(world: &World, who: &Member, sub: &str, options: Vec<(&str, Given)>) -> Seen {
    let answer = world.run(who, &format!("collection {sub}"), options).await;
    answer.seen().unwrap().clone()
}

async fn rate(world: &World, who: &Member, stars: i64) {
    let said = world
        .says(who, "rate", vec![("stars", Given::Int(stars))])
        .await;
    assert!(said.contains("You gave"), "{said}");
}

async fn world() -> (World, GuildSet) {
    let told = Told {
        library: vec![(
            "moon.wav",
            piece("Library Moon", 494.0, 12).bytes().unwrap(),
        )],
        more: vec![
            ("RONDO_PUBLIC_URL", "https://rondo.example".to_owned()),
            ("RONDO_WEB_LISTEN", "127.0.0.1:0".to_owned()),
        ],
        ..Told::default()
    };
    let (world, [guild]) = World::told(told, ["Home"]).await;
    (world, guild)
}

/// Ana's collection, from what plays, a link, a file and words.
async fn curated(world: &World, ana: &Member) {
    let rain = ("collection", "rain");
    let about = ("description", "For grey *mornings*");
    let said = asks(world, ana, "create", &[("name", "Rain & days"), about]).await;
    assert!(said.contains("**Rain & days** is there"), "{said}");
    let said = world
        .says(ana, "grab", vec![("collection", text("rain"))])
        .await;
    assert!(
        said.contains("**First Light** is among your grabs"),
        "{said}"
    );
    assert!(
        said.contains("**First Light** is number 1 in **Rain & days**"),
        "{said}"
    );
    let said = asks(world, ana, "add", &[rain, ("query", "now")]).await;
    assert!(
        said.contains("in **Rain & days** already, as number 1"),
        "{said}"
    );
    let sound = piece("ignored", 392.0, 20).bytes().unwrap();
    let link = world.sites().video("abc123", "Tube Song", (20, &sound));
    let said = asks(world, ana, "add", &[rain, ("query", &link)]).await;
    assert!(said.contains("**Tube Song** is number 2"), "{said}");
    let file = attached(&piece("By Hand", 440.0, 3));
    let options = vec![("collection", text("rain")), ("file", file)];
    let said = world.says(ana, "collection add", options).await;
    assert!(said.contains("**By Hand** is number 3"), "{said}");
    let said = asks(world, ana, "add", &[rain, ("query", "library moon")]).await;
    assert!(said.contains("**Library Moon** is number 4"), "{said}");

    let said = asks(
        world,
        ana,
        "reorder",
        &[rain, ("track", "tube"), ("place", "1")],
    )
    .await;
    assert!(said.contains("**Tube Song** is now number 1"), "{said}");
    let said = asks(world, ana, "remove", &[rain, ("track", "3")]).await;
    assert!(said.contains("**By Hand** is out of"), "{said}");
    let file = attached(&piece("By Hand", 440.0, 3));
    let options = vec![("collection", text("rain")), ("file", file)];
    world.says(ana, "collection add", options).await;
    let said = asks(world, ana, "describe", &[rain, ("name", "Rain *days*")]).await;
    assert!(said.contains(r"**Rain \*days\*** is changed"), "{said}");
}

#[expect(clippy::too_many_lines, reason = "one evening, told in order")]
#[tokio::test(flavor = "multi_thread")]
async fn one_curates_and_publishes_and_others_find_save_and_play_it() {
    let (world, guild) = world().await;
    let_everybody_count(&world, &guild).await;
    let [ana, bo, cy] = in_lounge(&guild, ["Ana", "Bo", "Cy"]);
    let empty = asks(&world, &bo, "browse", &[]).await;
    assert!(
        empty.contains("Nobody has published a collection"),
        "{empty}"
    );
    world.play(&ana, &piece("First Light", 330.0, 30)).await;
    world.hears(&bo, 330.0).await;
    rate(&world, &bo, 5).await;
    curated(&world, &ana).await;
    // So far it is nobody's business.
    assert_eq!(
        offered(&world, &bo, "show", ("collection", "rain")).await,
        []
    );
    let said = asks(&world, &bo, "show", &[("collection", "rain")]).await;
    assert!(said.contains("no such collection"), "{said}");
    let said = asks(&world, &ana, "publish", &[("collection", "rain")]).await;
    assert!(said.contains(r"**Rain \*days\*** is published"), "{said}");
    assert!(said.contains("https://rondo.example/p/"), "{said}");

    // Bo finds it by browsing and by typing, looks into it, and saves it.
    let browsed = asks(&world, &bo, "browse", &[]).await;
    assert!(
        browsed.contains(r"1\. **Rain \*days\*** · Ana · 4 tracks · not saved yet"),
        "{browsed}"
    );
    assert!(browsed.contains(r"For grey \*mornings\*"), "{browsed}");
    let choices = offered(&world, &bo, "show", ("collection", "ANA")).await;
    assert_eq!(choices[0].0, "Rain *days* · Ana · 4 tracks");
    let rain = choices[0].1.clone();
    let shown = seen(&world, &bo, "show", vec![("collection", text(&rain))]).await;
    for words in [
        "Rain",
        "by Ana · not saved yet",
        r"1\. **Tube Song** · The Testers · 0:20",
        r"2\. **First Light**",
        r"3\. **Library Moon**",
        r"4\. **By Hand**",
        "4 tracks, 1:05 in all",
    ] {
        assert!(shown.says(words), "{words}: {}", shown.text);
    }
    let said = bo.press(&shown, "Save").await.unwrap();
    assert!(said.text().contains("is saved"), "{}", said.text());
    let said = asks(&world, &bo, "save", &[("collection", &rain)]).await;
    assert!(
        said.contains("saved **Rain") && said.contains("already"),
        "{said}"
    );
    let said = asks(&world, &ana, "save", &[("collection", &rain)]).await;
    assert!(said.contains("your own"), "{said}");

    // What is not theirs they cannot change.
    for sub in ["add", "remove", "reorder", "describe", "publish", "delete"] {
        let mut options = vec![("collection", rain.as_str())];
        match sub {
            "add" => options.push(("query", "library moon")),
            "remove" => options.push(("track", "1")),
            "reorder" => options.extend([("track", "1"), ("place", "2")]),
            "describe" => options.push(("name", "Mine now")),
            _ => {}
        }
        let said = asks(&world, &bo, sub, &options).await;
        assert!(said.contains("is somebody else's"), "{sub}: {said}");
    }

    // Bo plays it: what was just on is left for later, and the sound is heard.
    let said = asks(&world, &bo, "play", &[("collection", &rain)]).await;
    assert!(
        said.contains(r"Bo added 4 of 4 tracks of **Rain \*days\***"),
        "{said}"
    );
    world.says(&ana, "skip", vec![]).await;
    world.hears(&cy, 392.0).await;
    rate(&world, &ana, 4).await;
    rate(&world, &cy, 5).await;
    world.says(&bo, "skip", vec![]).await;
    world.hears(&cy, 494.0).await;
    let from = "select count(*) from collection_play where collection_id = 1";
    assert!(world.kept(from).await >= 1);

    let said = board(&world, &ana, "one save · one play").await;
    assert!(
        said.contains(r"🥇 **Rain \*days\*** (Ana) · **2**"),
        "{said}"
    );
    assert!(
        said.contains(r"Your best is number 1: Rain \*days\*."),
        "{said}"
    );
    let said = board(&world, &bo, "one save · one play").await;
    assert!(said.contains("No collection of yours"), "{said}");
    let why = world.says(&bo, "leaderboard why", vec![]).await;
    assert!(why.contains("**Collections.** A save counts one"), "{why}");
    moderated(&world, &guild, (&ana, &rain)).await;
    world.end().await;
}

/// A moderator takes it off the shelves and puts it back; in the end Ana deletes it.
async fn moderated(world: &World, guild: &GuildSet, (ana, rain): (&Member, &str)) {
    let of = [("collection", rain)];
    let said = asks(world, &guild.owner, "unpublish", &of).await;
    assert!(said.contains("off the shelves"), "{said}");
    let said = asks(world, ana, "publish", &of).await;
    assert!(said.contains("A moderator took"), "{said}");
    let said = asks(world, ana, "share", &of).await;
    assert!(said.contains("A moderator took"), "{said}");
    let said = asks(world, &guild.owner, "publish", &of).await;
    assert!(said.contains("on the shelves again"), "{said}");
    let log = world.says(&guild.owner, "settings log", vec![]).await;
    assert!(
        log.contains("took the collection") && log.contains("put the collection"),
        "{log}"
    );
    let said = asks(world, ana, "share", &of).await;
    assert!(said.contains("https://rondo.example/p/"), "{said}");
    let said = asks(world, ana, "withdraw", &of).await;
    assert!(said.contains("gone for good"), "{said}");

    let question = seen(world, ana, "delete", vec![("collection", text(rain))]).await;
    assert!(
        question.says("with 4 tracks and one save by somebody?"),
        "{}",
        question.text
    );
    let kept = ana.press(&question, "Keep it").await.unwrap();
    assert_eq!(kept, Answer::Updated);
    assert!(ana.seen(question.id).unwrap().says("stays as it is"));
    let question = seen(world, ana, "delete", vec![("collection", text(rain))]).await;
    ana.press(&question, "Delete").await.unwrap();
    let after = ana.seen(question.id).unwrap();
    assert!(
        after.says("is deleted") && after.buttons.is_empty(),
        "{}",
        after.text
    );
    let said = asks(world, ana, "show", &[]).await;
    assert!(said.contains("no collection of your own"), "{said}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_people_like_you_saved_is_found_in_chinese_too() {
    let (world, guild) = world().await;
    let [ana, bo] = in_lounge(&guild, ["Ana", "Bo"]);
    let mut mei = guild.member("美", "zh-CN");
    assert!(mei.join_voice(guild.lounge));
    let said = asks(&world, &mei, "create", &[("name", "雨天")]).await;
    assert!(said.contains("精选集《雨天》建好了"), "{said}");
    let moon = [("collection", "雨天"), ("query", "library moon")];
    let said = asks(&world, &mei, "add", &moon).await;
    assert!(said.contains("是《雨天》的第 1 首"), "{said}");
    let said = asks(&world, &mei, "publish", &[("collection", "雨天")]).await;
    assert!(said.contains("《雨天》已发布"), "{said}");
    asks(&world, &ana, "save", &[("collection", "雨天")]).await;

    let browsed = seen(&world, &bo, "browse", vec![]).await;
    assert_eq!(
        bo.press(&browsed, "People like you").await.unwrap(),
        Answer::Updated
    );
    let alike = bo.seen(browsed.id).unwrap();
    assert!(
        alike.says("I don't know yet whose ratings"),
        "{}",
        alike.text
    );
    for (title, hz) in [
        ("A", 262.0),
        ("B", 330.0),
        ("C", 392.0),
        ("D", 440.0),
        ("E", 523.0),
    ] {
        world.play(&mei, &piece(title, hz, 3)).await;
        world.hears(&bo, f64::from(hz)).await;
        for who in [&ana, &bo] {
            rate(&world, who, 5).await;
        }
    }
    assert_eq!(bo.press(&browsed, "Newest").await.unwrap(), Answer::Updated);
    assert_eq!(
        bo.press(&browsed, "People like you").await.unwrap(),
        Answer::Updated
    );
    let alike = bo.seen(browsed.id).unwrap();
    assert!(
        alike.says(r"1\. **雨天** · 美 · one track · saved by one like you"),
        "{}",
        alike.text
    );
    let browsed = asks(&world, &mei, "browse", &[]).await;
    assert!(
        browsed.contains("**雨天** · 美 · 1 首歌 · 1 人收藏"),
        "{browsed}"
    );

    // What she takes away as a file becomes another collection.
    asks(&world, &mei, "create", &[("name", "旧歌")]).await;
    let list = Given::Attachment {
        name: "old.m3u8".to_owned(),
        bytes: "#EXTM3U\n#EXTINF:12,The Testers - Library Moon\nhttps://gone.example/moon\n"
            .as_bytes()
            .to_vec()
            .into(),
    };
    let import = vec![("file", list), ("collection", text("旧歌"))];
    let said = world.says(&mei, "playlist import", import).await;
    assert!(said.contains("仅有的一首已加入《旧歌》"), "{said}");

    // The owner takes the file out of the library: it is named, and nothing is played.
    std::fs::remove_file(world.library().join("moon.wav")).unwrap();
    let said = asks(&world, &bo, "play", &[("collection", "雨天")]).await;
    assert!(said.contains("not add the one track of **雨天**"), "{said}");
    assert!(said.contains("Left out **Library Moon**"), "{said}");
    let said = asks(&world, &bo, "play", &[("collection", "grabs")]).await;
    assert!(said.contains("grabbed nothing here yet"), "{said}");
    world.end().await;
}
