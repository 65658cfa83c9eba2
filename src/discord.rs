//! Floor 2: everything between Discord and the stage. Events and interactions come in here and
//! become commands and signals; views and posts become messages. Nothing is decided here, and no
//! sentence for people is written outside `i18n`.

pub mod announcer;
mod asking;
pub mod card_index;
pub mod cards;
pub mod commands;
mod components;
pub mod crowd;
mod farewell;
pub mod gateway;
pub mod ids;
mod links;
pub mod markup;
pub mod mondays;
pub mod music;
pub mod owner;
mod platform;
pub mod reactions;
pub mod recap;
pub mod rest;

use crate::audio::{Pace, Preparer};
use crate::domain::ids::MemberId;
use crate::domain::moment::Moment;
use crate::domain::protocol::Refusal;
use crate::domain::publishing::Publishing;
use crate::i18n::{Fill, Locale, Words};
use crate::scrobble::Scrobbling;
use crate::share::PublicAddress;
use crate::share::picture::Fonts;
use crate::stage::Directory;
use crate::storage::Store;
use announcer::Announcer;
use bytes::Bytes;
use card_index::CardIndex;
use commands::Reception;
use crowd::Crowd;
use music::Music;
use reactions::Whispers;
use rest::{Rest, RestFailure};
use serde_json::json;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::sync::watch;
use tokio_util::task::TaskTracker;

/// What everybody on this floor works with.
#[derive(Debug)]
pub struct Desk {
    pub rest: Rest,
    pub crowd: Crowd,
    pub stages: Directory,
    pub words: Words,
    pub announcer: Announcer,
    pub cards: CardIndex,
    pub whispers: Whispers,
    pub clock: fn() -> Moment,
    /// Numbers from 0 up to 1.
    pub chance: fn() -> f64,
    /// Where pages are found on the web, if the owner has set that.
    pub public: Option<PublicAddress>,
    /// Which links everybody may have.
    pub publishing: Publishing,
    /// 128 bits that nobody can guess.
    pub secret: fn() -> [u8; 16],
    /// The bot's application; its user is `crowd.me()`.
    pub application_id: u64,
    /// Who answers for the bot, as Discord knows.
    pub owner: Option<MemberId>,
    /// Whether the application may read messages (`Application::may_read_messages`).
    pub may_read_messages: bool,
    /// For the pictures that are drawn.
    pub fonts: Fonts,
    /// The folder where covers lie.
    pub media_dir: PathBuf,
    /// Whether that folder has no room for what members want to play.
    pub media_full: watch::Receiver<bool>,
    /// Makes tracks ready, as long as the disk has room.
    pub preparer: Preparer,
    /// When the process began.
    pub started_at: Moment,
    pub store: Store,
    pub music: Music,
    pub pace: Pace,
    pub reception: Reception,
    pub scrobbling: Scrobbling,
    pub tasks: TaskTracker,
}

/// How it is passed around.
pub type SharedDesk = Arc<Desk>;

/// Largest cover that is sent along, in bytes; Discord takes 10 MiB.
const COVER_LIMIT: u64 = 8 * 1024 * 1024;

impl Desk {
    /// A sentence in the language of a guild's settings.
    pub fn say(&self, language: &str, key: &str, fills: &[(&str, Fill<'_>)]) -> String {
        self.words.say(Locale::of(language), key, fills)
    }

    /// A refusal in the language of a guild's settings.
    pub fn refusal(&self, language: &str, refusal: &Refusal) -> String {
        let locale = Locale::of(language);
        self.words.refusal(locale, refusal, markup::plain)
    }

    /// Says it to one member alone, in a direct message: what concerns one person and answers no
    /// interaction.
    pub async fn tell(&self, member: MemberId, content: &str) -> Result<(), RestFailure> {
        let content = markup::cut(content, commands::call::CONTENT_LIMIT);
        let body = json!({ "content": content, "allowed_mentions": { "parse": [] } });
        let channel = self.rest.direct_channel(member.0).await?;
        self.rest.send(channel, body, Vec::new()).await.map(drop)
    }

    /// The picture of that file name, if it is there and not too large.
    async fn cover(&self, name: &str) -> Option<Bytes> {
        // A file name only: nothing outside the folder.
        let name = Path::new(name).file_name()?;
        let path = self.media_dir.join(name);
        let length = tokio::fs::metadata(&path).await.ok()?.len();
        if length > COVER_LIMIT {
            return None;
        }
        tokio::fs::read(&path).await.ok().map(Bytes::from)
    }
}
