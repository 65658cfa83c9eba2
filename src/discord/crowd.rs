//! Who is in which voice channel, what the guilds are called and which Discord stages are open, as
//! Discord last said. It is a memory of events, in their order; what they mean is for the stage to
//! say, and what is to be done about them for whoever follows [`Crowd::changes`].

mod rights;

pub use rights::Rights;

use crate::domain::ids::{ChannelId, GuildId, MemberId};
use crate::domain::protocol::Listener;
use serenity::all::Permissions;
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use tokio::sync::watch;

/// Clones share what they know.
#[derive(Clone, Debug, Default)]
pub struct Crowd {
    guilds: Arc<Mutex<HashMap<GuildId, Room>>>,
    followers: Arc<Mutex<HashMap<GuildId, watch::Sender<()>>>>,
    me: Arc<OnceLock<MemberId>>,
    /// By shard.
    sessions: Arc<Mutex<HashMap<u32, String>>>,
}

/// What is known of one guild.
#[derive(Debug, Default)]
pub struct Room {
    pub name: String,
    pub inside: HashMap<MemberId, Presence>,
    /// Its Discord stage channels.
    pub stage_channels: HashSet<ChannelId>,
    /// Its open Discord stages, by channel, with the id of the instance.
    pub instances: HashMap<ChannelId, u64>,
    pub rights: Rights,
}

/// Somebody in a voice channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Presence {
    pub listener: Listener,
    /// May not speak: in the audience of a Discord stage, or without the permission.
    pub hushed: bool,
    /// Muted by a moderator of the guild.
    pub muted: bool,
}

/// How a voice channel receives the bot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entrance {
    /// `None` while it is not known for sure.
    pub may: Option<Permissions>,
    pub is_stage: bool,
    pub is_afk: bool,
    pub is_full: bool,
}

impl Crowd {
    /// The bot's own user, once Discord has told it.
    pub fn me(&self) -> Option<MemberId> {
        self.me.get().copied()
    }

    /// Discord has told who the bot is. It stays the same for the life of the process.
    pub fn am(&self, me: MemberId) {
        self.me.get_or_init(|| me);
    }

    /// A gateway session has begun in place of the shard's last one.
    pub fn session_began(&self, shard: u32, session: String) {
        let mut sessions = self.sessions.lock().unwrap_or_else(PoisonError::into_inner);
        sessions.insert(shard, session);
    }

    /// Whether it is one of the sessions that are on now. What Discord says of a voice state of an
    /// older one concerns nobody any more.
    pub fn is_session(&self, session: &str) -> bool {
        let sessions = self.sessions.lock().unwrap_or_else(PoisonError::into_inner);
        sessions.values().any(|it| it == session)
    }

    /// The whole guild anew.
    pub fn replace(&self, guild: GuildId, room: Room) {
        self.with(|guilds| guilds.insert(guild, room));
        self.stir(guild);
    }

    pub fn forget(&self, guild: GuildId) {
        self.with(|guilds| guilds.remove(&guild));
        self.stir(guild);
    }

    /// One member's voice state, `None` for out of voice. Gives back how it was before.
    pub fn note(
        &self,
        guild: GuildId,
        member: MemberId,
        now: Option<Presence>,
    ) -> Option<Presence> {
        let before = self.with(|guilds| {
            let inside = &mut guilds.entry(guild).or_default().inside;
            match now {
                Some(presence) => inside.insert(member, presence),
                None => inside.remove(&member),
            }
        });
        self.stir(guild);
        before
    }

    /// Something about what the bot may do.
    pub fn learn(&self, guild: GuildId, change: impl FnOnce(&mut Rights)) {
        self.with(|guilds| change(&mut guilds.entry(guild).or_default().rights));
    }

