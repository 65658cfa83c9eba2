//! Songbird's events, turned into messages of the guild's task.

use super::task::Message;
use songbird::Call;
use songbird::events::{CoreEvent, Event, EventContext, EventHandler};
use tokio::sync::mpsc;

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

pub(super) fn listen_to_connection(call: &mut Call, inbox: &mpsc::Sender<Message>) {
    call.remove_all_global_events();
    for event in [
        CoreEvent::DriverConnect,
        CoreEvent::DriverReconnect,
        CoreEvent::DriverDisconnect,
    ] {
        call.add_global_event(event.into(), Connection(inbox.clone()));
    }
}
