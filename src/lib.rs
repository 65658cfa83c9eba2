//! Rondo, a Discord bot for listening together. The modules stand in floor order: each may import
//! only what is below it, which `tests/house.rs` checks.

pub mod audio;
pub mod domain;
pub mod i18n;
pub mod scrobble;
pub mod share;
pub mod stage;
pub mod storage;

pub mod discord;
pub mod web;

pub mod app;
pub mod config;
