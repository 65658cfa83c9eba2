//! Why a request to Discord came to nothing, sorted by what the caller does about it, and how an
//! answer's status and body are read for that. Knows no request.

use serde::Deserialize;
use std::time::Duration;

/// A request that was not done.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RestFailure {
    /// The message, channel, member or interaction does not exist (any more).
    #[error("it is not there (code {code})")]
    Gone { code: u64 },
    /// The bot may not do that there.
    #[error("not permitted (code {code})")]
    Forbidden { code: u64 },
    /// Discord finds the request itself wrong: a bug of ours, or a limit reached.
    #[error("refused (code {code}): {message}")]
    Invalid { code: u64, message: String },
    /// The token is not accepted.
    #[error("the token is not accepted")]
    Unauthorized,
    /// Rate limits left no time for it within its deadline.
    #[error("rate limits left no time for it")]
    Busy,
    /// Discord did not answer, or with its own errors, until the deadline.
    #[error("unreachable: {0}")]
    Unavailable(String),
}

/// Longest error message taken over from Discord, in characters.
const MESSAGE_LIMIT: usize = 300;

/// Discord's error form; see "JSON Error Codes" in its documentation.
#[derive(Deserialize)]
struct Form {
    #[serde(default)]
    code: u64,
    #[serde(default)]
    message: String,
    #[serde(default)]
    errors: serde_json::Value,
}

/// Unknown channel, message, user, interaction and the like.
const UNKNOWN: std::ops::Range<u64> = 10_001..11_000;
/// "Interaction has already been acknowledged."
pub(super) const ALREADY_ANSWERED: u64 = 40_060;
/// "Invalid webhook token": what an expired interaction token says.
const INVALID_WEBHOOK_TOKEN: u64 = 50_027;

impl RestFailure {
    /// The code of `Invalid` for a Discord stage that is to be opened and is open already.
    pub const STAGE_OPEN: u64 = 150_006;

    /// Reads a refusal (a 4xx other than 429).
    pub(super) fn read(status: u16, body: &[u8]) -> RestFailure {
        let form = serde_json::from_slice(body).unwrap_or(Form {
            code: 0,
            message: String::new(),
            errors: serde_json::Value::Null,
        });
        match (status, form.code) {
            (404, code) => RestFailure::Gone { code },
            (_, code) if UNKNOWN.contains(&code) || code == INVALID_WEBHOOK_TOKEN => {
                RestFailure::Gone { code }
            }
            (403, code) => RestFailure::Forbidden { code },
            (401, _) => RestFailure::Unauthorized,
            (status, code) => {
                let mut message = form.message;
                if !form.errors.is_null() {
                    message = format!("{message} {}", form.errors);
                }
                if message.is_empty() {
                    message = format!("status {status}");
                }
                RestFailure::Invalid {
                    code,
                    message: message.chars().take(MESSAGE_LIMIT).collect(),
                }
            }
        }
    }
}

/// What a 429 asks for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Pause {
    pub(super) length: Duration,
    pub(super) global: bool,
}

#[derive(Deserialize)]
struct PauseForm {
    retry_after: Option<f64>,
    #[serde(default)]
    global: bool,
}

/// Longest pause that is believed.
const PAUSE_LIMIT: Duration = Duration::from_hours(1);
/// The pause of a 429 that names none.
const PAUSE_UNSAID: Duration = Duration::from_secs(1);

impl Pause {
    /// `header` is `Retry-After` in seconds; `global_header` whether `X-RateLimit-Global` is set.
    /// A body that is not JSON comes from the wall before Discord, and concerns everything.
    pub(super) fn read(header: Option<&str>, global_header: bool, body: &[u8]) -> Pause {
        let form = serde_json::from_slice::<PauseForm>(body);
        let said = form.as_ref().ok().and_then(|form| form.retry_after);
        let seconds = said.or_else(|| header.and_then(|text| text.trim().parse().ok()));
        let length = seconds
            .and_then(|seconds| Duration::try_from_secs_f64(seconds).ok())
            .unwrap_or(PAUSE_UNSAID);
        Pause {
            length: length.min(PAUSE_LIMIT),
            global: global_header || form.map_or(!body.is_empty(), |form| form.global),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Pause, RestFailure};
    use std::time::Duration;

    #[test]
    fn refusals_are_sorted_by_what_to_do_about_them() {
        let read = |status, body: &str| RestFailure::read(status, body.as_bytes());
        assert_eq!(
            read(404, r#"{"code":10008,"message":"Unknown Message"}"#),
            RestFailure::Gone { code: 10008 }
        );
        assert_eq!(
            read(
                401,
                r#"{"code":50027,"message":"Invalid Webhook Token provided"}"#
            ),
            RestFailure::Gone { code: 50027 }
        );
        assert_eq!(
            read(403, r#"{"code":50013,"message":"Missing Permissions"}"#),
            RestFailure::Forbidden { code: 50013 }
        );
        assert_eq!(read(401, ""), RestFailure::Unauthorized);
        let form = r#"{"code":50035,"message":"Invalid Form Body","errors":{"content":1}}"#;
        assert_eq!(
            read(400, form),
            RestFailure::Invalid {
                code: 50035,
                message: r#"Invalid Form Body {"content":1}"#.to_owned()
            }
        );
    }

    #[test]
    fn the_body_of_a_429_is_more_exact_than_its_header() {
        let body = br#"{"message":"slow","retry_after":0.25,"global":false}"#;
        let pause = Pause::read(Some("1"), false, body);
        assert_eq!(pause.length, Duration::from_millis(250));
        assert!(!pause.global);
        let wall = Pause::read(Some("7"), false, b"<html>");
        assert_eq!((wall.length, wall.global), (Duration::from_secs(7), true));
        assert_eq!(Pause::read(None, false, b"").length, Duration::from_secs(1));
    }
}
