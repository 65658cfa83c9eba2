//! One run: the other end is started, then what is measured, both are told when to count, and both
//! say what they found.

use crate::ears::Arrived;
use crate::usage::Usage;
use crate::{FRAME, Task, Variant, music};
use anyhow::Context;
use clap::ValueEnum;
use serde::{Deserialize, Serialize};
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

/// How long all stages play before they are measured.
const WARM_UP: Duration = Duration::from_secs(3);
/// How much longer than the run a song has to be: for connecting a thousand stages, and for this.
pub(crate) const BEFORE_S: u32 = 60;

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Outcome {
    pub(crate) what: String,
    pub(crate) stages: u64,
    pub(crate) seconds: f64,
    pub(crate) used: Usage,
    pub(crate) arrived: Arrived,
    /// What the sender says at its end: how the deck came by its frames since the beginning.
    pub(crate) last_words: String,
}

#[expect(clippy::cast_precision_loss, reason = "stages and packets of minutes")]
impl Outcome {
    /// Processor time per stage and second of music that arrived, in milliseconds.
    pub(crate) fn per_stage_ms(&self) -> f64 {
        let music = self.arrived.frames.max(1) as f64 * FRAME.as_secs_f64();
        self.used.processor_s() * 1e3 / music
    }

    pub(crate) fn cores(&self) -> f64 {
        self.used.processor_s() / self.seconds
    }

    pub(crate) fn cores_of_ears(&self) -> f64 {
        self.arrived.used.processor_s() / self.seconds
    }

    pub(crate) fn resident_mib(&self) -> f64 {
        self.used.resident_kib as f64 / 1024.0
    }

    /// Memory of each stage beyond the first, in KiB.
    pub(crate) fn more_kib(&self, first: &Outcome) -> Option<f64> {
        let more = (self.used.resident_kib - first.used.resident_kib) as f64;
        (self.stages > 1).then(|| more / (self.stages - 1) as f64)
    }

    pub(crate) fn waits_per_s(&self) -> f64 {
        self.used.waits as f64 / self.seconds
    }

    /// Frames that all stages have to send in the time.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "seconds of a run"
    )]
    pub(crate) fn frames_due(&self) -> u64 {
        (self.seconds / FRAME.as_secs_f64()) as u64 * self.stages
    }
}

/// A process of this program in another role.
struct Other {
    child: Child,
    orders: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Other {
    fn start(role: &str, task: &Task, more: &[&str], authority: &Path) -> anyhow::Result<Other> {
        let mut command = Command::new(std::env::current_exe()?);
        command
            .args(["--role", role])
            .args(["--seconds", &task.seconds.to_string()])
            .args(more)
            .arg("--ca-file")
            .arg(authority)
            .env("SSL_CERT_FILE", authority)
            .env_remove("SSL_CERT_DIR")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped());
        let mut child = command.spawn()?;
        let orders = child.stdin.take().context("it takes no orders")?;
        let answers = child.stdout.take().context("it does not answer")?;
        let answers = BufReader::new(answers);
        Ok(Other {
            child,
            orders,
            answers,
        })
    }

    fn tell(&mut self, order: &str) -> anyhow::Result<()> {
        Ok(writeln!(self.orders, "{order}")?)
    }

    fn answer(&mut self) -> anyhow::Result<String> {
        let mut line = String::new();
        self.answers.read_line(&mut line)?;
        anyhow::ensure!(!line.is_empty(), "a process ended before its time");
        Ok(line.trim().to_owned())
    }

    /// Waits for its end, and answers what it says last.
    fn end(mut self) -> anyhow::Result<String> {
        drop(self.orders);
        let mut words = String::new();
        self.answers.read_to_string(&mut words)?;
        let status = self.child.wait()?;
        anyhow::ensure!(status.success(), "a process ended with {status}");
        Ok(words.trim().to_owned())
    }
}

/// Lets so many stages play in that way, and measures them.
pub(crate) fn outcome(task: &Task, variant: Variant, stages: u64) -> anyhow::Result<Outcome> {
    let authority = PathBuf::from(music::FOLDER).join("bench-ca.pem");
    let count = stages.to_string();
    let mut ears = Other::start("ears", task, &["--stages", &count], &authority)?;
    let place = ears.answer()?;
    let (endpoint, port) = place.split_once(' ').context("the other end is nowhere")?;
    let value = variant.to_possible_value();
    let what = value.as_ref().map_or("floor", |it| it.get_name());
    let more = ["--variants", what, "--stages", &count];
    let there = ["--endpoint", endpoint, "--port", port];
    let mut sender = Other::start("sender", task, &[more, there].concat(), &authority)?;
    anyhow::ensure!(sender.answer()? == "playing", "it does not play");
    std::thread::sleep(WARM_UP);
    let began = Instant::now();
    sender.tell("begin")?;
    ears.tell("begin")?;
    std::thread::sleep(Duration::from_secs(task.seconds.into()));
    sender.tell("end")?;
    ears.tell("end")?;
    let seconds = began.elapsed().as_secs_f64();
    let used = serde_json::from_str(&sender.answer()?)?;
    let arrived = serde_json::from_str(&ears.answer()?)?;
    let last_words = sender.end()?;
    ears.end()?;
    Ok(Outcome {
        what: what.to_owned(),
        stages,
        seconds,
        used,
        arrived,
        last_words,
    })
}
