//! From what a member names to a track that can be played: fetched whole, inspected, stored under
//! the hash of its content. What cannot be played is refused here, with the reason.

mod address;
mod server;
mod shelf;

pub use address::{Given, SiteHit};

use super::clean::{cleaned, title_from_name};
use super::examiner::Examiner;
use super::fetch::Fetcher;
use super::gate::{Gate, Pass};
use super::inspect::{Cover, Inspected, Unplayable};
use super::library::{Library, LibraryHit};
use super::one_by_one::OneByOne;
use super::place::Places;
use super::progress::{Progress, Reporter};
use super::room::{COVER, LIBRARY_INDEX, Room, note_use};
use super::source::elsewhere::{Elsewhere, Named, Service};
use super::source::finder::Finder;
use super::source::radio::{self, Look};
use super::source::scratch::{PARTIAL, Scratches};
use super::source::site::{Site, SiteConfig, Tool};
use super::source::subsonic::{Subsonic, SubsonicConfig};
use super::source::{Far, Sources};
use crate::domain::ids::GuildId;
use crate::domain::track::{MediaRef, Origin, Track, TrackKey};
use sha2::{Digest, Sha256};
use shelf::Shelf;
use std::collections::{BTreeSet, HashSet};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};
use tokio::sync::watch;
use tokio::time::interval;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use url::Url;

/// How often it is said how much of a file has come.
const REPORT_EVERY: Duration = Duration::from_millis(500);

/// What the intake needs to know.
#[derive(Clone, Debug)]
pub struct IntakeConfig {
    pub places: Places,
    /// Hosts that may have any address: that of an API that is not Discord's own, and those that
    /// the owner allows.
    pub trusted_hosts: BTreeSet<String>,
    /// Largest file, in bytes.
    pub size_limit: u64,
    /// What the files in the media folder take together, in bytes.
    pub room_limit: u64,
    /// Longest track.
    pub length_limit: Duration,
    pub site: SiteConfig,
    pub elsewhere: Elsewhere,
    /// The owner's music server, if there is one.
    pub server: Option<SubsonicConfig>,
    /// This program, which looks into files as a process of its own.
    pub program: PathBuf,
}

/// Why there is no track.
#[derive(Debug, thiserror::Error)]
pub enum IntakeFailure {
    #[error("there is nothing at that address")]
    NotFound,
    #[error("its server does not give it: {0}")]
    Unreachable(String),
    #[error("the address is not a public http(s) address")]
    NotAllowed,
    #[error("it is larger than {limit} bytes")]
    TooLarge { limit: u64 },
    #[error("it is encrypted")]
    Protected,
    #[error("the server refuses the name and password it was given")]
    SourceRefuses,
    #[error("it is longer than {limit:?}")]
    TooLong { limit: Duration },
    #[error("it is not a single track")]
    NotATrack,
    #[error("{} plays nothing to others, and {} was not found elsewhere", service.name(), named.title)]
    NotElsewhere { service: Service, named: Named },
    #[error("the program that asks sites does not work at the moment")]
    SourceDown,
    #[error("it is no audio file of a known kind")]
    NotSound,
    #[error("it is damaged")]
    Broken,
    #[error("there is no sound in it")]
    Empty,
    #[error("too much is being fetched at the moment")]
    Busy,
    #[error("what would fetch it is not set up")]
    NotSetUp,
    #[error("it is live: there is no file of it")]
    Live,
    #[error("there is no room on the disk")]
    NoRoom,
    #[error("the disk: {0}")]
    Disk(#[from] std::io::Error),
}

impl From<Unplayable> for IntakeFailure {
    fn from(why: Unplayable) -> Self {
        match why {
            Unplayable::NotSound => IntakeFailure::NotSound,
            Unplayable::Broken => IntakeFailure::Broken,
            Unplayable::Empty => IntakeFailure::Empty,
        }
    }
}

/// Takes tracks in. Clones share the work.
#[derive(Clone, Debug)]
pub struct Intake {
    config: Arc<IntakeConfig>,
    fetcher: Fetcher,
    examiner: Examiner,
    sources: Sources,
    site: Site,
    finder: Finder,
    server: Option<Subsonic>,
    scratches: Scratches,
    room: Room,
    library: Library,
    shelf: Shelf,
    gate: Gate,
    partials: Arc<AtomicU64>,
    tasks: TaskTracker,
}

/// A file that is removed when it goes out of scope without having been moved away.
struct Partial(PathBuf);

impl Drop for Partial {
    fn drop(&mut self) {
        // It is gone when it has become a track.
        let _moved_away = std::fs::remove_file(&self.0);
    }
}

impl Intake {
    /// Makes the media folder, removes what an earlier run left half fetched, and starts looking
    /// through the library.
    pub fn new(
        config: IntakeConfig,
        tasks: &TaskTracker,
        stop: &CancellationToken,
    ) -> std::io::Result<Intake> {
        let dir = &config.places.media_dir;
        std::fs::create_dir_all(dir)?;
        for entry in std::fs::read_dir(dir)? {
            let entry = entry?;
            if !entry.file_name().to_string_lossy().starts_with(PARTIAL) {
                continue;
            }
            if entry.file_type()?.is_dir() {
                std::fs::remove_dir_all(entry.path())?;
            } else {
                std::fs::remove_file(entry.path())?;
            }
        }
        let fetcher = Fetcher::new(&config.trusted_hosts).map_err(std::io::Error::other)?;
        let examiner = Examiner::new(config.program.clone());
        let library_dir = config.places.library_dir.clone();
        let memory = library_dir.is_some().then(|| dir.join(LIBRARY_INDEX));
        let library = Library::start((library_dir, memory), examiner.clone(), tasks, stop);
        let site = Site::new(config.site.clone(), config.program.clone());
        let gate = Gate::new();
        let scratches = Scratches::within(config.places.media_dir.clone());
        let room = Room::new(config.places.media_dir.clone(), config.room_limit);
        let finder = Finder::new(site.clone(), scratches.clone(), tasks.clone(), stop.clone());
        let server = server::greeted(config.server.clone(), tasks)?;
        let far = Far {
            site: site.clone(),
            server: server.clone(),
            radio: fetcher.clone(),
            examiner: examiner.clone(),
            gate: gate.clone(),
            scratches: scratches.clone(),
            room: room.clone(),
            size_limit: config.size_limit,
            length_limit: config.length_limit,
            clock: config.site.clock,
            under_way: OneByOne::default(),
        };
        let sources = Sources::reaching(config.places.clone(), far);
        Ok(Intake {
            config: Arc::new(config),
            fetcher,
            examiner,
            sources,
            site,
            finder,
            server,
            scratches,
            room,
            library,
            shelf: Shelf::new(),
            gate,
            partials: Arc::default(),
            tasks: tasks.clone(),
        })
    }

