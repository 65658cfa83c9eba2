//! How alike two people's ratings are: over plays that both rated, and which songs tell it best. A pure
//! function of ratings; whose they are and where they are kept is not known here.

use super::protocol::Stars;
use super::track::TrackKey;
use std::collections::HashSet;

/// Plays that both must have rated before anything is said about them.
pub const SHARED_NEEDED: u32 = 5;
/// A rating from here on is love.
pub const LOVED: u8 = 4;
/// Stars between two ratings of one play from which on it was fought over.
pub const FOUGHT: u8 = 3;
/// The warmth of each rating, in hearts, as the boards count it.
const WARMTH: [f64; 5] = [-1.0, 0.0, 0.5, 1.0, 1.25];
/// How far apart the ratings of two strangers are: the mean of the squared difference of their warmth
/// when both rate as people usually do (1 to 5 given 10, 15, 25, 30 and 20 times of a hundred) and
/// neither knows of the other.
const STRANGERS: f64 = 0.889;
/// How many plays at the strangers' distance everything starts with: few plays say little.
const PRIOR: f64 = 5.0;
/// So much warmth one may give more than the other all the time without being of another taste: one
/// person's 👍 is another one's ❤️. What is beyond it counts.
const GENEROSITY: f64 = 0.5;

/// How alike two people's ratings are.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Likeness {
    /// Plays that both rated.
    pub shared: u32,
    /// From -1 (opposites) through 0 (as strangers) to 1 (the same).
    pub score: f64,
}

/// What a likeness is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Closeness {
    Opposite,
    Strange,
    Near,
    Close,
    Kindred,
}

/// Adds up the ratings of two people, play by play, in any order.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Comparison {
    shared: u32,
    /// Sums of the difference of warmth and of its square.
    difference: f64,
    square: f64,
}

impl Comparison {
    /// A play that both rated.
    pub fn add(&mut self, one: Stars, other: Stars) {
        let difference = warmth(one) - warmth(other);
        self.shared = self.shared.saturating_add(1);
        self.difference += difference;
        self.square += difference * difference;
    }

    /// How alike they are; `None` while fewer than [`SHARED_NEEDED`] plays are shared.
    ///
    /// `s = n / (n + 5) * (1 - d / D)`, clamped to -1 and 1, with d the mean of the squared difference
    /// of their ratings' warmth and D that of strangers. Mean squared differences are the first
    /// measure of Ringo, a service for music (U. Shardanand and P. Maes, "Social information
    /// filtering", CHI 1995). That one of them rates more warmly is taken out as in `GroupLens`
    /// (P. Resnick et al., CSCW 1994), here up to half a heart only: who loves everything and who hates
    /// everything are not alike. That few plays say little is the shrinkage `n / (n + k)` of R. Bell
    /// and Y. Koren ("Scalable collaborative filtering", ICDM 2007). A correlation would say nothing
    /// of two people who both love everything they are played, which is a taste too.
    pub fn likeness(&self) -> Option<Likeness> {
        if self.shared < SHARED_NEEDED {
            return None;
        }
        let shared = f64::from(self.shared);
        let mean = self.difference / shared;
        let taken = mean.clamp(-GENEROSITY, GENEROSITY);
        // The mean of (x - taken)^2.
        let distance = self.square / shared - 2.0 * taken * mean + taken * taken;
        let raw = 1.0 - distance.max(0.0) / STRANGERS;
        let score = (shared / (shared + PRIOR) * raw).clamp(-1.0, 1.0);
        Some(Likeness {
            shared: self.shared,
            score,
        })
    }
}

impl Likeness {
    /// 0 to 100; 50 is as alike as strangers.
    pub fn percent(self) -> u32 {
        let percent = (50.0 + 50.0 * self.score).round().clamp(0.0, 100.0);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a whole number from 0 to 100"
        )]
        let whole = percent as u32;
        whole
    }

    pub fn closeness(self) -> Closeness {
        match self.percent() {
            85.. => Closeness::Kindred,
            70.. => Closeness::Close,
            57.. => Closeness::Near,
            40.. => Closeness::Strange,
            _ => Closeness::Opposite,
        }
    }
}

