//! What a client asks for through the gateway once it is there: voice, members, sounds.

use super::Shared;
use super::socket::Client;
use crate::permissions::VIEW_CHANNEL;
use crate::world::{Id, VoiceChange, World, intent};
use serde_json::{Value, json};

/// Members in one chunk.
const CHUNK: usize = 1_000;
/// Members asked for by name or id.
const ASKED_LIMIT: usize = 100;
/// Longest nonce, in bytes; a longer one is ignored.
const NONCE_LIMIT: usize = 32;

fn id_of(data: &Value, key: &str) -> Option<Id> {
    match data.get(key)? {
        Value::String(text) => text.parse().ok(),
        number => number.as_u64(),
    }
}

fn is_in(world: &World, guild_id: Id, bot: Id) -> bool {
    let guild = world.guilds.get(&guild_id);
    guild.is_some_and(|it| it.members.contains_key(&bot))
}

/// Op 4. Where the bot may not go, nothing happens and nothing is said, as on Discord.
pub(super) fn voice_state(shared: &Shared, client: &Client, data: &Value) {
    let Some(guild_id) = id_of(data, "guild_id") else {
        return;
    };
    let (bot, session) = (client.bot, client.session_id.as_str());
    let mut world = shared.hub.world();
    // It may have been invalidated while this was under way.
    if !shared.sessions().has(session) {
        return;
    }
    if !is_in(&world, guild_id, bot) {
        return;
    }
    let Some(channel_id) = id_of(data, "channel_id") else {
        world.leave_voice(guild_id, bot);
        return;
    };
    let is_there = world
        .channels
        .get(&channel_id)
        .is_some_and(|it| it.guild_id == Some(guild_id));
    if !is_there || !world.may_join(channel_id, bot) {
        return;
    }
    let flag = |key| data.get(key).and_then(Value::as_bool);
    let change = VoiceChange {
        self_mute: flag("self_mute"),
        self_deaf: flag("self_deaf"),
        ..VoiceChange::default()
    };
    world.enter_voice_as((channel_id, bot), session, change);
}

/// Op 8. Chunks of members, by name or by id; all of them only with the intent, and only once in 30 s.
pub(super) fn members(shared: &Shared, client: &Client, data: &Value) {
    let Some(guild_id) = id_of(data, "guild_id") else {
        return;
    };
    let bot = client.bot;
    let mut world = shared.hub.world();
    let Some(guild) = world
        .guilds
        .get(&guild_id)
        .filter(|it| it.members.contains_key(&bot))
    else {
        return;
    };
    let query = data.get("query").and_then(Value::as_str);
    let limit = data
        .get("limit")
        .and_then(Value::as_u64)
        .and_then(|it| usize::try_from(it).ok())
        .unwrap_or(0);
    let nonce = data.get("nonce").and_then(Value::as_str);
    let nonce = nonce.filter(|it| it.len() <= NONCE_LIMIT);
    let wanted = wanted(data);
    let mut found: Vec<Id> = match query {
        Some("") if client.intents & intent::GUILD_MEMBERS == 0 => Vec::new(),
        Some("") => guild.members.keys().copied().collect(),
        Some(query) => by_name(&world, guild_id, query),
        None => wanted
            .iter()
            .copied()
            .filter(|id| guild.members.contains_key(id))
            .collect(),
    };
    if query == Some("") && limit == 0 && !found.is_empty() {
        let may_list = shared.sessions().may_list(bot, guild_id);
        if let Err(wait) = may_list {
            let mut meta = json!({ "guild_id": guild_id.to_string() });
            put_nonce(&mut meta, nonce);
            let data = json!({ "opcode": 8, "retry_after": wait.as_secs_f64(), "meta": meta });
            world.tell_bot(bot, Some(guild_id), "RATE_LIMITED", data);
            return;
        }
    } else if query.is_some() {
        found.truncate(limit.clamp(1, ASKED_LIMIT));
    }
    let missing: Vec<String> = wanted
        .iter()
        .filter(|id| !found.contains(id))
        .map(ToString::to_string)
        .collect();
    let member = |id: &Id| world.member_value(guild, *id);
    let mut parts: Vec<Vec<Value>> = found
        .chunks(CHUNK)
        .map(|part| part.iter().map(member).collect())
        .collect();
    if parts.is_empty() {
        parts.push(Vec::new());
    }
    let count = parts.len();
    for (index, members) in parts.into_iter().enumerate() {
        let mut chunk = json!({
            "guild_id": guild_id.to_string(), "members": members, "chunk_index": index,
            "chunk_count": count, "not_found": missing,
        });
        put_nonce(&mut chunk, nonce);
        world.tell_bot(bot, Some(guild_id), "GUILD_MEMBERS_CHUNK", chunk);
    }
}

fn put_nonce(data: &mut Value, nonce: Option<&str>) {
    if let (Some(nonce), Some(fields)) = (nonce, data.as_object_mut()) {
        fields.insert("nonce".to_owned(), nonce.into());
    }
}

/// The users that are asked for by id, one or several.
fn wanted(data: &Value) -> Vec<Id> {
    match data.get("user_ids") {
        Some(Value::Array(all)) => all
            .iter()
            .filter_map(|it| it.as_str()?.parse().ok())
            .take(ASKED_LIMIT)
            .collect(),
        Some(Value::String(one)) => one.parse().into_iter().collect(),
        _ => Vec::new(),
    }
}

fn by_name(world: &World, guild_id: Id, query: &str) -> Vec<Id> {
    let Some(guild) = world.guilds.get(&guild_id) else {
        return Vec::new();
    };
    let query = query.to_lowercase();
    let fits = |id: &&Id| {
        let user = world.users.get(id);
        let nick = guild
            .members
            .get(id)
            .and_then(|it| it.nick.clone())
            .unwrap_or_default();
        user.is_some_and(|it| it.name.to_lowercase().starts_with(&query))
            || nick.to_lowercase().starts_with(&query)
    };
    guild.members.keys().filter(fits).copied().collect()
}

/// Op 31. There are no sounds here, and that is said.
pub(super) fn soundboard(shared: &Shared, bot: Id, data: &Value) {
    let guilds = data
        .get("guild_ids")
        .and_then(Value::as_array)
        .cloned()
        .unwrap_or_default();
    let mut world = shared.hub.world();
    let guilds = guilds.iter().filter_map(|it| it.as_str()?.parse().ok());
    let own: Vec<Id> = guilds.filter(|id| is_in(&world, *id, bot)).collect();
    for guild_id in own {
        let data = json!({ "guild_id": guild_id.to_string(), "soundboard_sounds": [] });
        world.tell_bot(bot, Some(guild_id), "SOUNDBOARD_SOUNDS", data);
    }
}

/// Op 43. The status of each voice channel that has one.
pub(super) fn channel_info(shared: &Shared, bot: Id, data: &Value) {
    let Some(guild_id) = id_of(data, "guild_id") else {
        return;
    };
    let mut world = shared.hub.world();
    if !is_in(&world, guild_id, bot) {
        return;
    }
    let own = world
        .channels
        .values()
        .filter(|it| it.guild_id == Some(guild_id) && it.kind.is_voice());
    let seen = own.filter(|it| world.rights_in(it, bot) & VIEW_CHANNEL != 0 && it.status.is_some());
    let channels: Vec<Value> = seen
        .map(|it| json!({ "id": it.id.to_string(), "status": it.status }))
        .collect();
    let data = json!({ "guild_id": guild_id.to_string(), "channels": channels });
    world.tell_bot(bot, Some(guild_id), "CHANNEL_INFO", data);
}
