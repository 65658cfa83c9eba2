//! ffmpeg's meter (`ebur128`) and its decoders, which nobody here wrote, judge what ours made.

use crate::ffmpeg::ffmpeg;
use anyhow::Context;
use std::io::{BufReader, Read};
use std::path::Path;
use std::process::Stdio;

/// What a track measures as a whole.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Loudness {
    /// Integrated, LUFS.
    pub(crate) lufs: f64,
    /// dB true peak.
    pub(crate) peak_dbtp: f64,
}

/// Measures a file with ffmpeg's meter, as 48 kHz stereo.
pub(crate) fn loudness(file: &Path) -> anyhow::Result<Loudness> {
    let mut command = ffmpeg();
    command.arg("-i").arg(file).args(["-vn", "-af"]);
    command
        .arg("aresample=48000,aformat=channel_layouts=stereo,ebur128=peak=true:framelog=verbose");
    command.args(["-f", "null", "-"]);
    let output = command.output().context("is ffmpeg installed?")?;
    let said = String::from_utf8_lossy(&output.stderr);
    anyhow::ensure!(output.status.success(), "ffmpeg did not measure: {said}");
    let summary = said
        .rsplit_once("Summary:")
        .context("ffmpeg measured nothing")?;
    // "    I:         -14.0 LUFS", "    Peak:       -1.0 dBFS"
    let number = |name: &str| {
        let line = summary.1.lines().find(|line| line.trim().starts_with(name));
        let word = line.and_then(|line| line.split_whitespace().nth(1));
        word.and_then(|word| word.parse().ok())
            .with_context(|| format!("ffmpeg did not measure {name}"))
    };
    Ok(Loudness {
        lufs: number("I:")?,
        peak_dbtp: number("Peak:")?,
    })
}

/// Decodes a file to 48 kHz stereo; `sink` is given interleaved samples piece by piece.
pub(crate) fn decode(file: &Path, sink: &mut impl FnMut(&[f32])) -> anyhow::Result<()> {
    let mut command = ffmpeg();
    command.args(["-v", "error", "-i"]).arg(file);
    command.args(["-vn", "-ar", "48000", "-ac", "2", "-f", "f32le", "-"]);
    let mut child = command.stdout(Stdio::piped()).spawn()?;
    let mut sound = BufReader::new(child.stdout.take().context("ffmpeg says nothing")?);
    let mut bytes = vec![0; 1 << 16];
    loop {
        let mut filled = 0;
        while let Some(rest) = bytes.get_mut(filled..).filter(|rest| !rest.is_empty()) {
            match sound.read(rest)? {
                0 => break,
                length => filled += length,
            }
        }
        let whole = bytes.get(..filled).unwrap_or_default();
        let samples: Vec<f32> = whole
            .chunks_exact(4)
            .filter_map(|four| Some(f32::from_le_bytes(four.try_into().ok()?)))
            .collect();
        sink(&samples);
        if filled < bytes.len() {
            break;
        }
    }
    let status = child.wait()?;
    anyhow::ensure!(status.success(), "ffmpeg ended with {status}");
    Ok(())
}
