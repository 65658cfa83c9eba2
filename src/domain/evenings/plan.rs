//! What kind of evening it is: which inputs exist at all, who takes part, and the settings. A
//! generator that always mixes everything finds less than one that first leaves things out.

use super::chance::Chance;
use crate::domain::settings::Settings;
use crate::domain::track::{MediaRef, Origin, Track, TrackKey};
use std::time::Duration;

/// A kind of input that an evening has or has not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Kind {
    Close,
    Lock,
    Theme,
    Kick,
    StageBan,
    Move,
    Skip,
    Seek,
    Rate,
    Unrate,
    Void,
    Comment,
    Grab,
    QueueEdits,
    Configure,
    BanTrack,
    Leaving,
    Deafness,
    Gone,
    Dragging,
    Expelling,
    Outages,
    Restarts,
    Failures,
    Stale,
    LifeSigns,
    SeatTakers,
    Powers,
    Live,
    Forget,
}

const KINDS: [Kind; 30] = [
    Kind::Close,
    Kind::Lock,
    Kind::Theme,
    Kind::Kick,
    Kind::StageBan,
    Kind::Move,
    Kind::Skip,
    Kind::Seek,
    Kind::Rate,
    Kind::Unrate,
    Kind::Void,
    Kind::Comment,
    Kind::Grab,
    Kind::QueueEdits,
    Kind::Configure,
    Kind::BanTrack,
    Kind::Leaving,
    Kind::Deafness,
    Kind::Gone,
    Kind::Dragging,
    Kind::Expelling,
    Kind::Outages,
    Kind::Restarts,
    Kind::Failures,
    Kind::Stale,
    Kind::LifeSigns,
    Kind::SeatTakers,
    Kind::Powers,
    Kind::Live,
    Kind::Forget,
];

#[derive(Clone, Debug)]
pub(super) struct Plan {
    pub(super) kinds: Vec<Kind>,
    pub(super) members: u64,
    /// Tracks there are in the world.
    pub(super) tracks: Vec<Track>,
    pub(super) settings: Settings,
    /// Longest pause between two things that people do.
    pub(super) pause: Duration,
    /// How late a deadline can be noticed.
    pub(super) lateness: Duration,
    /// In how many of a hundred acts of a person they play something.
    pub(super) eagerness: u64,
}

impl Plan {
    pub(super) fn draw(chance: &mut Chance) -> Plan {
        let share = chance.of(&[20, 50, 80]);
        let kinds = KINDS
            .into_iter()
            .filter(|_| chance.percent(share))
            .collect::<Vec<_>>();
        let some_live = kinds.contains(&Kind::Live);
        let count = chance.of(&[3, 12, 60, 400]);
        let longest = chance.of(&[6, 30, 90, 700]);
        let tracks = (1..=count).map(|n| {
            let track = track(n, chance.between(3, longest));
            let live = some_live && chance.percent(30);
            let length = if live { Duration::ZERO } else { track.length };
            Track {
                length,
                live,
                ..track
            }
        });
        let tracks = tracks.collect();
        Plan {
            kinds,
            members: chance.between(2, 14),
            tracks,
            settings: settings(chance),
            pause: Duration::from_millis(chance.of(&[200, 2_000, 8_000, 60_000])),
            lateness: Duration::from_millis(chance.of(&[0, 0, 900, 40_000])),
            eagerness: chance.of(&[8, 25, 60]),
        }
    }

    pub(super) fn has(&self, kind: Kind) -> bool {
        self.kinds.contains(&kind)
    }
}

fn track(number: u64, seconds: u64) -> Track {
    Track {
        key: TrackKey(format!("sha256:{number}")),
        title: format!("Song {number}"),
        artist: None,
        album: None,
        length: Duration::from_secs(seconds),
        origin: Origin::Library,
        media: MediaRef(format!("library:{number}.ogg")),
        link: None,
        cover: None,
        gain_tenths: None,
        live: false,
    }
}

fn settings(chance: &mut Chance) -> Settings {
    let mut seconds = |choices: &[u64]| Duration::from_secs(chance.of(choices));
    Settings {
        offer: seconds(&[10, 30, 30, 120]),
        idle: seconds(&[120, 600, 1_200]),
        warning: seconds(&[30, 60, 119]),
        seat_kept: seconds(&[0, 10, 60, 60]),
        place_kept: seconds(&[0, 60, 900]),
        length_limit: seconds(&[60, 600, 600]),
        crowded_length_limit: seconds(&[30, 360]),
        repeat_window: seconds(&[0, 30, 600, 7_200]),
        rating_heard: seconds(&[0, 5, 30]),
        heard_enough: seconds(&[10, 240]),
        close_after: seconds(&[10, 300, 300]),
        crossfade: seconds(&[0, 0, 5, 12]),
        seats: chance.of(&[1, 2, 3, 5, 5]),
        turns: chance.of(&[1, 2, 2, 3]),
        passes: chance.of(&[1, 3, 3, 20]),
        crowd: chance.of(&[1, 3, 7]),
        setlist_limit: chance.of(&[1, 5, 100]),
        vote_skip: chance.percent(70),
        show_next: chance.percent(50),
        ..Settings::default()
    }
}

/// A change of settings in mid-evening. The repeat window stays: the core may forget older plays
/// than its present one.
pub(super) fn other_settings(before: &Settings, chance: &mut Chance) -> Settings {
    let other = settings(chance);
    let repeat_window = before.repeat_window;
    if chance.percent(50) {
        let seats = other.seats;
        return Settings {
            seats,
            ..before.clone()
        };
    }
    Settings {
        repeat_window,
        ..other
    }
}
