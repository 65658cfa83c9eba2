//! Who is in which voice channel and what the guilds are called, as Discord last said. It is a
//! memory of events, in their order; what they mean is for the stage to say.

use crate::domain::ids::{ChannelId, GuildId, MemberId};
use crate::domain::protocol::Listener;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// Clones share what they know.
#[derive(Clone, Debug, Default)]
pub struct Crowd {
    guilds: Arc<Mutex<HashMap<GuildId, Room>>>,
    me: Arc<OnceLock<MemberId>>,
    /// By shard.
    sessions: Arc<Mutex<HashMap<u32, String>>>,
}

#[derive(Debug, Default)]
struct Room {
    name: String,
    inside: HashMap<MemberId, Listener>,
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

    /// The whole guild anew: its name and everyone in its voice channels.
    pub fn replace(&self, guild: GuildId, name: String, inside: Vec<Listener>) {
        let inside = inside.into_iter().map(|it| (it.member, it)).collect();
        self.with(|guilds| guilds.insert(guild, Room { name, inside }));
    }

    pub fn forget(&self, guild: GuildId) {
        self.with(|guilds| guilds.remove(&guild));
    }

    /// One member's voice state, `None` for out of voice. Gives back where they were before.
    pub fn note(
        &self,
        guild: GuildId,
        member: MemberId,
        now: Option<Listener>,
    ) -> Option<ChannelId> {
        let before = self.with(|guilds| {
            let inside = &mut guilds.entry(guild).or_default().inside;
            match now {
                Some(listener) => inside.insert(member, listener),
                None => inside.remove(&member),
            }
        });
        before.map(|listener| listener.channel)
    }

    /// The voice channel a member is in.
    pub fn channel_of(&self, guild: GuildId, member: MemberId) -> Option<ChannelId> {
        self.with(|guilds| Some(guilds.get(&guild)?.inside.get(&member)?.channel))
    }

    /// The name of a member who is in voice.
    pub fn name_of(&self, guild: GuildId, member: MemberId) -> Option<String> {
        self.with(|guilds| Some(guilds.get(&guild)?.inside.get(&member)?.name.clone()))
    }

    /// Everyone in the guild's voice channels, in the order of their ids.
    pub fn listeners(&self, guild: GuildId) -> Vec<Listener> {
        let mut all: Vec<_> = self.with(|guilds| {
            let room = guilds.get(&guild);
            room.map(|room| room.inside.values().cloned().collect())
                .unwrap_or_default()
        });
        all.sort_by_key(|listener: &Listener| listener.member);
        all
    }

    pub fn guild_name(&self, guild: GuildId) -> Option<String> {
        self.with(|guilds| Some(guilds.get(&guild)?.name.clone()))
    }

    fn with<T>(&self, act: impl FnOnce(&mut HashMap<GuildId, Room>) -> T) -> T {
        act(&mut self.guilds.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[cfg(test)]
mod tests {
    use super::Crowd;
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
        crowd.replace(
            guild,
            "Home".to_owned(),
            vec![listener(1, 10), listener(2, 10)],
        );
        let before = crowd.note(guild, MemberId(2), Some(listener(2, 11)));
        assert_eq!(before, Some(ChannelId(10)));
        assert_eq!(crowd.note(guild, MemberId(1), None), Some(ChannelId(10)));
        assert_eq!(crowd.note(guild, MemberId(1), None), None);
        assert_eq!(crowd.listeners(guild), vec![listener(2, 11)]);
        assert_eq!(crowd.channel_of(guild, MemberId(2)), Some(ChannelId(11)));
        assert_eq!(crowd.guild_name(guild), Some("Home".to_owned()));
        crowd.forget(guild);
        assert!(crowd.listeners(guild).is_empty());
    }
}
