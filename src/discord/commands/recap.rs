//! `/recap`: a week, a month or a year of the server or of somebody, as a picture and in words. It is
//! for who asked, until they show it to everyone.

use super::super::cards;
use super::super::markup::plain_cut;
use super::super::recap::{Asked, Studio, message};
use super::call::{Answer, Call, Outcome};
use super::definition::Part;
use super::options::Options;
use crate::domain::ids::MemberId;
use crate::domain::recap::Stretch;
use crate::i18n::Locale;
use crate::storage::Whose;
use serde_json::{Value, json};

const NAME_LIMIT: usize = 40;

pub(super) fn definition() -> Part {
    let periods = [
        ("recap-choice-week", Stretch::Week.name()),
        ("recap-choice-month", Stretch::Month.name()),
        ("recap-choice-year", Stretch::Year.name()),
    ];
    let of = [("recap-choice-server", "server"), ("recap-choice-me", "me")];
    Part::command("recap")
        .with(Part::choice("period", &periods))
        .with(Part::choice("of", &of))
        .with(Part::member("member"))
}

pub(super) async fn run(call: &Call, options: Options<'_>) -> Outcome {
    let stretch = options.text("period").and_then(Stretch::named);
    let stretch = stretch.unwrap_or(Stretch::Week);
    let own = || (call.actor.member, call.actor.name.clone());
    let member = options
        .member("member")
        .or_else(|| (options.text("of") == Some("me")).then(own));
    let button = match &member {
        None => Some("server"),
        // Somebody else's week is theirs to show.
        Some((member, _)) => (*member == call.actor.member).then_some("own"),
    };
    let mut answer = show(call, stretch, member).await?;
    if let (Some(of), Some(fields)) = (button, answer.body.as_object_mut()) {
        let id = format!("recap:{of}:{}", stretch.name());
        let label = call.say("recap-share", &[]);
        let button = cards::button(&id, "\u{1f4e3}", &label);
        let row: Value = json!([{ "type": 1, "components": [button] }]);
        fields.insert("components".to_owned(), row);
    }
    Ok(answer)
}

/// The same for everyone in the channel.
pub(in crate::discord) async fn show_everyone(call: &Call, stretch: Stretch, own: bool) -> Outcome {
    let member = own.then(|| (call.actor.member, call.actor.name.clone()));
    Ok(show(call, stretch, member).await?.in_public())
}

async fn show(call: &Call, stretch: Stretch, member: Option<(MemberId, String)>) -> Outcome {
    let desk = &call.desk;
    let name = match &member {
        Some((_, name)) => name.clone(),
        None => desk.crowd.guild_name(call.guild()).unwrap_or_default(),
    };
    let locale: Locale = call.locale();
    let asked = Asked {
        guild: call.guild(),
        whose: member.map_or(Whose::Server, |(member, _)| Whose::Member(member)),
        name: name.clone(),
        frame: stretch.until((desk.clock)()),
        signs: call.view.settings.emoji.clone(),
        locale,
    };
    let studio = Studio {
        store: &desk.store,
        words: &desk.words,
        fonts: &desk.fonts,
    };
    let told = message(studio, &asked).await?;
    match told {
        Some((body, files)) => Ok(Answer::of(body).with_files(files)),
        None if asked.whose == Whose::Server => Err(call.wrong("recap-empty-server", &[])),
        None => {
            let name = plain_cut(&name, NAME_LIMIT);
            Err(call.wrong("recap-empty-member", &[("name", name.into())]))
        }
    }
}
