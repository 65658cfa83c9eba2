//! Messages: signs of life, comments where the guild wants them, and what stands below the card.

use super::super::announcer::News;
use super::super::{SharedDesk, asking, ids, markup};
use crate::domain::ids::GuildId;
use crate::domain::protocol::{Actor, Command, Powers, Signal};
use serenity::all::{Message, MessageType};

/// Somebody wrote something, perhaps the bot itself.
pub(super) async fn said(desk: &SharedDesk, guild: GuildId, message: &Message) {
    let Some(stage) = desk.stages.started(guild) else {
        return;
    };
    let view = stage.view();
    let Some(open) = &view.open else {
        return;
    };
    let channel = ids::channel(message.channel_id);
    if channel != open.text && channel != open.channel {
        return;
    }
    let below = News::Message {
        channel,
        message: message.id.get(),
    };
    desk.announcer.note(guild, below).await;
    if message.author.bot || message.webhook_id.is_some() {
        return;
    }
    let member = ids::member(message.author.id);
    stage.tell(Signal::LifeSign { member }).await;
    let is_talk = matches!(
        message.kind,
        MessageType::Regular | MessageType::InlineReply
    );
    let wanted = view.settings.chat_comments && open.now.is_some() && channel == open.channel;
    if !wanted || !is_talk || message.content.trim().is_empty() {
        return;
    }
    let name = message.member.as_ref().and_then(|it| it.nick.as_deref());
    let actor = Actor {
        member,
        name: markup::name(name.unwrap_or(message.author.display_name())),
        voice: desk.crowd.channel_of(guild, member),
        powers: Powers::default(),
    };
    let comment = Command::Comment {
        text: message.content.clone(),
        message: Some(message.id.get()),
    };
    // A refused comment stays what it was: a message in the chat.
    asking::in_order(desk, stage, (actor, comment), |_desk, _outcome| async {}).await;
}
