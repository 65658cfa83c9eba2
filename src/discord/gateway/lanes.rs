//! One lane for each guild, so that a guild's events keep their order and guilds do not wait for
//! each other. Knows of an event only which guild it belongs to.

use super::super::{SharedDesk, ids};
use super::{Doors, events};
use crate::domain::ids::GuildId;
use serenity::all::Interaction;
use serenity::model::event::Event;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::mpsc;

/// Events waiting in one lane; when it is full, the queue before all lanes waits.
const LANE_LIMIT: usize = 1_024;

pub(super) struct Lanes {
    desk: SharedDesk,
    doors: Doors,
    by_guild: Mutex<HashMap<GuildId, mpsc::Sender<Event>>>,
}

impl Lanes {
    pub(super) fn new(desk: SharedDesk, doors: Doors) -> Lanes {
        Lanes {
            desk,
            doors,
            by_guild: Mutex::default(),
        }
    }

    /// Puts the event into its guild's lane; one of no guild is heard at once.
    pub(super) async fn forward(&self, event: Event) {
        let Some(guild) = guild_of(&event) else {
            events::hear_outside(&self.desk, self.doors, event);
            return;
        };
        if self.lane(guild).send(event).await.is_err() {
            tracing::error!(guild.id = %guild, "a lane has broken and is laid anew");
            let mut lanes = self.by_guild.lock().unwrap_or_else(PoisonError::into_inner);
            lanes.remove(&guild);
        }
    }

    fn lane(&self, guild: GuildId) -> mpsc::Sender<Event> {
        let mut lanes = self.by_guild.lock().unwrap_or_else(PoisonError::into_inner);
        let lane = lanes.entry(guild).or_insert_with(|| {
            let (sender, mut events) = mpsc::channel(LANE_LIMIT);
            let (desk, doors) = (Arc::clone(&self.desk), self.doors);
            self.desk.tasks.spawn(async move {
                while let Some(event) = events.recv().await {
                    events::hear(&desk, doors, (guild, event)).await;
                }
            });
            sender
        });
        lane.clone()
    }
}

/// The guild an event belongs to, for the kinds of event that are heard.
fn guild_of(event: &Event) -> Option<GuildId> {
    let guild = match event {
        Event::GuildCreate(event) => event.guild.id,
        Event::GuildDelete(event) => event.guild.id,
        Event::ChannelCreate(event) => event.channel.guild_id,
        Event::ChannelDelete(event) => event.channel.guild_id,
        Event::StageInstanceCreate(event) => event.stage_instance.guild_id,
        Event::StageInstanceUpdate(event) => event.stage_instance.guild_id,
        Event::StageInstanceDelete(event) => event.stage_instance.guild_id,
        Event::GuildMemberRemove(event) => event.guild_id,
        Event::VoiceStateUpdate(event) => event.voice_state.guild_id?,
        Event::MessageCreate(event) => event.message.guild_id?,
        Event::MessageDelete(event) => event.guild_id?,
        Event::MessageDeleteBulk(event) => event.guild_id?,
        Event::ReactionAdd(event) => event.reaction.guild_id?,
        Event::ReactionRemove(event) => event.reaction.guild_id?,
        Event::InteractionCreate(event) => match &event.interaction {
            Interaction::Command(it) | Interaction::Autocomplete(it) => it.guild_id?,
            Interaction::Component(it) => it.guild_id?,
            Interaction::Modal(it) => it.guild_id?,
            _ => return None,
        },
        Event::Unknown(event) => {
            let id = event.value.get("guild_id")?.as_str()?;
            return Some(GuildId(id.parse().ok()?));
        }
        _ => return None,
    };
    Some(ids::guild(guild))
}
