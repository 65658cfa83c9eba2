//! The two encryption modes of voice packets and the layout both share (`rtpsize`). It turns a
//! datagram into a header and Opus, and back for tests; it does not judge what it opens.
//!
//! Layout (Discord's voice documentation): 12 bytes of RTP header, the contributing sources and the
//! 4 bytes that open a header extension are authenticated but clear; the extension's body and the
//! sound are encrypted; then a 16-byte tag and the 4 bytes of the nonce that differ. The cipher's
//! nonce is those four bytes followed by zeros.

use aes_gcm::aead::AeadInPlace;
use aes_gcm::{Aes256Gcm, KeyInit};
use chacha20poly1305::XChaCha20Poly1305;

const HEADER: usize = 12;
const TAG: usize = 16;
const NONCE: usize = 4;
/// Payload type of Opus on Discord, with RTP's marker bit clear.
const OPUS_TYPE: u8 = 0x78;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    Aes256Gcm,
    XChaCha20Poly1305,
}

impl Mode {
    pub const ALL: [Self; 2] = [Self::Aes256Gcm, Self::XChaCha20Poly1305];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Aes256Gcm => "aead_aes256_gcm_rtpsize",
            Self::XChaCha20Poly1305 => "aead_xchacha20_poly1305_rtpsize",
        }
    }

    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mode| mode.name() == name)
    }
}

/// A mode with a session's key.
pub enum Cipher {
    Aes256Gcm(Box<Aes256Gcm>),
    XChaCha20Poly1305(Box<XChaCha20Poly1305>),
}

impl std::fmt::Debug for Cipher {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Aes256Gcm(_) => "Cipher::Aes256Gcm",
            Self::XChaCha20Poly1305(_) => "Cipher::XChaCha20Poly1305",
        })
    }
}

/// A packet that was opened; `opus` lies in the caller's buffer.
#[derive(Debug, PartialEq, Eq)]
pub struct Opened<'a> {
    pub sequence: u16,
    pub timestamp: u32,
    pub ssrc: u32,
    pub nonce: u32,
    pub opus: &'a [u8],
}

/// Why a packet was not opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotOpened {
    /// Not RTP version 2 with payload type 0x78, or shorter than it says.
    Malformed,
    /// The tag does not fit.
    Undecryptable,
}

/// The ssrc of a datagram that looks like RTP.
pub(super) fn ssrc(datagram: &[u8]) -> Option<u32> {
    datagram.get(8..HEADER).map(be32)
}

fn be32(bytes: &[u8]) -> u32 {
    bytes
        .iter()
        .fold(0, |value, byte| value << 8 | u32::from(*byte))
}

/// Bytes that stay clear, and bytes of extension body that follow them encrypted.
fn clear_and_extension(datagram: &[u8]) -> Option<(usize, usize)> {
    let (first, kind) = (*datagram.first()?, *datagram.get(1)?);
    if first >> 6 != 2 || kind != OPUS_TYPE {
        return None;
    }
    let sources = HEADER + 4 * usize::from(first & 0x0F);
    if first & 0x10 == 0 {
        return Some((sources, 0));
    }
    let words = be32(datagram.get(sources + 2..sources + 4)?);
    Some((sources + 4, 4 * usize::try_from(words).ok()?))
}

impl Cipher {
    pub fn new(mode: Mode, key: &[u8; 32]) -> Self {
        match mode {
            Mode::Aes256Gcm => Self::Aes256Gcm(Box::new(Aes256Gcm::new(key.into()))),
            Mode::XChaCha20Poly1305 => {
                Self::XChaCha20Poly1305(Box::new(XChaCha20Poly1305::new(key.into())))
            }
        }
    }

