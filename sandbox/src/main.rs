//! The sandbox as a program: `serve` runs one to try a bot against by hand, `check` runs one in
//! which somebody asks a bot for a tone and listens whether it comes.

#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "it speaks to whoever runs it in a terminal"
)]

use discord_sandbox::ears::Heard;
use discord_sandbox::people::{Answer, Bot, until};
use discord_sandbox::permissions::{
    CONNECT, EMBED_LINKS, READ_MESSAGE_HISTORY, SEND_MESSAGES, SPEAK, VIEW_CHANNEL,
};
use discord_sandbox::server::{GuildSet, Ports, Sandbox, StartError};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

const USAGE: &str = "\
discord-sandbox serve FOLDER   runs until Ctrl-C; FOLDER gets sandbox.env and ca.pem
discord-sandbox check FOLDER   the same, but somebody runs /tone and listens for 440 Hz

Give a bot the variables of sandbox.env. The commands of a bot appear when it registers them.";

/// What the clients of `check` play.
const TONE_HZ: f64 = 440.0;
/// How long the tone has to be heard.
const TONE_MS: u64 = 3_500;
/// How long a client may take to log in and register its command.
const LOGIN_LIMIT: Duration = Duration::from_mins(1);
/// How long a client may take to play its tone.
const TONE_LIMIT: Duration = Duration::from_secs(30);

#[derive(Debug, thiserror::Error)]
enum Failed {
    #[error("{0}")]
    Start(#[from] StartError),
    #[error("the folder cannot be written: {0}")]
    Folder(#[from] std::io::Error),
    #[error("the check failed: {0}")]
    Check(String),
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let result = match *words.as_slice() {
        ["serve", folder] => serve(Path::new(folder)).await,
        ["check", folder] => check(Path::new(folder)).await,
        _ => {
            println!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

/// A sandbox with one guild and one bot, and the file that tells a bot where it is.
async fn open(folder: &Path) -> Result<(Sandbox, GuildSet, Bot), Failed> {
    std::fs::create_dir_all(folder)?;
    let ca: PathBuf = folder.join("ca.pem");
    let sandbox = Sandbox::start(Ports::any(ca)).await?;
    let guild = sandbox.guild("Home", "Ada");
    let bot = sandbox.bot("Tester", 0);
    let rights =
        VIEW_CHANNEL | SEND_MESSAGES | READ_MESSAGE_HISTORY | EMBED_LINKS | CONNECT | SPEAK;
    guild.invite(&bot, rights);
    let mut settings = String::new();
    let ca = std::path::absolute(sandbox.ca_file())?;
    for (name, value) in [
        ("DISCORD_TOKEN", bot.token.clone()),
        ("DISCORD_API_BASE", sandbox.base()),
        ("SSL_CERT_FILE", ca.display().to_string()),
    ] {
        // Writing to a text cannot fail.
        let _written = writeln!(settings, "{name}={value}");
    }
    std::fs::write(folder.join("sandbox.env"), &settings)?;
    print!("{settings}");
    Ok((sandbox, guild, bot))
}

async fn serve(folder: &Path) -> Result<(), Failed> {
    let (sandbox, guild, _) = open(folder).await?;
    println!(
        "The guild Home ({}) has the text channel {} and the voice channel {}.",
        guild.id, guild.text, guild.lounge
    );
    tokio::signal::ctrl_c().await?;
    sandbox.stop().await;
    Ok(())
}

async fn check(folder: &Path) -> Result<(), Failed> {
    let (sandbox, guild, bot) = open(folder).await?;
    let result = listen(&sandbox, &guild, &bot).await;
    sandbox.stop().await;
    match result {
        Ok(report) => {
            println!("PASSED: {report}");
            Ok(())
        }
        Err(why) => Err(Failed::Check(why)),
    }
}

async fn listen(sandbox: &Sandbox, guild: &GuildSet, bot: &Bot) -> Result<String, String> {
    // A client may register its commands before it is connected.
    let has_command = |hub: &discord_sandbox::world::Hub| {
        if sandbox.gateway().connections(bot.id) == 0 {
            return None;
        }
        let world = hub.world();
        let commands = &world.applications.get(&bot.id)?.commands;
        let mut named = commands.iter().filter_map(|it| it.get("name")?.as_str());
        named.any(|name| name == "tone").then_some(())
    };
    until(sandbox.hub(), LOGIN_LIMIT, has_command)
        .await
        .ok_or("the bot did not connect and register a command /tone")?;
    let mut bo = guild.member("Bo", "en-US");
    if !bo.join_voice(guild.lounge) {
        return Err("Bo may not join the voice channel".to_owned());
    }
    let answer = bo.slash(bot, "tone", Vec::new()).await;
    let answer = answer.map_err(|error| error.to_string())?;
    let Answer::Said(said) = answer else {
        return Err(format!("/tone was answered with {answer:?}"));
    };
    let heard = until(sandbox.hub(), TONE_LIMIT, |_| {
        let stretches = bo.hears().stretches();
        stretches
            .into_iter()
            .find(|it| it.is(TONE_HZ) && it.length_ms() >= TONE_MS)
    })
    .await;
    let heard = heard.ok_or_else(|| format!("heard instead: {:?}", bo.hears().stretches()))?;
    // Silence frames follow the last sound.
    let is_clean = |_: &_| {
        let all = sandbox.voice().ears().heard_by_all();
        all.iter().all(Heard::is_clean).then_some(())
    };
    let clean = until(sandbox.hub(), TONE_LIMIT, is_clean).await;
    clean.ok_or_else(|| format!("wrong: {:?}", sandbox.voice().ears().heard_by_all()))?;
    let understood = sandbox.voice().ears().understood(bo.id);
    if understood.unreadable > 0 || understood.read == 0 {
        return Err(format!("not all could be decrypted: {understood:?}"));
    }
    Ok(format!(
        "/tone was answered with \"{}\", and Bo heard {TONE_HZ} Hz for {} ms, {} frames of it \
         decrypted end to end ({} before the group was there)",
        said.text.trim(),
        heard.length_ms(),
        understood.read,
        understood.before + understood.plain,
    ))
}
