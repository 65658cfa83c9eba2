//! What an evening leaves behind travels: a card to look at, four files to take away, and each of them
//! becomes a setlist again.

use crate::tune::{Format, Piece};
use crate::world::{PATIENCE, Told, World, in_lounge, piece, text};
use discord_sandbox::interactions::Given;
use discord_sandbox::people::{Member, Seen, until};
use discord_sandbox::server::GuildSet;
use resvg::tiny_skia::{Color, Pixmap};
use std::path::Path;

const FORMATS: [&str; 4] = ["xspf", "jspf", "m3u8", "csv"];

/// What lies there, kept for other programs to open.
async fn fetched(name: &str, url: &str) -> Vec<u8> {
    let answer = reqwest::get(url).await.unwrap();
    assert!(answer.status().is_success(), "{url}");
    let bytes = answer.bytes().await.unwrap().to_vec();
    std::fs::write(Path::new(env!("CARGO_TARGET_TMPDIR")).join(name), &bytes).unwrap();
    bytes
}

async fn downloaded(seen: &Seen, ending: &str) -> (String, Vec<u8>) {
    let file = seen.files.iter().find(|it| it.name.ends_with(ending));
    let file = file.unwrap_or_else(|| panic!("no {ending} in {:?}", seen.files));
    (file.name.clone(), fetched(&file.name, &file.url).await)
}

/// `/playlist import` with that file.
async fn imported(world: &World, who: &Member, (name, bytes): (String, Vec<u8>)) -> String {
    let bytes = bytes.into();
    let file = Given::Attachment { name, bytes };
    world
        .says(who, "playlist import", vec![("file", file)])
        .await
}

/// One colour.
fn picture(red: u8, green: u8, blue: u8) -> Vec<u8> {
    let mut picture = Pixmap::new(128, 128).unwrap();
    picture.fill(Color::from_rgba8(red, green, blue, 255));
    picture.encode_png().unwrap()
}

/// The FLAC file with a front cover in it (RFC 9639, 8.8), behind the block that has to be the first.
fn with_cover(flac: &[u8], png: &[u8]) -> Vec<u8> {
    const FIRST_BLOCK: usize = 4 + 4 + 34;
    let number = |it: usize| u32::try_from(it).unwrap().to_be_bytes();
    let mut block = number(3).to_vec();
    block.extend(number("image/png".len()));
    block.extend(b"image/png");
    for it in [0, 128, 128, 32, 0, png.len()] {
        block.extend(number(it));
    }
    block.extend(png);
    let head = number(6 << 24 | block.len());
    let (before, after) = flac.split_at(FIRST_BLOCK);
    [before, &head, &block, after].concat()
}

