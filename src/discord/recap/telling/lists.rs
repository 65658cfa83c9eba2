//! The best of a recap: songs and people with their figures, worded.

use super::super::super::cards;
use super::{Told, rounded};
use crate::domain::leaderboard::Tally;
use crate::share::recap::{Best, Row};
use crate::storage::RecapTrack;

impl Told<'_> {
    fn score(&self, tally: Tally) -> String {
        let Some(mean) = tally.mean() else {
            return String::new();
        };
        let fills = [
            ("mean", format!("{mean:.1}").into()),
            ("count", tally.count.into()),
        ];
        (self.say)("card-score", &fills)
    }

    fn song(&self, track: &RecapTrack) -> Row {
        Row {
            name: track.name.clone(),
            detail: track.artist.clone().unwrap_or_default(),
            figure: self.score(track.tally),
        }
    }

    fn person(&self, looper: &RecapTrack) -> Row {
        Row {
            name: looper.name.clone(),
            detail: (self.say)("recap-songs", &[("count", looper.plays.into())]),
            figure: self.score(looper.tally),
        }
    }

    /// A song that the member gave so many stars.
    fn given(&self, track: &RecapTrack) -> Row {
        let place = usize::try_from(track.tally.sum).unwrap_or(1);
        Row {
            figure: self.sign(place.saturating_sub(1)),
            ..self.song(track)
        }
    }

    pub(super) fn best(&self) -> Vec<Best> {
        let recap = self.recap;
        let list = |key: &str, nothing: &str, rows: Vec<Row>| Best {
            title: self.word(key),
            rows,
            nothing: self.word(nothing),
        };
        let loopers = recap.loopers.iter().map(|it| self.person(it)).collect();
        if !self.is_server() {
            let loved = recap.tracks.iter().map(|it| self.given(it)).collect();
            let own = recap.own.iter().map(|it| self.song(it)).collect();
            return vec![
                list("recap-best-loved", "recap-best-none", loved),
                list("recap-best-loved-loopers", "recap-best-none", loopers),
                list("recap-best-own", "recap-best-none", own),
            ];
        }
        let tracks = recap.tracks.iter().map(|it| self.song(it)).collect();
        let listeners = recap.listeners.iter().map(|(name, heard)| Row {
            name: name.clone(),
            detail: String::new(),
            figure: cards::hours(rounded(*heard), self.say),
        });
        vec![
            list("recap-best-tracks", "recap-best-none", tracks),
            list("recap-best-loopers", "recap-best-none", loopers),
            list(
                "recap-best-listeners",
                "recap-best-nobody",
                listeners.collect(),
            ),
        ]
    }
}
