//! What is answered to whom, and what is not.

use super::evening::{ANA, BO, PIXEL, Served, after, closed, evening, opened, play, track};
use reqwest::{Method, StatusCode};
use rondo::domain::track::Track;
use rondo::storage::{PageKind, PageToken};
use serde_json::Value;

fn header<'a>(answer: &'a reqwest::Response, name: &str) -> &'a str {
    answer
        .headers()
        .get(name)
        .map_or("", |it| it.to_str().unwrap())
}

#[tokio::test]
async fn a_page_says_who_played_what_and_how_it_was_received() {
    let served = Served::under("https://rondo.example").await;
    let page = evening(&served).await;
    let answer = served.get(&page.path()).await;
    assert_eq!(answer.status(), 200);
    assert_eq!(header(&answer, "content-type"), "text/html; charset=utf-8");
    let policy = header(&answer, "content-security-policy").to_owned();
    for part in [
        "default-src 'none'",
        "style-src 'self'",
        "img-src 'self'",
        "frame-ancestors 'none'",
    ] {
        assert!(policy.contains(part), "{policy}");
    }
    assert!(
        !policy.contains("unsafe") && !policy.contains("script"),
        "{policy}"
    );
    assert_eq!(header(&answer, "referrer-policy"), "no-referrer");
    assert_eq!(header(&answer, "x-content-type-options"), "nosniff");
    assert_eq!(header(&answer, "x-robots-tag"), "noindex, nofollow");
    let html = answer.text().await.unwrap();
    for words in [
        "<html lang=\"en\">",
        "<h1 dir=\"auto\">Rain &#60;b&#62;songs&#60;/b&#62; &#38; &#34;tea&#34;</h1>",
        "Session 12 · Night &#38; Day",
        "25 November 2026",
        "3 songs",
        "3 listeners",
        ">First &#60;script&#62;</h3>",
        "played by Bo &#34;the&#34; Bear",
        "4.5 <span aria-hidden=\"true\">★</span>",
        "2 ratings",
        "not rated",
        "Best of the evening",
        "0:50",
        "that &#60;i&#62;bass&#60;/i&#62; line!",
        "x1=\"250\"",
        "https://musicbrainz.org/search?query=Duo+%26+Co+First+%3Cscript%3E",
        "https://www.youtube.com/results?search_query=",
        "https://open.spotify.com/search/",
        "https://music.apple.com/search?term=",
    ] {
        assert!(html.contains(words), "{words} is missing in\n{html}");
    }
    // Nothing of others is markup, nothing runs, and nothing has a style of its own.
    for deed in [
        "<script",
        "<i>bass",
        "style=\"",
        "javascript:",
        "onload",
        "http-equiv",
    ] {
        assert!(!html.contains(deed), "{deed} in\n{html}");
    }
    assert_eq!(html.matches("<h1").count(), 1);
    served.end().await;
}

#[tokio::test]
async fn nobody_finds_a_page_by_guessing_or_counting() {
    let served = Served::under("https://rondo.example").await;
    let page = evening(&served).await;
    let other = PageToken::of([8; 16]);
    let token = page.token.as_str();
    for path in [
        "/".to_owned(),
        "/p".to_owned(),
        "/p/".to_owned(),
        "/p/1".to_owned(),
        "/p/12".to_owned(),
        "/p/session/12".to_owned(),
        format!("/p/{}", other.as_str()),
        format!("/p/{}", other.as_str().to_uppercase()),
        format!("/p/{}", &token[..25]),
        format!("/p/{token}x"),
        format!("/p/{}/playlist.xspf", other.as_str()),
        format!("/p/{}/cover/1", other.as_str()),
        format!("/p/{token}/playlist.exe"),
        format!("/p/{token}/..%2f..%2frondo.db"),
        format!("/p/{token}/cover/2"),
        format!("/p/{token}/cover/3"),
        format!("/p/{token}/cover/..%2frondo.db"),
        "/assets/style.css".to_owned(),
        "/oembed".to_owned(),
        format!("/oembed?url=https://rondo.example/p/{}", other.as_str()),
        format!("/oembed?url=https://other.example/p/{token}"),
    ] {
        let answer = served.get(&path).await;
        assert_eq!(answer.status(), 404, "{path}");
        assert!(
            header(&answer, "content-security-policy").contains("'none'"),
            "{path}"
        );
        assert_eq!(header(&answer, "cache-control"), "no-store", "{path}");
        let html = answer.text().await.unwrap();
        assert!(html.contains("Nothing is here"), "{path}: {html}");
        assert!(!html.contains("Rain"), "{path}: {html}");
    }
    served.end().await;
}

