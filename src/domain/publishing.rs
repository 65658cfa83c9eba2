//! Which link of a track everybody may have, on pages and in the files of playlists: what leads into
//! somebody's house, or could hold a key, is told to nobody. What lies behind a link is not known here.

use super::internet::is_public;
use super::track::{Origin, Track};
use std::net::IpAddr;

/// Ends of names that only a network of somebody's own knows (RFC 6761; RFC 6762, 3 and appendix G;
/// RFC 8375; ICANN's `internal`).
const INNER_ENDS: &[&str] = &[
    "corp",
    "home",
    "home.arpa",
    "internal",
    "intranet",
    "lan",
    "local",
    "localhost",
    "private",
];

/// Decides which links are published.
#[derive(Clone, Debug, Default)]
pub struct Publishing {
    /// Hosts of the owner's own network, as [`comparable`] has them.
    inner: Vec<String>,
}

impl Publishing {
    /// Publishes no link to these hosts, which the owner has named as theirs.
    pub fn but(hosts: impl IntoIterator<Item = String>) -> Publishing {
        let hosts = hosts.into_iter().map(|host| comparable(host.trim()));
        Publishing {
            inner: hosts.collect(),
        }
    }

    /// The track's link, if everybody may have it. That of a site may ask a question, since it is how
    /// the site names the track; in any other one that could be a key.
    pub fn link<'t>(&self, track: &'t Track) -> Option<&'t str> {
        let link = track.link.as_deref()?;
        let (host, path) = parted(link)?;
        let has_no_key = track.origin == Origin::Site || !path.contains(['?', '#']);
        (has_no_key && self.is_outside(host)).then_some(link)
    }

    fn is_outside(&self, host: &str) -> bool {
        let host = comparable(host);
        if self.inner.contains(&host) {
            return false;
        }
        if let Ok(ip) = host.parse::<IpAddr>() {
            return is_public(ip);
        }
        // Browsers read numbers in other ways too, as an address.
        let last = host.rsplit('.').next().unwrap_or_default();
        let is_number = last.starts_with(|c: char| c.is_ascii_digit());
        // A name in other scripts can be written in so many ways that it cannot be compared.
        let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        let is_inner = |end: &&str| {
            let before = host.strip_suffix(*end);
            before.is_some_and(|before| before.is_empty() || before.ends_with('.'))
        };
        host.contains('.')
            && !is_number
            && host.chars().all(is_plain)
            && !INNER_ENDS.iter().any(is_inner)
    }
}

/// The host of a link of the web, and what comes after it; `None` for any other link, and for one that
/// says who opens it.
fn parted(link: &str) -> Option<(&str, &str)> {
    let odd = |c: char| c.is_control() || c.is_whitespace() || c == '\\';
    let (scheme, rest) = link.split_once("://")?;
    let is_web = ["http", "https"]
        .iter()
        .any(|it| scheme.eq_ignore_ascii_case(it));
    if !is_web || link.contains(odd) {
        return None;
    }
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at_checked(end)?;
    let (host, port) = match authority.strip_prefix('[') {
        Some(inner) => inner.split_once(']')?,
        None => authority.split_at_checked(authority.find(':').unwrap_or(authority.len()))?,
    };
    let port = port.strip_prefix(':').unwrap_or(port);
    let is_port = port.bytes().all(|c| c.is_ascii_digit());
    (is_port && !host.is_empty() && !host.contains('@')).then_some((host, path))
}

/// One way of writing a host: addresses as the system writes them, names in lower case.
fn comparable(host: &str) -> String {
    let host = host.trim_start_matches('[').trim_end_matches(']');
    match host.parse::<IpAddr>() {
        Ok(ip) => ip.to_canonical().to_string(),
        Err(_) => host.trim_end_matches('.').to_lowercase(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::track::{MediaRef, TrackKey};
    use std::time::Duration;

    fn track(origin: Origin, link: &str) -> Track {
        Track {
            key: TrackKey("k".to_owned()),
            title: "Song".to_owned(),
            artist: None,
            album: None,
            length: Duration::from_mins(3),
            origin,
            media: MediaRef("m".to_owned()),
            link: Some(link.to_owned()),
            cover: None,
            gain_tenths: None,
            live: false,
        }
    }

    fn is_published(origin: Origin, link: &str) -> bool {
        let named = ["Nas.Example.org.", "[2606:4700::1]", "203.0.114.9"];
        let publishing = Publishing::but(named.map(str::to_owned));
        let track = track(origin, link);
        let published = publishing.link(&track);
        assert!(published.is_none_or(|it| it == link), "as it was given");
        published.is_some()
    }

    #[test]
    fn plain_links_of_the_web_are_published() {
        for link in [
            "https://music.example.org/a/song.mp3",
            "HTTP://Music.Example.org:8000",
            "http://8.8.8.8:8000/stream",
            "http://[2606:4700::1111]/stream",
            "https://other.nas.example.org./song.mp3",
            "https://homeland.example/lan/song.mp3",
            "https://a.example/@ana/song:1.mp3",
        ] {
            assert!(is_published(Origin::Link, link), "{link}");
            assert!(is_published(Origin::Radio, link), "{link}");
        }
        let video = "https://www.youtube.com/watch?v=abc";
        assert!(is_published(Origin::Site, video));
        let nothing = Track {
            link: None,
            ..track(Origin::Link, "")
        };
        assert_eq!(Publishing::default().link(&nothing), None);
    }

    #[test]
    fn what_could_hold_a_key_is_not() {
        for link in [
            "https://music.example.org/song.mp3?key=1",
            "https://music.example.org?",
            "https://music.example.org/song.mp3#key",
            "https://ana:secret@music.example.org/song.mp3",
            "https://ana@music.example.org/song.mp3",
            "https://music.example.org:secret/song.mp3",
            "javascript:alert(1)",
            "ftp://music.example.org/song.mp3",
            "song.mp3",
            "https:///song.mp3",
            "https://music.example.org/a b",
            "https://music.example.org\\@nas.example.org/",
            "",
        ] {
            assert!(!is_published(Origin::Link, link), "{link}");
        }
        assert!(!is_published(Origin::Site, "https://a@b.example/watch?v=1"));
    }

    #[test]
    fn what_leads_into_a_house_is_not() {
        for host in [
            "nas.example.org",
            "NAS.example.ORG.",
            "203.0.114.9",
            "[2606:4700:0::1]",
            "nas",
            "localhost",
            "nas.local",
            "nas.lan",
            "nas.home.arpa",
            "127.0.0.1",
            "192.168.1.20",
            "10.0.0.1",
            "172.16.0.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "192.0.2.1",
            "[::1]",
            "[::]",
            "[fd00::1]",
            "[fe80::1]",
            "[::ffff:127.0.0.1]",
            "[64:ff9b::7f00:1]",
            "[2002:7f00:1::]",
            "[2001:db8::1]",
            "2130706433",
            "0x7f.1",
            "127.1",
            "0177.0.0.1",
            "%6eas.example.org",
            "１２７.0.0.1",
            "nas．example.org",
        ] {
            for port in ["", ":8080"] {
                let link = format!("http://{host}{port}/song.mp3");
                assert!(!is_published(Origin::Link, &link), "{link}");
                assert!(!is_published(Origin::Site, &link), "{link}");
            }
        }
    }
}