/// The warmth of a rating in hearts.
pub fn warmth(stars: Stars) -> f64 {
    let place = usize::from(stars.get()).saturating_sub(1);
    WARMTH.get(place).copied().unwrap_or_default()
}

/// A play that both rated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SharedPlay {
    pub track: TrackKey,
    pub title: String,
    pub artist: Option<String>,
    pub one: Stars,
    pub other: Stars,
}

/// How somebody rates as a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Temper {
    Stern,
    Choosy,
    Balanced,
    Generous,
    Enthused,
}

/// Ratings that somebody must have given before it is said how they rate.
const TEMPER_NEEDED: u32 = 5;

impl Temper {
    /// By the mean warmth of the ratings given, which are counted from 1 to 5; `None` for too few.
    pub fn of(given: &[u32; 5]) -> Option<Temper> {
        let count: u32 = given.iter().sum();
        if count < TEMPER_NEEDED {
            return None;
        }
        let warmth: f64 = given
            .iter()
            .zip(WARMTH)
            .map(|(count, warmth)| f64::from(*count) * warmth)
            .sum();
        let mean = warmth / f64::from(count);
        Some(if mean >= 0.95 {
            Temper::Enthused
        } else if mean >= 0.7 {
            Temper::Generous
        } else if mean >= 0.4 {
            Temper::Balanced
        } else if mean >= 0.0 {
            Temper::Choosy
        } else {
            Temper::Stern
        })
    }
}

/// The songs that tell most about two people.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Songs {
    /// What both loved, most of all first.
    pub loved: Vec<SharedPlay>,
    /// What they fought over, the widest first.
    pub fought: Vec<SharedPlay>,
}

/// How alike they are, and the songs, at most `limit` of each kind. `plays` are the newest first; of a
/// song that was played again only the newest play is named.
pub fn compare(plays: &[SharedPlay], limit: usize) -> (Option<Likeness>, Songs) {
    let mut all = Comparison::default();
    let mut known: HashSet<&TrackKey> = HashSet::new();
    let mut songs = Songs::default();
    for play in plays {
        all.add(play.one, play.other);
        if !known.insert(&play.track) {
            continue;
        }
        let (one, other) = (play.one.get(), play.other.get());
        if one.min(other) >= LOVED {
            songs.loved.push(play.clone());
        } else if one.abs_diff(other) >= FOUGHT {
            songs.fought.push(play.clone());
        }
    }
    // Both orders are stable: the newest stays first.
    let apart = |it: &SharedPlay| it.one.get().abs_diff(it.other.get());
    let together = |it: &SharedPlay| it.one.get() + it.other.get();
    songs
        .loved
        .sort_by_key(|it| std::cmp::Reverse(together(it)));
    songs.fought.sort_by_key(|it| std::cmp::Reverse(apart(it)));
    songs.loved.truncate(limit);
    songs.fought.truncate(limit);
    (all.likeness(), songs)
}

#[cfg(test)]
mod tests {
    use super::{Closeness, Comparison, Likeness, STRANGERS, SharedPlay, Temper, WARMTH, compare};
    use crate::domain::protocol::Stars;
    use crate::domain::track::TrackKey;

    fn stars(stars: u8) -> Stars {
        Stars::new(stars).unwrap()
    }

    fn of(pairs: &[(u8, u8)]) -> Option<Likeness> {
        let mut all = Comparison::default();
        for (one, other) in pairs {
            all.add(stars(*one), stars(*other));
        }
        all.likeness()
    }

    fn percent(pairs: &[(u8, u8)]) -> u32 {
        of(pairs).unwrap().percent()
    }

    #[test]
    fn below_five_shared_plays_nothing_is_said() {
        assert_eq!(of(&[]), None);
        assert_eq!(of(&[(5, 5); 4]), None);
        assert_eq!(of(&[(5, 5); 5]).unwrap().shared, 5);
    }

