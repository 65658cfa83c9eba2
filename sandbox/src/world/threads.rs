//! Threads open, and members come into them and go.

use super::{Channel, Id, World, intent};
use serde_json::json;

/// Discord's message flag for a message that a thread hangs on.
const HAS_THREAD: u64 = 1 << 5;

impl World {
    /// Opens a thread. One that hangs on a message has the message's id.
    pub fn open_thread(&mut self, base: &str, thread: Channel, message: Option<Id>) -> Id {
        let parent = thread.parent_id;
        let id = match message {
            Some(id) => self.add_channel_as(id, thread),
            None => self.add_channel(thread),
        };
        if let (Some(message), Some(parent)) = (message, parent) {
            let flags = self.message(parent, message).map_or(0, |it| it.flags);
            self.flag(base, (parent, message), flags | HAS_THREAD);
        }
        id
    }

    /// Somebody comes into a thread or leaves it.
    pub fn set_thread_member(&mut self, thread_id: Id, user_id: Id, is_in: bool) {
        let Some(channel) = self.channels.get_mut(&thread_id) else {
            return;
        };
        let guild_id = channel.guild_id;
        let Some(thread) = &mut channel.thread else {
            return;
        };
        let changed = if is_in {
            thread.members.insert(user_id)
        } else {
            thread.members.remove(&user_id)
        };
        if !changed {
            return;
        }
        let mut data = json!({
            "id": thread_id.to_string(), "guild_id": guild_id.map(|it| it.to_string()),
            "member_count": thread.members.len(),
        });
        let joined = json!([{
            "id": thread_id.to_string(), "user_id": user_id.to_string(),
            "join_timestamp": super::timestamp(super::now_ms()), "flags": 0,
        }]);
        let (key, list) = if is_in {
            ("added_members", joined)
        } else {
            ("removed_member_ids", json!([user_id.to_string()]))
        };
        if let Some(fields) = data.as_object_mut() {
            fields.insert(key.to_owned(), list);
        }
        // Without the intent a bot learns of itself alone.
        let mut others = self.bots_that_see_id(thread_id);
        others.retain(|it| *it != user_id);
        if self.applications.contains_key(&user_id) {
            self.tell_bot(user_id, guild_id, "THREAD_MEMBERS_UPDATE", data.clone());
        }
        self.tell(super::Dispatch {
            name: "THREAD_MEMBERS_UPDATE",
            guild_id,
            bots: others,
            intents: intent::GUILD_MEMBERS,
            written: None,
            data,
        });
    }

    fn bots_that_see_id(&self, channel_id: Id) -> Vec<Id> {
        let channel = self.channels.get(&channel_id);
        channel.map_or_else(Vec::new, |it| self.bots_that_see(it))
    }
}
