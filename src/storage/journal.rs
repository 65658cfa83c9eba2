//! The one writer. Whatever waits at a moment is written in one transaction, so that a busy moment
//! costs one commit; each waiter learns when its part is on the disk. Order is kept, nothing is
//! dropped: a full queue makes the sender wait.

use super::boards::Marks;
use super::ratings::Ratings;
use super::scrobbles::HeardPlays;
use super::{StorageFailure, Store, writing};
use crate::domain::ids::GuildId;
use crate::domain::protocol::Record;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;
use tokio::sync::{mpsc, oneshot};
use tokio_util::task::TaskTracker;

/// Batches that may wait; when there are more, whoever sends waits.
const QUEUE_LIMIT: usize = 4_096;
/// Batches that share one commit.
const GROUP_LIMIT: usize = 1_024;
/// Pauses between tries at a disk that is full or a database that does not answer.
const FIRST_PAUSE: Duration = Duration::from_millis(50);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);
/// After how many tries those who wait are told that it is not kept. What they sent is tried on.
const TRIES_BEFORE_ANSWER: u32 = 6;

/// Something could not be kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("it could not be kept on disk")]
pub struct JournalFailure;

/// Resolves when what it was given for is on the disk.
#[derive(Debug)]
pub struct Written(oneshot::Receiver<Result<(), JournalFailure>>);

impl Written {
    /// Waits for the disk.
    pub async fn wait(self) -> Result<(), JournalFailure> {
        self.0.await.unwrap_or(Err(JournalFailure))
    }
}

struct Batch {
    guild: GuildId,
    records: Vec<Record>,
    /// `None` when the waiter has been told.
    reply: Option<oneshot::Sender<Result<(), JournalFailure>>>,
}

/// A way to send to the writer. Clones share it.
#[derive(Clone, Debug)]
pub struct Journal {
    queue: mpsc::Sender<Batch>,
    health: Arc<Health>,
}

#[derive(Debug)]
struct Health {
    well: AtomicBool,
    commits: AtomicU64,
}

impl Journal {
    /// Starts the writer on the tracker. It ends when every `Journal` is gone and all is written.
    pub fn start(store: Store, tasks: &TaskTracker) -> Journal {
        let (queue, waiting) = mpsc::channel(QUEUE_LIMIT);
        let health = Arc::new(Health {
            well: AtomicBool::new(true),
            commits: AtomicU64::new(0),
        });
        tasks.spawn(
            Writer {
                store,
                waiting,
                health: Arc::clone(&health),
            }
            .run(),
        );
        Journal { queue, health }
    }

    /// Takes records of one guild, in order. Waits while the queue is full.
    pub async fn keep(&self, guild: GuildId, records: Vec<Record>) -> Written {
        let (reply, written) = oneshot::channel();
        let batch = Batch {
            guild,
            records,
            reply: Some(reply),
        };
        if self.queue.send(batch).await.is_err() {
            tracing::error!(guild.id = %guild, "the journal is closed; nothing more is kept");
        }
        Written(written)
    }

    /// Whether the last try to write succeeded.
    pub fn is_well(&self) -> bool {
        self.health.well.load(Ordering::Relaxed)
    }

    /// How many commits there have been.
    pub fn commits(&self) -> u64 {
        self.health.commits.load(Ordering::Relaxed)
    }
}

struct Writer {
    store: Store,
    waiting: mpsc::Receiver<Batch>,
    health: Arc<Health>,
}

impl Writer {
    async fn run(mut self) {
        let mut group = Vec::with_capacity(GROUP_LIMIT);
        while self.waiting.recv_many(&mut group, GROUP_LIMIT).await > 0 {
            self.write_until_done(&mut group).await;
            group.clear();
        }
    }

    /// Writes the group, however long the disk is full or the database away.
    async fn write_until_done(&self, group: &mut [Batch]) {
        let mut pause = FIRST_PAUSE;
        for tries in 1_u32.. {
            let failure = match self.write(group).await {
                Ok(()) => return self.answer(group, Ok(())),
                Err(failure) => failure,
            };
            self.health.well.store(false, Ordering::Relaxed);
            if !failure.may_pass() {
                tracing::error!(error = %failure, batches = group.len(), "a group was refused");
                return self.write_singly(group).await;
            }
            if tries == TRIES_BEFORE_ANSWER {
                tracing::error!(error = %failure, "nothing can be kept at present; trying on");
                for batch in &mut *group {
                    tell(batch, Err(JournalFailure));
                }
            }
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }

    /// After a group was refused for a bug of ours: the others' records shall not suffer for it.
    async fn write_singly(&self, group: &mut [Batch]) {
        for batch in group {
            let result = self.write(std::slice::from_mut(batch)).await;
            if let Err(failure) = &result {
                tracing::error!(error = %failure, guild.id = %batch.guild, "records are lost");
            }
            tell(batch, result.map_err(|_| JournalFailure));
        }
        self.health.well.store(true, Ordering::Relaxed);
    }

    async fn write(&self, group: &[Batch]) -> Result<(), StorageFailure> {
        let mut transaction = self.store.pool.begin().await?;
        let superseded = superseded(group);
        let mut marks = Marks::default();
        let mut ratings = Ratings::default();
        let mut heard_plays = HeardPlays::default();
        let mut at = 0;
        for batch in group {
            for record in &batch.records {
                marks.note(batch.guild, record);
                heard_plays.note(batch.guild, record);
                if let Record::Rating(rating) = record {
                    ratings.take(&mut transaction, batch.guild, rating).await?;
                } else if !superseded.contains(&at) {
                    ratings.write(&mut transaction).await?;
                    writing::write(&mut transaction, batch.guild, record).await?;
                }
                at += 1;
            }
        }
        ratings.write(&mut transaction).await?;
        marks.keep(&mut transaction).await?;
        let scrobbles = heard_plays.queue(&mut transaction).await?;
        transaction.commit().await?;
        if scrobbles > 0 {
            self.store.scrobbles.notify_one();
        }
        self.health.commits.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }

    fn answer(&self, group: &mut [Batch], result: Result<(), JournalFailure>) {
        self.health.well.store(true, Ordering::Relaxed);
        for batch in group {
            tell(batch, result);
        }
    }
}

fn tell(batch: &mut Batch, result: Result<(), JournalFailure>) {
    if let Some(reply) = batch.reply.take() {
        // Whoever asked may have stopped waiting.
        let _nobody_waits = reply.send(result);
    }
}

/// Positions in the group of records that a later one of the same kind replaces entirely.
fn superseded(group: &[Batch]) -> BTreeSet<usize> {
    let records: Vec<(GuildId, &Record)> = group
        .iter()
        .flat_map(|batch| batch.records.iter().map(|record| (batch.guild, record)))
        .collect();
    let mut later = BTreeSet::new();
    let mut superseded = BTreeSet::new();
    for (at, (guild, record)) in records.iter().enumerate().rev() {
        let what = match record {
            Record::Standing(_) => (*guild, 0, 0),
            Record::Setlist { member, .. } => (*guild, 1, member.0),
            _ => continue,
        };
        if !later.insert(what) {
            superseded.insert(at);
        }
    }
    superseded
}

#[cfg(test)]
mod tests;
