//! One sandbox with one bot, as release binary, and one listener; and how long it takes from a
//! command until sound arrives.

use crate::process::{BotProcess, Settings};
use anyhow::Context;
use discord_sandbox::interactions::Given;
use discord_sandbox::people::{Bot, Member, until};
use discord_sandbox::server::{GuildSet, Ports, Sandbox};
use std::path::{Path, PathBuf};
use std::time::Duration;
use tokio::time::Instant;

/// What the invite link asks for, see `rondo`'s own start.
const PERMISSIONS: u64 = 3_263_552;
const PATIENCE: Duration = Duration::from_mins(1);
/// How often the sandbox is looked at.
const LOOK: Duration = Duration::from_millis(1);
/// No frame for so long: it is quiet.
const QUIET: Duration = Duration::from_millis(300);
/// How long somebody looks at what they are offered before they take it; most take longer.
const CHOOSING: Duration = Duration::from_millis(500);
/// A bot waits so long between two joins at most, for Discord's limit; that is not measured.
const BETWEEN_JOINS: Duration = Duration::from_millis(600);

pub(crate) struct Scene {
    sandbox: Sandbox,
    guild: GuildSet,
    bot: Bot,
    member: Member,
    process: BotProcess,
    folder: PathBuf,
}

/// One start.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Start {
    /// From the command to the first frame of sound.
    pub(crate) whole: Duration,
    /// Of it, from the wish to join until the voice connection is described; zero when it was there.
    pub(crate) handshakes: Duration,
}

impl Start {
    pub(crate) fn beyond_ms(&self) -> f64 {
        self.whole.saturating_sub(self.handshakes).as_secs_f64() * 1e3
    }
}

impl Scene {
    /// `library` is the bot's folder of music.
    pub(crate) async fn open(folder: &Path, library: PathBuf) -> anyhow::Result<Scene> {
        let sandbox = Sandbox::start(Ports::any(folder.join("ca.pem"))).await?;
        let bot = sandbox.bot("Rondo", 1 << 19);
        let guild = sandbox.guild("Bench", "Olga");
        guild.invite(&bot, PERMISSIONS);
        let settings = Settings {
            folder: folder.to_owned(),
            library: Some(library),
            database_url: None,
            more: Vec::new(),
            flags: Vec::new(),
        };
        let program = Path::new(env!("CARGO_BIN_EXE_rondo"));
        let process = BotProcess::start(program, &settings, &sandbox, &bot)?;
        let mut member = guild.member("Ana", "en-US");
        anyhow::ensure!(member.join_voice(guild.lounge), "nobody can join");
        let scene = Scene {
            sandbox,
            guild,
            bot,
            member,
            process,
            folder: folder.to_owned(),
        };
        let id = scene.bot.id;
        let there = until(scene.sandbox.hub(), PATIENCE, |hub| {
            let world = hub.world();
            let commands = &world.applications.get(&id)?.commands;
            (!commands.is_empty()).then_some(())
        });
        there.await.context("the bot did not log in")?;
        // The same songs are played again and again here.
        for (name, value) in [("repeat-window", "0")] {
            let options = vec![("name", text(name)), ("value", text(value))];
            let said = scene
                .guild
                .owner
                .slash(&scene.bot, "settings set", options)
                .await?;
            anyhow::ensure!(said.text().contains(name), "{}", said.text());
        }
        Ok(scene)
    }

    /// Files that the bot has made ready.
    fn ready(&self) -> usize {
        let entries = std::fs::read_dir(self.folder.join("cache"))
            .into_iter()
            .flatten();
        let ready = entries
            .filter_map(Result::ok)
            .filter(|it| it.path().extension().is_some_and(|it| it == "opus"));
        ready.count()
    }

    /// Waits until the bot has found so many songs in its library, without asking for one: what is
    /// offered to somebody is looked into.
    pub(crate) async fn wait_for(&self, songs: usize) -> anyhow::Result<()> {
        let found = format!("pieces={songs} ");
        let all = until(self.sandbox.hub(), PATIENCE, |_| {
            self.process.log().contains(&found).then_some(())
        });
        all.await.context("the library was not looked through")
    }

    /// Plays each song once, and waits until all have been made ready.
    pub(crate) async fn make_ready(&self, songs: &[Given]) -> anyhow::Result<()> {
        for song in songs {
            self.start(("query", song.clone())).await?;
            self.hush().await?;
        }
        self.has_ready(songs.len()).await
    }

    /// Waits until so many files have been made ready.
    pub(crate) async fn has_ready(&self, songs: usize) -> anyhow::Result<()> {
        let all = until(self.sandbox.hub(), PATIENCE, |_| {
            (self.ready() >= songs).then_some(())
        });
        all.await.context("a song was not made ready")
    }

