//! Listeners by the time they heard. Everybody who was there stands here, whether their ratings
//! count or not.

use super::counting::{No, Numbered, index};
use super::{Figures, Line, Moment, Subject, TurnId};
use std::collections::BTreeMap;
use std::time::Duration;

#[derive(Default)]
struct Sum {
    heard_ms: u64,
    plays: u32,
    /// The last turn.
    newest: u64,
}

/// Lines of all who heard anything in the period, in no order.
pub(super) fn lines(numbered: &Numbered<'_>, since: Option<Moment>) -> Vec<Line> {
    let mut sums: BTreeMap<No, Sum> = BTreeMap::new();
    for it in numbered.since(since) {
        for (ear, member) in it.play.ears.iter().zip(&it.ears) {
            if ear.heard_ms == 0 || ear.member == it.play.looper {
                continue;
            }
            let sum = sums.entry(*member).or_default();
            sum.heard_ms += u64::from(ear.heard_ms);
            sum.plays += u32::from(ear.has_heard);
            sum.newest = it.play.turn.0;
        }
    }
    let line = |(member, sum): (No, Sum)| {
        Some(Line {
            subject: Subject::Member(*numbered.members.get(index(member))?),
            newest: TurnId(sum.newest),
            figures: Figures::Listener {
                heard: Duration::from_millis(sum.heard_ms),
                plays: sum.plays,
            },
        })
    };
    sums.into_iter().filter_map(line).collect()
}
