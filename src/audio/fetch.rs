//! Fetching over http(s), from addresses that strangers give: the address that is connected to is
//! checked at every redirect, and time, size and redirects have limits. Nothing is believed of what a
//! server says about its file; what it is, is for `inspect` to see.

mod ports;

use super::IntakeFailure;
use crate::domain::internet::is_public;
use bytes::Bytes;
use futures_util::StreamExt;
use futures_util::stream::BoxStream;
use ports::port_is_safe;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::header::{ACCEPT_ENCODING, HeaderMap, HeaderValue};
use reqwest::redirect::{Attempt, Policy};
use reqwest::{Client, Response, StatusCode};
use std::collections::BTreeSet;
use std::net::{IpAddr, SocketAddr};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio::fs::File;
use tokio::io::AsyncWriteExt;
use url::{Host, Url};

const CONNECT_LIMIT: Duration = Duration::from_secs(8);
/// From asking to the first byte of the body, redirects included.
const ANSWER_LIMIT: Duration = Duration::from_secs(20);
/// Longest silence of a server.
const STALL_LIMIT: Duration = Duration::from_secs(10);
/// For a whole file, so that a server that gives a byte a second is left in time.
const FETCH_LIMIT: Duration = Duration::from_mins(3);
const REDIRECT_LIMIT: usize = 5;
const LINK_LIMIT: usize = 2_000;

/// Fetches files. Clones share the connections.
#[derive(Clone, Debug)]
pub(super) struct Fetcher {
    client: Client,
    trusted: Arc<BTreeSet<String>>,
    /// For a whole file.
    file_limit: Duration,
}

/// The answer of a server whose body is still to come.
pub(super) struct Opened {
    /// Where it came from, after all redirects.
    pub(super) url: Url,
    pub(super) headers: HeaderMap,
    /// How long the server says the body is, in bytes.
    pub(super) length: Option<u64>,
    /// The body in pieces. It has no limit of time, but each piece has [`STALL_LIMIT`].
    pub(super) body: BoxStream<'static, Result<Bytes, IntakeFailure>>,
}

impl Opened {
    /// Writes the body into `path`, at most so many bytes; one that says it is longer is not begun.
    pub(super) async fn save(mut self, path: &Path, limit: u64) -> Result<(), IntakeFailure> {
        if self.length.is_some_and(|length| length > limit) {
            return Err(IntakeFailure::TooLarge { limit });
        }
        let mut file = File::create(path).await?;
        let mut written = 0_u64;
        while let Some(piece) = self.body.next().await {
            let piece = piece?;
            written = written.saturating_add(u64::try_from(piece.len()).unwrap_or(u64::MAX));
            if written > limit {
                return Err(IntakeFailure::TooLarge { limit });
            }
            file.write_all(&piece).await?;
        }
        Ok(file.flush().await?)
    }

    /// The whole body, at most so many bytes.
    pub(super) async fn read(mut self, limit: usize) -> Result<Vec<u8>, IntakeFailure> {
        let mut bytes = Vec::new();
        while let Some(piece) = self.body.next().await {
            bytes.extend_from_slice(&piece?);
            if bytes.len() > limit {
                let limit = u64::try_from(limit).unwrap_or(u64::MAX);
                return Err(IntakeFailure::TooLarge { limit });
            }
        }
        Ok(bytes)
    }
}

impl Fetcher {
    /// `trusted` are hosts that may have any address: the API's own, and those that the owner names.
    pub(super) fn new(trusted: &BTreeSet<String>) -> Result<Fetcher, reqwest::Error> {
        let trusted: BTreeSet<String> = trusted.iter().filter_map(|it| host(it)).collect();
        let trusted = Arc::new(trusted);
        let at_redirect = Arc::clone(&trusted);
        // A body stays as it was sent: what is small when it comes and huge when it is unpacked
        // never gets unpacked. No proxy of the environment either: it would resolve names itself.
        let as_it_is = (ACCEPT_ENCODING, HeaderValue::from_static("identity"));
        let client = Client::builder()
            .user_agent(concat!("Rondo/", env!("CARGO_PKG_VERSION")))
            .default_headers(HeaderMap::from_iter([as_it_is]))
            .connect_timeout(CONNECT_LIMIT)
            .read_timeout(STALL_LIMIT)
            .no_proxy()
            // Old radio servers answer `ICY 200 OK`, which is no HTTP: it comes as the body.
            .http09_responses()
            // The link that a member gave is not for the next server to know.
            .referer(false)
            .redirect(Policy::custom(move |attempt| {
                redirect(attempt, &at_redirect)
            }))
            .dns_resolver(Arc::new(PublicOnly(Arc::clone(&trusted))))
            .build()?;
        Ok(Fetcher {
            client,
            trusted,
            file_limit: FETCH_LIMIT,
        })
    }

