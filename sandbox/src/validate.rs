//! Whether a request's JSON is what Discord would take: lengths, counts, kinds and combinations,
//! with Discord's error codes at Discord's paths. Pure: it sees the body alone, never the world, so
//! unknown ids, permissions and the state of an edited message are for others to judge.

mod callback;
mod commands;
mod components;
mod embeds;
mod emoji;
mod form;
mod guild;
mod message;
mod modal;
mod names;

pub use callback::{Asked, callback};
pub use commands::{CommandScope, LOCALES, command, command_edit, commands};
pub use components::{COMPONENT_LIMIT, DISPLAY_TEXT_LIMIT, IS_COMPONENTS_V2};
pub use emoji::is_unicode_emoji;
pub use guild::{
    direct_channel, guild_edit, member_edit, overwrite, own_user, voice_state, webhook_edit,
    webhook_message,
};
pub use message::{
    CONTENT_LIMIT, EPHEMERAL, FILE_BYTES_LIMIT, FILES_LIMIT, REQUEST_BYTES_LIMIT, message_create,
    message_edit,
};
pub use names::{channel_create, stage_instance, thread_create, voice_status, webhook_create};
