//! The card in the shapes an evening can have. The pictures are kept in `target/cards`, for somebody
//! to look at.

use super::*;
use resvg::tiny_skia::Pixmap;
use std::sync::OnceLock;

/// With artist and looper as they stand on the card if there is room.
fn song(title: &str, line: &str, score: Option<(&str, &str)>) -> Song {
    let (artist, played_by) = line.split_once(" · ").unzip();
    Song {
        title: title.to_owned(),
        artist: artist.or(Some(line)).map(str::to_owned),
        played_by: played_by.map(str::to_owned),
        score: score.map(|(mean, ratings)| Score {
            mean: mean.to_owned(),
            ratings: ratings.to_owned(),
        }),
        cover: None,
    }
}

fn looper(id: u64, name: &str) -> Looper {
    Looper {
        id: id << 22,
        name: name.to_owned(),
        avatar: None,
    }
}

/// A square of stripes, as a cover would be.
fn cover(red: u8, green: u8, blue: u8) -> Vec<u8> {
    let mut pixmap = Pixmap::new(300, 300).unwrap();
    for (index, pixel) in pixmap.pixels_mut().iter_mut().enumerate() {
        let stripe = u8::try_from((index / 300 + index % 300) / 40 % 4).unwrap() * 12;
        let part = |it: u8| it.saturating_sub(stripe);
        *pixel = resvg::tiny_skia::ColorU8::from_rgba(part(red), part(green), part(blue), 255)
            .premultiply();
    }
    pixmap.encode_png().unwrap()
}

fn evening() -> Card {
    Card {
        title: "Friday night drive".to_owned(),
        place: "The Lantern Room".to_owned(),
        date: "25 November 2026".to_owned(),
        facts: vec!["14 songs".to_owned(), "23 listened".to_owned()],
        songs_heading: "The best of the evening".to_owned(),
        songs: vec![
            Song {
                cover: Some(cover(240, 120, 60)),
                ..song(
                    "Running Up That Hill",
                    "Kate Bush · played by Ana",
                    Some(("4.8", "12 ratings")),
                )
            },
            Song {
                cover: Some(cover(40, 120, 200)),
                ..song(
                    "Teardrop",
                    "Massive Attack · played by Bo",
                    Some(("4.6", "9 ratings")),
                )
            },
            song(
                "Archangel",
                "Burial · played by Chi",
                Some(("4.5", "11 ratings")),
            ),
        ],
        loopers_heading: "On stage".to_owned(),
        loopers: vec![
            looper(11, "Ana"),
            looper(25, "Bo Lindqvist"),
            looper(37, "Chi"),
            looper(44, "Дмитрий"),
            looper(58, "小林 さくら"),
        ],
    }
}

fn drawn(name: &str, card: &Card) -> Pixmap {
    let bytes = png(card, &fonts()).unwrap();
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/target/cards");
    std::fs::create_dir_all(folder).unwrap();
    std::fs::write(format!("{folder}/{name}.png"), &bytes).unwrap();
    let pixmap = Pixmap::decode_png(&bytes).unwrap();
    assert_eq!((pixmap.width(), pixmap.height()), (WIDTH, HEIGHT), "{name}");
    pixmap
}

fn fonts() -> Fonts {
    static FONTS: OnceLock<Fonts> = OnceLock::new();
    FONTS.get_or_init(Fonts::default).clone()
}

/// Whether something bright stands in this part of the card: left, top, right, bottom.
fn is_written(card: &Pixmap, (left, top, right, bottom): (u32, u32, u32, u32)) -> bool {
    (top..bottom).any(|y| {
        (left..right).any(|x| {
            let pixel = card.pixel(x, y).unwrap();
            pixel.red() > 200 && pixel.green() > 200 && pixel.blue() > 200
        })
    })
}

