//! Collections by what others made of them: a save of somebody who counts is one, and so is a play by
//! somebody else before an audience that counts. Nothing of one's own counts, a person saves a
//! collection once, and their plays of it count once in 7 days, so that neither hours nor a farm of
//! accounts make a curator.

use super::super::ids::{CollectionId, MemberId, TurnId};
use super::super::moment::Moment;
use super::counting::{AGAIN, Counted, No, Numbered, index};
use super::made::Sheet;
use super::{Figures, Line, Subject};
use std::collections::{BTreeMap, HashMap};

/// What is known of a guild's published collections.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Curation {
    /// With their curators.
    pub curators: BTreeMap<CollectionId, MemberId>,
    pub saves: Vec<Save>,
    /// Turns whose track was taken from a collection.
    pub plays: HashMap<TurnId, CollectionId>,
}

/// Somebody has saved a collection, and has it still.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Save {
    pub collection: CollectionId,
    pub member: MemberId,
    pub at: Moment,
}

#[derive(Default)]
struct Sum {
    saves: u32,
    plays: u32,
    /// The last turn.
    newest: u64,
}

/// The board of a period. A collection of which nothing counts does not stand on it.
pub(super) fn sheet(
    curation: &Curation,
    numbered: &Numbered<'_>,
    counted: &Counted,
    since: Option<Moment>,
) -> Sheet {
    let mut sums: BTreeMap<CollectionId, Sum> = BTreeMap::new();
    let is_others = |collection: CollectionId, member: MemberId| {
        let curator = curation.curators.get(&collection);
        curator.is_some_and(|curator| *curator != member)
    };
    for save in &curation.saves {
        let is_in_time = since.is_none_or(|since| save.at >= since);
        if is_in_time
            && is_others(save.collection, save.member)
            && counts(numbered, counted, save.member)
        {
            sums.entry(save.collection).or_default().saves += 1;
        }
    }
    let mut last: HashMap<(CollectionId, No), Moment> = HashMap::new();
    for play in &counted.plays {
        let looper = numbered.members.get(index(play.looper));
        let from = curation.plays.get(&play.turn).zip(looper);
        let Some((collection, _)) = from.filter(|(from, looper)| is_others(**from, **looper))
        else {
            continue;
        };
        let sum = sums.entry(*collection).or_default();
        sum.newest = play.turn.0;
        let again = last.get(&(*collection, play.looper));
        if again.is_none_or(|before| play.began_at.since(*before) >= AGAIN) {
            last.insert((*collection, play.looper), play.began_at);
            sum.plays += 1;
        }
    }
    let line = |(collection, sum): (CollectionId, Sum)| Line {
        subject: Subject::Collection(collection),
        newest: TurnId(sum.newest),
        figures: Figures::Collection {
            saves: sum.saves,
            plays: sum.plays,
        },
    };
    let mut sheet = Sheet::parted(sums.into_iter().map(line).collect(), |_| true);
    for (place, line) in sheet.listed.iter().enumerate() {
        if let Subject::Collection(collection) = &line.subject
            && let Some(curator) = curation.curators.get(collection)
        {
            sheet.best.entry(*curator).or_insert(place);
        }
    }
    sheet
}

/// Whether the member's voice counts in the period.
fn counts(numbered: &Numbered<'_>, counted: &Counted, member: MemberId) -> bool {
    let number = numbered.members.binary_search(&member).ok();
    let rater = number.and_then(|number| counted.raters.get(number));
    rater.is_some_and(|rater| rater.counts)
}

#[cfg(test)]
mod tests {
    use super::super::super::ids::{CollectionId, MemberId, TurnId};
    use super::super::super::moment::Moment;
    use super::super::tests::{NOW, heard, open, play};
    use super::super::{Board, Boards, Figures, PastPlay, Period, Subject, make_all};
    use super::{Curation, Save};

    const RAIN: CollectionId = CollectionId(1);
    const SUN: CollectionId = CollectionId(2);

    fn save(collection: CollectionId, member: u64, days_ago: i64) -> Save {
        Save {
            collection,
            member: MemberId(member),
            at: Moment(NOW.0 - days_ago * 86_400_000),
        }
    }

    /// Ana (1) curates Rain, Bo (2) Sun; 101 and 102 rate everything. Bo plays from Rain four times.
    fn history() -> (Vec<PastPlay>, Curation) {
        let plays = [(1, 2, 40), (2, 2, 38), (3, 2, 20), (4, 1, 10), (5, 2, 2)];
        let plays = plays.map(|(turn, looper, days)| {
            heard(play(turn, looper, &format!("t{turn}"), days), &[4, 5])
        });
        let curation = Curation {
            curators: [(RAIN, MemberId(1)), (SUN, MemberId(2))].into(),
            saves: vec![
                save(RAIN, 101, 3),
                save(RAIN, 102, 60),
                // One's own, and of somebody who never rated anything.
                save(RAIN, 1, 3),
                save(RAIN, 900, 3),
                save(SUN, 102, 3),
            ],
            plays: [1, 2, 3, 4, 5].map(|turn| (TurnId(turn), RAIN)).into(),
        };
        (plays.into(), curation)
    }

    fn lines(boards: &Boards, period: Period) -> Vec<(Subject, u32, u32)> {
        let sheet = &boards.sheets[&(Board::Collections, period)];
        let figures = |figures| match figures {
            Figures::Collection { saves, plays } => (saves, plays),
            other => panic!("{other:?} is no collection's"),
        };
        let lines = sheet.listed.iter().map(|line| {
            let (saves, plays) = figures(line.figures);
            (line.subject.clone(), saves, plays)
        });
        lines.collect()
    }

    #[test]
    fn saves_and_plays_of_others_count_once_each() {
        let (plays, curation) = history();
        let boards = make_all((&plays, &curation), &open(), NOW);
        let rain = |saves, plays| (Subject::Collection(RAIN), saves, plays);
        let sun = |saves, plays| (Subject::Collection(SUN), saves, plays);
        // Turn 2 is within 7 days of turn 1, turn 4 is Ana's own.
        assert_eq!(lines(&boards, Period::All), [rain(2, 3), sun(1, 0)]);
        assert_eq!(lines(&boards, Period::Month), [rain(1, 2), sun(1, 0)]);
        assert_eq!(lines(&boards, Period::Week), [rain(1, 1), sun(1, 0)]);
        let sheet = &boards.sheets[&(Board::Collections, Period::All)];
        assert_eq!(sheet.best, [(MemberId(1), 0), (MemberId(2), 1)].into());
    }

    #[test]
    fn what_is_not_published_stands_nowhere_and_moves_no_other_board() {
        let (plays, mut curation) = history();
        curation.curators.clear();
        let boards = make_all((&plays, &curation), &open(), NOW);
        assert_eq!(lines(&boards, Period::All), []);
        let without = make_all((&plays, &Curation::default()), &open(), NOW);
        assert_eq!(boards, without);
    }
}
