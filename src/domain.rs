//! Floor 0: the rules of the stage as values. It knows no clock, no channel, no Discord and no
//! database: moments and ids are arguments, and what is to be done leaves as effects.
//! Read `protocol` first.

pub mod calendar;
pub mod collection;
pub mod ids;
pub mod internet;
pub mod leaderboard;
pub mod moment;
pub mod protocol;
pub mod publishing;
pub mod recap;
pub mod scrobbling;
pub mod setting;
pub mod settings;
pub mod stage;
pub mod taste;
pub mod track;
pub mod view;

#[cfg(test)]
mod evenings;
