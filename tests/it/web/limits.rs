//! How much one address may ask for, and who that is.

use super::evening::{Served, evening};
use reqwest::{Response, StatusCode};

/// More than anybody may ask for in the time that the test takes.
const ENOUGH: usize = 5_000;

/// Asks for the page from that address, as the server in front tells it.
async fn ask(served: &Served, path: &str, from: &str) -> Response {
    served.ask(path, &[("x-forwarded-for", from)]).await
}

/// Asks until it is too much; how often it was not.
async fn ask_until_refused(served: &Served, path: &str, from: impl Fn(usize) -> String) -> usize {
    for count in 0..ENOUGH {
        if ask(served, path, &from(count)).await.status() == StatusCode::TOO_MANY_REQUESTS {
            return count;
        }
    }
    panic!("there is no end");
}

#[tokio::test]
async fn who_asks_too_much_is_told_when_to_come_again_and_nobody_else_is() {
    let served = Served::under("https://rondo.example").await;
    let page = evening(&served).await;
    let path = page.path();
    let count = ask_until_refused(&served, "/nothing", |_| "203.0.113.9".to_owned()).await;
    assert!(count >= 600, "{count}");
    // Whatever is asked for, and whoever else the asker says to be. Tries go on while the clock does.
    let refused = loop {
        let answer = ask(&served, &path, "198.51.100.4, 203.0.113.9").await;
        if answer.status() != StatusCode::OK {
            break answer;
        }
    };
    assert_eq!(refused.status(), StatusCode::TOO_MANY_REQUESTS);
    let headers = refused.headers();
    assert_eq!(headers["retry-after"], "1");
    assert_eq!(headers["cache-control"], "no-store");
    let policy = headers["content-security-policy"].to_str().unwrap();
    assert!(policy.contains("default-src 'none'"), "{policy}");
    let html = refused.text().await.unwrap();
    assert!(html.contains("<h1>Too many requests</h1>"), "{html}");
    let style = html
        .split('"')
        .find(|it| it.contains("/assets/style-"))
        .unwrap();
    let styled = ask(&served, style, "203.0.113.9").await;
    assert_eq!(styled.status(), 200, "the page has its style");
    for other in ["203.0.113.10", "2001:db8::9"] {
        assert_eq!(ask(&served, &path, other).await.status(), 200, "{other}");
    }
    assert_eq!(served.get(&path).await.status(), 200);
    served.end().await;
}

#[tokio::test]
async fn one_household_counts_as_one() {
    let served = Served::under("https://rondo.example").await;
    let device = |count| format!("2001:db8:1:2::{count:x}");
    ask_until_refused(&served, "/nothing", device).await;
    let next_door = ask(&served, "/health", "2001:db8:1:3::1").await;
    assert_eq!(next_door.status(), 200);
    served.end().await;
}

#[tokio::test]
async fn a_server_in_front_that_nobody_named_is_not_believed() {
    let served = Served::behind(&["192.0.2.1"], "https://rondo.example").await;
    let made_up = |count| format!("10.0.{}.{}", count / 250, count % 250);
    ask_until_refused(&served, "/nothing", made_up).await;
    served.end().await;
}
