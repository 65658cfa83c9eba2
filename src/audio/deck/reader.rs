//! The deck as songbird sees it: a container with one Opus track that never ends. It hands over
//! what the deck gives, or silence, and counts when songbird decodes all the same.

use super::Deck;
use crate::audio::prepare::silent_file;
use songbird::input::codecs::{get_codec_registry, get_probe};
use songbird::input::{AudioStream, Input, LiveInput, Parsed};
use std::io::{self, Cursor};
use symphonia::core::audio::AudioBufferRef;
use symphonia::core::codecs::{
    CodecDescriptor, CodecParameters, Decoder, DecoderOptions, FinalizeResult,
};
use symphonia::core::errors::{Error, Result, SeekErrorKind};
use symphonia::core::formats::{
    Cue, FormatOptions, FormatReader, Packet, SeekMode, SeekTo, SeekedTo, Track,
};
use symphonia::core::io::{MediaSource, MediaSourceStream};
use symphonia::core::meta::{Metadata, MetadataLog};

/// Samples a channel in a frame.
const SAMPLES: u64 = 960;
/// A frame without sound, as Discord wants it.
const SILENCE: [u8; 3] = [0xF8, 0xFF, 0xFE];

/// What songbird plays. A file with nothing in it is looked into, since what it says about a
/// container cannot be made in any other way.
pub(super) fn input(deck: &Deck) -> io::Result<Input> {
    let input: Box<dyn MediaSource> = Box::new(Cursor::new(silent_file()?));
    let live = LiveInput::Raw(AudioStream { input })
        .promote(get_codec_registry(), get_probe())
        .map_err(io::Error::other)?;
    let LiveInput::Parsed(parsed) = live else {
        return Err(io::Error::other("it was not parsed"));
    };
    let reader = Reader {
        tracks: parsed.format.tracks().to_vec(),
        track_id: parsed.track_id,
        drawn: 0,
        metadata: MetadataLog::default(),
        deck: deck.clone(),
    };
    let decoder = Counting {
        params: parsed.decoder.codec_params().clone(),
        decoder: parsed.decoder,
        deck: deck.clone(),
    };
    let parsed = Parsed {
        format: Box::new(reader),
        decoder: Box::new(decoder),
        track_id: parsed.track_id,
        meta: parsed.meta,
        supports_backseek: false,
    };
    Ok(Input::Live(LiveInput::Parsed(parsed), None))
}

struct Reader {
    tracks: Vec<Track>,
    track_id: u32,
    drawn: u64,
    metadata: MetadataLog,
    deck: Deck,
}

impl FormatReader for Reader {
    fn try_new(_: MediaSourceStream, _: &FormatOptions) -> Result<Self> {
        Err(Error::Unsupported("a deck is not read from anything"))
    }

    fn cues(&self) -> &[Cue] {
        &[]
    }

    fn metadata(&mut self) -> Metadata<'_> {
        self.metadata.metadata()
    }

    fn seek(&mut self, _: SeekMode, _: SeekTo) -> Result<SeekedTo> {
        Err(Error::SeekError(SeekErrorKind::Unseekable))
    }

    fn tracks(&self) -> &[Track] {
        &self.tracks
    }

    fn next_packet(&mut self) -> Result<Packet> {
        let (track, at) = (self.track_id, self.drawn * SAMPLES);
        self.drawn += 1;
        Ok(self.deck.draw(|frame| {
            let frame = frame.map_or(SILENCE.as_slice(), |frame| frame);
            Packet::new_from_slice(track, at, SAMPLES, frame)
        }))
    }

    fn into_inner(self: Box<Self>) -> MediaSourceStream {
        let nothing = Box::new(Cursor::new(Vec::new()));
        MediaSourceStream::new(
            nothing,
            symphonia::core::io::MediaSourceStreamOptions::default(),
        )
    }
}

/// The decoder that songbird would use if it did not pass packets on.
struct Counting {
    /// What `decoder` says, which songbird asks for every frame.
    params: CodecParameters,
    decoder: Box<dyn Decoder>,
    deck: Deck,
}

impl Decoder for Counting {
    fn try_new(_: &CodecParameters, _: &DecoderOptions) -> Result<Self> {
        Err(Error::Unsupported("it only counts for another decoder"))
    }

    fn supported_codecs() -> &'static [CodecDescriptor] {
        &[]
    }

    fn reset(&mut self) {
        self.decoder.reset();
    }

    fn codec_params(&self) -> &CodecParameters {
        &self.params
    }

    fn decode(&mut self, packet: &Packet) -> Result<AudioBufferRef<'_>> {
        self.deck.count_decoded();
        self.decoder.decode(packet)
    }

    fn finalize(&mut self) -> FinalizeResult {
        self.decoder.finalize()
    }

    fn last_decoded(&self) -> AudioBufferRef<'_> {
        self.decoder.last_decoded()
    }
}
