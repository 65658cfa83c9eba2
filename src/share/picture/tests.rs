//! What is drawn is looked at: sizes, and whether something stands where it should.

use super::*;

#[test]
fn a_drawing_becomes_a_png_of_its_size() {
    let svg = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"40\" height=\"20\">\
               <rect width=\"40\" height=\"20\" fill=\"#f00\"/></svg>";
    let png = png(svg, &[], &Fonts::default()).unwrap();
    let pixmap = Pixmap::decode_png(&png).unwrap();
    assert_eq!((pixmap.width(), pixmap.height()), (40, 20));
    assert_eq!(pixmap.pixel(10, 10).unwrap().red(), 255);
}

#[test]
fn a_drawing_opens_no_file_and_draws_no_giant() {
    let fonts = Fonts::default();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("white.png");
    let mut white = Pixmap::new(4, 4).unwrap();
    white.fill(resvg::tiny_skia::Color::WHITE);
    std::fs::write(&file, white.encode_png().unwrap()).unwrap();
    let drawing = |href: &str, side: u32| {
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{side}\" height=\"{side}\">\
             <image href=\"{href}\" width=\"{side}\" height=\"{side}\"/></svg>"
        )
    };
    let images = [thumbnail(&white.encode_png().unwrap(), 4).unwrap()];
    let seen = |href: &str| {
        let png = png(&drawing(href, 8), &images, &fonts).unwrap();
        Pixmap::decode_png(&png)
            .unwrap()
            .pixel(4, 4)
            .unwrap()
            .alpha()
    };
    assert_eq!(seen("image:0"), 255);
    assert_eq!(seen("image:1"), 0);
    assert_eq!(seen(file.to_str().unwrap()), 0);
    assert_eq!(seen(&format!("file://{}", file.display())), 0);
    let giant = png(&drawing("image:0", 5_000), &images, &fonts);
    assert!(
        matches!(giant, Err(PictureFailure::Size { .. })),
        "{giant:?}"
    );
    let broken = png("<svg><text>", &[], &fonts);
    assert!(
        matches!(broken, Err(PictureFailure::Malformed(_))),
        "{broken:?}"
    );
}

#[test]
fn text_is_cut_where_it_would_be_too_wide() {
    let fonts = Fonts::default();
    if fonts.width("a", Face::plain(20.0)) == 0.0 {
        println!("not tried: there is no font");
        return;
    }
    let face = Face::plain(20.0);
    let text = "Der Mond ist aufgegangen";
    let room = fonts.width(text, face);
    assert_eq!(fonts.fitted(text, face, room), text);
    let cut = fonts.fitted(text, face, room / 2.0);
    assert!(
        cut.ends_with('…') && text.starts_with(cut.trim_end_matches('…')),
        "{cut}"
    );
    assert!(fonts.width(&cut, face) <= room / 2.0);
    assert_eq!(fonts.fitted(text, face, 0.0), "…");
    let lines = fonts.lines(text, face, (room * 0.6, 2));
    assert_eq!(lines, ["Der Mond ist", "aufgegangen"]);
    let lines = fonts.lines(text, face, (room * 0.4, 2));
    assert_eq!(lines.len(), 2);
    assert!(lines[1].ends_with('…'), "{lines:?}");
    assert!(fonts.lines("", face, (10.0, 2)).is_empty());
}

#[test]
fn what_belongs_together_is_not_taken_apart() {
    let clusters = |text: &str| text::clusters(text);
    assert_eq!(clusters("e\u{301}a"), ["e\u{301}", "a"]);
    assert_eq!(clusters("👨‍👩‍👧🇯🇵🇨🇳👍🏽"), ["👨‍👩‍👧", "🇯🇵", "🇨🇳", "👍🏽"]);
    assert_eq!(clusters("a\n\t b\u{202E}c"), ["a", " ", "b", "c"]);
    assert_eq!(first_cluster("  ❤️ x"), "❤️");
    assert_eq!(clusters(&"x".repeat(10_000)).len(), 300);
}

#[test]
fn a_picture_is_made_small_and_a_giant_is_not_opened() {
    let mut wide = Pixmap::new(60, 20).unwrap();
    for (index, pixel) in wide.pixels_mut().iter_mut().enumerate() {
        let middle = (20..40).contains(&(index % 60));
        let red = if middle { 200 } else { 0 };
        *pixel = resvg::tiny_skia::ColorU8::from_rgba(red, 0, 0, 255).premultiply();
    }
    let small = thumbnail(&wide.encode_png().unwrap(), 5).unwrap();
    let small = Pixmap::decode_png(&small.png).unwrap();
    assert_eq!((small.width(), small.height()), (5, 5));
    assert!(
        small.pixels().iter().all(|it| it.red() == 200),
        "only its middle"
    );
    // A few bytes that claim to be a picture of 60,000 x 60,000.
    let mut giant = wide.encode_png().unwrap();
    giant[16..24].copy_from_slice(&[0, 0, 0xEA, 0x60, 0, 0, 0xEA, 0x60]);
    assert_eq!(thumbnail(&giant, 5), None);
    assert_eq!(thumbnail(b"GIF89a\x01\0\x01\0\0\0\0", 5), None);
    assert_eq!(thumbnail(b"", 5), None);
}