#[tokio::test]
async fn only_covers_of_the_page_are_shown() {
    let served = Served::under("https://rondo.example").await;
    let page = evening(&served).await;
    let hostile = track("Hostile", "X", Some("cover-2.png"));
    std::fs::write(served.media().join("cover-2.png"), b"<svg onload='x'/>").unwrap();
    std::fs::write(served.media().join("cover-3.png"), PIXEL).unwrap();
    served
        .keep(vec![
            play((12, 4), (BO, "Bo"), hostile),
            opened(13, None),
            play(
                (13, 5),
                (BO, "Bo"),
                track("Elsewhere", "X", Some("cover-3.png")),
            ),
            closed(13),
        ])
        .await;
    let cover = async |turn: u64| served.get(&format!("{}/cover/{turn}", page.path())).await;
    let good = cover(1).await;
    assert_eq!(good.status(), 200);
    assert_eq!(header(&good, "content-type"), "image/png");
    assert_eq!(header(&good, "x-content-type-options"), "nosniff");
    assert_eq!(good.bytes().await.unwrap(), PIXEL);
    // What only calls itself a picture, and that of another session.
    assert_eq!(cover(4).await.status(), 404);
    assert_eq!(cover(5).await.status(), 404);
    let other = served.page(PageKind::Session, 13, [9; 16]).await;
    let answer = served.get(&format!("{}/cover/5", other.path())).await;
    assert_eq!(answer.status(), 200);
    served.end().await;
}

#[tokio::test]
async fn who_has_a_page_already_is_not_sent_it_again() {
    let served = Served::under("https://rondo.example").await;
    let page = evening(&served).await;
    let first = served.get(&page.path()).await;
    let tag = header(&first, "etag").to_owned();
    assert!(tag.len() > 10, "{tag}");
    assert_eq!(header(&first, "cache-control"), "private, no-cache");
    let again = served.ask(&page.path(), &[("if-none-match", &tag)]).await;
    assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
    assert_eq!(again.text().await.unwrap(), "");
    // In another language it is another page.
    let chinese = [
        ("if-none-match", tag.as_str()),
        ("accept-language", "zh-CN"),
    ];
    assert_eq!(served.ask(&page.path(), &chinese).await.status(), 200);
    // What is asked for without its body has the same headers, and nothing else is taken.
    let head = served.send(Method::HEAD, &page.path()).await;
    assert_eq!(
        (head.status(), header(&head, "etag")),
        (StatusCode::OK, tag.as_str())
    );
    assert_eq!(head.text().await.unwrap(), "");
    for method in [Method::POST, Method::PUT, Method::DELETE, Method::OPTIONS] {
        let answer = served.send(method, &page.path()).await;
        assert_eq!(answer.status(), 404);
    }
    // Style and icon are kept for ever under their names.
    let html = first.text().await.unwrap();
    for ending in [".css", ".svg"] {
        let end = html.find(&format!("{ending}\"")).unwrap() + ending.len();
        let start = html[..end].rfind('"').unwrap() + 1;
        let asset = served.get(&html[start..end]).await;
        assert_eq!(asset.status(), 200, "{}", &html[start..end]);
        assert!(header(&asset, "cache-control").contains("immutable"));
    }
    served.end().await;
}

#[tokio::test]
async fn everybody_reads_in_their_language() {
    let served = Served::under("https://rondo.example").await;
    let page = evening(&served).await;
    let told = async |query: &str, accepts: &str| {
        let path = format!("{}{query}", page.path());
        let answer = served.ask(&path, &[("accept-language", accepts)]).await;
        assert!(header(&answer, "vary").contains("Accept-Language"));
        answer.text().await.unwrap()
    };
    for (query, accepts, tag, words) in [
        ("", "zh-CN,zh;q=0.9", "zh-CN", "今晚最佳"),
        ("?lang=zh-CN", "en", "zh-CN", "2026年11月25日"),
        ("?lang=en", "zh-CN", "en", "Best of the evening"),
        ("", "de", "en", "Best of the evening"),
        ("?lang=tlh", "", "en", "Best of the evening"),
    ] {
        let html = told(query, accepts).await;
        assert!(
            html.contains(&format!("<html lang=\"{tag}\">")),
            "{query} {accepts}"
        );
        assert!(html.contains(words), "{words}: {html}");
    }
    // Where a browser says nothing, the guild's language counts.
    let settings = rondo::domain::settings::Settings {
        language: "zh-CN".to_owned(),
        ..Default::default()
    };
    let settings = rondo::domain::protocol::Record::Settings(Box::new(settings));
    served.keep(vec![settings]).await;
    assert!(told("", "").await.contains("今晚最佳"));
    served.end().await;
}

