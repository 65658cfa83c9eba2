//! Asking a stage on behalf of somebody who did not use a command. The question takes its place in
//! the inbox before this returns, so what came in order is asked in order, and nobody waits for the
//! disk but the one who has to be told.

use super::SharedDesk;
use crate::domain::protocol::{Actor, Command, Notice, Refusal};
use crate::stage::{StageFailure, StageHandle};
use std::future::poll_fn;
use std::sync::Arc;
use std::task::Poll;

/// What the stage said.
pub(super) type Outcome = Result<Result<Notice, Refusal>, StageFailure>;

/// Asks; `after` gets the outcome, in a task of its own if it takes time.
pub(super) async fn in_order<F>(
    desk: &SharedDesk,
    stage: StageHandle,
    (actor, command): (Actor, Command),
    after: impl FnOnce(SharedDesk, Outcome) -> F + Send + 'static,
) where
    F: Future<Output = ()> + Send + 'static,
{
    let mut asking = Box::pin(async move { stage.ask(actor, command).await });
    let first = poll_fn(|context| Poll::Ready(asking.as_mut().poll(context))).await;
    let (tasks, desk) = (desk.tasks.clone(), Arc::clone(desk));
    tasks.spawn(async move {
        let outcome = match first {
            Poll::Ready(outcome) => outcome,
            Poll::Pending => asking.await,
        };
        if let Err(failure) = &outcome {
            tracing::warn!(%failure, "a stage gave no answer");
        }
        after(desk, outcome).await;
    });
}
