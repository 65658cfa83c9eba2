//! `/privacy`: what is kept about the one who asks, as a file; taking all of it away after saying what
//! that would be; and keeping their name off pages. What is kept where is for `storage` to know.

mod file;

use super::super::announcer::{self, News};
use super::call::{Answer, Call, Outcome, Trouble};
use super::definition::Part;
use super::options::Options;
use super::paging::sheet;
use crate::domain::ids::GuildId;
use crate::domain::protocol::{Actor, Command, Powers};
use crate::stage::StageHandle;
use crate::storage::{Fate, Trace};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Result lines from which a name is taken off. Discord takes an edit or so in a second.
const RESULTS_LIMIT: u32 = 50;

/// Where somebody wants to be forgotten.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::discord) enum Scope {
    Here,
    Everywhere,
    /// Not at all, after all.
    Nowhere,
}

impl Scope {
    const ALL: [Scope; 3] = [Scope::Here, Scope::Everywhere, Scope::Nowhere];

    fn name(self) -> &'static str {
        match self {
            Scope::Here => "here",
            Scope::Everywhere => "everywhere",
            Scope::Nowhere => "nowhere",
        }
    }

    pub(in crate::discord) fn named(name: &str) -> Option<Scope> {
        Scope::ALL.into_iter().find(|scope| scope.name() == name)
    }
}

pub(super) fn definition() -> Part {
    let names = Part::choice(
        "name",
        &[
            ("choice-privacy-hidden", "hidden"),
            ("choice-privacy-shown", "shown"),
        ],
    );
    Part::command("privacy")
        .with(Part::sub("show"))
        .with(Part::sub("delete"))
        .with(Part::sub("hide").with(names))
}

pub(super) async fn run(call: &Call, options: Options<'_>) -> Outcome {
    match options.sub.unwrap_or_default() {
        "delete" => propose(call).await,
        "hide" => hide(call, options.text("name") != Some("shown")).await,
        _ => show(call).await,
    }
}

async fn show(call: &Call) -> Outcome {
    let store = &call.desk.store;
    let sections = store.told_about(call.actor.member).await?;
    if sections.is_empty() {
        return Ok(Answer::quiet(&call.say("privacy-nothing", &[])));
    }
    let files = file::files(call, &sections);
    let rows: usize = sections.iter().map(|section| section.rows.len()).sum();
    let counts = [("rows", rows.into()), ("files", files.len().into())];
    let mut messages = file::messages(files);
    let first = messages.next().unwrap_or_default();
    let mut answer = Answer::quiet(&call.say("privacy-shown", &counts)).with_files(first);
    answer.more = messages.map(|files| (json!({}), files)).collect();
    Ok(answer)
}

async fn hide(call: &Call, hidden: bool) -> Outcome {
    let (store, guild, member) = (&call.desk.store, call.guild(), call.actor.member);
    let changed = if hidden {
        let now = (call.desk.clock)();
        store.hide_name(guild, member, now).await?
    } else {
        store.unhide_name(guild, member).await?
    };
    let key = match (hidden, changed) {
        (true, true) => "privacy-hidden",
        (true, false) => "privacy-hidden-already",
        (false, true) => "privacy-unhidden",
        (false, false) => "privacy-unhidden-already",
    };
    Ok(Answer::quiet(&call.say(key, &[])))
}

/// Whether there is anything to take away.
fn is_anything(traces: &[Trace]) -> bool {
    traces.iter().any(|trace| trace.fate != Fate::Kept)
}

/// What becomes of it, a line for each fate.
fn lines(call: &Call, traces: &[Trace]) -> Vec<String> {
    let fates = [
        (Fate::Deleted, "privacy-deleted"),
        (Fate::Nameless, "privacy-nameless"),
        (Fate::Kept, "privacy-kept"),
    ];
    let mut lines = Vec::new();
    for (fate, key) in fates {
        let those = traces.iter().filter(|trace| trace.fate == fate);
        let counted = those.map(|trace| {
            let key = format!("privacy-count-{}", trace.name);
            call.say(&key, &[("count", trace.count.into())])
        });
        let counted: Vec<String> = counted.collect();
        if !counted.is_empty() {
            lines.push(call.say(key, &[("what", counted.join(" · ").into())]));
        }
    }
    lines
}

