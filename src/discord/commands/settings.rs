//! `/settings`: what admins set, tracks that moderators ban, and the log of what both did.

mod deeds;
mod value;

use super::super::markup::plain_cut;
use super::call::{Answer, Call, Outcome, Trouble};
use super::definition::Part;
use super::options::Options;
use super::paging::{Page, sheet};
use crate::domain::ids::TurnId;
use crate::domain::protocol::{Command, Need, Refusal};
use crate::domain::setting::{Fault, Kind, Setting, Value};
use crate::domain::track::TrackKey;
use crate::i18n::{mention, relative};
use serde_json::json;

const VALUE_LIMIT: usize = 1_000;
const QUERY_LIMIT: usize = 200;
const LOG_LINES: usize = 10;
/// How far back the log is shown.
const LOG_LIMIT: u32 = 500;
/// Tracks offered while one is typed.
const SUGGESTIONS: u32 = 25;
/// What the value of a suggested track begins with.
const TURN: &str = "turn:";
const KEY: &str = "key:";

pub(super) fn definition() -> Part {
    let track = || Part::text("track", QUERY_LIMIT).required().suggested();
    Part::command("settings")
        .with(Part::sub("show"))
        .with(
            Part::sub("set")
                .with(Part::text("name", QUERY_LIMIT).required().suggested())
                .with(Part::text("value", VALUE_LIMIT).required().suggested()),
        )
        .with(Part::sub("ban-track").with(track()))
        .with(Part::sub("unban-track").with(track()))
        .with(Part::sub("log").with(Part::number("page", 1, u32::MAX)))
}

pub(super) async fn run(call: &Call, options: Options<'_>) -> Outcome {
    match options.sub.unwrap_or_default() {
        "set" => set(call, options).await,
        "ban-track" => ban(call, options.text("track").unwrap_or_default()).await,
        "unban-track" => unban(call, options.text("track").unwrap_or_default()).await,
        "log" => {
            let page = options.number("page").unwrap_or(1).saturating_sub(1);
            log(call, usize::try_from(page).unwrap_or(usize::MAX)).await
        }
        _ => Ok(show(call)),
    }
}

fn show(call: &Call) -> Answer {
    let settings = &call.view.settings;
    let line = |setting: Setting| {
        let about = call.say(&about_key(setting), &[]);
        let value = value::shown(call, &setting.get(settings));
        format!("`{}` **{value}** · {about}", setting.name())
    };
    let lines: Vec<String> = Setting::ALL.into_iter().map(line).collect();
    let foot = call.say("settings-foot", &[]);
    Answer::of(json!({
        "embeds": [sheet(&call.say("settings-title", &[]), &lines, Some(foot))],
    }))
}

fn about_key(setting: Setting) -> String {
    format!("setting-{}", setting.name())
}

async fn set(call: &Call, options: Options<'_>) -> Outcome {
    let name = options.text("name").unwrap_or_default();
    let Some(setting) = Setting::named(name) else {
        return Err(call.wrong("settings-unknown", &[("name", plain_cut(name, 40).into())]));
    };
    if !call.actor.powers.admin {
        return Err(call.refused(&Refusal::NotAllowed(Need::Admin)));
    }
    let text = options.text("value").unwrap_or_default();
    let mut settings = call.view.settings.as_ref().clone();
    let before = setting.get(&settings);
    let put = value::read(setting.kind(), text)
        .ok_or(Fault::OutOfBounds)
        .and_then(|value| setting.put(&mut settings, value));
    put.map_err(|fault| at_fault(call, setting, fault))?;
    let after = setting.get(&settings);
    let what = format!("{} = {}", setting.name(), value::written(&after));
    let settings = Box::new(settings);
    call.ask(Command::Configure { settings, what }).await?;
    let fills = [
        ("name", setting.name().into()),
        ("before", value::shown(call, &before).into()),
        ("after", value::shown(call, &after).into()),
    ];
    Ok(Answer::quiet(&call.say("settings-changed", &fills)))
}

fn at_fault(call: &Call, setting: Setting, fault: Fault) -> Trouble {
    let name = ("name", setting.name().into());
    let beside = |key, other: Setting| {
        let current = value::shown(call, &other.get(&call.view.settings));
        let fills = [
            name.clone(),
            ("other", other.name().into()),
            ("value", current.into()),
        ];
        call.wrong(key, &fills)
    };
    match fault {
        Fault::NotBelow(other) => beside("settings-not-below", other),
        Fault::NotAbove(other) => beside("settings-not-above", other),
        Fault::OutOfBounds => {
            let wanted = wanted(call, setting.kind());
            call.wrong("settings-wrong", &[name, ("wanted", wanted.into())])
        }
    }
}

