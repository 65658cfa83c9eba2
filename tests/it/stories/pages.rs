//! An evening as a page on the web: people act, strangers read. The bot serves it under an address
//! that its owner has set.

use crate::tune::{Format, Piece};
use crate::world::{PATIENCE, Told, World, attached, in_lounge, piece, text};
use discord_sandbox::interactions::Given;
use discord_sandbox::people::{Answer, Member, Seen};
use discord_sandbox::server::GuildSet;
use reqwest::{Client, Response, StatusCode};
use serde_json::Value;

/// What the owner has told the bot; its own place is any free port.
pub(super) const PUBLIC: &str = "https://rondo.example/music";
const HOSTILE: &str = "<script>alert('x')</script>";

async fn with_pages() -> (World, GuildSet) {
    let more = vec![
        ("RONDO_PUBLIC_URL", PUBLIC.to_owned()),
        ("RONDO_WEB_LISTEN", "127.0.0.1:0".to_owned()),
    ];
    let told = Told {
        more,
        ..Told::default()
    };
    let (world, [guild]) = World::told(told, ["Home"]).await;
    (world, guild)
}

/// A stranger with a browser.
pub(super) struct Stranger {
    base: String,
    client: Client,
}

impl Stranger {
    pub(super) fn of(world: &World) -> Stranger {
        let log = world.log();
        let line = log
            .lines()
            .rfind(|line| line.contains("pages are served"))
            .unwrap();
        let at = line.split("at=").nth(1).unwrap();
        let at = at.split_whitespace().next().unwrap();
        Stranger {
            base: format!("http://{at}/music"),
            client: Client::builder().timeout(PATIENCE).build().unwrap(),
        }
    }

    /// Opens a path below the public address, or a whole link.
    async fn opens(&self, link: &str) -> Response {
        let path = link.strip_prefix(PUBLIC).unwrap_or(link);
        let url = format!("{}{path}", self.base);
        self.client.get(url).send().await.unwrap()
    }

    pub(super) async fn reads(&self, link: &str) -> String {
        let answer = self.opens(link).await;
        assert_eq!(answer.status(), StatusCode::OK, "{link}");
        answer.text().await.unwrap()
    }

    async fn sees(&self, link: &str) -> StatusCode {
        self.opens(link).await.status()
    }
}

/// The link in a text.
pub(super) fn link(text: &str) -> String {
    let start = text
        .find(PUBLIC)
        .unwrap_or_else(|| panic!("no link in {text}"));
    let link = text[start..].split(['>', ' ', '\n', ')']).next().unwrap();
    link.to_owned()
}

