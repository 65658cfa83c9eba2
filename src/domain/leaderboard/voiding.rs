//! Random histories: voiding somebody gives exactly the boards of a history without them, refitted
//! expectation and usual warmth included, to the last bit. `VOIDING=1234` replays one seed.

use super::super::ids::{MemberId, TurnId};
use super::super::settings::Settings;
use super::super::track::TrackKey;
use super::tests::{NOW, ear, play};
use super::{Bar, Board, Boards, PastPlay, Period, make};
use std::time::Duration;

const SEEDS: u64 = 100;

struct Chance(u64);

impl Chance {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) % end.max(1)
    }

    fn percent(&mut self, share: u64) -> bool {
        self.below(100) < share
    }
}

fn history(chance: &mut Chance) -> Vec<PastPlay> {
    let (plays, people) = (chance.below(250), 2 + chance.below(20));
    let (tracks, loopers) = (1 + chance.below(60), 1 + chance.below(6));
    let (presence, zeal) = (20 + chance.below(80), 10 + chance.below(90));
    let span = 1 + chance.below(400);
    (1..=plays)
        .map(|turn| {
            let looper = 1 + chance.below(loopers);
            let track = format!("t{}", chance.below(tracks));
            let mut play = play(turn, looper, &track, span - span * turn / plays);
            for member in 1..=people {
                if member == looper || !chance.percent(presence) {
                    continue;
                }
                let rates = chance.percent(zeal);
                let stars = if rates { 1 + chance.below(5) } else { 0 };
                let mut ear = ear(member, u8::try_from(stars).unwrap());
                ear.grabbed = chance.percent(5);
                ear.voided = rates && chance.percent(2);
                ear.heard_ms = u32::try_from(20_000 + chance.below(160_000)).unwrap();
                if chance.percent(5) {
                    ear.member_for_s = u32::try_from(chance.below(100_000)).unwrap();
                }
                play.ears.push(ear);
            }
            play
        })
        .collect()
}

/// What a moderator does: every rating of theirs counts no more. Their silence then does not
/// either, since they have rated nothing.
fn voided(history: &[PastPlay], rater: MemberId) -> Vec<PastPlay> {
    let mut history = history.to_vec();
    let all = history.iter_mut().flat_map(|play| &mut play.ears);
    for ear in all.filter(|ear| ear.member == rater && ear.stars.is_some()) {
        ear.voided = true;
    }
    history
}

fn without(history: &[PastPlay], rater: MemberId) -> Vec<PastPlay> {
    let mut history = history.to_vec();
    for play in &mut history {
        play.ears.retain(|ear| ear.member != rater);
    }
    history
}

/// All but the time that somebody listened, which voiding does not take from them.
fn judged(mut boards: Boards) -> Boards {
    boards
        .sheets
        .retain(|(board, _), _| *board != Board::Listeners);
    boards
}

#[test]
fn voiding_somebody_gives_the_boards_of_a_history_without_them() {
    #[expect(
        clippy::disallowed_methods,
        reason = "whoever hunts a failure names its seed; the program's own config does not"
    )]
    let given = std::env::var("VOIDING").ok().and_then(|it| it.parse().ok());
    let seeds = given.map_or(1..SEEDS + 1, |seed: u64| seed..seed + 1);
    let (mut changed, mut fitted, mut lines) = (0, 0, 0);
    for seed in seeds {
        let mut chance = Chance(seed);
        let history = history(&mut chance);
        let bar = Bar {
            ratings: 1 + u32::try_from(chance.below(6)).unwrap(),
            ..Bar::from(&Settings::default())
        };
        let rater = MemberId(1 + chance.below(20));
        let plain = judged(make(&history, &bar, NOW));
        let void = judged(make(&voided(&history, rater), &bar, NOW));
        let absent = judged(make(&without(&history, rater), &bar, NOW));
        assert_eq!(void, absent, "VOIDING={seed}");
        changed += u32::from(plain != void);
        fitted += u32::from(plain.usual != void.usual);
        lines += void
            .sheets
            .values()
            .map(|it| it.listed.len())
            .sum::<usize>();
    }
    if given.is_none() {
        // The histories are such that there is something to compare.
        assert!(changed > 40, "{changed} boards were changed by it");
        assert!(fitted > 10, "{fitted} expectations were refitted");
        assert!(lines > 1_000, "{lines} lines");
    }
}

#[test]
fn the_order_in_which_plays_are_told_does_not_matter() {
    let mut chance = Chance(7);
    let history = history(&mut chance);
    let bar = Bar::from(&Settings::default());
    let mut other = history.clone();
    other.reverse();
    assert_eq!(make(&history, &bar, NOW), make(&other, &bar, NOW));
}

#[test]
fn an_empty_history_has_empty_boards() {
    let bar = Bar::from(&Settings::default());
    let boards = make(&[], &bar, NOW);
    assert_eq!(boards.sheets.len(), Board::ALL.len() * Period::ALL.len());
    assert!(boards.sheets.values().all(|it| it.listed.is_empty()));
    let nobody = PastPlay {
        turn: TurnId(1),
        looper: MemberId(1),
        track: TrackKey("t".to_owned()),
        began_at: NOW,
        played: Duration::ZERO,
        ears: Vec::new(),
    };
    let boards = make(&[nobody], &bar, NOW);
    assert!(boards.sheets.values().all(|it| it.listed.is_empty()));
}
