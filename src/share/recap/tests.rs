//! A picture of a made-up week, as text: what is on it and that it is whole.

use super::super::picture::Fonts;
use super::{Best, Heat, Pieces, Ratings, Recap, Row, Tile, WIDTH, png, svg};

#[expect(clippy::too_many_lines, reason = "a week has many figures")]
pub(super) fn week() -> Recap {
    let tile = |value: &str, label: &str, change: &str, rises| Tile {
        value: value.to_owned(),
        label: label.to_owned(),
        change: change.to_owned(),
        rises,
    };
    let row = |name: &str, detail: &str, figure: &str| Row {
        name: name.to_owned(),
        detail: detail.to_owned(),
        figure: figure.to_owned(),
    };
    let labels = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"].map(String::from);
    let mut cells = [[0; 24]; 7];
    for (day, hours) in cells.iter_mut().enumerate() {
        for hour in [19_usize, 20, 21, 22, 23] {
            hours[hour] = u64::try_from((day + 1) * (hour - 17)).unwrap();
        }
    }
    let pieces = |title: &str, now: [u64; 7], before: [u64; 7]| Pieces {
        title: title.to_owned(),
        legend: "this week".to_owned(),
        legend_before: "the week before".to_owned(),
        labels: labels.to_vec(),
        now: now.to_vec(),
        before: before.to_vec(),
    };
    let best = |title: &str, rows: Vec<Row>| Best {
        title: title.to_owned(),
        rows,
        nothing: "Nobody yet".to_owned(),
    };
    Recap {
        title: "The week at The Long Table <of> friends & 朋友们的客厅".to_owned(),
        when: "16 Nov 2026 – 22 Nov 2026".to_owned(),
        tiles: vec![
            tile("143", "songs played", "+20 %", true),
            tile("2 d 5 h", "listened", "+8 %", true),
            tile("27", "listeners", "−3 %", false),
            tile("612", "ratings", "+41 %", true),
            tile("58", "grabs", "new", true),
        ],
        plays: pieces(
            "Songs by day",
            [12, 8, 15, 9, 38, 44, 17],
            [10, 12, 7, 9, 30, 32, 19],
        ),
        ratings: Ratings {
            title: "Ratings".to_owned(),
            signs: ["👎", "😐", "👍", "❤️", "🔥"].map(String::from),
            counts: [31, 62, 140, 241, 138],
        },
        heat: Heat {
            title: "When you listened".to_owned(),
            days: labels.clone(),
            cells,
        },
        heard: pieces("Hours listened", [5, 3, 7, 4, 16, 19, 7], [0; 7]),
        best: vec![
            best(
                "Best songs",
                vec![
                    row("夜に駆ける", "YOASOBI", "4.8 ★ (14)"),
                    row("أهواك", "عبد الحليم حافظ", "4.7 ★ (9)"),
                    row(
                        "A title that is far too long for any panel",
                        "A band of a long name",
                        "4.6 ★ (12)",
                    ),
                    row("Группа крови 🔥👩‍🎤", "Кино", "4.5 ★ (8)"),
                    row("밤편지", "아이유", "4.4 ★ (11)"),
                ],
            ),
            best(
                "Best loopers",
                vec![
                    row("美咲", "31 songs", "4.5 ★ (98)"),
                    row("Ana", "22 songs", "4.3 ★ (71)"),
                ],
            ),
            best("Most devoted", vec![]),
        ],
        foot: "Times in UTC · compared with the seven days before · /recap".to_owned(),
    }
}

#[test]
fn the_picture_is_whole_and_what_was_typed_is_text() {
    if !Fonts::default().shows("A夜밤") {
        println!("not tried: no font has these signs");
        return;
    }
    let picture = svg(&week(), &Fonts::default()).unwrap();
    assert!(picture.starts_with("<svg") && picture.ends_with("</svg>"));
    let size = format!("width=\"{WIDTH}\" height=\"1500\"");
    assert!(picture.contains(&size), "five rows need all of it");
    for words in [
        "&lt;of&gt;",
        "夜に駆ける",
        "밤편지",
        "143",
        "Nobody yet",
        "…",
    ] {
        assert!(picture.contains(words), "{words}");
    }
    assert!(!picture.contains("<of>"));
    // It is XML to its end, and every plot is in it.
    let mut reader = quick_xml::Reader::from_str(&picture);
    let (mut depth, mut plots) = (0, 0);
    loop {
        match reader.read_event().unwrap() {
            quick_xml::events::Event::Start(tag) => {
                depth += 1;
                plots += i32::from(tag.name().as_ref() == "svg");
            }
            quick_xml::events::Event::End(_) => depth -= 1,
            quick_xml::events::Event::Eof => break,
            _ => {}
        }
    }
    assert_eq!((depth, plots), (0, 5));
}

#[test]
fn a_time_of_nothing_can_be_drawn_too() {
    let mut empty = week();
    empty.plays.now = vec![0; 7];
    empty.plays.before = vec![0; 7];
    empty.heard.now = vec![0; 7];
    empty.ratings.counts = [0; 5];
    empty.heat.cells = [[0; 24]; 7];
    empty.tiles.clear();
    empty.best.clear();
    let picture = png(&empty, &Fonts::default()).unwrap();
    assert!(picture.starts_with(b"\x89PNG"));
    let empty = svg(&empty, &Fonts::default()).unwrap();
    assert!(empty.contains("height=\"1180\""), "one row is left free");
}
