//! How a test speaks: people who join voice channels, run commands, press, react, chat and hear. A
//! member sees what permissions and ephemerality let them see, and can do what their client would
//! let them do. Every wait has a limit and says what was there instead.

mod hearing;
mod member;
mod seen;

pub use hearing::{Hearing, Stretch};
pub use member::{Answer, Member, Unanswered};
pub use seen::{Button, Seen, SeenFile};

use crate::world::{Hub, Id};
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;

/// A bot's application, as whoever registered it knows it.
#[derive(Clone, Debug)]
pub struct Bot {
    pub id: Id,
    pub token: String,
}

/// Something did not come about in time.
#[derive(Debug, thiserror::Error)]
#[error("waited {limit:?} for {what}; there was instead:\n{instead}")]
pub struct NotSeen {
    pub what: String,
    pub limit: Duration,
    pub instead: String,
}

/// Waits until the world satisfies `look`, which is asked after every change (and, for what the
/// passing of time brings about, several times a second).
pub async fn until<T>(
    hub: &Arc<Hub>,
    limit: Duration,
    mut look: impl FnMut(&Hub) -> Option<T>,
) -> Option<T> {
    let deadline = Instant::now() + limit;
    let mut changes = hub.changes();
    loop {
        if let Some(found) = look(hub) {
            return Some(found);
        }
        if Instant::now() >= deadline {
            return None;
        }
        let next = Instant::now() + Duration::from_millis(50);
        // Whether something changed or time passed, it is looked at again.
        let _either = tokio::time::timeout_at(next.min(deadline), changes.changed()).await;
    }
}
