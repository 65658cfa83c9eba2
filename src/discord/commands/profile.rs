//! `/profile`: who somebody is here, as looper and as listener.

use super::super::markup::{cut, date, plain, plain_cut, time_of_day};
use super::call::{Answer, Call, Outcome};
use super::definition::Part;
use super::options::Options;
use super::paging::sheet;
use crate::domain::calendar::{busiest_hours, midnight};
use crate::domain::ids::MemberId;
use crate::domain::leaderboard::{Board, Figures, LOOPER_PLAYS, LOOPER_RATERS, Period};
use crate::domain::taste::Temper;
use crate::i18n::Fill;
use crate::storage::{Favourite, Own, Profile};
use serde_json::{Value, json};
use std::time::Duration;

const TITLE_LIMIT: usize = 80;
const NAME_LIMIT: usize = 40;
/// Longest value of a field of an embed, in characters.
const FIELD_LIMIT: usize = 1_024;
/// Plays from which on it is said when somebody is usually here, and how long that is.
const HOURS_NEEDED: u64 = 10;
const USUAL_HOURS: Duration = Duration::from_hours(3);

pub(super) fn definition() -> Part {
    Part::command("profile").with(Part::member("member"))
}

pub(super) async fn run(call: &Call, options: Options<'_>) -> Outcome {
    let asked = options.member("member");
    let own = || (call.actor.member, call.actor.name.clone());
    let (member, name) = asked.unwrap_or_else(own);
    let avatar = match options.user("member") {
        Some(user) => user.face(),
        None => call.visit.avatar.clone(),
    };
    let store = &call.desk.store;
    let profile = store.profile(call.guild(), member).await?;
    let is_nobody = profile.since.is_none()
        && profile.heard.is_zero()
        && (profile.ratings_given(), profile.grabs) == (0, 0);
    if is_nobody {
        return Ok(Answer::quiet(&nothing(call, member, &name)));
    }
    let places = store.own_places(call.guild(), member).await?;
    let fills = [("name", plain(&name).into())];
    let title = call.say("profile-title", &fills);
    let mut body = sheet(&title, &times(call, &profile), None);
    let best: Vec<String> = profile.best.iter().map(|it| best(call, it)).collect();
    let fields = [
        ("profile-looper", looper(call, &profile, &places)),
        ("profile-best", best),
        ("profile-listener", listener(call, &profile)),
    ];
    let fields: Vec<Value> = fields
        .iter()
        .filter(|(_, lines)| !lines.is_empty())
        .map(|(key, lines)| {
            let text = cut(&lines.join("\n"), FIELD_LIMIT);
            json!({ "name": call.say(key, &[]), "value": text })
        })
        .collect();
    if let Some(embed) = body.as_object_mut() {
        embed.insert("fields".to_owned(), json!(fields));
        embed.insert("thumbnail".to_owned(), json!({ "url": avatar }));
        let foot = json!({ "text": call.say("profile-foot", &[]) });
        embed.insert("footer".to_owned(), foot);
    }
    Ok(Answer::of(json!({ "embeds": [body] })))
}

fn nothing(call: &Call, member: MemberId, name: &str) -> String {
    if member == call.actor.member {
        return call.say("profile-empty-own", &[]);
    }
    call.say("profile-empty", &[("name", plain(name).into())])
}

/// Since when, and when they are usually here.
fn times(call: &Call, profile: &Profile) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(since) = profile.since {
        lines.push(call.say("profile-since", &[("date", date(since).into())]));
    }
    let plays: u64 = profile.hours.iter().sum();
    let busiest = busiest_hours(&profile.hours).filter(|_| plays >= HOURS_NEEDED);
    if let Some(hour) = busiest {
        let from = midnight((call.desk.clock)()) + Duration::from_hours(hour.into());
        let fills = [
            ("from", time_of_day(from).into()),
            ("to", time_of_day(from + USUAL_HOURS).into()),
        ];
        lines.push(call.say("profile-hours", &fills));
    }
    lines
}

