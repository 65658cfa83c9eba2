//! Discord refuses an answer of the bot: nobody is left to look at "thinking". Between the two stands
//! a relay that passes everything on but what the story wants refused, as too large for Discord.

use super::scrobbles::restart;
use crate::serving::serving;
use crate::world::{PATIENCE, World, in_lounge, piece, text};
use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use discord_sandbox::interactions::Given;
use discord_sandbox::people::Member;
use serde_json::json;
use std::sync::{Arc, Mutex};

/// What goes through it.
struct Relay {
    to: String,
    client: reqwest::Client,
    /// The method and the end of the path that are refused, if the body holds these words.
    refused: Mutex<Option<(Method, &'static str, &'static str)>>,
}

impl Relay {
    fn refuse(&self, method: Method, path: &'static str, words: &'static str) {
        *self.refused.lock().unwrap() = Some((method, path, words));
    }

    fn refuses(&self, method: &Method, path: &str, body: &[u8]) -> bool {
        let refused = self.refused.lock().unwrap();
        refused.as_ref().is_some_and(|(its, end, words)| {
            let holds = body.windows(words.len()).any(|it| it == words.as_bytes());
            its == method && path.ends_with(end) && holds
        })
    }
}

async fn pass_on(
    State(relay): State<Arc<Relay>>,
    (method, uri): (Method, Uri),
    mut headers: HeaderMap,
    body: Bytes,
) -> (StatusCode, HeaderMap, Bytes) {
    if relay.refuses(&method, uri.path(), &body) {
        // "Request entity too large", as Discord says it.
        let words = json!({ "message": "Request entity too large", "code": 40005 });
        let words = Bytes::from(words.to_string());
        return (StatusCode::PAYLOAD_TOO_LARGE, HeaderMap::new(), words);
    }
    headers.remove("host");
    let to = format!("{}{uri}", relay.to);
    let asked = relay.client.request(method, to).headers(headers).body(body);
    let answer = asked.send().await.unwrap();
    let (status, mut headers) = (answer.status(), answer.headers().clone());
    headers.remove("transfer-encoding");
    (status, headers, answer.bytes().await.unwrap())
}

fn apologises(said: &str) {
    assert!(said.contains("Something went wrong on my side"), "{said}");
}

/// Nothing that this person sees waits for the bot.
fn nobody_waits(who: &Member) {
    for seen in who.sees() {
        assert!(!seen.is_thinking, "{seen:?}");
        assert!(!seen.says("Looking for it"), "{seen:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_discord_refuses_leaves_nobody_waiting() {
    let (mut world, guild) = World::new().await;
    let relay = Arc::new(Relay {
        to: world.sandbox.base().trim_end_matches('/').to_owned(),
        client: reqwest::Client::builder()
            .timeout(PATIENCE)
            .build()
            .unwrap(),
        refused: Mutex::new(None),
    });
    let routes = Router::new()
        .fallback(pass_on)
        .with_state(Arc::clone(&relay));
    let (address, _serving) = serving(routes).await;
    restart(
        &mut world,
        &[("DISCORD_API_BASE", &format!("http://{address}"))],
    )
    .await;
    let [ana, bo] = in_lounge(&guild, ["Ana", "Bo"]);

    // What would have been said at once.
    relay.refuse(Method::POST, "/callback", "/play");
    let said = world.says(&ana, "help", vec![]).await;
    apologises(&said);

    // What all of them wait for: the word goes to who asked, and nobody else is bothered.
    let sound = piece("ignored", 330.0, 3).bytes().unwrap();
    let link = world.sites().video("slow", "Slowly", (3, &sound));
    world.sites().put(&link, "wait", "");
    relay.refuse(Method::PATCH, "/@original", "Slowly");
    let query: Vec<(&str, Given)> = vec![("query", text(&link))];
    let goes_on = async {
        let looks = |it: &discord_sandbox::people::Seen| it.says("Looking for it");
        world.wait(&bo, "that it is looked for", looks).await;
        world.sites().put(&link, "go", "");
        std::fs::remove_file(world.sites().file(&link, "wait")).unwrap();
    };
    let (said, ()) = tokio::join!(world.says(&ana, "play", query), goes_on);
    apologises(&said);
    world.hears(&bo, 330.0).await;
    nobody_waits(&ana);
    nobody_waits(&bo);
    world.end().await;
}
