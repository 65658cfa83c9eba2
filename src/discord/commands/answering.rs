//! How an answer reaches Discord in time, whatever the work: at once if it is quick, else through
//! a deferred answer that is filled in later. It knows nothing of what is answered.

use super::super::SharedDesk;
use super::super::markup;
use super::super::rest::{RestFailure, Upload};
use super::call::{Answer, CONTENT_LIMIT, Outcome, Trouble, Visit, worded};
use crate::audio::Progress;
use serde_json::{Value, json};
use std::time::Duration;
use tokio::time::{Instant, MissedTickBehavior};

/// Work that takes longer is deferred. Discord waits 3 s, the way there and back included.
const DEFER_AFTER: Duration = Duration::from_millis(1_200);
/// How often it is said how far the work has come.
const PROGRESS_EVERY: Duration = Duration::from_secs(2);
/// When first: most work is over by then.
const FIRST_PROGRESS: Duration = Duration::from_secs(1);
/// Longest work; the token of an interaction lasts 15 min.
const WORK_LIMIT: Duration = Duration::from_mins(10);

/// Discord's numbers for answers.
const MESSAGE: u8 = 4;
const DEFERRED_MESSAGE: u8 = 5;
const DEFERRED_UPDATE: u8 = 6;
const UPDATE: u8 = 7;
const CHOICES: u8 = 8;
const MODAL: u8 = 9;
/// The flag of a message that only one person sees.
const EPHEMERAL: u64 = 1 << 6;

/// How an interaction is answered if its work takes long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::discord) enum Wait {
    /// "Thinking", seen by everyone.
    Public,
    /// "Thinking", seen by who asked.
    Quiet,
    /// Nothing visible: the message with the button stays as it is until then.
    OnPage,
}

/// Does the work and answers with what came of it. Gives back whether an answer was given.
pub(in crate::discord) async fn answer(
    desk: &SharedDesk,
    visit: &Visit,
    wait: Wait,
    work: impl Future<Output = Outcome>,
) -> bool {
    let mut work = Box::pin(tokio::time::timeout(WORK_LIMIT, work));
    let quick = tokio::time::timeout(DEFER_AFTER, &mut work).await;
    let done = if let Ok(outcome) = quick {
        at_once(desk, visit, in_time(outcome)).await
    } else {
        // The work goes on while Discord is told to wait.
        let (deferred, outcome) = meanwhile(&mut work, defer(desk, visit, wait)).await;
        match (deferred, outcome) {
            (Ok(()), Some(outcome)) => later(desk, visit, wait, in_time(outcome)).await,
            (Ok(()), None) => {
                let outcome = told_of(desk, visit, wait, work).await;
                later(desk, visit, wait, in_time(outcome)).await
            }
            (Err(failure), _) => Err(Lost(failure, Place::First)),
        }
    };
    let Err(Lost(failure, place)) = done else {
        return true;
    };
    let reference = visit.reference();
    tracing::warn!(interaction.id = visit.id, guild.id = %visit.guild, reference, %failure,
        "an answer did not reach Discord");
    // What Discord finds wrong it will find wrong again; something else may still be said.
    let refused = matches!(
        failure,
        RestFailure::Invalid { .. } | RestFailure::Forbidden { .. }
    );
    if refused {
        let fills = [("reference", reference.into())];
        let words = desk.words.say(visit.locale, "failure", &fills);
        instead(desk, visit, (wait, place), &words).await;
    }
    false
}

/// An answer that Discord did not take, and where it should have stood.
struct Lost(RestFailure, Place);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// Nothing has been answered yet.
    First,
    /// Where it says that the bot thinks.
    Waiting,
    /// After something that did arrive.
    Further,
}

impl Place {
    fn lost(self) -> impl FnOnce(RestFailure) -> Lost {
        move |failure| Lost(failure, self)
    }
}

