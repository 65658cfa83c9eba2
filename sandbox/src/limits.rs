//! Rate limits as Discord keeps them: a bucket per route and major parameter, a global one per
//! bot, and a counter of invalid requests. Pure: the moment is an argument, in milliseconds of
//! Unix time. It knows routes only by the text that names them.
//!
//! Discord documents the headers and the global limit; the size of a bucket is whatever the
//! headers say. [`quota`] holds sizes that have been seen, and a wide one for everything else.

use std::collections::HashMap;

use serde_json::{Value, json};

/// Requests per second of one bot over all routes, interaction endpoints aside.
pub const GLOBAL_LIMIT: u32 = 50;
/// So many answers of 401, 403 and 429 within [`INVALID_WINDOW_MS`] bar the address.
pub const INVALID_LIMIT: u32 = 10_000;
/// Ten minutes.
pub const INVALID_WINDOW_MS: u64 = 600_000;
/// More buckets than this are not kept: the ones that have run out go first.
const BUCKETS_KEPT: usize = 10_000;

/// How many requests in how long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quota {
    pub limit: u32,
    pub window_ms: u64,
    /// Routes with the same bucket name share their quota for the same major parameter.
    pub bucket: &'static str,
}

/// The quota of a route, written as `POST /channels/:id/messages`; `None` for the interaction
/// callback, which has no bucket of its own here.
pub fn quota(route: &str) -> Option<Quota> {
    let quota = |limit, window_ms, bucket| {
        Some(Quota {
            limit,
            window_ms,
            bucket,
        })
    };
    if route.contains("/reactions/") && !route.starts_with("GET") {
        return quota(1, 250, "reaction");
    }
    match route {
        "POST /interactions/:id/:token/callback" => None,
        "POST /channels/:id/messages" => quota(5, 5_000, "message-create"),
        "PATCH /channels/:id/messages/:id" => quota(5, 5_000, "message-edit"),
        "DELETE /channels/:id/messages/:id" => quota(5, 1_000, "message-delete"),
        "PATCH /channels/:id" => quota(5, 15_000, "channel-edit"),
        "POST /channels/:id/typing" => quota(5, 5_000, "typing"),
        "PUT /channels/:id/voice-status" => quota(5, 5_000, "voice-status"),
        _ if route.contains("/webhooks/:id/:token") => quota(5, 2_000, "webhook"),
        _ => quota(40, 1_000, "other"),
    }
}

/// The request to count.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// Who asks: the application's id, or 0 for a request without a token.
    pub application_id: u64,
    /// Method and path with the ids taken out: `POST /channels/:id/messages`.
    pub route: &'a str,
    /// The channel, guild or webhook (with its token) that the path begins with, else empty.
    pub major: &'a str,
    /// Interaction callbacks, follow-ups and originals are outside the global limit.
    pub is_interaction: bool,
}

/// The state of a bucket, for the headers of any answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BucketState {
    pub limit: u32,
    pub remaining: u32,
    pub reset_at_ms: u64,
    pub reset_after_ms: u64,
    pub bucket: String,
}

impl BucketState {
    /// `X-RateLimit-*` of an answer that was not refused.
    pub fn headers(&self) -> Vec<(&'static str, String)> {
        vec![
            ("x-ratelimit-limit", self.limit.to_string()),
            ("x-ratelimit-remaining", self.remaining.to_string()),
            ("x-ratelimit-reset", seconds(self.reset_at_ms)),
            ("x-ratelimit-reset-after", seconds(self.reset_after_ms)),
            ("x-ratelimit-bucket", self.bucket.clone()),
        ]
    }
}

/// Whose limit was exceeded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    User,
    Global,
    Shared,
}

impl Scope {
    /// The value of `X-RateLimit-Scope`.
    pub fn name(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Global => "global",
            Self::Shared => "shared",
        }
    }
}

/// A 429 as data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exceeded {
    pub scope: Scope,
    pub retry_after_ms: u64,
    /// The bucket that is empty; `None` for the global limit.
    pub bucket: Option<BucketState>,
}

impl Exceeded {
    /// The headers of the 429. `Retry-After` is in whole seconds, rounded up.
    pub fn headers(&self) -> Vec<(&'static str, String)> {
        let mut headers = self
            .bucket
            .as_ref()
            .map(BucketState::headers)
            .unwrap_or_default();
        headers.push((
            "retry-after",
            self.retry_after_ms.div_ceil(1_000).to_string(),
        ));
        headers.push(("x-ratelimit-scope", self.scope.name().to_owned()));
        if self.scope == Scope::Global {
            headers.push(("x-ratelimit-global", "true".to_owned()));
        }
        headers
    }

