//! Sites such as `YouTube`, through yt-dlp, which the server's owner may have installed. It is run as
//! an errand: only the sites that are allowed, no configuration files, no cookies, no cache, `--`
//! before the link. Absent or broken it takes nothing else with it. What is played, and when, is for
//! others to know.

use super::errand::{Done, Errand, Undone};
use super::listing::{Listed, Listing};
use crate::audio::intake::IntakeFailure;
use crate::audio::progress::{Progress, Reporter};
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};
use time::macros::format_description;
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::{Instant, timeout};
use url::Url;

/// How long one errand may take: to say its version, to search, to look at a link, to look at every
/// track of a list, to fetch a track.
const VERSION_LIMIT: Duration = Duration::from_secs(20);
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
/// Results of one search.
const RESULTS: usize = 5;
/// Failures in a row after which it is left alone for a while, doubled up to the second figure.
const FAILURES_LIMIT: u32 = 3;
const FIRST_REST: Duration = Duration::from_secs(30);
const LONGEST_REST: Duration = Duration::from_mins(15);
/// What a fetched file is called, before its ending.
const FETCHED: &str = "sound";
/// What a line about progress begins with.
const PROGRESS: &str = "at ";

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

/// What the owner wants to know about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tool {
    /// It is switched off.
    Off,
    /// There is no such program.
    Absent,
    /// It does not work.
    Broken,
    /// Its version, and how old that is.
    Works {
        version: String,
        age: Option<Duration>,
    },
}

/// Asks sites. Clones share the health of the program.
#[derive(Clone, Debug)]
pub(in crate::audio) struct Site {
    config: Arc<SiteConfig>,
    environment: Arc<Vec<(OsString, OsString)>>,
    places: Arc<Semaphore>,
    health: Arc<Mutex<Health>>,
}

#[derive(Debug, Default)]
struct Health {
    failures: u32,
    rests_until: Option<Instant>,
}

