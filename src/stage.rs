//! Floor 1: one task per guild that owns the guild's `domain::stage::Stage` and gives its events
//! an order. It awaits its inbox and the next deadline, nothing else, and knows neither Discord nor
//! the disk: both are behind [`Outside`].

mod directory;
mod task;
#[cfg(test)]
mod tests;

pub use directory::Directory;
pub use task::StageHandle;

use crate::domain::ids::GuildId;
use crate::domain::moment::Moment;
use crate::domain::protocol::{Effect, Listener};
use crate::domain::stage::Kept;
use crate::domain::track::TrackKey;
use futures_util::future::BoxFuture;

/// Resolves when everything handed over with it is on disk.
pub type Ticket = BoxFuture<'static, Result<(), NotKept>>;

/// What was handed over could not be written, after all tries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("it could not be kept on disk")]
pub struct NotKept;

/// Why the stage gives no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StageFailure {
    /// The process is stopping, or the stage broke over this very command.
    #[error("the stage is not running")]
    Gone,
    /// The stage did what was asked, but it is not on disk: a restart may undo it.
    #[error("the change could not be kept on disk")]
    NotKept,
    /// More is waiting in the stage's inbox than it can take; asked again later it will do.
    #[error("the stage is too busy")]
    Busy,
}

/// Everything a stage starts from.
#[derive(Clone, Debug, Default)]
pub struct Loaded {
    pub kept: Kept,
    /// When tracks were last played in the guild, for the repeat rule.
    pub recent: Vec<(TrackKey, Moment)>,
    /// Who is in the guild's voice channels now.
    pub listeners: Vec<Listener>,
}

/// Why a stage could not be loaded; it is tried again.
#[derive(Debug, thiserror::Error)]
#[error("the stage of guild {guild} could not be loaded: {reason}")]
pub struct NotLoaded {
    pub guild: GuildId,
    pub reason: String,
}

/// What a stage needs of the world. The real one is `app::dispatch`, the other one is the tests'.
pub trait Outside: Send + Sync + 'static {
    fn now(&self) -> Moment;

    /// Reads what was kept of the guild and who is in its voice channels.
    fn load(&self, guild: GuildId) -> BoxFuture<'_, Result<Loaded, NotLoaded>>;

    /// Takes the effects, in order. Returns as soon as each is in the queue of whoever carries it
    /// out; a full queue makes it wait, so nothing is dropped.
    fn hand_over(&self, guild: GuildId, effects: Vec<Effect>) -> BoxFuture<'_, Ticket>;
}
