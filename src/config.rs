//! The settings of the process, read once from flags, the environment and `.env`; the only reader
//! of the environment. What a guild can set is elsewhere, in `domain::settings`.

use clap::{Parser, Subcommand};
use std::ffi::OsString;
use std::fmt;
use std::path::PathBuf;
use url::Url;

/// A setting that must never be printed or logged.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(secret)")
    }
}

impl std::str::FromStr for Secret {
    type Err = std::convert::Infallible;
    fn from_str(text: &str) -> Result<Secret, Self::Err> {
        Ok(Secret(text.trim().to_owned()))
    }
}

/// The program that asks sites, the word for none, and the sites.
const YTDLP: &str = "yt-dlp";
const OFF: &str = "off";
const SITES: &str = "youtube,soundcloud,bandcamp";
/// For this machine alone: a proxy stands before it.
const WEB_LISTEN: &str = "127.0.0.1:8080";
/// Which stands on the same machine.
const WEB_PROXIES: &str = "127.0.0.1,::1";

/// A Discord bot for listening together: five seats, one song each, everyone rates.
#[derive(Clone, Debug, Parser)]
#[command(name = "rondo", version)]
pub struct Config {
    /// The bot's token, from the Bot page of your application in Discord's developer portal.
    #[arg(long, env = "DISCORD_TOKEN", hide_env_values = true)]
    pub discord_token: Option<Secret>,

    /// Where Discord's REST API is; another base than Discord's own is for tests and may be plain
    /// http. The gateway and the voice servers are told by the API itself.
    #[arg(long, env = "DISCORD_API_BASE", default_value = "https://discord.com")]
    pub discord_api_base: Url,

