//! Whether what people hear is the music: each track is made ready by the program, and what came of
//! it is decoded and measured by ffmpeg beside its source. A story proves that what is made ready is
//! what is sent, packet by packet.
//!
//! The rule that is checked: -14 LUFS integrated with peaks below -1 dB true peak, which are held down by
//! up to 4 dB for that; a track whose peaks are higher still stays softer, and is counted apart.
//! `MUSIC=folder` names real music; without it there are only noises and a sweep.

#![expect(clippy::print_stdout, reason = "a bench prints what it found")]

#[path = "gauge/ffmpeg.rs"]
mod ffmpeg;
#[path = "quality/meter.rs"]
mod meter;
#[path = "quality/spectrum.rs"]
mod spectrum;
#[path = "gauge/table.rs"]
mod table;
#[path = "gauge/yours.rs"]
mod yours;

use anyhow::Context;
use ffmpeg::convert;
use meter::{Loudness, decode, loudness};
use serde_json::json;
use spectrum::{Band, Spectrum};
use std::path::{Path, PathBuf};
use std::process::Command;
use table::Table;

const TARGET_LUFS: f64 = -14.0;
const PEAK_LIMIT_DBTP: f64 = -1.0;
/// By how much the program holds peaks down.
const MOST_HELD_DB: f64 = 4.0;
/// The program's own limit of making louder.
const MOST_GAIN_DB: f64 = 30.0;
/// What ffmpeg and ours may disagree on about a peak, for a track to be counted as limited by it.
const PEAK_DOUBT_DB: f64 = 0.3;
/// A band this far below the loudest of its track is not heard beside it and is not compared.
const FAINT_DB: f64 = -60.0;

/// Sounds that have everything up to 18 kHz, whatever the music has: name, ffmpeg's source.
const MADE: [(&str, &str); 4] = [
    (
        "(white noise)",
        "anoisesrc=color=white:amplitude=0.2:duration=30:sample_rate=48000:seed=1",
    ),
    (
        "(pink noise)",
        "anoisesrc=color=pink:amplitude=0.3:duration=30:sample_rate=48000:seed=2",
    ),
    (
        "(pink noise, 44.1 kHz)",
        "anoisesrc=color=pink:amplitude=0.3:duration=30:sample_rate=44100:seed=3",
    ),
    // 20 Hz to 20 kHz, each octave as long as the other.
    (
        "(sweep)",
        "aevalsrc=0.2*sin(2*PI*20*30/log(1000)*(exp(t/30*log(1000))-1)):d=30:s=48000",
    ),
];

struct Found {
    name: String,
    source: Loudness,
    heard: Loudness,
    /// What the outside meter expects of the rule.
    wanted_lufs: f64,
    by_peaks: bool,
    /// The band that changed most, and by how much beyond the gain.
    band_hz: f64,
    band_db: f64,
}

impl Found {
    fn off_lu(&self) -> f64 {
        self.heard.lufs - self.wanted_lufs
    }
}

fn main() -> anyhow::Result<()> {
    println!("{}", table::machine());
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let mut all = Vec::new();
    for (name, source) in MADE {
        let file = folder.join("quality-bench.flac");
        convert(
            &["-f", "lavfi", "-i", source],
            &["-ac", "2", "-sample_fmt", "s16"],
            &file,
        )?;
        all.push(judge(name.to_owned(), &file)?);
        std::fs::remove_file(file)?;
    }
    for file in yours::music()? {
        let name = file.file_stem().unwrap_or_default().to_string_lossy();
        match judge(name.into_owned(), &file) {
            Ok(found) => {
                println!("judged: {}: {:+.1} LU off", found.name, found.off_lu());
                all.push(found);
            }
            Err(error) => println!("not judged: {}: {error:#}", file.display()),
        }
    }
    let mut table = Table::new(&[
        "track",
        "source LUFS",
        "source dBTP",
        "heard LUFS",
        "off LU",
        "limited by",
        "heard dBTP",
        "worst band dB",
        "at Hz",
    ]);
    for it in &all {
        table.row(vec![
            it.name.chars().take(32).collect(),
            format!("{:.1}", it.source.lufs),
            format!("{:.1}", it.source.peak_dbtp),
            format!("{:.1}", it.heard.lufs),
            format!("{:+.1}", it.off_lu()),
            if it.by_peaks { "peaks" } else { "target" }.to_owned(),
            format!("{:.1}", it.heard.peak_dbtp),
            format!("{:+.2}", it.band_db),
            format!("{:.0}", it.band_hz),
        ]);
    }
    table.print();
    sum_up("noises and sweep", all.iter().take(MADE.len()));
    sum_up(
        "music at the target",
        all.iter().skip(MADE.len()).filter(|it| !it.by_peaks),
    );
    sum_up(
        "music limited by its peaks",
        all.iter().skip(MADE.len()).filter(|it| it.by_peaks),
    );
    Ok(())
}

