//! Linking an account: a form for the token of `ListenBrainz`, two buttons for Last.fm. A token is
//! asked of its service before it is kept, encrypted, and shown to nobody.

use super::super::super::SharedDesk;
use super::super::super::components::WORDS;
use super::super::super::markup::plain;
use super::super::call::{Answer, Call, Outcome};
use super::trouble;
use crate::domain::scrobbling::Service;
use crate::i18n::Locale;
use crate::scrobble::{Approval, Token};
use crate::storage::NewLink;
use serde_json::{Value, json};

/// Discord's numbers for a button that leads to a page, and for a green one.
const LINK_BUTTON: u8 = 5;
const GREEN_BUTTON: u8 = 3;

/// Where one finds the token of `ListenBrainz` is said in the form's placeholder.
pub(super) fn token_form(desk: &SharedDesk, locale: Locale) -> Value {
    let say = |key| desk.words.say(locale, key, &[]);
    json!({
        "custom_id": "scrobble:token",
        "title": say("scrobble-form-title"),
        "components": [{ "type": 1, "components": [{
            "type": 4,
            "custom_id": WORDS,
            "style": 1,
            "label": say("scrobble-form-label"),
            "placeholder": say("scrobble-form-hint"),
            "min_length": 1,
            "max_length": Token::LIMIT,
            "required": true,
        }]}],
    })
}

/// `/scrobble link`, where no form was opened.
pub(super) async fn link(call: &Call, service: Option<Service>) -> Outcome {
    let scrobbling = &call.desk.scrobbling;
    if !scrobbling.can_keep() {
        return Err(call.wrong("scrobble-no-key", &[]));
    }
    let Some(lastfm) = &scrobbling.lastfm else {
        return Err(call.wrong("scrobble-no-lastfm", &[]));
    };
    if service != Some(Service::LastFm) {
        return Err(call.wrong("button-unknown", &[]));
    }
    let token = lastfm.token().await;
    let token = token.map_err(|failure| trouble(call, Service::LastFm, &failure))?;
    let url = lastfm.approve_link(&token);
    scrobbling.expect_approval(call.visit.member, token);
    Ok(Answer::of(json!({
        "content": call.say("scrobble-approve", &[]),
        "components": [{ "type": 1, "components": [
            { "type": 2, "style": LINK_BUTTON, "label": call.say("scrobble-approve-open", &[]), "url": url },
            {
                "type": 2,
                "style": GREEN_BUTTON,
                "label": call.say("scrobble-approve-done", &[]),
                "custom_id": "scrobble:approved",
            },
        ]}],
    })))
}

/// The form came back with a token of `ListenBrainz`.
pub(in crate::discord) async fn linked(call: &Call, typed: &str) -> Outcome {
    let service = Service::ListenBrainz;
    let unknown = || call.wrong("scrobble-token-unknown", &[]);
    let token = Token::new(typed).ok_or_else(unknown)?;
    let owner = call.desk.scrobbling.listenbrainz.owner(&token).await;
    let owner = owner.map_err(|failure| trouble(call, service, &failure))?;
    let account = owner.ok_or_else(unknown)?;
    keep(call, service, (account, &token)).await
}

/// They say that they have approved the bot at Last.fm.
pub(in crate::discord) async fn approved(call: &Call) -> Outcome {
    let (service, member) = (Service::LastFm, call.visit.member);
    let scrobbling = &call.desk.scrobbling;
    let Some(lastfm) = &scrobbling.lastfm else {
        return Err(call.wrong("scrobble-no-lastfm", &[]));
    };
    let again = || call.wrong("scrobble-approve-lost", &[]);
    let token = scrobbling.expected(member).ok_or_else(again)?;
    let session = lastfm.session(&token).await;
    match session.map_err(|failure| trouble(call, service, &failure))? {
        Approval::NotYet => Err(call.wrong("scrobble-approve-not-yet", &[])),
        Approval::Lost => {
            scrobbling.expect_no_more(member);
            Err(again())
        }
        Approval::Given(account, key) => {
            scrobbling.expect_no_more(member);
            keep(call, service, (account, &key)).await
        }
    }
}

async fn keep(call: &Call, service: Service, (account, token): (String, &Token)) -> Outcome {
    let member = call.visit.member;
    let closed = call.desk.scrobbling.close(token, (member, service));
    let token = closed.ok_or_else(|| call.wrong("scrobble-no-key", &[]))?;
    let link = NewLink {
        member,
        service,
        account,
        token,
        locale: call.locale().tag().to_owned(),
        at: (call.desk.clock)(),
    };
    call.desk.store.link_scrobbles(&link).await?;
    let fills = [
        ("service", service.title().into()),
        ("account", plain(&link.account).into()),
    ];
    Ok(Answer::quiet(&call.say("scrobble-linked", &fills)))
}
