//! The integration tests, one binary: the adapters against what they adapt to, and the stories, in
//! which people act against a sandbox and the real program answers.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test ends where what it needs is not there"
)]

mod audio;
mod browser;
mod fairness;
mod lastfm;
mod listenbrainz;
#[path = "../../examples/party/process.rs"]
mod process;
mod segments;
mod serving;
#[path = "../../examples/fairness/simulation.rs"]
mod simulation;
mod sites;
mod station;
mod storage;
mod stories;
#[path = "../../examples/party/tune.rs"]
mod tune;
mod web;
mod world;