    /// Decrypts a datagram in place.
    pub fn open<'a>(&self, datagram: &'a mut [u8]) -> Result<Opened<'a>, NotOpened> {
        let (clear, extension) = clear_and_extension(datagram).ok_or(NotOpened::Malformed)?;
        let end = datagram
            .len()
            .checked_sub(TAG + NONCE)
            .filter(|end| *end >= clear + extension)
            .ok_or(NotOpened::Malformed)?;
        let (head, rest) = datagram.split_at_mut(clear);
        let (body, tail) = rest.split_at_mut(end - clear);
        let (tag, suffix) = tail.split_at(TAG);
        let opened = match self {
            Self::Aes256Gcm(cipher) => cipher.decrypt_in_place_detached(
                &nonce::<12>(suffix).into(),
                head,
                body,
                tag.into(),
            ),
            Self::XChaCha20Poly1305(cipher) => cipher.decrypt_in_place_detached(
                &nonce::<24>(suffix).into(),
                head,
                body,
                tag.into(),
            ),
        };
        opened.map_err(|_| NotOpened::Undecryptable)?;
        let head: &[u8] = head;
        Ok(Opened {
            sequence: head
                .get(2..4)
                .and_then(|bytes| u16::try_from(be32(bytes)).ok())
                .unwrap_or_default(),
            timestamp: head.get(4..8).map(be32).unwrap_or_default(),
            ssrc: head.get(8..HEADER).map(be32).unwrap_or_default(),
            nonce: be32(suffix),
            opus: body.get(extension..).unwrap_or_default(),
        })
    }

    /// A whole datagram as a client would send it.
    pub fn seal(&self, sequence: u16, timestamp: u32, ssrc: u32, sound: (u32, &[u8])) -> Vec<u8> {
        let (count, opus) = sound;
        let mut datagram = vec![0x80, OPUS_TYPE];
        datagram.extend_from_slice(&sequence.to_be_bytes());
        datagram.extend_from_slice(&timestamp.to_be_bytes());
        datagram.extend_from_slice(&ssrc.to_be_bytes());
        let suffix = count.to_be_bytes();
        let mut body = opus.to_vec();
        let tag = match self {
            Self::Aes256Gcm(cipher) => cipher
                .encrypt_in_place_detached(&nonce::<12>(&suffix).into(), &datagram, &mut body)
                .map(|tag| tag.to_vec()),
            Self::XChaCha20Poly1305(cipher) => cipher
                .encrypt_in_place_detached(&nonce::<24>(&suffix).into(), &datagram, &mut body)
                .map(|tag| tag.to_vec()),
        };
        datagram.extend_from_slice(&body);
        datagram.extend_from_slice(&tag.expect("a frame is far shorter than the cipher's limit"));
        datagram.extend_from_slice(&suffix);
        datagram
    }
}

fn nonce<const N: usize>(suffix: &[u8]) -> [u8; N] {
    let mut nonce = [0; N];
    for (to, from) in nonce.iter_mut().zip(suffix) {
        *to = *from;
    }
    nonce
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sealed_packet_opens_with_its_own_key_only() {
        for mode in Mode::ALL {
            let cipher = Cipher::new(mode, &[7; 32]);
            let mut sealed = cipher.seal(258, 960, 42, (3, &[1, 2, 3]));
            let mut copy = sealed.clone();
            let opened = cipher.open(&mut sealed).unwrap();
            assert_eq!((opened.sequence, opened.timestamp), (258, 960));
            assert_eq!((opened.ssrc, opened.nonce), (42, 3));
            assert_eq!(opened.opus, &[1, 2, 3]);
            let other = Cipher::new(mode, &[8; 32]);
            assert_eq!(other.open(&mut copy), Err(NotOpened::Undecryptable));
        }
    }

    #[test]
    fn an_extension_body_is_encrypted_and_left_out() {
        let cipher = Aes256Gcm::new(&[7; 32].into());
        let mut datagram = vec![0x90, 0x78, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 0xBE, 0xDE, 0, 1];
        let mut body = vec![9, 9, 9, 9, 0xF8, 0xFF, 0xFE];
        let tag = cipher
            .encrypt_in_place_detached(&nonce::<12>(&[0, 0, 0, 5]).into(), &datagram, &mut body)
            .unwrap();
        datagram.extend_from_slice(&body);
        datagram.extend_from_slice(&tag);
        datagram.extend_from_slice(&[0, 0, 0, 5]);
        let cipher = Cipher::new(Mode::Aes256Gcm, &[7; 32]);
        assert_eq!(cipher.open(&mut datagram).unwrap().opus, [0xF8, 0xFF, 0xFE]);
    }

    #[test]
    fn what_is_not_rtp_is_malformed() {
        let cipher = Cipher::new(Mode::Aes256Gcm, &[7; 32]);
        assert_eq!(cipher.open(&mut [0; 60]), Err(NotOpened::Malformed));
        assert_eq!(cipher.open(&mut [0x80, 0x78, 0]), Err(NotOpened::Malformed));
    }
}
