//! One evening from the first command to the shared playlist, with the real bot, in a local sandbox
//! and without a Discord account. Prints it like a chat, leaves what is left of it in `party/`, and
//! ends with exit code 1 if what was heard is not what was played.
//!
//! `MUSIC=folder` plays files of yours, as the bot's library, instead of the pieces made here.

#![expect(clippy::print_stdout, reason = "the evening is told in the terminal")]

#[path = "party/evening.rs"]
mod evening;
#[path = "party/process.rs"]
mod process;
#[path = "party/report.rs"]
mod report;
#[path = "party/script.rs"]
mod script;
#[path = "party/tune.rs"]
mod tune;

use evening::Evening;
use std::path::PathBuf;
use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            println!("\nThe party broke off: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Whether what was heard is what was played.
async fn run() -> anyhow::Result<bool> {
    let music = music_folder();
    let folder = PathBuf::from("party");
    let mut evening = Evening::begin(&folder, music.as_deref()).await?;
    let played = match &music {
        None => script::with_own_pieces(&mut evening).await,
        Some(folder) => script::with_music(&mut evening, folder).await,
    };
    let played = match played {
        Ok(played) => played,
        Err(error) => {
            println!("\nThe bot's log ends so:\n{}", evening.log_end());
            return Err(error);
        }
    };
    let is_right = report::leave(&evening, &folder, &played)?;
    evening.end().await?;
    Ok(is_right)
}

/// The folder that `MUSIC` names.
fn music_folder() -> Option<PathBuf> {
    let folder = std::env::var_os("MUSIC").filter(|name| !name.is_empty())?;
    Some(PathBuf::from(folder))
}
