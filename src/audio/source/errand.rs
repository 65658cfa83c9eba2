//! A program of others that is run for a moment: with a list of arguments and never a shell, without
//! our environment, within limits of time, output and disk. A keeper (`rondo keep`) ends it together
//! with all that it has started when it is not wanted any more, and when the bot itself is killed.
//! What it is run for is for others to know.

use crate::audio::keeper::{ABSENT, NOT_RUN};
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

/// The word by which our own program knows that it is to be the keeper.
const KEEP: &str = "keep";

/// What is to be run, and within which limits.
#[derive(Debug)]
pub struct Errand<'a> {
    /// Our own program.
    pub keeper: &'a Path,
    pub program: &'a Path,
    pub arguments: Vec<OsString>,
    /// All it gets to know.
    pub environment: &'a [(OsString, OsString)],
    /// Where it runs.
    pub folder: &'a Path,
    pub time_limit: Duration,
    /// In bytes.
    pub output_limit: usize,
    /// How much it may write into the folder, in bytes.
    pub disk_limit: u64,
}

/// What came of it.
#[derive(Debug)]
pub struct Done {
    pub success: bool,
    pub output: Vec<u8>,
    /// The beginning of what it wrote to the error output.
    pub complaint: String,
}

/// Why nothing came of it.
#[derive(Debug, thiserror::Error)]
pub enum Undone {
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

impl Errand<'_> {
    /// Runs it; `on_line` gets each line of its output as it comes.
    pub async fn run(self, on_line: &mut (dyn FnMut(&str) + Send)) -> Result<Done, Undone> {
        let limit = self.time_limit;
        timeout(limit, self.unhurried(on_line))
            .await
            .unwrap_or(Err(Undone::TooSlow))
    }

    async fn unhurried(self, on_line: &mut (dyn FnMut(&str) + Send)) -> Result<Done, Undone> {
        let mut command = Command::new(self.keeper);
        command.arg(KEEP).arg("--").arg(self.program);
        command.args(&self.arguments).current_dir(self.folder);
        command.env_clear().envs(self.environment.iter().cloned());
        command.stdin(Stdio::piped());
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        // What is typed at the bot's terminal is for the bot.
        command.process_group(0);
        let mut child = command.spawn()?;
        // Everything ends when it is dropped, however that comes.
        let _leash = child.stdin.take();
        let (output, complaint) = (child.stdout.take(), child.stderr.take());
        let heard = async {
            tokio::try_join!(listen(output, self.output_limit, on_line), async {
                Ok(beginning(complaint).await)
            })
        };
        let mut heard = std::pin::pin!(heard);
        let (status, heard) = tokio::select! {
            status = child.wait() => {
                let rest = timeout(LAST_WORDS, heard).await;
                (status, rest.unwrap_or(Err(Undone::TooSlow)))
            }
            words = &mut heard => {
                let words = words?;
                (child.wait().await, Ok(words))
            }
            () = outgrown(self.folder, self.disk_limit) => return Err(Undone::TooLarge),
        };
        let (output, complaint) = heard?;
        let status = status?;
        match status.code().and_then(|code| u8::try_from(code).ok()) {
            Some(ABSENT) => return Err(Undone::Absent),
            Some(NOT_RUN) => return Err(Undone::NotRun(io::Error::other("it does not start"))),
            Some(_) | None => {}
        }
        Ok(Done {
            success: status.success(),
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
