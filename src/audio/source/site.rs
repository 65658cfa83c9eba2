//! Sites such as `YouTube`, through yt-dlp, which the server's owner may have installed. It is run as
//! an errand: only the sites that are allowed, no configuration files, no cookies, no cache, `--`
//! before the link. Absent or broken it takes nothing else with it. What is played, and when, is for
//! others to know.

mod health;
mod orders;
mod tool;

pub use tool::Tool;

use super::errand::{Done, Errand, Undone};
use super::listing::{Listed, Listing};
use crate::audio::intake::IntakeFailure;
use crate::audio::progress::{Progress, Reporter};
use health::{About, Health};
use orders::Orders;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::timeout;
use tool::Versions;
use url::Url;

/// How long one errand may take: to search, to look at a link, to look at every
/// track of a list, to fetch a track.
const SEARCH_LIMIT: Duration = Duration::from_secs(12);
const ASK_LIMIT: Duration = Duration::from_secs(40);
const LIST_LIMIT: Duration = Duration::from_mins(3);
const FETCH_LIMIT: Duration = Duration::from_mins(5);
/// What is known of one track is up to a megabyte.
const OUTPUT_LIMIT: usize = 8 * 1024 * 1024;
const LIST_OUTPUT_LIMIT: usize = 64 * 1024 * 1024;
/// What an errand that fetches nothing may leave on the disk.
const SCRATCH_LIMIT: u64 = 64 * 1024 * 1024;
/// Errands at a time, and how long one waits for a place among them.
const ERRANDS_LIMIT: usize = 4;
const PLACE_WAIT: Duration = Duration::from_secs(20);
/// Tracks that are taken of a list.
pub(in crate::audio) const LIST_SIZE_LIMIT: usize = 50;

/// Hosts of the sites that are known by name, and their word for a search.
const KNOWN: &[(&str, &[&str], Option<&str>)] = &[
    ("youtube", &["youtube.com", "youtu.be"], Some("ytsearch")),
    (
        "soundcloud",
        &["soundcloud.com", "snd.sc"],
        Some("scsearch"),
    ),
    ("bandcamp", &["bandcamp.com"], None),
];

/// What the owner has set.
#[derive(Clone, Debug)]
pub struct SiteConfig {
    /// yt-dlp: a path, or a name that is looked for on the search path. `None` is none.
    pub program: Option<PathBuf>,
    /// Names of the sites, as yt-dlp calls them, lower case.
    pub sites: Vec<String>,
    /// The search path, which is all of our environment that it gets.
    pub path: Option<OsString>,
    pub clock: fn() -> SystemTime,
}

impl Default for SiteConfig {
    /// None is asked.
    fn default() -> SiteConfig {
        SiteConfig {
            program: None,
            sites: Vec::new(),
            path: None,
            clock: || SystemTime::UNIX_EPOCH,
        }
    }
}

/// Asks sites. Clones share the health of the program.
#[derive(Clone, Debug)]
pub(in crate::audio) struct Site {
    config: Arc<SiteConfig>,
    environment: Arc<Vec<(OsString, OsString)>>,
    orders: Arc<Orders>,
    /// Our own program, which ends what was started.
    keeper: Arc<PathBuf>,
    places: Arc<Semaphore>,
    health: Health,
    versions: Versions,
}

impl Site {
    /// `keeper` is our own program.
    pub(in crate::audio) fn new(config: SiteConfig, keeper: PathBuf) -> Site {
        let path = config.path.clone().map(|path| ("PATH".into(), path));
        let fixed = [
            ("LC_ALL", "C.UTF-8"),
            ("PYTHONUTF8", "1"),
            ("PYTHONDONTWRITEBYTECODE", "1"),
        ];
        let fixed = fixed.map(|(name, value)| (name.into(), value.into()));
        Site {
            environment: Arc::new(fixed.into_iter().chain(path).collect()),
            orders: Arc::new(Orders::to(&config.sites)),
            config: Arc::new(config),
            keeper: Arc::new(keeper),
            places: Arc::new(Semaphore::new(ERRANDS_LIMIT)),
            health: Health::default(),
            versions: Versions::default(),
        }
    }

    pub(in crate::audio) fn is_on(&self) -> bool {
        self.config.program.is_some() && !self.config.sites.is_empty()
    }

    fn allows(&self, site: &str) -> bool {
        self.config.sites.iter().any(|it| it == site)
    }

    /// Whether the link leads to a site that is asked.
    pub(in crate::audio) fn knows(&self, link: &str) -> bool {
        known(link).is_some_and(|site| self.allows(site))
    }

