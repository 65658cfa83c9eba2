//! The page that a published collection has on the web. Everybody may share what was never withdrawn;
//! its curator, and who keeps order, may withdraw it. It is readable as long as the collection is
//! published.

use super::super::super::links;
use super::super::call::{Answer, Call, Outcome, Trouble};
use super::{name_of, refused};
use crate::domain::collection::{Collection, CollectionRefusal};

fn may_withdraw(call: &Call, of: &Collection) -> bool {
    let powers = call.actor.powers;
    of.member == call.actor.member || powers.moderator || powers.admin
}

/// The link to its page, made if there may be one; `None` where there are no pages, or where it was
/// withdrawn.
pub(super) async fn link(call: &Call, of: &Collection) -> Result<Option<String>, Trouble> {
    let (store, subject) = (&call.desk.store, links::of_collection(call.guild(), of.id));
    if call.desk.public.is_none() || !of.is_published() {
        return Ok(None);
    }
    if let Some(link) = call.desk.link_of(subject).await? {
        return Ok(Some(link));
    }
    if store.was_withdrawn(subject).await? {
        return Ok(None);
    }
    Ok(call.desk.link_for(subject, of.member).await?)
}

pub(super) async fn share(call: &Call, of: &Collection) -> Outcome {
    let name = || ("name", name_of(of).into());
    if call.desk.public.is_none() {
        return Err(call.wrong("playlist-no-pages", &[]));
    }
    if of.is_barred {
        let name = of.name.clone();
        return Err(refused(call, &CollectionRefusal::Barred { name }));
    }
    if !of.is_published() {
        return Err(call.wrong("collection-share-unpublished", &[name()]));
    }
    let link = match link(call, of).await? {
        Some(link) => link,
        None if !may_withdraw(call, of) => {
            return Err(call.wrong("collection-was-withdrawn", &[name()]));
        }
        None => {
            let subject = links::of_collection(call.guild(), of.id);
            let made = call.desk.link_for(subject, call.actor.member).await?;
            made.unwrap_or_default()
        }
    };
    let fills = [name(), ("link", link.into())];
    Ok(Answer::quiet(&call.say("collection-shared", &fills)))
}

/// Takes the page away; its address never comes back.
pub(super) async fn withdraw(call: &Call, of: &Collection) -> Outcome {
    let name = [("name", name_of(of).into())];
    if !may_withdraw(call, of) {
        return Err(call.wrong("collection-withdraw-not-yours", &name));
    }
    let subject = links::of_collection(call.guild(), of.id);
    let (by, now) = (call.actor.member, (call.desk.clock)());
    if !call.desk.store.withdraw_page(subject, by, now).await? {
        return Err(call.wrong("collection-not-shared", &name));
    }
    tracing::info!(guild.id = %call.guild(), collection.id = %of.id, "a page was withdrawn");
    Ok(Answer::quiet(&call.say("collection-withdrawn", &name)))
}
