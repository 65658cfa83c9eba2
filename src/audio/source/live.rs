//! Live sound: bytes that come as time goes by, with the titles that come along. Whoever plays it
//! draws from a small queue; when nobody draws, nothing more is read from the server. What the bytes
//! mean is for a decoder to know, and how long they may play for the rules.

use bytes::Bytes;
use tokio::sync::{mpsc, watch};

/// Pieces that may wait for whoever plays: about eight seconds of 256 kbit/s.
const PIECES_LIMIT: usize = 32;
/// Longest piece, in bytes.
const PIECE_LIMIT: usize = 8 * 1024;

/// A live stream that is being received. It ends when this is dropped.
#[derive(Debug)]
pub struct Live {
    /// Sound, in the container it is sent in. Closed when no more is to come.
    pub bytes: mpsc::Receiver<Bytes>,
    /// What the station says is on; cleaned, and only the newest.
    pub titles: watch::Receiver<Option<String>>,
}

/// Where a stream is put by whoever receives it.
#[derive(Debug)]
pub(super) struct Outlet {
    bytes: mpsc::Sender<Bytes>,
    titles: watch::Sender<Option<String>>,
}

/// Nobody listens any more.
#[derive(Debug)]
pub(super) struct Unheard;

pub(super) fn channel() -> (Outlet, Live) {
    let (bytes, received) = mpsc::channel(PIECES_LIMIT);
    let (titles, told) = watch::channel(None);
    let live = Live {
        bytes: received,
        titles: told,
    };
    (Outlet { bytes, titles }, live)
}

impl Outlet {
    /// Waits while there is no room.
    pub(super) async fn give(&self, mut bytes: Bytes) -> Result<(), Unheard> {
        while !bytes.is_empty() {
            let piece = bytes.split_to(bytes.len().min(PIECE_LIMIT));
            self.bytes.send(piece).await.map_err(|_| Unheard)?;
        }
        Ok(())
    }

    /// The title that is on now.
    pub(super) fn title(&self, title: String) {
        self.titles.send_if_modified(|now| {
            let is_new = now.as_ref() != Some(&title);
            if is_new {
                *now = Some(title);
            }
            is_new
        });
    }

    /// Waits until nobody listens.
    pub(super) async fn unheard(&self) {
        self.bytes.closed().await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_listener_who_does_not_draw_is_not_flooded() {
        let (outlet, mut live) = channel();
        let sound = Bytes::from(vec![7; PIECE_LIMIT * PIECES_LIMIT]);
        outlet.give(sound).await.unwrap();
        let more = outlet.give(Bytes::from_static(b"more"));
        let mut more = std::pin::pin!(more);
        assert!(futures_util::poll!(&mut more).is_pending(), "it waits");
        assert_eq!(live.bytes.recv().await.unwrap().len(), PIECE_LIMIT);
        more.await.unwrap();
        drop(live);
        outlet.unheard().await;
        assert!(outlet.give(Bytes::from_static(b"x")).await.is_err());
    }
}
