//! A program of others that is run for a moment: with a list of arguments and never a shell, without
//! our environment, within limits of time, output and disk, and ended together with the processes it
//! has started. What it is run for is for others to know.

use rustix::process::{Pid, Signal, kill_process_group};
use std::ffi::OsString;
use std::io;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::process::Command;
use tokio::time::{MissedTickBehavior, interval, timeout};

/// How much of its complaints is listened to, in bytes.
const COMPLAINT_LIMIT: usize = 16 * 1024;
/// How long what it has said may take to arrive when it has ended.
const LAST_WORDS: Duration = Duration::from_secs(2);
/// How often the files it writes are measured.
const MEASURE_EVERY: Duration = Duration::from_millis(500);
const PIECE: usize = 16 * 1024;

/// What is to be run, and within which limits.
#[derive(Debug)]
pub(super) struct Errand<'a> {
    pub(super) program: &'a Path,
    pub(super) arguments: Vec<OsString>,
    /// All it gets to know.
    pub(super) environment: &'a [(OsString, OsString)],
    /// Where it runs.
    pub(super) folder: &'a Path,
    pub(super) time_limit: Duration,
    /// In bytes.
    pub(super) output_limit: usize,
    /// How much it may write into the folder, in bytes.
    pub(super) disk_limit: u64,
}

/// What came of it.
#[derive(Debug)]
pub(super) struct Done {
    pub(super) success: bool,
    pub(super) output: Vec<u8>,
    /// The beginning of what it wrote to the error output.
    pub(super) complaint: String,
}

/// Why nothing came of it.
#[derive(Debug, thiserror::Error)]
pub(super) enum Undone {
    #[error("there is no such program")]
    Absent,
    #[error("it took too long")]
    TooSlow,
    #[error("it said more than it may")]
    TooLoud,
    #[error("it wrote more than it may")]
    TooLarge,
    #[error("it could not be run: {0}")]
    NotRun(#[from] io::Error),
}

/// The process and whatever it has started and not put into a group of its own. They end when this
/// goes out of scope, however that comes.
struct Group(Option<Pid>);

impl Group {
    fn end(&mut self) {
        if let Some(leader) = self.0.take() {
            // Usually nobody is left.
            let _gone = kill_process_group(leader, Signal::KILL);
        }
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        self.end();
    }
}

impl Errand<'_> {
    /// Runs it; `on_line` gets each line of its output as it comes.
    pub(super) async fn run(self, on_line: &mut (dyn FnMut(&str) + Send)) -> Result<Done, Undone> {
        let limit = self.time_limit;
        timeout(limit, self.unhurried(on_line))
            .await
            .unwrap_or(Err(Undone::TooSlow))
    }

    async fn unhurried(self, on_line: &mut (dyn FnMut(&str) + Send)) -> Result<Done, Undone> {
        let mut command = Command::new(self.program);
        command.args(&self.arguments).current_dir(self.folder);
        command.env_clear().envs(self.environment.iter().cloned());
        command.stdin(Stdio::null());
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        command.process_group(0).kill_on_drop(true);
        let mut child = command.spawn().map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => Undone::Absent,
            _ => Undone::NotRun(error),
        })?;
        let id = child.id().and_then(|id| i32::try_from(id).ok());
        let mut group = Group(id.and_then(Pid::from_raw));
        let (output, complaint) = (child.stdout.take(), child.stderr.take());
        let heard = async {
            tokio::try_join!(listen(output, self.output_limit, on_line), async {
                Ok(beginning(complaint).await)
            })
        };
        let mut heard = std::pin::pin!(heard);
        let (status, heard) = tokio::select! {
            status = child.wait() => {
                // Those it leaves behind would keep its output open.
                group.end();
                let rest = timeout(LAST_WORDS, heard).await;
                (status, rest.unwrap_or(Err(Undone::TooSlow)))
            }
            words = &mut heard => {
                let words = words?;
                let status = child.wait().await;
                group.end();
                (status, Ok(words))
            }
            () = outgrown(self.folder, self.disk_limit) => return Err(Undone::TooLarge),
        };
        let (output, complaint) = heard?;
        Ok(Done {
            success: status?.success(),
            output,
            complaint: String::from_utf8_lossy(&complaint).into_owned(),
        })
    }
}

/// Everything it says, line by line.
async fn listen(
    output: Option<impl AsyncRead + Unpin>,
    limit: usize,
    on_line: &mut (dyn FnMut(&str) + Send),
) -> Result<Vec<u8>, Undone> {
    let Some(mut output) = output else {
        return Ok(Vec::new());
    };
    let (mut all, mut told) = (Vec::new(), 0);
    let mut piece = vec![0; PIECE];
    loop {
        let count = output.read(&mut piece).await?;
        let Some(read) = piece.get(..count).filter(|read| !read.is_empty()) else {
            return Ok(all);
        };
        all.extend_from_slice(read);
        if all.len() > limit {
            return Err(Undone::TooLoud);
        }
        while let Some(line) = next_line(&all, told) {
            on_line(String::from_utf8_lossy(line).trim_end());
            told += line.len() + 1;
        }
    }
}

