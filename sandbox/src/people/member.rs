//! A person in a guild.

use super::{Bot, Hearing, NotSeen, Seen, until};
use crate::error::ApiError;
use crate::interactions::{At, ClientRefusal, Given, Outcome};
use crate::permissions::{
    ADD_REACTIONS, MANAGE_CHANNELS, MOVE_MEMBERS, MUTE_MEMBERS, READ_MESSAGE_HISTORY,
    SEND_MESSAGES, VIEW_CHANNEL, has,
};
use crate::world::{Dispatch, Draft, Hub, Id, VoiceChange, VoiceState, intent};
use bytes::Bytes;
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;

/// How long anything may take to be answered in the end, a deferred answer included.
const ANSWER_LIMIT: Duration = Duration::from_secs(30);

/// A person in a guild, looking at one of its channels. Clones are the same person.
#[derive(Clone, Debug)]
pub struct Member {
    pub(super) hub: Arc<Hub>,
    pub id: Id,
    pub guild_id: Id,
    /// The channel they look at, where they type commands and messages.
    pub channel_id: Id,
    pub name: String,
}

/// What came back.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    Said(Box<Seen>),
    /// A form opened; the interaction to give to `submit`.
    Form {
        interaction: Id,
        form: Value,
    },
    /// The message on which the button stands was left or changed.
    Updated,
}

/// Nothing came back.
#[derive(Debug, thiserror::Error)]
pub enum Unanswered {
    #[error("the client does not send it: {0}")]
    Client(#[from] ClientRefusal),
    /// "The application did not respond", after 3 s.
    #[error("the application did not respond")]
    NoResponse,
    #[error("the application thought for {ANSWER_LIMIT:?}")]
    StillThinking,
}

impl Member {
    /// Shows themselves by this picture, a PNG file, from now on.
    pub fn show_picture(&self, png: Bytes) {
        if let Some(user) = self.hub.world().users.get_mut(&self.id) {
            user.avatar = Some((format!("{:032x}", png.len()), png));
        }
    }
}

impl Answer {
    /// Everything there is to read; empty for a form.
    pub fn text(&self) -> &str {
        match self {
            Self::Said(seen) => &seen.text,
            _ => "",
        }
    }

    pub fn seen(&self) -> Option<&Seen> {
        match self {
            Self::Said(seen) => Some(seen),
            _ => None,
        }
    }
}

impl Member {
    pub fn new(hub: &Arc<Hub>, guild_id: Id, id: Id, channel_id: Id) -> Self {
        let name = hub
            .world()
            .users
            .get(&id)
            .map(|user| user.global_name.clone().unwrap_or(user.name.clone()));
        let name = name.unwrap_or_default();
        Self {
            hub: Arc::clone(hub),
            id,
            guild_id,
            channel_id,
            name,
        }
    }

    /// The same person, looking at another channel.
    #[must_use]
    pub fn looking_at(&self, channel_id: Id) -> Self {
        Self {
            channel_id,
            ..self.clone()
        }
    }

    fn at(&self) -> At {
        At {
            user_id: self.id,
            channel_id: self.channel_id,
        }
    }

    /// Goes into the voice channel, looks at its chat and listens. False if they may not.
    pub fn join_voice(&mut self, channel_id: Id) -> bool {
        let mut world = self.hub.world();
        if !world.may_join(channel_id, self.id) {
            return false;
        }
        if let Some(voice) = self.hub.voice() {
            voice.ears().listen(self.id);
        }
        world.enter_voice(channel_id, self.id, VoiceChange::default());
        self.channel_id = channel_id;
        true
    }

    pub fn leave_voice(&self) {
        self.hub.world().leave_voice(self.guild_id, self.id);
    }

    /// Deafens or undeafens themselves. False when not in voice.
    pub fn deafen(&self, deaf: bool) -> bool {
        let change = VoiceChange {
            self_deaf: Some(deaf),
            ..VoiceChange::default()
        };
        self.hub
            .world()
            .change_voice(self.guild_id, self.id, change)
    }

    /// Lets somebody in the audience of a stage channel speak, as its moderators can. False where
    /// they may not, or the other is not in one.
    pub fn let_speak(&self, user: Id) -> bool {
        let mut world = self.hub.world();
        let guild = world.guilds.get(&self.guild_id);
        let state = guild.and_then(|it| it.voice_states.get(&user));
        let channel = state.map(|it| it.channel_id).unwrap_or_default();
        if world.channel_for(channel, self.id, MUTE_MEMBERS).is_err() {
            return false;
        }
        let change = VoiceChange {
            suppress: Some(false),
            request_to_speak: Some(false),
            ..VoiceChange::default()
        };
        world.change_voice(self.guild_id, user, change)
    }

