//! Songbird's events, turned into messages of the guild's task.

use super::task::Message;
use songbird::Call;
use songbird::events::{CoreEvent, Event, EventContext, EventHandler, TrackEvent};
use songbird::tracks::{PlayMode, TrackHandle};
use std::time::Duration;
use tokio::sync::mpsc;

/// How much must have sounded for a turn to count as begun: one frame.
const FIRST_FRAME: Duration = Duration::from_millis(20);

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

/// Listens to one track.
struct Sounding {
    playback: u64,
    inbox: mpsc::Sender<Message>,
    what: What,
}

#[derive(Clone, Copy)]
enum What {
    Begin,
    End,
    Cut,
}

#[async_trait::async_trait]
impl EventHandler for Sounding {
    async fn act(&self, context: &EventContext<'_>) -> Option<Event> {
        let EventContext::Track([(state, _), ..]) = context else {
            return None;
        };
        let (playback, sounded) = (self.playback, state.position);
        let message = match self.what {
            What::Begin => Message::Began { playback, sounded },
            What::Cut => Message::Cut { playback },
            What::End => {
                let failed = matches!(state.playing, PlayMode::Errored(_));
                Message::Over {
                    playback,
                    sounded,
                    failed,
                }
            }
        };
        let _stopping = self.inbox.send(message).await;
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

/// `cut_after` is how much may sound before the fade at the limit.
pub(super) fn listen_to_track(
    handle: &TrackHandle,
    playback: u64,
    cut_after: Option<Duration>,
    inbox: &mpsc::Sender<Message>,
) -> Result<(), songbird::tracks::ControlError> {
    let sounding = |what| Sounding {
        playback,
        inbox: inbox.clone(),
        what,
    };
    handle.add_event(Event::Delayed(FIRST_FRAME), sounding(What::Begin))?;
    // An error fires both; the task takes the first.
    handle.add_event(TrackEvent::Error.into(), sounding(What::End))?;
    handle.add_event(TrackEvent::End.into(), sounding(What::End))?;
    if let Some(after) = cut_after {
        handle.add_event(Event::Delayed(after), sounding(What::Cut))?;
    }
    Ok(())
}