    /// The body of the 429; `retry_after` is in seconds with fractions.
    pub fn body(&self) -> Value {
        json!({
            "message": "You are being rate limited.",
            "retry_after": std::time::Duration::from_millis(self.retry_after_ms).as_secs_f64(),
            "global": self.scope == Scope::Global,
        })
    }
}

#[derive(Debug, Clone, Copy)]
struct Window {
    used: u32,
    ends_at_ms: u64,
}

impl Window {
    fn current(self, now_ms: u64, window_ms: u64) -> Self {
        if now_ms < self.ends_at_ms {
            return self;
        }
        Self {
            used: 0,
            ends_at_ms: now_ms + window_ms,
        }
    }
}

/// Every bucket of a server.
#[derive(Debug, Default)]
pub struct Limits {
    buckets: HashMap<(u64, &'static str, String, String), Window>,
    global: HashMap<u64, Window>,
    invalid: Option<Window>,
}

impl Limits {
    /// Full buckets.
    pub fn new() -> Self {
        Self::default()
    }

    /// Counts a request. `Ok` holds the state for the headers (`None` for a route without a
    /// bucket); a refused request takes nothing from any bucket.
    pub fn take(
        &mut self,
        request: &Request<'_>,
        now_ms: u64,
    ) -> Result<Option<BucketState>, Exceeded> {
        let global = self.global_window(request, now_ms);
        if let Some(window) = global
            && window.used >= GLOBAL_LIMIT
        {
            return Err(Exceeded {
                scope: Scope::Global,
                retry_after_ms: window.ends_at_ms - now_ms,
                bucket: None,
            });
        }
        let state = match quota(request.route) {
            Some(quota) => Some(self.take_from_bucket(request, quota, now_ms)?),
            None => None,
        };
        if let Some(window) = global {
            let used = window.used + 1;
            self.global
                .insert(request.application_id, Window { used, ..window });
        }
        Ok(state)
    }

    fn global_window(&self, request: &Request<'_>, now_ms: u64) -> Option<Window> {
        if request.is_interaction {
            return None;
        }
        let fresh = Window {
            used: 0,
            ends_at_ms: 0,
        };
        let kept = self
            .global
            .get(&request.application_id)
            .copied()
            .unwrap_or(fresh);
        Some(kept.current(now_ms, 1_000))
    }

    fn take_from_bucket(
        &mut self,
        request: &Request<'_>,
        quota: Quota,
        now_ms: u64,
    ) -> Result<BucketState, Exceeded> {
        if self.buckets.len() >= BUCKETS_KEPT {
            self.buckets.retain(|_, window| window.ends_at_ms > now_ms);
        }
        // The wide bucket is one per route; the seen ones are shared by the routes that name them.
        let route = if quota.bucket == "other" {
            request.route
        } else {
            ""
        };
        let key = (
            request.application_id,
            quota.bucket,
            route.to_owned(),
            request.major.to_owned(),
        );
        let fresh = Window {
            used: 0,
            ends_at_ms: 0,
        };
        let window = self.buckets.entry(key).or_insert(fresh);
        *window = window.current(now_ms, quota.window_ms);
        let is_empty = window.used >= quota.limit;
        if !is_empty {
            window.used += 1;
        }
        let state = BucketState {
            limit: quota.limit,
            remaining: quota.limit.saturating_sub(window.used),
            reset_at_ms: window.ends_at_ms,
            reset_after_ms: window.ends_at_ms - now_ms,
            bucket: bucket_id(quota.bucket, route),
        };
        if is_empty {
            return Err(Exceeded {
                scope: Scope::User,
                retry_after_ms: state.reset_after_ms,
                bucket: Some(state),
            });
        }
        Ok(state)
    }

    /// Counts an answer. Only 401, 403 and 429 count, and a 429 of shared scope does not.
    pub fn count_answer(&mut self, status: u16, scope: Option<Scope>, now_ms: u64) {
        let counts = matches!(status, 401 | 403) || (status == 429 && scope != Some(Scope::Shared));
        if counts {
            let window = self.invalid_window(now_ms);
            self.invalid = Some(Window {
                used: window.used.saturating_add(1),
                ..window
            });
        }
    }

