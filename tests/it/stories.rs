//! One evening per file.

mod boards;
mod chinese;
mod collections;
mod commands;
mod elsewhere;
mod encrypted;
mod formats;
mod hostile_words;
mod library;
mod lost;
mod loudness;
mod pages;
mod radio;
mod ratings;
mod restart;
mod room;
mod seats;
mod seeking;
mod server;
mod sites;
mod sound;
mod stage_channel;
mod tracks;
mod two_guilds;
mod unheard;
