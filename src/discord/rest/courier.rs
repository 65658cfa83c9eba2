//! Carries one request to Discord and brings its answer: waits for the rate limits, sends, and
//! sends again after a 429, a 5xx or a lost connection, all within the request's deadline. It
//! knows no endpoint; `rest` says what is to be sent.

use super::Upload;
use super::buckets::{Buckets, Figures, Route, Verdict};
use super::failure::{ALREADY_ANSWERED, Pause, RestFailure};
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderValue, RETRY_AFTER};
use reqwest::{Method, multipart};
use serde_json::Value;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::Notify;
use tokio::time::{Instant, sleep_until, timeout_at};
use url::Url;

/// One attempt may take this long, however much time the request has.
const ATTEMPT_LIMIT: Duration = Duration::from_secs(10);
const CONNECT_LIMIT: Duration = Duration::from_secs(5);
/// The first back-off; doubled each time, and drawn from its upper half.
const FIRST_BACK_OFF: Duration = Duration::from_millis(100);
const BACK_OFF_LIMIT: Duration = Duration::from_secs(5);
/// Longest answer read, in bytes.
const ANSWER_LIMIT: usize = 8 * 1024 * 1024;

/// Discord asks for this form of User-Agent and may block others.
const USER_AGENT: &str = concat!(
    "DiscordBot (https://github.com/rondo-bot/rondo, ",
    env!("CARGO_PKG_VERSION"),
    ")"
);

/// One request.
#[derive(Debug)]
pub(super) struct Parcel {
    pub(super) method: Method,
    pub(super) route: Route,
    /// The id that the route's bucket is counted by; `None` for interaction endpoints, which are
    /// outside the global limit and have a bucket for each interaction.
    pub(super) major: Option<u64>,
    pub(super) path: Vec<String>,
    pub(super) query: Option<&'static str>,
    pub(super) body: Option<Value>,
    pub(super) files: Vec<Upload>,
    pub(super) within: Duration,
}

pub(super) struct Courier {
    client: reqwest::Client,
    base: Url,
    authorization: HeaderValue,
    buckets: Mutex<Buckets>,
    answered: Notify,
    jitter: fn() -> f64,
}

enum Outcome {
    Done(Value),
    Refused(RestFailure),
    Limited(Pause),
    Failed(String),
}

/// Counts a request as under way until its answer is counted or it is given up.
struct Permit<'a> {
    courier: &'a Courier,
    route: Route,
    major: u64,
    open: bool,
}

impl Drop for Permit<'_> {
    fn drop(&mut self) {
        if self.open {
            self.courier
                .table(|table| table.release(self.route, self.major));
            self.courier.answered.notify_waiters();
        }
    }
}

impl Courier {
    pub(super) fn new(token: &str, base: &Url, jitter: fn() -> f64) -> Result<Courier, String> {
        let mut authorization = HeaderValue::from_str(&format!("Bot {token}"))
            .map_err(|_| "the token holds characters that no token has".to_owned())?;
        authorization.set_sensitive(true);
        let mut client = reqwest::Client::builder()
            .user_agent(USER_AGENT)
            .connect_timeout(CONNECT_LIMIT)
            // An answer that leads elsewhere is an error: the token goes to the base and nowhere else.
            .redirect(reqwest::redirect::Policy::none());
        if is_loopback(base) {
            client = client.no_proxy();
        }
        let client = client.build().map_err(|error| error.to_string())?;
        Ok(Courier {
            client,
            base: base.clone(),
            authorization,
            buckets: Mutex::default(),
            answered: Notify::new(),
            jitter,
        })
    }

    /// For what is no request to the API; it carries no token.
    pub(super) fn client(&self) -> &reqwest::Client {
        &self.client
    }

    pub(super) async fn carry(&self, parcel: Parcel) -> Result<Value, RestFailure> {
        let deadline = Instant::now() + parcel.within;
        let mut back_off = FIRST_BACK_OFF;
        let mut attempt = 0_u32;
        loop {
            attempt += 1;
            let (again_at, failure) = match self.attempt(&parcel, deadline).await? {
                Outcome::Done(answer) => return Ok(answer),
                // A first attempt whose answer was lost had been heard after all.
                Outcome::Refused(RestFailure::Invalid { code, .. })
                    if code == ALREADY_ANSWERED && attempt > 1 =>
                {
                    return Ok(Value::Null);
                }
                Outcome::Refused(failure) => return Err(failure),
                Outcome::Limited(pause) => (Instant::now() + pause.length, RestFailure::Busy),
                Outcome::Failed(why) => {
                    let wait = back_off.mul_f64(0.5 + 0.5 * (self.jitter)().clamp(0.0, 1.0));
                    back_off = (back_off * 2).min(BACK_OFF_LIMIT);
                    (Instant::now() + wait, RestFailure::Unavailable(why))
                }
            };
            if again_at >= deadline {
                return Err(failure);
            }
            tracing::debug!(route = parcel.route, attempt, %failure, "again");
            sleep_until(again_at).await;
        }
    }