impl Site {
    pub(in crate::audio) fn new(config: SiteConfig) -> Site {
        let path = config.path.clone().map(|path| ("PATH".into(), path));
        let fixed = [
            ("LC_ALL", "C.UTF-8"),
            ("PYTHONUTF8", "1"),
            ("PYTHONDONTWRITEBYTECODE", "1"),
        ];
        let fixed = fixed.map(|(name, value)| (name.into(), value.into()));
        Site {
            environment: Arc::new(fixed.into_iter().chain(path).collect()),
            config: Arc::new(config),
            places: Arc::new(Semaphore::new(ERRANDS_LIMIT)),
            health: Arc::default(),
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
        let Ok(url) = Url::parse(link) else {
            return false;
        };
        let host = url.host_str().unwrap_or_default();
        let at = |known: &&str| {
            let rest = host.strip_suffix(known);
            rest.is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
        };
        KNOWN
            .iter()
            .any(|(site, hosts, _)| self.allows(site) && hosts.iter().any(at))
    }

    /// Whether a page that is no file may be one of a site whose addresses only yt-dlp knows.
    pub(in crate::audio) fn may_know(&self) -> bool {
        let known = |site: &String| KNOWN.iter().any(|(name, ..)| name == site);
        self.is_on() && !self.config.sites.iter().all(known)
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
        let mut arguments = self.arguments(&["--flat-playlist", "--dump-single-json"]);
        arguments.push(link.into());
        let limits = (ASK_LIMIT, OUTPUT_LIMIT, SCRATCH_LIMIT);
        let said = self.errand(arguments, folder, limits, &mut |_| {}).await?;
        let listing = Listing::read(&said).ok_or_else(|| self.failed("it was not understood"))?;
        self.worked();
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
        let mut arguments = self.arguments(&["--ignore-errors", "--dump-json"]);
        arguments.push(link.into());
        let limits = (LIST_LIMIT, LIST_OUTPUT_LIMIT, SCRATCH_LIMIT);
        let mut entries = Vec::new();
        let mut read = |line: &str| {
            let said = serde_json::from_str(line).ok();
            entries.extend(said.as_ref().and_then(Listed::read));
            let done = entries.len();
            reporter.say(Progress::Listing { done, total });
        };
        // Some of a list may be gone, which makes it fail in the end.
        match self.errand(arguments, folder, limits, &mut read).await {
            Err(failure) if entries.is_empty() => Err(failure),
            Ok(_) | Err(_) => Ok(entries),
        }
    }

    /// What one site finds for the words; `search` is its word for that.
    pub(in crate::audio) async fn search(
        &self,
        search: &str,
        words: &str,
        folder: &Path,
    ) -> Result<Vec<Listed>, IntakeFailure> {
        let mut arguments = self.arguments(&["--flat-playlist", "--dump-single-json"]);
        arguments.push(format!("{search}{RESULTS}:{words}").into());
        let limits = (SEARCH_LIMIT, OUTPUT_LIMIT, SCRATCH_LIMIT);
        let said = self.errand(arguments, folder, limits, &mut |_| {}).await?;
        let Some(Listing::Many { entries, .. }) = Listing::read(&said) else {
            return Err(self.failed("a search was not understood"));
        };
        self.worked();
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
        let (limit, name) = (size_limit.to_string(), format!("{FETCHED}.%(ext)s"));
        let template = format!(
            "download:{PROGRESS}%(progress.downloaded_bytes)s \
             %(progress.total_bytes,progress.total_bytes_estimate)s"
        );
        let mut arguments = self.arguments(&[
            "--quiet",
            "--progress",
            "--newline",
            "--progress-template",
            &template,
            "--format",
            "bestaudio/best",
            "--max-filesize",
            &limit,
            "--match-filters",
            "!is_live",
            "--fixup",
            "never",
            "--no-part",
            "--no-mtime",
            "--output",
            &name,
        ]);
        arguments.push(link.into());
        let limits = (FETCH_LIMIT, OUTPUT_LIMIT, size_limit);
        let mut report = |line: &str| {
            if let Some(progress) = fetching(line) {
                reporter.say(progress);
            }
        };
        reporter.say(Progress::Asking);
        self.errand(arguments, folder, limits, &mut report).await?;
        let file = fetched_file(folder).await?;
        // Too large or live is no error to it: it fetches nothing.
        let file = file.ok_or(IntakeFailure::TooLarge { limit: size_limit })?;
        self.worked();
        Ok(file)
    }

    /// Which version there is.
    pub(in crate::audio) async fn tool(&self, folder: &Path) -> Tool {
        let Some(program) = self.config.program.as_deref().filter(|_| self.is_on()) else {
            return Tool::Off;
        };
        let errand = Errand {
            program,
            arguments: vec!["--ignore-config".into(), "--version".into()],
            environment: &self.environment,
            folder,
            time_limit: VERSION_LIMIT,
            output_limit: 1_000,
            disk_limit: SCRATCH_LIMIT,
        };
        match errand.run(&mut |_| {}).await {
            Ok(Done {
                success: true,
                output,
                ..
            }) => {
                let version = String::from_utf8_lossy(&output).trim().to_owned();
                match crate::audio::clean::cleaned(&version) {
                    Some(version) => Tool::Works {
                        age: age(&version, (self.config.clock)()),
                        version,
                    },
                    None => Tool::Broken,
                }
            }
            Err(Undone::Absent) => Tool::Absent,
            Ok(_) | Err(_) => Tool::Broken,
        }
    }

    /// The arguments that every errand has, these, and the `--` before the link.
    fn arguments(&self, these: &[&str]) -> Vec<OsString> {
        let sites: Vec<String> = self
            .config
            .sites
            .iter()
            .map(|site| format!("{site}(:.+)?"))
            .collect();
        let (sites, items) = (sites.join(","), format!(":{LIST_SIZE_LIMIT}"));
        let always = [
            "--ignore-config",
            "--no-plugin-dirs",
            "--no-remote-components",
            "--no-cache-dir",
            "--no-update",
            "--no-cookies",
            "--no-exec",
            "--no-cookies-from-browser",
            "--no-mark-watched",
            "--no-playlist",
            "--color",
            "never",
            "--no-warnings",
            "--socket-timeout",
            "10",
            "--retries",
            "2",
            "--extractor-retries",
            "1",
            "--playlist-items",
            &items,
            "--use-extractors",
            &sites,
        ];
        let all = always.iter().chain(these).chain(&["--"]);
        all.map(OsString::from).collect()
    }

    /// Runs it, and says what its failure means. Answers what it printed.
    async fn errand(
        &self,
        arguments: Vec<OsString>,
        folder: &Path,
        (time_limit, output_limit, disk_limit): (Duration, usize, u64),
        on_line: &mut (dyn FnMut(&str) + Send),
    ) -> Result<Vec<u8>, IntakeFailure> {
        let program = self.config.program.as_deref().filter(|_| self.is_on());
        let program = program.ok_or(IntakeFailure::NotSetUp)?;
        if self.rests() {
            return Err(IntakeFailure::SourceDown);
        }
        let _place = self.place().await?;
        let errand = Errand {
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
            Ok(Done { complaint, .. }) => Err(self.meant(&complaint)),
            Err(Undone::Absent) => Err(IntakeFailure::NotSetUp),
            Err(Undone::TooLarge) => Err(IntakeFailure::TooLarge { limit: disk_limit }),
            Err(undone) => Err(self.failed(&undone.to_string())),
        }
    }

    async fn place(&self) -> Result<SemaphorePermit<'_>, IntakeFailure> {
        match timeout(PLACE_WAIT, self.places.acquire()).await {
            Ok(Ok(place)) => Ok(place),
            Ok(Err(_)) | Err(_) => Err(IntakeFailure::Busy),
        }
    }

    fn health(&self) -> MutexGuard<'_, Health> {
        self.health.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn rests(&self) -> bool {
        let now = Instant::now();
        self.health().rests_until.is_some_and(|until| now < until)
    }

