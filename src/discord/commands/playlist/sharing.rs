//! `/playlist share` and `/playlist withdraw`: the page that a session has on the web. Everybody may
//! share what was never withdrawn; who was on stage, and who keeps order, may withdraw it.

use super::super::super::links;
use super::super::call::{Answer, Call, Outcome};
use crate::storage::{SessionSummary, StorageFailure};

/// The link to the page, which is made if there is none.
pub(super) async fn share(call: &Call, session: &SessionSummary) -> Outcome {
    let number = ("number", session.session.to_string().into());
    if call.desk.public.is_none() {
        return Err(call.wrong("playlist-no-pages", &[]));
    }
    if session.plays == 0 {
        return Err(call.wrong("playlist-empty", &[]));
    }
    let (store, subject) = (
        &call.desk.store,
        links::of_session(call.guild(), session.session),
    );
    let is_new = store.standing_page(subject).await?.is_none();
    if is_new && store.was_withdrawn(subject).await? && !may_withdraw(call, session).await? {
        return Err(call.wrong("playlist-was-withdrawn", &[number]));
    }
    let link = call.desk.link_for(subject, call.actor.member).await?;
    let link = link.unwrap_or_default();
    Ok(Answer::quiet(
        &call.say("playlist-shared", &[number, ("link", link.into())]),
    ))
}

/// Takes the page away; its address never comes back.
pub(super) async fn withdraw(call: &Call, session: &SessionSummary) -> Outcome {
    let number = [("number", session.session.to_string().into())];
    if !may_withdraw(call, session).await? {
        return Err(call.wrong("playlist-withdraw-not-yours", &number));
    }
    let subject = links::of_session(call.guild(), session.session);
    let (by, now) = (call.actor.member, (call.desk.clock)());
    if !call.desk.store.withdraw_page(subject, by, now).await? {
        return Err(call.wrong("playlist-not-shared", &number));
    }
    tracing::info!(guild.id = %call.guild(), session.id = %session.session, "a page was withdrawn");
    Ok(Answer::quiet(&call.say("playlist-withdrawn", &number)))
}

/// The host, who played in it, and moderators.
async fn may_withdraw(call: &Call, session: &SessionSummary) -> Result<bool, StorageFailure> {
    let (me, powers) = (call.actor.member, &call.actor.powers);
    if powers.moderator || powers.admin || session.host == me {
        return Ok(true);
    }
    let plays = call
        .desk
        .store
        .session_playlist(call.guild(), session.session)
        .await?;
    Ok(plays.iter().any(|play| play.play.looper == me))
}
