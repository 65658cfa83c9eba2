//! How payloads travel: as text, each packed by itself, or in one zlib stream for the connection.

use flate2::{Compress, Compression, FlushCompress, write::ZlibEncoder};
use std::io::Write;
use tokio_tungstenite::tungstenite::Message;

/// The encoding of one connection.
#[derive(Debug)]
pub(super) enum Codec {
    Text,
    /// `compress: true` in IDENTIFY: each payload its own zlib stream.
    Payload,
    /// `compress=zlib-stream` in the address.
    Stream(Box<Compress>),
}

impl Codec {
    /// By the query of the address; `None` for what is not offered here.
    pub(super) fn of(query: &str) -> Option<Self> {
        match parameter(query, "compress") {
            None => Some(Self::Text),
            Some("zlib-stream") => Some(Self::Stream(Box::new(Compress::new(
                Compression::fast(),
                true,
            )))),
            Some(_) => None,
        }
    }

    pub(super) fn encode(&mut self, text: &str) -> Message {
        match self {
            Self::Text => Message::text(text),
            Self::Payload => {
                let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
                // Writing into memory does not fail.
                let packed = encoder
                    .write_all(text.as_bytes())
                    .and_then(|()| encoder.finish());
                Message::binary(packed.unwrap_or_default())
            }
            Self::Stream(stream) => Message::binary(stream_part(stream, text.as_bytes())),
        }
    }
}

/// The next part of the stream, up to a sync flush (`00 00 ff ff`).
fn stream_part(stream: &mut Compress, mut input: &[u8]) -> Vec<u8> {
    let mut output = Vec::with_capacity(input.len() / 2 + 64);
    loop {
        let before = stream.total_in();
        if stream
            .compress_vec(input, &mut output, FlushCompress::Sync)
            .is_err()
        {
            return output;
        }
        let taken = usize::try_from(stream.total_in() - before).unwrap_or(input.len());
        input = input.get(taken..).unwrap_or_default();
        // With room left, everything including the flush is out.
        if input.is_empty() && output.len() < output.capacity() {
            return output;
        }
        output.reserve(output.capacity().max(64));
    }
}

/// A parameter of a query.
pub(super) fn parameter<'a>(query: &'a str, name: &str) -> Option<&'a str> {
    query
        .split('&')
        .find_map(|pair| pair.split_once('=').filter(|(key, _)| *key == name))
        .map(|(_, value)| value)
}
