//! Who is in which voice channel. The voice server and the ears follow in the same breath.

use super::{ChannelKind, Guild, Id, VoiceState, World, intent, now_ms};
use crate::ears::Place;
use crate::permissions::{CONNECT, MOVE_MEMBERS, MUTE_MEMBERS, SPEAK, VIEW_CHANNEL, has};
use crate::voice::Whereabouts;
use serde_json::json;

/// What changes of somebody's voice state; `None` stays.
#[derive(Clone, Copy, Debug, Default)]
pub struct VoiceChange {
    pub deaf: Option<bool>,
    pub mute: Option<bool>,
    pub self_deaf: Option<bool>,
    pub self_mute: Option<bool>,
    pub suppress: Option<bool>,
    /// `Some(true)` raises the hand now, `Some(false)` lowers it.
    pub request_to_speak: Option<bool>,
}

impl World {
    /// Whether the user can go into the channel by themselves: they see it, may connect, and it is
    /// not full (who may move members gets in anyway).
    pub fn may_join(&self, channel_id: Id, user_id: Id) -> bool {
        let Some(channel) = self.channels.get(&channel_id) else {
            return false;
        };
        let rights = self.rights_in(channel, user_id);
        if !channel.kind.is_voice() || !has(rights, VIEW_CHANNEL | CONNECT) {
            return false;
        }
        let guild = channel.guild_id.and_then(|id| self.guilds.get(&id));
        let inside = guild.map_or(0, |guild| {
            let states = guild.voice_states.values();
            states
                .filter(|it| it.channel_id == channel_id && it.user_id != user_id)
                .count()
        });
        let is_full = channel.user_limit > 0 && inside >= channel.user_limit as usize;
        !is_full || has(rights, MOVE_MEMBERS)
    }

    /// Puts the user into the channel, by their own wish or somebody else's; whether that is allowed
    /// has been looked at. A bot is told of its voice server after its state.
    pub fn enter_voice(&mut self, channel_id: Id, user_id: Id, change: VoiceChange) {
        let session = format!("{:032x}", self.new_id());
        let state = self.channels.get(&channel_id).and_then(|it| it.guild_id);
        let state = state.and_then(|id| self.guilds.get(&id)?.voice_states.get(&user_id));
        let session = state.map_or(session, |it| it.session_id.clone());
        self.enter_voice_as((channel_id, user_id), &session, change);
    }

    /// The same for a client with this gateway session; one that had another gets a new connection.
    pub fn enter_voice_as(
        &mut self,
        (channel_id, user_id): (Id, Id),
        session: &str,
        change: VoiceChange,
    ) {
        let Some(channel) = self.channels.get(&channel_id) else {
            return;
        };
        let Some(guild_id) = channel.guild_id else {
            return;
        };
        let is_stage = channel.kind == ChannelKind::Stage;
        let rights = self.rights_in(channel, user_id);
        let may_speak = has(rights, MUTE_MEMBERS) && !self.applications.contains_key(&user_id);
        let Some(guild) = self.guilds.get_mut(&guild_id) else {
            return;
        };
        let before = guild.voice_states.get(&user_id).cloned();
        let mut state = before.clone().unwrap_or_else(|| VoiceState {
            user_id,
            ..VoiceState::default()
        });
        let moves = before.as_ref().is_none_or(|it| it.channel_id != channel_id);
        if moves {
            state.channel_id = channel_id;
            let is_afk = guild.afk_channel_id == Some(channel_id);
            state.suppress = is_stage && !may_speak || !is_stage && !has(rights, SPEAK) || is_afk;
            state.request_to_speak_ms = None;
        }
        session.clone_into(&mut state.session_id);
        apply(&mut state, change);
        guild.voice_states.insert(user_id, state);
        self.follow(guild_id, user_id);
        if self.applications.contains_key(&user_id) {
            self.tell_voice_server(guild_id, user_id, !moves);
        }
    }

    /// Changes flags of somebody who is in voice. False when they are not.
    pub fn change_voice(&mut self, guild_id: Id, user_id: Id, change: VoiceChange) -> bool {
        let state = self
            .guilds
            .get_mut(&guild_id)
            .and_then(|it| it.voice_states.get_mut(&user_id));
        let Some(state) = state else { return false };
        apply(state, change);
        self.follow(guild_id, user_id);
        true
    }