    /// How a voice channel would receive the bot now.
    pub fn entrance(&self, guild: GuildId, channel: ChannelId) -> Option<Entrance> {
        let me = self.me();
        self.with(|guilds| {
            let room = guilds.get(&guild)?;
            let inside = room.inside.values();
            let others = inside.filter(|it| it.listener.channel == channel);
            let others = others.filter(|it| Some(it.listener.member) != me).count();
            let limit = room.rights.limit(channel);
            Some(Entrance {
                may: room.rights.within(guild, channel, me),
                is_stage: room.stage_channels.contains(&channel),
                is_afk: room.rights.is_afk(channel),
                is_full: limit.is_some_and(|limit| others >= limit),
            })
        })
    }

    /// There is a new Discord stage channel.
    pub fn note_stage_channel(&self, guild: GuildId, channel: ChannelId) {
        self.with(|guilds| {
            let room = guilds.entry(guild).or_default();
            room.stage_channels.insert(channel)
        });
        self.stir(guild);
    }

    /// A channel is gone.
    pub fn forget_channel(&self, guild: GuildId, channel: ChannelId) {
        self.with(|guilds| {
            if let Some(room) = guilds.get_mut(&guild) {
                room.stage_channels.remove(&channel);
                room.instances.remove(&channel);
                room.rights.forget_channel(channel);
            }
        });
        self.stir(guild);
    }

    /// The Discord stage in that channel: its instance, `None` for closed.
    pub fn note_instance(&self, guild: GuildId, channel: ChannelId, instance: Option<u64>) {
        self.with(|guilds| {
            let instances = &mut guilds.entry(guild).or_default().instances;
            match instance {
                Some(id) => instances.insert(channel, id),
                None => instances.remove(&channel),
            }
        });
        self.stir(guild);
    }

    /// The instance of the Discord stage that is open in that channel.
    pub fn instance_in(&self, guild: GuildId, channel: ChannelId) -> Option<u64> {
        self.with(|guilds| guilds.get(&guild)?.instances.get(&channel).copied())
    }

    pub fn is_stage_channel(&self, guild: GuildId, channel: ChannelId) -> bool {
        self.with(|guilds| {
            let room = guilds.get(&guild);
            room.is_some_and(|room| room.stage_channels.contains(&channel))
        })
    }

    /// The voice channel a member is in.
    pub fn channel_of(&self, guild: GuildId, member: MemberId) -> Option<ChannelId> {
        Some(self.presence(guild, member)?.listener.channel)
    }

    /// The name of a member who is in voice.
    pub fn name_of(&self, guild: GuildId, member: MemberId) -> Option<String> {
        Some(self.presence(guild, member)?.listener.name)
    }

    /// A member who is in voice.
    pub fn presence(&self, guild: GuildId, member: MemberId) -> Option<Presence> {
        self.with(|guilds| guilds.get(&guild)?.inside.get(&member).cloned())
    }

    /// Everyone in the guild's voice channels, in the order of their ids.
    pub fn listeners(&self, guild: GuildId) -> Vec<Listener> {
        let mut all: Vec<Listener> = self.with(|guilds| {
            let inside = guilds.get(&guild).map(|room| room.inside.values());
            let inside = inside.into_iter().flatten();
            inside.map(|presence| presence.listener.clone()).collect()
        });
        all.sort_by_key(|listener| listener.member);
        all
    }

    /// The guilds that this process serves, as far as Discord has told of them, in order.
    pub fn guilds(&self) -> Vec<GuildId> {
        let mut all: Vec<GuildId> = self.with(|guilds| guilds.keys().copied().collect());
        all.sort();
        all
    }

    pub fn guild_name(&self, guild: GuildId) -> Option<String> {
        self.with(|guilds| Some(guilds.get(&guild)?.name.clone()))
    }

    /// Wakes after every change of what is known of the guild.
    pub fn changes(&self, guild: GuildId) -> watch::Receiver<()> {
        let mut followers = self
            .followers
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        followers.entry(guild).or_default().subscribe()
    }

