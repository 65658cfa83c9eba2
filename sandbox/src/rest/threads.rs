//! Threads: opened from a channel or from a message, joined, left, listed.

use super::channels::wrong_kind;
use super::exchange::{Answer, Exchange, Reply, ok};
use super::guilds::with_more;
use super::snowflake;
use crate::error::ApiError;
use crate::permissions::{
    Bits, CREATE_PRIVATE_THREADS, CREATE_PUBLIC_THREADS, MANAGE_THREADS, READ_MESSAGE_HISTORY,
    SEND_MESSAGES_IN_THREADS, has,
};
use crate::validate;
use crate::world::{Channel, ChannelKind, Id, Thread, World, timestamp};
use axum::http::Method;
use serde_json::{Value, json};

/// Minutes of quiet after which a thread is archived, unless another number is asked for.
const ARCHIVE_MINUTES: u32 = 4320;

/// `POST /channels/{id}/threads`, or with a message `…/messages/{id}/threads`.
pub(super) fn open(exchange: &Exchange<'_>, parent: Id, message: Option<Id>) -> Answer {
    if exchange.method != Method::POST {
        return Err(ApiError::method_not_allowed());
    }
    let (me, body) = (exchange.me(), &exchange.body.json);
    validate::thread_create(body)?;
    let base = exchange.hub.addresses().rest;
    let mut world = exchange.hub.world();
    let channel = world.channel_for(parent, me, 0)?;
    let (kind, wanted) = kind_of(exchange, channel.kind, message.is_some())?;
    world.channel_for(parent, me, wanted)?;
    if let Some(id) = message {
        world.channel_for(parent, me, READ_MESSAGE_HISTORY)?;
        world
            .open_message(parent, id)
            .ok_or_else(|| ApiError::unknown("Message"))?;
        if world.channels.contains_key(&id) {
            let text = "A thread has already been created for this message";
            return Err(ApiError::new(400, 160_004, text));
        }
    }
    let minutes = exchange.number_in_body("auto_archive_duration");
    let minutes = minutes.and_then(|it| u32::try_from(it).ok());
    let name = body.get("name").and_then(Value::as_str).unwrap_or_default();
    let thread = Channel {
        guild_id: world.channel_for(parent, me, 0)?.guild_id,
        parent_id: Some(parent),
        name: name.to_owned(),
        kind,
        thread: Some(Thread {
            owner_id: me,
            members: [me].into(),
            auto_archive_minutes: minutes.unwrap_or(ARCHIVE_MINUTES),
            ..Thread::default()
        }),
        ..Channel::default()
    };
    let id = world.open_thread(&base, thread, message);
    let thread = world.channel_for(id, me, 0)?;
    Ok(Reply::Json(201, world.channel_value(thread)))
}

/// The kind of the new thread and what opening it takes.
fn kind_of(
    exchange: &Exchange<'_>,
    parent: ChannelKind,
    of_message: bool,
) -> Result<(ChannelKind, Bits), ApiError> {
    if !matches!(parent, ChannelKind::Text | ChannelKind::Announcement) {
        return Err(wrong_kind());
    }
    // Without a type a thread that hangs on no message is a private one, as documented.
    let asked = exchange.number_in_body("type").unwrap_or(12);
    match asked {
        _ if of_message => Ok((ChannelKind::PublicThread, CREATE_PUBLIC_THREADS)),
        11 => Ok((ChannelKind::PublicThread, CREATE_PUBLIC_THREADS)),
        12 if parent == ChannelKind::Text => {
            Ok((ChannelKind::PrivateThread, CREATE_PRIVATE_THREADS))
        }
        _ => Err(wrong_kind()),
    }
}

