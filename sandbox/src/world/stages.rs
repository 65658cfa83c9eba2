//! Stages open, change and close, by themselves too when nobody speaks any more; a voice channel's
//! status is written.

use super::{Id, StageInstance, World, intent};
use serde_json::{Value, json};

/// How long a stage without speakers stays open: "on the order of minutes", as Discord documents it.
pub(super) const SILENCE_LIMIT_MS: u64 = 5 * 60_000;

impl World {
    /// The voice channel status; `None` clears it.
    pub fn set_voice_status(&mut self, channel_id: Id, status: Option<&str>) {
        let Some(channel) = self.channels.get_mut(&channel_id) else {
            return;
        };
        channel.status = status.map(str::to_owned);
        let guild = channel.guild_id.map(|it| it.to_string());
        let data = json!({ "id": channel_id.to_string(), "guild_id": guild, "status": status });
        self.tell_channel(
            channel_id,
            intent::GUILDS,
            "VOICE_CHANNEL_STATUS_UPDATE",
            data,
        );
    }

    /// Opens the stage of a stage channel.
    pub fn open_stage(&mut self, channel_id: Id, topic: &str, privacy_level: u64) {
        let guild_id = self.channels.get(&channel_id).and_then(|it| it.guild_id);
        let Some(guild_id) = guild_id else { return };
        let instance = StageInstance {
            id: self.new_id(),
            guild_id,
            channel_id,
            topic: topic.to_owned(),
            privacy_level,
            silent_since_ms: None,
        };
        let data = instance.to_value();
        if let Some(guild) = self.guilds.get_mut(&guild_id) {
            guild.stage_instances.insert(channel_id, instance);
        }
        self.tell_stage(channel_id, "STAGE_INSTANCE_CREATE", data);
    }

    /// Changes an open stage; `None` stays.
    pub fn change_stage(&mut self, channel_id: Id, topic: Option<&str>, privacy: Option<u64>) {
        let guild = self.channels.get(&channel_id).and_then(|it| it.guild_id);
        let guild = guild.and_then(|id| self.guilds.get_mut(&id));
        let Some(found) = guild.and_then(|it| it.stage_instances.get_mut(&channel_id)) else {
            return;
        };
        if let Some(topic) = topic {
            topic.clone_into(&mut found.topic);
        }
        found.privacy_level = privacy.unwrap_or(found.privacy_level);
        let data = found.to_value();
        self.tell_stage(channel_id, "STAGE_INSTANCE_UPDATE", data);
    }

    /// Closes it; who is in the channel stays there.
    pub fn close_stage(&mut self, channel_id: Id) {
        let guild = self.channels.get(&channel_id).and_then(|it| it.guild_id);
        let guild = guild.and_then(|id| self.guilds.get_mut(&id));
        if let Some(closed) = guild.and_then(|it| it.stage_instances.remove(&channel_id)) {
            self.tell_stage(channel_id, "STAGE_INSTANCE_DELETE", closed.to_value());
        }
    }

    /// Closes the stages that have had no speaker for `silence_limit_ms`.
    pub fn close_silent_stages(&mut self, now_ms: u64) {
        let limit = self.silence_limit_ms;
        let mut silent = Vec::new();
        for guild in self.guilds.values_mut() {
            let states = &guild.voice_states;
            for (channel, stage) in &mut guild.stage_instances {
                let speaks = |it: &super::VoiceState| it.channel_id == *channel && it.is_speaker();
                if states.values().any(speaks) {
                    stage.silent_since_ms = None;
                } else {
                    let since = *stage.silent_since_ms.get_or_insert(now_ms);
                    if now_ms.saturating_sub(since) >= limit {
                        silent.push(*channel);
                    }
                }
            }
        }
        for channel in silent {
            self.close_stage(channel);
        }
    }

    fn tell_stage(&mut self, channel_id: Id, name: &'static str, data: Value) {
        self.tell_channel(channel_id, intent::GUILDS, name, data);
    }
}
