//! Members' tokens at rest: XChaCha20-Poly1305 with a key that the owner sets, a nonce that is given,
//! and the member and the service as associated data, so that a row cannot be moved to somebody else.

use super::{Token, hex};
use crate::domain::ids::MemberId;
use crate::domain::scrobbling::Service;
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use std::fmt;

/// Bytes of a nonce (draft-irtf-cfrg-xchacha-03): so many that random ones never meet.
pub const NONCE_LENGTH: usize = 24;
const KEY_LENGTH: usize = 32;
/// What a kept token begins with, should there ever be another way.
const WAY: &str = "x1:";

/// The owner's key is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "RONDO_SECRET_KEY has to be 32 random bytes in base64 or hexadecimal, as \
     `openssl rand -base64 32` makes them"
)]
pub struct KeyUnclear;

/// What is kept cannot be opened with this key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the token was kept with another key")]
pub struct SealBroken;

/// Closes and opens what is kept.
#[derive(Clone)]
pub struct Seal(XChaCha20Poly1305);

impl fmt::Debug for Seal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(seal)")
    }
}

fn associated((member, service): (MemberId, Service)) -> String {
    format!("rondo:scrobble:{member}:{}", service.key())
}

impl Seal {
    /// From 32 bytes in base64 (either alphabet, padded or not) or hexadecimal.
    pub fn of_key(text: &str) -> Result<Seal, KeyUnclear> {
        let text = text.trim();
        let key = unhex(text).filter(|key| key.len() == KEY_LENGTH);
        let key = key.or_else(|| unbase64(text)).ok_or(KeyUnclear)?;
        // One sign over and over is what somebody typed to have something there.
        if key.iter().all(|byte| Some(byte) == key.first()) {
            return Err(KeyUnclear);
        }
        let cipher = XChaCha20Poly1305::new_from_slice(&key).map_err(|_| KeyUnclear)?;
        Ok(Seal(cipher))
    }

    /// The token as text to keep. The nonce has to be another one each time.
    pub fn close(
        &self,
        token: &Token,
        owner: (MemberId, Service),
        nonce: [u8; NONCE_LENGTH],
    ) -> String {
        let owner = associated(owner);
        let payload = Payload {
            msg: token.reveal().as_bytes(),
            aad: owner.as_bytes(),
        };
        let closed = self.0.encrypt(XNonce::from_slice(&nonce), payload);
        let closed = closed.expect("a token is shorter than what the cipher takes");
        format!("{WAY}{}{}", hex(&nonce), hex(&closed))
    }

    /// The token that was kept for them.
    pub fn open(&self, kept: &str, owner: (MemberId, Service)) -> Result<Token, SealBroken> {
        let bytes = kept.strip_prefix(WAY).and_then(unhex).ok_or(SealBroken)?;
        let (nonce, closed) = bytes.split_at_checked(NONCE_LENGTH).ok_or(SealBroken)?;
        let owner = associated(owner);
        let payload = Payload {
            msg: closed,
            aad: owner.as_bytes(),
        };
        let opened = self.0.decrypt(XNonce::from_slice(nonce), payload);
        let text = String::from_utf8(opened.map_err(|_| SealBroken)?).map_err(|_| SealBroken)?;
        Token::new(&text).ok_or(SealBroken)
    }
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    if !text.len().is_multiple_of(2) || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    let pairs = (0..text.len()).step_by(2);
    pairs
        .map(|at| u8::from_str_radix(text.get(at..at + 2)?, 16).ok())
        .collect()
}

/// 32 bytes out of base64 (RFC 4648), in either of its alphabets.
fn unbase64(text: &str) -> Option<Vec<u8>> {
    let signs = text.strip_suffix('=').unwrap_or(text);
    if signs.len() != (KEY_LENGTH * 8).div_ceil(6) {
        return None;
    }
    let (mut key, mut held, mut bits) = (Vec::with_capacity(KEY_LENGTH), 0_u32, 0_u32);
    for sign in signs.bytes() {
        let value = match sign {
            b'A'..=b'Z' => sign - b'A',
            b'a'..=b'z' => sign - b'a' + 26,
            b'0'..=b'9' => sign - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            _ => return None,
        };
        held = (held << 6 | u32::from(value)) & 0xffff;
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            key.push(u8::try_from(held >> bits & 0xff).ok()?);
        }
    }
    Some(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
    const ANA: (MemberId, Service) = (MemberId(7), Service::ListenBrainz);

    #[test]
    fn a_key_is_read_in_either_writing() {
        let bytes: Vec<u8> = (0..32).collect();
        assert_eq!(unhex(KEY).unwrap(), bytes);
        for text in [
            "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
            "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8",
        ] {
            assert_eq!(unbase64(text).unwrap(), bytes);
        }
        let (plus, minus) = ("+/".repeat(21) + "8", "-_".repeat(21) + "8");
        assert_eq!(unbase64(&plus), unbase64(&minus));
        assert!(Seal::of_key(&format!(" {KEY}\n")).is_ok());
        for bad in ["", "password", &KEY[2..], &"0".repeat(64), &"ü".repeat(22)] {
            assert_eq!(Seal::of_key(bad).err(), Some(KeyUnclear), "{bad}");
        }
    }

    #[test]
    fn what_is_closed_opens_for_its_owner_alone() {
        let seal = Seal::of_key(KEY).unwrap();
        let token = Token::new("s3cret").unwrap();
        let kept = seal.close(&token, ANA, [9; 24]);
        assert!(!kept.contains("s3cret") && !kept.contains(&hex(b"s3cret")));
        assert_eq!(seal.open(&kept, ANA), Ok(token.clone()));
        for other in [
            (MemberId(8), Service::ListenBrainz),
            (MemberId(7), Service::LastFm),
        ] {
            assert_eq!(seal.open(&kept, other), Err(SealBroken));
        }
        let key = KEY.replace("1f", "2f");
        let other = Seal::of_key(&key).unwrap();
        assert_eq!(other.open(&kept, ANA), Err(SealBroken));
        for bad in ["", "x1:", "x1:00", "x2:00", &kept[..kept.len() - 2], "x1:ü"] {
            assert_eq!(seal.open(bad, ANA), Err(SealBroken), "{bad}");
        }
        assert_ne!(kept, seal.close(&token, ANA, [8; 24]));
    }

    #[test]
    fn it_is_the_cipher_of_the_draft() {
        // draft-irtf-cfrg-xchacha-03, A.3.1, except that its associated data is not ours: the
        // beginning of the keystream does not depend on it.
        let key = "808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f";
        let nonce: Vec<u8> = (0x40..0x58).collect();
        let seal = Seal::of_key(key).unwrap();
        let token = Token::new("Ladies").unwrap();
        let kept = seal.close(&token, ANA, nonce.try_into().unwrap());
        // The draft's text begins with the same six letters.
        assert_eq!(kept.get(3 + 48..3 + 48 + 12), Some("bd6d179d3e83"));
    }
}
