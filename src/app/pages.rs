//! Puts the pages on the web together and starts serving them, where the owner has set a public
//! address. What they show is for `web` to know.

use super::clock;
use super::lifecycle::Lifecycle;
use crate::config::Config;
use crate::discord::SharedDesk;
use crate::i18n::Words;
use crate::share::PublicAddress;
use crate::web::{self, Limits, Web};
use anyhow::Context;
use std::sync::Arc;
use tokio::net::TcpListener;

/// A door that is open, and the address that leads to it.
#[derive(Debug)]
pub(super) struct Door {
    pub(super) address: PublicAddress,
    listener: TcpListener,
}

impl Door {
    /// Listens, before anything else is begun: a place that is taken is said at once. `None` without
    /// a public address.
    pub(super) async fn open(config: &Config) -> anyhow::Result<Option<Door>> {
        let Some(text) = &config.public_url else {
            return Ok(None);
        };
        let address = PublicAddress::of(text).context("RONDO_PUBLIC_URL is not understood")?;
        let place = config.web_listen.trim();
        let listener = TcpListener::bind(place).await.with_context(|| {
            format!(
                "pages cannot be served on {place} (RONDO_WEB_LISTEN): is something else there?"
            )
        })?;
        Ok(Some(Door { address, listener }))
    }

    /// Serves the pages until the process stops.
    pub(super) fn serve(self, desk: &SharedDesk, config: &Config, life: &Lifecycle) {
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
            guild_name: Box::new(move |guild| crowd.guild_name(guild)),
            stop: life.stop.clone(),
            limits: Limits::default(),
        });
        let (listener, stop) = (self.listener, life.stop.clone());
        life.tasks.spawn(async move {
            if let Err(error) = web::serve(web, listener, stop).await {
                tracing::error!(%error, "pages are not served any more");
            }
        });
    }
}
