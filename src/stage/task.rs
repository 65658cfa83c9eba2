//! The task of one stage and the handle to it. A panic of the rules takes down no more than the
//! input that caused it: the stage is read back from storage and goes on.

use super::{Loaded, Outside, StageFailure, Ticket};
use crate::domain::ids::GuildId;
use crate::domain::protocol::{Actor, Command, Effect, Notice, Refusal, Signal};
use crate::domain::stage::Stage;
use crate::domain::view::View;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{mpsc, oneshot, watch};
use tokio_util::sync::CancellationToken;

/// Inputs that may wait for one stage. When it is full a teller waits; a person who asks waits
/// [`ASK_LIMIT`] and is then told that the stage is busy.
const INBOX_LIMIT: usize = 1_024;

/// How long a person's command waits for a place in the inbox: the answer has to be given within
/// Discord's 3 s.
const ASK_LIMIT: Duration = Duration::from_secs(2);

/// How long somebody waits for a stage to be read from storage before they are told it is busy.
const LOAD_LIMIT: Duration = Duration::from_secs(2);

/// Pause before a stage that could not be loaded is tried again, doubled up to the second figure.
const LOAD_PAUSE: Duration = Duration::from_millis(250);
const LOAD_PAUSE_LIMIT: Duration = Duration::from_secs(30);

type Answer = (Result<Notice, Refusal>, Option<Ticket>);

enum Input {
    Ask(Box<Actor>, Box<Command>, oneshot::Sender<Answer>),
    Tell(Signal),
}

/// A way to send to one stage and to see it. Clones are cheap.
#[derive(Clone, Debug)]
pub struct StageHandle {
    guild: GuildId,
    inbox: mpsc::Sender<Input>,
    view: watch::Receiver<Arc<View>>,
    loaded: watch::Receiver<bool>,
}

impl std::fmt::Debug for Input {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Input::Ask(actor, command, _) => write!(f, "Ask({}, {command:?})", actor.member),
            Input::Tell(signal) => write!(f, "Tell({signal:?})"),
        }
    }
}

impl StageHandle {
    pub fn guild(&self) -> GuildId {
        self.guild
    }

    /// Asks on a person's behalf. The answer comes after everything it says is on disk.
    pub async fn ask(
        &self,
        actor: Actor,
        command: Command,
    ) -> Result<Result<Notice, Refusal>, StageFailure> {
        let (reply, answer) = oneshot::channel();
        let input = Input::Ask(Box::new(actor), Box::new(command), reply);
        match self.inbox.send_timeout(input, ASK_LIMIT).await {
            Ok(()) => {}
            Err(mpsc::error::SendTimeoutError::Timeout(_)) => return Err(StageFailure::Busy),
            Err(mpsc::error::SendTimeoutError::Closed(_)) => return Err(StageFailure::Gone),
        }
        let (outcome, ticket) = answer.await.map_err(|_| StageFailure::Gone)?;
        if let Some(ticket) = ticket {
            ticket.await.map_err(|_| StageFailure::NotKept)?;
        }
        Ok(outcome)
    }

    /// Reports something. Waits while the inbox is full; a stage that is gone needs no reports.
    pub async fn tell(&self, signal: Signal) {
        if self.inbox.send(Input::Tell(signal)).await.is_err() {
            tracing::debug!(guild.id = %self.guild, "a signal came for a stage that is gone");
        }
    }

    /// Waits until the stage has been read from storage.
    pub(super) async fn loaded(&self) -> Result<(), StageFailure> {
        let mut loaded = self.loaded.clone();
        match tokio::time::timeout(LOAD_LIMIT, loaded.wait_for(|loaded| *loaded)).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(_)) => Err(StageFailure::Gone),
            Err(_) => Err(StageFailure::Busy),
        }
    }

    /// Waits until the stage is no more.
    pub(super) async fn ended(&self) {
        self.inbox.closed().await;
    }

    /// What can be seen of the stage now.
    pub fn view(&self) -> Arc<View> {
        Arc::clone(&self.view.borrow())
    }

    /// A receiver that wakes whenever what can be seen has changed.
    pub fn watch(&self) -> watch::Receiver<Arc<View>> {
        self.view.clone()
    }
}

/// The task of one guild's stage.
pub(super) struct StageTask {
    guild: GuildId,
    outside: Arc<dyn Outside>,
    inbox: mpsc::Receiver<Input>,
    view: watch::Sender<Arc<View>>,
    stop: CancellationToken,
    /// Whether the stage has been read from storage, so that its view is true.
    loaded: watch::Sender<bool>,
}

