//! What is known of Discord's rate limits, as a plain table with the time as an argument: it
//! answers whether a request may go now, and learns from every answer's headers. It sends nothing
//! and never waits; `courier` does both.
//!
//! Written here and not taken from `twilight-http-ratelimiting` 0.18, which keys what it has
//! learned by the full path: every new message's reactions would start unknown and run into the
//! narrowest limit Discord has. It also has no place for a global 429 and queues without a limit.

use std::collections::{HashMap, HashSet};
use std::time::Duration;
use tokio::time::Instant;

/// A route without its ids, as `POST channels/messages`: what Discord gives a bucket to.
pub(super) type Route = &'static str;

/// Requests a second that Discord allows one bot in all (documented as 50).
const GLOBAL_LIMIT: u32 = 50;
const GLOBAL_WINDOW: Duration = Duration::from_secs(1);
/// Bucket states kept before those that say nothing any more are thrown away.
const STATES_LIMIT: usize = 4_096;

/// What the headers of one answer said.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Figures {
    pub(super) bucket: String,
    pub(super) limit: u32,
    pub(super) remaining: u32,
    pub(super) reset_after: Duration,
}

/// May the request go?
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Verdict {
    /// It counts as sent from now on: `learn` or `release` must follow.
    Go,
    /// Not before this moment.
    At(Instant),
    /// When an answer that is under way has come.
    AfterAnswer,
}

/// What is known of a route.
#[derive(Clone, Debug)]
enum Known {
    /// Its answers carry no figures.
    Unlimited,
    Bucket {
        bucket: String,
        limit: u32,
    },
}

#[derive(Clone, Debug)]
struct State {
    remaining: u32,
    in_flight: u32,
    reset_at: Option<Instant>,
}

/// The table. `major` is the channel, guild or webhook that a route's bucket is counted by.
#[derive(Debug, Default)]
pub(super) struct Buckets {
    known: HashMap<Route, Known>,
    states: HashMap<(String, u64), State>,
    /// Routes never answered yet, with a first request under way.
    first: HashSet<(Route, u64)>,
    paused_until: Option<Instant>,
    window_from: Option<Instant>,
    window_sent: u32,
}

impl Buckets {
    /// Counts a request as sent if it may go now.
    pub(super) fn claim(&mut self, now: Instant, route: Route, major: u64) -> Verdict {
        if let Some(until) = self.closed_until(now) {
            return Verdict::At(until);
        }
        let verdict = match self.known.get(route) {
            None if self.first.contains(&(route, major)) => Verdict::AfterAnswer,
            None => {
                self.first.insert((route, major));
                Verdict::Go
            }
            Some(Known::Unlimited) => Verdict::Go,
            Some(Known::Bucket { bucket, limit }) => {
                let (key, limit) = ((bucket.clone(), major), *limit);
                self.claim_state(now, key, limit)
            }
        };
        if verdict == Verdict::Go {
            self.window_sent += 1;
        }
        verdict
    }

    fn claim_state(&mut self, now: Instant, key: (String, u64), limit: u32) -> Verdict {
        if self.states.len() >= STATES_LIMIT {
            self.states
                .retain(|_, s| s.in_flight > 0 || s.reset_at.is_some_and(|at| at > now));
        }
        let state = self.states.entry(key).or_insert(State {
            remaining: limit,
            in_flight: 0,
            reset_at: None,
        });
        if state.reset_at.is_some_and(|at| at <= now) {
            state.reset_at = None;
            state.remaining = limit.saturating_sub(state.in_flight).max(1);
        }
        if state.remaining > 0 {
            state.remaining -= 1;
            state.in_flight += 1;
            return Verdict::Go;
        }
        match state.reset_at {
            Some(at) => Verdict::At(at),
            None if state.in_flight > 0 => Verdict::AfterAnswer,
            None => {
                state.in_flight += 1;
                Verdict::Go
            }
        }
    }

    /// The whole door is closed: after a global 429, or with this second's share sent.
    fn closed_until(&mut self, now: Instant) -> Option<Instant> {
        if let Some(until) = self.paused_until.filter(|until| *until > now) {
            return Some(until);
        }
        self.paused_until = None;
        match self.window_from {
            Some(from) if now < from + GLOBAL_WINDOW => {
                (self.window_sent >= GLOBAL_LIMIT).then_some(from + GLOBAL_WINDOW)
            }
            _ => {
                self.window_from = Some(now);
                self.window_sent = 0;
                None
            }
        }
    }

    /// An answer has come, with figures or without.
    pub(super) fn learn(
        &mut self,
        now: Instant,
        route: Route,
        major: u64,
        figures: Option<Figures>,
    ) {
        self.release(route, major);
        let Some(figures) = figures else {
            self.known.entry(route).or_insert(Known::Unlimited);
            return;
        };
        let state = self
            .states
            .entry((figures.bucket.clone(), major))
            .or_insert(State {
                remaining: figures.remaining,
                in_flight: 0,
                reset_at: None,
            });
        // What is under way may or may not be in Discord's figure; count it as not.
        state.remaining = figures.remaining.saturating_sub(state.in_flight);
        state.reset_at = Some(now + figures.reset_after);
        self.known.insert(
            route,
            Known::Bucket {
                bucket: figures.bucket,
                limit: figures.limit.max(1),
            },
        );
    }

