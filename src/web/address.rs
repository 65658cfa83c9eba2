//! Where a request comes from, as far as limits go, also behind a web server of the owner's. How much
//! may come from there is not known here.

use axum::http::{HeaderMap, HeaderName};
use ipnet::IpNet;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::sync::Once;

/// In which a server in front tells whom it has heard, after what it was told itself.
const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// Where somebody asks from: an address of IPv4, or of IPv6 the network of 64 bits, which is the least
/// that one household has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Address(IpAddr);

impl Address {
    pub(super) fn of(ip: IpAddr) -> Address {
        Address(match ip.to_canonical() {
            IpAddr::V6(ip) => Ipv6Addr::from_bits(ip.to_bits() >> 64 << 64).into(),
            ip @ IpAddr::V4(_) => ip,
        })
    }
}

/// The servers in front whose word is taken for whom they have heard.
#[derive(Debug)]
pub struct Proxies {
    named: Vec<IpNet>,
    /// That one is not named is said once.
    unnamed: Once,
}

/// What is named is neither an address nor a network.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is neither an address nor a network")]
pub struct NoProxy(String);

impl Proxies {
    /// Those of these addresses (`192.168.1.20`) and networks (`172.16.0.0/12`).
    pub fn of(named: &[String]) -> Result<Proxies, NoProxy> {
        let read = |text: &String| {
            let net = text.parse().or_else(|_| text.parse().map(whole));
            net.map_err(|_| NoProxy(text.clone()))
        };
        Ok(Proxies {
            named: named.iter().map(read).collect::<Result<_, _>>()?,
            unnamed: Once::new(),
        })
    }

    pub(super) fn has(&self, ip: IpAddr) -> bool {
        self.named.iter().any(|net| net.contains(&ip))
    }

    /// Who asks, by the end of the connection and what the request says. Each server adds at the end
    /// whom it has heard: the last one who is none of ours is who asks, and what stands before them
    /// is their own word.
    pub(super) fn asking(&self, peer: IpAddr, headers: &HeaderMap) -> Address {
        let peer = peer.to_canonical();
        let told = headers.get_all(FORWARDED_FOR);
        let told = told.iter().map(|it| it.to_str().unwrap_or_default());
        let mut entries = told.flat_map(|it| it.split(',')).rev().peekable();
        if !self.has(peer) && entries.peek().is_some() {
            self.unnamed(peer);
        }
        let mut asking = peer;
        while self.has(asking) {
            match entries.next().and_then(read) {
                Some(before) => asking = before,
                None => break,
            }
        }
        Address::of(asking)
    }

    fn unnamed(&self, peer: IpAddr) {
        let is_near = match peer {
            IpAddr::V4(ip) => ip.is_private() || ip.is_loopback(),
            IpAddr::V6(ip) => ip.is_unique_local() || ip.is_loopback(),
        };
        // From far away anybody may say so.
        if is_near {
            self.unnamed.call_once(|| {
                tracing::warn!(
                    %peer,
                    "pages are asked for through a server that RONDO_WEB_PROXIES does not name: \
                     whoever asks through it counts as one"
                );
            });
        }
    }
}

fn whole(ip: IpAddr) -> IpNet {
    ip.to_canonical().into()
}

/// An entry of the header: an address, for some servers with a port.
fn read(entry: &str) -> Option<IpAddr> {
    let entry = entry.trim();
    let with_port = || entry.parse::<SocketAddr>().map(|it| it.ip());
    let ip: Result<IpAddr, _> = entry.parse().or_else(|_| with_port());
    ip.ok().map(|ip| ip.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::{Address, FORWARDED_FOR, NoProxy, Proxies};
    use axum::http::{HeaderMap, HeaderValue};
    use std::net::IpAddr;

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    fn proxies(named: &[&str]) -> Result<Proxies, NoProxy> {
        let named: Vec<String> = named.iter().map(|it| (*it).to_owned()).collect();
        Proxies::of(&named)
    }

    #[test]
    fn a_household_is_one_address() {
        let of = |text| Address::of(ip(text));
        assert_eq!(of("2001:db8:1:2::7"), of("2001:db8:1:2:ffff::1"));
        assert_ne!(of("2001:db8:1:2::7"), of("2001:db8:1:3::7"));
        assert_ne!(of("203.0.113.7"), of("203.0.113.8"));
        assert_eq!(of("::ffff:203.0.113.7"), of("203.0.113.7"));
    }

    #[test]
    fn only_servers_that_were_named_are_believed() {
        let proxies = proxies(&["127.0.0.1", "::1", "172.16.0.0/12"]).unwrap();
        for (peer, told, asking) in [
            ("203.0.113.7", &["198.51.100.1"][..], "203.0.113.7"),
            ("127.0.0.1", &[], "127.0.0.1"),
            ("127.0.0.1", &["198.51.100.1"], "198.51.100.1"),
            ("::ffff:127.0.0.1", &["198.51.100.1"], "198.51.100.1"),
            ("::1", &["2001:db8::1"], "2001:db8::2"),
            ("172.18.0.4", &["198.51.100.1"], "198.51.100.1"),
            // What stands before the last is the stranger's own word.
            ("127.0.0.1", &["9.9.9.9, 198.51.100.1"], "198.51.100.1"),
            ("127.0.0.1", &["9.9.9.9", "198.51.100.1"], "198.51.100.1"),
            // A server behind a server.
            (
                "127.0.0.1",
                &["9.9.9.9,198.51.100.1, 172.18.0.4"],
                "198.51.100.1",
            ),
            ("127.0.0.1", &["198.51.100.1:4711"], "198.51.100.1"),
            ("127.0.0.1", &["[2001:db8::1]:4711"], "2001:db8::1"),
            ("127.0.0.1", &["198.51.100.1, unknown"], "127.0.0.1"),
            ("127.0.0.1", &["198.51.100.1, 172.18.0.4, "], "127.0.0.1"),
            ("127.0.0.1", &[""], "127.0.0.1"),
        ] {
            let mut headers = HeaderMap::new();
            for value in told {
                headers.append(FORWARDED_FOR, HeaderValue::from_static(value));
            }
            let found = proxies.asking(ip(peer), &headers);
            assert_eq!(found, Address::of(ip(asking)), "{peer} {told:?}");
        }
        let mut odd = HeaderMap::new();
        odd.append(FORWARDED_FOR, HeaderValue::from_static("198.51.100.1"));
        odd.append(FORWARDED_FOR, HeaderValue::from_bytes(b"\xff").unwrap());
        let found = proxies.asking(ip("127.0.0.1"), &odd);
        assert_eq!(found, Address::of(ip("127.0.0.1")));
    }

    #[test]
    fn what_is_no_address_is_said() {
        assert!(proxies(&["10.0.0.0/8", "fd00::/8", "192.168.1.20"]).is_ok());
        let no = proxies(&["127.0.0.1", "my.proxy"]).unwrap_err();
        assert_eq!(
            no.to_string(),
            "\"my.proxy\" is neither an address nor a network"
        );
    }
}
