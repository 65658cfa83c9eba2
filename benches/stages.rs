//! What a stage costs, for one and for a thousand: processor time per stage and second of music,
//! memory, and how evenly the frames leave. Compared are Rondo's passthrough, songbird decoding and
//! encoding the same files, and a floor that only encrypts and sends. Each is a process of its own,
//! and so is the other end, so that no account holds anything of another.
//!
//! `cargo bench --bench stages -- --help` says what can be chosen.

#![expect(
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a bench measures time, keeps the pace itself and prints what it found"
)]

#[path = "stages/calls.rs"]
mod calls;
#[path = "stages/ears.rs"]
mod ears;
#[path = "stages/floor.rs"]
mod floor;
#[path = "gauge/music.rs"]
mod music;
#[path = "stages/orders.rs"]
mod orders;
#[path = "stages/run.rs"]
mod run;
#[path = "gauge/table.rs"]
mod table;
#[path = "stages/usage.rs"]
mod usage;

use clap::{Parser, ValueEnum};
use run::{Outcome, outcome};
use std::path::PathBuf;
use std::time::Duration;
use table::Table;

/// Discord's frames.
const FRAME: Duration = Duration::from_millis(20);
/// Songs that the stages share.
const SONGS: usize = 4;

/// Measures what stages cost.
#[derive(Clone, Debug, Parser)]
struct Task {
    /// How many stages play at once, one run each.
    #[arg(long, value_delimiter = ',', default_value = "1,10,100,1000")]
    counts: Vec<u64>,
    /// What is measured, in this order.
    #[arg(long, value_delimiter = ',', default_value = "floor,deck,mixed")]
    variants: Vec<Variant>,
    /// How long each run is measured.
    #[arg(long, default_value_t = 20)]
    seconds: u32,
    /// More stages than this are not tried with `mixed`, which they would overwhelm.
    #[arg(long, default_value_t = 100)]
    most_mixed: u64,

    /// What this process is, when it is a child of the one that was started.
    #[arg(long, hide = true)]
    role: Option<Role>,
    #[arg(long, hide = true, default_value_t = 1)]
    stages: u64,
    #[arg(long, hide = true, default_value_t)]
    endpoint: String,
    #[arg(long, hide = true, default_value_t)]
    port: u16,
    #[arg(long, hide = true, default_value = "bench-ca.pem")]
    ca_file: PathBuf,
    /// Cargo says so to every bench.
    #[arg(long, hide = true)]
    bench: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Variant {
    /// A bare loop that encrypts and sends.
    Floor,
    /// Rondo: its deck passing a prepared file on, within songbird.
    Deck,
    /// Songbird passing the prepared file on by its own reader.
    Plain,
    /// Songbird decoding and encoding the prepared file.
    Mixed,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Role {
    /// Counts what arrives.
    Ears,
    /// Sends, in the first of the variants.
    Sender,
}

impl Task {
    /// The song that a stage plays: long enough for the run and what goes before.
    fn song(&self, stage: usize) -> anyhow::Result<PathBuf> {
        let number = u32::try_from(stage % SONGS)?;
        music::prepared(number, self.seconds + run::BEFORE_S)
    }
}

fn main() -> anyhow::Result<()> {
    let task = Task::parse();
    rlimit::increase_nofile_limit(u64::MAX)?;
    match task.role {
        Some(Role::Ears) => ears::run(&task),
        Some(Role::Sender) => match task.variants.first() {
            Some(Variant::Floor) | None => floor::run(&task),
            Some(variant) => calls::run(&task, *variant),
        },
        None => measure(&task),
    }
}

fn measure(task: &Task) -> anyhow::Result<()> {
    for song in 0..SONGS {
        task.song(song)?;
    }
    println!("{}", table::machine());
    let mut outcomes: Vec<Outcome> = Vec::new();
    for stages in &task.counts {
        for variant in &task.variants {
            if *variant == Variant::Mixed && *stages > task.most_mixed {
                continue;
            }
            let found = outcome(task, *variant, *stages)?;
            println!("figures {}", serde_json::to_string(&found)?);
            outcomes.push(found);
        }
    }
    println!();
    show(&outcomes);
    Ok(())
}

fn show(outcomes: &[Outcome]) {
    let mut cost = Table::new(&[
        "stages",
        "what",
        "ms/stage/s",
        "x floor",
        "cores",
        "MiB",
        "KiB/stage more",
        "threads",
        "waits/s",
        "other end, cores",
    ]);
    let mut sound = Table::new(&[
        "stages", "what", "frames", "of", "lost", "astray", "p50 ms", "p99 ms", "max ms",
    ]);
    for it in outcomes {
        let floor = outcomes
            .iter()
            .find(|other| other.what == "floor" && other.stages == it.stages);
        let ratio = floor.map(|floor| it.per_stage_ms() / floor.per_stage_ms());
        let first = outcomes
            .iter()
            .find(|other| other.what == it.what && other.stages == 1);
        let more = first.and_then(|first| it.more_kib(first));
        let maybe = |value: Option<String>| value.unwrap_or_else(|| "-".to_owned());
        cost.row(vec![
            it.stages.to_string(),
            it.what.clone(),
            format!("{:.3}", it.per_stage_ms()),
            maybe(ratio.map(|it| format!("{it:.2}"))),
            format!("{:.3}", it.cores()),
            format!("{:.1}", it.resident_mib()),
            maybe(more.map(|it| format!("{it:.0}"))),
            it.used.threads.to_string(),
            format!("{:.0}", it.waits_per_s()),
            format!("{:.3}", it.cores_of_ears()),
        ]);
        sound.row(vec![
            it.stages.to_string(),
            it.what.clone(),
            it.arrived.frames.to_string(),
            it.frames_due().to_string(),
            it.arrived.lost.to_string(),
            it.arrived.astray.to_string(),
            format!("{:.1}", it.arrived.p50_ms),
            format!("{:.1}", it.arrived.p99_ms),
            format!("{:.1}", it.arrived.max_ms),
        ]);
    }
    cost.print();
    sound.print();
    for it in outcomes.iter().filter(|it| !it.last_words.is_empty()) {
        println!("{} stages, {}: {}", it.stages, it.what, it.last_words);
    }
}
