//! Who one is here, whom one is like, and what a week was: profiles, tastes and recaps as people ask
//! for them.

use super::boards::let_everybody_count;
use crate::world::{World, in_lounge, piece, text, user};
use discord_sandbox::interactions::Given;
use discord_sandbox::people::{Member, Seen};
use resvg::tiny_skia::Pixmap;

fn nothing() -> Vec<(&'static str, Given)> {
    Vec::new()
}

/// Plays a song, lets each of them rate it with the card's buttons, and goes on.
async fn play_and_rate(
    world: &World,
    looper: &Member,
    title: &'static str,
    given: &[(&Member, u8)],
) {
    world.play(looper, &piece(title, 330.0, 40)).await;
    let card = world.card(looper, title).await;
    for (who, stars) in given {
        let ends = format!(":{stars}");
        let is_it = |id: &str| id.starts_with("rate:") && id.ends_with(&ends);
        let button = card.buttons.iter().find(|it| is_it(&it.custom_id));
        let answer = who.press(&card, &button.unwrap().custom_id).await;
        let answer = world.settled(who, answer.unwrap()).await;
        let said = answer.text();
        assert!(said.contains(&format!("{stars} of 5")), "{title}: {said}");
    }
    world.says(looper, "skip", vec![]).await;
    let what = format!("the result of {title}");
    let is_result = |it: &Seen| it.says(title) && it.says("heard by");
    world.wait(looper, &what, is_result).await;
}

/// The picture as it is drawn.
async fn picture(seen: &Seen) -> Pixmap {
    assert_eq!(seen.files[0].name, "recap.png");
    let answer = reqwest::get(&seen.files[0].url).await.unwrap();
    let bytes = answer.bytes().await.unwrap();
    Pixmap::decode_png(&bytes).unwrap()
}

