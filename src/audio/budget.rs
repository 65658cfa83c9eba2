//! What a process that opens a stranger's file may take: memory, files, and processor time, which is
//! granted anew while the work gets on, so that a loop without end is over within two seconds, and as
//! much again as the work before it took, and a long file is not. The system keeps the limits; a
//! process that was not bound by [`limit_this_process`] is left alone.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use rustix::time::{ClockId, clock_gettime};
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;
use symphonia::core::io::MediaSource;

/// Memory in bytes.
const MEMORY_LIMIT: u64 = 256 * 1024 * 1024;
/// The largest file that it writes: two hours of what is played, twice over.
const WRITTEN_LIMIT: u64 = 256 * 1024 * 1024;
/// Files that are open at a time.
const FILES_LIMIT: u64 = 16;
/// Processor time, in seconds, without anything having come of it. The system counts whole ones.
const WITHOUT_PROGRESS: u64 = 2;
/// What is read for a second of processor time at the least, in bytes; a tenth of what a slow
/// machine reads.
const READ_A_SECOND: u64 = 8 * 1024 * 1024;

/// Whether this process is bound.
static IS_LIMITED: AtomicBool = AtomicBool::new(false);

/// Binds this process, which opens one file and ends, to the limits of such work. Where the system
/// does not know them, the time limit of whoever waits for it remains.
pub fn limit_this_process(processor_time: Duration) {
    IS_LIMITED.store(true, Ordering::Relaxed);
    for (resource, limit) in [
        (Resource::Data, MEMORY_LIMIT),
        (Resource::Cpu, processor_time.as_secs()),
        (Resource::Fsize, WRITTEN_LIMIT),
        (Resource::Nofile, FILES_LIMIT),
        // A process that ends by a signal leaves no core file of a stranger's music behind.
        (Resource::Core, 0),
        // It starts no other.
        (Resource::Nproc, 0),
    ] {
        let limits = Rlimit {
            current: Some(limit),
            maximum: Some(limit),
        };
        if let Err(error) = setrlimit(resource, limits) {
            tracing::debug!(%error, ?resource, "not limited");
        }
    }
}

/// How far this process stands back behind those that people wait for, as `nice` counts.
const STANDS_BACK: i32 = 10;

/// Lets the bot and what sounds right now have the processor first: for work ahead of its time.
pub fn stand_back() {
    if let Err(error) = rustix::process::nice(STANDS_BACK) {
        tracing::debug!(%error, "works beside the others, not behind them");
    }
}

/// Processor time for one piece of work, a little at a time.
pub(super) struct Budget {
    /// The most that the process may ever take, in seconds; `None` when it is not bound.
    most: Option<u64>,
    granted: u64,
    done: u64,
}

impl Budget {
    /// From here on, two seconds without progress end this process.
    pub(super) fn begin() -> Budget {
        let most = IS_LIMITED
            .load(Ordering::Relaxed)
            .then(|| getrlimit(Resource::Cpu).maximum)
            .flatten();
        let mut budget = Budget {
            most,
            granted: 0,
            done: 0,
        };
        budget.grant(allowed(taken()));
        budget
    }

    /// Something came of the time that was taken.
    pub(super) fn progress(&mut self) {
        if self.most.is_some() {
            self.grant(allowed(taken()));
        }
    }

    /// So many bytes have been read, in all. Granted is what they are worth, and no more.
    pub(super) fn progress_to(&mut self, bytes: u64) {
        const STEP: u64 = 256 * 1024;
        if self.most.is_some() && bytes >= self.done + STEP {
            self.done = bytes;
            let worth = WITHOUT_PROGRESS + bytes / READ_A_SECOND;
            self.grant(worth.min(allowed(taken())));
        }
    }

    fn grant(&mut self, until: u64) {
        let Some(most) = self.most else { return };
        let until = until.min(most);
        if until == self.granted {
            return;
        }
        self.granted = until;
        let limits = Rlimit {
            current: Some(until),
            maximum: Some(most),
        };
        if let Err(error) = setrlimit(Resource::Cpu, limits) {
            tracing::debug!(%error, "no further time is granted");
        }
    }
}

impl Drop for Budget {
    fn drop(&mut self) {
        // Whatever comes next has what is left of the whole.
        self.grant(u64::MAX);
    }
}

/// How far the limit goes when so much was taken, in seconds. The system holds against it what the
/// scheduler counts in ticks, which on a busy machine is more than was taken, the more so for whoever
/// stands back: 20.0 s for 16.3 s were seen, and whole files were taken for endless.
fn allowed(taken: u64) -> u64 {
    taken * 2 + WITHOUT_PROGRESS
}

/// Processor time of this process, in whole seconds.
fn taken() -> u64 {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    u64::try_from(time.tv_sec).unwrap_or(0)
}

/// A file that counts what is read of it, so that reading can be seen to get on.
pub(super) struct Counted {
    file: File,
    length: u64,
    read: Arc<AtomicU64>,
}

/// How much has been read of a [`Counted`] file.
pub(super) struct Count {
    length: u64,
    read: Arc<AtomicU64>,
}

impl Count {
    /// In bytes. What is read over and over is counted twice at most.
    pub(super) fn bytes(&self) -> u64 {
        let read = self.read.load(Ordering::Relaxed);
        read.min(self.length.saturating_mul(2))
    }
}

impl Counted {
    pub(super) fn open(path: &Path) -> std::io::Result<(Counted, Count)> {
        let file = File::open(path)?;
        let length = file.metadata()?.len();
        let read = Arc::<AtomicU64>::default();
        let count = Count {
            length,
            read: Arc::clone(&read),
        };
        Ok((Counted { file, length, read }, count))
    }
}

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let count = self.file.read(buffer)?;
        let more = u64::try_from(count).unwrap_or(0);
        self.read.fetch_add(more, Ordering::Relaxed);
        Ok(count)
    }
}

impl Seek for Counted {
    fn seek(&mut self, to: SeekFrom) -> std::io::Result<u64> {
        self.file.seek(to)
    }
}

impl MediaSource for Counted {
    fn is_seekable(&self) -> bool {
        true
    }

    fn byte_len(&self) -> Option<u64> {
        Some(self.length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_read_again_and_again_is_no_progress() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), [0; 100]).unwrap();
        let (mut counted, count) = Counted::open(file.path()).unwrap();
        assert_eq!(counted.byte_len(), Some(100));
        for _ in 0..5 {
            counted.seek(SeekFrom::Start(40)).unwrap();
            assert_eq!(counted.read(&mut [0; 500]).unwrap(), 60);
        }
        assert_eq!(count.bytes(), 200);
    }

    #[test]
    fn what_the_system_counts_too_much_ends_no_work_that_gets_on() {
        for taken in 0..600 {
            let counted = (taken + 1) * 3 / 2;
            assert!(counted < allowed(taken), "{counted} s counted of {taken}");
        }
        assert_eq!(allowed(0), WITHOUT_PROGRESS);
    }

    #[test]
    fn a_process_that_is_not_bound_is_left_alone() {
        let before = getrlimit(Resource::Cpu);
        let mut budget = Budget::begin();
        budget.progress();
        budget.progress_to(u64::MAX);
        drop(budget);
        assert_eq!(getrlimit(Resource::Cpu), before);
    }
}