    /// The database: `sqlite://FILE`, made if it is not there, or `postgres://...`.
    #[arg(
        long,
        env = "DATABASE_URL",
        default_value = "sqlite://rondo.db",
        hide_env_values = true
    )]
    pub database_url: Secret,

    /// A folder with your own music, offered to everyone in `/play`.
    #[arg(long, env = "RONDO_LIBRARY_DIR")]
    pub library_dir: Option<PathBuf>,

    /// Your own music server, if it speaks the Subsonic API (Navidrome, Gonic, Airsonic ...): its
    /// address, as in `http://music.lan:4533`. What it has is offered to everyone in `/play`.
    #[arg(long, env = "RONDO_SUBSONIC_URL")]
    pub subsonic_url: Option<String>,

    /// Whom the bot is there; an account that may only listen is enough.
    #[arg(long, env = "RONDO_SUBSONIC_USER")]
    pub subsonic_user: Option<String>,

    /// The password of that account.
    #[arg(long, env = "RONDO_SUBSONIC_PASSWORD", hide_env_values = true)]
    pub subsonic_password: Option<Secret>,

    /// Where tracks that members added are kept while somebody has them in a setlist.
    #[arg(long, env = "RONDO_MEDIA_DIR", default_value = "rondo-media")]
    pub media_dir: PathBuf,

    /// How much the files there may take, in gigabytes. What nobody has in a setlist any more goes
    /// first; when all is needed, no more is taken.
    #[arg(long, env = "RONDO_MEDIA_LIMIT_GB", default_value_t = 20, value_parser = clap::value_parser!(u64).range(1..=100_000))]
    pub media_limit_gb: u64,

    /// Largest file that a member may add, in megabytes (1,000,000 bytes).
    #[arg(long, env = "RONDO_TRACK_LIMIT_MB", default_value_t = 500, value_parser = clap::value_parser!(u64).range(1..=2_000))]
    pub track_limit_mb: u64,

    /// Longest track that a member may add, in minutes; what a server allows is usually less. More than
    /// four hours cannot be made ready.
    #[arg(long, env = "RONDO_TRACK_LIMIT_MINUTES", default_value_t = 120, value_parser = clap::value_parser!(u64).range(1..=240))]
    pub track_limit_minutes: u64,

    /// The program yt-dlp, which plays links to sites and searches them: a path, or a name on the
    /// search path; `off` is none.
    #[arg(long, env = "RONDO_YTDLP", default_value = YTDLP)]
    pub ytdlp: String,

    /// The sites that may be asked, as yt-dlp calls them, with commas between.
    #[arg(long, env = "RONDO_SITES", value_delimiter = ',', value_parser = site, default_value = SITES)]
    pub sites: Vec<String>,

    /// Where Spotify, Apple Music and Deezer are asked instead of at their own addresses, for tests.
    #[arg(long, hide = true)]
    pub elsewhere_base: Option<Url>,

    /// Hosts whose files members may link to although their addresses are private ones, with
    /// commas between: `nas.home,192.168.1.20`.
    #[arg(long, env = "RONDO_ALLOWED_HOSTS", value_delimiter = ',')]
    pub allowed_hosts: Vec<String>,

    /// Where tracks are kept as they are played, at one loudness; it may be emptied at any time.
    #[arg(long, env = "RONDO_CACHE_DIR", default_value = "rondo-cache")]
    pub cache_dir: PathBuf,

    /// How much of that is kept, in gigabytes; what was played longest ago goes first.
    #[arg(long, env = "RONDO_CACHE_LIMIT_GB", default_value_t = 5, value_parser = clap::value_parser!(u64).range(1..=10_000))]
    pub cache_limit_gb: u64,

    /// The address under which pages of playlists are found on the web, as in
    /// `https://rondo.example.org/music`; a proxy of yours leads it to `RONDO_WEB_LISTEN`. Without
    /// it there are no pages, and nothing listens.
    #[arg(long, env = "RONDO_PUBLIC_URL")]
    pub public_url: Option<String>,

    /// Where pages are served, as address and port; only when `RONDO_PUBLIC_URL` is set.
    #[arg(long, env = "RONDO_WEB_LISTEN", default_value = WEB_LISTEN)]
    pub web_listen: String,

    /// The web servers in front, whose `X-Forwarded-For` tells who asks for a page: addresses and
    /// networks, with commas between; `off` is none.
    #[arg(long, env = "RONDO_WEB_PROXIES", value_delimiter = ',', default_value = WEB_PROXIES)]
    pub web_proxies: Vec<String>,

    /// 32 random bytes in base64 or hexadecimal (`openssl rand -base64 32`), with which the tokens of
    /// members' scrobbling accounts are encrypted; without it nobody can link one.
    #[arg(long, env = "RONDO_SECRET_KEY", hide_env_values = true)]
    pub secret_key: Option<Secret>,

    /// The key of your API account at Last.fm (<https://www.last.fm/api/account/create>), so that
    /// members can link theirs.
    #[arg(long, env = "RONDO_LASTFM_KEY", hide_env_values = true)]
    pub lastfm_key: Option<Secret>,

    /// The shared secret of that API account.
    #[arg(long, env = "RONDO_LASTFM_SECRET", hide_env_values = true)]
    pub lastfm_secret: Option<Secret>,

    /// Where `ListenBrainz` is asked instead of at its own address, for tests.
    #[arg(long, hide = true)]
    pub listenbrainz_base: Option<Url>,

    /// Where Last.fm is asked instead of at its own address, for tests.
    #[arg(long, hide = true)]
    pub lastfm_base: Option<Url>,

    /// How much is logged: `error`, `warn`, `info`, `debug`, or per module as in
    /// `warn,rondo=debug`.
    #[arg(long, env = "RONDO_LOG", default_value = "warn,rondo=info")]
    pub log: String,

    /// Something else than being the bot.
    #[command(subcommand)]
    pub task: Option<Task>,
}

/// Why it is not known how to reach the music server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MusicServerUnclear {
    #[error("RONDO_SUBSONIC_URL is no http or https address, or holds a user")]
    Address,
    #[error("RONDO_SUBSONIC_URL needs RONDO_SUBSONIC_USER and RONDO_SUBSONIC_PASSWORD")]
    Account,
}

/// The account at Last.fm's API is not whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("RONDO_LASTFM_KEY and RONDO_LASTFM_SECRET belong together: set both or neither")]
pub struct LastFmUnclear;

/// What the program does for itself, as a process of its own.
#[derive(Clone, Debug, PartialEq, Eq, Subcommand)]
pub enum Task {
    /// Looks into a sound file and says in one line what it found.
    #[command(hide = true)]
    Examine {
        file: PathBuf,
        /// Where its picture is written.
        cover: Option<PathBuf>,
    },
    /// Makes a sound file ready to be played: one loudness, encoded once.
    #[command(hide = true)]
    Prepare { file: PathBuf, out: PathBuf },
    /// Runs another program, and ends all that it started when it ends or the input does.
    #[command(hide = true)]
    Keep {
        #[arg(last = true, required = true)]
        command: Vec<OsString>,
    },
    /// Plays a sound file that was not made ready, or `-`, as packets of Opus.
    #[command(hide = true)]
    Stream {
        file: PathBuf,
        #[arg(long, default_value_t = 0)]
        from_ms: u64,
        /// What it is changed by, in tenths of a decibel, where that is known.
        #[arg(long, allow_hyphen_values = true)]
        gain_tenths: Option<i16>,
    },
}

