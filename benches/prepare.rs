//! How fast a track is made ready: seconds of music per second of processor time of `rondo prepare`,
//! for what ffmpeg makes of a piece of ours, or of the first tracks in `MUSIC`.

#![expect(
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "a bench measures time and prints what it found"
)]

#[path = "gauge/ffmpeg.rs"]
mod ffmpeg;
#[path = "gauge/music.rs"]
mod music;
#[path = "gauge/table.rs"]
mod table;
#[path = "gauge/yours.rs"]
mod yours;

use anyhow::Context;
use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeValLike;
use serde_json::json;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;
use table::Table;

/// What is made of each track: name, ending, and ffmpeg's arguments.
const FORMATS: [(&str, &str, &[&str]); 5] = [
    ("MP3 44.1 kHz", "mp3", &["-ar", "44100", "-b:a", "192k"]),
    ("MP3 48 kHz", "mp3", &["-ar", "48000", "-b:a", "192k"]),
    (
        "FLAC 44.1 kHz",
        "flac",
        &["-ar", "44100", "-sample_fmt", "s16"],
    ),
    (
        "FLAC 48 kHz",
        "flac",
        &["-ar", "48000", "-sample_fmt", "s16"],
    ),
    (
        "Vorbis 44.1 kHz",
        "ogg",
        &["-ar", "44100", "-c:a", "libvorbis"],
    ),
];
/// Tracks of `MUSIC` that are tried.
const TRACKS: usize = 3;
/// Length of the piece of ours, in seconds.
const LENGTH_S: u32 = 300;

fn main() -> anyhow::Result<()> {
    println!("{}", table::machine());
    let folder = Path::new(music::FOLDER);
    let mut tracks = yours::music()?;
    if tracks.is_empty() {
        tracks.push(music::prepared(0, LENGTH_S)?);
    }
    tracks.truncate(TRACKS);
    let mut table = Table::new(&["format", "music s", "processor s", "x real time", "wall s"]);
    for (name, ending, to) in FORMATS {
        let (mut length, mut used, mut wall) = (0.0, 0.0, 0.0);
        for track in &tracks {
            let file = folder.join(format!("prepare-bench.{ending}"));
            let from = ["-i", &track.to_string_lossy(), "-vn", "-ac", "2"].map(ToOwned::to_owned);
            let from: Vec<&str> = from.iter().map(String::as_str).collect();
            ffmpeg::convert(&from, to, &file)?;
            length += length_s(&file)?;
            let (took, usage) = prepare(&file)?;
            wall += took;
            used += usage;
            std::fs::remove_file(file)?;
        }
        let times = length / used;
        println!(
            "figures {}",
            json!({ "format": name, "music_s": length, "processor_s": used, "times": times })
        );
        table.row(vec![
            name.to_owned(),
            format!("{length:.1}"),
            format!("{used:.2}"),
            format!("{times:.1}"),
            format!("{wall:.2}"),
        ]);
    }
    println!();
    table.print();
    Ok(())
}

/// Makes the file ready. Answers the seconds it took, and those of the processor.
fn prepare(file: &Path) -> anyhow::Result<(f64, f64)> {
    let out: PathBuf = file.with_extension("ready");
    let (before, began) = (children_s()?, Instant::now());
    let mut command = Command::new(music::PROGRAM);
    command.arg("prepare").arg(file).arg(&out);
    let status = command.stdout(Stdio::null()).status()?;
    anyhow::ensure!(status.success(), "`rondo prepare` ended with {status}");
    let took = began.elapsed().as_secs_f64();
    let used = children_s()? - before;
    std::fs::remove_file(out)?;
    Ok((took, used))
}

/// Processor time of all processes that this one has seen end, in seconds.
#[expect(clippy::cast_precision_loss, reason = "a bench does not run for years")]
fn children_s() -> anyhow::Result<f64> {
    let used = getrusage(UsageWho::RUSAGE_CHILDREN)?;
    let micros = used.user_time().num_microseconds() + used.system_time().num_microseconds();
    Ok(micros as f64 / 1e6)
}

/// How long a file is, in seconds.
fn length_s(file: &Path) -> anyhow::Result<f64> {
    let mut command = Command::new("ffprobe");
    command.args([
        "-v",
        "error",
        "-show_entries",
        "format=duration",
        "-of",
        "csv=p=0",
    ]);
    let output = command
        .arg(file)
        .output()
        .context("is ffprobe installed?")?;
    let said = String::from_utf8_lossy(&output.stdout);
    said.trim()
        .parse()
        .with_context(|| format!("{} has no length", file.display()))
}
