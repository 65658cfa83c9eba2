//! Ratings added up, as result lines and profiles show them. The boards do not use it: a mean says
//! nothing of those who stayed silent.

/// How many ratings at the mean everything starts with, where one list is put in order.
const PRIOR: f64 = 10.0;

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

    /// `(C m + sum) / (C + n)` with C = 10 and m the mean over the whole list: few ratings say little.
    pub fn score(self, mean: f64) -> f64 {
        (PRIOR * mean + precise(self.sum)) / (PRIOR + f64::from(self.count))
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
}