impl Config {
    /// Reads `.env` if there is one, then the environment and the flags. Call it before any
    /// thread is started: `.env` becomes part of the environment, so that `SSL_CERT_FILE` may
    /// stand in it too.
    pub fn read() -> Result<Config, clap::Error> {
        // A process that opens strangers' files, or runs another program, is not to know the token.
        let is_task = std::env::args_os().nth(1).is_some_and(|first| {
            let name = first.to_str().unwrap_or_default();
            Task::has_subcommand(name)
        });
        if !is_task
            && let Err(error) = dotenvy::dotenv()
            && !error.not_found()
        {
            let message = format!(".env could not be read: {error}\n");
            return Err(clap::Error::raw(clap::error::ErrorKind::Io, message));
        }
        // An empty variable, as in a copied .env.example, is one that is not set.
        Config::try_parse().map(Config::without_blanks)
    }

    fn without_blanks(mut self) -> Config {
        self.discord_token = self
            .discord_token
            .filter(|token| !token.reveal().is_empty());
        let is_said = |text: &String| !text.trim().is_empty();
        self.subsonic_url = self.subsonic_url.filter(is_said);
        self.subsonic_user = self.subsonic_user.filter(is_said);
        if self.ytdlp.is_empty() {
            YTDLP.clone_into(&mut self.ytdlp);
        }
        self.sites.retain(|site| !site.is_empty());
        if self.sites.is_empty() {
            self.sites = SITES.split(',').map(str::to_owned).collect();
        }
        self.public_url = self.public_url.filter(is_said);
        if self.web_listen.trim().is_empty() {
            WEB_LISTEN.clone_into(&mut self.web_listen);
        }
        for proxy in &mut self.web_proxies {
            proxy.trim().to_owned().clone_into(proxy);
        }
        self.web_proxies.retain(|proxy| !proxy.is_empty());
        if self.web_proxies.is_empty() {
            self.web_proxies = WEB_PROXIES.split(',').map(str::to_owned).collect();
        }
        let is_set = |secret: &Secret| !secret.reveal().is_empty();
        self.secret_key = self.secret_key.filter(is_set);
        self.lastfm_key = self.lastfm_key.filter(is_set);
        self.lastfm_secret = self.lastfm_secret.filter(is_set);
        self.library_dir = self.library_dir.filter(|dir| !dir.as_os_str().is_empty());
        self
    }

    /// Address, user and password of the music server; `None` when there is none.
    pub fn music_server(&self) -> Result<Option<(Url, &str, &Secret)>, MusicServerUnclear> {
        let Some(url) = &self.subsonic_url else {
            return Ok(None);
        };
        let url = Url::parse(url).ok();
        let is_web =
            |url: &Url| matches!(url.scheme(), "http" | "https") && url.username().is_empty();
        let url = url.filter(is_web).ok_or(MusicServerUnclear::Address)?;
        match (&self.subsonic_user, &self.subsonic_password) {
            (Some(user), Some(password)) if !password.reveal().is_empty() => {
                Ok(Some((url, user, password)))
            }
            _ => Err(MusicServerUnclear::Account),
        }
    }

    /// Key and secret of the API account at Last.fm; `None` when there is none.
    pub fn lastfm(&self) -> Result<Option<(&Secret, &Secret)>, LastFmUnclear> {
        match (&self.lastfm_key, &self.lastfm_secret) {
            (Some(key), Some(secret)) => Ok(Some((key, secret))),
            (None, None) => Ok(None),
            _ => Err(LastFmUnclear),
        }
    }

    /// What asks sites, unless that is off.
    pub fn site_program(&self) -> Option<PathBuf> {
        (self.ytdlp != OFF).then(|| PathBuf::from(&self.ytdlp))
    }

    /// The web servers in front, by address or network.
    pub fn proxies(&self) -> &[String] {
        match &self.web_proxies[..] {
            [off] if off == OFF => &[],
            proxies => proxies,
        }
    }

    /// Where programs are looked for.
    pub fn search_path() -> Option<OsString> {
        std::env::var_os("PATH")
    }

    /// This very program, also when its file has been replaced meanwhile.
    pub fn program() -> std::io::Result<PathBuf> {
        let link = PathBuf::from("/proc/self/exe");
        if link.exists() {
            Ok(link)
        } else {
            std::env::current_exe()
        }
    }

    /// Whether the base is Discord itself.
    pub fn is_discord(&self) -> bool {
        self.discord_api_base.host_str() == Some("discord.com")
    }
}