    /// Writes what the link leads to into `path`, at most `limit` bytes. Answers the media type
    /// that the server claims.
    pub(super) async fn fetch(
        &self,
        link: &str,
        path: &Path,
        limit: u64,
    ) -> Result<Option<String>, IntakeFailure> {
        let fetched = self.fetch_unhurried(link, path, limit);
        let fetched = tokio::time::timeout(self.file_limit, fetched).await;
        fetched.unwrap_or_else(|_| Err(too_slow()))
    }

    async fn fetch_unhurried(
        &self,
        link: &str,
        path: &Path,
        limit: u64,
    ) -> Result<Option<String>, IntakeFailure> {
        let opened = self.open(link, HeaderMap::new()).await?;
        tracing::debug!(host = opened.url.host_str(), opened.length, "fetching");
        let media_type = opened.headers.get(reqwest::header::CONTENT_TYPE);
        let media_type = media_type.and_then(|value| value.to_str().ok());
        let media_type = media_type.map(str::to_owned);
        opened.save(path, limit).await?;
        Ok(media_type)
    }

    /// Asks for what the link leads to, with these headers, and hands over the answer before its
    /// body has come: a live stream has no end to wait for.
    pub(super) async fn open(
        &self,
        link: &str,
        headers: HeaderMap,
    ) -> Result<Opened, IntakeFailure> {
        let url = self.checked(link)?;
        let asked = self.client.get(url).headers(headers).send();
        let answer = tokio::time::timeout(ANSWER_LIMIT, asked).await;
        let answer: Response = answer
            .map_err(|_| too_slow())?
            .map_err(|error| unreachable(&error))?;
        match answer.status() {
            status if status.is_success() => {}
            StatusCode::NOT_FOUND | StatusCode::GONE => return Err(IntakeFailure::NotFound),
            // A redirect that was not followed leads out of the web.
            status if status.is_redirection() => return Err(IntakeFailure::NotAllowed),
            status => return Err(IntakeFailure::Unreachable(format!("status {status}"))),
        }
        Ok(Opened {
            url: answer.url().clone(),
            headers: answer.headers().clone(),
            length: answer.content_length(),
            body: answer
                .bytes_stream()
                .map(|piece| piece.map_err(|error| unreachable(&error)))
                .boxed(),
        })
    }

    fn checked(&self, link: &str) -> Result<Url, IntakeFailure> {
        if link.len() > LINK_LIMIT {
            return Err(IntakeFailure::NotAllowed);
        }
        let url = Url::parse(link).map_err(|_| IntakeFailure::NotAllowed)?;
        if may_visit(&url, &self.trusted) {
            Ok(url)
        } else {
            Err(IntakeFailure::NotAllowed)
        }
    }
}

/// A host as it stands in parsed links: lower case, punycode, IPv6 in brackets.
fn host(named: &str) -> Option<String> {
    let named = named.trim();
    let parsed = Host::parse(named).or_else(|_| Host::parse(&format!("[{named}]")));
    parsed.ok().map(|it| it.to_string())
}

fn too_slow() -> IntakeFailure {
    IntakeFailure::Unreachable("it took too long".to_owned())
}

/// What a failed request means. The error's own text may hold the link, which may hold a secret.
fn unreachable(error: &reqwest::Error) -> IntakeFailure {
    let mut cause = std::error::Error::source(error);
    while let Some(inner) = cause {
        if inner.is::<Forbidden>() {
            return IntakeFailure::NotAllowed;
        }
        cause = inner.source();
    }
    let why = if error.is_timeout() {
        "it took too long"
    } else if error.is_connect() {
        "no connection"
    } else if error.is_redirect() {
        "too many redirects"
    } else {
        "the answer broke off"
    };
    IntakeFailure::Unreachable(why.to_owned())
}

/// The address is not one that the public can reach.
#[derive(Debug, thiserror::Error)]
#[error("the address is not a public one")]
struct Forbidden;

fn redirect(attempt: Attempt<'_>, trusted: &BTreeSet<String>) -> reqwest::redirect::Action {
    if attempt.previous().len() > REDIRECT_LIMIT {
        attempt.error("too many redirects")
    } else if may_visit(attempt.url(), trusted) {
        attempt.follow()
    } else {
        attempt.error(Forbidden)
    }
}

