//! The stage task under a clock that the test moves: answers wait for the disk, deadlines wake,
//! what comes while the stage is being read is not lost.

use super::{Directory, Loaded, NotKept, NotLoaded, Outside, StageFailure, Ticket};
use crate::domain::ids::{ChannelId, GuildId, MemberId};
use crate::domain::moment::Moment;
use crate::domain::protocol::{Actor, Command, Effect, Listener, Notice, Powers, Record, Signal};
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::{Semaphore, watch};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

const GUILD: GuildId = GuildId(1);
const LOUNGE: ChannelId = ChannelId(10);

/// A world that remembers what it was handed and whose disk can be stopped.
struct World {
    began: tokio::time::Instant,
    handed: Mutex<Vec<Effect>>,
    /// One permit lets one batch reach the disk.
    disk: Arc<Semaphore>,
    disk_works: bool,
    loads: AtomicU32,
    loads_that_fail: u32,
    count: watch::Sender<usize>,
}

impl World {
    fn new(permits: usize, disk_works: bool, loads_that_fail: u32) -> Arc<World> {
        Arc::new(World {
            began: tokio::time::Instant::now(),
            handed: Mutex::default(),
            disk: Arc::new(Semaphore::new(permits)),
            disk_works,
            loads: AtomicU32::new(0),
            loads_that_fail,
            count: watch::Sender::new(0),
        })
    }

    async fn until(&self, what: impl Fn(&Effect) -> bool) {
        let mut count = self.count.subscribe();
        let seen = count.wait_for(|_| self.handed.lock().unwrap().iter().any(&what));
        tokio::time::timeout(Duration::from_hours(1), seen)
            .await
            .unwrap()
            .unwrap();
    }
}

impl Outside for World {
    fn now(&self) -> Moment {
        Moment(1_000_000) + self.began.elapsed()
    }

    fn load(&self, guild: GuildId) -> BoxFuture<'_, Result<Loaded, NotLoaded>> {
        async move {
            if self.loads.fetch_add(1, Ordering::Relaxed) < self.loads_that_fail {
                return Err(NotLoaded {
                    guild,
                    reason: "the disk is away".to_owned(),
                });
            }
            let ana = Listener {
                member: MemberId(1),
                name: "Ana".to_owned(),
                bot: false,
                channel: LOUNGE,
                deaf: false,
                joined_at: None,
            };
            Ok(Loaded {
                listeners: vec![ana],
                ..Loaded::default()
            })
        }
        .boxed()
    }

    #[expect(clippy::async_yields_async, reason = "a ticket is a future")]
    fn hand_over(&self, _: GuildId, effects: Vec<Effect>) -> BoxFuture<'_, Ticket> {
        async move {
            self.handed.lock().unwrap().extend(effects);
            self.count.send_modify(|count| *count += 1);
            let disk = Arc::clone(&self.disk);
            let works = self.disk_works;
            let kept = async move {
                disk.acquire().await.map_err(|_| NotKept)?.forget();
                if works { Ok(()) } else { Err(NotKept) }
            };
            kept.boxed()
        }
        .boxed()
    }
}

fn directory(world: &Arc<World>) -> Directory {
    let outside: Arc<dyn Outside> = Arc::<World>::clone(world);
    Directory::new(outside, TaskTracker::new(), CancellationToken::new())
}

fn ana() -> Actor {
    Actor {
        member: MemberId(1),
        name: "Ana".to_owned(),
        voice: Some(LOUNGE),
        powers: Powers::default(),
    }
}

fn open() -> Command {
    Command::Open {
        text: LOUNGE,
        theme: None,
        rules: None,
        speak: None,
    }
}

#[tokio::test(start_paused = true)]
async fn an_answer_comes_after_what_it_says_is_on_disk() {
    let world = World::new(0, true, 0);
    let stage = directory(&world).stage(GUILD).await.unwrap();
    let mut answer = std::pin::pin!(stage.ask(ana(), open()));
    assert!(answer.as_mut().now_or_never().is_none());
    world
        .until(|effect| matches!(effect, Effect::Keep(Record::SessionOpened { .. })))
        .await;
    assert!(
        answer.as_mut().now_or_never().is_none(),
        "answered before it was kept"
    );
    world.disk.add_permits(10);
    assert!(matches!(answer.await, Ok(Ok(Notice::Opened { .. }))));
}

#[tokio::test(start_paused = true)]
async fn a_disk_that_fails_is_not_called_done() {
    let world = World::new(100, false, 0);
    let stage = directory(&world).stage(GUILD).await.unwrap();
    assert_eq!(stage.ask(ana(), open()).await, Err(StageFailure::NotKept));
}

#[tokio::test(start_paused = true)]
async fn a_deadline_wakes_the_stage_by_itself() {
    let world = World::new(1_000, true, 0);
    let stage = directory(&world).stage(GUILD).await.unwrap();
    stage.ask(ana(), open()).await.unwrap().unwrap();
    let gone = Signal::Voice {
        member: MemberId(1),
        name: "Ana".to_owned(),
        bot: false,
        channel: None,
        deaf: false,
        joined_at: None,
    };
    stage.tell(gone).await;
    // Nobody is left: it closes 5 minutes later without anybody asking.
    world.until(|effect| matches!(effect, Effect::Leave)).await;
    assert!(world.began.elapsed() >= Duration::from_mins(5));
    let mut view = stage.watch();
    view.wait_for(|view| view.open.is_none()).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_stage_that_could_not_be_read_is_tried_again() {
    let world = World::new(1_000, true, 2);
    let stage = directory(&world).stage(GUILD).await.unwrap();
    assert_eq!(world.loads.load(Ordering::Relaxed), 3);
    assert!(stage.ask(ana(), open()).await.unwrap().is_ok());
}

#[tokio::test(start_paused = true)]
async fn everyone_gets_the_same_stage() {
    let world = World::new(1_000, true, 0);
    let directory = directory(&world);
    let (one, other) = tokio::join!(directory.stage(GUILD), directory.stage(GUILD));
    one.unwrap().ask(ana(), open()).await.unwrap().unwrap();
    let mut view = other.unwrap().watch();
    view.wait_for(|view| view.open.is_some()).await.unwrap();
    assert_eq!(directory.open_count(), 1);
    assert_eq!(world.loads.load(Ordering::Relaxed), 1);
}
