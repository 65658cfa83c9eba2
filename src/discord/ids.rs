//! Discord's ids as serenity writes them, and ours. Nothing else in the project converts them.

use crate::domain::ids::{ChannelId, GuildId, MemberId};
use serenity::model::id;

pub fn guild(id: id::GuildId) -> GuildId {
    GuildId(id.get())
}

pub fn channel(id: id::ChannelId) -> ChannelId {
    ChannelId(id.get())
}

pub fn member(id: id::UserId) -> MemberId {
    MemberId(id.get())
}

/// Serenity's ids are never zero; ours come from Discord too, so `None` is a corrupt one.
pub fn serenity_guild(id: GuildId) -> Option<id::GuildId> {
    std::num::NonZeroU64::new(id.0).map(id::GuildId::from)
}

pub fn serenity_channel(id: ChannelId) -> Option<id::ChannelId> {
    std::num::NonZeroU64::new(id.0).map(id::ChannelId::from)
}

pub fn serenity_user(id: MemberId) -> Option<id::UserId> {
    std::num::NonZeroU64::new(id.0).map(id::UserId::from)
}
