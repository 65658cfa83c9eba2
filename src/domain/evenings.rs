//! Whole evenings, drawn from a seed: people, a speaker and a disk act on the stage at random, and
//! checkers that remember watch. A failure prints its seed; `EVENING=1234 cargo test evenings`
//! replays that one and prints its log.

mod chance;
mod checkers;
mod disk;
mod party;
mod people;
mod plan;
mod speaker;
mod wishes;

use self::checkers::Checkers;
use self::party::Party;
use std::fmt::Write as _;

const EVENINGS: u64 = 200;
const STEPS: u32 = 2_000;

/// An evening with all checkers. `Err` is the step and the objection.
fn evening(seed: u64, mut log: Option<&mut String>) -> Result<(), String> {
    let mut party = Party::new(seed);
    let mut checkers = Checkers::new();
    if let Some(log) = &mut log {
        writeln!(log, "{:#?}", party.plan).unwrap();
    }
    for step in 0..STEPS {
        let next = party.step();
        if let Some(log) = &mut log {
            writeln!(log, "{step:>5} {}", next.line()).unwrap();
        }
        checkers
            .look(&next)
            .map_err(|objection| format!("step {step}: {objection}"))?;
    }
    Ok(())
}

/// Runs the evening again and shows how it came to that.
fn tell_of(seed: u64, objection: &str) -> String {
    /// Lines of the log that are shown.
    const SHOWN: usize = 120;
    let mut log = String::new();
    let again = evening(seed, Some(&mut log));
    let lines: Vec<&str> = log.lines().collect();
    let shown = lines[lines.len().saturating_sub(SHOWN)..].join("\n");
    format!("{shown}\n\nEVENING={seed}: {objection} (again: {again:?})")
}

#[expect(
    clippy::disallowed_methods,
    reason = "the seed to replay is for the tester alone, not a setting of the program"
)]
fn seed_to_replay() -> Option<u64> {
    std::env::var("EVENING").ok()?.parse().ok()
}

#[test]
fn the_rules_hold_on_every_evening() {
    if let Some(seed) = seed_to_replay() {
        let mut log = String::new();
        let verdict = evening(seed, Some(&mut log));
        println!("{log}");
        verdict.unwrap_or_else(|objection| panic!("EVENING={seed}: {objection}"));
        return;
    }
    let troubles: Vec<String> = std::thread::scope(|scope| {
        let halves: Vec<_> = [0, 1]
            .map(|half| {
                scope.spawn(move || {
                    let mut seeds = (0..EVENINGS).filter(|seed| seed % 2 == half);
                    seeds.find_map(|seed| Some((seed, evening(seed, None).err()?)))
                })
            })
            .into_iter()
            .collect();
        let ended = halves.into_iter().filter_map(|half| half.join().unwrap());
        ended
            .map(|(seed, objection)| tell_of(seed, &objection))
            .collect()
    });
    assert!(troubles.is_empty(), "{}", troubles.join("\n"));
}

#[test]
fn the_same_seed_gives_the_same_evening() {
    for seed in [1, 7, 42] {
        let (mut one, mut other) = (String::new(), String::new());
        assert_eq!(
            evening(seed, Some(&mut one)),
            evening(seed, Some(&mut other))
        );
        assert_eq!(one, other);
    }
}