    fn stir(&self, guild: GuildId) {
        let followers = self
            .followers
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if let Some(follower) = followers.get(&guild) {
            follower.send_replace(());
        }
    }

    fn with<T>(&self, act: impl FnOnce(&mut HashMap<GuildId, Room>) -> T) -> T {
        act(&mut self.guilds.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[cfg(test)]
mod tests {
    use super::{Crowd, Presence, Rights, Room};
    use crate::domain::ids::{ChannelId, GuildId, MemberId};
    use crate::domain::protocol::Listener;

    fn listener(member: u64, channel: u64) -> Listener {
        Listener {
            member: MemberId(member),
            name: format!("member {member}"),
            bot: false,
            channel: ChannelId(channel),
            deaf: false,
            joined_at: None,
        }
    }

    fn presence(member: u64, channel: u64) -> Presence {
        Presence {
            listener: listener(member, channel),
            hushed: false,
            muted: false,
        }
    }

    fn home() -> Room {
        let inside = [presence(1, 10), presence(2, 10)];
        Room {
            name: "Home".to_owned(),
            inside: inside.map(|it| (it.listener.member, it)).into(),
            stage_channels: [ChannelId(10)].into(),
            instances: [(ChannelId(10), 5)].into(),
            rights: Rights::default(),
        }
    }

    #[test]
    fn a_new_session_takes_the_place_of_the_shards_last_one() {
        let crowd = Crowd::default();
        crowd.session_began(0, "first".to_owned());
        crowd.session_began(1, "other".to_owned());
        crowd.session_began(0, "second".to_owned());
        assert!(!crowd.is_session("first"));
        assert!(crowd.is_session("second") && crowd.is_session("other"));
    }

    #[test]
    fn the_crowd_remembers_the_last_word_about_each_member() {
        let (crowd, guild) = (Crowd::default(), GuildId(1));
        crowd.replace(guild, home());
        let before = crowd.note(guild, MemberId(2), Some(presence(2, 11)));
        assert_eq!(before, Some(presence(2, 10)));
        assert_eq!(crowd.note(guild, MemberId(1), None), Some(presence(1, 10)));
        assert_eq!(crowd.note(guild, MemberId(1), None), None);
        assert_eq!(crowd.listeners(guild), vec![listener(2, 11)]);
        assert_eq!(crowd.channel_of(guild, MemberId(2)), Some(ChannelId(11)));
        assert_eq!(crowd.guild_name(guild), Some("Home".to_owned()));
        crowd.forget(guild);
        assert!(crowd.listeners(guild).is_empty());
    }
    #[test]
    fn who_follows_is_woken_by_changes_of_their_guild_only() {
        let (crowd, guild) = (Crowd::default(), GuildId(1));
        let mut changes = crowd.changes(guild);
        changes.mark_unchanged();
        crowd.replace(GuildId(2), home());
        assert!(!changes.has_changed().unwrap());
        crowd.replace(guild, home());
        assert!(changes.has_changed().unwrap());
        changes.mark_unchanged();
        crowd.forget(guild);
        assert!(changes.has_changed().unwrap(), "it outlives the guild");
    }

    #[test]
    fn a_stage_channel_and_its_stage_are_known_until_they_are_gone() {
        let (crowd, guild, channel) = (Crowd::default(), GuildId(1), ChannelId(10));
        crowd.replace(guild, home());
        assert!(crowd.is_stage_channel(guild, channel));
        assert_eq!(crowd.instance_in(guild, channel), Some(5));
        crowd.note_instance(guild, channel, None);
        assert_eq!(crowd.instance_in(guild, channel), None);
        crowd.note_instance(guild, channel, Some(6));
        crowd.forget_channel(guild, channel);
        assert!(!crowd.is_stage_channel(guild, channel));
        assert_eq!(crowd.instance_in(guild, channel), None);
        crowd.note_stage_channel(guild, ChannelId(11));
        assert!(crowd.is_stage_channel(guild, ChannelId(11)));
    }
}
