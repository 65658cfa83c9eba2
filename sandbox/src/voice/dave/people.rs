//! The people's clients of one call. What they are told waits in an inbox and is taken in before the
//! next frame is read, so that a commit that was delivered before a frame counts for it, as on a
//! wire. Its answers wait for whoever carries them to the desk.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::listener::Listener;
use super::{Message, Said};
use crate::ears::Reading;
use crate::world::Id;

/// Messages that may wait for the people of one call; what comes on top is not delivered, and
/// whoever missed it reports an invalid commit later and is added anew.
const INBOX_LIMIT: usize = 16_384;

#[derive(Debug)]
enum Word {
    Join,
    Leave,
    Said(Message),
}

#[derive(Debug)]
pub(in super::super) struct People {
    channel_id: Id,
    inbox: Mutex<VecDeque<(Id, Word)>>,
    listeners: Mutex<Listeners>,
}

#[derive(Debug, Default)]
struct Listeners {
    all: HashMap<Id, Listener>,
    answers: Vec<(Id, Said)>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl People {
    pub(super) fn new(channel_id: Id) -> Self {
        Self {
            channel_id,
            inbox: Mutex::default(),
            listeners: Mutex::default(),
        }
    }

    pub(super) fn join(&self, user_id: Id) {
        self.push(user_id, Word::Join);
    }

    pub(super) fn leave(&self, user_id: Id) {
        self.push(user_id, Word::Leave);
    }

    pub(super) fn tell(&self, user_id: Id, message: Message) {
        self.push(user_id, Word::Said(message));
    }

    fn push(&self, user_id: Id, word: Word) {
        let mut inbox = lock(&self.inbox);
        if inbox.len() < INBOX_LIMIT {
            inbox.push_back((user_id, word));
        } else {
            tracing::warn!(user_id, "the people of a call do not keep up");
        }
    }

    /// Whether something waits to be taken in or to be carried on.
    pub(in super::super) fn is_busy(&self) -> bool {
        !lock(&self.inbox).is_empty() || !lock(&self.listeners).answers.is_empty()
    }

    /// Takes in what waits, and gives back what their clients answer.
    pub(in super::super) fn answer(&self) -> Vec<(Id, Said)> {
        let mut listeners = lock(&self.listeners);
        self.take_in(&mut listeners);
        std::mem::take(&mut listeners.answers)
    }

    /// What each of these people makes of a frame.
    pub(in super::super) fn read(&self, from: Id, frame: &[u8], who: &[Id]) -> Vec<(Id, Reading)> {
        let mut listeners = lock(&self.listeners);
        self.take_in(&mut listeners);
        let mut read = |user_id: &Id| {
            let listener = listeners.all.get_mut(user_id);
            let reading = listener.map_or(Reading::NotYet, |it| it.read(from, frame));
            (*user_id, reading)
        };
        who.iter().map(&mut read).collect()
    }

    fn take_in(&self, listeners: &mut Listeners) {
        loop {
            // Held for a moment only: whoever tells them something holds the desk.
            let Some((user_id, word)) = lock(&self.inbox).pop_front() else {
                return;
            };
            match word {
                Word::Join => {
                    if let Some((listener, said)) = Listener::join(self.channel_id, user_id) {
                        listeners.all.insert(user_id, listener);
                        listeners.answers.push((user_id, said));
                    }
                }
                Word::Leave => {
                    listeners.all.remove(&user_id);
                }
                Word::Said(message) => {
                    if let Some(listener) = listeners.all.get_mut(&user_id) {
                        let said = listener.hear(&message);
                        listeners
                            .answers
                            .extend(said.into_iter().map(|it| (user_id, it)));
                    }
                }
            }
        }
    }
}
