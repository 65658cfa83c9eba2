//! Where pages are found on the web: the public address that the owner of the bot has set, and the
//! paths below it. It knows no server; what answers there is for `web` to know.

use std::fmt;
use url::Url;

/// The owner's public address, as in `https://rondo.example.org/music`: it may have a path, which
/// stands before the path of every page.
#[derive(Clone, PartialEq, Eq)]
pub struct PublicAddress {
    /// Scheme, host and port, without a slash at the end.
    origin: String,
    /// Empty, or a slash and more, without a slash at the end.
    prefix: String,
}

/// The address cannot be one that pages are below.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("it has to be an http or https address without user, question mark and #")]
pub struct NoPublicAddress;

impl PublicAddress {
    pub fn of(text: &str) -> Result<PublicAddress, NoPublicAddress> {
        let url = Url::parse(text.trim()).map_err(|_| NoPublicAddress)?;
        let is_plain = matches!(url.scheme(), "http" | "https")
            && url.username().is_empty()
            && url.password().is_none()
            && url.query().is_none()
            && url.fragment().is_none()
            // A router would take it for a variable.
            && !url.path().contains(['{', '}', '*']);
        if !is_plain || !url.has_host() {
            return Err(NoPublicAddress);
        }
        Ok(PublicAddress {
            origin: url.origin().ascii_serialization(),
            prefix: url.path().trim_end_matches('/').to_owned(),
        })
    }

    /// What stands before the path of every page: empty, or `/music`.
    pub fn prefix(&self) -> &str {
        &self.prefix
    }

    /// The whole address of a path that begins with a slash.
    pub fn to(&self, path: &str) -> String {
        format!("{}{}{path}", self.origin, self.prefix)
    }

    /// The path below this address, with its slash, of an address that leads here.
    pub fn path_of(&self, address: &str) -> Option<String> {
        let url = Url::parse(address).ok()?;
        if url.origin().ascii_serialization() != self.origin {
            return None;
        }
        let path = url.path().strip_prefix(&self.prefix)?;
        path.starts_with('/').then(|| path.to_owned())
    }
}

impl fmt::Debug for PublicAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.origin, self.prefix)
    }
}

#[cfg(test)]
mod tests {
    use super::PublicAddress;

    #[test]
    fn pages_are_below_the_address_with_its_path() {
        for (text, prefix, page) in [
            ("https://a.example", "", "https://a.example/p/x"),
            ("https://a.example/", "", "https://a.example/p/x"),
            (
                " https://a.example:8443/music/ ",
                "/music",
                "https://a.example:8443/music/p/x",
            ),
            ("http://[::1]:80/a/b", "/a/b", "http://[::1]/a/b/p/x"),
        ] {
            let address = PublicAddress::of(text).unwrap();
            assert_eq!(address.prefix(), prefix, "{text}");
            assert_eq!(address.to("/p/x"), page, "{text}");
            assert_eq!(address.path_of(page).as_deref(), Some("/p/x"), "{text}");
        }
        for text in [
            "",
            "a.example",
            "ftp://a.example",
            "https://me@a.example",
            "https://a.example/?x",
            "https://a.example/#x",
            "mailto:me@a.example",
        ] {
            assert!(PublicAddress::of(text).is_err(), "{text}");
        }
    }

    #[test]
    fn an_address_elsewhere_leads_nowhere_here() {
        let here = PublicAddress::of("https://a.example/music").unwrap();
        for other in [
            "https://a.example/p/x",
            "https://a.example/musical/p/x",
            "https://a.example/music",
            "http://a.example/music/p/x",
            "https://a.example.org/music/p/x",
            "https://a.example:8443/music/p/x",
            "/music/p/x",
        ] {
            assert_eq!(here.path_of(other), None, "{other}");
        }
        let found = here.path_of("https://a.example/music/p/x?lang=en#t3");
        assert_eq!(found.as_deref(), Some("/p/x"));
    }
}
