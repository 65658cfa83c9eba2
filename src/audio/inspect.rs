//! What a file really is, whatever its name says: container, codec, tags, cover and true length.
//! The length is walked, not read from a header, and a first stretch is really decoded, so that
//! what cannot be played is known before it is anybody's turn.

mod walk;

use self::walk::walk;
use super::budget::{Budget, Counted};
use super::clean::{cleaned, is_legible};
use super::codec::decoder_of;
use super::loudness;
use super::webm;
use serde::{Deserialize, Serialize};
use songbird::input::codecs::get_probe;
use std::fs::File;
use std::io::Read;
use std::ops::RangeInclusive;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::time::Duration;
use symphonia::core::audio::SignalSpec;
use symphonia::core::codecs::{
    CODEC_TYPE_AAC, CODEC_TYPE_ALAC, CODEC_TYPE_FLAC, CODEC_TYPE_MP1, CODEC_TYPE_MP2,
    CODEC_TYPE_MP3, CODEC_TYPE_NULL, CODEC_TYPE_OPUS, CODEC_TYPE_VORBIS, CodecParameters,
    CodecType,
};
use symphonia::core::formats::FormatOptions;
use symphonia::core::io::{MediaSourceStream, MediaSourceStreamOptions};
use symphonia::core::meta::{Limit, MetadataOptions, MetadataRevision, StandardTagKey};
use symphonia::core::probe::Hint;

/// Largest cover picture.
pub(super) const COVER_LIMIT: usize = 5 * 1024 * 1024;
const TAGS_LIMIT: usize = 16 * 1024 * 1024;
/// What sound there is has a rate and a number of channels like these. Others are asked for by files
/// that want a converter to take all the memory there is.
const RATES: RangeInclusive<u32> = 4_000..=768_000;
const CHANNELS: RangeInclusive<usize> = 1..=8;

/// What a file turned out to be.
#[derive(Clone, Debug, Default)]
pub(super) struct Inspected {
    /// By content: `mp3`, `m4a`, `flac`, `wav`, `ogg`, `opus`, `webm`, `aiff`, `aac`, `caf`.
    pub(super) extension: &'static str,
    pub(super) length: Duration,
    pub(super) title: Option<String>,
    pub(super) artist: Option<String>,
    pub(super) album: Option<String>,
    pub(super) cover: Option<Cover>,
    /// See [`crate::domain::track::Track::gain_tenths`].
    pub(super) gain_tenths: Option<i16>,
}

/// A picture in a file.
#[derive(Clone)]
pub(super) struct Cover {
    pub(super) extension: &'static str,
    pub(super) bytes: Box<[u8]>,
}

impl std::fmt::Debug for Cover {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} ({} bytes)", self.extension, self.bytes.len())
    }
}

/// Why a file cannot be played.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Unplayable {
    /// Not audio, or nothing that is known.
    NotSound,
    /// Audio of a known kind that cannot be decoded.
    Broken,
    /// No sound in it.
    Empty,
}

/// Looks into the file. Blocks; call it on a thread for that.
pub(super) fn inspect(path: &Path) -> Result<Inspected, Unplayable> {
    guarded(|| inspect_unguarded(path)).unwrap_or(Err(Unplayable::Broken))
}

/// The decoders are fed by strangers: a panic of theirs is an unreadable file, and `None` here.
pub(super) fn guarded<T>(work: impl FnOnce() -> T) -> Option<T> {
    catch_unwind(AssertUnwindSafe(work)).ok()
}

fn inspect_unguarded(path: &Path) -> Result<Inspected, Unplayable> {
    let mut beginning = Vec::new();
    let file = File::open(path).map_err(|_| Unplayable::Empty)?;
    file.take(64)
        .read_to_end(&mut beginning)
        .map_err(|_| Unplayable::Empty)?;
    if beginning.is_empty() {
        return Err(Unplayable::Empty);
    }
    let mut budget = Budget::begin();
    let (source, count) = Counted::open(path).map_err(|_| Unplayable::Empty)?;
    let stream = MediaSourceStream::new(Box::new(source), MediaSourceStreamOptions::default());
    let limits = MetadataOptions {
        limit_metadata_bytes: Limit::Maximum(TAGS_LIMIT),
        limit_visual_bytes: Limit::Maximum(COVER_LIMIT),
    };
    let formats = FormatOptions::default();
    let mut probed = get_probe()
        .format(&Hint::new(), stream, &formats, &limits)
        .map_err(|error| {
            tracing::debug!(%error, "not read");
            if is_known(&beginning) {
                Unplayable::Broken
            } else {
                Unplayable::NotSound
            }
        })?;
    let mut found = Inspected::default();
    if let Some(revision) = probed.metadata.get().as_ref().and_then(|log| log.current()) {
        read_tags(revision, &mut found);
    }
    let format = &mut probed.format;
    if let Some(revision) = format.metadata().skip_to_latest() {
        read_tags(revision, &mut found);
    }
    let track = format
        .tracks()
        .iter()
        .find(|track| is_audio(&track.codec_params))
        .ok_or(Unplayable::NotSound)?;
    let (id, params) = (track.id, track.codec_params.clone());
    let decoder = decoder_of(&params).map_err(|_| Unplayable::NotSound)?;
    found.extension = extension(&beginning, params.codec);
    if found.extension == "webm" && found.title.is_none() {
        found.title = webm_title(path);
    }
    let mut get_on = || budget.progress_to(count.bytes());
    let (length, guessed) = walk(format.as_mut(), decoder, (id, &params), &mut get_on)?;
    found.length = length;
    if let Some(revision) = format.metadata().skip_to_latest() {
        read_tags(revision, &mut found);
    }
    // What somebody measured over the whole is better than a guess by the beginning.
    found.gain_tenths = found.gain_tenths.or(guessed);
    Ok(found)
}

