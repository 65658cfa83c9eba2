//! The sandbox, the bot and the people of one party, and how what they do is printed.

use crate::process::{BotProcess, Settings};
use anyhow::Context;
use discord_sandbox::interactions::Given;
use discord_sandbox::people::{Answer, Bot, Member, Seen, until};
use discord_sandbox::server::{GuildSet, Ports, Sandbox};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tokio::time::Instant;

/// What the invite link asks for, see `rondo`'s own start.
const PERMISSIONS: u64 = 3_263_552;
/// How long anything may take before the party breaks off.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

pub(crate) struct Evening {
    pub(crate) sandbox: Sandbox,
    pub(crate) guild: GuildSet,
    pub(crate) bot: Bot,
    process: BotProcess,
    began: Instant,
    /// Everything that was printed.
    pub(crate) chat: Vec<String>,
}

impl Evening {
    /// Empties the folder, starts the sandbox and the bot, and waits until it has logged in.
    pub(crate) async fn begin(folder: &Path, music: Option<&Path>) -> anyhow::Result<Evening> {
        if folder.exists() {
            std::fs::remove_dir_all(folder).context("the folder party/ could not be emptied")?;
        }
        std::fs::create_dir_all(folder.join("library"))?;
        let folder = folder.canonicalize()?;
        let sandbox = Sandbox::start(Ports::any(folder.join("ca.pem"))).await?;
        let bot = sandbox.bot("Rondo", 1 << 19);
        let guild = sandbox.guild("The Living Room", "Olga");
        guild.invite(&bot, PERMISSIONS);
        let library = music.map_or_else(|| Ok(folder.join("library")), Path::canonicalize);
        if music.is_none() {
            crate::script::fill_library(&folder.join("library"))?;
        }
        let settings = Settings {
            folder,
            library: Some(library?),
            database_url: None,
            more: Vec::new(),
            flags: Vec::new(),
        };
        let process = BotProcess::start(&program()?, &settings, &sandbox, &bot)?;
        let (began, chat) = (Instant::now(), Vec::new());
        let mut evening = Evening {
            sandbox,
            guild,
            bot,
            process,
            began,
            chat,
        };
        evening.tell("A local sandbox stands in for Discord; the real bot logs in to it.");
        let id = evening.bot.id;
        let there = until(evening.sandbox.hub(), PATIENCE, |hub| {
            let world = hub.world();
            let commands = world.applications.get(&id)?.commands.len();
            (commands > 0).then_some(commands)
        });
        let commands = there
            .await
            .with_context(|| format!("it did not log in:\n{}", evening.log_end()))?;
        evening.tell(&format!(
            "Rondo is there and has registered {commands} commands."
        ));
        Ok(evening)
    }

    /// The last lines of the bot's log.
    pub(crate) fn log_end(&self) -> String {
        let log = self.process.log();
        let lines: Vec<&str> = log.lines().collect();
        lines
            .get(lines.len().saturating_sub(25)..)
            .unwrap_or_default()
            .join("\n")
    }

    /// One line of the chat.
    pub(crate) fn tell(&mut self, words: &str) {
        let at = self.began.elapsed().as_secs();
        let mut lines = words.lines().filter(|line| !line.trim().is_empty());
        let first = format!(
            "{:02}:{:02}  {}",
            at / 60,
            at % 60,
            lines.next().unwrap_or_default()
        );
        for line in std::iter::once(first).chain(lines.map(|line| format!("       {line}"))) {
            println!("{line}");
            self.chat.push(line);
        }
    }

    /// What a bot's message looks like here: mentions by name, markup taken away.
    fn shown(&self, text: &str) -> String {
        let world = self.sandbox.hub().world();
        let mut shown = text.replace("**", "");
        for (id, user) in &world.users {
            let name = user.global_name.as_deref().unwrap_or(&user.name);
            shown = shown.replace(&format!("<@{id}>"), &format!("@{name}"));
        }
        for (id, channel) in &world.channels {
            shown = shown.replace(&format!("<#{id}>"), &format!("#{}", channel.name));
        }
        let mut parts = shown.split("<t:");
        let first = parts.next().unwrap_or_default().to_owned();
        let plain = parts.fold(first, |mut all, part| {
            all += "soon";
            all += part.split_once('>').map_or(part, |(_, after)| after);
            all
        });
        plain.replace('\\', "")
    }

    pub(crate) fn show(&mut self, seen: &Seen) {
        let text = self.shown(&seen.text);
        let whom = if seen.is_ephemeral {
            "Rondo (only to them): "
        } else {
            "Rondo: "
        };
        let buttons: Vec<String> = seen
            .buttons
            .iter()
            .map(|it| format!("[{}]", it.label))
            .collect();
        let files: Vec<String> = seen
            .files
            .iter()
            .map(|it| format!("📎 {}", it.name))
            .collect();
        let pictures = shown_pictures(seen);
        let pictures = pictures
            .iter()
            .filter_map(|url| url.split('?').next()?.rsplit('/').next())
            .map(|name| format!("🖼 {name}"));
        let files: Vec<String> = pictures.chain(files).collect();
        let mut lines = vec![format!("    {whom}{}", text.replace('\n', "\n    "))];
        if !buttons.is_empty() {
            lines.push(format!("    {}", buttons.join(" ")));
        }
        lines.extend(files.into_iter().map(|file| format!("    {file}")));
        self.tell(&lines.join("\n"));
    }

