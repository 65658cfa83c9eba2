//! How long it takes from `/play` until sound arrives, with the program as people run it and a
//! sandbox in place of Discord: for a song that is in the cache, one from the library that is not, and
//! a FLAC of five minutes that nobody has seen before; with the bot in the channel, quiet, and with a
//! bot that has to join first. The handshakes (from the wish to join until the voice server describes
//! the session) are measured in the same run and taken off: they are the network's.

#![expect(clippy::print_stdout, reason = "a bench prints what it found")]

#[path = "gauge/ffmpeg.rs"]
mod ffmpeg;
#[path = "gauge/music.rs"]
mod music;
#[path = "../examples/party/process.rs"]
mod process;
#[path = "start/scene.rs"]
mod scene;
#[path = "gauge/table.rs"]
mod table;

use clap::Parser;
use discord_sandbox::interactions::Given;
use ffmpeg::convert;
use scene::{Scene, Start, text};
use serde_json::json;
use std::path::Path;
use table::Table;

/// Songs that are made ready before, and played in turn.
const READY: usize = 4;
/// Length of the songs in the library, and of the attached FLACs, in seconds.
const SONG_S: u32 = 180;
const FLAC_S: u32 = 300;

/// Measures from `/play` to the first frame.
#[derive(Debug, Parser)]
struct Task {
    /// Starts of each kind.
    #[arg(long, default_value_t = 30)]
    times: usize,
    /// Starts of FLACs of five minutes, each of which has to be made first.
    #[arg(long, default_value_t = 10)]
    flacs: usize,
    /// Cargo says so to every bench.
    #[arg(long, hide = true)]
    bench: bool,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let task = Task::parse();
    println!("{}", table::machine());
    let folder = tempfile::TempDir::new()?;
    let library = folder.path().join("library");
    std::fs::create_dir_all(&library)?;
    fill(&library, 2 * task.times)?;
    let scene = Scene::open(folder.path(), library).await?;
    let ready: Vec<Given> = (0..READY)
        .map(|it| text(&format!("Ready{it:02}")))
        .collect();
    scene.wait_for(names(2 * task.times).count()).await?;
    scene.make_ready(&ready).await?;
    let mut table = Table::new(&[
        "what",
        "bot",
        "n",
        "p50 ms",
        "p90 ms",
        "max ms",
        "handshakes p50 ms",
    ]);

    let cached = |number: usize| ready.get(number % READY).cloned().unwrap_or(text(""));
    let mut starts = Vec::new();
    for number in 0..task.times {
        starts.push(scene.start(("query", cached(number))).await?);
        scene.hush().await?;
    }
    show(&mut table, ("cached song", "there"), &starts);
    starts.clear();
    let mut typed = Vec::new();
    for number in 0..2 * task.times {
        let song = format!("Local{number:02}");
        if number % 2 == 0 {
            starts.push(scene.start(("query", text(&song))).await?);
        } else {
            typed.push(scene.start_typed(&song).await?);
        }
        scene.hush().await?;
        // Making it ready is not to stand in the way of the next.
        scene.has_ready(READY + number + 1).await?;
    }
    show(&mut table, ("library song, not ready", "there"), &starts);
    show(&mut table, ("the same, typed", "there"), &typed);
    starts.clear();
    for number in 0..task.flacs {
        starts.push(scene.start(("file", flac(folder.path(), number)?)).await?);
        scene.hush().await?;
    }
    show(&mut table, ("FLAC of 5 min, new", "there"), &starts);
    starts.clear();
    for number in 0..task.times {
        scene.close().await?;
        starts.push(scene.start(("query", cached(number))).await?);
    }
    show(&mut table, ("cached song", "joins"), &starts);
    starts.clear();
    for number in 0..task.flacs {
        scene.close().await?;
        let flac = flac(folder.path(), task.flacs + number)?;
        starts.push(scene.start(("file", flac)).await?);
    }
    show(&mut table, ("FLAC of 5 min, new", "joins"), &starts);
    println!();
    table.print();
    scene.end().await
}

/// Songs of the library: some that will be made ready, and some that are heard once.
fn names(local: usize) -> impl Iterator<Item = String> {
    let ready = (0..READY).map(|it| format!("Ready{it:02}"));
    ready.chain((0..local).map(|it| format!("Local{it:02}")))
}

fn fill(library: &Path, local: usize) -> anyhow::Result<()> {
    let source = music::prepared(0, SONG_S)?;
    let source = source.to_string_lossy();
    for (number, name) in names(local).enumerate() {
        let file = library.join(format!("{name}.flac"));
        let (title, from) = (format!("title={name}"), format!("{}ms", number * 10));
        // Each begins elsewhere, so that each is another file.
        convert(
            &["-ss", &from, "-i", &source],
            &["-metadata", &title],
            &file,
        )?;
    }
    Ok(())
}

/// An attached FLAC that nobody has seen: 44.1 kHz, small enough for everybody's upload limit.
fn flac(folder: &Path, number: usize) -> anyhow::Result<Given> {
    let file = folder.join("new.flac");
    let (low, high) = (200 + number, 333 + 2 * number);
    let source = format!(
        "aevalsrc=0.2*sin(2*PI*{low}*t)+0.1*sin(2*PI*{high}*t)+0.0005*random(0):d={FLAC_S}:s=44100"
    );
    let title = format!("title=New{number:02}");
    let to = ["-ac", "2", "-sample_fmt", "s16", "-metadata", &title];
    convert(&["-f", "lavfi", "-i", &source], &to, &file)?;
    Ok(Given::Attachment {
        name: format!("new{number:02}.flac"),
        bytes: std::fs::read(file)?.into(),
    })
}

fn show(table: &mut Table, (what, bot): (&str, &str), starts: &[Start]) {
    let mut beyond: Vec<f64> = starts.iter().map(Start::beyond_ms).collect();
    beyond.sort_by(f64::total_cmp);
    let mut handshakes: Vec<f64> = starts
        .iter()
        .map(|it| it.handshakes.as_secs_f64() * 1e3)
        .collect();
    handshakes.sort_by(f64::total_cmp);
    let at = |all: &[f64], tenths: usize| {
        let place = (all.len() * tenths).div_ceil(10).saturating_sub(1);
        all.get(place).copied().unwrap_or_default()
    };
    let (p50, p90, max) = (at(&beyond, 5), at(&beyond, 9), at(&beyond, 10));
    let figures = json!({
        "what": what, "bot": bot, "n": starts.len(), "p50_ms": p50, "p90_ms": p90, "max_ms": max,
        "handshakes_ms": at(&handshakes, 5),
    });
    println!("figures {figures}");
    table.row(vec![
        what.to_owned(),
        bot.to_owned(),
        starts.len().to_string(),
        format!("{p50:.0}"),
        format!("{p90:.0}"),
        format!("{max:.0}"),
        format!("{:.0}", at(&handshakes, 5)),
    ]);
}