fn webm_title(path: &Path) -> Option<String> {
    let mut beginning = Vec::new();
    let file = File::open(path).ok()?;
    file.take(webm::BEGINNING)
        .read_to_end(&mut beginning)
        .ok()?;
    cleaned(&webm::title(&beginning)?)
}

/// Only sound has a sample rate.
fn is_audio(params: &CodecParameters) -> bool {
    let has_sound = params.sample_rate.is_some()
        || params.channels.is_some()
        || params.codec == CODEC_TYPE_OPUS;
    has_sound && params.codec != CODEC_TYPE_NULL
}

/// Whether the sound can be converted to ours.
pub(super) fn is_plausible(spec: SignalSpec) -> bool {
    RATES.contains(&spec.rate) && CHANNELS.contains(&spec.channels.count())
}

fn read_tags(revision: &MetadataRevision, found: &mut Inspected) {
    for tag in revision.tags() {
        // The tags of WebM are only known by their names.
        found.gain_tenths = found.gain_tenths.or_else(|| loudness::tagged(tag));
        let place = match (tag.std_key, tag.key.as_str()) {
            (Some(StandardTagKey::TrackTitle), _) | (None, "TITLE") => &mut found.title,
            (Some(StandardTagKey::Artist), _) | (None, "ARTIST") => &mut found.artist,
            (Some(StandardTagKey::Album), _) | (None, "ALBUM") => &mut found.album,
            _ => continue,
        };
        let text = cleaned(&tag.value.to_string());
        if let Some(text) = text.filter(|it| is_legible(it)) {
            place.get_or_insert(text);
        }
    }
    for visual in revision.visuals() {
        if found.cover.is_none()
            && visual.data.len() <= COVER_LIMIT
            && let Some(extension) = picture(&visual.data)
        {
            found.cover = Some(Cover {
                extension,
                bytes: visual.data.clone(),
            });
        }
    }
}

/// The kind of a picture, by its first bytes.
pub(super) fn picture(bytes: &[u8]) -> Option<&'static str> {
    if bytes.starts_with(b"\xFF\xD8\xFF") {
        Some("jpg")
    } else if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        Some("png")
    } else if bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
        Some("webp")
    } else {
        None
    }
}

/// Whether the file begins like one of the containers that are played.
fn is_known(beginning: &[u8]) -> bool {
    container(beginning).is_some()
}

fn container(beginning: &[u8]) -> Option<&'static str> {
    let at = |from: usize, what: &[u8]| beginning.get(from..from + what.len()) == Some(what);
    if at(0, b"fLaC") {
        Some("flac")
    } else if at(0, b"RIFF") && at(8, b"WAVE") {
        Some("wav")
    } else if at(0, b"FORM") && (at(8, b"AIFF") || at(8, b"AIFC")) {
        Some("aiff")
    } else if at(0, b"OggS") {
        Some("ogg")
    } else if at(0, b"\x1A\x45\xDF\xA3") {
        Some("webm")
    } else if at(4, b"ftyp") {
        Some("m4a")
    } else if at(0, b"caff") {
        Some("caf")
    } else if at(0, b"ID3") {
        Some("mp3")
    } else {
        None
    }
}

fn extension(beginning: &[u8], codec: CodecType) -> &'static str {
    match (container(beginning), codec) {
        (Some("ogg"), CODEC_TYPE_OPUS) => "opus",
        // An ID3 tag may stand before anything.
        (Some("mp3") | None, CODEC_TYPE_FLAC) => "flac",
        (Some("mp3") | None, CODEC_TYPE_AAC) => "aac",
        (None, CODEC_TYPE_MP1 | CODEC_TYPE_MP2 | CODEC_TYPE_MP3) => "mp3",
        (None, CODEC_TYPE_ALAC) => "m4a",
        (None, CODEC_TYPE_VORBIS) => "ogg",
        (Some(container), _) => container,
        (None, _) => "bin",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_that_follow_each_other_in_one_file_are_as_long_as_all_of_them() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/media");
        let one = |name: &str| std::fs::read(folder.join(name)).unwrap();
        let scratch = tempfile::TempDir::new().unwrap();
        let file = scratch.path().join("joined");
        for (first, second) in [("tone.opus", "tone.opus"), ("vorbis.ogg", "tone.opus")] {
            std::fs::write(&file, [one(first), one(second)].concat()).unwrap();
            let found = inspect(&file).unwrap();
            let off = found.length.abs_diff(Duration::from_secs(3));
            assert!(
                off < Duration::from_millis(50),
                "{first}: {:?}",
                found.length
            );
        }
    }
}