/// `…/thread-members`, `…/thread-members/{@me or a user}`
pub(super) fn members(exchange: &Exchange<'_>, id: Id, of: &[&str]) -> Answer {
    let me = exchange.me();
    let mut world = exchange.hub.world();
    let channel = world.channel_for(id, me, 0)?;
    let thread = channel.thread.clone().ok_or_else(wrong_kind)?;
    let user = match of {
        [] => None,
        ["@me"] => Some(me),
        [user] => Some(snowflake(user).ok_or_else(|| ApiError::unknown("User"))?),
        _ => return Err(ApiError::no_route()),
    };
    match (exchange.method.clone(), user) {
        (Method::GET, None) => ok(thread.members.iter().map(|it| entry(id, *it)).collect()),
        (Method::GET, Some(user)) if thread.members.contains(&user) => ok(entry(id, user)),
        (Method::GET, Some(_)) => Err(ApiError::unknown("Member")),
        (Method::PUT | Method::DELETE, Some(_)) if thread.is_archived => {
            Err(ApiError::new(400, 50083, "Thread is archived"))
        }
        (Method::PUT, Some(user)) => {
            if user != me {
                world.channel_for(id, me, SEND_MESSAGES_IN_THREADS)?;
                let guild = channel_guild(&world, id);
                let is_member = guild.is_some_and(|it| it.members.contains_key(&user));
                if !is_member {
                    return Err(ApiError::unknown("Member"));
                }
            }
            world.set_thread_member(id, user, true);
            Ok(Reply::Empty)
        }
        (Method::DELETE, Some(user)) => {
            // Who opened a private thread may take others out of it.
            let may =
                thread.owner_id == me && channel_kind(&world, id) == ChannelKind::PrivateThread;
            if user != me && !may {
                world.channel_for(id, me, MANAGE_THREADS)?;
            }
            world.set_thread_member(id, user, false);
            Ok(Reply::Empty)
        }
        _ => Err(ApiError::method_not_allowed()),
    }
}

fn channel_kind(world: &World, id: Id) -> ChannelKind {
    world
        .channels
        .get(&id)
        .map_or(ChannelKind::Text, |it| it.kind)
}

fn channel_guild(world: &World, id: Id) -> Option<&crate::world::Guild> {
    let guild = world.channels.get(&id)?.guild_id?;
    world.guilds.get(&guild)
}

fn entry(thread: Id, user: Id) -> Value {
    json!({
        "id": thread.to_string(), "user_id": user.to_string(),
        "join_timestamp": timestamp(crate::world::now_ms()), "flags": 0,
    })
}

/// Threads, and in which of them the caller is.
pub(super) fn listed(world: &World, threads: &[&Channel], me: Id) -> Value {
    let shown: Vec<Value> = threads.iter().map(|it| world.channel_value(it)).collect();
    let inside = threads.iter().filter(|it| {
        it.thread
            .as_ref()
            .is_some_and(|it| it.members.contains(&me))
    });
    let members: Vec<Value> = inside.map(|it| entry(it.id, me)).collect();
    json!({ "threads": shown, "members": members })
}

/// `GET /channels/{id}/threads/archived/{public or private}`
pub(super) fn archived(exchange: &Exchange<'_>, parent: Id, kind: &str) -> Answer {
    let me = exchange.me();
    if exchange.method != Method::GET {
        return Err(ApiError::method_not_allowed());
    }
    let world = exchange.hub.world();
    let rights = world.rights_in(world.channel_for(parent, me, READ_MESSAGE_HISTORY)?, me);
    let wanted = match kind {
        "public" => ChannelKind::PublicThread,
        "private" if has(rights, MANAGE_THREADS) => ChannelKind::PrivateThread,
        "private" => return Err(ApiError::missing_permissions()),
        _ => return Err(ApiError::no_route()),
    };
    let is_archived = |it: &&Channel| {
        let is_archived = it.thread.as_ref().is_some_and(|it| it.is_archived);
        it.parent_id == Some(parent) && it.kind == wanted && is_archived
    };
    let threads: Vec<&Channel> = world.channels.values().filter(is_archived).collect();
    ok(with_more(listed(&world, &threads, me)))
}
