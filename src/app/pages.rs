//! Puts the pages on the web together and starts serving them, where the owner has set a public
//! address. What they show is for `web` to know.

use super::clock;
use super::lifecycle::Lifecycle;
use crate::config::Config;
use crate::discord::SharedDesk;
use crate::domain::publishing::Publishing;
use crate::i18n::Words;
use crate::share::PublicAddress;
use crate::web::{self, Limits, Live, Pictures, Proxies, Said, Web};
use anyhow::Context;
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio::sync::broadcast;
use url::Url;

/// Publishes no link to hosts that the owner has named as theirs, as they wrote them and as they stand
/// in links.
pub(super) fn publishing(config: &Config) -> Publishing {
    let in_links = |host: &String| {
        let url = Url::parse(&format!("http://{host}")).ok()?;
        url.host_str().map(str::to_owned)
    };
    let named = config.allowed_hosts.iter();
    Publishing::but(named.clone().filter_map(in_links).chain(named.cloned()))
}

/// A door that is open, and the address that leads to it.
#[derive(Debug)]
pub(super) struct Door {
    pub(super) address: PublicAddress,
    listener: TcpListener,
    proxies: Proxies,
}

impl Door {
    /// Listens, before anything else is begun: a place that is taken is said at once. `None` without
    /// a public address.
    pub(super) async fn open(config: &Config) -> anyhow::Result<Option<Door>> {
        let Some(text) = &config.public_url else {
            return Ok(None);
        };
        let address = PublicAddress::of(text).context("RONDO_PUBLIC_URL is not understood")?;
        let proxies =
            Proxies::of(config.proxies()).context("RONDO_WEB_PROXIES is not understood")?;
        let place = config.web_listen.trim();
        let listener = TcpListener::bind(place).await.with_context(|| {
            format!(
                "pages cannot be served on {place} (RONDO_WEB_LISTEN): is something else there?"
            )
        })?;
        Ok(Some(Door {
            address,
            listener,
            proxies,
        }))
    }

    /// Serves the pages until the process stops; live ones show what is said.
    pub(super) fn serve(
        self,
        desk: &SharedDesk,
        said: broadcast::Sender<Said>,
        config: &Config,
        life: &Lifecycle,
    ) {
        if let Ok(at) = self.listener.local_addr() {
            tracing::info!(%at, address = ?self.address, "pages are served");
        }
        let crowd = desk.crowd.clone();
        let web = Arc::new(Web {
            store: desk.store.clone(),
            stages: desk.stages.clone(),
            words: Words::new(),
            address: self.address,
            media_dir: config.media_dir.clone(),
            clock: clock::now,
            publishing: desk.publishing.clone(),
            guild_name: Box::new(move |guild| crowd.guild_name(guild)),
            live: Live::new(said, life.tasks.clone()),
            stop: life.stop.clone(),
            limits: Limits::behind(self.proxies),
            pictures: Pictures::new(desk.fonts.clone()),
        });
        let (listener, stop) = (self.listener, life.stop.clone());
        life.tasks.spawn(async move {
            if let Err(error) = web::serve(web, listener, stop).await {
                tracing::error!(%error, "pages are not served any more");
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::{Config, Door};
    use crate::domain::track::{MediaRef, Origin, Track, TrackKey};
    use clap::Parser;
    use tokio::net::TcpListener;

    async fn open(args: &[&str]) -> Result<Option<Door>, String> {
        let config = Config::try_parse_from([&["rondo"], args].concat()).unwrap();
        let door = Door::open(&config).await;
        door.map_err(|error| format!("{error:#}"))
    }

    #[test]
    fn hosts_of_the_owner_are_published_in_no_spelling() {
        let args = [
            "rondo",
            "--allowed-hosts",
            "nas.example,musik.münchen.example",
        ];
        let config = Config::try_parse_from(args).unwrap();
        let publishing = super::publishing(&config);
        let published = |link: &str| {
            let track = Track {
                key: TrackKey("k".to_owned()),
                title: "Song".to_owned(),
                artist: None,
                album: None,
                length: std::time::Duration::ZERO,
                origin: Origin::Link,
                media: MediaRef("m".to_owned()),
                link: Some(link.to_owned()),
                cover: None,
                gain_tenths: None,
                live: false,
            };
            publishing.link(&track).is_some()
        };
        assert!(published("https://music.example/a"));
        assert!(!published("https://nas.example/a"));
        assert!(!published("https://musik.xn--mnchen-3ya.example/a"));
    }

    #[tokio::test]
    async fn a_place_that_is_taken_is_said_at_once() {
        let other = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let place = other.local_addr().unwrap().to_string();
        let address = ["--public-url", "https://a.example", "--web-listen", &place];
        let said = open(&address).await.unwrap_err();
        let words = format!("pages cannot be served on {place} (RONDO_WEB_LISTEN): is something");
        assert!(said.starts_with(&words), "{said}");
        // Without a public address nobody looks.
        assert!(open(&address[2..]).await.unwrap().is_none());
        let free = [
            "--public-url",
            "https://a.example",
            "--web-listen",
            "127.0.0.1:0",
        ];
        assert!(open(&free).await.unwrap().is_some());
        let odd = [&free[..], &["--web-proxies", "my.proxy"]].concat();
        let said = open(&odd).await.unwrap_err();
        assert!(
            said.starts_with("RONDO_WEB_PROXIES is not understood: \"my.proxy\" is neither"),
            "{said}"
        );
        let said = open(&["--public-url", "a.example"]).await.unwrap_err();
        assert!(
            said.starts_with("RONDO_PUBLIC_URL is not understood"),
            "{said}"
        );
    }
}
