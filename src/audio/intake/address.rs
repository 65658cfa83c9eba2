//! What addresses lead to besides files: tracks and lists of sites, and songs of services that play
//! nothing to others, for which the same song is found elsewhere. How each is asked is for `source`
//! to know.

use super::{Intake, IntakeFailure};
use crate::audio::progress::{Progress, Reporter};
use crate::audio::source::elsewhere::{Named, Pointer, Service};
use crate::audio::source::finder::token;
use crate::audio::source::listing::{Listed, Listing};
use crate::audio::source::site::LIST_SIZE_LIMIT;
use crate::domain::track::Track;
use std::time::Duration;

/// How long one waits for what the sites find for a song of a service.
const SEARCH_WAIT: Duration = Duration::from_secs(12);
/// Pieces of the library that are compared with it.
const CANDIDATES: usize = 50;

/// What an address gave.
#[derive(Debug)]
pub enum Given {
    One(Box<Track>),
    /// A list of a site: its tracks, those that are not taken with their titles, and how many there
    /// are in all.
    Many {
        title: Option<String>,
        tracks: Vec<Track>,
        refused: Vec<(String, IntakeFailure)>,
        count: usize,
    },
    /// The same song from another place than the link's.
    Instead {
        service: Service,
        track: Box<Track>,
    },
}

/// A track that a search on the sites has found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SiteHit {
    pub link: String,
    /// Names it for [`Intake::from_token`], for a while: links may be long.
    pub token: String,
    pub title: String,
    pub artist: Option<String>,
    pub length: Option<Duration>,
}

impl Intake {
    /// Whatever a link leads to: a file, a track or a list of a site, or a song of a service that
    /// plays nothing to others, which is then searched for elsewhere.
    pub async fn from_address(
        &self,
        link: &str,
        reporter: &Reporter,
    ) -> Result<Given, IntakeFailure> {
        if let Some(pointer) = Pointer::of(link) {
            reporter.say(Progress::Asking);
            let with = (&self.fetcher, &self.scratches);
            let named = pointer.name(&self.config.elsewhere, with).await?;
            return self.instead(pointer.service, named).await;
        }
        if let Some(listed) = self.finder.remembered(&token(link)) {
            return self.listed(listed, reporter).await;
        }
        if self.site.knows(link) {
            return self.of_site(link, reporter).await;
        }
        match self.link_for(link, reporter).await {
            Ok(track) => Ok(Given::One(Box::new(track))),
            Err(IntakeFailure::NotSound) if self.site.may_know() => {
                self.of_site(link, reporter).await
            }
            Err(failure) => Err(failure),
        }
    }

    /// A track that a search has found lately.
    pub async fn from_token(
        &self,
        token: &str,
        reporter: &Reporter,
    ) -> Result<Given, IntakeFailure> {
        let listed = self.finder.remembered(token);
        self.listed(listed.ok_or(IntakeFailure::NotFound)?, reporter)
            .await
    }

    async fn of_site(&self, link: &str, reporter: &Reporter) -> Result<Given, IntakeFailure> {
        let folder = self.scratches.folder()?;
        match self.site.ask(link, folder.path(), reporter).await? {
            Listing::One(listed) => self.listed(*listed, reporter).await,
            Listing::Many {
                title,
                entries,
                count,
            } => {
                let (mut tracks, mut refused) = (Vec::new(), Vec::new());
                for entry in entries.into_iter().take(LIST_SIZE_LIMIT) {
                    match self.fits(&entry) {
                        Ok(()) if entry.is_whole() => tracks.push(entry.track()),
                        Ok(()) => refused.push((entry.track().title, IntakeFailure::NotSound)),
                        Err(failure) => refused.push((entry.track().title, failure)),
                    }
                }
                if tracks.is_empty() && refused.is_empty() {
                    return Err(IntakeFailure::NotFound);
                }
                Ok(Given::Many {
                    title,
                    tracks,
                    refused,
                    count,
                })
            }
        }
    }