/// The name of a site, of letters and figures: it becomes part of an expression. The names that stand
/// for every site there is are not taken, since they would fetch any address.
fn site(name: &str) -> Result<String, String> {
    let name = name.trim().to_lowercase();
    let is_plain = name.chars().all(|c| c.is_ascii_alphanumeric());
    if !is_plain || ["all", "default", "generic", "end"].contains(&name.as_str()) {
        return Err("a site is named by letters and figures, as in youtube,soundcloud".to_owned());
    }
    Ok(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_token_is_never_printed() {
        let config = Config::try_parse_from(["rondo", "--discord-token", "s3cret"]).unwrap();
        assert!(!format!("{config:?}").contains("s3cret"));
        assert_eq!(config.discord_token.unwrap().reveal(), "s3cret");
    }

    #[test]
    fn a_music_server_is_whole_or_it_is_said_what_is_missing() {
        let read = |args: &[&str]| {
            let config = Config::try_parse_from([&["rondo"], args].concat()).unwrap();
            let config = config.without_blanks();
            config
                .music_server()
                .map(|it| it.map(|(url, user, _)| (url.to_string(), user.to_owned())))
        };
        let (url, user) = ("--subsonic-url", "--subsonic-user");
        assert_eq!(read(&[url, " ", user, "joe"]), Ok(None));
        assert_eq!(read(&[url, "music.lan"]), Err(MusicServerUnclear::Address));
        let whole = [
            url,
            "http://music.lan:4533",
            user,
            "joe",
            "--subsonic-password",
        ];
        let missing = Err(MusicServerUnclear::Account);
        assert_eq!(read(&whole[..4]), missing);
        assert_eq!(read(&[&whole[..], &[""]].concat()), missing);
        let known = ("http://music.lan:4533/".to_owned(), "joe".to_owned());
        assert_eq!(read(&[&whole[..], &["s3cret"]].concat()), Ok(Some(known)));
    }

    #[test]
    fn an_account_at_lastfm_has_a_key_and_a_secret() {
        let read = |args: &[&str]| {
            let config = Config::try_parse_from([&["rondo"], args].concat()).unwrap();
            let config = config.without_blanks();
            config.lastfm().map(|it| it.is_some())
        };
        let whole = ["--lastfm-key", "k", "--lastfm-secret", "s"];
        assert_eq!(read(&whole), Ok(true));
        assert_eq!(read(&whole[..2]), Err(LastFmUnclear));
        assert_eq!(
            read(&["--lastfm-key", "", "--lastfm-secret", " "]),
            Ok(false)
        );
    }

    #[test]
    fn an_empty_token_is_none() {
        let config = Config::try_parse_from(["rondo", "--discord-token", " "]).unwrap();
        assert_eq!(config.without_blanks().discord_token, None);
    }

    #[test]
    fn sites_are_named_one_by_one() {
        let sites = |text: &str| {
            let config = Config::try_parse_from(["rondo", "--sites", text]);
            config.map(|config| config.without_blanks().sites)
        };
        assert_eq!(sites("youtube, Vimeo").unwrap(), ["youtube", "vimeo"]);
        assert_eq!(sites("").unwrap(), ["youtube", "soundcloud", "bandcamp"]);
        for wide in ["all", "generic", "youtube,.*", "default"] {
            assert!(sites(wide).is_err(), "{wide}");
        }
        let program = |text: &str| {
            let config = Config::try_parse_from(["rondo", "--ytdlp", text]);
            config.unwrap().without_blanks().site_program()
        };
        assert_eq!(program("off"), None);
        assert_eq!(program(""), Some("yt-dlp".into()));
    }

    #[test]
    fn hosts_are_named_with_commas_between() {
        let hosts = ["rondo", "--allowed-hosts", "nas.home,192.168.1.20"];
        let config = Config::try_parse_from(hosts).unwrap();
        assert_eq!(config.allowed_hosts, ["nas.home", "192.168.1.20"]);
    }

    #[test]
    fn the_server_in_front_is_on_this_machine_unless_others_are_named() {
        let read = |text: &str| {
            let config = Config::try_parse_from(["rondo", "--web-proxies", text]);
            config.unwrap().without_blanks().proxies().to_vec()
        };
        assert_eq!(read(""), ["127.0.0.1", "::1"]);
        assert_eq!(read("10.0.0.0/8, fd00::1"), ["10.0.0.0/8", "fd00::1"]);
        assert_eq!(read("off"), [""; 0]);
    }

    #[test]
    fn discord_is_the_default_base() {
        assert!(Config::try_parse_from(["rondo"]).unwrap().is_discord());
        let other = ["rondo", "--discord-api-base", "http://127.0.0.1:1"];
        assert!(!Config::try_parse_from(other).unwrap().is_discord());
    }
}
