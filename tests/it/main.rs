//! The integration tests, one binary: the adapters against what they adapt to, and the stories, in
//! which people act against a sandbox and the real program answers.

#[path = "../../examples/party/process.rs"]
mod process;
mod storage;
mod stories;
#[path = "../../examples/party/tune.rs"]
mod tune;
mod world;
