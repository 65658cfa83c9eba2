//! Which plays are told to the services where people keep what they have listened to, what is told
//! of them, and when a failed try is made again. It knows no service's protocol.

use super::moment::Moment;
use super::publishing::Publishing;
use super::track::{Origin, Track};
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// A service where people keep what they have listened to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Service {
    ListenBrainz,
    LastFm,
}

impl Service {
    pub const ALL: [Service; 2] = [Service::ListenBrainz, Service::LastFm];

    /// Its name in commands and in storage.
    pub fn key(self) -> &'static str {
        match self {
            Service::ListenBrainz => "listenbrainz",
            Service::LastFm => "lastfm",
        }
    }

    /// The service of that key.
    pub fn named(key: &str) -> Option<Service> {
        Service::ALL.into_iter().find(|it| it.key() == key)
    }

    /// How it calls itself.
    pub fn title(self) -> &'static str {
        match self {
            Service::ListenBrainz => "ListenBrainz",
            Service::LastFm => "Last.fm",
        }
    }

    /// Shortest track that it takes. Last.fm: "The track must be longer than 30 seconds"
    /// (<https://www.last.fm/api/scrobbling>); `ListenBrainz` names no limit.
    fn shortest(self) -> Duration {
        match self {
            Service::ListenBrainz => Duration::ZERO,
            Service::LastFm => Duration::from_secs(30),
        }
    }
}

/// How much of a track is enough, however long it is.
const ENOUGH: Duration = Duration::from_mins(4);

/// How much of the track somebody has to have heard for the service to be told: half of it or four
/// minutes, whichever is less (<https://listenbrainz.readthedocs.io/en/latest/users/api/core.html>,
/// <https://www.last.fm/api/scrobbling>). `None` for what is never told: a live stream is no track,
/// and one may be too short for the service.
pub fn least_heard(service: Service, track: &Track) -> Option<Duration> {
    let told = !track.live && !track.length.is_zero() && track.length > service.shortest();
    told.then(|| (track.length / 2).min(ENOUGH))
}

/// One play somebody heard, as a service is told it. The same play makes the same listen for ever:
/// services know by time and names that they have it already.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listen {
    pub artist: String,
    pub title: String,
    pub album: Option<String>,
    pub length: Duration,
    /// When the play began.
    pub listened_at: Moment,
    /// Where the track is found on the web, when it came from a site.
    pub link: Option<String>,
    /// Somebody else has chosen it.
    pub by_other: bool,
}

impl Listen {
    /// `None` when it is not known who made the track: every service wants an artist.
    pub fn of(track: &Track, listened_at: Moment, by_other: bool) -> Option<Listen> {
        let artist = track.artist.as_deref().map(str::trim);
        let artist = artist.filter(|artist| !artist.is_empty())?;
        // A stranger's service is told even less than everybody: only what sites give.
        let link = Publishing::default().link(track);
        let link = link.filter(|_| track.origin == Origin::Site);
        Some(Listen {
            artist: artist.to_owned(),
            title: track.title.clone(),
            album: track.album.clone(),
            length: track.length,
            listened_at,
            link: link.map(str::to_owned),
            by_other,
        })
    }
}

/// The first pause after a failed try; each further one is four times as long, up to the longest.
const FIRST_PAUSE: Duration = Duration::from_secs(2);
const LONGEST_PAUSE: Duration = Duration::from_hours(6);

/// How long after so many failed tries the next one is made. `chance`, from 0 up to 1, spreads it
/// over a quarter to either side, so that not everybody comes back at once.
pub fn pause(tries: u32, chance: f64) -> Duration {
    let times = 4_u32.saturating_pow(tries.saturating_sub(1).min(15));
    let pause = FIRST_PAUSE.saturating_mul(times).min(LONGEST_PAUSE);
    pause.mul_f64(0.75 + chance.clamp(0.0, 1.0) / 2.0)
}

/// After this long a listen is given up. Last.fm takes none that is older than two weeks.
pub const GIVEN_UP_AFTER: Duration = Duration::from_hours(13 * 24);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::track::{MediaRef, TrackKey};

    fn track(seconds: u64) -> Track {
        Track {
            key: TrackKey("k".to_owned()),
            title: "Song".to_owned(),
            artist: Some("Band".to_owned()),
            album: None,
            length: Duration::from_secs(seconds),
            origin: Origin::Link,
            media: MediaRef("m".to_owned()),
            link: Some("https://nas.example/song.mp3?key=1".to_owned()),
            cover: None,
            gain_tenths: None,
            live: false,
        }
    }

    #[test]
    fn half_of_it_or_four_minutes_is_heard() {
        let least = |service, seconds| {
            least_heard(service, &track(seconds)).map(|least| least.as_secs_f64())
        };
        assert_eq!(least(Service::ListenBrainz, 200), Some(100.0));
        assert_eq!(least(Service::ListenBrainz, 900), Some(240.0));
        assert_eq!(least(Service::ListenBrainz, 5), Some(2.5));
        assert_eq!(least(Service::ListenBrainz, 0), None);
        assert_eq!(least(Service::LastFm, 30), None);
        assert_eq!(least(Service::LastFm, 31), Some(15.5));
        let live = Track {
            live: true,
            ..track(200)
        };
        assert_eq!(least_heard(Service::ListenBrainz, &live), None);
    }

    #[test]
    fn a_listen_needs_an_artist_and_tells_only_links_to_sites() {
        let listen = Listen::of(&track(200), Moment(5), true).unwrap();
        assert_eq!(listen.link, None);
        let nameless = Track {
            artist: Some(" ".to_owned()),
            ..track(200)
        };
        assert_eq!(Listen::of(&nameless, Moment(5), true), None);
        let site = Track {
            origin: Origin::Site,
            ..track(200)
        };
        assert!(Listen::of(&site, Moment(5), true).unwrap().link.is_some());
    }

    #[test]
    fn pauses_grow_from_seconds_to_hours() {
        let middle = |tries| pause(tries, 0.5).as_secs();
        assert_eq!([1, 2, 3, 4].map(middle), [2, 8, 32, 128]);
        assert_eq!([8, 9, 400].map(middle), [6 * 3_600; 3]);
        assert!(pause(1, 0.0) >= Duration::from_millis(1_500));
        assert!(pause(1, 1.0) <= Duration::from_millis(2_500));
    }
}