    /// The request was given up, or its answer has been counted.
    pub(super) fn release(&mut self, route: Route, major: u64) {
        self.first.remove(&(route, major));
        if let Some(Known::Bucket { bucket, .. }) = self.known.get(route)
            && let Some(state) = self.states.get_mut(&(bucket.clone(), major))
        {
            state.in_flight = state.in_flight.saturating_sub(1);
        }
    }

    /// A 429: nothing more through this bucket (or, when `global`, at all) for `pause`.
    pub(super) fn refuse(
        &mut self,
        now: Instant,
        (route, major): (Route, u64),
        pause: Duration,
        global: bool,
    ) {
        if global {
            self.paused_until = Some(now + pause);
            return;
        }
        let bucket = if let Some(Known::Bucket { bucket, .. }) = self.known.get(route) {
            bucket.clone()
        } else {
            // A limit without a name: the route itself is its name.
            let known = Known::Bucket {
                bucket: route.to_owned(),
                limit: u32::MAX,
            };
            self.known.insert(route, known);
            route.to_owned()
        };
        let state = self.states.entry((bucket, major)).or_insert(State {
            remaining: 0,
            in_flight: 0,
            reset_at: None,
        });
        state.remaining = 0;
        state.reset_at = Some(now + pause);
    }
}

#[cfg(test)]
mod tests {
    use super::{Buckets, Figures, Verdict};
    use std::time::Duration;
    use tokio::time::Instant;

    const ROUTE: &str = "PUT channels/messages/reactions";

    fn figures(limit: u32, remaining: u32, reset_after_ms: u64) -> Figures {
        Figures {
            bucket: "abc".to_owned(),
            limit,
            remaining,
            reset_after: Duration::from_millis(reset_after_ms),
        }
    }

    #[test]
    fn of_an_unknown_route_only_one_request_goes_until_its_answer_is_there() {
        let (mut table, now) = (Buckets::default(), Instant::now());
        assert_eq!(table.claim(now, ROUTE, 1), Verdict::Go);
        assert_eq!(table.claim(now, ROUTE, 1), Verdict::AfterAnswer);
        table.learn(now, ROUTE, 1, Some(figures(1, 0, 250)));
        let free_at = now + Duration::from_millis(250);
        assert_eq!(table.claim(now, ROUTE, 1), Verdict::At(free_at));
        assert_eq!(table.claim(free_at, ROUTE, 1), Verdict::Go);
    }

    #[test]
    fn what_one_channel_taught_holds_for_the_next() {
        let (mut table, now) = (Buckets::default(), Instant::now());
        assert_eq!(table.claim(now, ROUTE, 1), Verdict::Go);
        table.learn(now, ROUTE, 1, Some(figures(2, 1, 1_000)));
        assert_eq!(table.claim(now, ROUTE, 2), Verdict::Go);
        assert_eq!(table.claim(now, ROUTE, 2), Verdict::Go);
        assert_eq!(table.claim(now, ROUTE, 2), Verdict::AfterAnswer);
    }

    #[test]
    fn a_request_given_up_frees_its_place() {
        let (mut table, now) = (Buckets::default(), Instant::now());
        assert_eq!(table.claim(now, ROUTE, 1), Verdict::Go);
        table.release(ROUTE, 1);
        assert_eq!(table.claim(now, ROUTE, 1), Verdict::Go);
    }

    #[test]
    fn routes_without_figures_are_not_held_back() {
        let (mut table, now) = (Buckets::default(), Instant::now());
        assert_eq!(table.claim(now, ROUTE, 1), Verdict::Go);
        table.learn(now, ROUTE, 1, None);
        assert_eq!(table.claim(now, ROUTE, 1), Verdict::Go);
        assert_eq!(table.claim(now, ROUTE, 1), Verdict::Go);
    }

    #[test]
    fn a_429_closes_its_own_bucket_and_a_global_one_everything() {
        let (mut table, now) = (Buckets::default(), Instant::now());
        let second = Duration::from_secs(1);
        assert_eq!(table.claim(now, ROUTE, 1), Verdict::Go);
        table.learn(now, ROUTE, 1, None);
        table.refuse(now, (ROUTE, 1), second, false);
        assert_eq!(table.claim(now, ROUTE, 1), Verdict::At(now + second));
        assert_eq!(table.claim(now, ROUTE, 2), Verdict::Go);
        table.refuse(now, (ROUTE, 1), second * 3, true);
        assert_eq!(table.claim(now, ROUTE, 2), Verdict::At(now + second * 3));
        assert_eq!(table.claim(now + second * 3, ROUTE, 2), Verdict::Go);
    }

    #[test]
    fn no_more_than_fifty_go_in_a_second() {
        let (mut table, now) = (Buckets::default(), Instant::now());
        assert_eq!(table.claim(now, ROUTE, 1), Verdict::Go);
        table.learn(now, ROUTE, 1, None);
        for _ in 1..50 {
            assert_eq!(table.claim(now, ROUTE, 1), Verdict::Go);
        }
        let next = now + Duration::from_secs(1);
        assert_eq!(table.claim(now, ROUTE, 1), Verdict::At(next));
        assert_eq!(table.claim(next, ROUTE, 1), Verdict::Go);
    }
}
