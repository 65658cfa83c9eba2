//! What is kept, on both databases: every body below runs on `SQLite` and, where a server answers,
//! on `PostgreSQL`, with databases of its own.

mod boards;
mod burst;
mod cards;
mod keeping;
mod looking;
mod once;
mod opening;
pub(crate) mod places;
mod plays;
mod privacy;
mod profiles;
mod samples;
mod trouble;
