//! How far the taking in of a track has come, for whoever waits for it. Only the newest word is kept:
//! nobody reads what has been.

use std::sync::Arc;
use tokio::sync::watch;

/// What is being done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Progress {
    /// Nothing that can be told yet.
    #[default]
    Beginning,
    /// A site is asked what is there.
    Asking,
    /// So many bytes have come, of so many if that is known.
    Fetching { done: u64, total: Option<u64> },
    /// The file is looked into.
    Looking,
    /// So many tracks of a list have been looked at.
    Listing { done: usize, total: usize },
    /// So many tracks of a list are in the setlist.
    Adding { done: usize, total: usize },
}

/// Where it is said. Clones say it to the same people.
#[derive(Clone, Debug)]
pub struct Reporter(Arc<watch::Sender<Progress>>);

impl Default for Reporter {
    fn default() -> Reporter {
        Reporter(Arc::new(watch::Sender::new(Progress::default())))
    }
}

impl Reporter {
    pub fn say(&self, progress: Progress) {
        self.0.send_replace(progress);
    }

    /// What was said last.
    pub fn last(&self) -> Progress {
        *self.0.borrow()
    }
}
