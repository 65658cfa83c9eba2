//! The one reader of randomness. Nothing here is a secret, so it need not be unguessable.

/// A number from 0 up to 1.
pub(super) fn number() -> f64 {
    fastrand::f64()
}

/// Any 64 bits.
pub(super) fn bits() -> u64 {
    fastrand::u64(..)
}
