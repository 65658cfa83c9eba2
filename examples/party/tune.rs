//! Short pieces that the party makes itself: a steady tone with soft overtones and a slow tremolo,
//! each at a pitch of its own, so that what is heard can be told from what should be. Written as
//! WAV, FLAC or Opus in Ogg, with title and artist in the file.

#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    reason = "samples and seconds of short pieces fit"
)]

use std::f32::consts::TAU;

/// How a piece is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    Wav,
    Flac,
    OggOpus,
}

/// A piece of music that consists of one note.
#[derive(Clone, Debug)]
pub(crate) struct Piece {
    pub(crate) title: &'static str,
    pub(crate) artist: &'static str,
    /// Frequency of its strongest tone, Hz.
    pub(crate) hz: f32,
    pub(crate) seconds: u32,
    pub(crate) format: Format,
}

impl Piece {
    pub(crate) fn file_name(&self) -> String {
        let extension = match self.format {
            Format::Wav => "wav",
            Format::Flac => "flac",
            Format::OggOpus => "opus",
        };
        format!(
            "{}.{extension}",
            self.title.to_lowercase().replace(' ', "_")
        )
    }

    /// The whole file.
    pub(crate) fn bytes(&self) -> anyhow::Result<Vec<u8>> {
        match self.format {
            Format::Wav => wav(self),
            Format::Flac => flac(self),
            Format::OggOpus => ogg_opus(self),
        }
    }

    /// Interleaved stereo samples at `rate`, -1 to 1.
    fn samples(&self, rate: u32) -> Vec<f32> {
        let count = self.seconds * rate;
        let fade = rate / 50;
        (0..count)
            .flat_map(|index| {
                let seconds = f64::from(index) / f64::from(rate);
                let phase = (seconds * f64::from(self.hz)).fract() as f32 * TAU;
                let tremolo = 1.0 - 0.15 * (1.0 - (seconds as f32 * TAU * 2.0).cos());
                let edge = index.min(count - 1 - index).min(fade) as f32 / fade as f32;
                let tone = phase.sin() + 0.2 * (phase * 2.0).sin() + 0.1 * (phase * 3.0).sin();
                let value = 0.3 * tremolo * edge * tone;
                [value, value * 0.9]
            })
            .collect()
    }

    fn samples_16(&self, rate: u32) -> Vec<i16> {
        let scale = f32::from(i16::MAX);
        self.samples(rate)
            .into_iter()
            .map(|value| (value * scale) as i16)
            .collect()
    }

    /// The body of a Vorbis comment: vendor, then `KEY=value` texts, each with its length before it.
    fn vorbis_comment(&self) -> Vec<u8> {
        let comments = [
            format!("TITLE={}", self.title),
            format!("ARTIST={}", self.artist),
        ];
        let mut body = Vec::new();
        push_text(&mut body, "Rondo's party");
        push_u32(&mut body, comments.len());
        for comment in &comments {
            push_text(&mut body, comment);
        }
        body
    }
}

fn push_u32(body: &mut Vec<u8>, value: usize) {
    body.extend(u32::try_from(value).unwrap_or(u32::MAX).to_le_bytes());
}

fn push_text(body: &mut Vec<u8>, text: &str) {
    push_u32(body, text.len());
    body.extend(text.as_bytes());
}

/// WAV of 16 bits at 44.1 kHz with a RIFF INFO list.
fn wav(piece: &Piece) -> anyhow::Result<Vec<u8>> {
    let spec = hound::WavSpec {
        channels: 2,
        sample_rate: 44_100,
        bits_per_sample: 16,
        sample_format: hound::SampleFormat::Int,
    };
    let mut file = std::io::Cursor::new(Vec::new());
    let mut writer = hound::WavWriter::new(&mut file, spec)?;
    for sample in piece.samples_16(44_100) {
        writer.write_sample(sample)?;
    }
    writer.finalize()?;
    let mut bytes = file.into_inner();
    let mut list = b"INFO".to_vec();
    for (id, text) in [(b"INAM", piece.title), (b"IART", piece.artist)] {
        list.extend(id);
        push_u32(&mut list, text.len() + 1);
        list.extend(text.as_bytes());
        // A zero ends the text, and chunks are padded to even lengths.
        list.resize(list.len() + 1 + (text.len() + 1) % 2, 0);
    }
    // Before the sound: players do not look behind it.
    let data = bytes.windows(4).position(|four| four == b"data");
    let mut chunk = b"LIST".to_vec();
    push_u32(&mut chunk, list.len());
    chunk.extend(list);
    let at = data.unwrap_or(bytes.len());
    bytes.splice(at..at, chunk);
    let riff_length = u32::try_from(bytes.len() - 8)?.to_le_bytes();
    bytes.splice(4..8, riff_length);
    Ok(bytes)
}