fn sum_up<'a>(what: &str, all: impl Iterator<Item = &'a Found>) {
    let all: Vec<&Found> = all.collect();
    let most = |of: fn(&Found) -> f64| all.iter().map(|it| of(it)).fold(f64::MIN, f64::max);
    if all.is_empty() {
        return println!("{what}: none");
    }
    let off = most(|it| it.off_lu().abs());
    let peak = most(|it| it.heard.peak_dbtp);
    let band = most(|it| it.band_db.abs());
    println!(
        "{what}: {} tracks, at most {off:.1} LU off, peaks at most {peak:.1} dBTP, \
         no band changed by more than {band:.2} dB",
        all.len()
    );
    let figures = json!({ "what": what, "tracks": all.len(), "off_lu": off, "peak_dbtp": peak, "band_db": band });
    println!("figures {figures}");
}

/// Makes the file ready, and compares what came of it with what it was.
fn judge(name: String, file: &Path) -> anyhow::Result<Found> {
    let out = Path::new(env!("CARGO_TARGET_TMPDIR")).join("quality-bench.opus");
    let mut command = Command::new(env!("CARGO_BIN_EXE_rondo"));
    let made = command.arg("prepare").arg(file).arg(&out).output()?;
    anyhow::ensure!(
        made.status.success(),
        "`rondo prepare` ended with {}",
        made.status
    );
    let (source, heard) = (loudness(file)?, loudness(&out)?);
    let by_loudness = (TARGET_LUFS - source.lufs).min(MOST_GAIN_DB);
    let by_peak = PEAK_LIMIT_DBTP - source.peak_dbtp + MOST_HELD_DB;
    let gain = gain_of(&made.stdout)?;
    let (band_hz, band_db) = worst(&bands(file)?, &bands(&out)?, gain);
    std::fs::remove_file(out)?;
    let by_peaks = by_peak < by_loudness - PEAK_DOUBT_DB;
    Ok(Found {
        name,
        source,
        heard,
        wanted_lufs: source.lufs + if by_peaks { by_peak } else { by_loudness },
        by_peaks,
        band_hz,
        band_db,
    })
}

/// What the program says it changed the level by.
fn gain_of(said: &[u8]) -> anyhow::Result<f64> {
    let said: serde_json::Value = serde_json::from_slice(said)?;
    let gain = said.get("gain_db").and_then(serde_json::Value::as_f64);
    gain.context("it does not say its gain")
}

fn bands(file: &Path) -> anyhow::Result<Vec<Band>> {
    let mut spectrum = Spectrum::new();
    decode(&PathBuf::from(file), &mut |samples| spectrum.take(samples))?;
    Ok(spectrum.bands())
}

/// The band whose level changed most, the gain not counted.
fn worst(source: &[Band], heard: &[Band], gain_db: f64) -> (f64, f64) {
    let loudest = source.iter().map(|it| it.level_db).fold(f64::MIN, f64::max);
    let bands = source.iter().zip(heard);
    let compared = bands.filter(|(source, _)| source.level_db > loudest + FAINT_DB);
    let changes = compared.map(|(source, heard)| {
        let change = heard.level_db - source.level_db - gain_db;
        (source.hz, change)
    });
    changes.fold((0.0, 0.0), |worst: (f64, f64), it| {
        if it.1.abs() > worst.1.abs() {
            it
        } else {
            worst
        }
    })
}
