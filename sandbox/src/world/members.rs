//! Members of guilds come, change and go.

use super::{Dispatch, Id, Member, User, World, intent, now_ms};
use serde_json::{Value, json};

impl World {
    /// Somebody joins. A bot gets a role of its own with these permissions by `invite`.
    pub fn add_member(&mut self, guild_id: Id, user_id: Id) {
        let Some(guild) = self.guilds.get_mut(&guild_id) else {
            return;
        };
        let member = Member {
            user_id,
            joined_at_ms: now_ms(),
            ..Member::default()
        };
        if guild.members.insert(user_id, member).is_some() {
            return;
        }
        self.tell_joined(guild_id, user_id);
    }

    pub(super) fn tell_joined(&mut self, guild_id: Id, user_id: Id) {
        let Some(guild) = self.guilds.get(&guild_id) else {
            return;
        };
        let mut member = self.member_value(guild, user_id);
        if let Some(fields) = member.as_object_mut() {
            fields.insert("guild_id".to_owned(), super::id(guild_id));
        }
        if self.applications.contains_key(&user_id) {
            let data = self.guild_create_value(guild, user_id, false);
            self.tell_bot_of_guild(user_id, guild_id, "GUILD_CREATE", data);
        }
        self.tell_guild(guild_id, intent::GUILD_MEMBERS, "GUILD_MEMBER_ADD", member);
    }

    /// Tells a bot that it came into the guild or is no longer in it.
    fn tell_bot_of_guild(&mut self, bot: Id, guild_id: Id, name: &'static str, data: Value) {
        self.tell(Dispatch {
            name,
            guild_id: Some(guild_id),
            bots: vec![bot],
            intents: intent::GUILDS,
            written: None,
            data,
        });
    }

    /// Somebody leaves, is kicked or banned: out of voice first.
    pub fn remove_member(&mut self, guild_id: Id, user_id: Id) {
        self.leave_voice(guild_id, user_id);
        let Some(guild) = self.guilds.get_mut(&guild_id) else {
            return;
        };
        if guild.members.remove(&user_id).is_none() {
            return;
        }
        if self.applications.contains_key(&user_id) {
            guild.roles.retain(|_, role| role.bot_id != Some(user_id));
            let data = json!({ "id": guild_id.to_string() });
            self.tell_bot_of_guild(user_id, guild_id, "GUILD_DELETE", data);
        }
        let user = self.users.get(&user_id).map(User::to_value);
        let data = json!({ "guild_id": guild_id.to_string(), "user": user });
        self.tell_guild(guild_id, intent::GUILD_MEMBERS, "GUILD_MEMBER_REMOVE", data);
    }

    /// A member changed: nick, roles or time-out.
    pub fn member_changed(&mut self, guild_id: Id, user_id: Id) {
        let Some(guild) = self.guilds.get(&guild_id) else {
            return;
        };
        let mut data = self.member_value(guild, user_id);
        if let Some(fields) = data.as_object_mut() {
            fields.insert("guild_id".to_owned(), super::id(guild_id));
        }
        let name = "GUILD_MEMBER_UPDATE";
        let mut bots = self.bots_of(guild_id);
        bots.retain(|bot| *bot != user_id);
        // A bot learns of its own changes without the intent.
        if self.applications.contains_key(&user_id) {
            self.tell_bot(user_id, Some(guild_id), name, data.clone());
        }
        self.tell(Dispatch {
            name,
            guild_id: Some(guild_id),
            bots,
            intents: intent::GUILD_MEMBERS,
            written: None,
            data,
        });
    }

    /// Gives or takes a role.
    pub fn set_role(&mut self, guild_id: Id, user_id: Id, role_id: Id, has: bool) {
        let guild = self.guilds.get_mut(&guild_id);
        let Some(member) = guild.and_then(|it| it.members.get_mut(&user_id)) else {
            return;
        };
        let changed = if has {
            member.roles.insert(role_id)
        } else {
            member.roles.remove(&role_id)
        };
        if changed {
            self.member_changed(guild_id, user_id);
        }
    }

    /// Bans somebody, who is out then, or lifts the ban.
    pub fn ban(&mut self, guild_id: Id, user_id: Id, banned: bool) {
        let Some(guild) = self.guilds.get_mut(&guild_id) else {
            return;
        };
        let (changed, name) = if banned {
            (guild.banned.insert(user_id), "GUILD_BAN_ADD")
        } else {
            (guild.banned.remove(&user_id), "GUILD_BAN_REMOVE")
        };
        if banned {
            self.remove_member(guild_id, user_id);
        }
        if changed {
            let user = self.users.get(&user_id).map(User::to_value);
            let data = json!({ "guild_id": guild_id.to_string(), "user": user });
            self.tell_guild(guild_id, intent::GUILD_MODERATION, name, data);
        }
    }
}
