//! Sessions that nobody came back for end here, and with them their place in voice.

use super::Shared;
use std::sync::Arc;
use tokio::time::sleep_until;
use tokio_util::sync::CancellationToken;

/// Ends sessions whose time to be resumed has passed.
pub(super) async fn watch(shared: Arc<Shared>, stop: CancellationToken) {
    loop {
        let next = shared.sessions().next_end();
        let due = async {
            match next {
                Some(at) => sleep_until(at).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            () = stop.cancelled() => return,
            () = shared.left.notified() => {}
            () = due => {
                let mut world = shared.hub.world();
                let ended = shared.sessions().take_ended();
                for (bot, id) in ended {
                    world.end_voice_session(bot, &id);
                }
            }
        }
    }
}
