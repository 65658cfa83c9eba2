//! The one reader of randomness. What nobody may guess comes from the system's own generator; for
//! the rest a quick one will do.

use chacha20poly1305::aead::OsRng;
use chacha20poly1305::aead::rand_core::RngCore;

/// A number from 0 up to 1.
pub(super) fn number() -> f64 {
    fastrand::f64()
}

/// Any 64 bits.
pub(super) fn bits() -> u64 {
    fastrand::u64(..)
}

/// 128 bits that nobody can guess, from the system's generator.
pub(super) fn secret() -> [u8; 16] {
    let mut bytes = [0; 16];
    OsRng.fill_bytes(&mut bytes);
    bytes
}
