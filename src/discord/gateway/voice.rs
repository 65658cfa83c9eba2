//! Voice states: who came, went, moved or went deaf, and what was done to the bot itself.

use super::super::announcer::News;
use super::super::crowd::{Presence, Room};
use super::super::{SharedDesk, ids, markup};
use crate::discord::rest::RestFailure;
use crate::domain::ids::{ChannelId, GuildId, MemberId};
use crate::domain::moment::Moment;
use crate::domain::protocol::{Listener, Post, Signal};
use serenity::all::{ChannelType, Guild, GuildChannel, Member, StageInstance, VoiceState};
use std::sync::Arc;
use std::time::Duration;

/// A stage may be closed and opened again at once; out for longer is out. It is less than the
/// speaker waits before it mends a connection: whoever takes the bot out of a channel is not to see
/// it come back.
const OUT_LIMIT: Duration = Duration::from_secs(1);

/// The guild has become known, at start or after a lost session: its stage goes on.
pub(super) async fn guild_is_there(desk: &SharedDesk, guild: GuildId, whole: &Guild) {
    let inside = whole.voice_states.values().filter_map(|state| {
        let member = whole.members.get(&state.user_id);
        let presence = presence(state, member.or(state.member.as_ref()))?;
        Some((presence.listener.member, presence))
    });
    let channels = whole.channels.values().filter(|it| is_stage(it));
    let instances = whole.stage_instances.iter();
    let room = Room {
        name: whole.name.clone(),
        inside: inside.collect(),
        stage_channels: channels.map(|it| ids::channel(it.id)).collect(),
        instances: instances
            .map(|it| (ids::channel(it.channel_id), it.id.get()))
            .collect(),
    };
    desk.crowd.replace(guild, room);
    match desk.stages.started(guild) {
        Some(stage) => {
            let inside = desk.crowd.listeners(guild);
            stage.tell(Signal::VoiceAll(inside)).await;
        }
        // Reads the crowd by itself while it is loaded.
        None => {
            if let Err(failure) = desk.stages.stage(guild).await {
                tracing::warn!(guild.id = %guild, %failure, "the stage is not there yet");
            }
        }
    }
    desk.announcer.note(guild, News::Follow).await;
}

/// There is a new channel.
pub(super) fn channel_made(desk: &SharedDesk, guild: GuildId, channel: &GuildChannel) {
    if is_stage(channel) {
        let channel = ids::channel(channel.id);
        desk.crowd.note_stage_channel(guild, channel);
    }
}

/// The Discord stage of a stage channel was opened, changed or closed, by whomever.
pub(super) fn stage_instance(
    desk: &SharedDesk,
    guild: GuildId,
    (instance, is_open): (&StageInstance, bool),
) {
    let channel = ids::channel(instance.channel_id);
    let id = is_open.then(|| instance.id.get());
    desk.crowd.note_instance(guild, channel, id);
}

fn is_stage(channel: &GuildChannel) -> bool {
    channel.kind == ChannelType::Stage
}

/// Somebody's voice state has changed.
pub(super) async fn state(desk: &SharedDesk, guild: GuildId, state: &VoiceState) {
    let member = ids::member(state.user_id);
    let now = presence(state, state.member.as_ref());
    let known = desk.crowd.name_of(guild, member);
    let before = desk.crowd.note(guild, member, now.clone());
    let now = now.map(|presence| presence.listener);
    if desk.crowd.me() == Some(member) {
        own(desk, guild, (before, state)).await;
        return;
    }
    let name = now.as_ref().map(|now| now.name.clone()).or(known);
    let signal = Signal::Voice {
        member,
        name: name.unwrap_or_else(|| member.to_string()),
        bot: state.member.as_ref().is_some_and(|it| it.user.bot),
        channel: now.as_ref().map(|now| now.channel),
        deaf: now.as_ref().is_some_and(|now| now.deaf),
        joined_at: now.and_then(|now| now.joined_at),
    };
    desk.stages.tell(guild, signal).await;
}

fn presence(state: &VoiceState, member: Option<&Member>) -> Option<Presence> {
    let listener = Listener {
        member: ids::member(state.user_id),
        name: member.map_or_else(
            || state.user_id.to_string(),
            |it| markup::name(it.display_name()),
        ),
        bot: member.is_some_and(|it| it.user.bot),
        channel: ids::channel(state.channel_id?),
        deaf: state.deaf || state.self_deaf,
        joined_at: member
            .and_then(|it| it.joined_at)
            .map(|at| Moment(at.unix_timestamp().saturating_mul(1_000))),
    };
    Some(Presence {
        listener,
        hushed: state.suppress,
    })
}

/// The bot's own state: moved, thrown out, or silenced at the edge of a Discord stage.
async fn own(desk: &SharedDesk, guild: GuildId, (before, state): (Option<ChannelId>, &VoiceState)) {
    let now = state.channel_id.map(ids::channel);
    let Some(stands_in) = stage_channel(desk, guild) else {
        return;
    };
    match now {
        Some(channel) if before == Some(stands_in) && channel != stands_in => {
            desk.stages.tell(guild, Signal::Dragged { channel }).await;
        }
        None if before.is_some() && desk.crowd.is_session(&state.session_id) => {
            if let Some(me) = desk.crowd.me() {
                expel_if_still_out(desk, guild, me);
            }
        }
        _ => {}
    }
    // Only on the way in: who is sent to the audience later was sent there by a moderator.
    if let (Some(channel), true) = (now.filter(|_| now != before), state.suppress) {
        let (tasks, desk) = (desk.tasks.clone(), Arc::clone(desk));
        tasks.spawn(async move { speak_up(&desk, guild, channel).await });
    }
}

/// Becomes a speaker; where the bot may not by itself, it asks those who may let it.
async fn speak_up(desk: &SharedDesk, guild: GuildId, channel: ChannelId) {
    let spoken = match desk.rest.speak_on_stage(guild.0, channel.0).await {
        Err(RestFailure::Forbidden { .. }) => {
            desk.announcer.announce(guild, Post::HandRaised).await;
            desk.rest
                .ask_to_speak(guild.0, channel.0, (desk.clock)())
                .await
        }
        other => other,
    };
    if let Err(failure) = spoken {
        tracing::warn!(guild.id = %guild, %failure, "not allowed to speak");
    }
}

fn stage_channel(desk: &SharedDesk, guild: GuildId) -> Option<ChannelId> {
    let view = desk.stages.started(guild)?.view();
    Some(view.open.as_ref()?.channel)
}

fn expel_if_still_out(desk: &SharedDesk, guild: GuildId, me: MemberId) {
    let (tasks, desk) = (desk.tasks.clone(), Arc::clone(desk));
    tasks.spawn(async move {
        tokio::time::sleep(OUT_LIMIT).await;
        if desk.crowd.channel_of(guild, me).is_none() && stage_channel(&desk, guild).is_some() {
            desk.stages.tell(guild, Signal::Expelled).await;
        }
    });
}
