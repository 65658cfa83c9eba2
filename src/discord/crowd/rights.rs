//! What the bot may do in a guild's voice channels, worked out from roles and overwrites as Discord
//! documents it, and which channels are full or for the absent. Discord tells a bot its permissions
//! only for the channel of an interaction, and says nothing when it may not join.

use super::super::ids;
use crate::domain::ids::{ChannelId, GuildId, MemberId};
use serenity::all::{
    ChannelType, Guild, GuildChannel, PermissionOverwrite, PermissionOverwriteType, Permissions,
    Role,
};
use std::collections::HashMap;

#[derive(Debug, Default)]
pub struct Rights {
    /// By role; @everyone has the guild's id.
    roles: HashMap<u64, Permissions>,
    /// The bot's own, once they are known.
    own: Option<Vec<u64>>,
    doors: HashMap<ChannelId, Door>,
    /// Where Discord puts who is absent; nobody is heard there.
    afk: Option<ChannelId>,
}

#[derive(Debug)]
struct Door {
    overwrites: Vec<PermissionOverwrite>,
    /// Of a voice channel, 0 for none.
    user_limit: usize,
}

impl Rights {
    pub fn of(whole: &Guild, me: Option<MemberId>) -> Rights {
        let mut rights = Rights::default();
        whole.roles.values().for_each(|role| rights.note_role(role));
        whole
            .channels
            .values()
            .for_each(|channel| rights.note_channel(channel));
        let own = whole
            .members
            .values()
            .find(|it| Some(ids::member(it.user.id)) == me);
        rights.own = own.map(|it| it.roles.iter().map(|role| role.get()).collect());
        let afk = whole.afk_metadata.as_ref();
        rights.afk = afk.map(|afk| ids::channel(afk.afk_channel_id));
        rights
    }

    pub fn note_role(&mut self, role: &Role) {
        self.roles.insert(role.id.get(), role.permissions);
    }

    pub fn note_own(&mut self, roles: Vec<u64>) {
        self.own = Some(roles);
    }

    pub fn note_afk(&mut self, channel: Option<ChannelId>) {
        self.afk = channel;
    }

    pub fn note_channel(&mut self, channel: &GuildChannel) {
        if matches!(channel.kind, ChannelType::Voice | ChannelType::Stage) {
            let limit = channel.user_limit.unwrap_or(0);
            let door = Door {
                overwrites: channel.permission_overwrites.clone(),
                user_limit: usize::try_from(limit).unwrap_or(usize::MAX),
            };
            self.doors.insert(ids::channel(channel.id), door);
        }
    }

    pub fn forget_channel(&mut self, channel: ChannelId) {
        self.doors.remove(&channel);
    }

    pub fn is_afk(&self, channel: ChannelId) -> bool {
        self.afk == Some(channel)
    }

    /// How many people the channel holds; `None` for as many as like.
    pub fn limit(&self, channel: ChannelId) -> Option<usize> {
        let door = self.doors.get(&channel)?;
        Some(door.user_limit).filter(|limit| *limit > 0)
    }

    /// What the bot may do in the channel; `None` while that is not known for sure.
    pub fn within(
        &self,
        guild: GuildId,
        channel: ChannelId,
        me: Option<MemberId>,
    ) -> Option<Permissions> {
        let (own, door) = (self.own.as_ref()?, self.doors.get(&channel)?);
        let mut may = *self.roles.get(&guild.0)?;
        for role in own {
            may |= *self.roles.get(role)?;
        }
        if may.contains(Permissions::ADMINISTRATOR) {
            return Some(Permissions::all());
        }
        let (mut allow, mut deny) = (Permissions::empty(), Permissions::empty());
        let mut of_me = None;
        for overwrite in &door.overwrites {
            match overwrite.kind {
                PermissionOverwriteType::Role(role) if role.get() == guild.0 => {
                    may = (may - overwrite.deny) | overwrite.allow;
                }
                PermissionOverwriteType::Role(role) if own.contains(&role.get()) => {
                    allow |= overwrite.allow;
                    deny |= overwrite.deny;
                }
                PermissionOverwriteType::Member(member) if Some(ids::member(member)) == me => {
                    of_me = Some(overwrite);
                }
                _ => {}
            }
        }
        may = (may - deny) | allow;
        if let Some(overwrite) = of_me {
            may = (may - overwrite.deny) | overwrite.allow;
        }
        Some(may)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serenity::all::{RoleId, UserId};

    const GUILD: GuildId = GuildId(1);
    const ROOM: ChannelId = ChannelId(2);
    const ME: MemberId = MemberId(3);

    fn overwrite(
        kind: PermissionOverwriteType,
        allow: Permissions,
        deny: Permissions,
    ) -> PermissionOverwrite {
        PermissionOverwrite { allow, deny, kind }
    }

    fn rights(overwrites: Vec<PermissionOverwrite>) -> Rights {
        let everyone = Permissions::VIEW_CHANNEL | Permissions::CONNECT;
        let door = Door {
            overwrites,
            user_limit: 0,
        };
        Rights {
            roles: [(1, everyone), (7, Permissions::SPEAK)].into(),
            own: Some(vec![7]),
            doors: [(ROOM, door)].into(),
            afk: None,
        }
    }

    fn may(rights: &Rights) -> Permissions {
        rights.within(GUILD, ROOM, Some(ME)).unwrap()
    }

    #[test]
    fn overwrites_count_in_the_order_everyone_roles_member() {
        let (none, connect) = (Permissions::empty(), Permissions::CONNECT);
        let everyone = PermissionOverwriteType::Role(RoleId::new(1));
        let role = PermissionOverwriteType::Role(RoleId::new(7));
        let me = PermissionOverwriteType::Member(UserId::new(3));
        let other = PermissionOverwriteType::Member(UserId::new(4));
        let closed = overwrite(everyone, none, connect);
        assert!(may(&rights(vec![])).contains(connect | Permissions::SPEAK));
        assert!(!may(&rights(vec![closed.clone()])).contains(connect));
        let by_role = overwrite(role, connect, none);
        let both = vec![by_role, closed.clone()];
        assert!(may(&rights(both.clone())).contains(connect));
        let mut all = both;
        all.insert(0, overwrite(me, none, connect));
        assert!(!may(&rights(all)).contains(connect));
        let theirs = vec![overwrite(other, none, connect)];
        assert!(may(&rights(theirs)).contains(connect));
        let mut admin = rights(vec![closed]);
        admin.roles.insert(7, Permissions::ADMINISTRATOR);
        assert!(may(&admin).contains(connect));
    }

    #[test]
    fn what_is_not_known_is_not_guessed() {
        let mut unknown_role = rights(vec![]);
        unknown_role.note_own(vec![7, 8]);
        assert_eq!(unknown_role.within(GUILD, ROOM, Some(ME)), None);
        let known = rights(vec![]);
        assert_eq!(known.within(GUILD, ChannelId(9), Some(ME)), None);
        assert_eq!(Rights::default().within(GUILD, ROOM, Some(ME)), None);
    }
}
