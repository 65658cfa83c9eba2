//! What each event means to the stage: which signal it is, or whom it concerns. Only translation.

use super::super::announcer::News;
use super::super::{SharedDesk, farewell, ids, reactions};
use super::{Doors, messages, voice};
use crate::domain::ids::GuildId;
use crate::domain::protocol::Signal;
use serenity::model::event::Event;

/// How Discord calls an emoji sent as a voice channel effect; serenity has no type for it.
const VOICE_EFFECT: &str = "VOICE_CHANNEL_EFFECT_SEND";

/// An event of no guild.
pub(super) fn hear_outside(desk: &SharedDesk, doors: Doors, event: Event) {
    match event {
        Event::Ready(event) => {
            desk.crowd.am(ids::member(event.ready.user.id));
            let shard = event.ready.shard.map_or(0, |it| it.id.0);
            desk.crowd
                .session_began(shard, event.ready.session_id.clone());
            tracing::info!(guilds = event.ready.guilds.len(), "connected to Discord");
            // It comes again after a lost session; registering what is registered is no request.
            (doors.ready)(desk);
            farewell::roll_call(desk, &event.ready);
        }
        Event::Resumed(_) => tracing::info!("the connection to Discord is back"),
        Event::InteractionCreate(event) => (doors.interaction)(desk, event.interaction),
        _ => {}
    }
}

/// An event of `guild`, in the guild's order.
pub(super) async fn hear(desk: &SharedDesk, doors: Doors, (guild, event): (GuildId, Event)) {
    match event {
        Event::GuildCreate(event) => {
            voice::guild_is_there(desk, guild, &event.guild).await;
            farewell::is_back(desk, guild).await;
        }
        // An outage is no farewell: the guild comes back.
        Event::GuildDelete(event) if event.guild.unavailable => {}
        Event::GuildDelete(_) => {
            desk.crowd.forget(guild);
            desk.stages.tell(guild, Signal::Expelled).await;
            farewell::left(desk, guild).await;
        }
        Event::ChannelDelete(event) => {
            let channel = ids::channel(event.channel.id);
            desk.crowd.forget_channel(guild, channel);
            desk.announcer.note(guild, News::ChannelGone(channel)).await;
            let stage = desk.stages.started(guild);
            let open = stage.and_then(|stage| Some(stage.view().open.as_ref()?.channel));
            if open == Some(channel) {
                desk.stages.tell(guild, Signal::Expelled).await;
            }
        }
        // Only with a privileged intent; without it, leaving the voice channel says enough.
        Event::GuildMemberRemove(event) => {
            let member = ids::member(event.user.id);
            desk.stages.tell(guild, Signal::MemberGone { member }).await;
        }
        Event::VoiceStateUpdate(event) => voice::state(desk, guild, &event.voice_state).await,
        Event::MessageCreate(event) => messages::said(desk, guild, &event.message).await,
        Event::MessageDelete(event) => {
            let gone = News::Deleted(vec![event.message_id.get()]);
            desk.announcer.note(guild, gone).await;
        }
        Event::MessageDeleteBulk(event) => {
            let gone = event.ids.iter().map(|id| id.get()).collect();
            desk.announcer.note(guild, News::Deleted(gone)).await;
        }
        // Taking all reactions away at once is housekeeping, not five hundred changes of mind.
        Event::ReactionAdd(event) => reactions::added(desk, guild, event.reaction).await,
        Event::ReactionRemove(event) => reactions::removed(desk, guild, event.reaction).await,
        Event::InteractionCreate(event) => (doors.interaction)(desk, event.interaction),
        Event::Unknown(event) if event.kind == VOICE_EFFECT => {
            reactions::effect(desk, guild, &event.value).await;
        }
        other => learn(desk, guild, &other),
    }
}

/// What changes what is known of the guild, and nothing else.
fn learn(desk: &SharedDesk, guild: GuildId, event: &Event) {
    let role = match event {
        Event::ChannelCreate(event) => return voice::channel(desk, guild, &event.channel),
        Event::ChannelUpdate(event) => return voice::channel(desk, guild, &event.channel),
        Event::StageInstanceCreate(event) => {
            return voice::stage_instance(desk, guild, (&event.stage_instance, true));
        }
        Event::StageInstanceUpdate(event) => {
            return voice::stage_instance(desk, guild, (&event.stage_instance, true));
        }
        Event::StageInstanceDelete(event) => {
            return voice::stage_instance(desk, guild, (&event.stage_instance, false));
        }
        Event::GuildUpdate(event) => {
            let afk = event.guild.afk_metadata.as_ref();
            let afk = afk.map(|afk| ids::channel(afk.afk_channel_id));
            return desk.crowd.learn(guild, |rights| rights.note_afk(afk));
        }
        // The bot's own comes without a privileged intent.
        Event::GuildMemberUpdate(event) => {
            if desk.crowd.me() == Some(ids::member(event.user.id)) {
                let roles = event.roles.iter().map(|role| role.get()).collect();
                desk.crowd.learn(guild, |rights| rights.note_own(roles));
            }
            return;
        }
        Event::GuildRoleCreate(event) => &event.role,
        Event::GuildRoleUpdate(event) => &event.role,
        _ => return,
    };
    desk.crowd.learn(guild, |rights| rights.note_role(role));
}