    /// Whether a page that is no file may be one of a site whose addresses only yt-dlp knows.
    pub(in crate::audio) fn may_know(&self) -> bool {
        let is_known = |site: &String| KNOWN.iter().any(|(name, ..)| name == site);
        self.is_on() && !self.config.sites.iter().all(is_known)
    }

    /// The words for searches on the sites that can be searched.
    pub(in crate::audio) fn searches(&self) -> Vec<&'static str> {
        let allowed = KNOWN
            .iter()
            .filter(|(site, ..)| self.is_on() && self.allows(site));
        allowed.filter_map(|(_, _, search)| *search).collect()
    }

    /// What a link leads to: a track, or up to [`LIST_SIZE_LIMIT`] of a list.
    pub(in crate::audio) async fn ask(
        &self,
        link: &str,
        folder: &Path,
        reporter: &Reporter,
    ) -> Result<Listing, IntakeFailure> {
        reporter.say(Progress::Asking);
        let (about, order) = (About::link(link), self.orders.look(link));
        let limits = (ASK_LIMIT, OUTPUT_LIMIT, SCRATCH_LIMIT);
        let mut ignored = |_: &str| {};
        let said = self.errand((about, order), folder, limits, &mut ignored);
        let listing = Listing::read(&said.await?);
        let misunderstood = || self.health.failed(about, "it was not understood");
        let listing = listing.ok_or_else(misunderstood)?;
        self.health.worked(about.site);
        match listing {
            Listing::Many {
                entries,
                count,
                title,
            } if !entries.iter().all(Listed::is_whole) => {
                let whole = self
                    .ask_for_each(link, folder, reporter, entries.len())
                    .await?;
                let entries = if whole.len() < entries.len() / 2 {
                    entries
                } else {
                    whole
                };
                Ok(Listing::Many {
                    title,
                    entries,
                    count,
                })
            }
            listing => Ok(listing),
        }
    }

    /// Looks at every track of a list whose own listing says too little.
    async fn ask_for_each(
        &self,
        link: &str,
        folder: &Path,
        reporter: &Reporter,
        total: usize,
    ) -> Result<Vec<Listed>, IntakeFailure> {
        let order = (About::link(link), self.orders.look_at_each(link));
        let limits = (LIST_LIMIT, LIST_OUTPUT_LIMIT, SCRATCH_LIMIT);
        let mut entries = Vec::new();
        let mut read = |line: &str| {
            let said = serde_json::from_str(line).ok();
            entries.extend(said.as_ref().and_then(Listed::read));
            let done = entries.len();
            reporter.say(Progress::Listing { done, total });
        };
        // Some of a list may be gone, which makes it fail in the end.
        match self.errand(order, folder, limits, &mut read).await {
            Err(failure) if entries.is_empty() => Err(failure),
            Ok(_) | Err(_) => Ok(entries),
        }
    }

    /// What one site finds for the words; `search` is its word for that.
    pub(in crate::audio) async fn search(
        &self,
        search: &'static str,
        words: &str,
        folder: &Path,
    ) -> Result<Vec<Listed>, IntakeFailure> {
        let site = search;
        let about = About { site, what: words };
        let order = (about, self.orders.search(search, words));
        let limits = (SEARCH_LIMIT, OUTPUT_LIMIT, SCRATCH_LIMIT);
        let said = self.errand(order, folder, limits, &mut |_| {}).await?;
        let Some(Listing::Many { entries, .. }) = Listing::read(&said) else {
            return Err(self.health.failed(about, "a search was not understood"));
        };
        self.health.worked(site);
        let playable = |it: &Listed| !it.live && it.title.is_some();
        Ok(entries.into_iter().filter(playable).collect())
    }

    /// Fetches the sound of a track into the folder, at most `size_limit` bytes. Answers the file.
    pub(in crate::audio) async fn fetch(
        &self,
        link: &str,
        folder: &Path,
        size_limit: u64,
        reporter: &Reporter,
    ) -> Result<PathBuf, IntakeFailure> {
        let about = About::link(link);
        let order = (about, self.orders.fetch(link, size_limit));
        let limits = (FETCH_LIMIT, OUTPUT_LIMIT, size_limit);
        let mut report = |line: &str| {
            if let Some(progress) = orders::progress(line) {
                reporter.say(progress);
            }
        };
        reporter.say(Progress::Asking);
        self.errand(order, folder, limits, &mut report).await?;
        let file = fetched_file(folder).await?;
        // Too large or live is no error to it: it fetches nothing.
        let file = file.ok_or(IntakeFailure::TooLarge { limit: size_limit })?;
        self.health.worked(about.site);
        Ok(file)
    }

    /// Which version there is. It is asked at most once in a while, unless its file has changed.
    pub(in crate::audio) async fn tool(&self, folder: &Path) -> Tool {
        let Some(program) = self.config.program.as_deref().filter(|_| self.is_on()) else {
            return Tool::Off;
        };
        let errand = Errand {
            keeper: &self.keeper,
            program,
            arguments: Orders::version(),
            environment: &self.environment,
            folder,
            time_limit: tool::VERSION_LIMIT,
            output_limit: tool::VERSION_SIZE_LIMIT,
            disk_limit: SCRATCH_LIMIT,
        };
        let path = self.config.path.as_deref();
        let now = (self.config.clock)();
        self.versions.ask((program, path), errand, now).await
    }

    /// Runs it, and says what its failure means. Answers what it printed.
    async fn errand(
        &self,
        (about, arguments): (About<'_>, Vec<OsString>),
        folder: &Path,
        (time_limit, output_limit, disk_limit): (Duration, usize, u64),
        on_line: &mut (dyn FnMut(&str) + Send),
    ) -> Result<Vec<u8>, IntakeFailure> {
        let program = self.config.program.as_deref().filter(|_| self.is_on());
        let program = program.ok_or(IntakeFailure::NotSetUp)?;
        if self.health.rests(about.site) {
            return Err(IntakeFailure::SourceDown);
        }
        let _place = self.place().await?;
        let errand = Errand {
            keeper: &self.keeper,
            program,
            arguments,
            environment: &self.environment,
            folder,
            time_limit,
            output_limit,
            disk_limit,
        };
        match errand.run(on_line).await {
            Ok(Done {
                success: true,
                output,
                ..
            }) => Ok(output),
            Ok(Done { complaint, .. }) => Err(self.health.meant(about, &complaint)),
            Err(Undone::Absent) => Err(IntakeFailure::NotSetUp),
            Err(Undone::TooLarge) => Err(IntakeFailure::TooLarge { limit: disk_limit }),
            Err(undone) => Err(self.health.failed(about, &undone.to_string())),
        }
    }

    async fn place(&self) -> Result<SemaphorePermit<'_>, IntakeFailure> {
        match timeout(PLACE_WAIT, self.places.acquire()).await {
            Ok(Ok(place)) => Ok(place),
            Ok(Err(_)) | Err(_) => Err(IntakeFailure::Busy),
        }
    }
}

