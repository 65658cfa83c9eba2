//! What a live stream says is on, on its way to the rules: only the newest, and not too often.

use super::super::Shared;
use crate::domain::ids::{GuildId, TurnId};
use crate::domain::protocol::Signal;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;

/// Between two titles of a stream; those between are passed over.
const PAUSE: Duration = Duration::from_secs(3);

/// Reports what is on as long as the stream is received.
pub(super) fn follow(
    shared: &Arc<Shared>,
    (guild, turn): (GuildId, TurnId),
    mut titles: watch::Receiver<Option<String>>,
) {
    let following = Arc::clone(shared);
    shared.tasks.spawn(async move {
        let telling = async {
            while titles.changed().await.is_ok() {
                let title = titles.borrow_and_update().clone();
                if let Some(title) = title {
                    let news = Signal::Titled { turn, title };
                    let _stopping = following.signals.send((guild, news)).await;
                }
                tokio::time::sleep(PAUSE).await;
            }
        };
        tokio::select! {
            () = telling => {}
            () = following.stop.cancelled() => {}
        }
    });
}