impl StageTask {
    /// The task and the handle to it.
    pub(super) fn new(
        guild: GuildId,
        outside: Arc<dyn Outside>,
        stop: CancellationToken,
    ) -> (StageTask, StageHandle) {
        let (sender, inbox) = mpsc::channel(INBOX_LIMIT);
        let empty = Stage::restore(outside.now(), Loaded::default().kept).view(outside.now());
        let (view, watcher) = watch::channel(Arc::new(empty));
        let (loaded, is_loaded) = watch::channel(false);
        let handle = StageHandle {
            guild,
            inbox: sender,
            view: watcher,
            loaded: is_loaded,
        };
        (
            StageTask {
                guild,
                outside,
                inbox,
                view,
                stop,
                loaded,
            },
            handle,
        )
    }

    /// Runs until the process stops.
    pub(super) async fn run(mut self) {
        while let Some(mut stage) = self.open().await {
            if !self.live(&mut stage).await {
                break;
            }
            tracing::error!(guild.id = %self.guild, "the stage broke and is read back from storage");
        }
    }

    /// Reads the stage from storage, until it works or the process stops.
    async fn open(&mut self) -> Option<Stage> {
        let mut pause = LOAD_PAUSE;
        let loaded = loop {
            let result = tokio::select! {
                () = self.stop.cancelled() => return None,
                result = self.outside.load(self.guild) => result,
            };
            match result {
                Ok(loaded) => break loaded,
                Err(error) => tracing::error!(guild.id = %self.guild, %error, "stage not loaded"),
            }
            tokio::select! {
                () = self.stop.cancelled() => return None,
                () = tokio::time::sleep(pause) => {}
            }
            pause = (pause * 2).min(LOAD_PAUSE_LIMIT);
        };
        let now = self.outside.now();
        let mut effects = Vec::new();
        let mut stage = Stage::restore(now, loaded.kept);
        stage.signal(now, Signal::Recent(loaded.recent), &mut effects);
        stage.signal(now, Signal::VoiceAll(loaded.listeners), &mut effects);
        stage.resume(now, &mut effects);
        self.carry_out(effects).await;
        self.show(&stage);
        self.loaded.send_replace(true);
        Some(stage)
    }

    /// Serves the stage. `true` when it broke, `false` when the process stops.
    async fn live(&mut self, stage: &mut Stage) -> bool {
        loop {
            let deadline = stage.next_deadline();
            let wait = deadline.map(|at| at.since(self.outside.now()));
            let input = tokio::select! {
                biased;
                () = self.stop.cancelled() => return false,
                input = self.inbox.recv() => input,
                () = tokio::time::sleep(wait.unwrap_or_default()), if wait.is_some() => {
                    Some(Input::Tell(Signal::Deadline))
                }
            };
            let Some(input) = input else { return false };
            if self.take(stage, input).await.is_err() {
                return true;
            }
            self.show(stage);
        }
    }

    async fn take(&mut self, stage: &mut Stage, input: Input) -> Result<(), Broken> {
        let now = self.outside.now();
        let mut effects = Vec::new();
        match input {
            Input::Ask(actor, command, reply) => {
                let outcome = guarded(|| stage.command(now, &actor, *command, &mut effects))?;
                let ticket = self.carry_out(effects).await;
                // The asker may have stopped waiting; what was done stands.
                let _nobody_waits = reply.send((outcome, ticket));
            }
            Input::Tell(signal) => {
                guarded(|| stage.signal(now, signal, &mut effects))?;
                self.carry_out(effects).await;
            }
        }
        Ok(())
    }

    async fn carry_out(&self, effects: Vec<Effect>) -> Option<Ticket> {
        if effects.is_empty() {
            return None;
        }
        Some(self.outside.hand_over(self.guild, effects).await)
    }

    fn show(&self, stage: &Stage) {
        let next = stage.view(self.outside.now());
        self.view.send_if_modified(|shown| {
            let changed = **shown != next;
            if changed {
                *shown = Arc::new(next);
            }
            changed
        });
    }
}

/// The rules panicked: a bug, and the value they were working on can't be trusted.
struct Broken;

fn guarded<R>(work: impl FnOnce() -> R) -> Result<R, Broken> {
    catch_unwind(AssertUnwindSafe(work)).map_err(|_| Broken)
}
