//! Buttons and the comment form. What a button means stands in its id; who may press it is for the
//! stage's rules to say.

mod press;

use super::SharedDesk;
use super::commands::answering::{self, Wait};
use super::commands::call::{Answer, Call, Outcome, Visit};
use super::commands::{
    collection, history, leaderboard, playlist, privacy, queue, recap, scrobble, settings,
};
use crate::domain::ids::TurnId;
use crate::domain::protocol::{Command, Refusal, Way};
use crate::i18n::Locale;
use press::Press;
use serde_json::{Value, json};
use serenity::all::{ActionRowComponent, ComponentInteraction, ModalInteraction};

/// Longest comment, in characters.
const COMMENT_LIMIT: usize = 200;
/// The id of a form's one field.
pub(super) const WORDS: &str = "words";

pub(super) async fn run(desk: &SharedDesk, it: &ComponentInteraction) {
    let visit = Visit::new(
        (it.id.get(), &it.token),
        it.channel_id,
        (&it.locale, it.app_permissions),
        (it.guild_id, it.member.as_ref()),
    );
    let Some(visit) = visit else {
        return;
    };
    let press = Press::of(&it.data.custom_id);
    // A form has to be the first answer, so nothing is asked before.
    if let Some(Press::Comment(turn)) = press {
        let form = comment_form(desk, visit.locale, turn);
        answering::open_form(desk, &visit, form).await;
        return;
    }
    let turns_page = press.is_some_and(Press::turns_page);
    let wait = if turns_page {
        Wait::OnPage
    } else {
        Wait::Quiet
    };
    let work = async {
        let call = Call::begin(desk, visit.clone()).await?;
        call.sign_of_life().await;
        let Some(press) = press else {
            return Err(call.wrong("button-unknown", &[]));
        };
        let mut answer = carry_out(&call, press).await?;
        answer.turns_page = turns_page;
        Ok(answer)
    };
    answering::answer(desk, &visit, wait, work).await;
}

async fn carry_out(call: &Call, press: Press) -> Outcome {
    let command = match press {
        Press::TakeSeat => Command::TakeSeat { seat: None },
        Press::LeaveSeat => Command::LeaveSeat,
        Press::Skip(turn) => Command::Skip {
            turn: Some(turn),
            reason: None,
        },
        Press::Grab(turn) => Command::Grab { turn: Some(turn) },
        Press::Rate(turn, stars) => {
            let way = Way::Button;
            Command::Rate {
                turn: Some(turn),
                stars,
                way,
            }
        }
        Press::Approved => return scrobble::approved(call).await,
        Press::Comment(_) | Press::Token => return Err(call.wrong("button-unknown", &[])),
        Press::Board(board, period, page) => {
            return leaderboard::show(call, board, period, page).await;
        }
        Press::History(before) => return history::show(call, before).await,
        Press::Playlists(before) => return playlist::list(call, before).await,
        Press::Playlist(session, page) => return playlist::show(call, session, page).await,
        Press::Queue(member, page) => return queue::show(call, member, page),
        Press::Recap(stretch, own) => return recap::show_everyone(call, stretch, own).await,
        Press::Log(page) => return settings::log(call, page).await,
        Press::Collection(id, page) => return collection::show(call, id, page).await,
        Press::Grabs(page) => return collection::grabs(call, page).await,
        Press::Shelf(tab, page) => return collection::browse(call, tab, page).await,
        Press::PlayCollection(id) => return collection::play(call, id).await,
        Press::SaveCollection(id) => return collection::save(call, id).await,
        Press::DeleteCollection(id) => return collection::delete(call, id).await,
        Press::KeepCollection(id) => return collection::kept(call, id).await,
        Press::Forget(scope) => return privacy::forget(call, scope).await,
    };
    call.carry_out(command).await
}

fn comment_form(desk: &SharedDesk, locale: Locale, turn: TurnId) -> Value {
    let say = |key| desk.words.say(locale, key, &[]);
    json!({
        "custom_id": format!("comment:{turn}"),
        "title": say("comment-title"),
        "components": [{ "type": 1, "components": [{
            "type": 4,
            "custom_id": WORDS,
            "style": 1,
            "label": say("comment-label"),
            "min_length": 1,
            "max_length": COMMENT_LIMIT,
            "required": true,
        }]}],
    })
}

pub(super) async fn modal(desk: &SharedDesk, it: &ModalInteraction) {
    let visit = Visit::new(
        (it.id.get(), &it.token),
        it.channel_id,
        (&it.locale, it.app_permissions),
        (it.guild_id, it.member.as_ref()),
    );
    let Some(visit) = visit else {
        return;
    };
    let work = async {
        let call = Call::begin(desk, visit.clone()).await?;
        call.sign_of_life().await;
        match Press::of(&it.data.custom_id) {
            Some(Press::Comment(turn)) => comment(&call, turn, words(it)).await,
            Some(Press::Token) => scrobble::linked(&call, &words(it)).await,
            _ => Err(call.wrong("button-unknown", &[])),
        }
    };
    answering::answer(desk, &visit, Wait::Quiet, work).await;
}

/// What was typed into the form.
fn words(it: &ModalInteraction) -> String {
    let rows = it.data.components.iter().flat_map(|row| &row.components);
    let typed = rows.filter_map(|part| match part {
        ActionRowComponent::InputText(field) if field.custom_id == WORDS => field.value.clone(),
        _ => None,
    });
    typed.collect()
}

/// A comment belongs to the song it was begun for; typing may have outlasted it.
async fn comment(call: &Call, turn: TurnId, text: String) -> Outcome {
    let open = call
        .view
        .open
        .as_ref()
        .ok_or_else(|| call.refused(&Refusal::NoStage))?;
    if open.now.as_ref().is_none_or(|now| now.turn != turn) {
        return Err(call.wrong("comment-late", &[]));
    }
    let notice = call
        .ask(Command::Comment {
            text,
            message: None,
        })
        .await?;
    Ok(Answer::quiet(&call.noticed(&notice)))
}
