//! A call of two with end-to-end encryption, as far as its first epoch: what Discord's voice server
//! does to begin one is done here, without a server.

use anyhow::Context;
use davey::{DaveSession, ProposalsOperationType};
use openmls::prelude::tls_codec::{DeserializeBytes, Serialize, VLBytes};
use openmls::prelude::{
    BasicCredential, Ciphersuite, ExternalProposal, ExternalSender, GroupEpoch, GroupId,
    KeyPackageIn, OpenMlsProvider, ProtocolVersion, SenderExtensionIndex,
};
use openmls_basic_credential::SignatureKeyPair;
use openmls_rust_crypto::OpenMlsRustCrypto;
use std::num::NonZeroU16;

/// The ciphersuite of DAVE's version 1.
const SUITE: Ciphersuite = Ciphersuite::MLS_128_DHKEMP256_AES128GCM_SHA256_P256;
const CHANNEL: u64 = 3;

/// The session of somebody who is in a call with one other, ready to encrypt.
pub(crate) fn speaker() -> anyhow::Result<DaveSession> {
    let signer = SignatureKeyPair::new(SUITE.signature_algorithm())?;
    let credential = BasicCredential::new(b"bench".to_vec());
    let server = ExternalSender::new(signer.public().into(), credential.into());
    let server = server.tls_serialize_detached()?;
    let session = |user| -> anyhow::Result<DaveSession> {
        let mut session = DaveSession::new(NonZeroU16::MIN, user, CHANNEL, None)?;
        session.set_external_sender(&server)?;
        Ok(session)
    };
    let (mut speaker, mut listener) = (session(1)?, session(2)?);

    let package = listener.create_key_package()?;
    let package = KeyPackageIn::tls_deserialize_exact_bytes(&package)?;
    let provider = OpenMlsRustCrypto::default();
    let proposal = ExternalProposal::new_add::<OpenMlsRustCrypto>(
        package.validate(provider.crypto(), ProtocolVersion::Mls10)?,
        GroupId::from_slice(&CHANNEL.to_be_bytes()),
        GroupEpoch::from(0),
        &signer,
        SenderExtensionIndex::new(0),
    )?;
    let proposals = VLBytes::new(proposal.tls_serialize_detached()?).tls_serialize_detached()?;
    let append = ProposalsOperationType::APPEND;
    let commit = speaker.process_proposals(append, &proposals, None)?;
    let commit = commit.context("the proposal was not committed")?;
    speaker.process_commit(&commit.commit)?;
    anyhow::ensure!(speaker.is_ready(), "the call did not begin");
    Ok(speaker)
}