/// Says this to who asked, in place of an answer that was refused: nobody is left to wait.
async fn instead(desk: &SharedDesk, visit: &Visit, (wait, place): (Wait, Place), words: &str) {
    let body = || json!({ "content": words, "allowed_mentions": { "parse": [] } });
    let said = match (place, wait) {
        (Place::First, _) => {
            respond(desk, visit, (MESSAGE, flagged(body(), true)), Vec::new()).await
        }
        (Place::Waiting, Wait::Quiet) => {
            let edit = desk.rest.edit_original(&visit.token, body(), Vec::new());
            edit.await.map(drop)
        }
        (Place::Waiting, Wait::Public) => {
            let removed = desk.rest.delete_original(&visit.token).await;
            whisper(desk, visit, words).await;
            removed
        }
        (Place::Waiting, Wait::OnPage) | (Place::Further, _) => {
            whisper(desk, visit, words).await;
            Ok(())
        }
    };
    if let Err(failure) = said {
        tracing::warn!(interaction.id = visit.id, %failure, "nor did the word about it");
    }
}

/// Does the other to its end while the work goes on; what came of the work, if it is over by then.
async fn meanwhile<W: Future + Unpin, T>(
    work: &mut W,
    other: impl Future<Output = T>,
) -> (T, Option<W::Output>) {
    let mut other = std::pin::pin!(other);
    tokio::select! {
        done = &mut other => (done, None),
        outcome = &mut *work => (other.await, Some(outcome)),
    }
}

/// Waits for the work and shows how far it has come where the answer will stand.
async fn told_of<W: Future + Unpin>(
    desk: &SharedDesk,
    visit: &Visit,
    wait: Wait,
    mut work: W,
) -> W::Output {
    if wait == Wait::OnPage {
        return work.await;
    }
    let first = Instant::now() + FIRST_PROGRESS;
    let mut every = tokio::time::interval_at(first, PROGRESS_EVERY);
    every.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut said = Progress::default();
    loop {
        tokio::select! {
            outcome = &mut work => return outcome,
            _ = every.tick() => {}
        }
        let now = visit.reporter.last();
        let Some(words) = (now != said).then(|| progress(desk, visit, now)).flatten() else {
            continue;
        };
        said = now;
        let body = json!({ "content": words, "allowed_mentions": { "parse": [] } });
        let edit = desk.rest.edit_original(&visit.token, body, Vec::new());
        // The edit is waited for, so that it cannot come after the answer.
        let (edited, outcome) = meanwhile(&mut work, edit).await;
        if let Err(failure) = edited {
            tracing::debug!(interaction.id = visit.id, %failure, "progress was not shown");
        }
        if let Some(outcome) = outcome {
            return outcome;
        }
    }
}

