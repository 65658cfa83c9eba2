//! IDENTIFY: who it is, what they want to hear, and the READY they get.

use super::Shared;
use super::session::{Out, Session};
use super::socket::Client;
use crate::world::{Id, LARGE_THRESHOLD, intent};
use serde_json::{Value, json};
use tokio::sync::mpsc;

/// Intents that Discord knows: bits 0 to 16, 20, 21, 24 and 25.
const KNOWN_INTENTS: u64 = ((1 << 17) - 1) | (0b11_0011 << 20);
/// Each privileged intent with the two application flags that allow it (full and limited).
const PRIVILEGED: [(u64, u64); 3] = [
    (intent::GUILD_PRESENCES, 1 << 12 | 1 << 13),
    (intent::GUILD_MEMBERS, 1 << 14 | 1 << 15),
    (intent::MESSAGE_CONTENT, 1 << 18 | 1 << 19),
];

/// Guilds that one shard may have.
const GUILDS_PER_SHARD: usize = 2_500;

/// What becomes of an IDENTIFY.
#[derive(Debug)]
pub(super) enum Identified {
    Ready(Client),
    Close(u16, &'static str),
    /// Too soon after the last one: op 9.
    TooSoon,
}

/// The application of a token, with or without `Bot `.
pub(super) fn application_of(shared: &Shared, data: &Value) -> Option<Id> {
    let token = data.get("token")?.as_str()?;
    let token = token.strip_prefix("Bot ").unwrap_or(token);
    let world = shared.hub.world();
    world
        .applications
        .values()
        .find(|it| it.token == token)
        .map(|it| it.id)
}

/// What an IDENTIFY asks for, if it may.
struct Asked {
    application_id: Id,
    /// Number and count.
    part: (u64, u64),
    intents: u64,
}

fn asked(shared: &Shared, data: &Value) -> Result<Asked, Identified> {
    let close = |code, why| Err(Identified::Close(code, why));
    if !data.get("properties").is_some_and(Value::is_object) {
        return close(4002, "Error while decoding payload.");
    }
    let Some(application_id) = application_of(shared, data) else {
        return close(4004, "Authentication failed.");
    };
    let Some(part) = shard(data) else {
        return close(4010, "Invalid shard.");
    };
    let intents = data.get("intents").and_then(Value::as_u64);
    let Some(intents) = intents.filter(|it| it & !KNOWN_INTENTS == 0) else {
        return close(4013, "Invalid intent(s).");
    };
    Ok(Asked {
        application_id,
        part,
        intents,
    })
}

pub(super) fn identify(shared: &Shared, data: &Value, outbox: mpsc::Sender<Out>) -> Identified {
    let Asked {
        application_id,
        part,
        intents,
    } = match asked(shared, data) {
        Ok(asked) => asked,
        Err(refused) => return refused,
    };
    let mut world = shared.hub.world();
    let flags = world
        .applications
        .get(&application_id)
        .map_or(0, |it| it.flags);
    if PRIVILEGED
        .iter()
        .any(|(bit, allow)| intents & bit != 0 && flags & allow == 0)
    {
        return Identified::Close(4014, "Disallowed intent(s).");
    }
    let id = format!("{:032x}", world.new_id());
    let session = Session::new(application_id, intents, part);
    let guilds = world.guilds.values().filter(|guild| {
        guild.members.contains_key(&application_id) && (guild.id >> 22) % part.1 == part.0
    });
    let guilds: Vec<_> = guilds.collect();
    if guilds.len() > GUILDS_PER_SHARD {
        return Identified::Close(4011, "Sharding required.");
    }
    let unavailable: Vec<Value> = guilds
        .iter()
        .map(|it| json!({ "id": it.id.to_string(), "unavailable": true }))
        .collect();
    let mut ready = json!({
        "v": 10, "user": world.users.get(&application_id).map(crate::world::User::to_own_value),
        "guilds": unavailable, "session_id": id, "session_type": "normal",
        "resume_gateway_url": shared.address,
        "application": { "id": application_id.to_string(), "flags": flags },
        "private_channels": [], "relationships": [], "presences": [], "user_settings": {},
        "geo_ordered_rtc_regions": [], "guild_join_requests": [], "auth": {}, "_trace": [],
    });
    if let (Some(shard), Some(fields)) = (data.get("shard"), ready.as_object_mut()) {
        fields.insert("shard".to_owned(), shard.clone());
    }
    let mut sessions = shared.sessions();
    if !sessions.may_identify(application_id, shared.settings.identify_every) {
        return Identified::TooSoon;
    }
    // The events below must find the socket, so it is there first.
    let socket = sessions.begin(id.clone(), session, outbox);
    if let Some(session) = sessions.session(&id) {
        session.push("READY", &ready);
        let all = intents & intent::GUILD_PRESENCES != 0;
        let large_threshold = large_threshold(data);
        for guild in guilds.iter().filter(|_| intents & intent::GUILDS != 0) {
            let mut event = world.guild_create_value(guild, application_id, all);
            if let Some(fields) = event.as_object_mut() {
                let is_large = guild.members.len() > large_threshold;
                fields.insert("large".to_owned(), is_large.into());
                // As opposed to a guild that the bot joins later.
                fields.insert("unavailable".to_owned(), false.into());
            }
            session.push("GUILD_CREATE", &event);
        }
    }
    Identified::Ready(Client {
        bot: application_id,
        intents,
        session_id: id,
        socket,
    })
}

fn large_threshold(data: &Value) -> usize {
    data.get("large_threshold")
        .and_then(Value::as_u64)
        .and_then(|it| usize::try_from(it).ok())
        .unwrap_or(LARGE_THRESHOLD)
}

/// `[number, count]`, the only one if it is not said.
fn shard(data: &Value) -> Option<(u64, u64)> {
    let Some(shard) = data.get("shard").filter(|it| !it.is_null()) else {
        return Some((0, 1));
    };
    let number = shard.get(0)?.as_u64()?;
    let count = shard.get(1)?.as_u64()?;
    (count > 0 && number < count).then_some((number, count))
}
