//! Fetching a file over http(s), from addresses that strangers give: the address that is connected
//! to is checked at every redirect, and time, size and redirects have limits.

use super::IntakeFailure;
use futures_util::StreamExt;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::redirect::{Attempt, Policy};
use reqwest::{Client, StatusCode};
use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio::fs::File;
use tokio::io::AsyncWriteExt;
use url::{Host, Url};

const CONNECT_LIMIT: Duration = Duration::from_secs(8);
/// Longest silence of a server.
const STALL_LIMIT: Duration = Duration::from_secs(10);
/// For the whole file.
const FETCH_LIMIT: Duration = Duration::from_mins(3);
const REDIRECT_LIMIT: usize = 5;
const LINK_LIMIT: usize = 2_000;

/// Fetches files. Clones share the connections.
#[derive(Clone, Debug)]
pub(super) struct Fetcher {
    client: Client,
    trusted: Arc<BTreeSet<String>>,
}

impl Fetcher {
    /// `trusted` are hosts that may have any address: the API's own.
    pub(super) fn new(trusted: BTreeSet<String>) -> Result<Fetcher, reqwest::Error> {
        let trusted = Arc::new(trusted);
        let at_redirect = Arc::clone(&trusted);
        let client = Client::builder()
            .user_agent(concat!("Rondo/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(CONNECT_LIMIT)
            .read_timeout(STALL_LIMIT)
            .timeout(FETCH_LIMIT)
            .no_proxy()
            .redirect(Policy::custom(move |attempt| {
                redirect(attempt, &at_redirect)
            }))
            .dns_resolver(Arc::new(PublicOnly(Arc::clone(&trusted))))
            .build()?;
        Ok(Fetcher { client, trusted })
    }

    /// Writes what the link leads to into `path`, at most `limit` bytes. Answers the media type
    /// that the server claims.
    pub(super) async fn fetch(
        &self,
        link: &str,
        path: &Path,
        limit: u64,
    ) -> Result<Option<String>, IntakeFailure> {
        let url = self.checked(link)?;
        let answer = self
            .client
            .get(url)
            .send()
            .await
            .map_err(|error| unreachable(&error))?;
        match answer.status() {
            status if status.is_success() => {}
            StatusCode::NOT_FOUND | StatusCode::GONE => return Err(IntakeFailure::NotFound),
            status => return Err(IntakeFailure::Unreachable(format!("status {status}"))),
        }
        if answer.content_length().is_some_and(|length| length > limit) {
            return Err(IntakeFailure::TooLarge { limit });
        }
        let media_type = answer
            .headers()
            .get(reqwest::header::CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .map(str::to_owned);
        let mut file = File::create(path).await?;
        let mut written = 0_u64;
        let mut pieces = answer.bytes_stream();
        while let Some(piece) = pieces.next().await {
            let piece = piece.map_err(|error| unreachable(&error))?;
            written = written.saturating_add(u64::try_from(piece.len()).unwrap_or(u64::MAX));
            if written > limit {
                return Err(IntakeFailure::TooLarge { limit });
            }
            file.write_all(&piece).await?;
        }
        file.flush().await?;
        Ok(media_type)
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

/// Whether a link may be followed as far as can be told before its name is resolved.
fn may_visit(url: &Url, trusted: &BTreeSet<String>) -> bool {
    let is_web = matches!(url.scheme(), "http" | "https");
    let host_is_trusted = url.host_str().is_some_and(|host| trusted.contains(host));
    is_web
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

/// Whether the address is one of the public internet: not this machine, a private or shared
/// network, a link-local one (cloud metadata too), multicast, documentation or a translation of
/// one of these (IANA's special-purpose registries, RFC 6890).
fn is_public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => is_public_v4(ip),
        IpAddr::V6(ip) => is_public_v6(ip),
    }
}

fn is_public_v4(ip: Ipv4Addr) -> bool {
    let [a, b, c, _] = ip.octets();
    let shared = a == 100 && (64..128).contains(&b);
    let protocol = a == 192 && b == 0 && c == 0;
    let benchmark = a == 198 && (b == 18 || b == 19);
    !(a == 0
        || a >= 240
        || ip.is_loopback()
        || ip.is_private()
        || ip.is_link_local()
        || ip.is_multicast()
        || ip.is_documentation()
        || shared
        || protocol
        || benchmark)
}

fn is_public_v6(ip: Ipv6Addr) -> bool {
    if let Some(inner) = ip.to_ipv4_mapped() {
        return is_public_v4(inner);
    }
    let [first, second, .., seventh, eighth] = ip.segments();
    let [high, low] = seventh.to_be_bytes();
    let [third, fourth] = eighth.to_be_bytes();
    // NAT64 (64:ff9b::/96) and 6to4 (2002::/16) carry a v4 address.
    if first == 0x64 && second == 0xff9b {
        return is_public_v4(Ipv4Addr::new(high, low, third, fourth));
    }
    let global_unicast = (0x2000..0x4000).contains(&first);
    let documentation = first == 0x2001 && second == 0x0db8;
    let six_to_four = first == 0x2002;
    let teredo = first == 0x2001 && second == 0;
    global_unicast && !documentation && !six_to_four && !teredo
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_public_addresses_are_visited() {
        for inside in [
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "224.0.0.1",
            "255.255.255.255",
            "::1",
            "::",
            "fe80::1",
            "fc00::1",
            "ff02::1",
            "::ffff:127.0.0.1",
            "64:ff9b::7f00:1",
            "2002:7f00:1::",
            "2001:db8::1",
            "192.0.2.1",
        ] {
            assert!(!is_public(inside.parse().unwrap()), "{inside}");
        }
        for outside in [
            "8.8.8.8",
            "162.159.128.233",
            "2606:4700::1111",
            "64:ff9b::808:808",
        ] {
            assert!(is_public(outside.parse().unwrap()), "{outside}");
        }
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
    }
}
