//! `/stage share` and `/stage unshare`: the live page of the stage for people without Discord at
//! hand. Its link is made when a host or moderator first asks for it, and is anyone's to pass on
//! until it is withdrawn.

use super::super::call::{Answer, Call, Outcome, Trouble};
use crate::domain::protocol::{Need, Refusal};
use crate::domain::view::OpenView;
use crate::storage::{PageKind, PageSubject};

fn open_stage(call: &Call) -> Result<(&OpenView, PageSubject), Trouble> {
    let open = call.view.open.as_ref();
    let open = open.ok_or_else(|| call.refused(&Refusal::NoStage))?;
    let subject = PageSubject {
        guild: call.guild(),
        kind: PageKind::Live,
        number: open.session.0,
    };
    Ok((open, subject))
}

fn may_share(call: &Call, open: &OpenView) -> bool {
    call.actor.powers.moderator || open.host == call.actor.member
}

fn not_allowed(call: &Call) -> Trouble {
    call.refused(&Refusal::NotAllowed(Need::Host))
}

/// The link; the first time it is made, which not everybody may do.
pub(super) async fn share(call: &Call) -> Outcome {
    let (open, subject) = open_stage(call)?;
    if call.desk.public.is_none() {
        return Err(call.wrong("stage-share-nowhere", &[]));
    }
    let link = if may_share(call, open) {
        call.desk.link_for(subject, call.actor.member).await?
    } else {
        call.desk.link_of(subject).await?
    };
    let link = link.ok_or_else(|| not_allowed(call))?;
    let overlay = format!("{link}?overlay");
    let fills = [("link", link.into()), ("overlay", overlay.into())];
    Ok(Answer::quiet(&call.say("stage-shared", &fills)))
}

/// The link leads nowhere any more; who is looking sees the page end.
pub(super) async fn unshare(call: &Call) -> Outcome {
    let (open, subject) = open_stage(call)?;
    if !may_share(call, open) {
        return Err(not_allowed(call));
    }
    let (by, now) = (call.actor.member, (call.desk.clock)());
    let stood = call.desk.store.withdraw_page(subject, by, now).await?;
    let key = if stood {
        "stage-unshared"
    } else {
        "stage-unshared-none"
    };
    Ok(Answer::quiet(&call.say(key, &[])))
}