    async fn attempt(&self, parcel: &Parcel, deadline: Instant) -> Result<Outcome, RestFailure> {
        let permit = match parcel.major {
            Some(major) => Some(
                timeout_at(deadline, self.permit(parcel.route, major))
                    .await
                    .map_err(|_| RestFailure::Busy)?,
            ),
            None => None,
        };
        let until = deadline.min(Instant::now() + ATTEMPT_LIMIT);
        let exchange = async {
            let answer = self.request(parcel)?.send().await?;
            let (status, headers) = (answer.status(), answer.headers().clone());
            Ok::<_, reqwest::Error>((status, headers, answer.bytes().await?))
        };
        let (status, headers, body) = match timeout_at(until, exchange).await {
            Ok(Ok(answer)) => answer,
            Ok(Err(error)) => return Ok(Outcome::Failed(error.without_url().to_string())),
            Err(_) => return Ok(Outcome::Failed("no answer in time".to_owned())),
        };
        let pause = (status.as_u16() == 429).then(|| {
            let header = headers.get(RETRY_AFTER).and_then(|v| v.to_str().ok());
            Pause::read(header, headers.contains_key("x-ratelimit-global"), &body)
        });
        self.count(permit, &headers, pause);
        Ok(match pause {
            Some(pause) => Outcome::Limited(pause),
            None if body.len() > ANSWER_LIMIT => {
                Outcome::Failed("the answer is too long".to_owned())
            }
            None if status.is_success() => {
                Outcome::Done(serde_json::from_slice(&body).unwrap_or(Value::Null))
            }
            None if status.is_client_error() => {
                Outcome::Refused(RestFailure::read(status.as_u16(), &body))
            }
            None => Outcome::Failed(format!("status {}", status.as_u16())),
        })
    }

    fn request(&self, parcel: &Parcel) -> Result<reqwest::RequestBuilder, reqwest::Error> {
        let mut url = self.base.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().extend(["api", "v10"]);
            segments.extend(&parcel.path);
        }
        url.set_query(parcel.query);
        let request = self
            .client
            .request(parcel.method.clone(), url)
            .header(AUTHORIZATION, self.authorization.clone());
        let Some(body) = &parcel.body else {
            return Ok(request);
        };
        if parcel.files.is_empty() {
            return Ok(request.json(body));
        }
        let json = multipart::Part::text(body.to_string()).mime_str("application/json")?;
        let mut form = multipart::Form::new().part("payload_json", json);
        for (n, file) in parcel.files.iter().enumerate() {
            let length = u64::try_from(file.bytes.len()).unwrap_or(u64::MAX);
            let part = multipart::Part::stream_with_length(file.bytes.clone(), length)
                .file_name(file.name.clone())
                .mime_str(kind(&file.name))?;
            form = form.part(format!("files[{n}]"), part);
        }
        Ok(request.multipart(form))
    }

    async fn permit(&self, route: Route, major: u64) -> Permit<'_> {
        loop {
            let mut answered = std::pin::pin!(self.answered.notified());
            answered.as_mut().enable();
            match self.table(|table| table.claim(Instant::now(), route, major)) {
                Verdict::Go => {
                    return Permit {
                        courier: self,
                        route,
                        major,
                        open: true,
                    };
                }
                Verdict::At(at) => sleep_until(at).await,
                Verdict::AfterAnswer => answered.await,
            }
        }
    }

    /// Writes into the table what an answer said.
    fn count(&self, permit: Option<Permit<'_>>, headers: &HeaderMap, pause: Option<Pause>) {
        let Some(mut permit) = permit else {
            return;
        };
        permit.open = false;
        let (now, key) = (Instant::now(), (permit.route, permit.major));
        self.table(|table| {
            table.learn(now, key.0, key.1, figures(headers));
            if let Some(pause) = pause {
                table.refuse(now, key, pause.length, pause.global);
            }
        });
        self.answered.notify_waiters();
    }

    fn table<T>(&self, act: impl FnOnce(&mut Buckets) -> T) -> T {
        act(&mut self.buckets.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Discord shows an embed's picture only of what comes as one.
fn kind(name: &str) -> &'static str {
    match name.rsplit_once('.') {
        Some((_, "png")) => "image/png",
        _ => "application/octet-stream",
    }
}

fn is_loopback(base: &Url) -> bool {
    match base.host() {
        Some(url::Host::Domain(name)) => name == "localhost",
        Some(url::Host::Ipv4(ip)) => ip.is_loopback(),
        Some(url::Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    }
}

/// Discord's documented rate limit headers; `None` when they are not all there.
fn figures(headers: &HeaderMap) -> Option<Figures> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let reset_after = text("x-ratelimit-reset-after")?.parse::<f64>().ok()?;
    Some(Figures {
        bucket: text("x-ratelimit-bucket")?.to_owned(),
        limit: text("x-ratelimit-limit")?.parse().ok()?,
        remaining: text("x-ratelimit-remaining")?.parse().ok()?,
        reset_after: Duration::try_from_secs_f64(reset_after).ok()?,
    })
}