    /// A new member in the voice channel.
    pub(crate) fn joins(&mut self, name: &str) -> anyhow::Result<Member> {
        let mut member = self.guild.member(name, "en-US");
        anyhow::ensure!(
            member.join_voice(self.guild.lounge),
            "{name} could not join"
        );
        self.tell(&format!("{name} joins 🔊 lounge"));
        Ok(member)
    }

    /// Somebody runs a command; it and the answer are printed.
    pub(crate) async fn runs(
        &mut self,
        who: &Member,
        path: &str,
        options: Vec<(&str, Given)>,
    ) -> anyhow::Result<Answer> {
        let said: Vec<String> = options
            .iter()
            .map(|(name, given)| format!("{name}: {}", words_of(given)))
            .collect();
        let command = format!("{}: /{path} {}", who.name, said.join(" "));
        self.tell(command.trim_end());
        let answer = who.slash(&self.bot, path, options).await?;
        self.show_answer(&answer);
        Ok(answer)
    }

    pub(crate) fn show_answer(&mut self, answer: &Answer) {
        if let Some(seen) = answer.seen() {
            self.show(&seen.clone());
        }
    }

    /// Somebody presses a button.
    pub(crate) async fn presses(
        &mut self,
        who: &Member,
        on: &Seen,
        words: &str,
    ) -> anyhow::Result<Answer> {
        let label = on
            .button(words)
            .map(|it| it.label.clone())
            .unwrap_or_default();
        self.tell(&format!("{} presses [{label}]", who.name));
        let answer = who.press(on, words).await?;
        self.show_answer(&answer);
        Ok(answer)
    }

    pub(crate) fn reacts(&mut self, who: &Member, on: &Seen, emoji: &str) -> anyhow::Result<()> {
        who.react(on, emoji)?;
        self.tell(&format!("{} reacts {emoji}", who.name));
        Ok(())
    }

    /// The card of the song with this title, once its reactions are there.
    pub(crate) async fn card(&self, who: &Member, title: &str) -> anyhow::Result<Seen> {
        let bot = self.bot.id;
        let fits = |it: &Seen| {
            it.author_id == bot
                && it.button("skip:").is_some()
                && it.says(title)
                && it.reactions.len() >= 5
        };
        Ok(who
            .wait_to_see(&format!("the card of {title}"), PATIENCE, fits)
            .await?)
    }

    /// Waits for a message and prints it.
    pub(crate) async fn sees(
        &mut self,
        who: &Member,
        what: &str,
        fits: impl Fn(&Seen) -> bool,
    ) -> anyhow::Result<Seen> {
        let seen = who.wait_to_see(what, PATIENCE, fits).await?;
        self.show(&seen);
        Ok(seen)
    }

    /// Waits until the listener hears the tone as the newest, and tells it.
    pub(crate) async fn heard(&mut self, who: &Member, hz: f32, title: &str) -> anyhow::Result<()> {
        let look = |_: &_| {
            let all = who.hears().stretches();
            let last = all.into_iter().rfind(|it| it.hz.is_some())?;
            last.is(f64::from(hz)).then_some(last)
        };
        let found = until(self.sandbox.hub(), PATIENCE, look).await;
        let found =
            found.with_context(|| format!("{} does not hear {title} ({hz} Hz)", who.name))?;
        let heard = found.hz.unwrap_or_default();
        self.tell(&format!("    ♪ {} hears {heard:.1} Hz: {title}", who.name));
        Ok(())
    }

    /// The bot stops as a service would stop it, then the sandbox.
    pub(crate) async fn end(self) -> anyhow::Result<()> {
        self.process.stop().await?;
        self.sandbox.stop().await;
        Ok(())
    }
}

fn words_of(given: &Given) -> String {
    match given {
        Given::Text(text) => text.clone(),
        Given::Int(number) => number.to_string(),
        Given::Attachment { name, .. } => format!("📎 {name}"),
        _ => String::new(),
    }
}

/// The bot's program, which `make party` has built beside the examples.
fn program() -> anyhow::Result<PathBuf> {
    let own = std::env::current_exe()?;
    let folder = own
        .parent()
        .and_then(Path::parent)
        .context("this program lies nowhere")?;
    let program = folder.join("rondo");
    anyhow::ensure!(
        program.exists(),
        "{} is not built; run `make party`",
        program.display()
    );
    Ok(program)
}

/// The addresses of the pictures that embeds show: those are no attachments any more.
pub(crate) fn shown_pictures(seen: &Seen) -> Vec<String> {
    let embeds = seen.raw.get("embeds").and_then(Value::as_array);
    let urls = embeds.into_iter().flatten();
    let urls = urls.filter_map(|embed| embed.pointer("/image/url")?.as_str());
    urls.map(str::to_owned).collect()
}
