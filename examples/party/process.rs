//! The real bot as a child process, told where the sandbox is by its settings alone.

use discord_sandbox::people::Bot;
use discord_sandbox::server::Sandbox;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;
use tokio::process::Child;

/// How long the bot has to end after it was asked to.
const END_LIMIT: Duration = Duration::from_secs(15);

/// Where a bot keeps what it keeps, and what it is told.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    /// Database, media and log stand in here.
    pub(crate) folder: PathBuf,
    pub(crate) library: Option<PathBuf>,
    pub(crate) database_url: Option<String>,
    /// Further settings, by the names of their variables, and flags.
    pub(crate) more: Vec<(&'static str, String)>,
    pub(crate) flags: Vec<String>,
}

/// A running bot.
#[derive(Debug)]
pub(crate) struct BotProcess {
    pub(crate) child: Child,
    log: PathBuf,
}

impl BotProcess {
    /// Starts the program. What it prints goes to `bot.log` in the folder, after what is there.
    pub(crate) fn start(
        program: &Path,
        settings: &Settings,
        sandbox: &Sandbox,
        bot: &Bot,
    ) -> anyhow::Result<BotProcess> {
        std::fs::create_dir_all(&settings.folder)?;
        let log = settings.folder.join("bot.log");
        let output = File::options().create(true).append(true).open(&log)?;
        let database = settings
            .database_url
            .clone()
            .unwrap_or_else(|| format!("sqlite://{}", settings.folder.join("rondo.db").display()));
        let mut command = Command::new(program);
        command
            .current_dir(&settings.folder)
            .env("DISCORD_TOKEN", &bot.token)
            .env("DISCORD_API_BASE", sandbox.base())
            .env("SSL_CERT_FILE", sandbox.ca_file())
            .env_remove("SSL_CERT_DIR")
            .env("DATABASE_URL", database)
            .env("RONDO_MEDIA_DIR", settings.folder.join("media"))
            .env("RONDO_CACHE_DIR", settings.folder.join("cache"))
            .env(
                "RONDO_LIBRARY_DIR",
                settings.library.clone().unwrap_or_default(),
            )
            .env("RONDO_LOG", "warn,rondo=trace")
            .envs(settings.more.iter().cloned())
            .args(&settings.flags)
            .stdin(Stdio::null())
            .stdout(output.try_clone()?)
            .stderr(output);
        let child = tokio::process::Command::from(command)
            .kill_on_drop(true)
            .spawn()?;
        Ok(BotProcess { child, log })
    }

    /// Everything it has printed.
    pub(crate) fn log(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap_or_default()
    }

    /// Asks it to end (SIGTERM) and waits for it. The exit code has to be 0.
    pub(crate) async fn stop(mut self) -> anyhow::Result<()> {
        let Some(id) = self.child.id() else {
            anyhow::bail!("the bot had ended already:\n{}", self.log());
        };
        let asked = Command::new("kill")
            .args(["-TERM", &id.to_string()])
            .status()?;
        anyhow::ensure!(asked.success(), "the bot could not be asked to end");
        let Ok(ended) = tokio::time::timeout(END_LIMIT, self.child.wait()).await else {
            anyhow::bail!("the bot did not end in {END_LIMIT:?}:\n{}", self.log());
        };
        let status = ended?;
        anyhow::ensure!(
            status.success(),
            "the bot ended with {status}:\n{}",
            self.log()
        );
        Ok(())
    }
}
