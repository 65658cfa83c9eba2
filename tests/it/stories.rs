//! One evening per file.

mod boards;
mod chinese;
mod commands;
mod formats;
mod lost;
mod loudness;
mod ratings;
mod restart;
mod room;
mod seats;
mod stage_channel;
mod tracks;
mod two_guilds;
