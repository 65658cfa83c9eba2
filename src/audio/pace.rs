//! How fast members may have files fetched: a bucket of tokens for each member and each guild, so that
//! nobody makes the bot a tool against other people's servers. It fetches nothing, and knows no links.

use crate::domain::ids::{GuildId, MemberId};
use crate::domain::moment::Moment;
use governor::clock::{Clock, Reference};
use governor::middleware::NoOpMiddleware;
use governor::state::keyed::HashMapStateStore;
use governor::{Quota, RateLimiter};
use std::fmt;
use std::hash::Hash;
use std::num::NonZeroU32;
use std::time::Duration;

/// Files a minute; as many at once after a minute without any.
const MEMBER_LIMIT: NonZeroU32 = NonZeroU32::new(30).unwrap();
const GUILD_LIMIT: NonZeroU32 = NonZeroU32::new(90).unwrap();
/// Buckets that are kept before those that are full again are thrown away.
const BUCKETS_LIMIT: usize = 10_000;

type Buckets<K> =
    RateLimiter<K, HashMapStateStore<K>, Time, NoOpMiddleware<<Time as Clock>::Instant>>;

/// Counts what is fetched.
pub struct Pace {
    members: Buckets<(GuildId, MemberId)>,
    guilds: Buckets<GuildId>,
    time: Time,
}

/// The clock that everybody uses.
#[derive(Clone)]
struct Time(fn() -> Moment);

impl Clock for Time {
    type Instant = Duration;

    fn now(&self) -> Duration {
        Duration::from_millis(u64::try_from((self.0)().0).unwrap_or(0))
    }
}

impl fmt::Debug for Pace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pace")
    }
}

impl Pace {
    pub fn new(clock: fn() -> Moment) -> Pace {
        let time = Time(clock);
        Pace {
            members: buckets(MEMBER_LIMIT, &time),
            guilds: buckets(GUILD_LIMIT, &time),
            time,
        }
    }

    /// Counts one file for this member, unless it comes too soon: then answers how long to wait.
    pub fn take(&self, guild: GuildId, member: MemberId) -> Result<(), Duration> {
        // The member first: who is too fast takes nothing from the others.
        self.take_from(&self.members, &(guild, member))?;
        self.take_from(&self.guilds, &guild)
    }

    fn take_from<K: Clone + Hash + Eq>(
        &self,
        buckets: &Buckets<K>,
        key: &K,
    ) -> Result<(), Duration> {
        if buckets.len() >= BUCKETS_LIMIT {
            buckets.retain_recent();
            buckets.shrink_to_fit();
        }
        let taken = buckets.check_key(key);
        taken.map_err(|not_until| {
            let wait = not_until
                .earliest_possible()
                .duration_since(self.time.now());
            wait.into()
        })
    }
}

fn buckets<K: Clone + Hash + Eq>(limit: NonZeroU32, time: &Time) -> Buckets<K> {
    let store = HashMapStateStore::default();
    RateLimiter::new(Quota::per_minute(limit), store, time.clone())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;

    thread_local! {
        static NOW_MS: Cell<i64> = const { Cell::new(1_700_000_000_000) };
    }

    fn now() -> Moment {
        Moment(NOW_MS.get())
    }

    fn taken(pace: &Pace, guild: u64, member: u64, tries: u32) -> u32 {
        let take = |_: &u32| pace.take(GuildId(guild), MemberId(member)).is_ok();
        u32::try_from((0..tries).filter(take).count()).unwrap()
    }

    #[test]
    fn who_is_too_fast_waits_and_nobody_else_does() {
        let pace = Pace::new(now);
        assert_eq!(taken(&pace, 1, 1, 100), 30);
        assert_eq!(taken(&pace, 1, 2, 1), 1, "another member");
        assert_eq!(taken(&pace, 2, 1, 1), 1, "the same in another guild");
        let wait = pace.take(GuildId(1), MemberId(1)).unwrap_err();
        assert!(
            wait <= Duration::from_secs(2) && !wait.is_zero(),
            "{wait:?}"
        );
        NOW_MS.set(NOW_MS.get() + 2_000);
        assert_eq!(taken(&pace, 1, 1, 10), 1);
        NOW_MS.set(NOW_MS.get() + 60_000);
        assert_eq!(taken(&pace, 1, 1, 100), 30);
    }

    #[test]
    fn a_guild_of_many_is_fast_but_not_endlessly() {
        let pace = Pace::new(now);
        let all: u32 = (0..100).map(|member| taken(&pace, 1, member, 5)).sum();
        assert_eq!(all, 90);
    }

    #[test]
    fn full_buckets_are_thrown_away() {
        let pace = Pace::new(now);
        for guild in 0..30_000 {
            NOW_MS.set(NOW_MS.get() + 10);
            assert_eq!(taken(&pace, guild, 1, 1), 1);
        }
        assert!(pace.guilds.len() <= BUCKETS_LIMIT, "{}", pace.guilds.len());
    }
}
