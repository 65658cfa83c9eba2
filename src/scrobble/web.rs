//! Asking a service: with limits of time and size, and with what its head says about waiting. What
//! the body means is for each service to know.

use super::ScrobbleFailure;
use reqwest::header::HeaderMap;
use reqwest::{Client, RequestBuilder};
use std::time::Duration;

/// How long an answer may take; less than what the process has to end softly.
const ANSWER_TIME: Duration = Duration::from_secs(8);
const CONNECT_TIME: Duration = Duration::from_secs(5);
/// Largest answer, in bytes.
const ANSWER_LIMIT: usize = 1024 * 1024;
/// Longest that a service can ask to be left alone.
const WAIT_LIMIT: Duration = Duration::from_hours(6);

/// A client for services.
pub(super) fn client() -> Result<Client, reqwest::Error> {
    Client::builder()
        .user_agent(concat!(
            "Rondo/",
            env!("CARGO_PKG_VERSION"),
            " (Discord bot)"
        ))
        .timeout(ANSWER_TIME)
        .connect_timeout(CONNECT_TIME)
        // A token goes to the service and nowhere else.
        .redirect(reqwest::redirect::Policy::none())
        .build()
}

/// An answer.
#[derive(Clone, Debug)]
pub(super) struct Reply {
    pub(super) status: u16,
    pub(super) body: Vec<u8>,
    /// How long to wait after an error.
    pub(super) wait: Option<Duration>,
    /// How long to wait after success: no request is left in this stretch of time.
    pub(super) rest: Option<Duration>,
}

impl Reply {
    /// The failure that a status outside a service's own rules means.
    pub(super) fn busy(&self) -> ScrobbleFailure {
        ScrobbleFailure::Busy {
            code: self.status.into(),
            wait: self.wait,
        }
    }
}

/// Sends a request and reads the answer, whatever its status.
pub(super) async fn ask(request: RequestBuilder) -> Result<Reply, ScrobbleFailure> {
    let mut response = request.send().await.map_err(|error| silent(&error))?;
    let (wait, rest) = (wait(response.headers()), rest(response.headers()));
    let status = response.status().as_u16();
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| silent(&error))? {
        if body.len() + chunk.len() > ANSWER_LIMIT {
            return Err(ScrobbleFailure::Silent("too long an answer".to_owned()));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Reply {
        status,
        body,
        wait,
        rest,
    })
}

/// Without the address: at Last.fm it may hold a key.
fn silent(error: &reqwest::Error) -> ScrobbleFailure {
    let what = if error.is_timeout() {
        "it takes too long"
    } else if error.is_connect() {
        "it cannot be reached"
    } else {
        "the answer broke off"
    };
    ScrobbleFailure::Silent(what.to_owned())
}

fn seconds(headers: &HeaderMap, name: &str) -> Option<Duration> {
    let text = headers.get(name)?.to_str().ok()?;
    let seconds: f64 = text.trim().parse().ok()?;
    let wait = Duration::try_from_secs_f64(seconds).ok()?;
    Some(wait.min(WAIT_LIMIT))
}

/// `Retry-After` (RFC 9110, 10.2.3) or, at `ListenBrainz`, `X-RateLimit-Reset-In`
/// (<https://listenbrainz.readthedocs.io/en/latest/users/api/index.html#rate-limiting>).
fn wait(headers: &HeaderMap) -> Option<Duration> {
    seconds(headers, "retry-after").or_else(|| seconds(headers, "x-ratelimit-reset-in"))
}

fn rest(headers: &HeaderMap) -> Option<Duration> {
    let left = headers.get("x-ratelimit-remaining")?.to_str().ok()?;
    (left.trim() == "0").then(|| seconds(headers, "x-ratelimit-reset-in"))?
}

#[cfg(test)]
mod tests {
    use super::*;
    use reqwest::header::HeaderValue;

    fn headers(lines: &[(&'static str, &'static str)]) -> HeaderMap {
        let lines = lines.iter();
        lines
            .map(|(name, value)| (name.parse().unwrap(), HeaderValue::from_static(value)))
            .collect()
    }

    #[test]
    fn the_head_says_how_long_to_wait() {
        let both = headers(&[("retry-after", "7"), ("x-ratelimit-reset-in", "3")]);
        assert_eq!(wait(&both), Some(Duration::from_secs(7)));
        let own = headers(&[
            ("x-ratelimit-reset-in", "3"),
            ("x-ratelimit-remaining", "2"),
        ]);
        assert_eq!(wait(&own), Some(Duration::from_secs(3)));
        assert_eq!(rest(&own), None);
        let last = headers(&[
            ("x-ratelimit-reset-in", "3"),
            ("x-ratelimit-remaining", "0"),
        ]);
        assert_eq!(rest(&last), Some(Duration::from_secs(3)));
        for odd in ["soon", "-1", "NaN", "Wed, 21 Oct 2026 07:28:00 GMT"] {
            assert_eq!(wait(&headers(&[("retry-after", odd)])), None, "{odd}");
        }
        let long = headers(&[("retry-after", "99999999")]);
        assert_eq!(wait(&long), Some(WAIT_LIMIT));
    }
}
