//! ffmpeg, which nobody here wrote, makes files of other formats.

use anyhow::Context;
use std::path::Path;
use std::process::Command;

/// Without questions, and without words beyond what is asked for.
pub(crate) fn ffmpeg() -> Command {
    let mut command = Command::new("ffmpeg");
    command.args(["-nostdin", "-hide_banner", "-y"]);
    command
}

/// Makes a file; `from` and `to` are ffmpeg's arguments on both sides.
pub(crate) fn convert(from: &[&str], to: &[&str], file: &Path) -> anyhow::Result<()> {
    let mut command = ffmpeg();
    command.args(["-v", "error"]).args(from).args(to).arg(file);
    let status = command.status().context("is ffmpeg installed?")?;
    anyhow::ensure!(status.success(), "ffmpeg ended with {status}");
    Ok(())
}