/// Ana and Bodil play; Cy says something and rates. Gives back the goodbye.
async fn evening(world: &World, guild: &GuildSet) -> (Vec<Member>, Seen) {
    world.set(guild, "rating-heard", "0").await;
    let [ana, bo, cy] = in_lounge(guild, ["Ana", "Bodil", "Cy"]);
    let theme = vec![("theme", text("Songs for a long drive"))];
    world.run(&ana, "stage open", theme).await;
    world.play(&ana, &piece("Morning Light", 262.0, 5)).await;
    world.hears(&cy, 262.0).await;
    world
        .says(&cy, "rate", vec![("stars", Given::Int(5))])
        .await;
    let card = world.card(&cy, "Morning Light").await;
    let Answer::Form { interaction, .. } = cy.press(&card, "Comment").await.unwrap() else {
        panic!("no form");
    };
    cy.submit(interaction, &[("words", "that <b>bass</b> line!")])
        .await
        .unwrap();
    let hostile = Piece {
        title: HOSTILE,
        artist: "The Testers",
        hz: 330.0,
        seconds: 4,
        format: Format::Flac,
    };
    let file = vec![("file", attached(&hostile))];
    world.says(&bo, "play", file).await;
    world.hears(&cy, 330.0).await;
    world
        .says(&cy, "rate", vec![("stars", Given::Int(3))])
        .await;
    world.says(&ana, "stage close", vec![]).await;
    let goodbye = world
        .wait(&cy, "the playlist", |it| !it.files.is_empty())
        .await;
    (vec![ana, bo, cy], goodbye)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_evening_becomes_a_page_that_strangers_read() {
    let (world, guild) = with_pages().await;
    let (_, goodbye) = evening(&world, &guild).await;
    let link = link(&goodbye.text);
    let stranger = Stranger::of(&world);
    let answer = stranger.opens(&link).await;
    let policy = answer.headers()["content-security-policy"]
        .to_str()
        .unwrap()
        .to_owned();
    assert!(policy.contains("default-src 'none'"), "{policy}");
    let html = answer.text().await.unwrap();
    for words in [
        ">Songs for a long drive</h1>",
        "Session 1 · Home",
        ">Morning Light</h3>",
        "The Testers",
        "played by Ana",
        "played by Bodil",
        "5.0 <span",
        "3.0 <span",
        "that &#60;b&#62;bass&#60;/b&#62; line!",
        ">Cy</b>",
        "https://musicbrainz.org/search?query=The+Testers+Morning+Light",
        "https://open.spotify.com/search/The%20Testers%20Morning%20Light",
        "<meta property=\"og:title\" content=\"Songs for a long drive\">",
        &format!("<meta property=\"og:image\" content=\"{link}/card.png"),
    ] {
        assert!(html.contains(words), "{words} is missing in\n{html}");
    }
    // The time of the comment stands before it.
    let said = html.split("<li><span class=\"at\">0:0").nth(1).unwrap();
    assert!(
        said.split("</li>").next().unwrap().contains("bass"),
        "{said}"
    );
    // A title is only read.
    assert!(!html.contains("<script"), "{html}");
    assert!(html.contains("&#60;script&#62;alert("), "{html}");
    // What belongs to the page.
    let xspf = stranger.reads(&format!("{link}/playlist.xspf")).await;
    assert!(xspf.contains("<title>Morning Light</title>"), "{xspf}");
    let m3u8 = stranger.reads(&format!("{link}/playlist.m3u8")).await;
    assert!(m3u8.starts_with("#EXTM3U\n"), "{m3u8}");
    let card = stranger.opens(&format!("{link}/card.png")).await;
    assert_eq!(card.headers()["content-type"], "image/png");
    let card = card.bytes().await.unwrap();
    assert_eq!(&card[..8], b"\x89PNG\r\n\x1a\n");
    // Width and height stand in the first chunk.
    assert_eq!(&card[16..24], &[0, 0, 4, 176, 0, 0, 2, 118]);
    let told = stranger.reads(&format!("/oembed?url={link}")).await;
    let told: Value = told.parse().unwrap();
    assert_eq!(told["title"], "Songs for a long drive");
    // Who has no link finds nothing.
    for path in ["/p/1", "/p/00000000000000000000000001", "/p/", "/"] {
        assert_eq!(stranger.sees(path).await, StatusCode::NOT_FOUND, "{path}");
    }
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn names_are_hidden_and_pages_withdrawn_by_those_who_were_there() {
    let (world, guild) = with_pages().await;
    let (people, goodbye) = evening(&world, &guild).await;
    let [ana, bo, cy] = &people[..] else { panic!() };
    let stranger = Stranger::of(&world);
    let first = link(&goodbye.text);
    let number = || vec![("number", Given::Int(1))];
    // The same link for everybody, in what is said and shown.
    let said = world.says(cy, "playlist share", number()).await;
    assert_eq!(link(&said), first);
    let shown = world.says(cy, "playlist show", number()).await;
    assert_eq!(link(&shown), first);

    // Bodil's name is hidden, everywhere and at once.
    let parts = [
        "",
        "/playlist.xspf",
        "/playlist.jspf",
        "/playlist.csv",
        "/playlist.m3u8",
    ];
    for part in &parts[..4] {
        let before = stranger.reads(&format!("{first}{part}")).await;
        assert!(before.contains("by Bodil"), "{part}: {before}");
    }
    let hide = "insert into hidden_name (guild_id, member_id, hidden_at_ms) \
                select guild_id, looper_id, 1 from play where looper_name = 'Bodil'";
    world.meddle(hide).await;
    for part in parts {
        let text = stranger.reads(&format!("{first}{part}")).await;
        assert!(!text.contains("Bodil"), "{part}: {text}");
    }
    let html = stranger.reads(&first).await;
    assert!(html.contains("played by somebody"), "{html}");

    // Cy only listened: he may not withdraw it. Bodil played.
    let said = world.says(cy, "playlist withdraw", number()).await;
    assert!(said.contains("Only the host of session 1"), "{said}");
    let said = world.says(bo, "playlist withdraw", number()).await;
    assert!(said.contains("never work again"), "{said}");
    for part in ["", "/playlist.xspf", "/card.png", "/cover/1"] {
        let gone = stranger.sees(&format!("{first}{part}")).await;
        assert_eq!(gone, StatusCode::GONE, "{part}");
    }
    let said = world.says(bo, "playlist withdraw", number()).await;
    assert!(said.contains("has no page"), "{said}");
    let shown = world.says(cy, "playlist show", number()).await;
    assert!(!shown.contains(PUBLIC), "{shown}");
    // Nor may he make another one; the host may, and it is another.
    let said = world.says(cy, "playlist share", number()).await;
    assert!(said.contains("was withdrawn"), "{said}");
    let second = link(&world.says(ana, "playlist share", number()).await);
    assert_ne!(first, second);
    assert_eq!(stranger.sees(&second).await, StatusCode::OK);
    assert_eq!(stranger.sees(&first).await, StatusCode::GONE);
    // A moderator was not there and may.
    let said = world
        .says(&guild.owner, "playlist withdraw", number())
        .await;
    assert!(said.contains("never work again"), "{said}");
    assert_eq!(stranger.sees(&second).await, StatusCode::GONE);
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_public_address_everything_else_works() {
    let told = Told {
        more: vec![("RONDO_WEB_LISTEN", "127.0.0.1:0".to_owned())],
        ..Told::default()
    };
    let (world, [guild]) = World::told(told, ["Home"]).await;
    let (people, goodbye) = evening(&world, &guild).await;
    assert!(goodbye.says("Morning Light"), "{}", goodbye.text);
    assert!(!goodbye.says("://"), "{}", goodbye.text);
    assert!(!world.log().contains("pages are served"));
    assert_eq!(world.kept("select count(*) from page").await, 0);
    let said = world.says(&people[0], "playlist share", vec![]).await;
    assert!(said.contains("RONDO_PUBLIC_URL"), "{said}");
    assert!(said.contains("/playlist export"), "{said}");
    let mei = guild.member("美", "zh-CN");
    let said = world.says(&mei, "playlist share", vec![]).await;
    assert!(said.contains("没有设置公开地址"), "{said}");
    world.end().await;
}