    /// Takes the user out of voice, by their own wish or somebody else's.
    pub fn leave_voice(&mut self, guild_id: Id, user_id: Id) {
        let Some(guild) = self.guilds.get_mut(&guild_id) else {
            return;
        };
        let Some(state) = guild.voice_states.remove(&user_id) else {
            return;
        };
        if let Some(voice) = &self.voice {
            voice.moved(guild_id, user_id, None);
            voice.ears().place(guild_id, user_id, None);
        }
        let Some(guild) = self.guilds.get(&guild_id) else {
            return;
        };
        let data = self.voice_state_value(guild, &state, false);
        self.tell_guild(
            guild_id,
            intent::GUILD_VOICE_STATES,
            "VOICE_STATE_UPDATE",
            data,
        );
        if !guild_has_people(self.guilds.get(&guild_id), state.channel_id)
            && let Some(channel) = self.channels.get_mut(&state.channel_id)
        {
            channel.status = None;
        }
    }

    /// The client's gateway session is over: it is out of voice where it was with that session.
    pub fn end_voice_session(&mut self, user_id: Id, session: &str) {
        let with_it = |guild: &&Guild| {
            let state = guild.voice_states.get(&user_id);
            state.is_some_and(|it| it.session_id == session)
        };
        let inside: Vec<Id> = self
            .guilds
            .values()
            .filter(with_it)
            .map(|it| it.id)
            .collect();
        for guild_id in inside {
            self.leave_voice(guild_id, user_id);
        }
    }

    /// Gives the bot a (new) token for its voice server, or says that the server is gone.
    pub fn tell_voice_server(&mut self, guild_id: Id, bot: Id, is_same: bool) {
        let Some(voice) = self.voice.clone() else {
            return;
        };
        let token = format!("{:016x}", self.new_id());
        voice.admit(guild_id, bot, &token);
        let data = json!({ "token": token, "guild_id": guild_id.to_string(), "endpoint": voice.endpoint() });
        tracing::debug!(guild_id, bot, is_same, "a bot is told of its voice server");
        self.tell_bot(bot, Some(guild_id), "VOICE_SERVER_UPDATE", data);
    }

    /// The voice server, the ears and the gateway learn of a state.
    fn follow(&mut self, guild_id: Id, user_id: Id) {
        let Some(guild) = self.guilds.get(&guild_id) else {
            return;
        };
        let Some(state) = guild.voice_states.get(&user_id) else {
            return;
        };
        if let Some(voice) = &self.voice {
            let channel = self.channels.get(&state.channel_id);
            let to = Whereabouts {
                channel_id: state.channel_id,
                session_id: state.session_id.clone(),
                encrypted: channel.is_none_or(|it| it.kind != ChannelKind::Stage),
                person: !self.applications.contains_key(&user_id),
            };
            voice.moved(guild_id, user_id, Some(to));
            let place = Place {
                channel_id: state.channel_id,
                deaf: state.deaf || state.self_deaf,
                mute: state.mute || state.self_mute || state.suppress,
            };
            voice.ears().place(guild_id, user_id, Some(place));
        }
        let data = self.voice_state_value(guild, state, true);
        // The one who moves always learns it, others by intent.
        let mut bots = self.bots_of(guild_id);
        bots.retain(|bot| *bot != user_id);
        let (name, guild_id) = ("VOICE_STATE_UPDATE", Some(guild_id));
        if self.applications.contains_key(&user_id) {
            self.tell_bot(user_id, guild_id, name, data.clone());
        }
        let intents = intent::GUILD_VOICE_STATES;
        self.tell(super::Dispatch {
            name,
            guild_id,
            bots,
            intents,
            written: None,
            data,
        });
    }
}

fn guild_has_people(guild: Option<&Guild>, channel_id: Id) -> bool {
    guild.is_some_and(|it| {
        it.voice_states
            .values()
            .any(|state| state.channel_id == channel_id)
    })
}

fn apply(state: &mut VoiceState, change: VoiceChange) {
    let set = |field: &mut bool, to: Option<bool>| *field = to.unwrap_or(*field);
    set(&mut state.deaf, change.deaf);
    set(&mut state.mute, change.mute);
    set(&mut state.self_deaf, change.self_deaf);
    set(&mut state.self_mute, change.self_mute);
    set(&mut state.suppress, change.suppress);
    match change.request_to_speak {
        Some(true) => state.request_to_speak_ms = Some(now_ms()),
        Some(false) => state.request_to_speak_ms = None,
        None => {}
    }
}
