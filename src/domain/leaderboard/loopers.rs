//! The looper index: whether people like somebody's songs more than they usually like songs. One
//! voice per person, so that a fan club is a few voices, and who likes everything moves nothing.

use super::super::ids::MemberId;
use super::counting::{Counted, No, Numbered, index};
use super::expectation::whole;
use super::{Figures, Line, Subject, TurnId};
use std::collections::{BTreeMap, HashMap};

/// Plays at the server's (or the rater's own) usual warmth that everyone starts with.
const PRIOR_PLAYS: f64 = 3.0;
/// How far one person may move a looper's index, in warmth, either way.
const MOST: f64 = 0.25;
/// What a full difference of everybody is worth, and how many indifferent people are added.
const SCALE: f64 = 400.0;
const PRIOR_RATERS: f64 = 5.0;
/// A looper is ranked from so many people and plays on; before that they are a rookie.
pub const LOOPER_RATERS: u32 = 5;
pub const LOOPER_PLAYS: u32 = 10;

/// Warmth in quarters over plays.
#[derive(Clone, Copy, Default)]
struct Felt {
    warmth: i64,
    plays: u32,
}

impl Felt {
    fn add(&mut self, warmth: i32) {
        self.warmth += i64::from(warmth);
        self.plays += 1;
    }

    /// `(sum y + 3 m) / (N + 3)`.
    fn usual(self, m: f64) -> f64 {
        (whole(self.warmth) / 4.0 + PRIOR_PLAYS * m) / (f64::from(self.plays) + PRIOR_PLAYS)
    }
}

#[derive(Default)]
struct Sum {
    difference: f64,
    raters: u32,
    warmer: u32,
    cooler: u32,
    plays: u32,
    /// The last turn.
    newest: u64,
}

/// Lines of all loopers of the period whom anybody that counts has heard, in no order.
pub(super) fn lines(numbered: &Numbered<'_>, counted: &Counted) -> Vec<Line> {
    let mut server = (0_i64, 0_i64);
    let mut raters = vec![Felt::default(); numbered.members.len()];
    let mut pairs: HashMap<(No, No), Felt> = HashMap::new();
    let mut sums: BTreeMap<No, Sum> = BTreeMap::new();
    for play in &counted.plays {
        let sum = sums.entry(play.looper).or_default();
        sum.plays += 1;
        sum.newest = play.turn.0;
        for (rater, warmth) in &play.voices {
            server.0 += i64::from(*warmth);
            server.1 += 1;
            if let Some(felt) = raters.get_mut(index(*rater)) {
                felt.add(*warmth);
            }
            pairs.entry((play.looper, *rater)).or_default().add(*warmth);
        }
    }
    let mu = if server.1 > 0 {
        whole(server.0) / 4.0 / whole(server.1)
    } else {
        0.0
    };
    let mut pairs: Vec<((No, No), Felt)> = pairs.into_iter().collect();
    // One order, so that sums are the same whatever the table did.
    pairs.sort_unstable_by_key(|(pair, _)| *pair);
    for ((looper, rater), felt) in pairs {
        let own = raters.get(index(rater)).copied().unwrap_or_default();
        let usual = own.usual(mu);
        let difference = (felt.usual(usual) - usual).clamp(-MOST, MOST);
        let sum = sums.entry(looper).or_default();
        sum.difference += difference;
        sum.raters += 1;
        // What is within a billionth is no difference: it was calculated.
        sum.warmer += u32::from(difference > 1e-9);
        sum.cooler += u32::from(difference < -1e-9);
    }
    let line = |(looper, sum): (No, Sum)| {
        let raters = f64::from(sum.raters);
        let member = *numbered.members.get(index(looper))?;
        // Who was forgotten has played, and stands on no board.
        (member != MemberId::NOBODY).then_some(Line {
            subject: Subject::Member(member),
            newest: TurnId(sum.newest),
            figures: Figures::Looper {
                index: 100.0 + SCALE * sum.difference / (raters + PRIOR_RATERS),
                raters: sum.raters,
                warmer: sum.warmer,
                cooler: sum.cooler,
                plays: sum.plays,
            },
        })
    };
    sums.into_iter().filter_map(line).collect()
}

/// Whether the looper is ranked.
pub(super) fn is_ranked(line: &Line) -> bool {
    matches!(line.figures, Figures::Looper { raters, plays, .. }
        if raters >= LOOPER_RATERS && plays >= LOOPER_PLAYS)
}