    /// Answers an invitation to speak on a stage. False where there is none.
    pub fn answer_invitation(&self, accepts: bool) -> bool {
        let mut world = self.hub.world();
        let guild = world.guilds.get(&self.guild_id);
        let state = guild.and_then(|it| it.voice_states.get(&self.id));
        if !state.is_some_and(|it| !it.suppress && it.request_to_speak_ms.is_some()) {
            return false;
        }
        let change = VoiceChange {
            suppress: Some(!accepts),
            request_to_speak: Some(false),
            ..VoiceChange::default()
        };
        world.change_voice(self.guild_id, self.id, change)
    }

    /// Their own voice state, while they are in voice.
    pub fn voice_state(&self) -> Option<VoiceState> {
        let world = self.hub.world();
        let guild = world.guilds.get(&self.guild_id)?;
        guild.voice_states.get(&self.id).cloned()
    }

    /// Starts the stage of a stage channel, as its moderators can. False where they may not, or it
    /// is open already.
    pub fn start_stage(&self, channel_id: Id, topic: &str) -> bool {
        let mut world = self.hub.world();
        let crew = MANAGE_CHANNELS | MUTE_MEMBERS | MOVE_MEMBERS;
        let guild = world.guilds.get(&self.guild_id);
        let is_open = guild.is_none_or(|it| it.stage_instances.contains_key(&channel_id));
        if is_open || world.channel_for(channel_id, self.id, crew).is_err() {
            return false;
        }
        world.open_stage(channel_id, topic, 2);
        true
    }

    /// Runs a command and waits for what it says in the end.
    pub async fn slash(
        &self,
        bot: &Bot,
        path: &str,
        options: Vec<(&str, Given)>,
    ) -> Result<Answer, Unanswered> {
        let options = options
            .into_iter()
            .map(|(name, given)| (name.to_owned(), given))
            .collect();
        let asked = self.hub.slash(self.at(), bot.id, path, options)?;
        self.answer_to(asked).await
    }

    /// What the client suggests while the member types: names and values.
    pub async fn suggestions(
        &self,
        bot: &Bot,
        path: &str,
        (option, typed): (&str, &str),
    ) -> Result<Vec<Value>, Unanswered> {
        let options = vec![(option.to_owned(), Given::Text(typed.to_owned()))];
        let asked = self
            .hub
            .autocomplete(self.at(), bot.id, path, options, option)?;
        let look = |hub: &Hub| match hub.outcome(asked) {
            Outcome::Choices(choices) => Some(Ok(choices)),
            Outcome::Waiting => None,
            _ => Some(Err(Unanswered::NoResponse)),
        };
        until(&self.hub, ANSWER_LIMIT, look)
            .await
            .unwrap_or(Err(Unanswered::NoResponse))
    }

    /// Presses the button with these words on it.
    pub async fn press(&self, message: &Seen, words: &str) -> Result<Answer, Unanswered> {
        let button = message.button(words);
        let id = button.map_or_else(|| words.to_owned(), |button| button.custom_id.clone());
        let asked = self.hub.press(self.at(), message.id, &id)?;
        self.answer_to(asked).await
    }

    /// Chooses in a select.
    pub async fn choose(
        &self,
        message: &Seen,
        custom_id: &str,
        values: &[&str],
    ) -> Result<Answer, Unanswered> {
        let values = values.iter().map(ToString::to_string).collect();
        let asked = self.hub.select(self.at(), message.id, custom_id, values)?;
        self.answer_to(asked).await
    }

    /// Fills in the form that `interaction` opened.
    pub async fn submit(
        &self,
        interaction: Id,
        fields: &[(&str, &str)],
    ) -> Result<Answer, Unanswered> {
        let fields = fields
            .iter()
            .map(|(id, text)| ((*id).to_owned(), (*text).to_owned()));
        let asked = self.hub.submit(self.at(), interaction, fields.collect())?;
        self.answer_to(asked).await
    }

    async fn answer_to(&self, asked: Id) -> Result<Answer, Unanswered> {
        let look = |hub: &Hub| match hub.outcome(asked) {
            Outcome::Waiting | Outcome::Thinking { .. } => None,
            Outcome::Failed => Some(Err(Unanswered::NoResponse)),
            Outcome::Answered { message } => {
                let seen = self.seen(message)?;
                Some(Ok(Answer::Said(Box::new(seen))))
            }
            Outcome::Modal(form) => Some(Ok(Answer::Form {
                interaction: asked,
                form,
            })),
            Outcome::Updated | Outcome::Choices(_) => Some(Ok(Answer::Updated)),
        };
        until(&self.hub, ANSWER_LIMIT, look)
            .await
            .unwrap_or(Err(Unanswered::StillThinking))
    }

    /// Writes into the channel they look at.
    pub fn say(&self, text: &str) -> Result<Id, ApiError> {
        let base = self.hub.addresses().rest;
        let mut world = self.hub.world();
        world.channel_for(self.channel_id, self.id, SEND_MESSAGES)?;
        let draft = Draft {
            author_id: self.id,
            content: text.to_owned(),
            ..Draft::default()
        };
        Ok(world.post(&base, self.channel_id, draft))
    }