/// Three songs: one of the library, two attached, of which one then disappears.
async fn evening() -> (World, GuildSet, [Member; 4], Seen) {
    let told = Told {
        library: vec![("friend.wav", piece("Old Friend", 262.0, 3).bytes().unwrap())],
        ..Told::default()
    };
    let (world, [guild]) = World::told(told, ["The Lantern Room"]).await;
    // The same songs come again within minutes.
    world.set(&guild, "repeat-window", "0").await;
    let people = in_lounge(&guild, ["Ana", "Bo", "Chi", "Dee"]);
    let [ana, bo, ..] = &people;
    ana.show_picture(picture(0, 200, 0).into());
    let moon = Piece {
        format: Format::Flac,
        ..piece("夜来香 & Co. 🌙", 440.0, 4)
    };
    let moon = with_cover(&moon.bytes().unwrap(), &picture(200, 0, 200));
    let moon = Given::Attachment {
        name: "moon.flac".to_owned(),
        bytes: moon.into(),
    };
    let said = world.says(ana, "play", vec![("file", moon)]).await;
    assert!(said.contains("夜来香"), "{said}");
    world.hears(bo, 440.0).await;
    let liked = vec![("stars", Given::Int(5))];
    world.says(bo, "rate", liked).await;
    let theme = vec![("theme", text("Songs <for> the *road*"))];
    world.says(ana, "stage theme", theme).await;
    let before = world.media();
    world.play(bo, &piece("Gone Tomorrow", 550.0, 3)).await;
    let gone = world.media();
    world
        .says(ana, "play", vec![("query", text("Old Friend"))])
        .await;
    world.hears(ana, 550.0).await;
    world.hears(bo, 262.0).await;
    world.says(ana, "stage close", vec![]).await;
    let goodbye = world
        .wait(ana, "the goodbye with its files", |it| it.files.len() == 4)
        .await;
    // It is neither as it came nor as it was played.
    for file in gone.difference(&before).chain(&world.prepared()) {
        std::fs::remove_file(file).unwrap();
    }
    (world, guild, people, goodbye)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_playlist_leaves_as_card_and_files_and_comes_back() {
    let (world, _guild, people, goodbye) = evening().await;
    // Discord shows in the embed, and nowhere else, the file that the embed refers to.
    let embed = &goodbye.raw["embeds"][0];
    let url = embed["image"]["url"].as_str().unwrap();
    assert!(url.contains("/rondo-session-1.png"), "{embed}");
    let card = Pixmap::decode_png(&fetched("card.png", url).await).unwrap();
    assert_eq!((card.width(), card.height()), (1_200, 630));
    // Ana played most, so her picture is the first one.
    let picture = card.pixel(871, 319).unwrap();
    let colours = (picture.red(), picture.green(), picture.blue());
    assert!(
        colours.1 > 180 && colours.0 < 40 && colours.2 < 40,
        "{colours:?}"
    );
    // The best song's cover is the one in its file, and its colour is that of the whole card.
    for (x, y) in [(104, 336), (120, 350)] {
        let cover = card.pixel(x, y).unwrap();
        let colours = (cover.red(), cover.green(), cover.blue());
        assert_eq!(colours, (200, 0, 200), "at {x}, {y}");
    }
    let ground = card.pixel(30, 30).unwrap();
    assert!(ground.red() > ground.green() + 10, "{ground:?}");
    println!(
        "{}",
        world
            .log()
            .lines()
            .find(|it| it.contains("a card was drawn"))
            .unwrap()
    );

    for (who, format) in people.iter().zip(FORMATS) {
        let said = imported(&world, who, downloaded(&goodbye, format).await).await;
        println!("{format}: {said}");
        assert!(said.contains("added 2 of 3 tracks"), "{format}: {said}");
        assert!(
            said.contains("Left out **Gone Tomorrow"),
            "{format}: {said}"
        );
        assert!(said.contains("found nowhere"), "{format}: {said}");
    }
    let [.., dee] = &people;
    let queue = world.says(dee, "queue show", vec![]).await;
    assert!(queue.contains("夜来香"), "{queue}");
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_no_playlist_is_refused_with_the_reason() {
    let (world, guild) = World::new().await;
    let [ana] = in_lounge(&guild, ["Ana"]);
    let outside = guild.member("Bo", "zh-CN");
    let file = |name: &str, text: &str| (name.to_owned(), text.as_bytes().to_vec());
    let bomb = "<!DOCTYPE p [<!ENTITY a \"aa\">]><playlist><title>&a;</title></playlist>";
    for (name, bytes, why) in [
        (
            "letter.csv",
            "Dear diary,\nno music",
            "no playlist I can read",
        ),
        ("bomb.xspf", bomb, "damaged"),
        ("cut.jspf", "{\"playlist\":", "damaged"),
        ("empty.m3u8", "#EXTM3U\n", "no tracks"),
    ] {
        let said = imported(&world, &ana, file(name, bytes)).await;
        assert!(said.contains(why), "{name}: {said}");
    }
    let latin = ("latin.m3u".to_owned(), b"Bj\xF6rk - J\xF3ga.mp3".to_vec());
    let said = imported(&world, &ana, latin).await;
    assert!(said.contains("UTF-8"), "{said}");
    let large = ("large.csv".to_owned(), vec![b'x'; 1_000_001]);
    let said = imported(&world, &ana, large).await;
    assert!(said.contains("too large"), "{said}");
    let said = imported(&world, &outside, file("a.csv", "Title\nSong")).await;
    assert!(said.contains("语音频道"), "{said}");
    let said = imported(
        &world,
        &ana,
        file("a.csv", "Title,Artist\nNo Such Song,Nobody"),
    )
    .await;
    assert!(said.contains("could not add the one track"), "{said}");
    assert!(
        said.contains("No Such Song") && said.contains("found nowhere"),
        "{said}"
    );
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_inside_other_words_is_not_taken_for_the_song() {
    let told = Told {
        library: vec![(
            "adele.wav",
            piece("Someone Like You", 262.0, 3).bytes().unwrap(),
        )],
        ..Told::default()
    };
    let (world, [guild]) = World::told(told, ["Home"]).await;
    world.set(&guild, "repeat-window", "0").await;
    let [ana, bo] = in_lounge(&guild, ["Ana", "Bo"]);
    let query = vec![("query", text("Someone Like You"))];
    let said = world.says(&ana, "play", query).await;
    assert!(said.contains("Someone Like You"), "{said}");
    world.hears(&bo, 262.0).await;
    let import = async |list: &str| {
        let file = ("list.m3u8".to_owned(), format!("#EXTM3U\n{list}\n").into());
        imported(&world, &bo, file).await
    };
    for other in [
        "#EXTINF:-1,One\none.mp3",
        "#EXTINF:3,Somebody Else - Someone Like You\nother.mp3",
    ] {
        let said = import(other).await;
        assert!(said.contains("could not add the one track"), "{said}");
        assert!(said.contains("found nowhere"), "{said}");
    }
    // Where the list says where it is, that is what is meant.
    let sound = piece("ignored", 330.0, 3).bytes().unwrap();
    let link = world.sites().video("tube", "Tube Song", (3, &sound));
    let said = import(&format!("#EXTINF:-1,Someone Like You\n{link}")).await;
    assert!(said.contains("added the one track"), "{said}");
    let queue = world.says(&bo, "queue show", vec![]).await;
    assert!(
        queue.contains("Tube Song") && !queue.contains("Someone"),
        "{queue}"
    );
    let said = import("#EXTINF:4,the testers - SOMEONE like you!\ngone.mp3").await;
    assert!(said.contains("added the one track"), "{said}");
    world.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_imports_two_playlists_at_once_is_asked_to_wait() {
    let (world, guild) = World::new().await;
    let [ana, bo] = in_lounge(&guild, ["Ana", "Bo"]);
    let sound = piece("ignored", 330.0, 3).bytes().unwrap();
    let link = world.sites().video("slow", "Slow Song", (3, &sound));
    world.sites().put(&link, "wait", "");
    let slow = ("slow.m3u8".to_owned(), format!("#EXTM3U\n{link}\n").into());
    let quick = || ("quick.csv".to_owned(), b"Title\nNo Such Song".to_vec());
    let meanwhile = async {
        let asked = until(world.sandbox.hub(), PATIENCE, |_| {
            (world.sites().asked("json https://www.youtube.com") > 0).then_some(())
        });
        assert!(asked.await.is_some(), "{}", world.log());
        let said = imported(&world, &ana, quick()).await;
        assert!(said.contains("is still being imported"), "{said}");
        let said = imported(&world, &bo, quick()).await;
        assert!(said.contains("could not add the one track"), "{said}");
        world.sites().put(&link, "go", "");
    };
    let (said, ()) = tokio::join!(imported(&world, &ana, slow), meanwhile);
    assert!(said.contains("added the one track"), "{said}");
    let said = imported(&world, &ana, quick()).await;
    assert!(said.contains("could not add the one track"), "{said}");
    world.end().await;
}
