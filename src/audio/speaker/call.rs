//! Songbird's events: turned into messages of the guild's task, and gathered.

use super::task::Message;
use songbird::Call;
use songbird::driver::Driver;
use songbird::events::{CoreEvent, Event, EventContext, EventHandler};
use std::time::Duration;
use tokio::sync::mpsc;

/// Ticks, of 20 ms each, that are taken together.
const TICKS: Duration = Duration::from_millis(200);
/// How long nothing is looked at meanwhile: a tick less, so that nothing piles up.
const REST: Duration = Duration::from_millis(180);

/// Listens to one connection. Songbird forgets its handlers when a call is removed.
struct Connection(mpsc::Sender<Message>);

#[async_trait::async_trait]
impl EventHandler for Connection {
    async fn act(&self, context: &EventContext<'_>) -> Option<Event> {
        let message = match context {
            EventContext::DriverConnect(_) | EventContext::DriverReconnect(_) => Message::Connected,
            EventContext::DriverDisconnect(data) => {
                tracing::info!(guild.id = %data.guild_id, kind = ?data.kind, reason = ?data.reason, "voice connection lost");
                Message::Disconnected
            }
            _ => return None,
        };
        // A closed inbox means that the process stops.
        let _stopping = self.0.send(message).await;
        None
    }
}

/// For every frame songbird wakes a task of the call, of which we want nothing.
struct Rest;

#[async_trait::async_trait]
impl EventHandler for Rest {
    async fn act(&self, _context: &EventContext<'_>) -> Option<Event> {
        tokio::time::sleep(REST).await;
        None
    }
}

/// Lets the call's events rest while sound goes out, so that its task wakes for several ticks at once
/// and not for each, which with a thousand calls is about a fifth of the processor time. What happens to the connection
/// is heard of up to 180 ms later.
pub fn gather_ticks(driver: &mut Driver) {
    driver.add_global_event(Event::Periodic(TICKS, None), Rest);
}

pub(super) fn listen_to_connection(call: &mut Call, inbox: &mpsc::Sender<Message>) {
    call.remove_all_global_events();
    for event in [
        CoreEvent::DriverConnect,
        CoreEvent::DriverReconnect,
        CoreEvent::DriverDisconnect,
    ] {
        call.add_global_event(event.into(), Connection(inbox.clone()));
    }
    gather_ticks(call);
}