#[test]
fn an_evening_is_on_its_card() {
    if !Fonts::default().shows("A") {
        println!("not tried: there is no font");
        return;
    }
    let card = drawn("evening", &evening());
    for (part, place) in [
        ("the title", (64, 110, 600, 170)),
        ("the third song", (170, 500, 600, 560)),
        ("a score", (690, 300, 768, 345)),
        ("a looper", (910, 300, 960, 340)),
    ] {
        assert!(is_written(&card, place), "{part} is missing");
    }
    // The margins stay free.
    for place in [
        (0, 0, 60, 630),
        (1_140, 0, 1_200, 630),
        (0, 596, 1_200, 630),
    ] {
        assert!(!is_written(&card, place), "{place:?}");
    }
}

#[test]
fn whatever_is_long_is_cut_within_the_margins() {
    let long = "An evening whose name its host could not stop writing, and then some more of it";
    let mut card = evening();
    card.title = long.repeat(2);
    card.place = long.to_owned();
    card.songs_heading = long.to_owned();
    card.loopers_heading = long.to_owned();
    for song in &mut card.songs {
        song.title = format!("{long} {long}");
        song.artist = Some(long.to_owned());
    }
    for looper in &mut card.loopers {
        looper.name = "Wolfeschlegelsteinhausenbergerdorff the Third".to_owned();
    }
    card.loopers.push(looper(77, "One"));
    card.loopers.push(looper(78, "Two"));
    let drawn = drawn("long", &card);
    for place in [
        (0, 0, 60, 630),
        (1_140, 0, 1_200, 630),
        (0, 596, 1_200, 630),
        (772, 280, 844, 600),
    ] {
        assert!(!is_written(&drawn, place), "{place:?}");
    }
}

#[test]
fn every_script_is_written_with_its_own_signs() {
    let mut card = evening();
    card.title = "夜来香 · さくら · 봄날 · Ночь 🌙".to_owned();
    card.place = "我们的客厅 👨‍👩‍👧".to_owned();
    card.date = "2026年11月25日".to_owned();
    card.facts = vec!["14 首歌".to_owned(), "23 人在听".to_owned()];
    card.songs_heading = "今晚最佳 🔥".to_owned();
    card.songs = vec![
        Song {
            cover: Some(cover(200, 60, 120)),
            ..song(
                "أنت عمري (live 1964)",
                "أم كلثوم · Ana",
                Some(("4.9", "8 个评分")),
            )
        },
        song(
            "千本桜 feat. 初音ミク 🇯🇵",
            "黒うさP · 小林さくら",
            Some(("4.7", "12 个评分")),
        ),
        song(
            "Группа крови ❤️ 👩🏽‍🎤",
            "Кино · Дмитрий",
            Some(("4.5", "7 个评分")),
        ),
    ];
    card.loopers_heading = "台上".to_owned();
    card.loopers = vec![
        looper(1, "김민수"),
        looper(2, "ليلى حسن"),
        looper(3, "🦊"),
        looper(4, "นภา"),
        looper(5, "अनन्या शर्मा"),
    ];
    drawn("scripts", &card);
    let fonts = fonts();
    let wanted = [
        "Noto Sans",
        "Noto Sans CJK SC",
        "Noto Sans Arabic",
        "Noto Color Emoji",
    ];
    if let Some(missing) = wanted.iter().find(|family| !fonts.has(family)) {
        println!("not tried: {missing} is not installed");
        return;
    }
    assert!(fonts.shows("夜来香 さくら 봄날 Ночь أنت عمري 👨‍👩‍👧 🇯🇵 ❤️ 👩🏽‍🎤"));
    assert!(!fonts.shows("\u{10FFFD}"));
}