    async fn listed(&self, listed: Listed, reporter: &Reporter) -> Result<Given, IntakeFailure> {
        self.fits(&listed)?;
        let mut track = listed.track();
        if !listed.is_whole() {
            // How long it is shows when it is there.
            let file = self.sources.file_for(&track.media, reporter).await?;
            let _place = self.gate.work().await?;
            track.length = self.examiner.examine(&file, None).await??.length;
        }
        Ok(Given::One(Box::new(track)))
    }

    /// Whether it may be taken, as far as its site tells.
    fn fits(&self, listed: &Listed) -> Result<(), IntakeFailure> {
        let (longest, largest) = (self.config.length_limit, self.config.size_limit);
        if listed.live {
            Err(IntakeFailure::Live)
        } else if listed.length.is_some_and(|length| length > longest) {
            Err(IntakeFailure::TooLong { limit: longest })
        } else if listed.size.is_some_and(|size| size > largest) {
            Err(IntakeFailure::TooLarge { limit: largest })
        } else {
            Ok(())
        }
    }

    /// The song that is closest to what a service names.
    async fn instead(&self, service: Service, named: Named) -> Result<Given, IntakeFailure> {
        match self.from_name(&named).await? {
            Some(track) => {
                let track = Box::new(track);
                Ok(Given::Instead { service, track })
            }
            None => Err(IntakeFailure::NotElsewhere { service, named }),
        }
    }

    /// What is closest to a song that is known by name alone, from the library, the owner's music
    /// server or a site.
    pub async fn from_name(&self, named: &Named) -> Result<Option<Track>, IntakeFailure> {
        let words = named.words();
        let hits = self.library.search(&words, CANDIDATES);
        let near = hits.iter().filter_map(|hit| {
            let far = named.distance(&hit.title, hit.artist.as_deref(), Some(hit.length))?;
            Some((far, hit))
        });
        if let Some((_, hit)) = near.min_by_key(|(far, _)| *far) {
            return self.from_library(&hit.id).await.map(Some);
        }
        if let Some(track) = self.on_server(named).await {
            return Ok(Some(track));
        }
        let found = self.finder.find(&words, None, SEARCH_WAIT).await?;
        let near = found
            .iter()
            .filter(|it| it.is_whole() && self.fits(it).is_ok());
        let near = near.filter_map(|it| {
            let far = named.distance(it.title.as_deref()?, it.artist.as_deref(), it.length)?;
            Some((far, it))
        });
        Ok(near.min_by_key(|(far, _)| *far).map(|(_, it)| it.track()))
    }

    /// The same song on the owner's music server. Some servers look for all words in the title alone,
    /// so they are asked for that, too.
    async fn on_server(&self, named: &Named) -> Option<Track> {
        for words in [named.words(), named.bare_title()] {
            let songs = self.search_server(&words, CANDIDATES).await;
            let near = songs.iter().filter_map(|it| {
                let far = named.distance(&it.title, it.artist.as_deref(), it.length)?;
                Some((far, it))
            });
            let Some((_, nearest)) = near.min_by_key(|(far, _)| *far) else {
                continue;
            };
            match self.from_server(&nearest.id).await {
                Ok(track) => return Some(track),
                Err(why) => tracing::debug!(%why, "not from the music server"),
            }
        }
        None
    }

    /// What the sites find for the words within the time. `typist` is who types them, if somebody is
    /// still typing. The error is that of a site, when none found anything.
    pub async fn search_sites(
        &self,
        words: &str,
        typist: Option<u64>,
        within: Duration,
    ) -> Result<Vec<SiteHit>, IntakeFailure> {
        let found = self.finder.find(words, typist, within).await?;
        let fitting = found.into_iter().filter(|it| self.fits(it).is_ok());
        let hits = fitting.filter_map(|it| {
            Some(SiteHit {
                token: token(&it.link),
                title: it.title?,
                link: it.link,
                artist: it.artist,
                length: it.length,
            })
        });
        Ok(hits.collect())
    }
}