fn best(call: &Call, track: &crate::storage::TrackRow) -> String {
    let title = plain_cut(&track.title, TITLE_LIMIT);
    format!("**{title}** · {}", super::score(call, track.tally))
}

fn looper(call: &Call, profile: &Profile, places: &Own) -> Vec<String> {
    let count = |key: &str, count: u32| call.say(key, &[("count", count.into())]);
    let mut lines = vec![count("profile-plays", profile.plays)];
    if profile.plays == 0 {
        return lines;
    }
    if profile.ears > 0 {
        let fills = [
            ("people", profile.audience.into()),
            ("ears", profile.ears.into()),
        ];
        lines.push(call.say("profile-ears", &fills));
    }
    let received = super::score(call, profile.tally);
    lines.push(call.say("profile-received", &[("score", received.into())]));
    lines.extend(standing(call, places));
    if !profile.artists.is_empty() {
        let artist = |it: &Favourite| {
            let name = plain_cut(&it.name, NAME_LIMIT);
            let fills = [("name", name.into()), ("plays", it.plays.into())];
            call.say("profile-artist", &fills)
        };
        let names: Vec<String> = profile.artists.iter().map(artist).collect();
        lines.push(call.say("profile-artists", &[("names", names.join(", ").into())]));
    }
    lines
}

/// Their index and place over the last 90 days, or what a rookie lacks.
fn standing(call: &Call, places: &Own) -> Option<String> {
    if let Some(own) = places.place(Board::Loopers, Period::Quarter) {
        let Figures::Looper { index, .. } = own.figures else {
            return None;
        };
        let fills: [(&str, Fill<'_>); 2] = [
            ("index", format!("{:.0}", index.max(0.0)).into()),
            ("place", own.place?.into()),
        ];
        return Some(call.say("profile-index", &fills));
    }
    let rookie = places.place(Board::Rookies, Period::Quarter)?;
    let Figures::Looper { raters, plays, .. } = rookie.figures else {
        return None;
    };
    let fills = [
        ("raters", raters.into()),
        ("raters-needed", LOOPER_RATERS.into()),
        ("plays", plays.into()),
        ("plays-needed", LOOPER_PLAYS.into()),
    ];
    Some(call.say("profile-rookie", &fills))
}

fn temper_key(temper: Temper) -> &'static str {
    match temper {
        Temper::Stern => "profile-temper-stern",
        Temper::Choosy => "profile-temper-choosy",
        Temper::Balanced => "profile-temper-balanced",
        Temper::Generous => "profile-temper-generous",
        Temper::Enthused => "profile-temper-enthused",
    }
}

fn listener(call: &Call, profile: &Profile) -> Vec<String> {
    let count = |key: &str, count: u32| call.say(key, &[("count", count.into())]);
    let heard = super::hours(call, profile.heard);
    let mut lines = vec![
        call.say("profile-heard", &[("time", heard.into())]),
        count("profile-given", profile.ratings_given()),
    ];
    if profile.ratings_given() > 0 {
        let signs = call.view.settings.emoji.iter().zip(profile.given);
        let signs = signs.map(|(sign, count)| format!("{} {count}", super::emoji(sign)));
        lines.push(signs.collect::<Vec<_>>().join("  "));
    }
    if let Some(temper) = Temper::of(&profile.given) {
        lines.push(call.say(temper_key(temper), &[]));
    }
    for (key, loved) in [
        ("profile-loves-loopers", &profile.loved_loopers),
        ("profile-loves-artists", &profile.loved_artists),
    ] {
        if !loved.is_empty() {
            let names = loved.iter().map(|it| plain_cut(&it.name, NAME_LIMIT));
            let names = names.collect::<Vec<_>>().join(", ");
            lines.push(call.say(key, &[("names", names.into())]));
        }
    }
    lines.push(count("profile-kept", profile.grabs));
    lines
}