    fn worked(&self) {
        *self.health() = Health::default();
    }

    /// It is the program, or the site as a whole, that does not work.
    fn failed(&self, why: &str) -> IntakeFailure {
        let mut health = self.health();
        health.failures += 1;
        tracing::warn!(why, failures = health.failures, "yt-dlp failed");
        if let Some(beyond) = health.failures.checked_sub(FAILURES_LIMIT) {
            let rest = FIRST_REST.saturating_mul(2_u32.saturating_pow(beyond));
            health.rests_until = Some(Instant::now() + rest.min(LONGEST_REST));
        }
        IntakeFailure::SourceDown
    }

    fn meant(&self, complaint: &str) -> IntakeFailure {
        let said = complaint.to_lowercase();
        let says = |words: &[&str]| words.iter().any(|word| said.contains(word));
        if says(&[
            "no suitable extractor",
            "unsupported url",
            "is not a valid url",
        ]) {
            IntakeFailure::NotSound
        } else if says(&[
            "429",
            "not a bot",
            "unable to download api page",
            "please report this issue",
        ]) {
            self.failed("a site did not let it in")
        } else if says(&[
            "unavailable",
            "private",
            "not found",
            "404",
            "removed",
            "does not exist",
            "deleted",
        ]) {
            IntakeFailure::NotFound
        } else if said.contains("error:") {
            IntakeFailure::Unreachable("the site does not give it".to_owned())
        } else {
            self.failed("it ended without a reason")
        }
    }
}

/// `at 1024 4096`; a figure that is not known is `NA`.
fn fetching(line: &str) -> Option<Progress> {
    let (done, total) = line.strip_prefix(PROGRESS)?.split_once(' ')?;
    // An estimate has a fraction.
    let whole = |text: &str| text.split('.').next()?.parse().ok();
    let done = whole(done)?;
    Some(Progress::Fetching {
        done,
        total: whole(total),
    })
}

async fn fetched_file(folder: &Path) -> std::io::Result<Option<PathBuf>> {
    let mut entries = tokio::fs::read_dir(folder).await?;
    while let Some(entry) = entries.next_entry().await? {
        let name = entry.file_name();
        let is_file = entry.file_type().await?.is_file();
        if is_file && name.to_string_lossy().starts_with(FETCHED) {
            return Ok(Some(entry.path()));
        }
    }
    Ok(None)
}

/// A version is the day it was made: `2026.10.26`, or more after that.
fn age(version: &str, now: SystemTime) -> Option<Duration> {
    let day = version.get(..10)?;
    let made = time::Date::parse(day, format_description!("[year].[month].[day]")).ok()?;
    let made = SystemTime::from(made.midnight().assume_utc());
    now.duration_since(made).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site(sites: &[&str]) -> Site {
        Site::new(SiteConfig {
            program: Some("/no/yt-dlp".into()),
            sites: sites.iter().map(ToString::to_string).collect(),
            path: None,
            clock: || SystemTime::UNIX_EPOCH,
        })
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

    #[test]
    fn the_link_is_never_taken_for_an_option() {
        let arguments = site(&["youtube"]).arguments(&["--dump-json"]);
        assert_eq!(arguments.last(), Some(&"--".into()));
        assert!(arguments.contains(&"youtube(:.+)?".into()));
    }

    #[test]
    fn a_version_is_as_old_as_its_day() {
        let now = SystemTime::UNIX_EPOCH + Duration::from_hours(498_072);
        assert_eq!(age("2026.10.26", now), Some(Duration::from_hours(24)));
        assert_eq!(
            age("2026.10.26.232828", now),
            Some(Duration::from_hours(24))
        );
        assert_eq!(age("2030.01.01", now), None);
        assert_eq!(age("new", now), None);
    }

    #[test]
    fn lines_about_progress_are_read() {
        let known = Progress::Fetching {
            done: 10,
            total: Some(40),
        };
        assert_eq!(fetching("at 10 40.7"), Some(known));
        assert_eq!(
            fetching("at 10 NA"),
            Some(Progress::Fetching {
                done: 10,
                total: None
            })
        );
        assert_eq!(fetching("[download] 10"), None);
    }

    #[test]
    fn complaints_are_told_apart() {
        let site = site(&["youtube"]);
        let meant = |text: &str| site.meant(text);
        assert!(matches!(
            meant("ERROR: No suitable extractor found for URL https://example.com/a"),
            IntakeFailure::NotSound
        ));
        assert!(matches!(
            meant("ERROR: [youtube] x: Video unavailable. This video is private"),
            IntakeFailure::NotFound
        ));
        assert!(matches!(
            meant("ERROR: [youtube] x: Join this channel to get access"),
            IntakeFailure::Unreachable(_)
        ));
        assert!(!site.rests());
        for _ in 0..FAILURES_LIMIT {
            assert!(matches!(
                meant("Traceback (most recent call last):"),
                IntakeFailure::SourceDown
            ));
        }
        assert!(site.rests(), "after so many failures it is left alone");
    }
}
