//! One evening per file.

mod boards;
mod chinese;
mod commands;
mod formats;
mod hostile_words;
mod lost;
mod loudness;
mod ratings;
mod restart;
mod room;
mod seats;
mod seeking;
mod sound;
mod stage_channel;
mod tracks;
mod two_guilds;
