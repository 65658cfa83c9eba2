//! What the stages want done, handed to whoever does it: one match from effect to speaker,
//! announcer or journal. What the bot says of its own accord is said after what it speaks of is on
//! disk; sound does not wait for the disk.

use crate::audio::Speaker;
use crate::discord::announcer::Announcer;
use crate::discord::crowd::Crowd;
use crate::domain::ids::GuildId;
use crate::domain::moment::Moment;
use crate::domain::protocol::{Effect, Post, Record};
use crate::stage::{Loaded, NotKept, NotLoaded, Outside, Ticket};
use crate::storage::{Journal, LatestComment, StorageFailure, Store};
use crate::web::Said;
use futures_util::FutureExt;
use futures_util::future::{BoxFuture, Shared};
use tokio::sync::{broadcast, mpsc};
use tokio_util::task::TaskTracker;

/// Posts that wait for the disk; when it is full, the stages wait.
const POSTS_LIMIT: usize = 4_096;

/// Resolves for the ticket and for the posts alike.
type Kept = Shared<BoxFuture<'static, Result<(), NotKept>>>;

/// Posts of one guild, comments for its live page, and what has to be on disk before they are said.
struct Waiting {
    guild: GuildId,
    kept: Option<Kept>,
    posts: Vec<Post>,
    comments: Vec<LatestComment>,
}

/// The world outside the stages.
pub(super) struct Dispatch {
    store: Store,
    journal: Journal,
    speaker: Speaker,
    crowd: Crowd,
    clock: fn() -> Moment,
    posts: mpsc::Sender<Waiting>,
}

/// What a dispatch hands things to.
pub(super) struct Hands {
    pub(super) store: Store,
    pub(super) journal: Journal,
    pub(super) speaker: Speaker,
    pub(super) announcer: Announcer,
    pub(super) crowd: Crowd,
    /// To the live pages; nobody may listen.
    pub(super) said: broadcast::Sender<Said>,
}

impl Dispatch {
    pub(super) fn new(hands: Hands, clock: fn() -> Moment, tasks: &TaskTracker) -> Dispatch {
        let (posts, waiting) = mpsc::channel(POSTS_LIMIT);
        tasks.spawn(say_when_kept(waiting, hands.announcer, hands.said));
        Dispatch {
            store: hands.store,
            journal: hands.journal,
            speaker: hands.speaker,
            crowd: hands.crowd,
            clock,
            posts,
        }
    }

    async fn read(&self, guild: GuildId) -> Result<Loaded, StorageFailure> {
        let kept = self.store.load(guild).await?;
        let since = (self.clock)() - kept.settings.repeat_window;
        let recent = self.store.recent_plays(guild, since).await?;
        let listeners = self.crowd.listeners(guild);
        Ok(Loaded {
            kept,
            recent,
            listeners,
        })
    }

    async fn sound(&self, guild: GuildId, effect: Effect) {
        match effect {
            Effect::Join { channel } => self.speaker.join(guild, channel).await,
            Effect::Leave => self.speaker.leave(guild).await,
            Effect::Play {
                turn,
                track,
                from,
                cut_at,
                blend,
            } => {
                self.speaker
                    .play(guild, (turn, &track), from, cut_at, blend)
                    .await;
            }
            Effect::Stop { turn, fade } => self.speaker.stop(guild, turn, fade).await,
            Effect::Prepare { track } => self.speaker.prepare(guild, track.as_deref()).await,
            Effect::Post(_) | Effect::Keep(_) => {}
        }
    }

    async fn carry_out(&self, guild: GuildId, effects: Vec<Effect>) -> Ticket {
        let (mut records, mut posts) = (Vec::new(), Vec::new());
        for effect in effects {
            match effect {
                Effect::Keep(record) => records.push(record),
                Effect::Post(post) => posts.push(post),
                sound => self.sound(guild, sound).await,
            }
        }
        let comments: Vec<LatestComment> = records.iter().filter_map(comment).collect();
        let kept = if records.is_empty() {
            None
        } else {
            let written = self.journal.keep(guild, records).await;
            let kept = async move { written.wait().await.map_err(|_| NotKept) };
            Some(kept.boxed().shared())
        };
        if !posts.is_empty() || !comments.is_empty() {
            let waiting = Waiting {
                guild,
                kept: kept.clone(),
                posts,
                comments,
            };
            if self.posts.send(waiting).await.is_err() {
                tracing::debug!(guild.id = %guild, "posts came after the end");
            }
        }
        match kept {
            Some(kept) => kept.boxed(),
            None => std::future::ready(Ok(())).boxed(),
        }
    }
}

/// What a live page shows of a record, if it is a comment.
fn comment(record: &Record) -> Option<LatestComment> {
    let Record::Comment {
        turn,
        member,
        name,
        offset,
        text,
        at,
        ..
    } = record
    else {
        return None;
    };
    Some(LatestComment {
        turn: *turn,
        member: *member,
        name: name.clone(),
        offset: *offset,
        text: text.clone(),
        at: *at,
    })
}

impl Outside for Dispatch {
    fn now(&self) -> Moment {
        (self.clock)()
    }

    fn load(&self, guild: GuildId) -> BoxFuture<'_, Result<Loaded, NotLoaded>> {
        let read = self.read(guild);
        read.map(move |read| {
            read.map_err(|failure| NotLoaded {
                guild,
                reason: failure.to_string(),
            })
        })
        .boxed()
    }

    fn hand_over(&self, guild: GuildId, effects: Vec<Effect>) -> BoxFuture<'_, Ticket> {
        self.carry_out(guild, effects).boxed()
    }
}

/// Says what waits, in order, until no stage is left. The journal writes in the same order, so
/// whoever is first is also first on the disk and nobody waits for another's.
async fn say_when_kept(
    mut waiting: mpsc::Receiver<Waiting>,
    announcer: Announcer,
    said: broadcast::Sender<Said>,
) {
    while let Some(Waiting {
        guild,
        kept,
        posts,
        comments,
    }) = waiting.recv().await
    {
        // What could not be kept has happened all the same; the journal has said so in the log.
        if let Some(kept) = kept
            && kept.await.is_err()
        {
            tracing::warn!(guild.id = %guild, "said before it could be kept");
        }
        for post in posts {
            announcer.announce(guild, post).await;
        }
        for comment in comments {
            // An error: no live page is looked at.
            let _heard = said.send(Said { guild, comment });
        }
    }
}
