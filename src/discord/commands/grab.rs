//! `/grab`: keeps the song that plays in one's own collection.

use super::call::{Call, Outcome};
use super::definition::Part;
use crate::domain::protocol::Command;

pub(super) fn definition() -> Part {
    Part::command("grab")
}

pub(super) async fn run(call: &Call) -> Outcome {
    call.carry_out(Command::Grab { turn: None }).await
}
