//! Slash commands: one command, one file. Here an interaction finds its command; who may do what is
//! for the stage's rules to say, how it is said for `i18n`.

mod about;
pub(super) mod answering;
pub(super) mod call;
pub(super) mod collection;
mod definition;
mod grab;
mod help;
pub(super) mod history;
pub(super) mod leaderboard;
mod list;
mod options;
pub(super) mod paging;
mod play;
pub(super) mod playlist;
pub(super) mod privacy;
mod profile;
pub(super) mod queue;
mod rate;
pub(super) mod recap;
mod reception;
mod room;
pub(super) mod scrobble;
mod seat;
mod seek;
pub(super) mod settings;
mod skip;
mod stage;
mod taste;

pub use reception::Reception;

use super::gateway::Doors;
use super::{SharedDesk, components};
use crate::domain::leaderboard::Tally;
use crate::domain::protocol::Place;
use crate::domain::track::Track;
use answering::Wait;
use call::{Call, Outcome, Trouble, Visit};
use options::Options;
use serde_json::{Value, json};
use serenity::all::{CommandInteraction, Interaction};
use std::sync::Arc;
use std::time::Duration;

/// Under which name storage remembers what was registered.
const FINGERPRINT: &str = "commands";
/// How long one waits for suggestions; whoever types does not wait for more.
const SUGGEST_WITHIN: Duration = Duration::from_secs(2);

/// Where the gateway brings interactions.
pub fn doors() -> Doors {
    Doors {
        ready: |desk| {
            let (tasks, desk) = (desk.tasks.clone(), Arc::clone(desk));
            // It comes again after a lost session; registering what is registered is no request.
            tasks.spawn(async move { register(&desk).await });
        },
        interaction,
    }
}

/// Answers each interaction in a task of its own: its 3 s begin now.
fn interaction(desk: &SharedDesk, interaction: Interaction) {
    let (tasks, desk) = (desk.tasks.clone(), Arc::clone(desk));
    if !desk.reception.is_new(interaction.id().get()) {
        tracing::debug!(interaction.id = %interaction.id(), "an interaction came again");
        return;
    }
    match interaction {
        Interaction::Command(it) => {
            tasks.spawn(async move { run(&desk, &it).await });
        }
        Interaction::Autocomplete(it) => {
            tasks.spawn(async move { autocomplete(&desk, &it).await });
        }
        Interaction::Component(it) => {
            tasks.spawn(async move { components::run(&desk, &it).await });
        }
        Interaction::Modal(it) => {
            tasks.spawn(async move { components::modal(&desk, &it).await });
        }
        _ => {}
    }
}

fn visit(it: &CommandInteraction) -> Option<Visit> {
    Visit::new(
        (it.id.get(), &it.token),
        it.channel_id,
        (&it.locale, it.app_permissions),
        (it.guild_id, it.member.as_deref()),
    )
}

async fn run(desk: &SharedDesk, interaction: &CommandInteraction) {
    let Some(visit) = visit(interaction) else {
        return;
    };
    let name = interaction.data.name.as_str();
    let options = Options::of(&interaction.data);
    if let Some(form) = scrobble::form(desk, &visit, name, options) {
        answering::open_form(desk, &visit, form).await;
        return;
    }
    let wait = match (name, options.sub) {
        ("play" | "playnext", _) | ("collection", Some("play")) => Wait::Public,
        ("playlist", Some("import")) if options.text("collection").is_none() => Wait::Public,
        _ => Wait::Quiet,
    };
    let work = async {
        let call = Call::begin(desk, visit.clone()).await?;
        call.sign_of_life().await;
        carry_out(&call, name, options).await
    };
    if answering::answer(desk, &visit, wait, work).await {
        welcome(desk, &visit).await;
    }
}

async fn carry_out(call: &Call, name: &str, options: Options<'_>) -> Outcome {
    match name {
        "play" => play::run(call, options, Place::Last).await,
        "playnext" => play::run(call, options, Place::Next).await,
        "queue" => queue::run(call, options).await,
        "seat" => seat::run(call, options).await,
        "stage" => stage::run(call, options).await,
        "seek" => seek::run(call, options).await,
        "skip" => skip::run(call, options).await,
        "rate" => rate::run(call, options).await,
        "grab" => grab::run(call, options).await,
        "collection" => collection::run(call, options).await,
        "history" => history::show(call, None).await,
        "playlist" => playlist::run(call, options).await,
        "leaderboard" => leaderboard::run(call, options).await,
        "privacy" => privacy::run(call, options).await,
        "profile" => profile::run(call, options).await,
        "taste" => taste::run(call, options).await,
        "recap" => recap::run(call, options).await,
        "scrobble" => scrobble::run(call, options).await,
        "settings" => settings::run(call, options).await,
        "help" => Ok(help::run(call)),
        "about" => about::run(call).await,
        // Registered by another version of the bot.
        _ => Err(call.wrong("command-unknown", &[])),
    }
}

