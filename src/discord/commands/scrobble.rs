//! `/scrobble`: a member's accounts at `ListenBrainz` and Last.fm, how it stands with what was sent
//! there, and where nothing is to be sent. Tokens pass through here on their way to be encrypted.

mod linking;
mod playlist;

pub(in crate::discord) use linking::{approved, linked};

use super::super::SharedDesk;
use super::super::markup::plain;
use super::call::{Answer, Call, Outcome, Trouble, Visit};
use super::definition::Part;
use super::options::Options;
use crate::domain::scrobbling::Service;
use crate::i18n::relative;
use crate::scrobble::ScrobbleFailure;
use crate::storage::{BrokenWhy, LinkRow};
use serde_json::Value;

const SERVICES: [(&str, &str); 2] = [
    ("scrobble-service-listenbrainz", "listenbrainz"),
    ("scrobble-service-lastfm", "lastfm"),
];
const STATES: [(&str, &str); 2] = [("scrobble-state-on", "on"), ("scrobble-state-off", "off")];

pub(super) fn definition() -> Part {
    let service = || Part::choice("service", &SERVICES).required();
    Part::command("scrobble")
        .with(Part::sub("link").with(service()))
        .with(Part::sub("status"))
        .with(Part::sub("unlink").with(service()))
        .with(Part::sub("here").with(Part::choice("state", &STATES).required()))
        .with(playlist::definition())
}

/// The form that has to be the first answer to `/scrobble link`, where there is one: nothing can be
/// asked before it is opened.
pub(super) fn form(
    desk: &SharedDesk,
    visit: &Visit,
    name: &str,
    options: Options<'_>,
) -> Option<Value> {
    let is_link = name == "scrobble" && options.sub == Some("link");
    let wanted = is_link && chosen(options) == Some(Service::ListenBrainz);
    let opens = wanted && desk.scrobbling.can_keep();
    opens.then(|| linking::token_form(desk, visit.locale))
}

pub(super) async fn run(call: &Call, options: Options<'_>) -> Outcome {
    match options.sub.unwrap_or_default() {
        "link" => linking::link(call, chosen(options)).await,
        "unlink" => unlink(call, chosen(options)).await,
        "here" => here(call, options.text("state") == Some("off")).await,
        "playlist" => playlist::run(call, options).await,
        _ => status(call).await,
    }
}

fn chosen(options: Options<'_>) -> Option<Service> {
    Service::named(options.text("service")?)
}

async fn unlink(call: &Call, service: Option<Service>) -> Outcome {
    let service = service.unwrap_or(Service::ListenBrainz);
    let store = &call.desk.store;
    let there_was = store.unlink_scrobbles(call.visit.member, service).await?;
    let key = if there_was {
        "scrobble-unlinked"
    } else {
        "scrobble-not-linked"
    };
    Ok(Answer::quiet(&say(call, key, service)))
}

async fn here(call: &Call, off: bool) -> Outcome {
    let store = &call.desk.store;
    let place = (call.visit.member, call.guild());
    store
        .set_unscrobbled(place, off, (call.desk.clock)())
        .await?;
    let key = if off {
        "scrobble-here-off"
    } else {
        "scrobble-here-on"
    };
    Ok(Answer::quiet(&call.say(key, &[])))
}

/// How it stands with each service, and here.
async fn status(call: &Call) -> Outcome {
    let (store, member) = (&call.desk.store, call.visit.member);
    let mut lines = Vec::new();
    let usable: Vec<Service> = call.desk.scrobbling.services().collect();
    for service in Service::ALL {
        match store.scrobble_link(member, service).await? {
            Some(link) => lines.extend(standing(call, &link).await?),
            None if usable.contains(&service) => {
                lines.push(say(call, "scrobble-status-none", service));
            }
            None => {}
        }
    }
    if !call.desk.scrobbling.can_keep() {
        lines.push(call.say("scrobble-no-key", &[]));
    }
    if store.is_unscrobbled(member, call.guild()).await? {
        lines.push(call.say("scrobble-status-off", &[]));
    }
    Ok(Answer::quiet(&lines.join("\n")))
}

async fn standing(call: &Call, link: &LinkRow) -> Result<Vec<String>, Trouble> {
    let (store, service) = (&call.desk.store, link.service);
    let counts = store.scrobble_counts(link.member, service).await?;
    let title = ("service", service.title().into());
    let account = ("account", plain(&link.account).into());
    let since = ("since", relative(link.linked_at).into());
    let fills = [
        ("sent", counts.sent.into()),
        ("waiting", counts.waiting.into()),
        ("refused", counts.refused.into()),
    ];
    let mut lines = vec![
        call.say("scrobble-status-linked", &[title.clone(), account, since]),
        call.say("scrobble-status-counts", &fills),
    ];
    match (&link.broken, &link.trouble) {
        (Some((_, BrokenWhy::Revoked)), _) => {
            lines.push(call.say("scrobble-status-revoked", std::slice::from_ref(&title)));
        }
        (Some((_, BrokenWhy::Key)), _) => {
            lines.push(call.say("scrobble-status-key", std::slice::from_ref(&title)));
        }
        (None, Some(code)) => {
            let code = ("code", code.as_str().into());
            lines.push(call.say("scrobble-status-trouble", &[title.clone(), code]));
        }
        (None, None) => {}
    }
    if let Some(why) = &counts.last_refusal {
        let why = refusal(call, service, why);
        lines.push(call.say("scrobble-status-refused", &[("why", why.into())]));
    }
    Ok(lines)
}

/// Why one was not taken: our own reasons have words, the others are the service's.
fn refusal(call: &Call, service: Service, why: &str) -> String {
    match why {
        "artist" => call.say("scrobble-refused-artist", &[]),
        "old" => call.say("scrobble-refused-old", &[]),
        "gone" => call.say("scrobble-refused-gone", &[]),
        words => {
            let title = ("service", service.title().into());
            let words = ("words", plain(words).into());
            call.say("scrobble-refused-said", &[title, words])
        }
    }
}

/// A sentence about a service.
fn say(call: &Call, key: &str, service: Service) -> String {
    call.say(key, &[("service", service.title().into())])
}

/// What a failed question means for who waits for its answer.
fn trouble(call: &Call, service: Service, failure: &ScrobbleFailure) -> Trouble {
    tracing::info!(interaction.id = call.visit.id, %failure, ?service, "a service did not do it");
    match failure {
        ScrobbleFailure::Silent(_) | ScrobbleFailure::Busy { .. } => {
            Trouble::Said(say(call, "scrobble-away", service))
        }
        ScrobbleFailure::Unauthorized => Trouble::Said(say(call, "scrobble-revoked", service)),
        ScrobbleFailure::Owner(_) => Trouble::Said(say(call, "scrobble-owner", service)),
        ScrobbleFailure::Refused(words) => {
            let title = ("service", service.title().into());
            let words = ("words", plain(words).into());
            call.wrong("scrobble-said", &[title, words])
        }
    }
}