fn alt(seen: &Seen) -> &str {
    seen.raw["attachments"][0]["description"].as_str().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn people_see_who_they_are_whom_they_are_like_and_what_the_week_was() {
    let (world, guild) = World::new().await;
    world.set(&guild, "rating-heard", "0").await;
    let_everybody_count(&world, &guild).await;
    let [ana, bo, cy] = in_lounge(&guild, ["Ana", "Bo", "Cy"]);
    before_anything(&world, &bo, &cy).await;

    for (title, bos, cys) in [
        ("Loved By Both", 5, 5),
        ("Fought Over", 5, 1),
        ("Liked By Both", 4, 5),
        ("So So", 3, 3),
    ] {
        play_and_rate(&world, &ana, title, &[(&bo, bos), (&cy, cys)]).await;
    }
    let with_cy = || vec![("member", user(&cy))];
    let said = world.says(&bo, "taste", with_cy()).await;
    assert!(
        said.contains("Too little in common: you and Cy have rated only 4 plays"),
        "{said}"
    );
    play_and_rate(&world, &ana, "Disliked By Both", &[(&bo, 2), (&cy, 2)]).await;
    cy.leave_voice();
    play_and_rate(&world, &ana, "Without Cy", &[(&bo, 5)]).await;

    let taste = world.says(&bo, "taste", with_cy()).await;
    println!("{taste}\n");
    for words in [
        "You and Cy",
        "%** alike",
        "Both loved",
        "**Loved By Both** (The Testers) · you 🔥, Cy 🔥",
        "**Liked By Both** (The Testers) · you ❤️, Cy 🔥",
        "Fought over",
        "**Fought Over** (The Testers) · you 🔥, Cy 👎",
        "You love them, Cy has never heard them here",
        "**Without Cy**",
        "From 5 plays that both of you rated",
    ] {
        assert!(taste.contains(words), "{words}: {taste}");
    }
    // The other way around it is the same number.
    let mirrored = world.says(&cy, "taste", vec![("member", user(&bo))]).await;
    let percent = |said: &str| said.split("**").nth(1).map(str::to_owned);
    assert_eq!(percent(&taste), percent(&mirrored));
    assert!(mirrored.contains("Bo loves them, you have never heard them here"));

    profiles(&world, &ana, &bo).await;
    recaps(&world, &ana, &bo).await;
    let mei = guild.member("美", "zh-CN");
    let said = world.says(&mei, "recap", vec![]).await;
    assert!(said.contains("Home 的一周"), "{said}");
    assert!(said.contains("**6** 首歌播放"), "{said}");
    let said = world.says(&mei, "taste", with_cy()).await;
    assert!(said.contains("共同点太少"), "{said}");
    world.end().await;
}

async fn before_anything(world: &World, bo: &Member, cy: &Member) {
    let said = world.says(bo, "profile", vec![]).await;
    assert!(
        said.contains("You have neither played nor heard anything here yet"),
        "{said}"
    );
    let said = world.says(bo, "profile", vec![("member", user(cy))]).await;
    assert!(said.contains("Cy has neither played nor heard"), "{said}");
    let said = world.says(bo, "taste", vec![("member", user(cy))]).await;
    assert!(
        said.contains("you and Cy have not rated the same play here yet"),
        "{said}"
    );
    let said = world.says(bo, "taste", vec![("member", user(bo))]).await;
    assert!(said.contains("You agree with yourself"), "{said}");
    let rondo = vec![("member", Given::User(world.bot.id))];
    let said = world.says(bo, "taste", rondo).await;
    assert!(said.contains("Rondo is a bot"), "{said}");
    let said = world.says(bo, "recap", vec![]).await;
    assert!(
        said.contains("Nothing was played here in this time"),
        "{said}"
    );
    let said = world.says(bo, "recap", vec![("of", text("me"))]).await;
    assert!(said.contains("Bo has neither heard nor played"), "{said}");
}

async fn profiles(world: &World, ana: &Member, bo: &Member) {
    let rookie = "A rookie: ";
    let answer = world.asks_until(ana, ("profile", &nothing), rookie).await;
    for words in [
        "Here since <t:",
        "Heard by 2 people, 11 times in all",
        "Received: ",
        "Played 6 songs here",
        "Plays most: The Testers (6)",
        "**Loved By Both** · 5.0 ★ (2)",
    ] {
        assert!(answer.text().contains(words), "{words}: {}", answer.text());
    }
    let seen = answer.seen().unwrap();
    assert!(seen.is_ephemeral);
    let avatar = &seen.raw["embeds"][0]["thumbnail"]["url"];
    assert!(avatar.as_str().unwrap().starts_with("https://"), "{avatar}");
    let of_bo = || vec![("member", user(bo))];
    let answer = world
        .asks_until(ana, ("profile", &of_bo), "Gave 6 ratings")
        .await;
    for words in [
        "Has played nothing here yet",
        "👎 0  😐 1  👍 1  ❤️ 1  🔥 3",
        "Generous: most songs are liked",
        "Loves the songs of Ana",
        "Loves the music of The Testers",
    ] {
        assert!(answer.text().contains(words), "{words}: {}", answer.text());
    }
}

async fn recaps(world: &World, ana: &Member, bo: &Member) {
    let answer = world
        .asks_until(bo, ("recap", &nothing), "**6** songs played")
        .await;
    let seen = answer.seen().unwrap();
    assert!(seen.is_ephemeral);
    for words in [
        "The week at Home",
        "**2** listeners",
        "**11** ratings (none before)",
        "**Best songs:** Loved By Both 5.0 ★ (2)",
        "**Best loopers:** Ana",
        "**Most devoted:** Bo",
    ] {
        assert!(seen.says(words), "{words}: {}", seen.text);
    }
    let drawn = picture(seen).await;
    assert_eq!(drawn.width(), 1_200);
    // Five songs are the best: all there is room for.
    assert_eq!(drawn.height(), 1_500);
    // The bars of today are on it, in the colour of the house.
    let is_ember = |pixel: &resvg::tiny_skia::PremultipliedColorU8| {
        (pixel.red(), pixel.green(), pixel.blue()) == (0xf2, 0x6b, 0x38)
    };
    assert!(drawn.pixels().iter().filter(|it| is_ember(it)).count() > 2_000);
    assert!(alt(seen).starts_with("The week at Home, "), "{}", alt(seen));
    assert!(alt(seen).contains("6 songs played"), "{}", alt(seen));

    // Shown to everyone, it is a message of its own that Ana sees as well.
    bo.press(seen, "recap:server:week").await.unwrap();
    let shown = world
        .wait(ana, "Bo's recap for everyone", |it| {
            it.says("The week at Home") && !it.is_ephemeral
        })
        .await;
    assert_eq!(picture(&shown).await.width(), 1_200);

    let own = || vec![("of", text("me")), ("period", text("year"))];
    let answer = world.run(bo, "recap", own()).await;
    let seen = answer.seen().unwrap();
    for words in [
        "Bo's year",
        "**6** songs heard",
        "**6** ratings given",
        "**Loved most:** ",
        "**Favourite loopers:** Ana",
    ] {
        assert!(seen.says(words), "{words}: {}", seen.text);
    }
    assert_eq!(picture(seen).await.height(), 1_500);
    let of_ana = vec![("member", user(ana)), ("period", text("month"))];
    let answer = world.run(bo, "recap", of_ana).await;
    let seen = answer.seen().unwrap();
    assert!(
        seen.says("Ana's month") && seen.says("**6** songs played"),
        "{}",
        seen.text
    );
    assert!(seen.says(r"**Their own songs:** "), "{}", seen.text);
    // Somebody else's is theirs to show.
    assert!(seen.buttons.is_empty());
}