impl<'a> About<'a> {
    fn link(what: &'a str) -> About<'a> {
        let site = known(what).unwrap_or("others");
        About { site, what }
    }
}

/// The site of a link, if it is one that is known by name.
fn known(link: &str) -> Option<&'static str> {
    let url = Url::parse(link).ok()?;
    let host = url.host_str()?;
    let at = |known: &&str| {
        let rest = host.strip_suffix(known);
        rest.is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    };
    let mut sites = KNOWN.iter();
    sites.find_map(|(site, hosts, _)| hosts.iter().any(at).then_some(*site))
}

async fn fetched_file(folder: &Path) -> std::io::Result<Option<PathBuf>> {
    let mut entries = tokio::fs::read_dir(folder).await?;
    while let Some(entry) = entries.next_entry().await? {
        let name = entry.file_name();
        let is_file = entry.file_type().await?.is_file();
        if is_file && name.to_string_lossy().starts_with(orders::FETCHED) {
            return Ok(Some(entry.path()));
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site(sites: &[&str]) -> Site {
        let config = SiteConfig {
            program: Some("/no/yt-dlp".into()),
            sites: sites.iter().map(ToString::to_string).collect(),
            path: None,
            clock: || SystemTime::UNIX_EPOCH,
        };
        Site::new(config, "/no/rondo".into())
    }

    #[test]
    fn links_of_the_allowed_sites_are_known_by_their_host() {
        let site = site(&["youtube", "bandcamp"]);
        for link in [
            "https://www.youtube.com/watch?v=1",
            "https://youtu.be/1",
            "https://music.youtube.com/playlist?list=1",
            "https://ana.bandcamp.com/track/song",
        ] {
            assert!(site.knows(link), "{link}");
        }
        for link in [
            "https://soundcloud.com/a/b",
            "https://notyoutube.com/1",
            "https://youtube.com.evil.example/1",
            "song",
        ] {
            assert!(!site.knows(link), "{link}");
        }
        assert_eq!(site.searches(), ["ytsearch"]);
        assert!(!site.may_know());
    }
}
