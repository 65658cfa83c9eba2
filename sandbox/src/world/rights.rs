//! Who may do what: the arithmetic of `permissions`, fed with the world's roles and overwrites.

use super::{Channel, ChannelKind, Guild, Id, World, now_ms};
use crate::error::ApiError;
use crate::permissions::{ALL, Bits, Place, Subject, VIEW_CHANNEL, has, in_channel, in_guild};

impl World {
    /// The user's permissions in the guild as a whole; none for a stranger.
    pub fn rights(&self, guild_id: Id, user_id: Id) -> Bits {
        self.guilds
            .get(&guild_id)
            .and_then(|guild| with_subject(guild, user_id, in_guild))
            .unwrap_or(0)
    }

    /// The user's permissions in the channel; in a direct message channel both have all.
    pub fn rights_in(&self, channel: &Channel, user_id: Id) -> Bits {
        let Some(guild_id) = channel.guild_id else {
            return if channel.recipients.contains(&user_id) {
                ALL
            } else {
                0
            };
        };
        let Some(guild) = self.guilds.get(&guild_id) else {
            return 0;
        };
        // A thread has the overwrites of the channel it stands in.
        let parent = channel.parent_id.filter(|_| channel.kind.is_thread());
        let parent = parent.and_then(|id| self.channels.get(&id));
        let overwrites = &parent.unwrap_or(channel).overwrites;
        let place = match channel.kind {
            ChannelKind::Voice | ChannelKind::Stage => Place::Voice,
            kind if kind.is_thread() => Place::Thread,
            _ => Place::Text,
        };
        with_subject(guild, user_id, |subject| {
            in_channel(subject, overwrites, place)
        })
        .unwrap_or(0)
    }

    /// The channel, if the user may do all of `wanted` there. 10003 when there is none, 50001 when
    /// they cannot see it, 50013 when they see it and may not.
    pub fn channel_for(&self, id: Id, user_id: Id, wanted: Bits) -> Result<&Channel, ApiError> {
        let channel = self
            .channels
            .get(&id)
            .ok_or_else(|| ApiError::unknown("Channel"))?;
        let rights = self.rights_in(channel, user_id);
        if !has(rights, VIEW_CHANNEL) {
            return Err(ApiError::missing_access());
        }
        if !has(rights, wanted) {
            return Err(ApiError::missing_permissions());
        }
        Ok(channel)
    }

    /// The guild, if the user is in it and may do all of `wanted`.
    pub fn guild_for(&self, id: Id, user_id: Id, wanted: Bits) -> Result<&Guild, ApiError> {
        let guild = self
            .guilds
            .get(&id)
            .ok_or_else(|| ApiError::unknown("Guild"))?;
        if !guild.members.contains_key(&user_id) {
            return Err(ApiError::unknown("Guild"));
        }
        if !has(self.rights(id, user_id), wanted) {
            return Err(ApiError::missing_permissions());
        }
        Ok(guild)
    }

    /// The position of the user's highest role, for who stands above whom; the owner above all.
    pub fn height(&self, guild_id: Id, user_id: Id) -> u32 {
        let Some(guild) = self.guilds.get(&guild_id) else {
            return 0;
        };
        if guild.owner_id == user_id {
            return u32::MAX;
        }
        let Some(member) = guild.members.get(&user_id) else {
            return 0;
        };
        let roles = member.roles.iter().filter_map(|id| guild.roles.get(id));
        roles.map(|role| role.position).max().unwrap_or(0)
    }
}

fn with_subject<T>(guild: &Guild, user_id: Id, ask: impl FnOnce(&Subject<'_>) -> T) -> Option<T> {
    let member = guild.members.get(&user_id)?;
    let everyone = guild
        .roles
        .get(&guild.id)
        .map_or(0, |role| role.permissions);
    let roles = member.roles.iter().filter_map(|id| guild.roles.get(id));
    let roles: Vec<(Id, Bits)> = roles.map(|role| (role.id, role.permissions)).collect();
    let subject = Subject {
        user_id,
        guild_id: guild.id,
        is_owner: guild.owner_id == user_id,
        is_timed_out: member
            .timed_out_until_ms
            .is_some_and(|until| until > now_ms()),
        roles: &roles,
        everyone,
    };
    Some(ask(&subject))
}
