//! `/history`: what was played here, the latest first.

use super::super::markup::plain_cut;
use super::call::{Answer, Call, Outcome};
use super::definition::Part;
use super::paging::{older, sheet};
use crate::domain::ids::TurnId;
use crate::i18n::relative;
use crate::storage::PlaySummary;
use serde_json::json;

const LINES: u32 = 10;
/// How much of a title and a name a line shows, in characters.
const TITLE_LIMIT: usize = 70;
const NAME_LIMIT: usize = 32;

pub(super) fn definition() -> Part {
    Part::command("history")
}

/// The plays before that turn, or the latest ones.
pub(in crate::discord) async fn show(call: &Call, before: Option<TurnId>) -> Outcome {
    let mut plays = call
        .desk
        .store
        .history(call.guild(), before, LINES + 1)
        .await?;
    if plays.is_empty() {
        return Ok(Answer::quiet(&call.say("history-empty", &[])));
    }
    let more = plays.len() > usize::try_from(LINES).unwrap_or(usize::MAX);
    if more {
        plays.pop();
    }
    let lines: Vec<String> = plays.iter().map(|play| line(call, play)).collect();
    let last = plays.last().filter(|_| more).map(|play| play.play.turn.0);
    Ok(Answer::of(json!({
        "embeds": [sheet(&call.say("history-title", &[]), &lines, None)],
        "components": older("history", before.is_some(), last),
    })))
}

/// `#12 **Song** · Ana · 4.3 ★ (7) · 5 minutes ago`
fn line(call: &Call, line: &PlaySummary) -> String {
    let play = &line.play;
    format!(
        "`#{}` **{}** · {} · {} · {}",
        play.turn,
        plain_cut(&play.track.title, TITLE_LIMIT),
        plain_cut(&play.looper_name, NAME_LIMIT),
        super::score(call, line.tally),
        relative(play.began_at),
    )
}
