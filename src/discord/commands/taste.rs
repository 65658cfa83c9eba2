//! `/taste`: how alike one's own ratings and somebody else's are, and the songs that tell it. What
//! likeness is, is reckoned in `domain::taste`.

use super::super::markup::{cut, plain_cut};
use super::call::{Answer, Call, Outcome};
use super::definition::Part;
use super::options::Options;
use super::paging::sheet;
use crate::domain::protocol::Stars;
use crate::domain::taste::{self, Closeness, SHARED_NEEDED, SharedPlay};
use crate::storage::LovedSong;
use serde_json::{Value, json};

const TITLE_LIMIT: usize = 60;
const NAME_LIMIT: usize = 32;
const FIELD_LIMIT: usize = 1_024;
/// Songs of each kind that are named.
const SONGS: u8 = 3;
/// Marks of the bar.
const MARKS: u32 = 10;

pub(super) fn definition() -> Part {
    Part::command("taste").with(Part::member("member").required())
}

pub(super) async fn run(call: &Call, options: Options<'_>) -> Outcome {
    let Some((other, name)) = options.member("member") else {
        return Err(call.wrong("taste-self", &[]));
    };
    if other == call.actor.member {
        return Err(call.wrong("taste-self", &[]));
    }
    let name = plain_cut(&name, NAME_LIMIT);
    if options.user("member").is_some_and(|user| user.bot) {
        return Err(call.wrong("taste-bot", &[("name", name.into())]));
    }
    let (store, guild, own) = (&call.desk.store, call.guild(), call.actor.member);
    let plays = store.shared_ratings(guild, own, other).await?;
    let (likeness, songs) = taste::compare(&plays, SONGS.into());
    let Some(likeness) = likeness else {
        let fills = [
            ("name", name.into()),
            ("shared", plays.len().into()),
            ("needed", SHARED_NEEDED.into()),
        ];
        return Ok(Answer::quiet(&call.say("taste-too-little", &fills)));
    };
    let percent = likeness.percent();
    let lines = [
        format!(
            "{}  {}",
            bar(percent),
            call.say("taste-percent", &[("percent", percent.into())])
        ),
        call.say(closeness_key(likeness.closeness()), &[]),
    ];
    let limit = SONGS.into();
    let yours = store.loved_unheard(guild, (own, other), limit).await?;
    let theirs = store.loved_unheard(guild, (other, own), limit).await?;
    let shared = |plays: &[SharedPlay]| {
        let lines = plays.iter().map(|it| shared(call, &name, it));
        lines.collect::<Vec<_>>()
    };
    let loved = |songs: &[LovedSong]| {
        let lines = songs.iter().map(|it| song(&it.title, it.artist.as_deref()));
        lines.collect::<Vec<_>>()
    };
    let fields = [
        ("taste-loved", shared(&songs.loved)),
        ("taste-fought", shared(&songs.fought)),
        ("taste-yours", loved(&yours)),
        ("taste-theirs", loved(&theirs)),
    ];
    let fields: Vec<Value> = fields
        .iter()
        .filter(|(_, lines)| !lines.is_empty())
        .map(|(key, lines)| {
            let title = call.say(key, &[("name", name.as_str().into())]);
            json!({ "name": title, "value": cut(&lines.join("\n"), FIELD_LIMIT) })
        })
        .collect();
    let title = call.say("taste-title", &[("name", name.as_str().into())]);
    let foot = call.say("taste-basis", &[("shared", likeness.shared.into())]);
    let mut body = sheet(&title, &lines, Some(foot));
    if let Some(embed) = body.as_object_mut() {
        embed.insert("fields".to_owned(), json!(fields));
        if let Some(user) = options.user("member") {
            embed.insert("thumbnail".to_owned(), json!({ "url": user.face() }));
        }
    }
    Ok(Answer::of(json!({ "embeds": [body] })))
}

fn closeness_key(closeness: Closeness) -> &'static str {
    match closeness {
        Closeness::Kindred => "taste-kindred",
        Closeness::Close => "taste-close",
        Closeness::Near => "taste-near",
        Closeness::Strange => "taste-strange",
        Closeness::Opposite => "taste-opposite",
    }
}

fn bar(percent: u32) -> String {
    let full = (percent * MARKS + 50) / 100;
    (0..MARKS)
        .map(|mark| if mark < full { '▰' } else { '▱' })
        .collect()
}

fn song(title: &str, artist: Option<&str>) -> String {
    let artist = artist.map(|artist| format!(" ({})", plain_cut(artist, NAME_LIMIT)));
    format!(
        "**{}**{}",
        plain_cut(title, TITLE_LIMIT),
        artist.unwrap_or_default()
    )
}

/// A song with what both gave.
fn shared(call: &Call, name: &str, play: &SharedPlay) -> String {
    let sign = |stars: Stars| {
        let place = usize::from(stars.get()).saturating_sub(1);
        let sign = call.view.settings.emoji.get(place);
        sign.map_or_else(|| stars.get().to_string(), |sign| super::emoji(sign))
    };
    let fills = [
        ("name", name.into()),
        ("yours", sign(play.one).into()),
        ("theirs", sign(play.other).into()),
    ];
    let given = call.say("taste-stars", &fills);
    format!("{} · {given}", song(&play.title, play.artist.as_deref()))
}
