//! What people do and bots answer, without sockets.

mod answering;
mod asking;
mod registering;

use super::*;
use crate::world::{Dispatch, Draft};
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};

/// A guild with its owner Ana, a member Bo, a text channel, and a bot that has registered commands.
struct Scene {
    hub: Hub,
    bot: Id,
    guild: Id,
    channel: Id,
    ana: At,
    bo: At,
    told: Arc<Mutex<Vec<Dispatch>>>,
}

impl Scene {
    fn new() -> Self {
        let hub = Hub::new();
        let told = Arc::new(Mutex::new(Vec::new()));
        let mut world = hub.world();
        let sink = Arc::clone(&told);
        world.wire(move |dispatch| sink.lock().unwrap().push(dispatch));
        let ana = world.add_user("Ana", "zh-CN");
        let bo = world.add_user("Bo", "en-US");
        let bot = world.add_application("Bot", "token", 0);
        let guild = world.add_guild_of("Home", ana);
        world.add_member(guild, bo);
        world.invite(guild, bot, 0);
        let channel = world.add_text_channel(guild, "open");
        drop(world);
        let at = |user_id| At {
            user_id,
            channel_id: channel,
        };
        let scene = Self {
            hub,
            bot,
            guild,
            channel,
            ana: at(ana),
            bo: at(bo),
            told,
        };
        let place = scene.global();
        scene
            .hub
            .overwrite_commands(bot, place, &commands())
            .unwrap();
        scene
    }

    fn global(&self) -> CommandPlace {
        CommandPlace {
            application_id: self.bot,
            guild_id: None,
        }
    }

    fn slash(&self, at: At, path: &str, options: &[(&str, Given)]) -> Result<Id, ClientRefusal> {
        let options = options
            .iter()
            .map(|(name, value)| ((*name).to_owned(), value.clone()));
        self.hub.slash(at, self.bot, path, options.collect())
    }

    /// Bo asks for help.
    fn help(&self) -> Id {
        self.slash(self.bo, "help", &[]).unwrap()
    }

    fn token(&self, id: Id) -> String {
        self.hub.world().asks.get(id).unwrap().token.clone()
    }

    fn answer(&self, id: Id, body: &Value) -> Result<Value, crate::error::ApiError> {
        self.hub.answer(id, &self.token(id), body, Vec::new())
    }

    fn follow_up(&self, id: Id, body: &Value) -> Result<Value, crate::error::ApiError> {
        self.hub
            .follow_up(self.bot, &self.token(id), body, Vec::new())
    }

    fn edit_original(&self, id: Id, body: &Value) -> Result<Value, crate::error::ApiError> {
        let webhook = (self.bot, self.token(id));
        let webhook = (webhook.0, webhook.1.as_str());
        self.hub
            .edit_reply(webhook, Reply::Original, body, Vec::new())
    }

    /// Lets time pass for one interaction.
    fn age(&self, id: Id, ms: u64) {
        self.hub.world().asks.get_mut(id).unwrap().at_ms -= ms;
    }

    /// The bot posts a message with these components.
    fn post(&self, components: &Value) -> Id {
        let draft = Draft {
            author_id: self.bot,
            content: "choose".to_owned(),
            components: components.as_array().unwrap().clone(),
            ..Draft::default()
        };
        self.hub.world().post("", self.channel, draft)
    }

    /// What the bot was told last.
    fn last(&self) -> Value {
        let told = self.told.lock().unwrap();
        let mut asked = told.iter().filter(|it| it.name == "INTERACTION_CREATE");
        asked.next_back().unwrap().data.clone()
    }
}

fn commands() -> Value {
    json!([
        { "name": "help", "description": "Help" },
        { "name": "settings", "description": "Settings", "default_member_permissions": "32",
          "contexts": [0] },
        { "name": "play", "description": "Play", "options": [
            { "type": 3, "name": "what", "description": "Words", "autocomplete": true, "required": true, "max_length": 10 },
            { "type": 11, "name": "file", "description": "A file", "file_types": ["audio"] },
            { "type": 4, "name": "seat", "description": "A seat", "min_value": 1, "max_value": 5 },
            { "type": 6, "name": "for", "description": "A member" },
            { "type": 3, "name": "mood", "description": "A mood", "choices": [
                { "name": "calm", "name_localizations": { "zh-CN": "安静" }, "value": "c" } ] } ] },
        { "name": "stage", "description": "Stage", "options": [
            { "type": 1, "name": "open", "description": "Open", "options": [
                { "type": 3, "name": "theme", "description": "Theme" } ] },
            { "type": 2, "name": "seat", "description": "Seats", "options": [
                { "type": 1, "name": "take", "description": "Take one" } ] } ] },
    ])
}

fn text(value: &str) -> Given {
    Given::Text(value.to_owned())
}
