//! What is done at the same time, and for whom: so many requests and streams in all, and so many from
//! one address. What is asked for is not known here.

use super::address::{Address, Proxies};
use super::answer::Asked;
use super::assets;
use super::door::Peer;
use super::notice::Absence;
use super::{SharedWeb, Web};
use axum::extract::{ConnectInfo, Request, State};
use axum::http::Method;
use axum::middleware::Next;
use axum::response::Response;
use governor::clock::{Clock, DefaultClock};
use governor::middleware::NoOpMiddleware;
use governor::state::keyed::HashMapStateStore;
use governor::{Quota, RateLimiter};
use std::collections::{HashMap, hash_map};
use std::fmt;
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::Semaphore;

/// How long the beginning of an answer may take.
const ANSWER_LIMIT: Duration = Duration::from_secs(15);
/// Requests that are worked on at the same time; more are asked to come again.
const REQUESTS_LIMIT: usize = 64;
/// Requests of one address in a second, for ever.
const PACE_LIMIT: NonZeroU32 = NonZeroU32::new(10).unwrap();
/// And at once, after a minute without any: the longest page has 500 covers.
const BURST_LIMIT: NonZeroU32 = NonZeroU32::new(600).unwrap();
/// Addresses that are remembered before those that were not seen lately are forgotten. One request is
/// forgotten after a tenth of a second, so that more than this many are never in memory for long.
const ADDRESSES_LIMIT: usize = 10_000;
/// Streams of one address at the same time.
const STREAMS_LIMIT: usize = 20;
/// Connections of one address at the same time: a browser opens six, and each stream is one.
const CONNECTIONS_LIMIT: usize = 64;
/// When to come again for a stream that was one too many.
const STREAM_PAUSE: Duration = Duration::from_secs(30);

/// What is done at the same time.
#[derive(Debug)]
pub struct Limits {
    requests: Semaphore,
    proxies: Arc<Proxies>,
    pace: Pace,
    streams: Arc<Shares>,
    connections: Arc<Shares>,
}

impl Limits {
    /// Behind these servers.
    pub fn behind(proxies: Proxies) -> Limits {
        Limits {
            requests: Semaphore::new(REQUESTS_LIMIT),
            proxies: Arc::new(proxies),
            pace: Pace::by(DefaultClock::default()),
            streams: Shares::of(STREAMS_LIMIT),
            connections: Shares::of(CONNECTIONS_LIMIT),
        }
    }

    /// Who may come in.
    pub(super) fn entry(&self) -> Entry {
        Entry {
            proxies: Arc::clone(&self.proxies),
            connections: Arc::clone(&self.connections),
        }
    }

    /// A place for one more stream to that address.
    pub(super) fn stream(&self, to: Address) -> Result<Share, Absence> {
        Share::take(&self.streams, to).ok_or(Absence::TooMany(STREAM_PAUSE))
    }
}

/// An address has as many connections as it may.
#[derive(Clone, Copy, Debug)]
pub(super) struct TooMany;

/// Knows how many connections each address has. Those of servers in front are everybody's, and have no
/// limit but that of all.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    proxies: Arc<Proxies>,
    connections: Arc<Shares>,
}

impl Entry {
    /// Whether one more connection from there may come in, with what counts it while it lasts.
    pub(super) fn admit(&self, peer: IpAddr) -> Result<Option<Share>, TooMany> {
        if self.proxies.has(peer.to_canonical()) {
            return Ok(None);
        }
        let share = Share::take(&self.connections, Address::of(peer));
        share.map(Some).ok_or(TooMany)
    }
}

/// Only so many at a time and from one address, and none for ever.
pub(super) async fn limited(
    State(web): State<SharedWeb>,
    ConnectInfo(peer): ConnectInfo<Peer>,
    asked: Asked,
    mut request: Request,
    next: Next,
) -> Response {
    let limits = &web.limits;
    let path = request.uri().path();
    // Costs nothing, and who is refused sees a page with its style.
    let is_free = assets::is_one(path.strip_prefix(web.address.prefix()).unwrap_or(path));
    let address = limits.proxies.asking(peer.ip(), request.headers());
    let refused = |absence: Absence, web: &Web| absence.page(web, &asked);
    if !is_free && let Err(wait) = limits.pace.take(address) {
        return refused(Absence::TooMany(wait), &web);
    }
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return refused(Absence::NotThere, &web);
    }
    let Ok(_place) = limits.requests.try_acquire() else {
        return refused(Absence::Busy, &web);
    };
    request.extensions_mut().insert(address);
    match tokio::time::timeout(ANSWER_LIMIT, next.run(request)).await {
        Ok(response) => response,
        Err(_) => refused(Absence::Busy, &web),
    }
}

type Buckets<C> =
    RateLimiter<Address, HashMapStateStore<Address>, C, NoOpMiddleware<<C as Clock>::Instant>>;

/// Counts the requests of each address.
struct Pace<C: Clock = DefaultClock> {
    buckets: Buckets<C>,
    clock: C,
}

impl fmt::Debug for Pace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pace")
    }
}

