//! Messages are pinned and get their flags.

use super::{Draft, Id, World, intent, now_ms, timestamp};
use serde_json::json;

/// Discord's message type for "pinned a message to this channel".
const PINNED: u8 = 6;

impl World {
    /// Pins or unpins a message.
    pub fn pin(&mut self, base: &str, (channel_id, id): (Id, Id), pinned: bool) {
        self.alter(base, (channel_id, id), |message| message.pinned = pinned);
        let mut data = json!({
            "channel_id": channel_id.to_string(), "last_pin_timestamp": timestamp(now_ms()),
        });
        self.add_guild(channel_id, &mut data);
        let intents = self.either(channel_id, intent::GUILDS, intent::DIRECT_MESSAGES);
        self.tell_channel(channel_id, intents, "CHANNEL_PINS_UPDATE", data);
    }

    /// The message in the channel that tells of a pin.
    pub fn tell_of_pin(&mut self, base: &str, (channel_id, id): (Id, Id), author_id: Id) {
        let draft = Draft {
            author_id,
            reference: Some(id),
            kind: PINNED,
            ..Draft::default()
        };
        self.post(base, channel_id, draft);
    }

    /// Sets a message's flags.
    pub(super) fn flag(&mut self, base: &str, place: (Id, Id), flags: u64) {
        self.alter(base, place, |message| message.flags = flags);
    }
}