/// The whole line that begins there, without its end.
fn next_line(all: &[u8], from: usize) -> Option<&[u8]> {
    let rest = all.get(from..)?;
    let end = rest.iter().position(|byte| *byte == b'\n')?;
    rest.get(..end)
}

/// The first of what it says; the rest is heard and forgotten, so that it does not have to wait.
async fn beginning(output: Option<impl AsyncRead + Unpin>) -> Vec<u8> {
    let mut kept = Vec::new();
    let Some(mut output) = output else {
        return kept;
    };
    let mut piece = vec![0; PIECE];
    while let Ok(count) = output.read(&mut piece).await {
        let Some(read) = piece.get(..count).filter(|read| !read.is_empty()) else {
            break;
        };
        let room = COMPLAINT_LIMIT.saturating_sub(kept.len());
        kept.extend(read.iter().take(room));
    }
    kept
}

/// Resolves when the files in the folder have become too large together.
async fn outgrown(folder: &Path, limit: u64) {
    let mut every = interval(MEASURE_EVERY);
    every.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        every.tick().await;
        if size_of(folder).await.is_ok_and(|size| size > limit) {
            return;
        }
    }
}

async fn size_of(folder: &Path) -> io::Result<u64> {
    let mut entries = tokio::fs::read_dir(folder).await?;
    let mut size = 0_u64;
    while let Some(entry) = entries.next_entry().await? {
        // A file may have been renamed meanwhile.
        size = size.saturating_add(entry.metadata().await.map_or(0, |facts| facts.len()));
    }
    Ok(size)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn errand<'a>(folder: &'a Path, script: &str) -> Errand<'a> {
        Errand {
            program: Path::new("/bin/sh"),
            arguments: vec!["-c".into(), script.into()],
            environment: &[],
            folder,
            time_limit: Duration::from_secs(20),
            output_limit: 1_000,
            disk_limit: 1_000,
        }
    }

    async fn run(script: &str) -> Result<Done, Undone> {
        let folder = tempfile::TempDir::new().unwrap();
        errand(folder.path(), script).run(&mut |_| {}).await
    }

    #[tokio::test]
    async fn what_it_says_is_heard_line_by_line_and_its_end_is_told() {
        let folder = tempfile::TempDir::new().unwrap();
        let mut lines = Vec::new();
        let errand = errand(folder.path(), "echo one; echo oops >&2; printf two; exit 3");
        let done = errand.run(&mut |line| lines.push(line.to_owned())).await;
        let done = done.unwrap();
        assert!(!done.success);
        assert_eq!(done.output, b"one\ntwo");
        assert_eq!(done.complaint, "oops\n");
        assert_eq!(lines, ["one"]);
    }

    #[tokio::test]
    async fn it_knows_nothing_of_us() {
        let done = run("env").await.unwrap();
        let said = String::from_utf8(done.output).unwrap();
        let known = |line: &str| {
            ["PWD=", "OLDPWD=", "_=", "SHLVL="]
                .iter()
                .any(|it| line.starts_with(it))
        };
        assert!(said.lines().all(known), "{said}");
    }

    #[tokio::test]
    async fn every_limit_ends_it() {
        let endless = "while :; do echo more; done";
        assert!(matches!(run(endless).await, Err(Undone::TooLoud)));
        let heavy = "while :; do echo more >> file; done";
        assert!(matches!(run(heavy).await, Err(Undone::TooLarge)));
        let folder = tempfile::TempDir::new().unwrap();
        let mut hanging = errand(folder.path(), "sleep 1000");
        hanging.time_limit = Duration::from_millis(200);
        assert!(matches!(
            hanging.run(&mut |_| {}).await,
            Err(Undone::TooSlow)
        ));
        let mut absent = errand(folder.path(), "");
        absent.program = Path::new("/no/such/program");
        assert!(matches!(absent.run(&mut |_| {}).await, Err(Undone::Absent)));
    }

    #[tokio::test]
    async fn those_it_started_end_with_it() {
        // The child keeps the output open, and says who it is.
        let done = run("sleep 1000 & echo $!").await.unwrap();
        let left = String::from_utf8(done.output).unwrap();
        let left = Pid::from_raw(left.trim().parse().unwrap()).unwrap();
        // Whoever has ended may still wait to be reaped by the first process of the system.
        while rustix::process::test_kill_process(left).is_ok() {
            let state = std::fs::read_to_string(format!("/proc/{left}/stat")).unwrap_or_default();
            if state.contains(") Z ") {
                break;
            }
            tokio::task::yield_now().await;
        }
    }
}
