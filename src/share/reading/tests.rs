//! Playlists that go out and come back, those that other programs write, and files that are none.

use super::super::{Format, tests::example};
use super::*;
use crate::domain::track::TrackKey;
use std::fmt::Write;
use std::process::Command;

fn read_as(name: &str, text: &str) -> Result<Reading, NotAPlaylist> {
    read(text.as_bytes(), name)
}

fn item(title: &str, creator: Option<&str>) -> Item {
    Item {
        title: title.to_owned(),
        creator: creator.map(str::to_owned),
        album: None,
        length: Duration::ZERO,
        link: None,
        file_name: String::new(),
        annotation: None,
        key: None,
    }
}

/// Titles that break formats that are put together carelessly.
fn hostile() -> Playlist {
    let titles = [
        "=HYPERLINK(\"http://evil.example\")",
        "'=1+1",
        "''-2",
        "@SUM(A1)",
        "+49 30",
        "-1",
        "a,b;c\td\"e\"",
        "]]></title><track>",
        "&lol; &amp; &#0;",
        "#EXTINF:1,no",
        "\u{202E}אבג",
        "👨‍👩‍👧 夜来香",
    ];
    let mut list = example();
    list.tracks = titles
        .iter()
        .map(|title| Item {
            file_name: format!("{title}.mp3"),
            length: Duration::from_millis(1_001),
            album: Some((*title).to_owned()),
            annotation: Some((*title).to_owned()),
            key: Some(TrackKey((*title).to_owned())),
            ..item(title, Some(title))
        })
        .collect();
    list
}

#[test]
fn every_format_comes_back() {
    for list in [example(), hostile()] {
        for format in Format::ALL {
            let file = format.written(&list);
            let back = read_as("list", &file).unwrap();
            assert_eq!(back.count, list.tracks.len(), "{format:?}");
            for (back, there) in back.playlist.tracks.iter().zip(&list.tracks) {
                let known = |text: &str| super::text(text).unwrap();
                assert_eq!(back.title, known(&there.title), "{format:?}\n{file}");
                assert_eq!(
                    back.creator,
                    there.creator.as_deref().map(known),
                    "{format:?}"
                );
                assert_eq!(back.album, there.album.as_deref().map(known), "{format:?}");
                assert_eq!(back.link, there.link, "{format:?}");
                let slack = if format == Format::M3u8 { 500 } else { 0 };
                let apart = back.length.abs_diff(there.length);
                assert!(
                    apart <= Duration::from_millis(slack),
                    "{format:?} {apart:?}"
                );
                if format != Format::M3u8 {
                    assert_eq!(back.key, there.key, "{format:?}");
                    let annotation = there.annotation.as_deref().map(known);
                    assert_eq!(back.annotation, annotation, "{format:?}");
                }
            }
        }
    }
}

#[test]
fn a_spreadsheet_calculates_nothing() {
    let file = Format::Csv.written(&hostile());
    let table = file.strip_prefix('\u{FEFF}').unwrap();
    let mut reader = ::csv::Reader::from_reader(table.as_bytes());
    let mut cells = 0;
    for row in reader.records() {
        let row = row.unwrap();
        assert_eq!(row.len(), 9);
        for cell in row.iter().skip(1) {
            assert!(
                !cell.starts_with(['=', '+', '-', '@', '\t', '\r']),
                "{cell}"
            );
            cells += 1;
        }
    }
    assert_eq!(cells, 12 * 8);
    assert!(
        table
            .lines()
            .all(|line| line.is_empty() || table.contains(&format!("{line}\r\n")))
    );
}