#[tokio::test]
async fn a_hidden_name_is_nowhere() {
    let served = Served::under("https://rondo.example").await;
    let page = evening(&served).await;
    let everything = async || {
        let url = format!("https://rondo.example{}", page.path());
        let mut all = String::new();
        for path in [
            page.path(),
            format!("{}?lang=zh-CN", page.path()),
            format!("{}/playlist.xspf", page.path()),
            format!("{}/playlist.jspf", page.path()),
            format!("{}/playlist.m3u8", page.path()),
            format!("{}/playlist.csv", page.path()),
            format!("/oembed?url={url}"),
        ] {
            all.push_str(&served.text(&path).await);
        }
        all
    };
    assert!(everything().await.contains("Bear"));
    let hide = format!(
        "insert into hidden_name (guild_id, member_id, hidden_at_ms) values ({}, {}, 1)",
        super::evening::HOME.0,
        BO.0
    );
    served.meddle(&hide).await;
    let all = everything().await;
    assert!(!all.contains("Bear"), "{all}");
    assert!(
        all.contains("played by somebody") && all.contains("某人"),
        "{all}"
    );
    assert!(all.contains("Ana"), "{all}");
    served.end().await;
}

#[tokio::test]
async fn a_withdrawn_page_is_gone_for_ever_and_the_next_one_is_another() {
    let served = Served::under("https://rondo.example").await;
    let page = evening(&served).await;
    served.text(&page.path()).await;
    assert!(
        served
            .store
            .withdraw_page(page.subject, BO, after(1))
            .await
            .unwrap()
    );
    let url = format!("https://rondo.example{}", page.path());
    for path in [
        page.path(),
        format!("{}/playlist.xspf", page.path()),
        format!("{}/cover/1", page.path()),
        format!("/oembed?url={url}"),
    ] {
        let answer = served.get(&path).await;
        assert_eq!(answer.status(), StatusCode::GONE, "{path}");
        let html = answer.text().await.unwrap();
        assert!(html.contains("This page was withdrawn"), "{html}");
        assert!(html.contains("or by a moderator"), "{html}");
        assert!(!html.contains("Rain"), "{html}");
    }
    let next = served.page(PageKind::Session, 12, [6; 16]).await;
    assert_ne!(next.token, page.token);
    served.text(&next.path()).await;
    assert_eq!(served.get(&page.path()).await.status(), StatusCode::GONE);
    served.end().await;
}

#[tokio::test]
async fn a_server_that_the_bot_was_removed_from_has_no_pages_until_it_is_back() {
    let served = Served::under("https://rondo.example").await;
    let page = evening(&served).await;
    let live = served.page(PageKind::Live, 12, [5; 16]).await;
    let url = format!("https://rondo.example{}", page.path());
    let paths = [
        page.path(),
        format!("{}/playlist.xspf", page.path()),
        format!("{}/cover/1", page.path()),
        format!("/oembed?url={url}"),
        live.path(),
        format!("{}/events", live.path()),
    ];
    served
        .store
        .note_left(page.subject.guild, after(1))
        .await
        .unwrap();
    for path in &paths {
        let answer = served.get(path).await;
        assert_eq!(answer.status(), 404, "{path}");
        let html = answer.text().await.unwrap();
        assert!(html.contains("Nothing is here"), "{path}: {html}");
    }
    served.store.note_back(page.subject.guild).await.unwrap();
    for path in paths.iter().take(5) {
        served.text(path).await;
    }
    served.end().await;
}

#[tokio::test]
async fn a_link_that_leads_into_a_house_or_holds_a_key_is_in_no_page_and_no_file() {
    let served = Served::under("https://rondo.example").await;
    let mut records = vec![opened(14, None)];
    for (turn, link) in (1..).zip([
        "https://music.example/open/song.mp3",
        "https://music.example/song.mp3?key=secret",
        "https://nas.example/song.mp3",
        "http://192.168.1.20/song.mp3",
    ]) {
        let track = Track {
            link: Some(link.to_owned()),
            ..track(&format!("Song {turn}"), "Band", None)
        };
        records.push(play((14, turn), (ANA, "Ana"), track));
    }
    records.push(closed(14));
    served.keep(records).await;
    let page = served.page(PageKind::Session, 14, [4; 16]).await;
    for part in [
        "",
        "/playlist.xspf",
        "/playlist.jspf",
        "/playlist.m3u8",
        "/playlist.csv",
    ] {
        let text = served.text(&format!("{}{part}", page.path())).await;
        let public = text.contains("https://music.example/open/song.mp3");
        assert!(public && text.contains("Song 4"), "{part}: {text}");
        for secret in ["secret", "nas.example", "192.168"] {
            assert!(!text.contains(secret), "{secret} in {part}: {text}");
        }
    }
    served.end().await;
}

