//! The scores of the leaderboards: a Bayesian average, so that few ratings say little. It knows
//! nothing of where ratings come from; who counts has been decided before.

use std::cmp::Ordering;

/// How many ratings at the guild's mean everyone starts with.
pub const PRIOR: f64 = 10.0;
/// Ratings a track needs to be listed.
pub const TRACK_RATINGS: u32 = 3;
/// Rated plays a looper needs to be listed.
pub const LOOPER_PLAYS: u32 = 5;

/// Ratings added up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Sum of the stars.
    pub sum: u64,
    /// How many ratings.
    pub count: u32,
}

impl Tally {
    /// Mean of the stars, 1 to 5; `None` without ratings.
    pub fn mean(self) -> Option<f64> {
        (self.count > 0).then(|| precise(self.sum) / f64::from(self.count))
    }

    /// `(C m + sum) / (C + n)` with C = [`PRIOR`] and m the guild's mean over the period.
    pub fn score(self, guild_mean: f64) -> f64 {
        (PRIOR * guild_mean + precise(self.sum)) / (PRIOR + f64::from(self.count))
    }
}

impl std::iter::Sum for Tally {
    fn sum<I: Iterator<Item = Tally>>(tallies: I) -> Tally {
        tallies.fold(Tally::default(), |all, one| Tally {
            sum: all.sum + one.sum,
            count: all.count.saturating_add(one.count),
        })
    }
}

/// A sum of stars as a number to calculate with; it is far below 2^53.
#[expect(
    clippy::cast_precision_loss,
    reason = "five stars a second for a million years fit"
)]
fn precise(sum: u64) -> f64 {
    sum as f64
}

/// The order of a board: by score, the higher first; ties by the number of ratings. Scores that
/// differ by less than a billionth are equal: they were calculated in another order.
pub fn order(a: (f64, u32), b: (f64, u32)) -> Ordering {
    let billionths = |score: f64| (score * 1e9).round();
    billionths(b.0)
        .total_cmp(&billionths(a.0))
        .then(b.1.cmp(&a.1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_perfect_rating_does_not_beat_many_good_ones() {
        let mean = 3.5;
        let lucky = Tally { sum: 5, count: 1 };
        let loved = Tally { sum: 90, count: 20 };
        assert!(loved.score(mean) > lucky.score(mean));
        assert!((lucky.score(mean) - 40.0 / 11.0).abs() < 1e-12);
    }

    #[test]
    fn without_ratings_the_score_is_the_guilds_mean() {
        assert!((Tally::default().score(3.2) - 3.2).abs() < 1e-12);
        assert_eq!(Tally::default().mean(), None);
    }

    #[test]
    fn ties_go_to_the_one_with_more_ratings() {
        assert_eq!(order((4.0, 3), (4.0, 9)), Ordering::Greater);
        assert_eq!(order((4.1, 3), (4.0, 9)), Ordering::Less);
        let mean = 44.0 / 12.0;
        let [few, many] = [(11, 3), (33, 9)].map(|(sum, count)| Tally { sum, count });
        let line = |tally: Tally| (tally.score(mean), tally.count);
        assert_eq!(order(line(few), line(many)), Ordering::Greater);
    }
}