impl<C: Clock + Clone> Pace<C> {
    fn by(clock: C) -> Pace<C> {
        let quota = Quota::per_second(PACE_LIMIT).allow_burst(BURST_LIMIT);
        let buckets = RateLimiter::new(quota, HashMapStateStore::default(), clock.clone());
        Pace { buckets, clock }
    }

    /// Counts one request, unless it comes too soon: then answers how long to wait.
    fn take(&self, address: Address) -> Result<(), Duration> {
        if self.buckets.len() >= ADDRESSES_LIMIT {
            self.buckets.retain_recent();
            self.buckets.shrink_to_fit();
        }
        let taken = self.buckets.check_key(&address);
        taken.map_err(|not_until| not_until.wait_time_from(self.clock.now()))
    }
}

/// How many of something each address has: streams, or connections.
#[derive(Debug)]
struct Shares {
    /// For one address.
    limit: usize,
    /// Only a map, with no more entries than there are shares: never held across an await.
    open: Mutex<HashMap<Address, usize>>,
}

impl Shares {
    fn of(limit: usize) -> Arc<Shares> {
        let open = Mutex::default();
        Arc::new(Shares { limit, open })
    }
}

/// One of them, which counts until it is dropped.
#[derive(Debug)]
pub(super) struct Share {
    shares: Arc<Shares>,
    to: Address,
}

impl Share {
    fn take(shares: &Arc<Shares>, to: Address) -> Option<Share> {
        let mut open = shares.open.lock().unwrap_or_else(PoisonError::into_inner);
        let count = open.entry(to).or_default();
        if *count >= shares.limit {
            return None;
        }
        *count += 1;
        drop(open);
        let shares = Arc::clone(shares);
        Some(Share { shares, to })
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        let open = self.shares.open.lock();
        let mut open = open.unwrap_or_else(PoisonError::into_inner);
        if let hash_map::Entry::Occupied(mut entry) = open.entry(self.to) {
            *entry.get_mut() -= 1;
            if *entry.get() == 0 {
                entry.remove();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{
        ADDRESSES_LIMIT, Address, CONNECTIONS_LIMIT, Limits, Pace, Proxies, Share, Shares,
    };
    use governor::clock::FakeRelativeClock;
    use std::net::Ipv4Addr;
    use std::time::Duration;

    fn address(number: u32) -> Address {
        Address::of(Ipv4Addr::from_bits(number).into())
    }

    #[test]
    fn who_is_too_fast_waits_and_nobody_else_does() {
        let clock = FakeRelativeClock::default();
        let pace = Pace::by(clock.clone());
        let taken = |from, tries| {
            (0..tries)
                .filter(|_| pace.take(address(from)).is_ok())
                .count()
        };
        assert_eq!(taken(1, 1_000), 600);
        let wait = pace.take(address(1)).unwrap_err();
        assert!(
            !wait.is_zero() && wait <= Duration::from_millis(100),
            "{wait:?}"
        );
        assert_eq!(taken(2, 1), 1, "another address");
        clock.advance(Duration::from_secs(1));
        assert_eq!(taken(1, 100), 10);
        clock.advance(Duration::from_mins(1));
        assert_eq!(taken(1, 1_000), 600);
    }

    #[test]
    fn addresses_are_forgotten() {
        let clock = FakeRelativeClock::default();
        let pace = Pace::by(clock.clone());
        for number in 0..50_000 {
            assert!(pace.take(address(number)).is_ok());
            clock.advance(Duration::from_micros(50));
        }
        let known = pace.buckets.len();
        assert!(known <= ADDRESSES_LIMIT, "{known}");
    }

    #[test]
    fn an_address_has_some_streams_and_those_that_end_make_room() {
        let streams = Shares::of(20);
        let begin = |from| Share::take(&streams, address(from));
        let mut open: Vec<_> = (0..20).map(|_| begin(1).unwrap()).collect();
        assert!(begin(1).is_none());
        assert!(begin(2).is_some());
        open.pop();
        open.push(begin(1).unwrap());
        assert!(begin(1).is_none());
        drop(open);
        assert!(streams.open.lock().unwrap().is_empty());
    }

    #[test]
    fn an_address_has_some_connections_and_a_server_in_front_as_many_as_it_needs() {
        let proxies = Proxies::of(&["192.0.2.1".to_owned()]).unwrap();
        let entry = Limits::behind(proxies).entry();
        let mut inside = Vec::new();
        let mut comes = |from: &str| {
            let admitted = entry.admit(from.parse().unwrap());
            let is_in = admitted.is_ok();
            inside.extend(admitted);
            is_in
        };
        let count = (0..1_000).filter(|_| comes("203.0.113.7")).count();
        assert_eq!(count, CONNECTIONS_LIMIT);
        assert!(!comes("::ffff:203.0.113.7"));
        assert!(comes("203.0.113.8"));
        for proxy in ["192.0.2.1", "::ffff:192.0.2.1"] {
            assert!((0..1_000).all(|_| comes(proxy)));
        }
        drop(inside);
        assert!(entry.admit("203.0.113.7".parse().unwrap()).is_ok());
    }
}
