//! What is made ready ahead for a guild: what comes next, and what sounds as it came, since it may be
//! sought in or played again. Few at a time, and what no longer comes next gives way to what does.

use super::{Message, Piece, SpeakerTask};
use crate::audio::deck::{Deck, LEAD, frames};
use crate::audio::preparer::Pin;
use std::sync::Arc;
use tokio::task::JoinHandle;

/// Tracks of one guild that are made ready at a time.
const JOBS_LIMIT: usize = 2;
/// Frames before its end at which the end of a sound is told when the next is not ready: a process
/// has to be started for it, and may find that it cannot be played. The same as a part of the song,
/// of which the rest is not to be missed by the rules.
const COLD_LEAD: usize = 50;
const COLD_PART: usize = 4;

/// What comes next, as far as it is known.
#[derive(Debug, Default)]
pub(super) struct Ahead {
    piece: Option<Piece>,
    /// It is ready, and stays so.
    pin: Option<Pin>,
    /// What is being made ready, for whatever reason.
    making: Vec<(Piece, JoinHandle<()>)>,
}

impl Ahead {
    /// The piece plays now. If it was the next, then nothing is any more, and whoever opens it keeps
    /// it ready.
    pub(super) fn take(&mut self, piece: &Piece) -> Option<Pin> {
        if self.piece.as_ref() != Some(piece) {
            return None;
        }
        self.piece = None;
        self.pin.take()
    }

    /// Nothing comes next, and nothing more is made ready.
    pub(super) fn forget(&mut self) {
        self.piece = None;
        self.pin = None;
        self.making.drain(..).for_each(|(_, job)| job.abort());
    }

    /// Whether a job is to be begun for the piece: there is none. With too many, those give way that
    /// were begun for what is neither `sounding` nor next.
    fn makes_room_for(&mut self, piece: &Piece, sounding: Option<&Piece>) -> bool {
        self.making.retain(|(_, job)| !job.is_finished());
        if self.making.iter().any(|(made, _)| made == piece) {
            return false;
        }
        while self.making.len() >= JOBS_LIMIT {
            let next = self.piece.as_ref();
            let is_wanted = |made: &Piece| Some(made) == sounding || Some(made) == next;
            let idle = self.making.iter().position(|(made, _)| !is_wanted(made));
            let (_, job) = self.making.remove(idle.unwrap_or(0));
            job.abort();
        }
        true
    }
}

impl SpeakerTask {
    /// Has what comes next fetched, if it is far away, and made ready.
    pub(super) fn prepare(&mut self, piece: Option<Piece>) {
        self.ahead.piece.clone_from(&piece);
        self.ahead.pin = None;
        self.tune_lead();
        if let Some(piece) = piece {
            self.make_ready(piece);
        }
    }

    pub(super) fn prepared(&mut self, piece: &Piece, pin: Pin) {
        if self.ahead.piece.as_ref() == Some(piece) {
            self.ahead.pin = Some(pin);
            self.tune_lead();
        }
    }

    /// The end is told early enough for a cross-fade, if there is something to fade to, and for what
    /// takes longer to begin.
    pub(super) fn tune_lead(&self) {
        let Some(turn) = &self.turn else { return };
        let lead = match (&self.ahead.piece, &self.ahead.pin) {
            (None, _) => LEAD,
            (Some(_), Some(_)) => Deck::lead_for(turn.blend),
            (Some(_), None) => {
                let part = frames(turn.length) / COLD_PART;
                Deck::lead_for(turn.blend).max(COLD_LEAD.min(part))
            }
        };
        self.deck.set_lead(turn.playback, lead);
    }

    pub(super) fn make_ready(&mut self, piece: Piece) {
        let sounding = self.turn.as_ref().map(|turn| &turn.piece);
        if !self.ahead.makes_room_for(&piece, sounding) {
            return;
        }
        let (shared, inbox) = (Arc::clone(&self.shared), self.inbox.clone());
        let made = piece.clone();
        let job = self.shared.tasks.spawn(async move {
            let stop = shared.stop.clone();
            let making = async {
                // What cannot be had fails at its turn, where it is said.
                let path = shared.sources.file(&piece.media).await.ok()?;
                shared.preparer.prepare(&piece.key, &path).await
            };
            let ready = tokio::select! {
                ready = making => ready,
                () = stop.cancelled() => return,
            };
            if let Some(pin) = ready {
                let _stopping = inbox.send(Message::Prepared { piece, pin }).await;
            }
        });
        self.ahead.making.push((made, job));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::track::{MediaRef, TrackKey};
    use tokio_util::task::TaskTracker;

    fn piece(name: &str) -> Piece {
        Piece {
            media: MediaRef(name.to_owned()),
            key: TrackKey(name.to_owned()),
            gain_tenths: None,
        }
    }

    /// Begins a job that never ends by itself, if one is to be begun.
    fn begin(ahead: &mut Ahead, name: &str, sounding: &str) -> bool {
        let begins = ahead.makes_room_for(&piece(name), Some(&piece(sounding)));
        if begins {
            let job = TaskTracker::new().spawn(std::future::pending());
            ahead.making.push((piece(name), job));
        }
        begins
    }

    fn names(ahead: &Ahead) -> Vec<&str> {
        let making = ahead.making.iter();
        making.map(|(made, _)| made.key.0.as_str()).collect()
    }

    #[tokio::test]
    async fn what_no_longer_comes_next_gives_way_to_what_does() {
        let mut ahead = Ahead::default();
        assert!(begin(&mut ahead, "sounds", "sounds"));
        for next in ["first", "second", "third"] {
            ahead.piece = Some(piece(next));
            assert!(begin(&mut ahead, next, "sounds"));
            assert!(!begin(&mut ahead, next, "sounds"), "it is being made");
            assert_eq!(names(&ahead), ["sounds", next]);
        }
        // The next turn: what sounded before may go.
        ahead.take(&piece("third"));
        ahead.piece = Some(piece("fourth"));
        assert!(begin(&mut ahead, "fourth", "third"));
        assert_eq!(names(&ahead), ["third", "fourth"]);
        ahead.forget();
        assert_eq!(names(&ahead), [""; 0]);
    }
}