    /// Runs a command, and answers what it says.
    async fn run(&self, path: &str, options: Vec<(&str, Given)>) -> anyhow::Result<String> {
        let answer = self.member.slash(&self.bot, path, options).await;
        let answer = answer.with_context(|| format!("/{path}\n{}", self.log_end()))?;
        Ok(answer.text().to_owned())
    }

    /// The last of what the bot says.
    fn log_end(&self) -> String {
        let log = self.process.log();
        let lines: Vec<&str> = log.lines().collect();
        let from = lines.len().saturating_sub(20);
        lines.get(from..).unwrap_or_default().join("\n")
    }

    /// Frames of sound that the bot has sent, silence not counted.
    fn frames(&self) -> u64 {
        let heard = self
            .sandbox
            .voice()
            .ears()
            .heard(self.guild.id, self.bot.id);
        heard.iter().map(|it| it.frames - it.silence_frames).sum()
    }

    fn is_in_channel(&self) -> bool {
        let world = self.sandbox.hub().world();
        let guild = world.guilds.get(&self.guild.id);
        guild.is_some_and(|guild| guild.voice_states.contains_key(&self.bot.id))
    }

    /// `/skip`, and wait until it is quiet.
    pub(crate) async fn hush(&self) -> anyhow::Result<()> {
        self.run("skip", Vec::new()).await?;
        self.quiet().await
    }

    async fn quiet(&self) -> anyhow::Result<()> {
        let (mut frames, mut since, began) = (self.frames(), Instant::now(), Instant::now());
        while since.elapsed() < QUIET {
            anyhow::ensure!(began.elapsed() < PATIENCE, "it does not become quiet");
            tokio::time::sleep(QUIET / 10).await;
            if self.frames() != frames {
                (frames, since) = (self.frames(), Instant::now());
            }
        }
        Ok(())
    }

    /// `/stage close`: the bot leaves the channel.
    pub(crate) async fn close(&self) -> anyhow::Result<()> {
        self.run("stage close", Vec::new()).await?;
        let gone = until(self.sandbox.hub(), PATIENCE, |_| {
            (!self.is_in_channel()).then_some(())
        });
        gone.await.context("the bot does not leave")?;
        tokio::time::sleep(BETWEEN_JOINS).await;
        Ok(())
    }

    /// Plays, and measures how long it takes until sound arrives.
    pub(crate) async fn start(&self, what: (&str, Given)) -> anyhow::Result<Start> {
        let (answered, start) = tokio::join!(self.run("play", vec![what]), self.watch());
        let answered = answered?;
        start.with_context(|| format!("the answer was: {answered}"))
    }

    /// Plays what is offered first while somebody types; they take a moment to choose.
    pub(crate) async fn start_typed(&self, song: &str) -> anyhow::Result<Start> {
        let typed = ("query", song);
        let offered = self.member.suggestions(&self.bot, "play", typed).await?;
        let best = offered.first().and_then(|it| it["value"].as_str());
        let value = best.context("nothing is offered")?.to_owned();
        tokio::time::sleep(CHOOSING).await;
        self.start(("query", text(&value))).await
    }

    async fn watch(&self) -> anyhow::Result<Start> {
        let (began, before) = (Instant::now(), self.frames());
        let was_there = self.is_in_channel();
        let (mut joining, mut described) = (None, None);
        let mut ticks = tokio::time::interval(LOOK);
        loop {
            ticks.tick().await;
            if !was_there && joining.is_none() && self.is_in_channel() {
                joining = Some(Instant::now());
            }
            let voice = self.sandbox.voice();
            if described.is_none() && voice.is_connected(self.guild.id, self.bot.id) {
                described = Some(Instant::now());
            }
            // Last, since all of it may have come about since the last look.
            if self.frames() > before {
                break;
            }
            let in_time = began.elapsed() < PATIENCE;
            anyhow::ensure!(in_time, "no sound arrives\n{}", self.log_end());
        }
        let handshakes = joining.zip(described).map(|(from, to)| to - from);
        anyhow::ensure!(
            was_there || handshakes.is_some(),
            "the handshakes were not seen"
        );
        Ok(Start {
            whole: began.elapsed(),
            handshakes: handshakes.unwrap_or_default(),
        })
    }

    pub(crate) async fn end(self) -> anyhow::Result<()> {
        self.process.stop().await?;
        self.sandbox.stop().await;
        Ok(())
    }
}

pub(crate) fn text(text: &str) -> Given {
    Given::Text(text.to_owned())
}
