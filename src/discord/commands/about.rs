//! `/about`: what this is, how long it has been running, and what it keeps.

use super::super::markup;
use super::call::{Answer, Call, Outcome};
use super::definition::Part;
use super::paging::sheet;
use crate::audio::{MusicServer, Tool};
use serde_json::json;

pub(super) fn definition() -> Part {
    Part::command("about")
}

pub(super) async fn run(call: &Call) -> Outcome {
    // Sessions and plays of a guild are numbered from 1, so the last number is their count.
    let sessions = call.desk.store.sessions(call.guild(), None, 1).await?;
    let plays = call.desk.store.history(call.guild(), None, 1).await?;
    let sessions = sessions.first().map_or(0, |session| session.session.0);
    let plays = plays.first().map_or(0, |play| play.play.turn.0);
    let up = (call.desk.clock)().since(call.desk.started_at);
    let mut lines = vec![
        call.say("about-what", &[]),
        String::new(),
        call.say(
            "about-version",
            &[("version", env!("CARGO_PKG_VERSION").into())],
        ),
        call.say("about-running", &[("time", super::hours(call, up).into())]),
        call.say(
            "about-stages",
            &[("count", call.desk.stages.open_count().into())],
        ),
        call.say("about-sessions", &[("count", sessions.into())]),
        call.say("about-plays", &[("count", plays.into())]),
    ];
    if call.actor.powers.admin {
        lines.extend(tool(call).await);
        lines.extend(server(call));
    }
    lines.extend([
        String::new(),
        call.say("about-stored", &[]),
        call.say("about-stage-channels", &[]),
    ]);
    // Members can do nothing about it.
    if call.actor.powers.admin && call.desk.preparer.is_full() {
        lines.push(String::new());
        lines.push(call.say("about-disk-full", &[]));
    }
    if call.actor.powers.admin && *call.desk.media_full.borrow() {
        lines.push(String::new());
        lines.push(call.say("about-room-full", &[]));
    }
    let title = call.say("about-title", &[]);
    Ok(Answer::of(
        json!({ "embeds": [sheet(&title, &lines, None)] }),
    ))
}

/// How the owner's music server stands, for who can see to it.
fn server(call: &Call) -> Option<String> {
    let key = match (call.desk.music.server)()? {
        MusicServer::Unasked => return None,
        MusicServer::Answers => "about-server-answers",
        MusicServer::Refuses => "about-server-refuses",
        MusicServer::Silent => "about-server-silent",
    };
    Some(call.say(key, &[]))
}

/// What sites are asked with, for who can see to it.
async fn tool(call: &Call) -> Option<String> {
    const DAY_S: u64 = 86_400;
    let tool = (call.desk.music.tool)().await;
    Some(match tool {
        Tool::Off => return None,
        Tool::Absent => call.say("about-sites-absent", &[]),
        Tool::Broken => call.say("about-sites-broken", &[]),
        Tool::Works { version, age: None } => {
            let version = markup::plain(&version);
            call.say("about-sites", &[("version", version.into())])
        }
        Tool::Works {
            version,
            age: Some(age),
        } => {
            let version = markup::plain(&version);
            let days = age.as_secs() / DAY_S;
            let fills = [("version", version.into()), ("days", days.into())];
            call.say("about-sites-aged", &fills)
        }
    })
}