/// <https://www.xspf.org/spec>: which elements there are and how often each stands.
#[test]
fn xspf_keeps_the_rules_of_its_specification() {
    let schema = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/share/xspf-1.rng");
    let folder = tempfile::tempdir().unwrap();
    for (name, list) in [("example", example()), ("hostile", hostile())] {
        let text = Format::Xspf.written(&list);
        let mut reader = quick_xml::Reader::from_str(&text);
        let mut path: Vec<String> = Vec::new();
        let mut inside: Vec<String> = Vec::new();
        loop {
            match reader.read_event().unwrap() {
                quick_xml::events::Event::Start(tag) => {
                    path.push(tag.name().as_ref().to_owned());
                    match path.join("/").as_str() {
                        "playlist" => {
                            let of = |name| {
                                tag.try_get_attribute(name)
                                    .unwrap()
                                    .unwrap()
                                    .value
                                    .into_owned()
                            };
                            assert_eq!(of("version"), "1");
                            assert_eq!(of("xmlns"), "http://xspf.org/ns/0/");
                        }
                        "playlist/trackList/track" => inside.clear(),
                        _ => inside.push(path.last().unwrap().clone()),
                    }
                }
                quick_xml::events::Event::End(tag) => {
                    path.pop();
                    if tag.name().as_ref() == "track" {
                        let mut once = inside.clone();
                        once.sort();
                        once.dedup();
                        assert_eq!(once.len(), inside.len(), "{inside:?}");
                        let known = [
                            "location",
                            "identifier",
                            "title",
                            "creator",
                            "annotation",
                            "info",
                            "album",
                            "trackNum",
                            "duration",
                        ];
                        assert!(
                            once.iter().all(|it| known.contains(&it.as_str())),
                            "{once:?}"
                        );
                    }
                }
                quick_xml::events::Event::Eof => break,
                _ => {}
            }
        }
        let file = folder.path().join(name);
        std::fs::write(&file, &text).unwrap();
        let checked = Command::new("xmllint")
            .args(["--noout", "--relaxng", schema])
            .arg(&file)
            .output();
        match checked {
            Ok(checked) => assert!(
                checked.status.success(),
                "{}",
                String::from_utf8_lossy(&checked.stderr)
            ),
            Err(error) => println!("not tried: xmllint: {error}"),
        }
    }
}

/// <https://www.xspf.org/jspf>: what may stand several times in XSPF is an array, the rest is not.
#[test]
fn jspf_has_arrays_where_it_should() {
    let said: serde_json::Value = serde_json::from_str(&Format::Jspf.written(&example())).unwrap();
    let list = &said["playlist"];
    assert_eq!(list["title"], "Friday <5> & friends");
    assert_eq!(list["date"], "2026-01-01T00:00:00Z");
    let track = &list["track"][0];
    assert_eq!(
        track["location"],
        serde_json::json!(["https://example.org/a.mp3?x=1&y=2"])
    );
    assert_eq!(
        track["identifier"],
        serde_json::json!(["rondo:track:sha256%3A0a"])
    );
    assert_eq!(track["duration"], 181_500);
    assert_eq!(track["trackNum"], 1);
    assert!(list["track"][1].get("creator").is_none());
}