#[tokio::test]
async fn a_page_has_a_preview_that_says_the_same() {
    let served = Served::under("https://rondo.example/music").await;
    let page = evening(&served).await;
    // A server in front may take the path away, or not.
    let html = served.text(&page.path()).await;
    assert_eq!(served.text(&format!("/music{}", page.path())).await, html);
    let url = format!("https://rondo.example/music{}", page.path());
    let style = "<link rel=\"stylesheet\" href=\"/music/assets/style-";
    for words in [
        style,
        &format!("<link rel=\"canonical\" href=\"{url}\">"),
        &format!("<meta property=\"og:url\" content=\"{url}\">"),
        "<meta property=\"og:title\" content=\"Rain &#60;b&#62;songs&#60;/b&#62; &#38; &#34;tea&#34;\">",
        &format!("<meta property=\"og:image\" content=\"{url}/card.png?lang=en\">"),
        "<meta name=\"twitter:card\" content=\"summary_large_image\">",
        "<link rel=\"alternate\" type=\"application/json+oembed\" href=\"https://rondo.example/music/oembed?",
    ] {
        assert!(html.contains(words), "{words} is missing in\n{html}");
    }
    // The address that the page names leads to its description.
    let start = html.find("/oembed?").unwrap();
    let path = html[start..]
        .split('"')
        .next()
        .unwrap()
        .replace("&#38;", "&");
    let told: Value = served.text(&path).await.parse().unwrap();
    assert_eq!(told["version"], "1.0");
    assert_eq!(told["type"], "link");
    assert_eq!(told["title"], "Rain <b>songs</b> & \"tea\"");
    assert_eq!(told["provider_name"], "Rondo");
    assert_eq!(told["thumbnail_url"], format!("{url}/card.png?lang=en"));
    assert_eq!(
        (&told["thumbnail_width"], &told["thumbnail_height"]),
        (&1200.into(), &630.into())
    );
    let small: Value = served
        .text(&format!("{path}&maxwidth=300"))
        .await
        .parse()
        .unwrap();
    assert_eq!(small.get("thumbnail_url"), None);
    let xml = served.get(&path.replace("json", "xml")).await;
    assert_eq!(xml.status(), StatusCode::NOT_IMPLEMENTED);
    served.end().await;
}

#[tokio::test]
async fn files_are_taken_away_under_their_names() {
    let served = Served::under("https://rondo.example").await;
    let page = evening(&served).await;
    for (ending, kind, words) in [
        (
            "xspf",
            "application/xspf+xml",
            "<title>First &lt;script&gt;</title>",
        ),
        (
            "m3u8",
            "application/vnd.apple.mpegurl",
            "#EXTINF:200,李香兰 - 夜来香",
        ),
        ("jspf", "application/json", "First <script>"),
        ("csv", "text/csv; charset=utf-8", "夜来香,李香兰"),
    ] {
        let answer = served
            .get(&format!("{}/playlist.{ending}", page.path()))
            .await;
        assert_eq!(answer.status(), 200, "{ending}");
        assert_eq!(header(&answer, "content-type"), kind);
        let name = format!("attachment; filename=\"rondo-session-12.{ending}\"");
        assert_eq!(header(&answer, "content-disposition"), name);
        let text = answer.text().await.unwrap();
        assert!(text.contains(words), "{words}: {text}");
    }
    served.end().await;
}

#[tokio::test]
async fn a_published_collection_has_a_page_and_an_unpublished_one_has_none() {
    let served = Served::under("https://rondo.example").await;
    let track = serde_json::to_string(&track("Kept", "Curated", None)).unwrap();
    let guild = super::evening::HOME.0;
    let sql = format!(
        "insert into collection values ({guild}, 3, {ana}, 'Ana', 'For <long> drives', \
         'Windows down.', 1, 1795629600000, 5, null); \
         insert into collection_track values ({guild}, 3, 1, 'k', 'm', '{track}', 1); \
         insert into collection_save values ({guild}, 3, {bo}, 1);",
        ana = ANA.0,
        bo = BO.0,
    );
    served.meddle(&sql).await;
    let page = served.page(PageKind::Collection, 3, [5; 16]).await;
    let html = served.text(&page.path()).await;
    for words in [
        "For &#60;long&#62; drives",
        "A collection by Ana",
        "Windows down.",
        "saved by 1 person",
        "withdrawn with /collection withdraw,",
        ">Kept</h3>",
    ] {
        assert!(html.contains(words), "{words} is missing in\n{html}");
    }
    let files = served.get(&format!("{}/playlist.xspf", page.path())).await;
    assert!(header(&files, "content-disposition").contains("rondo-collection-3.xspf"));
    served
        .meddle("update collection set published_at_ms = null")
        .await;
    assert_eq!(served.get(&page.path()).await.status(), 404);
    served.end().await;
}

#[tokio::test]
async fn the_bot_says_that_it_is_well() {
    let served = Served::under("https://rondo.example").await;
    assert_eq!(served.text("/health").await, "ok\n");
    served.end().await;
}
