//! Keeps a program of others on a leash, as a process of its own: when it ends, and when whoever
//! holds the leash lets go or is killed, everything that it has started ends too, whatever sessions
//! and groups that has made for itself. A signal at the parent's death would not do: it follows the
//! thread that started the process, and reaches no grandchildren. What the program is for is not
//! known here.

use rustix::io::Errno;
use rustix::process::{
    Pid, Signal, WaitId, WaitIdOptions, WaitOptions, getpid, kill_process, set_child_subreaper,
    wait, waitid,
};
use std::ffi::OsString;
use std::io::{self, Read};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex, PoisonError};

/// How the keeper says that there is no such program, and that it could not be run, as shells do.
pub(super) const ABSENT: u8 = 127;
pub(super) const NOT_RUN: u8 = 126;
/// What a shell adds to the number of the signal that ended a program.
const BY_SIGNAL: i32 = 128;
/// How often those that are left are looked for; one look takes about a millisecond.
const LOOKS_LIMIT: usize = 10_000;

/// The keeper's work: runs the command and answers with its exit code, or `ABSENT` or `NOT_RUN`.
/// The leash is the standard input: its end ends everything.
pub fn keep(command: &[OsString]) -> u8 {
    let Some((program, arguments)) = command.split_first() else {
        return NOT_RUN;
    };
    // Whoever loses its parent becomes a child of this process, and is found.
    if set_child_subreaper(Some(getpid())).is_err() {
        return NOT_RUN;
    }
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::null());
    command.process_group(0);
    let child = match command.spawn() {
        Ok(child) => child,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return ABSENT,
        Err(_) => return NOT_RUN,
    };
    let id = i32::try_from(child.id()).ok().and_then(Pid::from_raw);
    let child = Arc::new(Mutex::new(child));
    let leashed = Arc::clone(&child);
    std::thread::spawn(move || {
        until_let_go();
        // Nothing happens to one that has ended and was waited for.
        let _over = child_of(&leashed).kill();
    });
    if let Some(id) = id {
        // Its number stays taken until it is waited for, under the lock.
        let ended = WaitIdOptions::EXITED | WaitIdOptions::NOWAIT;
        while waitid(WaitId::Pid(id), ended).is_err_and(|why| why == Errno::INTR) {}
    }
    let status = child_of(&child).wait();
    end_the_rest();
    status.map_or(NOT_RUN, code)
}

fn child_of(shared: &Mutex<Child>) -> std::sync::MutexGuard<'_, Child> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

fn until_let_go() {
    let (mut leash, mut nothing) = (io::stdin().lock(), [0; 64]);
    loop {
        match leash.read(&mut nothing) {
            Ok(0) => return,
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(_) => return,
        }
    }
}

fn code(status: ExitStatus) -> u8 {
    let by_signal = || status.signal().map(|signal| BY_SIGNAL + signal);
    let code = status.code().or_else(by_signal);
    code.and_then(|code| u8::try_from(code).ok())
        .unwrap_or(NOT_RUN)
}

/// Ends all children, and those that become children thereby, until there are none.
fn end_the_rest() {
    for _ in 0..LOOKS_LIMIT {
        for child in children() {
            // It may have ended meanwhile, but its number is not given away before it is waited for.
            let _gone = kill_process(child, Signal::KILL);
        }
        loop {
            match wait(WaitOptions::NOHANG) {
                Ok(Some(_)) | Err(Errno::INTR) => {}
                Ok(None) => break,
                Err(_) => return,
            }
        }
        std::thread::yield_now();
    }
}

/// All children of this process, from the list of all processes.
fn children() -> Vec<Pid> {
    let me = getpid().as_raw_nonzero().get();
    let Ok(all) = std::fs::read_dir("/proc") else {
        return Vec::new();
    };
    let found = all.flatten().filter_map(|entry| {
        let id: i32 = entry.file_name().to_str()?.parse().ok()?;
        let stat = std::fs::read(entry.path().join("stat")).ok()?;
        (parent(&stat)? == me).then_some(id)
    });
    found.filter_map(Pid::from_raw).collect()
}

/// The parent, from a line of `proc(5)`'s `stat`: `id (name) state parent ...`; the name may be of
/// any signs.
fn parent(stat: &[u8]) -> Option<i32> {
    let name_ends = stat.iter().rposition(|it| *it == b')')?;
    let rest = std::str::from_utf8(stat.get(name_ends + 1..)?).ok()?;
    rest.split_whitespace().nth(1)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parent_is_found_whatever_its_child_is_called() {
        assert_eq!(parent(b"7 (sh) S 4 7 7 0"), Some(4));
        assert_eq!(parent(b"7 (a) R 9 (\xff) S 4 7 7 0"), Some(4));
        assert_eq!(parent(b"7 (sh"), None);
    }

    #[test]
    fn a_signal_is_told_as_shells_tell_it() {
        assert_eq!(code(ExitStatus::from_raw(3 << 8)), 3);
        assert_eq!(code(ExitStatus::from_raw(9)), 137);
    }
}
