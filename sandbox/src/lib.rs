//! A local server that speaks Discord's protocols: REST v10, gateway v10, voice gateway v4 and v8
//! over TLS, and voice over UDP. It keeps a small world of guilds, channels and people in memory,
//! refuses what Discord refuses, and lets a test act and listen as a person would.
//!
//! Floors, lowest first: `error`, `permissions`, `validate` and `limits` are pure; `world` is the
//! state and knows no socket; `interactions` are part of it; `rest`, `gateway` and `voice` are the
//! sockets; `ears` judges what arrives; `people` is how a test speaks.

pub mod ears;
pub mod error;
pub mod gateway;
pub mod interactions;
pub mod limits;
pub mod people;
pub mod permissions;
pub mod rest;
pub mod server;
pub mod validate;
pub mod voice;
pub mod world;
