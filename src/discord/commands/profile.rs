//! `/profile`: what a member has played here, how it was received, and how much they listened.

use super::super::markup::{plain, plain_cut};
use super::call::{Answer, Call, Outcome};
use super::definition::Part;
use super::options::Options;
use super::paging::sheet;
use serde_json::json;

const TITLE_LIMIT: usize = 80;

pub(super) fn definition() -> Part {
    Part::command("profile").with(Part::member("member"))
}

pub(super) async fn run(call: &Call, options: Options<'_>) -> Outcome {
    let own = || (call.actor.member, call.actor.name.clone());
    let (member, name) = options.member("member").unwrap_or_else(own);
    let profile = call.desk.store.profile(call.guild(), member).await?;
    let title = call.say("profile-title", &[("name", plain(&name).into())]);
    let line = |key: &str, count: u32| call.say(key, &[("count", count.into())]);
    let received = super::score(call, profile.tally);
    let heard = super::hours(call, profile.heard);
    let mut lines = vec![
        line("profile-plays", profile.plays),
        call.say("profile-received", &[("score", received.into())]),
        call.say("profile-heard", &[("time", heard.into())]),
        line("profile-given", profile.ratings_given),
        line("profile-kept", profile.grabs),
    ];
    if !profile.best.is_empty() {
        lines.push(String::new());
        lines.push(call.say("profile-best", &[]));
    }
    lines.extend(profile.best.iter().map(|track| {
        let title = plain_cut(&track.title, TITLE_LIMIT);
        format!("**{title}** · {}", super::score(call, track.tally))
    }));
    Ok(Answer::of(
        json!({ "embeds": [sheet(&title, &lines, None)] }),
    ))
}
