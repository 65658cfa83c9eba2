//! The live page of a stage: what people far away see of a party, as it happens.

use crate::browser::{Browser, Screen, Tab};
use crate::tune::{Format, Piece};
use crate::world::{PATIENCE, Told, World, in_lounge, text};
use discord_sandbox::interactions::Given;
use discord_sandbox::people::{Member, until};
use discord_sandbox::server::GuildSet;
use reqwest::StatusCode;
use tokio::time::timeout;

/// Where the owner says that pages are; the path is part of every link.
const PUBLIC: &str = "https://live.example/music";

/// A song of so many seconds in a small file.
fn song(title: &'static str, hz: f32, seconds: u32) -> Piece {
    Piece {
        title,
        artist: "The Testers",
        hz,
        seconds,
        format: Format::OggOpus,
    }
}

async fn world(library: Vec<(&'static str, Vec<u8>)>) -> (World, GuildSet) {
    let told = Told {
        more: vec![
            ("RONDO_PUBLIC_URL", PUBLIC.to_owned()),
            ("RONDO_WEB_LISTEN", "127.0.0.1:0".to_owned()),
        ],
        library,
        ..Told::default()
    };
    let (world, [guild]) = World::told(told, ["Home"]).await;
    world.set(&guild, "chat-comments", "on").await;
    (world, guild)
}

/// Where the bot really serves a public link.
async fn served(world: &World, link: &str) -> String {
    let address = until(world.sandbox.hub(), PATIENCE, |_| {
        let log = world.log();
        let told = log.lines().find(|line| line.contains("pages are served"))?;
        let (_, rest) = told.split_once("at=")?;
        Some(rest.split_whitespace().next()?.to_owned())
    });
    let place = address.await.expect("pages are served");
    link.replace("https://live.example", &format!("http://{place}"))
}

/// The link in what was said.
fn link_in(said: &str) -> String {
    let at = said
        .find(PUBLIC)
        .unwrap_or_else(|| panic!("no link: {said}"));
    let link = said[at..].split_whitespace().next().unwrap();
    link.to_owned()
}

/// `/stage share`, and where that page really is.
async fn shared(world: &World, who: &Member) -> String {
    let said = world.says(who, "stage share", vec![]).await;
    assert!(said.contains("?overlay"), "{said}");
    served(world, &link_in(&said)).await
}

fn client() -> reqwest::Client {
    reqwest::Client::builder()
        .connect_timeout(PATIENCE)
        .build()
        .unwrap()
}

async fn get(address: &str) -> (StatusCode, String) {
    let answer = client().get(address).send().await.unwrap();
    (answer.status(), answer.text().await.unwrap())
}

#[derive(Clone, Debug, Default)]
struct Heard {
    name: String,
    id: Option<u64>,
    data: String,
}

/// Somebody who reads the stream.
struct Reader {
    response: reqwest::Response,
    rest: String,
    retry: bool,
    heard: Vec<Heard>,
}

impl Reader {
    async fn of(page: &str) -> Reader {
        let response = client().get(format!("{page}/events")).send().await.unwrap();
        assert_eq!(response.status(), StatusCode::OK);
        let kind = response.headers()["content-type"].to_str().unwrap();
        assert_eq!(kind, "text/event-stream");
        Reader {
            response,
            rest: String::new(),
            retry: false,
            heard: Vec::new(),
        }
    }

    /// The next event; `None` at the end of the stream.
    async fn next(&mut self) -> Option<Heard> {
        loop {
            if let Some((event, rest)) = self.rest.split_once("\n\n") {
                let (event, rest) = (event.to_owned(), rest.to_owned());
                self.rest = rest;
                self.retry |= event.contains("retry:");
                let heard = heard(&event);
                if !heard.name.is_empty() {
                    self.heard.push(heard.clone());
                    return Some(heard);
                }
                continue;
            }
            let chunk = self.response.chunk().await.unwrap()?;
            self.rest.push_str(std::str::from_utf8(&chunk).unwrap());
        }
    }

    /// Waits for an event of that name that says this.
    async fn hears(&mut self, name: &str, words: &str) -> Heard {
        let found = async {
            while let Some(heard) = self.next().await {
                if heard.name == name && heard.data.contains(words) {
                    return Some(heard);
                }
            }
            None
        };
        match timeout(PATIENCE, found).await {
            Ok(Some(heard)) => heard,
            _ => panic!("no {name} with {words} came, but {:#?}", self.heard),
        }
    }

    async fn ends(&mut self) {
        let end = async { while self.next().await.is_some() {} };
        assert!(timeout(PATIENCE, end).await.is_ok(), "the stream goes on");
    }
}

fn heard(event: &str) -> Heard {
    let mut heard = Heard::default();
    for line in event.lines() {
        match line.split_once(": ").or_else(|| line.split_once(':')) {
            Some(("event", name)) => name.clone_into(&mut heard.name),
            Some(("id", id)) => heard.id = id.parse().ok(),
            Some(("data", data)) => {
                heard.data.push_str(data);
                heard.data.push('\n');
            }
            _ => {}
        }
    }
    heard
}

#[expect(clippy::too_many_lines, reason = "one evening, told in order")]
#[tokio::test(flavor = "multi_thread")]
async fn somebody_far_away_sees_everything_as_it_happens() {
    let (world, guild) = world(Vec::new()).await;
    let [ana, quentin, cy] = in_lounge(&guild, ["Ana", "Quentin", "Cyrus"]);
    world
        .play(&ana, &song("<b>First</b> & Only", 330.0, 60))
        .await;
    world.hears(&quentin, 330.0).await;
    let said = world.says(&quentin, "stage share", vec![]).await;
    assert!(said.contains("host and moderators"), "{said}");
    let page = shared(&world, &ana).await;
    let same = world.says(&quentin, "stage share", vec![]).await;
    assert_eq!(
        served(&world, &link_in(&same)).await,
        page,
        "now anyone may pass it on"
    );

    let mut reader = Reader::of(&page).await;
    reader.hears("head", "3 listeners").await;
    reader.hears("seats", "Ana").await;
    let track = reader.hears("track", "&#60;b&#62;First").await;
    assert!(track.data.contains("Played by Ana"), "{}", track.data);
    assert!(!track.data.contains("<b>"), "{}", track.data);
    reader.hears("rating", "No ratings yet").await;
    reader.hears("comments", "").await;
    assert!(reader.retry, "it says when to come back");

    world.says(&cy, "seat take", vec![]).await;
    reader.hears("seats", "Cyrus").await;
    world
        .says(&quentin, "rate", vec![("stars", Given::Int(5))])
        .await;
    reader.hears("rating", "<strong>5.0</strong>").await;
    quentin.say("what a <i>bridge</i> <:wow:123>").unwrap();
    let comment = reader.hears("comment", "Quentin").await;
    assert!(
        comment.data.contains("bridge&#60;/i&#62; :wow:"),
        "{}",
        comment.data
    );
    assert!(!comment.data.contains("<i>"), "{}", comment.data);
    let theme = vec![("theme", text("Rain & Tea"))];
    world.says(&ana, "stage theme", theme).await;
    reader.hears("head", "Rain &#38; Tea").await;
    let ids: Vec<u64> = reader.heard.iter().filter_map(|it| it.id).collect();
    assert!(ids.is_sorted() && ids.len() > 8, "{ids:?}");

    // Whoever comes back, or only now, has everything at once.
    let mut again = Reader::of(&page).await;
    again.hears("head", "Rain &#38; Tea").await;
    again.hears("seats", "Cyrus").await;
    again.hears("track", "First").await;
    again.hears("rating", "5.0").await;
    again.hears("comments", "bridge").await;

    hide(&world, &guild, &quentin).await;
    let comments = again.hears("comments", "somebody").await;
    assert!(!comments.data.contains("Quentin"), "{}", comments.data);
    let mut third = Reader::of(&page).await;
    third.hears("comments", "bridge").await;
    assert!(third.heard.iter().all(|it| !it.data.contains("Quentin")));

    world.says(&ana, "stage close", vec![]).await;
    for reader in [&mut reader, &mut again, &mut third] {
        let over = reader.hears("over", "The party is over").await;
        assert!(over.data.contains("href=\"/music/p/"), "{}", over.data);
        reader.ends().await;
    }
    let (status, html) = get(&page).await;
    assert_eq!(status, StatusCode::OK);
    assert!(
        html.contains("The party is over") && !html.contains("<script"),
        "{html}"
    );
    Reader::of(&page)
        .await
        .hears("over", "The party is over")
        .await;
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_forgotten_is_gone_from_pages_that_are_open_also_if_their_name_was_hidden() {
    let (world, guild) = world(Vec::new()).await;
    let [ana, quentin] = in_lounge(&guild, ["Ana", "Quentin"]);
    world.play(&ana, &song("Remembered", 330.0, 60)).await;
    world.hears(&quentin, 330.0).await;
    let page = shared(&world, &ana).await;
    let mut reader = Reader::of(&page).await;
    reader.hears("comments", "").await;
    hide(&world, &guild, &quentin).await;
    quentin.say("what a bridge").unwrap();
    reader.hears("comment", "bridge").await;
    ana.say("and what a beat").unwrap();
    reader.hears("comment", "beat").await;
    // Or what comes next would be the answer to the hidden name.
    let mut other = Reader::of(&page).await;
    other.hears("comments", "somebody").await;
    let before = other.heard.len();

    let asked = world.run(&quentin, "privacy delete", vec![]).await;
    let asked = asked.seen().unwrap().clone();
    quentin.press(&asked, "forget:here").await.unwrap();
    let comments = other.hears("comments", "beat").await;
    assert!(!comments.data.contains("bridge"), "{}", comments.data);
    ana.say("it goes on").unwrap();
    let mut third = Reader::of(&page).await;
    reader.hears("comment", "goes on").await;
    other.hears("comment", "goes on").await;
    let since = &other.heard[before..];
    assert!(
        since.iter().all(|it| !it.data.contains("Quentin")),
        "{since:#?}"
    );
    third.hears("comments", "beat").await;
    let html = get(&page).await.1;
    let heard = third.heard.iter().map(|it| it.data.as_str());
    for text in heard.chain([html.as_str()]) {
        assert!(
            !text.contains("Quentin") && !text.contains("bridge"),
            "{text}"
        );
    }
    world.end().await;
}

/// `Quentin` does not want to be named on pages.
async fn hide(world: &World, guild: &GuildSet, who: &Member) {
    let sql = format!(
        "insert into hidden_name (guild_id, member_id, hidden_at_ms) values ({}, {}, 1) returning 1",
        guild.id, who.id
    );
    assert_eq!(world.kept(&sql).await, 1);
}

#[expect(clippy::too_many_lines, reason = "one evening, told in order")]
#[tokio::test(flavor = "multi_thread")]
async fn a_live_page_is_a_picture_without_a_script_and_nobody_finds_it_by_guessing() {
    let (world, guild) = world(Vec::new()).await;
    let [ana, bo] = in_lounge(&guild, ["Ana", "Bo"]);
    world.play(&ana, &song("Seen", 330.0, 60)).await;
    world.hears(&bo, 330.0).await;
    let page = shared(&world, &ana).await;

    let answer = client().get(&page).send().await.unwrap();
    let policy = answer.headers()["content-security-policy"]
        .to_str()
        .unwrap()
        .to_owned();
    assert!(
        policy.contains("script-src 'self'; connect-src 'self'"),
        "{policy}"
    );
    assert!(
        policy.starts_with("default-src 'none'") && !policy.contains("unsafe"),
        "{policy}"
    );
    let html = answer.text().await.unwrap();
    for there in [
        "<h2 dir=\"auto\">Seen</h2>",
        "Played by Ana",
        "<noscript><meta http-equiv=\"refresh\"",
        "0:0",
        "/music/assets/live-",
        "lang=\"en\"",
    ] {
        assert!(html.contains(there), "no {there}: {html}");
    }
    let (_, chinese) = get(&format!("{page}?lang=zh-CN")).await;
    assert!(
        chinese.contains("Ana 播放") && chinese.contains("lang=\"zh-CN\""),
        "{chinese}"
    );
    let (_, overlay) = get(&format!("{page}?overlay")).await;
    assert!(
        overlay.contains("class=\"overlay\"") && !overlay.contains("<a "),
        "{overlay}"
    );

    let token = page.rsplit('/').next().unwrap();
    let other: String = token.chars().rev().collect();
    for wrong in [other.as_str(), "1", "2", ""] {
        let wrong = page.replace(token, wrong);
        for path in ["", "/events", "/cover/1"] {
            let (status, _) = get(&format!("{wrong}{path}")).await;
            assert_eq!(status, StatusCode::NOT_FOUND, "{wrong}{path}");
        }
    }

    let mut reader = Reader::of(&page).await;
    reader.hears("track", "Seen").await;
    let said = world.says(&bo, "stage unshare", vec![]).await;
    assert!(said.contains("host and moderators"), "{said}");
    world.says(&ana, "stage unshare", vec![]).await;
    reader.hears("over", "withdrawn").await;
    reader.ends().await;
    for path in ["", "/events", "/cover/1"] {
        assert_eq!(
            get(&format!("{page}{path}")).await.0,
            StatusCode::GONE,
            "{path}"
        );
    }
    let said = world.says(&ana, "stage unshare", vec![]).await;
    assert!(said.contains("no live page"), "{said}");
    let next = shared(&world, &ana).await;
    assert_ne!(next, page, "what was withdrawn stays dead");
    assert_eq!(get(&next).await.0, StatusCode::OK);

    // A stream that is open holds up nobody who ends the bot.
    let mut last = Reader::of(&next).await;
    last.hears("track", "Seen").await;
    let log = world.log();
    world.end().await;
    last.ends().await;
    assert!(!log.contains("did not finish in time"), "{log}");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_public_address_there_is_no_live_page() {
    let (world, guild) = World::new().await;
    let [ana, bo] = in_lounge(&guild, ["Ana", "Bo"]);
    world.play(&ana, &song("Unseen", 330.0, 5)).await;
    world.hears(&bo, 330.0).await;
    let said = world.says(&ana, "stage share", vec![]).await;
    assert!(said.contains("RONDO_PUBLIC_URL"), "{said}");
    world.end().await;
}

/// Asks for the stream, from one of many addresses as the server in front tells them.
async fn follow(page: &str, house: usize) -> reqwest::Response {
    let asked = client().get(format!("{page}/events"));
    let asked = asked.header("x-forwarded-for", format!("203.0.113.{house}"));
    asked.send().await.unwrap()
}

#[expect(clippy::too_many_lines, reason = "one evening, told in order")]
#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_ratings_are_few_events_and_two_hundred_viewers_are_enough() {
    let (world, guild) = world(Vec::new()).await;
    // Or the first hundred votes end the song.
    world.set(&guild, "vote-skip", "off").await;
    let [ana] = in_lounge(&guild, ["Ana"]);
    let names: Vec<String> = (0..20).map(|n| format!("Fan {n}")).collect();
    let fans: Vec<Member> = names
        .iter()
        .map(|name| {
            let mut fan = guild.member(name, "en-US");
            assert!(fan.join_voice(guild.lounge));
            fan
        })
        .collect();
    world.play(&ana, &song("Crowded", 330.0, 60)).await;
    world.hears(&fans[0], 330.0).await;
    let card = world.card(&ana, "Crowded").await;
    let page = shared(&world, &ana).await;
    let mut reader = Reader::of(&page).await;
    reader.hears("rating", "No ratings yet").await;
    let before = reader.heard.len();
    let begun = tokio::time::Instant::now();
    for emoji in ["👎", "😐", "👍", "❤️", "🔥"] {
        for fan in &fans {
            fan.react(&card, emoji).unwrap();
        }
    }
    let all = reader.hears("rating", "20 ratings").await;
    let best = "<strong>5.0</strong>";
    if !all.data.contains(best) {
        reader.hears("rating", best).await;
    }
    let pictures = reader.heard.len() - before;
    let most = 4 * usize::try_from(begun.elapsed().as_secs() + 1).unwrap() + 1;
    println!("100 ratings: {pictures} events in {:?}", begun.elapsed());
    assert!(
        pictures <= 2 * most,
        "{pictures} events are more than {most} pictures make"
    );

    let mut viewers = vec![reader];
    let mut house = 0;
    let refused = loop {
        let answer = follow(&page, house).await;
        if answer.status() == StatusCode::TOO_MANY_REQUESTS {
            // So many of one address; others are welcome.
            assert!(answer.headers().contains_key("retry-after"));
            house += 1;
            assert_eq!(viewers.len() - 1, house * 20);
            continue;
        }
        if answer.status() != StatusCode::OK {
            break answer;
        }
        let (rest, retry) = (String::new(), false);
        let heard = Vec::new();
        viewers.push(Reader {
            response: answer,
            rest,
            retry,
            heard,
        });
        assert!(viewers.len() <= 200, "there is no end of viewers");
    };
    assert_eq!(viewers.len(), 200);
    assert_eq!(refused.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert!(refused.headers().contains_key("retry-after"));
    // Whoever goes makes room.
    viewers.truncate(100);
    let free = until(world.sandbox.hub(), PATIENCE, |_| None::<()>);
    let came = async {
        loop {
            let answer = follow(&page, 250).await;
            if answer.status() == StatusCode::OK {
                return;
            }
        }
    };
    tokio::select! {
        () = came => {}
        _ = free => panic!("nobody makes room"),
    }
    world.end().await;
}

/// Pictures with the songs, so that pages look as they do in life.
fn cover(from: &str, to: &str, shape: &str) -> Vec<u8> {
    let svg = format!(
        "<svg xmlns='http://www.w3.org/2000/svg' width='480' height='480'><defs>\
         <linearGradient id='g' x2='1' y2='1'><stop stop-color='{from}'/>\
         <stop offset='1' stop-color='{to}'/></linearGradient></defs>\
         <rect width='480' height='480' fill='url(#g)'/>{shape}</svg>"
    );
    let tree = resvg::usvg::Tree::from_str(&svg, &resvg::usvg::Options::default()).unwrap();
    let mut pixels = resvg::tiny_skia::Pixmap::new(480, 480).unwrap();
    let at = resvg::tiny_skia::Transform::default();
    resvg::render(&tree, at, &mut pixels.as_mut());
    pixels.encode_png().unwrap()
}

async fn photograph(tab: &mut Tab, name: &str) {
    let bytes = tab.screenshot(name).await;
    assert!(
        bytes.starts_with(b"\x89PNG") && bytes.len() > 5_000,
        "{name}"
    );
}

const DESKTOP: Screen = Screen {
    width: 1280,
    height: 860,
    dark: false,
    script: true,
};
const TELEPHONE: Screen = Screen {
    width: 390,
    height: 844,
    dark: true,
    script: true,
};
const BROADCAST: Screen = Screen {
    width: 1920,
    height: 1080,
    dark: false,
    script: true,
};

#[expect(clippy::too_many_lines, reason = "one evening, told in order")]
#[tokio::test(flavor = "multi_thread")]
async fn a_real_browser_shows_what_came_after_it_was_opened() {
    let Some(browser) = Browser::start().await else {
        println!("not tried: no chromium");
        return;
    };
    let sun = "<circle cx='240' cy='270' r='120' fill='#ffd7a8'/>\
               <path d='M0 300h480v180H0z' fill='#27153d' opacity='.75'/>";
    let library = vec![
        (
            "tea.opus",
            song("Tea at the Harbour", 330.0, 214).bytes().unwrap(),
        ),
        ("cover.png", cover("#f2783c", "#5b2a86", sun)),
    ];
    let (world, guild) = world(library).await;
    let names = ["Ana", "小雨", "Teodor", "Mbali", "Quentin", "Yuki", "Zoë"];
    let [ana, rain, teodor, mbali, quentin, yuki, zoe] = in_lounge(&guild, names);
    let opening = vec![("theme", text("Rainy Sunday, slow songs only"))];
    world.says(&ana, "stage open", opening).await;
    world
        .says(&ana, "play", vec![("query", text("Tea at the Harbour"))])
        .await;
    world.hears(&quentin, 330.0).await;
    for (who, title, hz) in [
        (&rain, "月亮代表我的心", 392.0),
        (&teodor, "Night Bus, Front Seat", 440.0),
        (&mbali, "Umbhaqanga", 494.0),
    ] {
        world.play(who, &song(title, hz, 20)).await;
    }
    let page = shared(&world, &ana).await;
    let mut desk = browser.open(&page, DESKTOP).await;
    let mut phone = browser.open(&format!("{page}?lang=zh-CN"), TELEPHONE).await;
    let mut obs = browser.open(&format!("{page}?overlay"), BROADCAST).await;
    desk.until("document.querySelector('h2').textContent.includes('Tea at the Harbour')")
        .await;
    let empty = "document.querySelector('#rating .score').textContent.includes('No ratings yet')";
    desk.until(empty).await;

    // All of this comes after the pages were opened.
    for (who, stars) in [(&rain, 5), (&teodor, 4), (&mbali, 5), (&quentin, 4)] {
        world
            .says(who, "rate", vec![("stars", Given::Int(stars))])
            .await;
    }
    for (who, said) in [
        (&teodor, "that bass line 🎶"),
        (&rain, "下雨天听这个太舒服了"),
        (&quentin, "who found this? keep it coming"),
        (&yuki, "港の匂いがする"),
    ] {
        who.say(said).unwrap();
    }
    // Over a stream, comments go again after a while.
    obs.until("document.querySelector('#comments').textContent.includes('港の')")
        .await;
    obs.until(
        "getComputedStyle(document.querySelector('#comments').lastElementChild).opacity === '1'",
    )
    .await;
    for tab in [&mut obs, &mut desk, &mut phone] {
        tab.until("document.querySelector('#rating strong').textContent === '4.5'")
            .await;
        tab.until("document.querySelectorAll('.bar .past')[0].getAttribute('width') > 0")
            .await;
    }
    let before = desk
        .value("document.querySelector('.at').textContent")
        .await;
    desk.until(&format!(
        "document.querySelector('.at').textContent !== {before}"
    ))
    .await;
    photograph(&mut desk, "live").await;
    photograph(&mut phone, "live-phone").await;
    for tab in [&mut desk, &mut phone, &mut obs] {
        let wide = "document.documentElement.scrollWidth <= innerWidth";
        assert_eq!(tab.value(wide).await, true, "it scrolls sideways");
    }
    assert_eq!(
        obs.value("document.documentElement.scrollHeight <= innerHeight")
            .await,
        true
    );
    let behind = "[document.documentElement, document.body].every(it =>
        getComputedStyle(it).backgroundColor === 'rgba(0, 0, 0, 0)')";
    assert_eq!(
        obs.value(behind).await,
        true,
        "what is below the overlay shines through"
    );
    assert_eq!(obs.value("document.links.length").await, 0);
    obs.without_background().await;
    photograph(&mut obs, "live-overlay").await;
    let seen = obs.screenshot("live-overlay").await;
    let seen = resvg::tiny_skia::Pixmap::decode_png(&seen).unwrap();
    let corner = seen.pixel(5, 5).unwrap();
    assert_eq!(corner.alpha(), 0, "the stream shines through");

    // A line of the page says that the connection is lost while it is, and nothing else is lost.
    let still = Screen {
        script: false,
        ..DESKTOP
    };
    let mut still = browser.open(&page, still).await;
    photograph(&mut still, "live-without-script").await;
    zoe.say("hello from far away").unwrap();
    desk.until("document.querySelector('#comments').lastElementChild.textContent.includes('Zoë')")
        .await;
    world.says(&ana, "stage close", vec![]).await;
    for tab in [&mut desk, &mut phone] {
        tab.until("document.querySelector('.end') !== null").await;
    }
    obs.until("getComputedStyle(document.querySelector('#stage')).display === 'none'")
        .await;
    photograph(&mut desk, "live-over").await;
    for tab in [&desk, &phone, &obs] {
        assert!(tab.complaints.is_empty(), "{:?}", tab.complaints);
    }
    world.end().await;
}
