//! Work that is done once for each thing, however many want it: one does it, the others wait, and
//! find it done. It does not know what the work is.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::OwnedMutexGuard;

type Gate = Arc<tokio::sync::Mutex<()>>;

/// One gate for each thing that somebody is at or waits for.
#[derive(Debug)]
pub(super) struct OneByOne<K: Clone + Eq + Hash>(Mutex<HashMap<K, Gate>>);

/// The place at a thing, or in the line before it. Others have it when this is dropped.
#[derive(Debug)]
pub(super) struct Place<'a, K: Clone + Eq + Hash> {
    all: &'a OneByOne<K>,
    key: K,
    gate: Gate,
    held: Option<OwnedMutexGuard<()>>,
}

impl<K: Clone + Eq + Hash> Default for OneByOne<K> {
    fn default() -> OneByOne<K> {
        OneByOne(Mutex::default())
    }
}

impl<K: Clone + Eq + Hash> OneByOne<K> {
    fn gates(&self) -> MutexGuard<'_, HashMap<K, Gate>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until nobody else is at it.
    pub(super) async fn enter(&self, key: K) -> Place<'_, K> {
        let gate = Arc::clone(self.gates().entry(key.clone()).or_default());
        let mut place = Place {
            all: self,
            key,
            gate,
            held: None,
        };
        place.held = Some(Arc::clone(&place.gate).lock_owned().await);
        place
    }
}

impl<K: Clone + Eq + Hash> Drop for Place<'_, K> {
    fn drop(&mut self) {
        self.held = None;
        let mut gates = self.all.gates();
        // One is the list's and one is this one: the last to leave takes the gate away.
        if Arc::strong_count(&self.gate) <= 2 {
            gates.remove(&self.key);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::poll;

    #[tokio::test]
    async fn others_wait_and_whoever_stops_waiting_leaves_nothing() {
        let all = OneByOne::default();
        let first = all.enter("one").await;
        let other = all.enter("other").await;
        {
            let mut second = std::pin::pin!(all.enter("one"));
            let mut third = Box::pin(all.enter("one"));
            assert!(poll!(second.as_mut()).is_pending());
            assert!(poll!(third.as_mut()).is_pending());
            drop(third);
            drop(first);
            let second = second.await;
            assert!(poll!(std::pin::pin!(all.enter("one"))).is_pending());
            drop(second);
            assert_eq!(all.gates().len(), 1);
        }
        drop(other);
        assert!(all.gates().is_empty());
    }
}
