//! What this process has used so far, as the kernel counts it: processor time, memory, threads and
//! wake-ups. It compares nothing.

use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeValLike;
use serde::{Deserialize, Serialize};

/// A moment's counters, or the difference of two.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Usage {
    /// Processor time in microseconds: in the program, and in the kernel for it.
    pub(crate) user_us: i64,
    pub(crate) system_us: i64,
    /// How often a thread waited and was woken, and how often one was made to wait.
    pub(crate) waits: i64,
    pub(crate) preempted: i64,
    /// Resident memory now and at its most, in KiB.
    pub(crate) resident_kib: i64,
    pub(crate) peak_kib: i64,
    pub(crate) threads: i64,
}

impl Usage {
    /// Of this process.
    pub(crate) fn now() -> Usage {
        let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
        let number = |name: &str| {
            let line = status.lines().find(|line| line.starts_with(name));
            let word = line.and_then(|line| line.split_whitespace().nth(1));
            word.and_then(|word| word.parse().ok()).unwrap_or_default()
        };
        let Ok(used) = getrusage(UsageWho::RUSAGE_SELF) else {
            return Usage::default();
        };
        Usage {
            user_us: used.user_time().num_microseconds(),
            system_us: used.system_time().num_microseconds(),
            waits: used.voluntary_context_switches(),
            preempted: used.involuntary_context_switches(),
            resident_kib: number("VmRSS:"),
            peak_kib: number("VmHWM:"),
            threads: number("Threads:"),
        }
    }

    /// What was used since `before`. Memory and threads are as they are.
    pub(crate) fn since(self, before: Usage) -> Usage {
        Usage {
            user_us: self.user_us - before.user_us,
            system_us: self.system_us - before.system_us,
            waits: self.waits - before.waits,
            preempted: self.preempted - before.preempted,
            ..self
        }
    }

    /// All processor time, in seconds.
    pub(crate) fn processor_s(self) -> f64 {
        seconds(self.user_us + self.system_us)
    }
}

#[expect(clippy::cast_precision_loss, reason = "a bench does not run for years")]
fn seconds(micros: i64) -> f64 {
    micros as f64 / 1e6
}
