//! Files with single bytes changed, parts cut out, put in twice or filled with noise: whatever they
//! are, the processes that open them end, in time and within their memory.

use super::fixture;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;
use tempfile::TempDir;
use tokio::process::Command;

/// Mutants of all formats together.
const MUTANTS: u64 = 500;
/// No file takes nearly as long; a loop without end would.
const PATIENCE: Duration = Duration::from_mins(1);
const FORMATS: [&str; 8] = [
    "tone.mp3",
    "aac.m4a",
    "alac.m4a",
    "tone.flac",
    "tone.wav",
    "vorbis.ogg",
    "tone.opus",
    "tone.webm",
];

/// Chance that can be repeated.
struct Chance(fastrand::Rng);

impl Chance {
    fn below(&mut self, end: usize) -> usize {
        self.0.usize(..end.max(1))
    }

    /// The same bytes, changed in one to eight places; more often at the beginning, where the
    /// headers are.
    fn mutated(&mut self, original: &[u8]) -> Vec<u8> {
        let mut bytes = original.to_vec();
        for _ in 0..=self.below(8) {
            let reach = if self.0.bool() { 600 } else { bytes.len() };
            let at = self.below(reach.min(bytes.len()));
            let length = self.below(64).min(bytes.len() - at);
            match self.below(6) {
                0 => bytes[at] = self.0.u8(..),
                1 => bytes[at] ^= 1 << self.below(8),
                2 => drop(bytes.drain(at..at + length)),
                3 => {
                    let twice = bytes[at..at + length].to_vec();
                    bytes.splice(at..at, twice);
                }
                4 => bytes[at..at + length].fill(0xFF),
                _ => self.0.fill(&mut bytes[at..at + length]),
            }
            if bytes.is_empty() {
                bytes.push(0);
            }
        }
        bytes
    }
}

/// Whether the process answered; a process that was ended for taking too much has not.
async fn answers(what: &str, file: &Path, out: &Path) -> bool {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rondo"));
    command.arg(what).arg(file).arg(out).env_clear();
    command.stdin(Stdio::null()).kill_on_drop(true);
    let ended = tokio::time::timeout(PATIENCE, command.output()).await;
    let ended = ended.unwrap_or_else(|_| panic!("{what} does not end: {}", kept(file)));
    let ended = ended.expect("the program runs");
    let said = String::from_utf8_lossy(&ended.stdout);
    assert!(
        !ended.status.success() || said.starts_with('{') || said.starts_with('"'),
        "{what} says {said}"
    );
    ended.status.success()
}

/// Keeps a file that was found, for whoever looks into it, and answers where.
fn kept(file: &Path) -> String {
    let place = std::env::temp_dir().join("rondo-mutant");
    match std::fs::copy(file, &place) {
        Ok(_) => place.display().to_string(),
        Err(error) => error.to_string(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_a_file_holds_whoever_opens_it_ends() {
    let folder = TempDir::new().expect("a folder can be made");
    let (file, out) = (folder.path().join("file"), folder.path().join("out"));
    let (mut played, mut refused) = (0, 0);
    for seed in 0..MUTANTS {
        let mut chance = Chance(fastrand::Rng::with_seed(seed));
        let name = FORMATS[chance.below(FORMATS.len())];
        let bytes = chance.mutated(&fixture(name));
        std::fs::write(&file, bytes).expect("it is written");
        let examined = answers("examine", &file, &out).await;
        if examined && answers("prepare", &file, &out).await {
            played += 1;
        } else {
            refused += 1;
        }
    }
    // Both happen, or nothing was tried.
    assert!(
        played > 20 && refused > 20,
        "{played} played, {refused} refused"
    );
}