/// Says what would be done, with a button for each place.
async fn propose(call: &Call) -> Outcome {
    let (store, member) = (&call.desk.store, call.actor.member);
    let everywhere = store.traces(member, None).await?;
    if !is_anything(&everywhere) {
        return Ok(nothing_left(call, &everywhere));
    }
    let here = store.traces(member, Some(call.guild())).await?;
    let servers = store.guilds_of(member).await?.len();
    let mut text = Vec::new();
    let mut buttons = Vec::new();
    if is_anything(&here) {
        text.push(call.say("privacy-here", &[]));
        text.extend(lines(call, &here));
        buttons.push(button(call, Scope::Here));
    }
    if everywhere != here {
        text.push(call.say("privacy-everywhere", &[("count", servers.into())]));
        text.extend(lines(call, &everywhere));
        buttons.push(button(call, Scope::Everywhere));
    }
    buttons.push(button(call, Scope::Nowhere));
    text.push(String::new());
    text.push(call.say("privacy-limits", &[("count", RESULTS_LIMIT.into())]));
    let title = call.say("privacy-delete-title", &[]);
    Ok(Answer::of(json!({
        "embeds": [sheet(&title, &text, None)],
        "components": [{ "type": 1, "components": buttons }],
    })))
}

fn button(call: &Call, scope: Scope) -> Value {
    const SECONDARY: u8 = 2;
    const DANGER: u8 = 4;
    let style = if scope == Scope::Nowhere {
        SECONDARY
    } else {
        DANGER
    };
    let key = format!("button-forget-{}", scope.name());
    json!({
        "type": 2,
        "style": style,
        "label": call.say(&key, &[]),
        "custom_id": format!("forget:{}", scope.name()),
    })
}

fn nothing_left(call: &Call, traces: &[Trace]) -> Answer {
    let mut text = vec![call.say("privacy-nothing-left", &[])];
    text.extend(lines(call, traces));
    Answer::quiet(&text.join("\n"))
}

/// In place of the proposal: what was done.
pub(in crate::discord) async fn forget(call: &Call, scope: Scope) -> Outcome {
    let guild = match scope {
        Scope::Here => Some(call.guild()),
        Scope::Everywhere => None,
        Scope::Nowhere => return Ok(done(&call.say("privacy-unchanged", &[]), &[])),
    };
    let (desk, member) = (&call.desk, call.actor.member);
    let store = &desk.store;
    let before = store.traces(member, guild).await?;
    if !is_anything(&before) {
        let text = lines(call, &before);
        return Ok(done(&call.say("privacy-nothing-left", &[]), &text));
    }
    let mut names: BTreeSet<String> = store.names_of(member).await?.into_iter().collect();
    names.insert(call.actor.name.clone());
    let names: Vec<String> = names.into_iter().collect();
    let mut guilds = match guild {
        Some(guild) => BTreeSet::from([guild]),
        None => store.guilds_of(member).await?,
    };
    guilds.insert(call.guild());
    for guild in &guilds {
        let_go(call, *guild, &names).await?;
    }
    let listens = |guild: &GuildId| desk.crowd.channel_of(*guild, member).is_some();
    let listens = guilds.iter().any(listens);
    let results = store
        .cards_of_looper(member, &guilds, RESULTS_LIMIT)
        .await?;
    store.forget_member(member, guild, &names).await?;
    tracing::info!(everywhere = guild.is_none(), "somebody was forgotten");
    let again = Arc::clone(desk);
    desk.tasks
        .spawn(async move { announcer::draw_anew(&again, results).await });
    let mut text = lines(call, &before);
    text.push(String::new());
    text.push(call.say("privacy-limits", &[("count", RESULTS_LIMIT.into())]));
    if listens {
        text.push(call.say("privacy-still-listening", &[]));
    }
    let key = match scope {
        Scope::Here => "privacy-done-here",
        _ => "privacy-done-everywhere",
    };
    Ok(done(&call.say(key, &[]), &text))
}

fn done(title: &str, text: &[String]) -> Answer {
    let mut answer = Answer::of(json!({
        "embeds": [sheet(title, text, None)],
        "components": [],
    }));
    answer.turns_page = true;
    answer
}

/// Has the stage of a guild let go, if it is in memory: else there is nothing to be written back.
async fn let_go(call: &Call, guild: GuildId, names: &[String]) -> Result<(), Trouble> {
    let member = call.actor.member;
    let own: Option<StageHandle> = (guild == call.guild()).then(|| call.stage.clone());
    let Some(stage) = own.or_else(|| call.desk.stages.started(guild)) else {
        return Ok(());
    };
    let actor = Actor {
        member,
        name: call.actor.name.clone(),
        voice: call.desk.crowd.channel_of(guild, member),
        powers: Powers::default(),
    };
    let forget = Command::Forget {
        names: names.to_vec(),
    };
    let outcome = stage.ask(actor, forget).await?;
    outcome.map_err(|refusal| call.refused(&refusal))?;
    let news = News::Forgotten(member);
    call.desk.announcer.note(guild, news).await;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::Scope;

    #[test]
    fn a_scope_is_known_by_its_name() {
        for scope in Scope::ALL {
            assert_eq!(Scope::named(scope.name()), Some(scope));
        }
        assert_eq!(Scope::named("mars"), None);
    }
}
