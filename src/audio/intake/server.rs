//! Tracks of the owner's music server, as far as the intake is concerned: offered in searches, and
//! taken in without their files, which are fetched when their turns come near.

use super::super::source::subsonic::{MusicServer, Song, Subsonic, SubsonicConfig};
use super::{Intake, IntakeFailure};
use crate::domain::track::Track;
use tokio_util::task::TaskTracker;

/// The server, if there is one, asked whether it lets us in: its owner reads the answer in the log.
pub(super) fn greeted(
    config: Option<SubsonicConfig>,
    tasks: &TaskTracker,
) -> std::io::Result<Option<Subsonic>> {
    let server = config.map(Subsonic::new).transpose();
    let server = server.map_err(std::io::Error::other)?;
    if let Some(server) = server.clone() {
        tasks.spawn(async move { server.greet().await });
    }
    Ok(server)
}

impl Intake {
    /// Songs of the server for these words; none when there is no server or it does not answer,
    /// which it says in the log.
    pub async fn search_server(&self, words: &str, limit: usize) -> Vec<Song> {
        let Some(server) = &self.server else {
            return Vec::new();
        };
        let found = server.search(words, limit).await;
        found.unwrap_or_else(|why| {
            tracing::debug!(%why, "nothing from the music server");
            Vec::new()
        })
    }

    /// A song of the server, by the id that the search gave.
    pub async fn from_server(&self, id: &str) -> Result<Track, IntakeFailure> {
        let server = self.server.as_ref().ok_or(IntakeFailure::NotSetUp)?;
        let song = server.song(id).await?;
        let mut track = song.track();
        if let Some(cover) = server.cover(&song).await {
            let intake = self.clone();
            let keeping = super::blocking(move || Ok(intake.keep_cover(&cover)?));
            track.cover = keeping.await.ok();
        }
        if song.length.is_none() {
            // How long it is shows when it is there.
            let file = self.sources.file(&track.media).await?;
            track.length = self.examiner.examine(&file, None).await??.length;
        }
        self.not_too_long(track)
    }

    /// How the music server stands; `None` when there is none.
    pub fn music_server(&self) -> Option<MusicServer> {
        self.server.as_ref().map(Subsonic::state)
    }
}
