//! The settings of the process, read once from flags, the environment and `.env`; the only reader
//! of the environment. What a guild can set is elsewhere, in `domain::settings`.

use clap::{Parser, Subcommand};
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

    /// Where tracks that members added are kept while somebody has them in a setlist.
    #[arg(long, env = "RONDO_MEDIA_DIR", default_value = "rondo-media")]
    pub media_dir: PathBuf,

    /// Largest file that a member may add, in megabytes (1,000,000 bytes).
    #[arg(long, env = "RONDO_TRACK_LIMIT_MB", default_value_t = 500, value_parser = clap::value_parser!(u64).range(1..=10_000))]
    pub track_limit_mb: u64,

    /// Longest track that anybody may add, in minutes; servers set their own limit below it.
    #[arg(long, env = "RONDO_TRACK_LIMIT_MINUTES", default_value_t = 120, value_parser = clap::value_parser!(u64).range(1..=1_440))]
    pub track_limit_minutes: u64,

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

    /// How much is logged: `error`, `warn`, `info`, `debug`, or per module as in
    /// `warn,rondo=debug`.
    #[arg(long, env = "RONDO_LOG", default_value = "warn,rondo=info")]
    pub log: String,

    /// Something else than being the bot.
    #[command(subcommand)]
    pub task: Option<Task>,
}

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
        if let Err(error) = dotenvy::dotenv()
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
        self.library_dir = self.library_dir.filter(|dir| !dir.as_os_str().is_empty());
        self
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
    fn an_empty_token_is_none() {
        let config = Config::try_parse_from(["rondo", "--discord-token", " "]).unwrap();
        assert_eq!(config.without_blanks().discord_token, None);
    }

    #[test]
    fn hosts_are_named_with_commas_between() {
        let hosts = ["rondo", "--allowed-hosts", "nas.home,192.168.1.20"];
        let config = Config::try_parse_from(hosts).unwrap();
        assert_eq!(config.allowed_hosts, ["nas.home", "192.168.1.20"]);
    }

    #[test]
    fn discord_is_the_default_base() {
        assert!(Config::try_parse_from(["rondo"]).unwrap().is_discord());
        let other = ["rondo", "--discord-api-base", "http://127.0.0.1:1"];
        assert!(!Config::try_parse_from(other).unwrap().is_discord());
    }
}