    pub fn react(&self, message: &Seen, emoji: &str) -> Result<(), ApiError> {
        let mut world = self.hub.world();
        let is_new = message_lacks(&world, message, emoji);
        let wanted = if is_new {
            READ_MESSAGE_HISTORY | ADD_REACTIONS
        } else {
            READ_MESSAGE_HISTORY
        };
        world.channel_for(message.channel_id, self.id, wanted)?;
        world.react((message.channel_id, message.id), self.id, emoji)
    }

    pub fn unreact(&self, message: &Seen, emoji: &str) -> Result<(), ApiError> {
        let mut world = self.hub.world();
        world.channel_for(message.channel_id, self.id, VIEW_CHANNEL)?;
        world.unreact((message.channel_id, message.id), self.id, emoji)
    }

    /// Sends an emoji as an effect into the voice channel they are in, of which the bots learn that
    /// are connected there. False when in none.
    pub fn effect(&self, emoji: &str) -> bool {
        let mut world = self.hub.world();
        let guild = world.guilds.get(&self.guild_id);
        let Some(channel) = guild
            .and_then(|it| it.voice_states.get(&self.id))
            .map(|it| it.channel_id)
        else {
            return false;
        };
        let data = json!({
            "channel_id": channel.to_string(), "guild_id": self.guild_id.to_string(),
            "user_id": self.id.to_string(), "emoji": { "id": null, "name": emoji },
            "animation_type": 1, "animation_id": 1,
        });
        let mut bots = world.bots_of(self.guild_id);
        bots.retain(|bot| {
            let guild = world.guilds.get(&self.guild_id);
            let state = guild.and_then(|it| it.voice_states.get(bot));
            state.is_some_and(|it| it.channel_id == channel)
        });
        world.tell(Dispatch {
            name: "VOICE_CHANNEL_EFFECT_SEND",
            guild_id: Some(self.guild_id),
            bots,
            intents: intent::GUILD_VOICE_STATES,
            written: None,
            data,
        });
        true
    }

    /// Everything that stands in the channel they look at, oldest first.
    pub fn sees(&self) -> Vec<Seen> {
        let base = self.hub.addresses().rest;
        let world = self.hub.world();
        let all = world.messages_for(self.channel_id, self.id);
        all.map(|it| Seen::of(world.message_value(it, &base, self.id)))
            .collect()
    }

    /// One message, wherever it is, if they see it.
    pub fn seen(&self, message: Id) -> Option<Seen> {
        let base = self.hub.addresses().rest;
        let world = self.hub.world();
        let found = world.messages.values().find_map(|all| all.get(&message))?;
        let channel = world.channels.get(&found.channel_id)?;
        let is_visible = match found.ephemeral_to {
            Some(reader) => reader == self.id,
            None => has(
                world.rights_in(channel, self.id),
                VIEW_CHANNEL | READ_MESSAGE_HISTORY,
            ),
        };
        is_visible.then(|| Seen::of(world.message_value(found, &base, self.id)))
    }

    /// Waits for a message in the channel they look at; the newest that fits.
    pub async fn wait_to_see(
        &self,
        what: &str,
        limit: Duration,
        fits: impl Fn(&Seen) -> bool,
    ) -> Result<Seen, NotSeen> {
        let found = until(&self.hub, limit, |_| {
            self.sees().into_iter().rev().find(|it| fits(it))
        })
        .await;
        found.ok_or_else(|| {
            let all = self.sees();
            let all: Vec<String> = all
                .iter()
                .map(|it| format!("[{}] {}", it.author, it.text))
                .collect();
            NotSeen {
                what: what.to_owned(),
                limit,
                instead: all.join("\n"),
            }
        })
    }

    /// What they heard since they first joined a voice channel.
    pub fn hears(&self) -> Hearing {
        let recording = self
            .hub
            .voice()
            .map(|voice| voice.ears().recording(self.id));
        Hearing(recording.unwrap_or_default())
    }

    /// The Opus packets that reached them, as they were sent.
    pub fn packets(&self) -> Vec<Arc<[u8]>> {
        let voice = self.hub.voice();
        voice.map_or_else(Vec::new, |voice| voice.ears().packets(self.id))
    }

    /// Milliseconds of sound that reached them so far.
    pub fn heard_ms(&self) -> u64 {
        self.hub
            .voice()
            .map_or(0, |voice| voice.ears().heard_ms(self.id))
    }
}

fn message_lacks(world: &crate::world::World, message: &Seen, emoji: &str) -> bool {
    let there = world.message(message.channel_id, message.id);
    there.is_none_or(|it| it.reactions.iter().all(|reaction| reaction.emoji != emoji))
}
