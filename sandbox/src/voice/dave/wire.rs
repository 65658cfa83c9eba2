//! The bytes of MLS that a delivery service has to look into: whose commit it is, which proposals it
//! refers to, and for whom a welcome is. It reads them as RFC 9420 lays them out and judges nothing;
//! signatures it cannot check, since it is no member of the group.

use sha2::{Digest, Sha256};

/// MLS 1.0, of a key package and of every `MLSMessage`.
pub(super) const MLS_10: u16 = 1;
/// `mls_public_message`.
const PUBLIC_MESSAGE: u16 = 1;
/// `mls_key_package`.
const KEY_PACKAGE: u16 = 5;
/// Sender type `member`.
const MEMBER: u8 = 1;
/// Content type `commit`.
const COMMIT: u8 = 3;
/// `ProposalOrRefType` `reference`.
const REFERENCE: u8 = 2;
/// Credential type `basic`.
const BASIC: u16 = 1;

/// What a commit says in the clear.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Commit {
    pub(super) group_id: Vec<u8>,
    pub(super) epoch: u64,
    /// The leaf of the member who made it.
    pub(super) leaf: u32,
    /// The proposals it refers to, in its order.
    pub(super) proposals: Vec<Vec<u8>>,
    /// Signature key and identity of the leaf that takes the committer's place, if there is one.
    pub(super) renewed: Option<(Vec<u8>, Vec<u8>)>,
}

struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (head, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(head)
    }

    /// A big-endian number of so many bytes.
    fn number(&mut self, bytes: usize) -> Option<u64> {
        let taken = self.take(bytes)?;
        Some(
            taken
                .iter()
                .fold(0, |value, byte| value << 8 | u64::from(*byte)),
        )
    }

    fn byte(&mut self) -> Option<u8> {
        self.number(1)?.try_into().ok()
    }

    fn short(&mut self) -> Option<u16> {
        self.number(2)?.try_into().ok()
    }

    /// `opaque x<V>`: a length of 1, 2 or 4 bytes, told by its two highest bits, then the bytes.
    fn vector(&mut self) -> Option<&'a [u8]> {
        let first = *self.0.first()?;
        let (bytes, mask) = match first >> 6 {
            0 => (1, 0x3F),
            1 => (2, 0x3FFF),
            2 => (4, 0x3FFF_FFFF),
            _ => return None,
        };
        let length = self.number(bytes)? & mask;
        self.take(usize::try_from(length).ok()?)
    }
}

/// Writes `opaque x<V>`.
pub(super) fn vector(bytes: &[u8], to: &mut Vec<u8>) {
    let length = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
    match length {
        0..0x40 => to.push(u8::try_from(length).unwrap_or_default()),
        0x40..0x4000 => {
            let head = u16::try_from(length).unwrap_or_default() | 0x4000;
            to.extend_from_slice(&head.to_be_bytes());
        }
        _ => to.extend_from_slice(&(length | 0x8000_0000).to_be_bytes()),
    }
    to.extend_from_slice(bytes);
}

/// The key package of op 26. DAVE's paper has it in an `MLSMessage`; libdave and davey send it bare.
pub(super) fn bare_key_package(sent: &[u8]) -> &[u8] {
    let mut reader = Reader(sent);
    let head = (reader.short(), reader.short());
    if head == (Some(MLS_10), Some(KEY_PACKAGE)) {
        reader.0
    } else {
        sent
    }
}