#[test]
fn what_others_write_is_read() {
    let one = |name: &str, text: &str| read_as(name, text).unwrap().playlist.tracks.remove(0);
    // VLC writes file addresses, and extensions with elements of the same names.
    let vlc = one(
        "vlc.xspf",
        "<?xml version=\"1.0\"?><playlist xmlns=\"http://xspf.org/ns/0/\" xmlns:vlc=\"http://www.videolan.org/vlc/playlist/ns/0/\" version=\"1\"><title>P</title><trackList><track><location>file:///home/a/B%C3%B6%20-%20Song%20%231.mp3</location><extension application=\"x\"><vlc:id>0</vlc:id><title>no</title></extension></track></trackList></playlist>",
    );
    assert_eq!(
        (vlc.title.as_str(), vlc.creator.as_deref()),
        ("Song #1", Some("Bö"))
    );
    assert_eq!(vlc.link, None);
    let plain = one("a.m3u", "C:\\Music\\Kate Bush - Cloudbusting.flac\r\n");
    assert_eq!(
        (plain.title.as_str(), plain.creator.as_deref()),
        ("Cloudbusting", Some("Kate Bush"))
    );
    let extended = one(
        "a.m3u8",
        "\u{FEFF}#EXTM3U\r\n#EXTINF:123 tvg-id=\"x\",Kate Bush - Hounds - Live\r\nhttps://a.example/1\r\n",
    );
    assert_eq!(
        (extended.title.as_str(), extended.creator.as_deref()),
        ("Hounds - Live", Some("Kate Bush"))
    );
    assert_eq!(
        (extended.length, extended.link.as_deref()),
        (Duration::from_secs(123), Some("https://a.example/1"))
    );
    let spotify = one(
        "x.csv",
        "\"Track URI\",\"Track Name\",\"Artist Name(s)\",\"Track Duration (ms)\"\n\"spotify:track:1\",\"Army of Me\",\"Björk\",\"224000\"\n",
    );
    assert_eq!(
        (spotify.title.as_str(), spotify.length),
        ("Army of Me", Duration::from_secs(224))
    );
    let european = one("x.csv", "Titel;Title;Artist\r\n1;\"a, b\";c\r\n");
    assert_eq!(european.title, "a, b");
    let loose = one(
        "x.json",
        "{\"playlist\":{\"track\":[{\"location\":\"https://a.example/s\",\"duration\":1.5e3}]}}",
    );
    assert_eq!(
        (loose.title.as_str(), loose.length),
        ("s", Duration::from_millis(1_500))
    );
}

#[test]
fn what_is_no_playlist_is_told_apart() {
    use NotAPlaylist::{Empty, Malformed, NotText, TooLarge, Unknown};
    assert_eq!(read(&vec![b' '; BYTES_LIMIT + 1], "a.csv"), Err(TooLarge));
    assert_eq!(read(b"\xFF\xFEa", "a.m3u8"), Err(NotText));
    for (name, text, why) in [
        ("a.txt", "", Empty),
        ("a.txt", "just words", Unknown),
        (
            "a.m3u8",
            "#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXTINF:4,\na.ts\n",
            Unknown,
        ),
        ("a.m3u8", "#EXTM3U\n", Empty),
        ("a.xspf", "<html><title>x</title></html>", Unknown),
        ("a.xspf", "<playlist><trackList>", Malformed),
        ("a.xspf", "nothing of XML", Malformed),
        (
            "a.xspf",
            "<playlist xmlns=\"http://xspf.org/ns/0/\"><trackList/></playlist>",
            Empty,
        ),
        (
            "a.xspf",
            "<!DOCTYPE p [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]><playlist><title>&b;</title></playlist>",
            Malformed,
        ),
        (
            "a.xspf",
            "<playlist><title>&file;</title></playlist>",
            Malformed,
        ),
        ("a.jspf", "{\"playlist\":{}}", Unknown),
        ("a.jspf", "{\"playlist\":", Malformed),
    ] {
        assert_eq!(read_as(name, text), Err(why), "{text}");
    }
    let deep = format!("<playlist>{}", "<x>".repeat(100_000));
    assert_eq!(read_as("a.xspf", &deep), Err(Malformed));
    let deep = format!("{{\"playlist\":{}", "[".repeat(100_000));
    assert_eq!(read_as("a.jspf", &deep), Err(Malformed));
}

#[test]
fn a_long_list_is_cut_and_counted() {
    let mut text = String::from("Title,Artist\n");
    for number in 0..700 {
        writeln!(text, "Song {number},{}", "x".repeat(300)).unwrap();
    }
    let reading = read_as("a.csv", &text).unwrap();
    assert_eq!(
        (reading.playlist.tracks.len(), reading.count),
        (TRACKS_LIMIT, 700)
    );
    let creator = reading.playlist.tracks[0].creator.as_ref().unwrap();
    assert_eq!(creator.chars().count(), Track::TEXT_LIMIT);
}