async fn autocomplete(desk: &SharedDesk, interaction: &CommandInteraction) {
    let Some(visit) = visit(interaction) else {
        return;
    };
    let options = Options::of(&interaction.data);
    let work = async {
        let call = Call::begin(desk, visit.clone()).await?;
        suggestions(&call, &interaction.data.name, options).await
    };
    let choices = match tokio::time::timeout(SUGGEST_WITHIN, work).await {
        Ok(Ok(choices)) => choices,
        Ok(Err(trouble)) => {
            tracing::debug!(interaction.id = visit.id, ?trouble, "no suggestions");
            Vec::new()
        }
        Err(_) => Vec::new(),
    };
    answering::suggest(desk, &visit, choices).await;
}

/// What may be chosen for the option that is being typed: what is shown, and what is sent for it.
async fn suggestions(
    call: &Call,
    name: &str,
    options: Options<'_>,
) -> Result<Vec<(String, Value)>, Trouble> {
    let typed = options.typed().map_or("", |(_, typed)| typed);
    let texts = match name {
        "play" | "playnext" => play::suggestions(call, typed).await?,
        "queue" => queue::suggestions(call, typed),
        "grab" => collection::own_suggestions(call, typed).await?,
        "collection" => collection::suggestions(call, options).await?,
        "skip" | "stage" => skip::suggestions(call, typed),
        "settings" => settings::suggestions(call, options).await?,
        "playlist" if options.sub == Some("import") => {
            collection::own_suggestions(call, typed).await?
        }
        "playlist" | "scrobble" => return playlist::suggestions(call, typed).await,
        _ => Vec::new(),
    };
    Ok(texts
        .into_iter()
        .map(|(name, value)| (name, json!(value)))
        .collect())
}

/// Once for each person and session, after their first command.
async fn welcome(desk: &SharedDesk, visit: &Visit) {
    let Some(stage) = desk.stages.started(visit.guild) else {
        return;
    };
    let view = stage.view();
    let Some(open) = &view.open else {
        return;
    };
    if !desk
        .reception
        .welcomes(visit.guild, open.session, visit.member)
    {
        return;
    }
    let say = |key: &str, fills: &[(&str, crate::i18n::Fill<'_>)]| {
        desk.words.say(visit.locale, key, fills)
    };
    let signs = view.settings.emoji.iter().map(|sign| emoji(sign));
    let signs = signs.collect::<Vec<_>>().join(" ");
    let mut lines = vec![say(
        "welcome",
        &[("channel", crate::i18n::channel(open.channel).into())],
    )];
    for (key, text) in [
        ("welcome-theme", &open.theme),
        ("welcome-rules", &open.rules),
    ] {
        if let Some(text) = text {
            lines.push(say(key, &[("text", super::markup::plain(text).into())]));
        }
    }
    lines.push(say("welcome-rate", &[("emoji", signs.into())]));
    lines.push(say("welcome-seat", &[]));
    answering::whisper(desk, visit, &lines.join("\n")).await;
}

/// Registers the commands, unless just these are registered.
async fn register(desk: &SharedDesk) {
    let definitions = list::definitions(&desk.words);
    let fingerprint = format!(
        "{}:{}",
        desk.application_id,
        list::fingerprint(&definitions)
    );
    match desk.store.memo(FINGERPRINT).await {
        Ok(known) if known.as_deref() == Some(fingerprint.as_str()) => return,
        Ok(_) => {}
        Err(failure) => tracing::warn!(%failure, "it is not known whether commands are registered"),
    }
    if let Err(failure) = desk.rest.set_commands(definitions).await {
        tracing::error!(%failure, "the commands were not registered");
        return;
    }
    tracing::info!("the commands are registered");
    if let Err(failure) = desk.store.put_memo(FINGERPRINT, &fingerprint).await {
        tracing::warn!(%failure, "it was not kept that commands are registered");
    }
}

/// `4.3 ★ (7)`
fn score(call: &Call, tally: Tally) -> String {
    match tally.mean() {
        Some(mean) => {
            let fills = [
                ("mean", format!("{mean:.1}").into()),
                ("count", tally.count.into()),
            ];
            call.say("card-score", &fills)
        }
        None => call.say("result-unrated", &[]),
    }
}

/// A length of time in words: `2 h 5 min`, `30 s`.
fn hours(call: &Call, time: Duration) -> String {
    super::cards::hours(time, &|key, fills| call.say(key, fills))
}

/// An emoji of the settings as it stands in text.
fn emoji(sign: &str) -> String {
    super::cards::shown(sign)
}

/// `Song · Artist`, as suggestions show it.
fn track_name(track: &Track) -> String {
    let artist = track.artist.as_ref().map(|artist| format!(" · {artist}"));
    format!("{}{}", track.title, artist.unwrap_or_default())
}
