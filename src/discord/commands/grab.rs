//! `/grab`: keeps the song that plays among one's grabs, and in a collection of one's own if one is named.

use super::call::{Call, Outcome};
use super::collection;
use super::definition::Part;
use super::options::Options;
use crate::domain::protocol::Command;

pub(super) fn definition() -> Part {
    Part::command("grab").with(collection::named())
}

pub(super) async fn run(call: &Call, options: Options<'_>) -> Outcome {
    match options.text("collection") {
        Some(text) => collection::grab_into(call, text).await,
        None => call.carry_out(Command::Grab { turn: None }).await,
    }
}
