//! Where sound comes from: every kind of source behind one enum, made of the reference that a track
//! carries. A track's file is asked for when its turn comes near, and fetched then if it is far
//! away. Whose turn it is, and what is done with the file, is for others to know.

pub(super) mod elsewhere;
pub(super) mod errand;
pub(super) mod finder;
mod hls;
mod icy;
pub(super) mod listing;
pub(super) mod live;
pub(super) mod radio;
pub(super) mod scratch;
pub(super) mod site;
mod stations;
pub(super) mod subsonic;
mod ts;

use super::IntakeFailure;
use super::examiner::Examiner;
use super::fetch::Fetcher;
use super::gate::Gate;
use super::intake::hex;
use super::one_by_one::OneByOne;
use super::place::Places;
use super::progress::{Progress, Reporter};
use super::room::{Room, note_use};
use crate::domain::track::MediaRef;
use live::Live;
use scratch::Scratches;
use sha2::{Digest, Sha256};
use site::Site;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};
use subsonic::Subsonic;
use tokio_util::task::TaskTracker;

const SITE: &str = "site:";
const SUBSONIC: &str = "subsonic:";
const STREAM: &str = "stream:";
/// Beginning of the names of files in the media folder that were fetched for a turn, and can be again.
pub(super) const FAR: &str = "far-";

/// The sources there are, each with what it knows the sound by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Source<'a> {
    /// A file in the media folder or the library.
    Near,
    /// The page of a site.
    Site(&'a str),
    /// The id of a song on the owner's music server.
    Subsonic(&'a str),
    /// The address of a live stream.
    Stream(&'a str),
}

impl Source<'_> {
    pub(super) fn of(media: &MediaRef) -> Source<'_> {
        let after = |scheme: &str| media.0.strip_prefix(scheme);
        if let Some(link) = after(SITE) {
            Source::Site(link)
        } else if let Some(id) = after(SUBSONIC) {
            Source::Subsonic(id)
        } else if let Some(link) = after(STREAM) {
            Source::Stream(link)
        } else {
            Source::Near
        }
    }

    /// The name, without its ending, of the file in the media folder that holds this sound; `None`
    /// when it lies elsewhere or nowhere.
    pub(super) fn stem(media: &MediaRef) -> Option<String> {
        match Source::of(media) {
            Source::Near => {
                let name = Places::media_name(media)?;
                name.split('.').next().map(str::to_owned)
            }
            Source::Site(_) | Source::Subsonic(_) => Some(format!("{FAR}{}", digest(&media.0))),
            Source::Stream(_) => None,
        }
    }
}

/// Gives the sound of tracks. Clones share the work.
#[derive(Clone, Debug)]
pub struct Sources {
    places: Places,
    far: Option<Arc<Far>>,
}

/// What fetches sound that is far away.
#[derive(Debug)]
pub(super) struct Far {
    pub(super) site: Site,
    pub(super) server: Option<Subsonic>,
    /// What receives live streams.
    pub(super) radio: Fetcher,
    pub(super) examiner: Examiner,
    pub(super) gate: Gate,
    pub(super) scratches: Scratches,
    pub(super) room: Room,
    /// Largest file, in bytes, and longest track.
    pub(super) size_limit: u64,
    pub(super) length_limit: Duration,
    pub(super) clock: fn() -> SystemTime,
    /// Files that are being fetched.
    pub(super) under_way: OneByOne<String>,
}

impl Sources {
    /// Of what lies in these folders.
    pub fn new(places: Places) -> Sources {
        Sources { places, far: None }
    }

    /// Of what is far away, too.
    pub(super) fn reaching(places: Places, far: Far) -> Sources {
        let far = Some(Arc::new(far));
        Sources { places, far }
    }

    /// Receives the live stream a track refers to, from now on and until the answer is dropped;
    /// `None` when it is not live.
    pub fn live(&self, media: &MediaRef, tasks: &TaskTracker) -> Option<Live> {
        let Source::Stream(link) = Source::of(media) else {
            return None;
        };
        let radio = self.far.as_ref()?.radio.clone();
        let (outlet, live) = live::channel();
        tasks.spawn(radio::receive(radio, link.to_owned(), outlet));
        Some(live)
    }

    /// Whether the sound of a track can still be had, as far as is known without asking anybody.
    pub async fn has(&self, media: &MediaRef) -> bool {
        match Source::of(media) {
            Source::Near => self.file(media).await.is_ok(),
            Source::Site(_) | Source::Subsonic(_) => self.far.is_some(),
            Source::Stream(_) => true,
        }
    }

