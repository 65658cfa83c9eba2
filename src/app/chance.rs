//! The one reader of randomness. What must not be guessed comes from the system's own; the rest is
//! quick and need not be unguessable.

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

/// Bytes that nobody can guess.
pub(super) fn secret_bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    OsRng.fill_bytes(&mut bytes);
    bytes
}