/// Whether a link may be followed as far as can be told before its name is resolved. One with a name
/// and password in it may not: it would be shown to everybody as the track's link, and most such
/// links only pretend to lead elsewhere.
fn may_visit(url: &Url, trusted: &BTreeSet<String>) -> bool {
    let is_web = matches!(url.scheme(), "http" | "https");
    let is_bare = url.username().is_empty() && url.password().is_none();
    let port_is_safe = url.port_or_known_default().is_some_and(port_is_safe);
    let host_is_trusted = url.host_str().is_some_and(|host| trusted.contains(host));
    is_web
        && is_bare
        && port_is_safe
        && match url.host() {
            None => false,
            Some(_) if host_is_trusted => true,
            Some(Host::Domain(_)) => true,
            Some(Host::Ipv4(ip)) => is_public(IpAddr::V4(ip)),
            Some(Host::Ipv6(ip)) => is_public(IpAddr::V6(ip)),
        }
}

/// Resolves names to public addresses only, so that what was checked is what is connected to.
struct PublicOnly(Arc<BTreeSet<String>>);

impl Resolve for PublicOnly {
    fn resolve(&self, name: Name) -> Resolving {
        let trusted = self.0.contains(name.as_str());
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let found: Vec<SocketAddr> = found
                .filter(|address| trusted || is_public(address.ip()))
                .collect();
            if found.is_empty() {
                return Err(Forbidden.into());
            }
            let addresses: Addrs = Box::new(found.into_iter());
            Ok(addresses)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::AsyncReadExt;
    use tokio::net::TcpListener;

    /// Gives a byte and then another, so that it is never silent for long and never at its end.
    async fn trickle(listener: TcpListener) -> std::io::Result<()> {
        let (mut stream, _) = listener.accept().await?;
        stream.read_u8().await?;
        stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await?;
        let mut every = tokio::time::interval(Duration::from_millis(20));
        loop {
            every.tick().await;
            stream.write_all(&[0]).await?;
        }
    }

    #[tokio::test]
    async fn a_server_that_gives_byte_after_byte_is_left_in_time() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let link = format!("http://{}/song", listener.local_addr().unwrap());
        let mut fetcher = Fetcher::new(&BTreeSet::from(["127.0.0.1".to_owned()])).unwrap();
        fetcher.file_limit = Duration::from_millis(500);
        let file = tempfile::NamedTempFile::new().unwrap();
        let fetching = fetcher.fetch(&link, file.path(), 1_000);
        let (came, given) = tokio::join!(fetching, trickle(listener));
        assert!(matches!(came, Err(IntakeFailure::Unreachable(_))));
        assert!(given.is_err(), "nobody takes any more of it");
    }

    #[test]
    fn only_web_links_are_followed() {
        let trusted = BTreeSet::from(["127.0.0.1".to_owned()]);
        let may = |link: &str| may_visit(&Url::parse(link).unwrap(), &trusted);
        assert!(may("https://example.org/a.mp3"));
        assert!(may("http://127.0.0.1:8080/a.mp3"));
        assert!(!may("file:///etc/passwd"));
        assert!(!may("ftp://example.org/a.mp3"));
        assert!(!may("http://[::1]/a.mp3"));
        assert!(!may("http://2130706434/a.mp3"), "127.0.0.2 as one number");
        assert!(!may("data:audio/wav;base64,UklGRg=="));
        assert!(
            !may("https://discord.com@example.org/a.mp3"),
            "a false front"
        );
        assert!(!may("https://:secret@example.org/a.mp3"));
        assert!(!may("http://example.org:25/a.mp3"));
        assert!(!may("http://0/a.mp3"));
        assert!(!may("http://0x7f.2/a.mp3"));
        assert!(
            !may("http://①②⑦.0.0.2/a.mp3"),
            "digits in circles are digits"
        );
    }

    #[test]
    fn hosts_are_named_as_people_write_them() {
        assert_eq!(host(" Nas.Home ").as_deref(), Some("nas.home"));
        assert_eq!(host("::1").as_deref(), Some("[::1]"));
        assert_eq!(host("[::1]").as_deref(), Some("[::1]"));
        assert_eq!(
            host("musik.münchen").as_deref(),
            Some("musik.xn--mnchen-3ya")
        );
        assert_eq!(host(""), None);
        let trusted = BTreeSet::from([host("::1").unwrap()]);
        let url = Url::parse("http://[0:0::1]:4533/rest").unwrap();
        assert!(may_visit(&url, &trusted));
    }
}