    /// Invalid answers in the current ten minutes.
    pub fn invalid_count(&self, now_ms: u64) -> u32 {
        self.invalid_window(now_ms).used
    }

    /// Whether the address is barred for too many invalid requests.
    pub fn is_barred(&self, now_ms: u64) -> bool {
        self.invalid_count(now_ms) >= INVALID_LIMIT
    }

    fn invalid_window(&self, now_ms: u64) -> Window {
        self.invalid
            .unwrap_or(Window {
                used: 0,
                ends_at_ms: 0,
            })
            .current(now_ms, INVALID_WINDOW_MS)
    }
}

/// An opaque bucket name, the same for the same routes, as Discord's look (FNV-1a, 64 bits).
fn bucket_id(bucket: &str, route: &str) -> String {
    let hash = bucket
        .bytes()
        .chain(route.bytes())
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
    format!("{hash:016x}")
}

fn seconds(ms: u64) -> String {
    format!("{}.{:03}", ms / 1_000, ms % 1_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: u64 = 1_800_000_000_000;

    fn create(major: &str) -> Request<'_> {
        Request {
            application_id: 7,
            route: "POST /channels/:id/messages",
            major,
            is_interaction: false,
        }
    }

    #[test]
    fn the_sixth_message_in_five_seconds_is_refused_and_the_seventh_after_them_is_not() {
        let mut limits = Limits::new();
        for left in (0..5).rev() {
            let state = limits.take(&create("1"), NOW).unwrap().unwrap();
            assert_eq!(state.remaining, left);
        }
        let exceeded = limits.take(&create("1"), NOW + 1_500).unwrap_err();
        assert_eq!(
            (exceeded.scope, exceeded.retry_after_ms),
            (Scope::User, 3_500)
        );
        assert_eq!(exceeded.body()["retry_after"], 3.5);
        let headers: HashMap<_, _> = exceeded.headers().into_iter().collect();
        assert_eq!(headers["retry-after"], "4");
        assert_eq!(headers["x-ratelimit-reset-after"], "3.500");
        assert!(limits.take(&create("1"), NOW + 5_000).is_ok());
    }

    #[test]
    fn another_channel_has_a_bucket_of_its_own() {
        let mut limits = Limits::new();
        for _ in 0..5 {
            limits.take(&create("1"), NOW).unwrap();
        }
        assert!(limits.take(&create("2"), NOW).is_ok());
    }

    #[test]
    fn reactions_share_one_bucket() {
        let mut limits = Limits::new();
        let put = Request {
            route: "PUT /channels/:id/messages/:id/reactions/:emoji/@me",
            ..create("1")
        };
        let delete = Request {
            route: "DELETE /channels/:id/messages/:id/reactions/:emoji/@me",
            ..create("1")
        };
        limits.take(&put, NOW).unwrap();
        assert_eq!(limits.take(&delete, NOW).unwrap_err().retry_after_ms, 250);
        assert!(limits.take(&delete, NOW + 250).is_ok());
    }

    #[test]
    fn the_fifty_first_request_of_a_second_is_refused_globally_but_not_a_callback() {
        let mut limits = Limits::new();
        for channel in 0..50 {
            limits.take(&create(&channel.to_string()), NOW).unwrap();
        }
        let exceeded = limits.take(&create("99"), NOW + 400).unwrap_err();
        assert_eq!(
            (exceeded.scope, exceeded.retry_after_ms),
            (Scope::Global, 600)
        );
        assert_eq!(exceeded.body()["global"], true);
        let callback = Request {
            route: "POST /interactions/:id/:token/callback",
            is_interaction: true,
            ..create("99")
        };
        assert_eq!(limits.take(&callback, NOW + 400), Ok(None));
        assert!(limits.take(&create("99"), NOW + 1_000).is_ok());
    }

    #[test]
    fn ten_thousand_invalid_answers_bar_the_address_for_the_rest_of_ten_minutes() {
        let mut limits = Limits::new();
        for _ in 0..INVALID_LIMIT {
            limits.count_answer(429, Some(Scope::Shared), NOW);
            limits.count_answer(404, None, NOW);
        }
        assert_eq!(limits.invalid_count(NOW), 0);
        for _ in 0..INVALID_LIMIT {
            limits.count_answer(403, None, NOW);
        }
        assert!(limits.is_barred(NOW));
        assert!(!limits.is_barred(NOW + INVALID_WINDOW_MS));
    }
}