    #[test]
    fn the_same_ratings_are_alike_and_the_more_the_surer() {
        let same = [(5, 5), (1, 1), (4, 4), (2, 2), (3, 3)];
        assert_eq!(percent(&same), 75);
        assert_eq!(percent(&same.repeat(4)), 90);
        assert_eq!(percent(&same.repeat(20)), 98);
        assert_eq!(
            of(&same.repeat(20)).unwrap().closeness(),
            Closeness::Kindred
        );
        // Two who love everything are of one taste.
        assert_eq!(percent(&[(5, 5); 20]), 90);
    }

    #[test]
    fn opposites_are_far_apart_whichever_way_one_looks() {
        let apart = [(5, 1), (1, 5), (4, 1), (1, 4), (5, 1)];
        assert_eq!(percent(&apart.repeat(4)), 0);
        let turned: Vec<(u8, u8)> = apart.iter().map(|(one, other)| (*other, *one)).collect();
        assert_eq!(of(&apart), of(&turned));
        assert_eq!(of(&apart).unwrap().closeness(), Closeness::Opposite);
        // Who loves everything and who hates everything are no kindred spirits.
        assert_eq!(percent(&[(5, 1); 20]), 0);
    }

    #[test]
    fn whoever_is_only_more_generous_has_the_same_taste() {
        let generous = [(4, 3), (4, 3), (5, 4), (3, 2), (4, 3)];
        assert!(
            percent(&generous.repeat(4)) >= 88,
            "{}",
            percent(&generous.repeat(4))
        );
    }

    #[test]
    fn strangers_stand_in_the_middle() {
        // Every pair of ratings as often as it comes when neither knows of the other.
        let usual = [10_u32, 15, 25, 30, 20];
        let mut all = Comparison::default();
        let mut spread = 0.0;
        for (one, times) in (1..).zip(usual) {
            for (other, also) in (1..).zip(usual) {
                for _ in 0..times * also / 25 {
                    all.add(stars(one), stars(other));
                }
                let apart = WARMTH[usize::from(one) - 1] - WARMTH[usize::from(other) - 1];
                spread += f64::from(times * also) / 10_000.0 * apart * apart;
            }
        }
        assert!((spread - STRANGERS).abs() < 1e-3, "{spread}");
        assert_eq!(all.likeness().unwrap().percent(), 50);
        assert_eq!(all.likeness().unwrap().closeness(), Closeness::Strange);
    }

    #[test]
    fn a_temper_is_told_from_five_ratings_on() {
        assert_eq!(Temper::of(&[0, 0, 0, 0, 4]), None);
        assert_eq!(Temper::of(&[0, 0, 0, 0, 5]), Some(Temper::Enthused));
        assert_eq!(Temper::of(&[0, 1, 2, 8, 4]), Some(Temper::Generous));
        assert_eq!(Temper::of(&[10, 15, 25, 30, 20]), Some(Temper::Balanced));
        assert_eq!(Temper::of(&[3, 3, 3, 1, 1]), Some(Temper::Choosy));
        assert_eq!(Temper::of(&[5, 1, 0, 0, 0]), Some(Temper::Stern));
    }

    #[test]
    fn songs_are_named_once_and_the_plainest_first() {
        let play = |track: &str, one, other| SharedPlay {
            track: TrackKey(track.to_owned()),
            title: track.to_owned(),
            artist: None,
            one: stars(one),
            other: stars(other),
        };
        let plays = [
            play("warm", 4, 4),
            play("hot", 5, 5),
            play("war", 5, 1),
            play("spat", 4, 1),
            play("meh", 3, 2),
            // What they thought of it before is not named.
            play("hot", 1, 5),
            play("near", 5, 4),
        ];
        let (likeness, songs) = compare(&plays, 2);
        assert_eq!(likeness.unwrap().shared, 7);
        let titles = |plays: &[SharedPlay]| {
            let titles = plays.iter().map(|it| it.title.clone());
            titles.collect::<Vec<_>>()
        };
        assert_eq!(titles(&songs.loved), ["hot", "near"]);
        assert_eq!(titles(&songs.fought), ["war", "spat"]);
    }
}