fn progress(desk: &SharedDesk, visit: &Visit, progress: Progress) -> Option<String> {
    const MEGABYTE: u64 = 1_000_000;
    let say = |key: &str, fills: &[(&str, crate::i18n::Fill<'_>)]| {
        Some(desk.words.say(visit.locale, key, fills))
    };
    match progress {
        Progress::Beginning => None,
        Progress::Asking => say("progress-asking", &[]),
        Progress::Looking => say("progress-looking", &[]),
        Progress::Fetching { done, total } => {
            let done = ("done", (done / MEGABYTE).into());
            match total {
                Some(total) => {
                    let total = ("total", total.div_ceil(MEGABYTE).into());
                    say("progress-fetching", &[done, total])
                }
                None => say("progress-fetching-some", &[done]),
            }
        }
        Progress::Listing { done, total } => {
            let fills = [("done", done.into()), ("total", total.into())];
            say("progress-listing", &fills)
        }
        Progress::Adding { done, total } => {
            let fills = [("done", done.into()), ("total", total.into())];
            say("progress-adding", &fills)
        }
    }
}

fn in_time(outcome: Result<Outcome, tokio::time::error::Elapsed>) -> Outcome {
    outcome.unwrap_or_else(|elapsed| Err(Trouble::Failure(elapsed.into())))
}

async fn at_once(desk: &SharedDesk, visit: &Visit, outcome: Outcome) -> Result<(), Lost> {
    let answer = outcome.unwrap_or_else(|trouble| Answer::quiet(&worded(desk, visit, trouble)));
    let kind = if answer.turns_page { UPDATE } else { MESSAGE };
    let quiet = !answer.public && !answer.turns_page;
    let data = flagged(answer.body, quiet);
    let first = respond(desk, visit, (kind, data), answer.files).await;
    first.map_err(Place::First.lost())?;
    say_more(desk, visit, answer.more).await
}

/// What does not fit in one message.
async fn say_more(
    desk: &SharedDesk,
    visit: &Visit,
    more: Vec<(Value, Vec<Upload>)>,
) -> Result<(), Lost> {
    for (body, files) in more {
        let body = flagged(body, true);
        let taken = desk.rest.follow_up(&visit.token, body, files).await;
        taken.map_err(Place::Further.lost())?;
    }
    Ok(())
}

async fn defer(desk: &SharedDesk, visit: &Visit, wait: Wait) -> Result<(), RestFailure> {
    let (kind, data) = match wait {
        Wait::Public => (DEFERRED_MESSAGE, json!({})),
        Wait::Quiet => (DEFERRED_MESSAGE, json!({ "flags": EPHEMERAL })),
        Wait::OnPage => (DEFERRED_UPDATE, json!({})),
    };
    respond(desk, visit, (kind, data), Vec::new()).await
}

/// Fills in a deferred answer. What is for one person alone does not go where everyone waits.
async fn later(desk: &SharedDesk, visit: &Visit, wait: Wait, outcome: Outcome) -> Result<(), Lost> {
    let answer = outcome.unwrap_or_else(|trouble| Answer::quiet(&worded(desk, visit, trouble)));
    let fits = match wait {
        Wait::Public => answer.public,
        Wait::Quiet => !answer.public,
        Wait::OnPage => answer.turns_page,
    };
    let (rest, token) = (&desk.rest, visit.token.as_str());
    if fits {
        let filled = rest.edit_original(token, answer.body, answer.files).await;
        filled.map_err(Place::Waiting.lost())?;
        return say_more(desk, visit, answer.more).await;
    }
    if wait != Wait::OnPage {
        let removed = rest.delete_original(token).await;
        removed.map_err(Place::Waiting.lost())?;
    }
    let body = flagged(answer.body, !answer.public);
    let sent = rest.follow_up(token, body, answer.files).await;
    sent.map(drop).map_err(Place::Further.lost())
}

/// A further message to who asked.
pub(in crate::discord) async fn whisper(desk: &SharedDesk, visit: &Visit, words: &str) {
    let body = json!({
        "content": markup::cut(words, CONTENT_LIMIT),
        "flags": EPHEMERAL,
        "allowed_mentions": { "parse": [] },
    });
    if let Err(failure) = desk.rest.follow_up(&visit.token, body, Vec::new()).await {
        tracing::debug!(interaction.id = visit.id, %failure, "a follow-up was not taken");
    }
}

/// Answers an autocomplete with what may be chosen: what is shown, and what is sent for it.
pub(in crate::discord) async fn suggest(
    desk: &SharedDesk,
    visit: &Visit,
    choices: Vec<(String, Value)>,
) {
    const CHOICES_LIMIT: usize = 25;
    const TEXT_LIMIT: usize = 100;
    let choices: Vec<Value> = choices
        .into_iter()
        .filter(|(name, value)| {
            let length = value.as_str().map_or(0, |text| text.chars().count());
            !name.is_empty() && length <= TEXT_LIMIT
        })
        .take(CHOICES_LIMIT)
        .map(|(name, value)| json!({ "name": markup::line(&name, TEXT_LIMIT), "value": value }))
        .collect();
    let data = json!({ "choices": choices });
    if let Err(failure) = respond(desk, visit, (CHOICES, data), Vec::new()).await {
        // Whoever types on has asked again already.
        tracing::debug!(interaction.id = visit.id, %failure, "suggestions came too late");
    }
}

/// Opens a form for the person to fill in.
pub(in crate::discord) async fn open_form(desk: &SharedDesk, visit: &Visit, form: Value) {
    if let Err(failure) = respond(desk, visit, (MODAL, form), Vec::new()).await {
        tracing::warn!(interaction.id = visit.id, %failure, "a form was not opened");
    }
}

async fn respond(
    desk: &SharedDesk,
    visit: &Visit,
    (kind, data): (u8, Value),
    files: Vec<Upload>,
) -> Result<(), RestFailure> {
    let body = json!({ "type": kind, "data": data });
    desk.rest.respond(visit.id, &visit.token, body, files).await
}

fn flagged(mut body: Value, quiet: bool) -> Value {
    if let (Some(fields), true) = (body.as_object_mut(), quiet) {
        fields.insert("flags".to_owned(), json!(EPHEMERAL));
    }
    body
}
