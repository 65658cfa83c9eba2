//! The leaderboards as people see them: what an evening leaves on them, why, and who does not count.

use crate::world::{World, in_lounge, piece, text, user};
use discord_sandbox::interactions::Given;
use discord_sandbox::people::{Answer, Member};
use discord_sandbox::server::GuildSet;

/// Everybody in a sandbox is new, so that nobody would count.
pub(super) async fn let_everybody_count(world: &World, guild: &GuildSet) {
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

/// Asks for a board of all time until it says this: boards follow within seconds.
pub(super) async fn board(world: &World, who: &Member, board: &str, says: &str) -> Answer {
    let path = format!("leaderboard {board}");
    let period = || match board {
        "why" => vec![],
        _ => vec![("period", text("all"))],
    };
    world.asks_until(who, (&path, &period), says).await
}

#[expect(clippy::too_many_lines, reason = "one evening, told in order")]
#[tokio::test(flavor = "multi_thread")]
async fn what_was_loved_stands_on_the_boards_and_why_tells_the_reason() {
    let (world, guild) = World::new().await;
    let_everybody_count(&world, &guild).await;
    let names = [
        "Ana", "Bo", "Cy", "Dee", "Eli", "Fay", "Gil", "Hal", "Ida", "Jo", "Kit", "Lou",
    ];
    let everyone = in_lounge(&guild, names);
    let (ana, bo, cy) = (&everyone[0], &everyone[1], &everyone[2]);
    let nothing = world.says(ana, "leaderboard tracks", vec![]).await;
    assert!(nothing.contains("heard by enough people yet"), "{nothing}");
    world.play(ana, &piece("Much Loved", 330.0, 12)).await;
    // Twelve people have to agree on keys first, which keeps a small machine busy.
    world.hears(bo, 330.0).await;
    world.play(bo, &piece("Left Cold", 440.0, 5)).await;
    // Eleven people love what Ana plays; nobody says anything to what Bo plays.
    for member in &everyone[1..] {
        let stars = vec![("stars", Given::Int(5))];
        let said = world.says(member, "rate", stars).await;
        assert!(said.contains("Much Loved"), "{said}");
    }
    world
        .wait(ana, "the result of Bo's", |it| {
            it.says("Left Cold") && it.says("heard by")
        })
        .await;

    // Ana rated nothing and is no listener that counts, so Bo's song lacks one of eleven.
    let said = board(&world, ana, "tracks", "Need more ears: 1 more").await;
    let said = said.text();
    assert!(said.contains("🥇 **Much Loved**"), "{said}");
    assert!(said.contains("one play · 11 listeners"), "{said}");
    assert!(
        said.contains("Your best is number 1: Much Loved."),
        "{said}"
    );
    let said = world
        .says(bo, "leaderboard tracks", vec![("period", text("week"))])
        .await;
    assert!(said.contains("Left Cold needs more ears: 95 %"), "{said}");

    let rookies = world.says(ana, "leaderboard rookies", vec![]).await;
    assert!(rookies.contains("🥇 **Ana**"), "{rookies}");
    assert!(rookies.contains("🥈 **Bo**"), "{rookies}");
    assert!(rookies.contains("You are number 1."), "{rookies}");
    let loopers = world.says(bo, "leaderboard loopers", vec![]).await;
    assert!(
        loopers.contains("You are a rookie: 10 of 5 people, 1 of 10 songs"),
        "{loopers}"
    );
    let why = board(&world, ana, "why", "heard by 11 people").await;
    let why = why.text();
    assert!(
        why.contains("11 liked them more than they usually"),
        "{why}"
    );
    assert!(why.contains("Your ratings do not count"), "{why}");
    assert!(why.contains("0 of one rating in"), "{why}");
    let why = world.says(cy, "leaderboard why", vec![]).await;
    assert!(why.contains("Your ratings count: you gave one"), "{why}");

    // Twelve have listened to something: two pages, and everybody's own place on both.
    let first = board(&world, cy, "listeners", "Page 1 of 2").await;
    let first = first.seen().unwrap();
    assert!(first.says("You are number "), "{}", first.text);
    let turned = cy.press(first, "board:listeners:all:1").await.unwrap();
    assert_eq!(turned, Answer::Updated);
    let second = cy.seen(first.id).unwrap();
    for words in ["11\\. **", "12\\. **", "You are number ", "Page 2 of 2"] {
        assert!(second.says(words), "{words}: {}", second.text);
    }
    // The board has become shorter since its first page was shown: what is behind it is the last one.
    let first = board(&world, cy, "listeners", "Page 1 of 2").await;
    let first = first.seen().unwrap();
    let shorter =
        "delete from board_page where board = 'listeners' and period = 'all' and page = 1";
    world.meddle(shorter).await;
    let listed = "update board_sheet set listed = 10 where board = 'listeners' and period = 'all'";
    world.meddle(listed).await;
    let turned = cy.press(first, "board:listeners:all:1").await.unwrap();
    assert_eq!(turned, Answer::Updated);
    let last = cy.seen(first.id).unwrap();
    assert!(last.says("🥇") && !last.says("Page"), "{}", last.text);

    // A moderator voids what one of them gave, and it is as if they had not been there.
    let void = || vec![("member", user(cy))];
    let refused = world.says(bo, "stage void-all", void()).await;
    assert!(refused.contains("moderators"), "{refused}");
    let said = world.says(&guild.owner, "stage void-all", void()).await;
    assert!(said.contains("so far counts any more"), "{said}");
    let said = board(&world, ana, "tracks", "Need more ears: 2 more").await;
    assert!(!said.text().contains("🥇"), "{}", said.text());
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn new_accounts_count_for_nothing_and_the_boards_say_so_in_chinese() {
    let (world, guild) = World::new().await;
    world.set(&guild, "rating-heard", "0").await;
    let [ana, bo, cy] = in_lounge(&guild, ["Ana", "Bo", "Cy"]);
    world.play(&ana, &piece("Pushed", 330.0, 4)).await;
    world.hears(&bo, 330.0).await;
    for member in [&bo, &cy] {
        let stars = vec![("stars", Given::Int(5))];
        world.says(member, "rate", stars).await;
    }
    world.says(&ana, "stage close", vec![]).await;
    // They have listened ...
    board(&world, &bo, "listeners", "🥇").await;
    // ... and made nobody a looper of note.
    let said = world.says(&ana, "leaderboard rookies", vec![]).await;
    assert!(said.contains("No newcomer has been heard"), "{said}");
    let mei = guild.member("美", "zh-CN");
    let why = world.says(&mei, "leaderboard why", vec![]).await;
    for words in [
        "谁算有效",
        "账号已有 7 天以上",
        "至少 3 位 Looper 至少 5 个评分",
    ] {
        assert!(why.contains(words), "{words}: {why}");
    }
    // The setting decides, also about what has been.
    let_everybody_count(&world, &guild).await;
    board(&world, &ana, "rookies", "🥇 **Ana**").await;
    // Since when somebody is a member was kept with what they heard.
    let known = "select count(*) from heard where joined_at_ms > 1420070400000";
    assert_eq!(world.kept(known).await, 2);
    world.end().await;
}
