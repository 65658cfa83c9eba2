//! What readers are sent of pictures, and that nothing in them is what people wrote as markup.

use super::*;
use crate::domain::ids::{ChannelId, SeatNo, SessionId, TurnId};
use crate::domain::moment::Moment;
use crate::domain::settings::Settings;
use crate::domain::track::{MediaRef, Origin, Track, TrackKey};
use crate::domain::view::{LooperView, NowView, OpenView, SeatView};
use crate::storage::LatestComment;
use std::time::Duration;

const ANA: MemberId = MemberId(7);
const NOBODY_KNOWS: &str = "Anastasia";

fn now() -> NowView {
    NowView {
        turn: TurnId(3),
        looper: ANA,
        looper_name: NOBODY_KNOWS.to_owned(),
        seat: SeatNo(1),
        track: Track {
            key: TrackKey("sha256:1".to_owned()),
            title: "<script>alert(1)</script>".to_owned(),
            artist: Some("\" onload=\"x".to_owned()),
            album: None,
            length: Duration::from_mins(3),
            origin: Origin::Link,
            media: MediaRef("media:1".to_owned()),
            link: None,
            cover: Some("1.png".to_owned()),
            gain_tenths: None,
            live: false,
        },
        on_air: None,
        zero_at: Moment(1_000),
        playing: true,
        position: Duration::ZERO,
        tally: [0, 0, 0, 1, 3],
        mean: Some(4.75),
        grabs: 0,
        skip_votes: 0,
        skip_needed: Some(2),
    }
}

fn view() -> View {
    let looper = LooperView {
        member: ANA,
        name: NOBODY_KNOWS.to_owned(),
        away: false,
        next: Some("Next <b>one</b>".to_owned()),
        waiting_tracks: 1,
    };
    let mut settings = Settings::default();
    settings.emoji[4] = "party:123".to_owned();
    View {
        settings: Arc::new(settings),
        open: Some(OpenView {
            session: SessionId(1),
            channel: ChannelId(1),
            text: ChannelId(1),
            host: ANA,
            theme: Some("Rain & Tea".to_owned()),
            rules: None,
            opened_at: Moment(0),
            locked: false,
            speak: None,
            seats: vec![SeatView {
                seat: SeatNo(1),
                looper: Some(looper),
                offered: None,
                spotlight: true,
            }],
            waitlist: Vec::new(),
            now: Some(now()),
            last: None,
            listeners: 2,
        }),
        setlists: Arc::default(),
    }
}

fn said(lines: &mut Lines, at: i64, text: &str) {
    lines.add(LatestComment {
        turn: TurnId(3),
        member: ANA,
        name: NOBODY_KNOWS.to_owned(),
        offset: Duration::from_secs(61),
        text: text.to_owned(),
        at: Moment(at),
    });
}

fn next(before: &Picture, view: &View, hidden: &[MemberId], lines: &Lines) -> Picture {
    let hidden = Arc::new(hidden.iter().copied().collect());
    let style = (&Words::new(), "/music/live/x");
    let view = Arc::new(view.clone());
    before.next((&view, &hidden), style, lines).unwrap()
}

fn names(picture: &Picture, since: u64) -> Vec<&'static str> {
    let news = picture.news(since, Locale::En);
    news.into_iter().map(|(name, _)| name).collect()
}

#[test]
fn a_reader_is_sent_what_they_have_not_seen() {
    let (mut view, mut lines) = (view(), Lines::default());
    let blank = Picture::blank(Arc::new(view.clone()), Arc::default());
    said(&mut lines, 10, "one");
    let first = next(&blank, &view, &[], &lines);
    let everything = ["head", "seats", "track", "rating", "comments"];
    assert_eq!(names(&first, 0), everything);
    assert!(!next(&first, &view, &[], &lines).has_news_since(first.id));

    if let Some(now) = view.open.as_mut().and_then(|open| open.now.as_mut()) {
        now.tally[0] = 1;
    }
    let second = next(&first, &view, &[], &lines);
    assert_eq!(names(&second, first.id), ["rating"]);
    said(&mut lines, 20, "two");
    said(&mut lines, 30, "three");
    let third = next(&second, &view, &[], &lines);
    assert_eq!(names(&third, second.id), ["comment", "comment"]);
    assert_eq!(names(&third, first.id), ["rating", "comment", "comment"]);
    assert_eq!(names(&third, 0), everything, "a new reader is sent all");

    let fourth = next(&third, &view, &[ANA], &lines);
    assert_eq!(names(&fourth, third.id), ["seats", "track", "comments"]);
    let end = fourth.over(Part::default());
    assert_eq!(names(&end, fourth.id), ["over"]);
}

#[test]
fn nothing_that_people_wrote_is_markup_and_nobody_hidden_is_named() {
    let (view, mut lines) = (view(), Lines::default());
    said(&mut lines, 10, "</li><img src=x onerror=alert(1)>");
    let blank = Picture::blank(Arc::new(view.clone()), Arc::default());
    for (hidden, is_named) in [(&[][..], true), (&[ANA][..], false)] {
        let picture = next(&blank, &view, hidden, &lines);
        for locale in Locale::ALL {
            let news = picture.news(0, locale);
            let all: String = news.into_iter().map(|(_, html)| html).collect();
            assert_eq!(all.contains(NOBODY_KNOWS), is_named, "{all}");
            assert_eq!(all.contains(">A<"), is_named, "its letter: {all}");
            for bad in ["<script", "<img src=x", "\" onload", "<b>one"] {
                assert!(!all.contains(bad), "{bad} in {all}");
            }
            assert!(all.contains("src=\"/music/live/x/cover/3\""), "{all}");
            assert!(all.contains("<b>5</b>") && !all.contains("party"), "{all}");
        }
    }
}

#[test]
fn what_somebody_said_who_is_forgotten_goes_from_open_pages() {
    let (view, mut lines) = (view(), Lines::default());
    said(&mut lines, 10, "one");
    lines.add(LatestComment {
        turn: TurnId(3),
        member: MemberId(8),
        name: "Bo".to_owned(),
        offset: Duration::ZERO,
        text: "two".to_owned(),
        at: Moment(20),
    });
    let blank = Picture::blank(Arc::new(view.clone()), Arc::default());
    // Forgetting her takes the row away that hides her name: that must not bring it back.
    let first = next(&blank, &view, &[ANA], &lines);
    lines.retain(&[(TurnId(3), MemberId(8), Moment(20))].into());
    let second = next(&first, &view, &[], &lines);
    let news = second.news(first.id, Locale::En);
    let comments: Vec<_> = news.iter().filter(|it| it.0 == "comments").collect();
    assert!(
        comments.len() == 1 && comments[0].1.contains("Bo"),
        "{news:?}"
    );
    assert!(!comments[0].1.contains("one"), "{news:?}");
    // She is the last who spoke, and nobody else's name is hidden or shown.
    said(&mut lines, 30, "three");
    let third = next(&second, &view, &[], &lines);
    lines.retain(&[(TurnId(3), MemberId(8), Moment(20))].into());
    let fourth = next(&third, &view, &[], &lines);
    assert_eq!(names(&fourth, third.id), ["comments"]);
    assert_eq!(fourth.comments.len(), 1);
}

#[test]
fn old_comments_make_room() {
    let (view, mut lines) = (view(), Lines::default());
    let mut picture = Picture::blank(Arc::new(view.clone()), Arc::default());
    for at in 0..100 {
        said(&mut lines, at, "more");
        picture = next(&picture, &view, &[], &lines);
    }
    assert_eq!(picture.comments.len(), LINES_LIMIT);
}