    /// A file attached to a command. `size` is what Discord says, in bytes.
    pub async fn from_attachment(
        &self,
        url: &str,
        name: &str,
        size: u64,
    ) -> Result<Track, IntakeFailure> {
        self.attachment_for((url, name, size), &Reporter::default())
            .await
    }

    /// The same, for somebody who wants to know how far it has come.
    pub async fn attachment_for(
        &self,
        (url, name, size): (&str, &str, u64),
        reporter: &Reporter,
    ) -> Result<Track, IntakeFailure> {
        let limit = self.config.size_limit;
        if size > limit {
            return Err(IntakeFailure::TooLarge { limit });
        }
        let named = (title_from_name(name), Origin::Attachment);
        self.fetched(url, named, Some(size), reporter).await
    }

    /// An http(s) link to an audio file.
    pub async fn from_link(&self, link: &str) -> Result<Track, IntakeFailure> {
        self.link_for(link, &Reporter::default()).await
    }

    async fn link_for(&self, link: &str, reporter: &Reporter) -> Result<Track, IntakeFailure> {
        let title =
            Url::parse(link).map_or_else(|_| String::new(), |url| title_from_name(url.path()));
        if let Look::Live(station) = radio::look(&self.fetcher, link).await? {
            return Ok(station.track(link));
        }
        let mut track = self
            .fetched(link, (title, Origin::Link), None, reporter)
            .await?;
        track.link = Some(link.to_owned());
        Ok(track)
    }

    /// For a guild that has something taken in: at most two things at a time.
    pub async fn enter(&self, guild: GuildId) -> Result<Pass, IntakeFailure> {
        self.gate.enter(guild).await
    }

    /// What there is to ask sites with.
    pub async fn tool(&self) -> Tool {
        match self.scratches.folder() {
            Ok(folder) => self.site.tool(folder.path()).await,
            Err(_) => Tool::Broken,
        }
    }

    /// Pieces of the library that hold every word, the closest first.
    pub fn search_library(&self, words: &str, limit: usize) -> Vec<LibraryHit> {
        self.library.search(words, limit)
    }

    /// Where sound lies on the disk.
    pub fn places(&self) -> &Places {
        &self.config.places
    }

    /// Where the sound of tracks comes from.
    pub fn sources(&self) -> &Sources {
        &self.sources
    }

    /// Removes files that nobody refers to any more, and others if there is no room. Blocks. Answers
    /// how many went.
    pub fn collect(&self, in_use: &HashSet<MediaRef>, now: SystemTime) -> std::io::Result<usize> {
        self.room.collect(in_use, now)
    }

    /// Changes when somebody wants that files go now.
    pub fn room_wanted(&self) -> watch::Receiver<u64> {
        self.room.wanted()
    }

    /// Whether there was no room for what members want to play, for who wants to know when that
    /// changes.
    pub fn fullness(&self) -> watch::Receiver<bool> {
        self.room.fullness()
    }

