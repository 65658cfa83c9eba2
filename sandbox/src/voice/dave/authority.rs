//! The voice server as MLS knows it: the external sender of every group, who proposes to add and to
//! remove and vouches for nobody's key package that it has not looked at. It keeps one signature key
//! and no group.

use openmls::prelude::tls_codec::{DeserializeBytes as _, Serialize as _};
use openmls::prelude::{
    BasicCredential, Ciphersuite, ExternalProposal, ExternalSender, GroupEpoch, GroupId,
    KeyPackage, KeyPackageIn, LeafNodeIndex, MlsMessageOut, OpenMlsProvider as _, ProtocolVersion,
    SenderExtensionIndex,
};
use openmls_basic_credential::SignatureKeyPair;
use openmls_rust_crypto::OpenMlsRustCrypto;

use super::wire;
use crate::world::Id;

/// The one of DAVE's version 1.
const SUITE: Ciphersuite = Ciphersuite::MLS_128_DHKEMP256_AES128GCM_SHA256_P256;
/// What the server calls itself; clients only compare it.
const IDENTITY: &[u8] = b"discord-sandbox";

/// A key package that was looked at, and how MLS names it.
#[derive(Clone, Debug)]
pub(super) struct Package {
    content: KeyPackage,
    pub(super) reference: Vec<u8>,
    pub(super) signature_key: Vec<u8>,
}

/// A proposal of the server, as it is sent.
#[derive(Clone, Debug)]
pub(super) struct Proposed {
    pub(super) message: Vec<u8>,
    pub(super) reference: Vec<u8>,
}

pub(in super::super) struct Authority {
    signer: SignatureKeyPair,
    external_sender: Vec<u8>,
    provider: OpenMlsRustCrypto,
}

impl std::fmt::Debug for Authority {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Authority")
    }
}

impl Authority {
    pub(in super::super) fn new() -> Self {
        let signer = SignatureKeyPair::new(SUITE.signature_algorithm())
            .expect("the suite's signature scheme is one that the crate has");
        let credential = BasicCredential::new(IDENTITY.to_vec());
        let sender = ExternalSender::new(signer.public().into(), credential.into());
        let external_sender = sender
            .tls_serialize_detached()
            .expect("it is far shorter than a vector may be");
        Self {
            signer,
            external_sender,
            provider: OpenMlsRustCrypto::default(),
        }
    }

    /// What op 25 carries.
    pub(super) fn external_sender(&self) -> &[u8] {
        &self.external_sender
    }

    /// Looks at the key package that this user sent. Why it does not do is said in words.
    pub(super) fn validate(&self, user_id: Id, sent: &[u8]) -> Result<Package, &'static str> {
        let bytes = wire::bare_key_package(sent);
        let package = KeyPackageIn::tls_deserialize_exact_bytes(bytes)
            .map_err(|_| "a key package that cannot be read")?;
        let package = package
            .validate(self.provider.crypto(), ProtocolVersion::Mls10)
            .map_err(|_| "a key package whose signature or form does not hold")?;
        if package.ciphersuite() != SUITE {
            return Err("a key package of another ciphersuite");
        }
        let leaf = package.leaf_node();
        let credential = BasicCredential::try_from(leaf.credential().clone())
            .map_err(|_| "a key package without a basic credential")?;
        if credential.identity() != user_id.to_be_bytes() {
            return Err("a key package for another user");
        }
        let lifetime = package.life_time();
        if (lifetime.not_before(), lifetime.not_after()) != (0, u64::MAX) {
            return Err("a key package whose lifetime is not the longest possible");
        }
        let reference = package
            .hash_ref(self.provider.crypto())
            .map_err(|_| "a key package that cannot be hashed")?;
        Ok(Package {
            reference: reference.as_slice().to_vec(),
            signature_key: leaf.signature_key().as_slice().to_vec(),
            content: package,
        })
    }

    pub(super) fn propose_add(&self, group: (Id, u64), package: &Package) -> Option<Proposed> {
        let (group_id, epoch) = of_group(group);
        let made = ExternalProposal::new_add::<OpenMlsRustCrypto>(
            package.content.clone(),
            group_id,
            epoch,
            &self.signer,
            SenderExtensionIndex::new(0),
        );
        proposed(&made.ok()?)
    }

    pub(super) fn propose_remove(&self, group: (Id, u64), leaf: u32) -> Option<Proposed> {
        let (group_id, epoch) = of_group(group);
        let made = ExternalProposal::new_remove::<OpenMlsRustCrypto>(
            LeafNodeIndex::new(leaf),
            group_id,
            epoch,
            &self.signer,
            SenderExtensionIndex::new(0),
        );
        proposed(&made.ok()?)
    }
}

/// The group of a channel has the channel's id, big endian.
fn of_group((channel_id, epoch): (Id, u64)) -> (GroupId, GroupEpoch) {
    let group_id = GroupId::from_slice(&channel_id.to_be_bytes());
    (group_id, GroupEpoch::from(epoch))
}

fn proposed(message: &MlsMessageOut) -> Option<Proposed> {
    let message = message.tls_serialize_detached().ok()?;
    Some(Proposed {
        reference: wire::proposal_ref(&message),
        message,
    })
}
