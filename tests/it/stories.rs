//! One evening per file.

mod chinese;
mod commands;
mod elsewhere;
mod encrypted;
mod formats;
mod hostile_words;
mod lost;
mod loudness;
mod ratings;
mod restart;
mod room;
mod seats;
mod seeking;
mod sites;
mod sound;
mod stage_channel;
mod tracks;
mod two_guilds;
mod unheard;
