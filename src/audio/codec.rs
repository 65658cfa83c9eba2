//! The decoder of a track. What can be decoded stands in songbird's list of codecs; here is only made
//! readable what a container wraps.

use songbird::input::codecs::get_codec_registry;
use symphonia::core::codecs::{CODEC_TYPE_ALAC, CodecParameters, Decoder, DecoderOptions};
use symphonia::core::errors::Error;

/// What decodes a track with these parameters.
pub(super) fn decoder_of(params: &CodecParameters) -> Result<Box<dyn Decoder>, Error> {
    let options = DecoderOptions::default();
    let cookie = params.extra_data.as_deref();
    let is_alac = params.codec == CODEC_TYPE_ALAC;
    match cookie.filter(|_| is_alac).and_then(configuration) {
        Some(configuration) => {
            let mut params = params.clone();
            params.extra_data = Some(configuration.into());
            get_codec_registry().make(&params, &options)
        }
        None => get_codec_registry().make(params, &options),
    }
}

/// The configuration of ALAC within its cookie as Core Audio wrote it in CAF and others still do: in
/// atoms of `QuickTime`, `frma` with the name of the codec, then `alac` with a version before it
/// (Apple's `ALACMagicCookieDescription.txt`). `None` when it is not wrapped.
fn configuration(cookie: &[u8]) -> Option<&[u8]> {
    const LENGTH: usize = 24;
    const FORMAT: &[u8] = b"\0\0\0\x0cfrmaalac";
    let atom = cookie.strip_prefix(FORMAT).unwrap_or(cookie);
    let inside = atom.get(4..8) == Some(b"alac");
    inside.then(|| atom.get(12..12 + LENGTH)).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_is_unwrapped_if_it_is_wrapped_and_whole() {
        let bare = *b"\0\0\x10\0\0\x10\x28\x0a\x0e\x02\0\0\0\0\0\0\0\0\0\0\0\0\xac\x44";
        let atom = [b"\0\0\0\x24alac\0\0\0\0".as_slice(), &bare].concat();
        let both = [b"\0\0\0\x0cfrmaalac".as_slice(), &atom, &[0; 8]].concat();
        assert_eq!(configuration(&atom), Some(&bare[..]));
        assert_eq!(configuration(&both), Some(&bare[..]));
        for unwrapped in [&bare[..], &atom[..30], b"", b"\0\0\0\x0cfrmaalac"] {
            assert_eq!(configuration(unwrapped), None);
        }
    }
}
