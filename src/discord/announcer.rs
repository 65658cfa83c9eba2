//! What the bot says of its own accord: the card that follows the view, the posts, the result line
//! and the goodbye. One board for each guild does it, in the guild's order, and beside it stands one
//! platform; here is how news gets to the boards. Nothing is decided here: the stage says what to post, the view what to show.

mod board;
mod evening;
mod goodbye;
mod result;

use super::{SharedDesk, platform};
use crate::domain::ids::{ChannelId, GuildId};
use crate::domain::protocol::Post;
use crate::stage::StageHandle;
use board::Board;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

/// News waiting for all boards; when it is full, whoever brings some waits.
const NEWS_LIMIT: usize = 1_024;
/// News waiting for one board. When it is full, Discord has not taken a message of that guild for
/// minutes: what comes then is not said, so that other guilds need not wait.
const BOARD_LIMIT: usize = 256;
/// Pause before a stage that could not be had is asked for again.
const STAGE_PAUSE: Duration = Duration::from_secs(5);

/// What a board is told.
#[derive(Clone, Debug, PartialEq)]
pub enum News {
    /// There is a guild to follow.
    Follow,
    Post(Post),
    /// A message, of anyone, in the channels of the stage.
    Message {
        channel: ChannelId,
        message: u64,
    },
    /// Messages that were deleted.
    Deleted(Vec<u64>),
    ChannelGone(ChannelId),
}

/// The door to the boards. Clones lead to the same ones.
#[derive(Clone, Debug)]
pub struct Announcer {
    news: mpsc::Sender<(GuildId, News)>,
}

/// What is behind the door, for `run`.
#[derive(Debug)]
pub struct Inbox(mpsc::Receiver<(GuildId, News)>);

impl Announcer {
    pub fn new() -> (Announcer, Inbox) {
        let (news, inbox) = mpsc::channel(NEWS_LIMIT);
        (Announcer { news }, Inbox(inbox))
    }

    /// Says it in the stage's text channel, after what was to be said before.
    pub async fn announce(&self, guild: GuildId, post: Post) {
        self.note(guild, News::Post(post)).await;
    }

    pub async fn note(&self, guild: GuildId, news: News) {
        if self.news.send((guild, news)).await.is_err() {
            tracing::debug!(guild.id = %guild, "news came after the end");
        }
    }
}

/// Serves the boards until `stop`, then until what was to be said has been said.
pub async fn run(desk: SharedDesk, inbox: Inbox, stop: CancellationToken) {
    let Inbox(mut inbox) = inbox;
    let mut boards: HashMap<GuildId, mpsc::Sender<News>> = HashMap::new();
    let mut platforms = HashSet::new();
    loop {
        let (guild, news) = tokio::select! {
            biased;
            news = inbox.recv() => match news {
                Some(news) => news,
                None => return,
            },
            () = stop.cancelled() => return,
        };
        if platforms.insert(guild) {
            let following = platform::run(Arc::clone(&desk), guild, stop.clone());
            desk.tasks.spawn(following);
        }
        let board = boards.entry(guild).or_insert_with(|| {
            let (sender, news) = mpsc::channel(BOARD_LIMIT);
            let board = Board::new(Arc::clone(&desk), guild, stop.clone());
            desk.tasks.spawn(board.run(news));
            sender
        });
        match board.try_send(news) {
            Ok(()) => {}
            Err(mpsc::error::TrySendError::Full(_)) => {
                tracing::warn!(guild.id = %guild, "too much to say; something is not said");
            }
            Err(mpsc::error::TrySendError::Closed(_)) => {
                boards.remove(&guild);
            }
        }
    }
}

/// The guild's stage, waited for; `None` when everything ends before.
pub(super) async fn stage(
    desk: &SharedDesk,
    guild: GuildId,
    stop: &CancellationToken,
) -> Option<StageHandle> {
    loop {
        match desk.stages.stage(guild).await {
            Ok(stage) => return Some(stage),
            Err(failure) => tracing::debug!(guild.id = %guild, %failure, "no stage yet"),
        }
        tokio::select! {
            () = stop.cancelled() => return None,
            () = tokio::time::sleep(STAGE_PAUSE) => {}
        }
    }
}
