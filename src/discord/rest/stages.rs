//! Discord stage channels: their stages (Discord calls an open one an instance) and who speaks on
//! them. The same door as everything else; which stage is whose is not known here.

use super::{Rest, RestFailure, read, snowflake};
use crate::domain::moment::Moment;
use reqwest::Method;
use serde::Deserialize;
use serde_json::json;
use serenity::all::Timestamp;

/// Discord's `GUILD_ONLY`, the only privacy level of a stage that is not out of date.
const GUILD_ONLY: u8 = 2;

impl Rest {
    /// Opens the stage of a stage channel and gives back its instance; needs to be a moderator of
    /// it. `topic` has 1 to 120 characters. `Invalid` with [`RestFailure::STAGE_OPEN`] when it is
    /// open.
    pub async fn open_stage(&self, channel: u64, topic: &str) -> Result<u64, RestFailure> {
        #[derive(Deserialize)]
        struct Form {
            id: String,
        }
        let route = "POST stage-instances";
        let parcel = self.parcel(Method::POST, route, channel, &["stage-instances"]);
        let body = json!({
            "channel_id": channel.to_string(), "topic": topic, "privacy_level": GUILD_ONLY,
        });
        let form: Form = read(self.carry(parcel, body, Vec::new()).await?)?;
        snowflake(&form.id)
    }

    /// Gives an open stage another topic.
    pub async fn set_stage_topic(&self, channel: u64, topic: &str) -> Result<(), RestFailure> {
        let path = ["stage-instances", &channel.to_string()];
        let parcel = self.parcel(Method::PATCH, "PATCH stage-instances", channel, &path);
        let body = json!({ "topic": topic });
        self.carry(parcel, body, Vec::new()).await.map(drop)
    }

    /// Closes an open stage; who is in the channel stays there.
    pub async fn close_stage(&self, channel: u64) -> Result<(), RestFailure> {
        let path = ["stage-instances", &channel.to_string()];
        let parcel = self.parcel(Method::DELETE, "DELETE stage-instances", channel, &path);
        self.courier.carry(parcel).await.map(drop)
    }

    /// Invites a member of the audience to speak, or sends a speaker to the audience; needs Mute
    /// Members.
    pub async fn let_speak(
        &self,
        guild: u64,
        (channel, member): (u64, u64),
        speaks: bool,
    ) -> Result<(), RestFailure> {
        let (guild_text, member) = (guild.to_string(), member.to_string());
        let path = ["guilds", &guild_text, "voice-states", &member];
        let route = "PATCH guilds/voice-states/user";
        let parcel = self.parcel(Method::PATCH, route, guild, &path);
        let body = json!({ "channel_id": channel.to_string(), "suppress": !speaks });
        self.carry(parcel, body, Vec::new()).await.map(drop)
    }

    /// Becomes a speaker of the Discord stage channel the bot is in; needs Mute Members.
    pub async fn speak_on_stage(&self, guild: u64, channel: u64) -> Result<(), RestFailure> {
        let path = ["guilds", &guild.to_string(), "voice-states", "@me"];
        let parcel = self.parcel(Method::PATCH, "PATCH guilds/voice-states", guild, &path);
        let body = json!({ "channel_id": channel.to_string(), "suppress": false });
        self.carry(parcel, body, Vec::new()).await.map(drop)
    }

    /// Raises the bot's hand in the audience of a Discord stage channel.
    pub async fn ask_to_speak(
        &self,
        guild: u64,
        channel: u64,
        at: Moment,
    ) -> Result<(), RestFailure> {
        let path = ["guilds", &guild.to_string(), "voice-states", "@me"];
        let parcel = self.parcel(Method::PATCH, "PATCH guilds/voice-states", guild, &path);
        let at = Timestamp::from_unix_timestamp(at.0 / 1_000).unwrap_or_default();
        let body = json!({
            "channel_id": channel.to_string(), "request_to_speak_timestamp": at.to_string(),
        });
        self.carry(parcel, body, Vec::new()).await.map(drop)
    }
}
