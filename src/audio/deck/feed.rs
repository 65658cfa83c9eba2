//! Fills a playback of the deck ahead of time: from a file that was made ready, or from a process of
//! this program that decodes, levels and encodes what was not. It ends when the sound does, or when
//! nobody wants it any more, and the process with it.

use super::Deck;
use super::cached::Cached;
use super::queue::Made;
use super::seam::risen;
use crate::audio::preparer::Pin;
use bytes::Bytes;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::process::{Child, ChildStdin, Command};
use tokio::sync::mpsc;

/// The word by which the program knows that it is to decode and encode.
const STREAM: &str = "stream";
/// The name of what comes in by a pipe.
const PIPE: &str = "-";
/// Frames that are taken from the process at a time: half a second.
const BATCH: usize = 25;
/// Largest Opus packet.
const PACKET_LIMIT: usize = 1_275;
/// How long the process may take to say something.
const STALL_LIMIT: Duration = Duration::from_secs(15);

/// Bytes of a stream as they come in; its end is the end of the stream.
pub type LiveBytes = mpsc::Receiver<Bytes>;

/// Where the sound of a playback is.
#[derive(Debug)]
pub(crate) enum Source {
    /// A file that was made ready.
    Ready(PathBuf),
    /// The same, which must not be removed meanwhile.
    Pinned(PathBuf, Pin),
    /// A file as it came.
    Cold {
        program: PathBuf,
        file: PathBuf,
        /// What it is changed by, as far as that is known.
        gain_tenths: Option<i16>,
    },
    /// What comes in now.
    Live { program: PathBuf, bytes: LiveBytes },
}

/// Feeds the playback to its end, once its source is known.
pub(super) async fn feed(
    deck: &Deck,
    playback: u64,
    source: impl Future<Output = io::Result<Source>>,
    from: Duration,
) {
    let feeding = async { sound(deck, playback, source.await?, from).await };
    let fed = tokio::select! {
        fed = feeding => fed,
        // What is not wanted any more is not fetched or decoded to its end.
        () = deck.gone(playback) => return,
    };
    if let Err(error) = &fed {
        tracing::warn!(%error, "a sound broke off");
    }
    deck.finish(playback, fed.is_err());
}

async fn sound(deck: &Deck, playback: u64, source: Source, from: Duration) -> io::Result<()> {
    match source {
        Source::Ready(path) => ready(deck, playback, path, from).await,
        Source::Pinned(path, _pin) => ready(deck, playback, path, from).await,
        Source::Cold {
            program,
            file,
            gain_tenths,
        } => {
            let mut command = command(&program, &file);
            command.arg("--from-ms").arg(from.as_millis().to_string());
            if let Some(gain) = gain_tenths {
                // One word, since a number may begin with a dash.
                command.arg(format!("--gain-tenths={gain}"));
            }
            let child = command.stdin(Stdio::null()).spawn()?;
            encoded(deck, playback, (child, Duration::ZERO), Made::Cold).await
        }
        Source::Live { program, bytes } => {
            let mut command = command(&program, Path::new(PIPE));
            let child = command.stdin(Stdio::piped()).spawn()?;
            live(deck, playback, (child, from), bytes).await
        }
    }
}

async fn ready(deck: &Deck, playback: u64, path: PathBuf, from: Duration) -> io::Result<()> {
    let opening = tokio::task::spawn_blocking(move || {
        let (cached, frames) = Cached::open(&path, from)?;
        let frames = if from.is_zero() {
            frames
        } else {
            risen(frames)
        };
        io::Result::Ok((cached, frames))
    });
    let (mut cached, mut frames) = opening.await.map_err(io::Error::other)??;
    loop {
        if !deck.push(playback, Made::Ready, frames) || cached.is_over() {
            return Ok(());
        }
        if !deck.wants_more(playback).await {
            return Ok(());
        }
        let reading = tokio::task::spawn_blocking(move || {
            let frames = cached.read();
            (cached, frames)
        });
        let (back, read) = reading.await.map_err(io::Error::other)?;
        cached = back;
        frames = read?;
    }
}

/// A process that knows no token and ends with whoever waits for it.
fn command(program: &Path, file: &Path) -> Command {
    let mut command = Command::new(program);
    command.arg(STREAM).arg(file);
    command.env_clear().kill_on_drop(true);
    command.stdout(Stdio::piped()).stderr(Stdio::null());
    command
}

/// What comes in counts on from `from`: there is no way back to what sounded before.
async fn live(
    deck: &Deck,
    playback: u64,
    (mut child, from): (Child, Duration),
    bytes: LiveBytes,
) -> io::Result<()> {
    let Some(input) = child.stdin.take() else {
        return Err(io::ErrorKind::BrokenPipe.into());
    };
    tokio::select! {
        // Ends with the process, after what came in has sounded.
        sounded = encoded(deck, playback, (child, from), Made::Live) => sounded,
        never = pump(input, bytes) => match never {},
    }
}

/// Hands on what comes in, then closes the pipe; the sound of it goes on for a while.
async fn pump(mut input: ChildStdin, mut bytes: LiveBytes) -> std::convert::Infallible {
    while let Some(some) = bytes.recv().await {
        if input.write_all(&some).await.is_err() {
            break;
        }
    }
    drop(input);
    std::future::pending().await
}

/// Takes what the process encodes: the place where it begins, counted from `from`, then packets, then
/// an empty one.
async fn encoded(
    deck: &Deck,
    playback: u64,
    (mut child, from): (Child, Duration),
    made: Made,
) -> io::Result<()> {
    let Some(output) = child.stdout.take() else {
        return Err(io::ErrorKind::BrokenPipe.into());
    };
    let mut output = BufReader::new(output);
    let from_ms = in_time(output.read_u32_le()).await?;
    deck.begins_from(playback, from + Duration::from_millis(from_ms.into()));
    let mut in_its_middle = from_ms > 0;
    loop {
        let mut frames = Vec::with_capacity(BATCH);
        let mut over = false;
        while frames.len() < BATCH && !over {
            match in_time(packet(&mut output)).await? {
                Some(packet) => frames.push(packet),
                None => over = true,
            }
        }
        if std::mem::take(&mut in_its_middle) {
            let rising = tokio::task::spawn_blocking(move || risen(frames));
            frames = rising.await.map_err(io::Error::other)?;
        }
        if !deck.push(playback, made, frames) || over {
            return Ok(());
        }
        if !deck.wants_more(playback).await {
            return Ok(());
        }
    }
}

async fn packet(output: &mut (impl AsyncRead + Unpin)) -> io::Result<Option<Bytes>> {
    let length = usize::from(output.read_u16_le().await?);
    if length == 0 {
        return Ok(None);
    }
    if length > PACKET_LIMIT {
        return Err(io::ErrorKind::InvalidData.into());
    }
    let mut packet = vec![0; length];
    output.read_exact(&mut packet).await?;
    Ok(Some(packet.into()))
}

async fn in_time<T>(reading: impl Future<Output = io::Result<T>>) -> io::Result<T> {
    match tokio::time::timeout(STALL_LIMIT, reading).await {
        Ok(read) => read,
        Err(_) => Err(io::ErrorKind::TimedOut.into()),
    }
}