/// Reads the `MLSMessage` of a commit. `None` if it is anything else, or brings proposals along
/// instead of referring to them.
pub(super) fn commit(message: &[u8]) -> Option<Commit> {
    let mut reader = Reader(message);
    if reader.short()? != MLS_10 || reader.short()? != PUBLIC_MESSAGE {
        return None;
    }
    let group_id = reader.vector()?.to_vec();
    let epoch = reader.number(8)?;
    if reader.byte()? != MEMBER {
        return None;
    }
    let leaf = reader.number(4)?.try_into().ok()?;
    let _authenticated_data = reader.vector()?;
    if reader.byte()? != COMMIT {
        return None;
    }
    let mut list = Reader(reader.vector()?);
    let mut proposals = Vec::new();
    while !list.0.is_empty() {
        if list.byte()? != REFERENCE {
            return None;
        }
        proposals.push(list.vector()?.to_vec());
    }
    let renewed = if reader.byte()? == 0 {
        None
    } else {
        let _encryption_key = reader.vector()?;
        let signature_key = reader.vector()?.to_vec();
        if reader.short()? != BASIC {
            return None;
        }
        Some((signature_key, reader.vector()?.to_vec()))
    };
    Some(Commit {
        group_id,
        epoch,
        leaf,
        proposals,
        renewed,
    })
}

/// The reference by which commits name an external proposal: RFC 9420's `RefHash` over the
/// `AuthenticatedContent`, which of a message without membership tag is all behind the version.
pub(super) fn proposal_ref(message: &[u8]) -> Vec<u8> {
    let mut input = Vec::with_capacity(message.len() + 40);
    vector(b"MLS 1.0 Proposal Reference", &mut input);
    vector(message.get(2..).unwrap_or_default(), &mut input);
    Sha256::digest(&input).to_vec()
}

/// The part of a welcome that concerns the owner of this key package, as a welcome.
pub(super) fn welcome_for(welcome: &[u8], package_ref: &[u8]) -> Option<Vec<u8>> {
    let mut reader = Reader(welcome);
    let suite = reader.take(2)?;
    let mut secrets = Reader(reader.vector()?);
    let group_info = reader.vector()?;
    if !reader.0.is_empty() {
        return None;
    }
    while !secrets.0.is_empty() {
        let from = secrets.0;
        let member = secrets.vector()?;
        let _encapsulated = secrets.vector()?;
        let _ciphertext = secrets.vector()?;
        if member == package_ref {
            let one = from.get(..from.len() - secrets.0.len())?;
            let mut welcome = suite.to_vec();
            vector(one, &mut welcome);
            vector(group_info, &mut welcome);
            return Some(welcome);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vectors_of_every_length_are_read_as_they_were_written() {
        for length in [0, 1, 0x3F, 0x40, 0x3FFF, 0x4000, 70_000] {
            let bytes = vec![7; length];
            let mut written = Vec::new();
            vector(&bytes, &mut written);
            written.push(9);
            let mut reader = Reader(&written);
            assert_eq!(reader.vector(), Some(&bytes[..]));
            assert_eq!(reader.0, [9]);
        }
        assert_eq!(Reader(&[2, 1]).vector(), None, "shorter than it says");
        assert_eq!(Reader(&[0xC0]).vector(), None, "no such length");
    }

    #[test]
    fn a_welcome_is_cut_to_the_one_it_is_for() {
        let mut secrets = Vec::new();
        for (member, secret) in [(b"one", b"111"), (b"two", b"222")] {
            for part in [&member[..], b"key", secret] {
                vector(part, &mut secrets);
            }
        }
        let mut welcome = vec![0, 2];
        vector(&secrets, &mut welcome);
        vector(b"info", &mut welcome);
        let cut = welcome_for(&welcome, b"two").unwrap();
        assert!(cut.windows(3).any(|it| it == b"222") && !cut.windows(3).any(|it| it == b"111"));
        assert_eq!(welcome_for(&cut, b"two"), Some(cut.clone()));
        assert_eq!(welcome_for(&cut, b"one"), None);
    }

    #[test]
    fn what_is_no_commit_is_not_read_as_one() {
        assert_eq!(commit(&[]), None);
        assert_eq!(commit(&[0, 1, 0, 5, 1, 2, 3]), None);
        assert_eq!(commit(&[0xFF; 200]), None);
    }
}
