//! What can be known before anything is fetched or opened, so that nobody waits in vain: whether
//! the person is where the stage stands or would stand, and whether the bot could be heard there.

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
    // Discord tells the bot's permissions only for the channel of the command, which often is the
    // voice channel's own chat. Elsewhere the stage finds out when it joins.
    if voice == call.visit.channel {
        let channel = [("channel", crate::i18n::channel(voice).into())];
        let may = call.visit.bot_permissions;
        if !may.contains(Permissions::CONNECT) {
            return Err(call.wrong("room-no-connect", &channel));
        }
        if !may.contains(Permissions::SPEAK) {
            return Err(call.wrong("room-no-speak", &channel));
        }
    }
    Ok(())
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
