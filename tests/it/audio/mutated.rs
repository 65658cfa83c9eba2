//! Whatever a file holds, the processes that open it end: in time, within their memory, with an
//! answer or without one. Mutants of every format, and those that once did not end so.

use super::mutants::{FORMATS, mutant};
use super::opening::{Opened, open, play};
use futures_util::StreamExt;
use std::path::Path;
use tempfile::TempDir;

/// Mutants that are tried; `RONDO_MUTANTS` says how many, `RONDO_MUTANTS_FROM` with which to begin.
const MUTANTS: u64 = 500;
/// One of so many is also played: from its beginning, from within, and as it comes in.
const PLAYED_OF: u64 = 4;
/// Those that are tried at a time.
const AT_A_TIME: usize = 3;
/// Seeds of mutants that were found to break something, one a line.
const REGRESSIONS: &str = include_str!("../../media/regressions.txt");

#[derive(Default)]
struct Outcomes {
    played: u32,
    refused: u32,
    ended: u32,
}

impl Outcomes {
    fn add(&mut self, (examined, prepared): (Opened, Option<Opened>)) {
        match (examined.answers, prepared.map(|it| it.answers)) {
            (true, Some(true)) => self.played += 1,
            (true, _) => self.refused += 1,
            (false, _) => self.ended += 1,
        }
    }
}

/// Has the mutant opened as a stranger's file is, and says what came of it.
#[expect(
    clippy::print_stdout,
    reason = "which they were is for whoever keeps them"
)]
fn tried(seed: u64, folder: &Path) -> (Opened, Option<Opened>) {
    let (file, out) = (
        folder.join(format!("{seed}")),
        folder.join(format!("{seed}-out")),
    );
    let (name, bytes) = mutant(seed);
    std::fs::write(&file, bytes).expect("it is written");
    let examined = open("examine", &file, &out);
    examined.assert_frugal(&format!("to examine mutant {seed}, a {name}"));
    if !examined.answers {
        println!("{seed} {name} ended its examiner: {}", examined.ending);
    }
    let prepared = examined.plays.then(|| open("prepare", &file, &out));
    if let Some(prepared) = &prepared {
        if !prepared.answers {
            println!("{seed} {name} ended its preparer: {}", prepared.ending);
        }
        prepared.assert_frugal(&format!("to prepare mutant {seed}, a {name}"));
    }
    if seed.is_multiple_of(PLAYED_OF) {
        for from_ms in [Some(0), Some(700), None] {
            let played = play(&file, from_ms);
            played.assert_frugal(&format!(
                "to play mutant {seed}, a {name}, from {from_ms:?}"
            ));
        }
    }
    std::fs::remove_file(&file).expect("it is there");
    (examined, prepared)
}

async fn all_tried(seeds: impl Iterator<Item = u64>) -> Outcomes {
    let folder = TempDir::new().expect("a folder can be made");
    let (mut outcomes, mut wild) = (Outcomes::default(), Vec::new());
    let mut trying = futures_util::stream::iter(seeds)
        .map(|seed| {
            let folder = folder.path().to_owned();
            let trying = tokio::task::spawn_blocking(move || tried(seed, &folder));
            async move { (seed, trying.await) }
        })
        .buffer_unordered(AT_A_TIME);
    // One that breaks its limits is no reason not to look for others.
    while let Some((seed, outcome)) = trying.next().await {
        match outcome {
            Ok(outcome) => outcomes.add(outcome),
            Err(_) => wild.push(format!("{seed} {}", mutant(seed).0)),
        }
    }
    assert!(
        wild.is_empty(),
        "beyond their limits, to be kept in tests/media/regressions.txt:\n{}",
        wild.join("\n")
    );
    outcomes
}

fn setting(name: &str) -> Option<u64> {
    std::env::var_os(name)?.to_str()?.parse().ok()
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_a_file_holds_whoever_opens_it_ends() {
    let count = setting("RONDO_MUTANTS").unwrap_or(MUTANTS);
    let from = setting("RONDO_MUTANTS_FROM").unwrap_or(0);
    let outcomes = all_tried(from..from + count).await;
    let Outcomes {
        played,
        refused,
        ended,
    } = outcomes;
    println!("{count} mutants: {played} played, {refused} refused, {ended} ended their process");
    // All of it happens, or nothing was tried.
    let few = u32::try_from(count / 25).unwrap_or(u32::MAX);
    assert!(
        played > few && refused > few,
        "{played} played, {refused} refused"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_once_broke_something_breaks_nothing_any_more() {
    let lines = REGRESSIONS.lines().filter(|it| !it.starts_with('#'));
    let seeds: Vec<u64> = lines
        .filter_map(|line| line.split_whitespace().next()?.parse().ok())
        .collect();
    all_tried(seeds.into_iter()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_cut_off_anywhere_ends_too() {
    let folder = TempDir::new().expect("a folder can be made");
    for name in FORMATS {
        let whole = super::fixture(name);
        for part in [
            1,
            4,
            12,
            40,
            64,
            whole.len() / 16,
            whole.len() / 2,
            whole.len() - 1,
        ] {
            let (file, out) = (folder.path().join("cut"), folder.path().join("out"));
            std::fs::write(&file, &whole[..part]).expect("it is written");
            let opening = tokio::task::spawn_blocking(move || open("examine", &file, &out));
            let opened = opening.await.expect("it is opened");
            opened.assert_frugal(&format!("to examine {part} bytes of {name}"));
            assert!(opened.answers, "{part} bytes of {name}");
        }
    }
}
