//! What is kept, on both databases: every body below runs on `SQLite` and, where a server answers,
//! on `PostgreSQL`, with databases of its own.

mod boards;
mod burst;
mod cards;
mod collections;
mod keeping;
mod looking;
mod mondays;
mod mondays_watched;
mod once;
mod opening;
mod pages;
pub(crate) mod places;
mod plays;
mod privacy;
mod profiles;
mod recaps;
mod samples;
mod scrobbles;
mod tastes;
mod trouble;