/// What kind of value a setting takes, in words.
fn wanted(call: &Call, kind: Kind) -> String {
    let between = |key, least: String, most: String| {
        call.say(key, &[("least", least.into()), ("most", most.into())])
    };
    match kind {
        Kind::Count { least, most } => between("wanted-count", least.to_string(), most.to_string()),
        Kind::Span { least, most } => {
            let shown = |span| value::shown(call, &Value::Span(span));
            between("wanted-span", shown(least), shown(most))
        }
        Kind::Flag => call.say("wanted-flag", &[]),
        Kind::Emoji => call.say("wanted-emoji", &[]),
        Kind::Language => call.say("wanted-language", &[]),
        Kind::Channel => call.say("wanted-channel", &[]),
        Kind::Role => call.say("wanted-role", &[]),
        Kind::Words => call.say("wanted-words", &[]),
    }
}

async fn ban(call: &Call, text: &str) -> Outcome {
    let store = &call.desk.store;
    let turn = text.strip_prefix(TURN).and_then(|turn| turn.parse().ok());
    let found = if let Some(turn) = turn {
        let play = store.play(call.guild(), TurnId(turn)).await?;
        play.map(|it| it.play.track)
    } else {
        let found = store.search_played(call.guild(), text, 1).await?;
        found.into_iter().next().map(|(_, track)| track)
    };
    let Some(track) = found else {
        return Err(call.wrong("settings-no-track", &[]));
    };
    let (key, title) = (track.key, track.title);
    call.carry_out(Command::BanTrack {
        key,
        title,
        banned: true,
    })
    .await
}

async fn unban(call: &Call, text: &str) -> Outcome {
    let bans = call.desk.store.track_bans(call.guild()).await?;
    let wanted = text.strip_prefix(KEY);
    let lower = text.to_lowercase();
    let found = bans.into_iter().find(|(key, title)| match wanted {
        Some(wanted) => short(key) == wanted,
        None => title.to_lowercase().contains(&lower),
    });
    let Some((key, title)) = found else {
        return Err(call.wrong("settings-no-ban", &[]));
    };
    call.carry_out(Command::BanTrack {
        key,
        title,
        banned: false,
    })
    .await
}

/// So much of a key that it fits into a suggestion and still says which one.
fn short(key: &TrackKey) -> String {
    key.0.chars().take(80).collect()
}

pub(in crate::discord) async fn log(call: &Call, page: usize) -> Outcome {
    if !call.actor.powers.moderator && !call.actor.powers.admin {
        return Err(call.refused(&Refusal::NotAllowed(Need::Moderator)));
    }
    let deeds = call.desk.store.deeds(call.guild(), LOG_LIMIT).await?;
    if deeds.is_empty() {
        return Ok(Answer::quiet(&call.say("log-empty", &[])));
    }
    let page = Page::of(page, deeds.len(), LOG_LINES);
    let lines: Vec<String> = deeds
        .iter()
        .skip(page.offset())
        .take(LOG_LINES)
        .map(|line| {
            let deed = deeds::worded(call, &line.deed);
            format!("{} {}: {deed}", relative(line.at), mention(line.by))
        })
        .collect();
    Ok(Answer::of(json!({
        "embeds": [sheet(&call.say("log-title", &[]), &lines, page.foot(call))],
        "components": page.buttons("log"),
    })))
}

/// What may be chosen for an option of `/settings`.
pub(super) async fn suggestions(
    call: &Call,
    options: Options<'_>,
) -> Result<Vec<(String, String)>, Trouble> {
    let Some((option, typed)) = options.typed() else {
        return Ok(Vec::new());
    };
    let lower = typed.to_lowercase();
    Ok(match (options.sub.unwrap_or_default(), option) {
        ("set", "name") => names(call, &lower),
        ("set", _) => value::suggestions(call, options.text("name").and_then(Setting::named)),
        ("ban-track", _) => {
            let played = call
                .desk
                .store
                .search_played(call.guild(), typed, SUGGESTIONS)
                .await?;
            let named = |(turn, track)| (super::track_name(&track), format!("{TURN}{turn}"));
            played.into_iter().map(named).collect()
        }
        _ => {
            let bans = call.desk.store.track_bans(call.guild()).await?;
            let fitting = bans
                .into_iter()
                .filter(|(_, title)| title.to_lowercase().contains(&lower));
            fitting
                .map(|(key, title)| (title, format!("{KEY}{}", short(&key))))
                .collect()
        }
    })
}

fn names(call: &Call, typed: &str) -> Vec<(String, String)> {
    Setting::ALL
        .into_iter()
        .map(|setting| {
            let about = call.say(&about_key(setting), &[]);
            (
                format!("{} · {about}", setting.name()),
                setting.name().to_owned(),
            )
        })
        .filter(|(shown, _)| shown.to_lowercase().contains(typed))
        .collect()
}