    async fn fetched(
        &self,
        link: &str,
        (title, origin): (String, Origin),
        size: Option<u64>,
        reporter: &Reporter,
    ) -> Result<Track, IntakeFailure> {
        let (partial, picture) = (self.partial(), self.partial());
        let fetching = self.fetcher.fetch(link, &partial.0, self.config.size_limit);
        let fetching = watched(fetching, (&partial.0, size), reporter);
        self.room.hold(fetching).await?;
        reporter.say(Progress::Looking);
        let _place = self.gate.work().await?;
        let examined = self.examiner.examine(&partial.0, Some(&picture.0)).await?;
        let (inspected, intake) = (examined?, self.clone());
        let limit = self.config.length_limit;
        if inspected.length > limit {
            return Err(IntakeFailure::TooLong { limit });
        }
        blocking(move || intake.stored(&partial, inspected, (title, origin))).await
    }

    /// A name for a file that is on its way.
    fn partial(&self) -> Partial {
        let number = self.partials.fetch_add(1, Ordering::Relaxed);
        let name = format!("{PARTIAL}{number}");
        Partial(self.config.places.media_dir.join(name))
    }

    /// Gives what was fetched its place. Blocks.
    fn stored(
        &self,
        partial: &Partial,
        inspected: Inspected,
        (title, origin): (String, Origin),
    ) -> Result<Track, IntakeFailure> {
        let key = key_of(&partial.0)?;
        let hash = key.0.rsplit(':').next().unwrap_or_default();
        let name = format!("{hash}.{}", inspected.extension);
        // On the disk before anybody is told that it is there.
        std::fs::File::open(&partial.0)?.sync_all()?;
        std::fs::rename(&partial.0, self.config.places.media_dir.join(&name))?;
        let cover = inspected
            .cover
            .as_ref()
            .and_then(|cover| self.keep_cover(cover).ok());
        Ok(track(
            key,
            inspected,
            (title, origin),
            Places::in_media(&name),
            cover,
        ))
    }

    /// Answers the name of the picture's file in the media folder.
    fn keep_cover(&self, cover: &Cover) -> std::io::Result<String> {
        let hash = hex(&Sha256::digest(&cover.bytes));
        let name = format!("{COVER}{hash}.{}", cover.extension);
        let path = self.config.places.media_dir.join(&name);
        if path.exists() {
            note_use(&path, (self.config.site.clock)())?;
        } else {
            let partial = self.partial();
            std::fs::write(&partial.0, &cover.bytes)?;
            std::fs::rename(&partial.0, path)?;
        }
        Ok(name)
    }
}

fn track(
    key: TrackKey,
    inspected: Inspected,
    (title, origin): (String, Origin),
    media: MediaRef,
    cover: Option<String>,
) -> Track {
    let title = inspected
        .title
        .or_else(|| cleaned(&title))
        .unwrap_or_else(|| "?".to_owned());
    let Inspected {
        artist,
        album,
        length,
        gain_tenths,
        ..
    } = inspected;
    Track {
        key,
        title,
        artist,
        album,
        length,
        origin,
        media,
        link: None,
        cover,
        gain_tenths,
        live: false,
    }
}

/// Says how much of the file has come while it is fetched.
async fn watched<T>(
    fetching: impl Future<Output = T>,
    (file, total): (&Path, Option<u64>),
    reporter: &Reporter,
) -> T {
    let mut fetching = std::pin::pin!(fetching);
    let mut every = interval(REPORT_EVERY);
    loop {
        tokio::select! {
            fetched = &mut fetching => return fetched,
            _ = every.tick() => {
                let facts = tokio::fs::metadata(file).await;
                let done = facts.map_or(0, |facts| facts.len());
                reporter.say(Progress::Fetching { done, total });
            }
        }
    }
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, IntakeFailure> + Send + 'static,
) -> Result<T, IntakeFailure> {
    tokio::task::spawn_blocking(work)
        .await
        .unwrap_or(Err(IntakeFailure::Broken))
}

/// Hexadecimal.
pub(super) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::new(), |mut hex, byte| {
        // Writing to a string does not fail.
        let _written = write!(hex, "{byte:02x}");
        hex
    })
}

/// What makes the file the same track wherever it comes from.
fn key_of(path: &Path) -> std::io::Result<TrackKey> {
    const PIECE: usize = 256 * 1024;
    let mut file = std::fs::File::open(path)?;
    let mut digest = Sha256::new();
    let mut piece = vec![0; PIECE];
    loop {
        let count = file.read(&mut piece)?;
        let Some(read) = piece.get(..count).filter(|read| !read.is_empty()) else {
            break;
        };
        digest.update(read);
    }
    Ok(TrackKey(format!("sha256:{}", hex(&digest.finalize()))))
}
