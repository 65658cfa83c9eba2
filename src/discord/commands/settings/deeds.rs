//! The words for what moderators, hosts and admins did, for the team to read.

use super::super::super::markup::{clock, plain_cut};
use super::super::call::Call;
use crate::domain::protocol::Deed;
use crate::i18n::{Fill, mention};

const TEXT_LIMIT: usize = 100;

pub(super) fn worded(call: &Call, deed: &Deed) -> String {
    let text = |text: &str| Fill::from(plain_cut(text, TEXT_LIMIT));
    let with_reason = |sentence: String, reason: Option<String>| match reason {
        Some(reason) => format!("{sentence} ({reason})"),
        None => sentence,
    };
    let own_words = |reason: &Option<String>| reason.as_ref().map(|it| plain_cut(it, TEXT_LIMIT));
    let about = |key, member| call.say(key, &[("member", mention(member).into())]);
    match deed {
        Deed::Closed => call.say("deed-closed", &[]),
        Deed::Locked(true) => call.say("deed-locked", &[]),
        Deed::Locked(false) => call.say("deed-unlocked", &[]),
        Deed::Themed(Some(theme)) => call.say("deed-themed", &[("theme", text(theme))]),
        Deed::Themed(None) => call.say("deed-unthemed", &[]),
        Deed::Kicked { member, reason } => {
            with_reason(about("deed-kicked", *member), own_words(reason))
        }
        Deed::StageBanned {
            member,
            banned,
            reason,
        } => {
            let key = either(*banned, "deed-banned", "deed-unbanned");
            with_reason(about(key, *member), own_words(reason))
        }
        Deed::Moved { member, seat } => {
            let fills = [("member", mention(*member).into()), ("seat", seat.0.into())];
            call.say("deed-moved", &fills)
        }
        Deed::Skipped { title, reason, .. } => {
            let quote = |text: &str| plain_cut(text, TEXT_LIMIT);
            let reason = reason.as_ref();
            let reason = reason.map(|it| call.desk.words.skip_reason(call.locale(), it, quote));
            with_reason(call.say("deed-skipped", &[("title", text(title))]), reason)
        }
        Deed::Sought { title, position } => {
            let position = clock(*position).into();
            let fills = [("title", text(title)), ("position", position)];
            call.say("deed-sought", &fills)
        }
        Deed::Voided { turn, rater } => {
            let fills = [
                ("member", mention(*rater).into()),
                ("play", turn.to_string().into()),
            ];
            call.say("deed-voided", &fills)
        }
        Deed::VoidedAll { rater } => {
            call.say("deed-voided-all", &[("member", mention(*rater).into())])
        }
        Deed::Configured { what } => call.say("deed-configured", &[("what", text(what))]),
        Deed::TrackBanned { title, banned, .. } => {
            let key = either(*banned, "deed-track-banned", "deed-track-unbanned");
            call.say(key, &[("title", text(title))])
        }
        Deed::Shelved {
            name,
            member,
            barred,
            ..
        } => {
            let fills = [("name", text(name)), ("member", mention(*member).into())];
            call.say(either(*barred, "deed-barred", "deed-unbarred"), &fills)
        }
    }
}

fn either(done: bool, key: &'static str, undone: &'static str) -> &'static str {
    if done { key } else { undone }
}
