//! What can be known before anything is fetched or opened, so that nobody waits in vain: whether
//! the person is where the stage stands or would stand, and whether the bot could be heard there.

use super::super::crowd::Entrance;
use super::call::{Call, Trouble};
use crate::domain::ids::ChannelId;
use crate::domain::protocol::Refusal;
use serenity::all::Permissions;

/// What the bot needs to post and to show a card.
const POSTING: Permissions = Permissions::VIEW_CHANNEL
    .union(Permissions::SEND_MESSAGES)
    .union(Permissions::EMBED_LINKS);

/// Whether the person may be heard with the bot in their voice channel.
pub(super) fn check(call: &Call) -> Result<(), Trouble> {
    let Some(voice) = call.actor.voice else {
        return Err(call.refused(&Refusal::NotInVoice));
    };
    if let Some(open) = &call.view.open {
        let stage = open.channel;
        return if stage == voice {
            Ok(())
        } else {
            Err(call.refused(&Refusal::OtherChannel { stage }))
        };
    }
    enter(call, voice)
}

/// Whether the bot could come in and be heard. Discord says for sure only what it may do in the
/// channel of the command, which often is the voice channel's own chat; for others that is worked
/// out, and where it is not known the stage finds out when it joins.
fn enter(call: &Call, voice: ChannelId) -> Result<(), Trouble> {
    let entrance = call.desk.crowd.entrance(call.guild(), voice);
    let said = (voice == call.visit.channel).then_some(call.visit.bot_permissions);
    let may = said.or(entrance.and_then(|it| it.may));
    let has = |wanted| may.is_none_or(|may| may.contains(wanted));
    let is = |so: fn(Entrance) -> bool| entrance.is_some_and(so);
    let key = if !has(Permissions::VIEW_CHANNEL | Permissions::CONNECT) {
        "room-no-connect"
    } else if is(|it| it.is_afk) {
        "room-afk"
    } else if is(|it| it.is_full) && may.is_some() && !has(Permissions::MOVE_MEMBERS) {
        "room-full"
    } else if !is(|it| it.is_stage) && !has(Permissions::SPEAK) {
        "room-no-speak"
    } else {
        return Ok(());
    };
    let channel = [("channel", crate::i18n::channel(voice).into())];
    Err(call.wrong(key, &channel))
}

/// Where a stage that is opened by this call posts: here if the bot may, else in the chat of the
/// voice channel.
pub(super) fn text_channel(call: &Call) -> ChannelId {
    let here = call.visit.channel;
    if call.visit.bot_permissions.contains(POSTING) {
        here
    } else {
        call.actor.voice.unwrap_or(here)
    }
}
