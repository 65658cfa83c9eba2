//! Webhooks are made, named and taken away.

use super::{Id, Webhook, World, intent};
use serde_json::json;

impl World {
    /// Keeps a new webhook; id and token are given here.
    pub fn add_webhook(&mut self, webhook: Webhook) -> Id {
        let id = self.new_id();
        let channel_id = webhook.channel_id;
        let token = super::new_token(id);
        let webhook = Webhook {
            id,
            token,
            ..webhook
        };
        self.webhooks.insert(id, webhook);
        self.tell_webhooks(channel_id);
        id
    }

    pub fn rename_webhook(&mut self, id: Id, name: Option<&str>) {
        let Some(webhook) = self.webhooks.get_mut(&id) else {
            return;
        };
        if let Some(name) = name {
            name.clone_into(&mut webhook.name);
        }
        let channel_id = webhook.channel_id;
        self.tell_webhooks(channel_id);
    }

    pub fn remove_webhook(&mut self, id: Id) {
        if let Some(webhook) = self.webhooks.remove(&id) {
            self.tell_webhooks(webhook.channel_id);
        }
    }

    fn tell_webhooks(&mut self, channel_id: Id) {
        let mut data = json!({ "channel_id": channel_id.to_string() });
        self.add_guild(channel_id, &mut data);
        self.tell_channel(channel_id, intent::GUILD_WEBHOOKS, "WEBHOOKS_UPDATE", data);
    }
}
