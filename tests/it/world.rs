//! One evening's surroundings: a sandbox, the real bot as its own process, a folder that goes away
//! with it, and words for what stories do again and again.

use crate::process::{BotProcess, Settings};
use crate::sites::Sites;
use crate::storage::places::Place;
use crate::tune::{Format, Piece};
use discord_sandbox::interactions::Given;
use discord_sandbox::people::{Answer, Bot, Member, Seen, until};
use discord_sandbox::permissions::Bits;
use discord_sandbox::server::{GuildSet, Ports, Sandbox};
use discord_sandbox::world::Id;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tempfile::TempDir;

/// How long anything may take before a story gives up. Long, since a busy machine is no failure.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);
/// What the invite link asks for.
pub(crate) const INVITED: Bits = 3_263_552;
/// The application flag for reading messages.
const MESSAGE_CONTENT_LIMITED: u64 = 1 << 19;

pub(crate) struct World {
    pub(crate) sandbox: Sandbox,
    pub(crate) bot: Bot,
    process: Option<BotProcess>,
    told: Told,
    folder: TempDir,
}

/// What the bot is told and finds.
#[derive(Clone, Default)]
pub(crate) struct Told {
    /// `None` is a file in the folder.
    pub(crate) database_url: Option<String>,
    /// Further settings, and flags.
    pub(crate) more: Vec<(&'static str, String)>,
    pub(crate) flags: Vec<String>,
    /// Files in its library.
    pub(crate) library: Vec<(&'static str, Vec<u8>)>,
}

impl World {
    /// A sandbox and an invited bot that is about to log in; the guilds are made before.
    pub(crate) async fn with_guilds<const N: usize>(names: [&str; N]) -> (World, [GuildSet; N]) {
        World::on(None, names).await
    }

    /// The same on this database.
    pub(crate) async fn on<const N: usize>(
        database_url: Option<String>,
        names: [&str; N],
    ) -> (World, [GuildSet; N]) {
        let told = Told {
            database_url,
            ..Told::default()
        };
        World::told(told, names).await
    }

    /// The same with what the bot finds and is told.
    pub(crate) async fn told<const N: usize>(
        told: Told,
        names: [&str; N],
    ) -> (World, [GuildSet; N]) {
        let folder = TempDir::new().unwrap();
        let ca_file = folder.path().join("ca.pem");
        let sandbox = Sandbox::start(Ports::any(ca_file)).await.unwrap();
        let bot = sandbox.bot("Rondo", MESSAGE_CONTENT_LIMITED);
        let guilds = names.map(|name| {
            let guild = sandbox.guild(name, &format!("{name}'s owner"));
            guild.invite(&bot, INVITED);
            guild
        });
        std::fs::create_dir_all(folder.path().join("library")).unwrap();
        for (name, bytes) in &told.library {
            std::fs::write(folder.path().join("library").join(name), bytes).unwrap();
        }
        let has_library = !told.library.is_empty();
        let mut world = World {
            sandbox,
            bot,
            process: None,
            told,
            folder,
        };
        world.start_bot().await;
        if has_library {
            let looked = until(world.sandbox.hub(), PATIENCE, |_| {
                world.log().contains("library looked through").then_some(())
            });
            assert!(looked.await.is_some(), "nobody looked:\n{}", world.log());
        }
        (world, guilds)
    }

    pub(crate) async fn new() -> (World, GuildSet) {
        let (world, [guild]) = World::with_guilds(["Home"]).await;
        (world, guild)
    }

    /// Starts the bot (again) and waits until its commands are there.
    pub(crate) async fn start_bot(&mut self) {
        let tool = self.sites().program().display().to_string();
        let settings = Settings {
            folder: self.folder.path().to_owned(),
            library: Some(self.folder.path().join("library")),
            database_url: self.told.database_url.clone(),
            more: [vec![("RONDO_YTDLP", tool)], self.told.more.clone()].concat(),
            flags: self.told.flags.clone(),
        };
        let program = Path::new(env!("CARGO_BIN_EXE_rondo"));
        let process = BotProcess::start(program, &settings, &self.sandbox, &self.bot).unwrap();
        self.process = Some(process);
        let id = self.bot.id;
        let registered = until(self.sandbox.hub(), PATIENCE, |hub| {
            let world = hub.world();
            world
                .applications
                .get(&id)
                .filter(|it| !it.commands.is_empty())
                .map(|_| ())
        });
        assert!(
            registered.await.is_some(),
            "the bot did not register its commands:\n{}",
            self.log()
        );
    }

    /// The sites that the bot can ask.
    pub(crate) fn sites(&self) -> Sites {
        Sites::within(self.folder.path())
    }

    /// Sets a setting to something else for when the bot starts again.
    pub(crate) fn tell(&mut self, name: &'static str, value: &str) {
        self.told.more.retain(|(known, _)| *known != name);
        self.told.more.push((name, value.to_owned()));
    }

    /// Kills the bot with -9.
    pub(crate) async fn kill_bot(&mut self) {
        self.process.take().unwrap().child.kill().await.unwrap();
    }

    /// The owner's own music.
    pub(crate) fn library(&self) -> PathBuf {
        self.folder.path().join("library")
    }

    /// The files in the bot's media folder.
    pub(crate) fn media(&self) -> BTreeSet<PathBuf> {
        self.files_in("media")
    }

    /// Where the bot keeps what members added.
    pub(crate) fn folder_of_media(&self) -> PathBuf {
        self.folder.path().join("media")
    }

    /// The tracks that the bot has made ready.
    pub(crate) fn prepared(&self) -> BTreeSet<PathBuf> {
        self.files_in("cache")
    }

    /// Where the bot keeps what it has made ready.
    pub(crate) fn cache(&self) -> PathBuf {
        self.folder.path().join("cache")
    }

    fn files_in(&self, name: &str) -> BTreeSet<PathBuf> {
        let entries = std::fs::read_dir(self.folder.path().join(name)).unwrap();
        entries.map(|entry| entry.unwrap().path()).collect()
    }

    /// What is kept in the bot's `SQLite` file.
    pub(crate) async fn kept(&self, sql: &str) -> i64 {
        let file = self.folder.path().join("rondo.db");
        Place::of_file(&file).number(sql).await
    }

    /// Changes what is kept there, as a capability does that is not this story's.
    pub(crate) async fn meddle(&self, sql: &str) {
        let file = self.folder.path().join("rondo.db");
        Place::of_file(&file).meddle(sql).await;
    }

    pub(crate) fn log(&self) -> String {
        self.process
            .as_ref()
            .map(BotProcess::log)
            .unwrap_or_default()
    }

    /// Ends the evening: the bot stops when asked, without an error in its log, and every voice
    /// session was in order.
    pub(crate) async fn end(mut self) {
        let process = self.process.take().unwrap();
        let log = process.log();
        process.stop().await.unwrap();
        let errors: Vec<&str> = log.lines().filter(|line| line.contains("ERROR")).collect();
        assert!(
            errors.is_empty(),
            "the bot logged errors:\n{}",
            errors.join("\n")
        );
        for heard in self.sandbox.voice().ears().heard_by_all() {
            assert!(
                heard.violations.is_empty(),
                "voice rules were broken: {heard:?}"
            );
            assert_eq!(heard.undecryptable, 0, "{heard:?}");
            assert_eq!(heard.nonce_reused, 0, "{heard:?}");
        }
        for understood in self.sandbox.voice().ears().understood_by_all() {
            assert_eq!(understood.unreadable, 0, "{understood:?}");
        }
        self.sandbox.stop().await;
    }

    /// `/settings set`, by the guild's owner.
    pub(crate) async fn set(&self, guild: &GuildSet, name: &str, value: &str) {
        let options = vec![("name", text(name)), ("value", text(value))];
        let answer = guild
            .owner
            .slash(&self.bot, "settings set", options)
            .await
            .unwrap();
        assert!(answer.text().contains(name), "{}", answer.text());
    }

    /// Runs a command and gives back what it says.
    pub(crate) async fn run(
        &self,
        who: &Member,
        path: &str,
        options: Vec<(&str, Given)>,
    ) -> Answer {
        match who.slash(&self.bot, path, options).await {
            Ok(answer) => self.settled(who, answer).await,
            Err(error) => panic!("/{path} by {}: {error}\n{}", who.name, self.log()),
        }
    }

    /// The answer that comes in the place of what is said while it is worked on.
    pub(crate) async fn settled(&self, who: &Member, answer: Answer) -> Answer {
        let Answer::Said(said) = &answer else {
            return answer;
        };
        let id = said.id;
        let settled = until(self.sandbox.hub(), PATIENCE, |_| {
            let bot = self.bot.id;
            // One that is for a single person comes as another message.
            let newest = || {
                let mut seen = who.sees().into_iter().rev();
                seen.find(|it| it.author_id == bot && it.is_ephemeral && it.id > id)
            };
            let seen = who.seen(id).or_else(newest)?;
            (!seen.text.ends_with(" …")).then_some(seen)
        });
        match settled.await {
            Some(seen) => Answer::Said(Box::new(seen)),
            None => panic!(
                "{} waits for ever: {}\n{}",
                who.name,
                answer.text(),
                self.log()
            ),
        }
    }

    /// Runs a command and gives back the words of its answer.
    pub(crate) async fn says(
        &self,
        who: &Member,
        path: &str,
        options: Vec<(&str, Given)>,
    ) -> String {
        self.run(who, path, options).await.text().to_owned()
    }

    /// Asks until it is said: what follows from what was felt is there within seconds.
    pub(crate) async fn asks_until(
        &self,
        who: &Member,
        (path, options): (&str, &dyn Fn() -> Vec<(&'static str, Given)>),
        says: &str,
    ) -> Answer {
        let asks = async {
            let mut every = tokio::time::interval(Duration::from_millis(300));
            loop {
                every.tick().await;
                let answer = self.run(who, path, options()).await;
                if answer.text().contains(says) {
                    return answer;
                }
            }
        };
        if let Ok(answer) = tokio::time::timeout(PATIENCE, asks).await {
            return answer;
        }
        let said = self.says(who, path, options()).await;
        panic!("/{path} does not say {says} but {said}\n{}", self.log());
    }

    /// The direct messages that the bot sent to them.
    pub(crate) fn letters(&self, to: &Member) -> Vec<String> {
        let mut sandbox = self.sandbox.hub().world();
        let channel = sandbox.direct_channel(to.id, self.bot.id);
        drop(sandbox);
        let all = to.looking_at(channel).sees();
        all.into_iter().map(|it| it.text).collect()
    }

    /// `/play` with an attached file.
    pub(crate) async fn play(&self, who: &Member, piece: &Piece) -> String {
        self.says(who, "play", vec![("file", attached(piece))])
            .await
    }

    /// Waits for a message in the channel the member looks at.
    pub(crate) async fn wait(
        &self,
        who: &Member,
        what: &str,
        fits: impl Fn(&Seen) -> bool,
    ) -> Seen {
        match who.wait_to_see(what, PATIENCE, fits).await {
            Ok(seen) => seen,
            Err(error) => panic!("{}: {error}\n{}", who.name, self.log()),
        }
    }

    /// Waits for the stage card that shows this title, with its reactions.
    pub(crate) async fn card(&self, who: &Member, title: &str) -> Seen {
        let bot = self.bot.id;
        self.wait(who, &format!("the card of {title}"), |it| {
            it.author_id == bot
                && it.button("skip").is_some()
                && it.says(title)
                && it.reactions.len() >= 5
        })
        .await
    }

    /// Waits until the member hears this tone beyond what they had heard before.
    pub(crate) async fn hears_more(&self, who: &Member, hz: f64, before_ms: u64) {
        let found = until(self.sandbox.hub(), PATIENCE, |_| {
            (who.heard_ms() > before_ms + 2_000).then_some(())
        });
        assert!(
            found.await.is_some(),
            "{} hears nothing more\n{}",
            who.name,
            self.log()
        );
        self.hears(who, hz).await;
    }

    /// Waits until the member has heard so many tones.
    pub(crate) async fn hears_tones(&self, who: &Member, count: usize) {
        let found = until(self.sandbox.hub(), PATIENCE, |_| {
            (who.hears().tones_in_order().len() >= count).then_some(())
        });
        assert!(
            found.await.is_some(),
            "{} hears only {:?}\n{}",
            who.name,
            who.hears().tones_in_order(),
            self.log()
        );
    }

    /// Waits until this tone is the newest that the member hears.
    pub(crate) async fn hears(&self, who: &Member, hz: f64) {
        let found = until(self.sandbox.hub(), PATIENCE, |_| {
            let hearing = who.hears();
            let last = hearing
                .stretches()
                .into_iter()
                .rfind(|it| it.hz.is_some())?;
            last.is(hz).then_some(())
        });
        assert!(
            found.await.is_some(),
            "{} does not hear {hz} Hz but {:?} of {:#?}, and sees\n{}\n{}",
            who.name,
            who.hears().stretches(),
            self.sandbox.voice().ears().heard_by_all(),
            seen_by(who),
            self.log()
        );
    }
}

/// Everything that stands in the channel the member looks at.
fn seen_by(who: &Member) -> String {
    let all = who.sees();
    let all: Vec<&str> = all.iter().map(|it| it.text.as_str()).collect();
    all.join("\n---\n")
}

pub(crate) fn text(text: &str) -> Given {
    Given::Text(text.to_owned())
}

pub(crate) fn user(member: &Member) -> Given {
    Given::User(member.id)
}

pub(crate) fn attached(piece: &Piece) -> Given {
    Given::Attachment {
        name: piece.file_name(),
        bytes: piece.bytes().unwrap().into(),
    }
}

/// A piece of so many seconds at that pitch.
pub(crate) fn piece(title: &'static str, hz: f32, seconds: u32) -> Piece {
    Piece {
        title,
        artist: "The Testers",
        hz,
        seconds,
        format: Format::Wav,
    }
}

/// Members in the lounge.
pub(crate) fn in_lounge<const N: usize>(guild: &GuildSet, names: [&str; N]) -> [Member; N] {
    names.map(|name| {
        let mut member = guild.member(name, "en-US");
        assert!(member.join_voice(guild.lounge));
        member
    })
}

/// The one who looks at this channel without being in voice.
pub(crate) fn reader(guild: &GuildSet, name: &str, channel: Id) -> Member {
    guild.member(name, "en-US").looking_at(channel)
}