    /// The file with the sound of a track, fetched first if it is far away. Live sound has none.
    pub async fn file(&self, media: &MediaRef) -> Result<PathBuf, IntakeFailure> {
        self.file_for(media, &Reporter::default()).await
    }

    /// The same, for somebody who wants to know how far it has come.
    pub async fn file_for(
        &self,
        media: &MediaRef,
        reporter: &Reporter,
    ) -> Result<PathBuf, IntakeFailure> {
        match Source::of(media) {
            Source::Near => {
                let path = self.places.path(media).ok_or(IntakeFailure::NotFound)?;
                let is_there = tokio::fs::try_exists(&path).await?;
                is_there.then_some(path).ok_or(IntakeFailure::NotFound)
            }
            Source::Stream(_) => Err(IntakeFailure::Live),
            source @ (Source::Site(_) | Source::Subsonic(_)) => {
                let stem = Source::stem(media).ok_or(IntakeFailure::NotFound)?;
                let far = self.far.as_ref().ok_or(IntakeFailure::NotSetUp)?;
                far.file(source, &stem, &self.places.media_dir, reporter)
                    .await
            }
        }
    }
}

impl Far {
    async fn file(
        &self,
        source: Source<'_>,
        stem: &str,
        dir: &Path,
        reporter: &Reporter,
    ) -> Result<PathBuf, IntakeFailure> {
        let path = dir.join(stem);
        let _alone = self.under_way.enter(stem.to_owned()).await;
        if tokio::fs::try_exists(&path).await? {
            // One that cannot be written to can be read all the same.
            if let Err(error) = note_use(&path, (self.clock)()) {
                tracing::debug!(%error, "the time of use is not kept");
            }
            Ok(path)
        } else {
            self.fetch(source, path, reporter).await
        }
    }

    async fn fetch(
        &self,
        source: Source<'_>,
        path: PathBuf,
        reporter: &Reporter,
    ) -> Result<PathBuf, IntakeFailure> {
        let folder = self.scratches.folder()?;
        let writing = self.write(source, folder.path(), reporter);
        let file = self.room.hold(writing).await?;
        reporter.say(Progress::Looking);
        let _place = self.gate.patient_work().await?;
        let inspected = self.examiner.examine(&file, None).await??;
        if inspected.length > self.length_limit {
            let limit = self.length_limit;
            return Err(IntakeFailure::TooLong { limit });
        }
        tokio::fs::rename(&file, &path).await?;
        Ok(path)
    }

    async fn write(
        &self,
        source: Source<'_>,
        folder: &Path,
        reporter: &Reporter,
    ) -> Result<PathBuf, IntakeFailure> {
        match source {
            Source::Site(link) => {
                let fetching = self.site.fetch(link, folder, self.size_limit, reporter);
                fetching.await
            }
            Source::Subsonic(id) => {
                let server = self.server.as_ref().ok_or(IntakeFailure::NotSetUp)?;
                let file = folder.join("song");
                server.save(id, &file, self.size_limit).await?;
                Ok(file)
            }
            Source::Near | Source::Stream(_) => Err(IntakeFailure::NotSetUp),
        }
    }
}

/// A name of fixed length, of figures and small letters, for any text.
fn digest(text: &str) -> String {
    hex(&Sha256::digest(text.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_tells_its_source_and_its_file() {
        let media = |text: &str| MediaRef(text.to_owned());
        let site = media("site:https://tube.example/1");
        assert_eq!(Source::of(&site), Source::Site("https://tube.example/1"));
        assert_eq!(Source::of(&media("subsonic:7")), Source::Subsonic("7"));
        let stream = media("stream:http://radio.example/");
        assert_eq!(Source::of(&stream), Source::Stream("http://radio.example/"));
        assert_eq!(Source::stem(&stream), None);
        let near = media("media:ab.flac");
        assert_eq!(Source::of(&near), Source::Near);
        assert_eq!(Source::stem(&near).as_deref(), Some("ab"));
        assert_eq!(Source::stem(&media("library:a/b.mp3")), None);
        let stem = Source::stem(&site).unwrap();
        assert!(
            stem.starts_with(FAR) && stem.len() == FAR.len() + 64,
            "{stem}"
        );
        assert_ne!(
            Source::stem(&media("site:https://tube.example/2")),
            Some(stem)
        );
    }
}
