//! Whether the end-to-end encryption of a call has begun. Songbird sends sound unencrypted until it is
//! a member of the call's MLS group and tells nobody when that is; davey, which does its encryption,
//! says it in its log, which is listened to here. When those words change one day, nothing is waited
//! for and a story fails. What is held back meanwhile is for the speaker to know.

use crate::domain::ids::ChannelId;
use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::Notify;
use tokio::task;
use tracing::field::{Field, Visit};
use tracing::level_filters::LevelFilter;
use tracing::{Event, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::Context;
use tracing_subscriber::registry::LookupSpan;

/// Who says it, and in which words (davey 0.1, `session.rs`). The first is said while connecting, and
/// when a group has to be made anew; the second by the task that serves the connection from then on,
/// which says the last two without naming the channel.
const SPEAKS: &str = "davey::session";
const ASKS: &str = "Created key package for channel ";
const BEGINS: &str = "Created pending group for channel ";
const IS_IN: &[&str] = &["Welcomed to group", "Commit processed"];

/// Calls whose encryption has not begun, by the task that serves each, once it has spoken.
type Waiting = HashMap<ChannelId, Option<task::Id>>;

#[derive(Default)]
struct Shared {
    /// Held for moments: whoever writes to the log waits.
    waiting: Mutex<Waiting>,
    begun: Notify,
}

/// Knows which calls wait for their group. Clones know the same.
#[derive(Clone, Default)]
pub struct Groups(Arc<Shared>);

impl fmt::Debug for Groups {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Groups").finish_non_exhaustive()
    }
}

impl Groups {
    /// What is to hear the log of the whole process.
    pub fn ears<S>(&self) -> impl Layer<S> + use<S>
    where
        S: Subscriber + for<'a> LookupSpan<'a>,
    {
        let only = Targets::new().with_target(SPEAKS, LevelFilter::DEBUG);
        self.clone().with_filter(only)
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        let waiting = self.0.waiting.lock();
        waiting.unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether the call is to be encrypted, and is not yet.
    pub(super) fn awaits(&self, channel: ChannelId) -> bool {
        self.waiting().contains_key(&channel)
    }

    /// Waits until it is.
    pub(super) async fn begun(&self, channel: ChannelId) {
        loop {
            let mut news = std::pin::pin!(self.0.begun.notified());
            news.as_mut().enable();
            if !self.awaits(channel) {
                return;
            }
            news.await;
        }
    }

    /// The call is over.
    pub(super) fn forget(&self, channel: ChannelId) {
        self.waiting().remove(&channel);
    }

    fn hear(&self, said: &str, by: Option<task::Id>) {
        if let Some(channel) = channel(said, ASKS) {
            self.waiting().insert(channel, None);
        } else if let Some(channel) = channel(said, BEGINS) {
            if let Some(serving) = self.waiting().get_mut(&channel) {
                *serving = by;
            }
        } else if by.is_some() && IS_IN.iter().any(|words| said.starts_with(words)) {
            self.waiting().retain(|_, serving| *serving != by);
            self.0.begun.notify_waiters();
        }
    }
}

impl<S: Subscriber> Layer<S> for Groups {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let mut words = Words::default();
        event.record(&mut words);
        self.hear(&words.0, task::try_id());
    }
}

fn channel(said: &str, after: &str) -> Option<ChannelId> {
    let id = said.strip_prefix(after)?.parse().ok()?;
    Some(ChannelId(id))
}

/// The words of an event.
#[derive(Default)]
struct Words(String);

impl Visit for Words {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        if field.name() == "message" {
            self.0 = format!("{value:?}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::future::pending;
    use tokio_util::task::TaskTracker;

    #[tokio::test]
    async fn a_call_is_encrypted_when_the_task_that_serves_it_is_in_its_group() {
        let groups = Groups::default();
        let [one, other] = [ChannelId(1), ChannelId(2)];
        let tasks = TaskTracker::new();
        let serving = |_| tasks.spawn(pending::<()>()).id();
        let [first, second] = [0, 1].map(serving);
        for (channel, task) in [(one, first), (other, second)] {
            assert!(!groups.awaits(channel));
            groups.hear(&format!("{ASKS}{}", channel.0), None);
            groups.hear(&format!("{BEGINS}{}", channel.0), Some(task));
        }
        groups.hear("Processing welcome", Some(first));
        assert!(groups.awaits(one));
        let welcomed = "Welcomed to group successfully, our leaf index is 1, our epoch is 1";
        groups.hear(welcomed, Some(first));
        groups.begun(one).await;
        assert!(groups.awaits(other), "another's welcome is not ours");
        groups.hear("Commit processed successfully", None);
        assert!(groups.awaits(other));
        groups.forget(other);
        groups.begun(other).await;
    }
}
