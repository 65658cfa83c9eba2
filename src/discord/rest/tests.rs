//! The REST layer against a local server that answers from a script and remembers what came.

use super::{Rest, RestFailure, Upload};
use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use serde_json::{Value, json};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use url::Url;

type Line = (u16, Vec<(&'static str, String)>, String);

#[derive(Clone, Debug)]
struct Heard {
    request: String,
    authorization: String,
    content_type: String,
    body: Vec<u8>,
}

#[derive(Clone, Default)]
struct Script {
    lines: Arc<Mutex<VecDeque<Line>>>,
    heard: Arc<Mutex<Vec<Heard>>>,
}

async fn play(
    State(script): State<Script>,
    (method, uri): (Method, Uri),
    headers: HeaderMap,
    body: Bytes,
) -> (StatusCode, HeaderMap, String) {
    let text = |name: &str| {
        let value = headers.get(name).map(|value| value.to_str().unwrap());
        value.unwrap_or_default().to_owned()
    };
    script.heard.lock().unwrap().push(Heard {
        request: format!("{method} {uri}"),
        authorization: text("authorization"),
        content_type: text("content-type"),
        body: body.to_vec(),
    });
    let line = script.lines.lock().unwrap().pop_front();
    let (status, lines, body) = line.unwrap_or((500, vec![], "the script is over".to_owned()));
    let mut answer = HeaderMap::new();
    for (name, value) in lines {
        answer.insert(name, value.parse().unwrap());
    }
    (StatusCode::from_u16(status).unwrap(), answer, body)
}

struct Server {
    script: Script,
    rest: Rest,
    stop: CancellationToken,
    tasks: TaskTracker,
}

impl Server {
    async fn start(lines: impl IntoIterator<Item = Line>) -> Server {
        let script = Script::default();
        script.lines.lock().unwrap().extend(lines);
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let router = Router::new().fallback(play).with_state(script.clone());
        let (stop, tasks) = (CancellationToken::new(), TaskTracker::new());
        let stopped = stop.clone().cancelled_owned();
        tasks.spawn(async move {
            axum::serve(listener, router)
                .with_graceful_shutdown(stopped)
                .await
                .unwrap();
        });
        let rest = Rest::new("secret", &Url::parse(&base).unwrap(), false, || 0.5).unwrap();
        Server {
            script,
            rest,
            stop,
            tasks,
        }
    }

    fn heard(&self) -> Vec<Heard> {
        self.script.heard.lock().unwrap().clone()
    }

    async fn end(self) {
        drop(self.rest);
        self.stop.cancel();
        self.tasks.close();
        self.tasks.wait().await;
    }
}

fn message() -> Line {
    (200, vec![], r#"{"id":"77","channel_id":"5"}"#.to_owned())
}

fn limited(seconds: f64, global: bool) -> Line {
    let body = json!({ "message": "slow down", "retry_after": seconds, "global": global });
    (
        429,
        vec![("retry-after", seconds.ceil().to_string())],
        body.to_string(),
    )
}

#[tokio::test]
async fn a_post_carries_the_token_and_a_nonce_and_tells_where_it_stands() {
    let server = Server::start([message()]).await;
    let sent = server
        .rest
        .send(5, json!({ "content": "hi" }), vec![])
        .await;
    let sent = sent.unwrap();
    assert_eq!((sent.channel, sent.message), (5, 77));
    let heard = server.heard();
    assert_eq!(heard[0].request, "POST /api/v10/channels/5/messages");
    assert_eq!(heard[0].authorization, "Bot secret");
    let body: Value = serde_json::from_slice(&heard[0].body).unwrap();
    assert_eq!(body["content"], "hi");
    assert_eq!(body["enforce_nonce"], true);
    assert!(body["nonce"].as_str().unwrap().len() <= 25);
    server.end().await;
}

#[tokio::test]
async fn files_go_as_multipart_beside_the_json() {
    let server = Server::start([message()]).await;
    let file = Upload {
        name: "list.m3u8".to_owned(),
        bytes: "#EXTM3U".into(),
    };
    server
        .rest
        .send(5, json!({ "content": "hi" }), vec![file])
        .await
        .unwrap();
    let heard = server.heard();
    assert!(heard[0].content_type.starts_with("multipart/form-data"));
    let body = String::from_utf8(heard[0].body.clone()).unwrap();
    assert!(body.contains(r#"name="payload_json""#), "{body}");
    assert!(
        body.contains(r#"name="files[0]"; filename="list.m3u8""#),
        "{body}"
    );
    server.end().await;
}

#[tokio::test]
async fn after_a_429_it_waits_as_long_as_it_was_told_and_goes_again() {
    let server = Server::start([limited(0.2, false), message()]).await;
    let before = Instant::now();
    server.rest.send(5, json!({}), vec![]).await.unwrap();
    assert!(before.elapsed() >= Duration::from_millis(200));
    let heard = server.heard();
    assert_eq!(heard.len(), 2);
    assert_eq!(heard[0].body, heard[1].body, "the nonce must stay the same");
    server.end().await;
}

#[tokio::test]
async fn a_global_429_holds_back_every_route() {
    let server = Server::start([limited(0.2, true), message(), message()]).await;
    let before = Instant::now();
    server.rest.send(5, json!({}), vec![]).await.unwrap();
    assert!(before.elapsed() >= Duration::from_millis(200));
    server.end().await;

    let server = Server::start([limited(40.0, true)]).await;
    let refused = server.rest.send(5, json!({}), vec![]).await;
    assert_eq!(refused, Err(RestFailure::Busy));
    let other = server.rest.direct_channel(1);
    let other = tokio::time::timeout(Duration::from_millis(100), other).await;
    assert!(other.is_err(), "another route went through a closed door");
    assert_eq!(server.heard().len(), 1);
    server.end().await;
}

#[tokio::test]
async fn an_error_of_discords_own_is_tried_again() {
    let server = Server::start([(503, vec![], String::new()), message()]).await;
    server.rest.send(5, json!({}), vec![]).await.unwrap();
    assert_eq!(server.heard().len(), 2);
    server.end().await;
}

#[tokio::test]
async fn an_answer_to_an_interaction_gives_up_before_its_three_seconds_are_over() {
    let server = Server::start([limited(10.0, false)]).await;
    let before = Instant::now();
    let refused = server
        .rest
        .respond(1, "token", json!({ "type": 5 }), vec![]);
    assert_eq!(refused.await, Err(RestFailure::Busy));
    assert!(before.elapsed() < Duration::from_millis(2_500));
    server.end().await;

    let server = Server::start([]).await;
    let before = Instant::now();
    let refused = server
        .rest
        .respond(1, "token", json!({ "type": 5 }), vec![]);
    let refused = refused.await;
    // What is on its way when the time is over has no status.
    assert!(
        matches!(refused, Err(RestFailure::Unavailable(_))),
        "{refused:?}"
    );
    assert!(before.elapsed() < Duration::from_secs(3));
    assert!(server.heard().len() > 2);
    server.end().await;
}

#[tokio::test]
async fn a_repeated_answer_that_was_heard_the_first_time_is_done() {
    let twice = json!({ "code": 40060, "message": "already acknowledged" }).to_string();
    let lines = [(502, vec![], String::new()), (400, vec![], twice.clone())];
    let server = Server::start(lines).await;
    let done = server
        .rest
        .respond(1, "token", json!({ "type": 5 }), vec![]);
    assert_eq!(done.await, Ok(()));
    server.end().await;

    let server = Server::start([(400, vec![], twice)]).await;
    let refused = server
        .rest
        .respond(1, "token", json!({ "type": 5 }), vec![]);
    assert!(matches!(
        refused.await,
        Err(RestFailure::Invalid { code: 40060, .. })
    ));
    server.end().await;
}

#[tokio::test]
async fn what_is_gone_and_what_is_wrong_are_told_apart_at_once() {
    let gone = json!({ "code": 10008, "message": "Unknown Message" }).to_string();
    let wrong = json!({ "code": 50035, "message": "Invalid Form Body", "errors": {} }).to_string();
    let server = Server::start([(404, vec![], gone), (400, vec![], wrong)]).await;
    let refused = server.rest.edit(5, 6, json!({})).await;
    assert_eq!(refused, Err(RestFailure::Gone { code: 10008 }));
    let refused = server.rest.send(5, json!({}), vec![]).await;
    assert!(matches!(
        refused,
        Err(RestFailure::Invalid { code: 50035, .. })
    ));
    assert_eq!(server.heard().len(), 2);
    server.end().await;
}

#[tokio::test]
async fn a_bucket_that_is_empty_is_waited_for_and_no_429_is_provoked() {
    let figures = |remaining: u32| {
        vec![
            ("x-ratelimit-bucket", "abc".to_owned()),
            ("x-ratelimit-limit", "1".to_owned()),
            ("x-ratelimit-remaining", remaining.to_string()),
            ("x-ratelimit-reset-after", "0.15".to_owned()),
        ]
    };
    let lines = (0..3).map(|_| (204, figures(0), String::new()));
    let server = Server::start(lines).await;
    let before = Instant::now();
    let react = |emoji| server.rest.react(5, 6, emoji);
    let (a, b, c) = tokio::join!(react("👎"), react("❤️"), react("name:1"));
    assert_eq!((a, b, c), (Ok(()), Ok(()), Ok(())));
    assert!(before.elapsed() >= Duration::from_millis(300));
    let heard = server.heard();
    let mut requests: Vec<&str> = heard.iter().map(|h| h.request.as_str()).collect();
    requests.sort_unstable();
    assert_eq!(
        requests,
        [
            "PUT /api/v10/channels/5/messages/6/reactions/%E2%9D%A4%EF%B8%8F/@me",
            "PUT /api/v10/channels/5/messages/6/reactions/%F0%9F%91%8E/@me",
            "PUT /api/v10/channels/5/messages/6/reactions/name:1/@me",
        ]
    );
    server.end().await;
}

#[tokio::test]
async fn the_application_says_whether_messages_may_be_read() {
    let body = json!({ "id": "42", "name": "Rondo", "flags": 1 << 19 }).to_string();
    let server = Server::start([(200, vec![], body), (200, vec![], "[]".to_owned())]).await;
    let application = server.rest.application().await.unwrap();
    assert_eq!(application.id, 42);
    assert!(application.may_read_messages());
    server.rest.set_commands(json!([])).await.unwrap();
    let heard = server.heard();
    assert_eq!(heard[1].request, "PUT /api/v10/applications/42/commands");
    server.end().await;
}

#[tokio::test]
async fn every_message_says_whom_it_rings_and_a_form_does_not() {
    let server = Server::start((0..6).map(|_| message())).await;
    let rest = &server.rest;
    let words = json!({ "content": "@everyone" });
    let rings = json!({ "content": "<@1>", "allowed_mentions": { "users": ["1"] } });
    rest.send(5, words.clone(), vec![]).await.unwrap();
    rest.edit(5, 6, words.clone()).await.unwrap();
    rest.follow_up("token", words.clone(), vec![])
        .await
        .unwrap();
    rest.send(5, rings, vec![]).await.unwrap();
    let answer = json!({ "type": 4, "data": words });
    rest.respond(1, "token", answer, vec![]).await.unwrap();
    let form = json!({ "type": 9, "data": { "custom_id": "form", "components": [] } });
    rest.respond(2, "token", form, vec![]).await.unwrap();
    let heard = server.heard();
    let nobody = json!({ "parse": [] });
    for (index, expected) in [
        (0, &nobody),
        (1, &nobody),
        (2, &nobody),
        (3, &json!({ "users": ["1"] })),
    ] {
        assert_eq!(
            &body_of(&heard[index])["allowed_mentions"],
            expected,
            "{index}"
        );
    }
    assert_eq!(body_of(&heard[4])["data"]["allowed_mentions"], nobody);
    assert_eq!(body_of(&heard[5])["data"].get("allowed_mentions"), None);
    server.end().await;
}

fn body_of(heard: &Heard) -> Value {
    serde_json::from_slice(&heard.body).unwrap()
}