#[test]
fn little_is_enough_for_a_card() {
    if !Fonts::default().shows("A") {
        println!("not tried: there is no font");
        return;
    }
    let one = Card {
        title: "Session 1".to_owned(),
        date: "25 November 2026".to_owned(),
        facts: vec!["1 song".to_owned(), "nobody listened".to_owned()],
        songs_heading: "Played".to_owned(),
        songs: vec![song(
            "Clair de lune, from the Suite bergamasque, as played in the garden",
            "Debussy · played by Ana",
            None,
        )],
        loopers_heading: "On stage".to_owned(),
        loopers: vec![looper(3, "Ana")],
        ..Card::default()
    };
    assert!(is_written(&drawn("one-song", &one), (64, 110, 400, 170)));
    // Rated, who played it does not fit behind the artist any more.
    let mut rated = one.clone();
    rated.songs[0].score = evening().songs[0].score.clone();
    rated.songs[0].artist = Some("Claude Debussy, Pascal Rogé".to_owned());
    drawn("one-song-rated", &rated);
    let mut two = evening();
    two.songs.truncate(2);
    two.loopers.truncate(2);
    assert!(is_written(&drawn("two-songs", &two), (64, 110, 400, 170)));
    drawn("nothing", &Card::default());
}

/// Every word that is drawn, in order.
fn words(card: &Card) -> Vec<String> {
    let (svg, _) = drawing::draw(card, &fonts());
    let tree = resvg::usvg::roxmltree::Document::parse(&svg).unwrap();
    let texts = tree.descendants().filter(|it| it.has_tag_name("text"));
    texts
        .filter_map(|it| it.text())
        .map(str::to_owned)
        .collect()
}

#[test]
fn who_played_a_song_is_said_however_little_room_there_is() {
    if !Fonts::default().shows("A") {
        println!("not tried: there is no font");
        return;
    }
    let long = "The Royal Scottish National Orchestra and Chorus, conducted by Somebody Else";
    for count in 1..=3 {
        let mut card = evening();
        card.songs.truncate(count);
        let whole = words(&card);
        for song in &card.songs {
            for part in [&song.artist, &song.played_by] {
                let part = part.as_deref().unwrap();
                assert!(whole.iter().any(|it| it.contains(part)), "{part} {whole:?}");
            }
        }
        for song in &mut card.songs {
            song.artist = Some(long.to_owned());
        }
        let short = words(&card);
        for name in ["Ana", "Bo", "Chi"].iter().take(count) {
            let said = format!("played by {name}");
            assert!(
                short.iter().any(|it| it.ends_with(&said)),
                "{said} {short:?}"
            );
        }
        assert!(
            short
                .iter()
                .any(|it| it.contains("The Royal") && it.contains('…')),
            "{short:?}"
        );
        drawn(&format!("long-artist-{count}"), &card);
        card.songs[0].played_by = Some(format!("played by {long}"));
        assert!(
            words(&card)
                .iter()
                .any(|it| it.starts_with("played by The")),
            "{card:?}"
        );
    }
}

#[test]
fn what_members_wrote_is_only_text() {
    if !Fonts::default().shows("A") {
        println!("not tried: there is no font");
        return;
    }
    let mut card = evening();
    card.title =
        "</text><rect width=\"1200\" height=\"630\" fill=\"#fff\"/> & \u{202E}co\u{1}ol".to_owned();
    card.songs[0].title = "]]> <image href=\"/etc/passwd\"/> &lol;".to_owned();
    card.songs[0].cover = Some(b"\x89PNG\r\n\x1a\n and no more".to_vec());
    card.loopers[0].avatar = Some(vec![0xFF, 0xD8, 0xFF, 0xE0]);
    let card = drawn("hostile", &card);
    assert!(
        !is_written(&card, (0, 580, 1_200, 630)),
        "the rectangle was drawn"
    );
    assert!(is_written(&card, (64, 110, 600, 170)));
}

#[test]
fn initials_are_of_people_not_of_bytes() {
    let of = faces::initials;
    assert_eq!(of("ana"), "A");
    assert_eq!(of("Ana María de la Cruz"), "AC");
    assert_eq!(of("Дмитрий Иванов"), "ДИ");
    assert_eq!(of("小林 さくら"), "小");
    assert_eq!(of("👩🏽‍🎤 star"), "👩🏽‍🎤");
    assert_eq!(of("  "), "");
    assert_eq!(of("ßeta"), "SS");
}