/// Where the blocks after STREAMINFO begin.
const BEHIND_STREAM_INFO: usize = 42;

/// FLAC of 16 bits at 48 kHz with a Vorbis comment block behind its first block.
fn flac(piece: &Piece) -> anyhow::Result<Vec<u8>> {
    use flacenc::component::BitRepr;
    use flacenc::error::Verify;

    let samples: Vec<i32> = piece
        .samples_16(48_000)
        .into_iter()
        .map(i32::from)
        .collect();
    let config = flacenc::config::Encoder::default()
        .into_verified()
        .map_err(|(_, error)| anyhow::anyhow!("the FLAC encoder's settings: {error:?}"))?;
    let source = flacenc::source::MemSource::from_samples(&samples, 2, 16, 48_000);
    let stream = flacenc::encode_with_fixed_block_size(&config, source, config.block_size)
        .map_err(|error| anyhow::anyhow!("FLAC: {error:?}"))?;
    let mut sink = flacenc::bitsink::ByteSink::new();
    stream
        .write(&mut sink)
        .map_err(|error| anyhow::anyhow!("FLAC: {error:?}"))?;
    let mut bytes = sink.as_slice().to_vec();
    // The smallest block is by the format's definition not the last one, which this encoder counts.
    bytes.copy_within(10..12, 8);
    // "fLaC", a block header of 4 bytes and STREAMINFO of 34: the comment comes at 42, and the
    // mark of the last block (the header's highest bit) moves to it.
    let comment = piece.vorbis_comment();
    let is_last = bytes.get(4).is_some_and(|header| header & 0x80 != 0);
    if let Some(header) = bytes.get_mut(4) {
        *header &= 0x7F;
    }
    let mut block = vec![if is_last { 0x84 } else { 0x04 }];
    block.extend(
        u32::try_from(comment.len())?
            .to_be_bytes()
            .into_iter()
            .skip(1),
    );
    block.extend(comment);
    bytes.splice(BEHIND_STREAM_INFO..BEHIND_STREAM_INFO, block);
    Ok(bytes)
}

/// Opus in Ogg (RFC 7845), frames of 20 ms at 96 kbit/s.
fn ogg_opus(piece: &Piece) -> anyhow::Result<Vec<u8>> {
    use ogg::PacketWriteEndInfo::{EndPage, EndStream, NormalPacket};
    const SERIAL: u32 = 1;
    const FRAME: usize = 960;
    const PRE_SKIP: u16 = 312;

    let mut encoder =
        opus2::Encoder::new(48_000, opus2::Channels::Stereo, opus2::Application::Audio)?;
    encoder.set_bitrate(opus2::Bitrate::Bits(96_000))?;
    let mut head = b"OpusHead\x01\x02".to_vec();
    head.extend(PRE_SKIP.to_le_bytes());
    head.extend(48_000_u32.to_le_bytes());
    head.extend([0, 0, 0]);
    let mut tags = b"OpusTags".to_vec();
    tags.extend(piece.vorbis_comment());

    let mut writer = ogg::PacketWriter::new(Vec::new());
    writer.write_packet(head, SERIAL, EndPage, 0)?;
    writer.write_packet(tags, SERIAL, EndPage, 0)?;
    let samples = piece.samples(48_000);
    let frames = samples.chunks_exact(FRAME * 2);
    let last = frames.len();
    for (index, frame) in frames.enumerate() {
        let packet = encoder.encode_vec_float(frame, 1_275)?;
        let end = match index + 1 {
            number if number == last => EndStream,
            number if number % 50 == 0 => EndPage,
            _ => NormalPacket,
        };
        writer.write_packet(packet, SERIAL, end, ((index + 1) * FRAME) as u64)?;
    }
    Ok(writer.into_inner())
}
