//! `/rate`: 1 to 5 for the song that plays, or the one before it.

use super::call::{Call, Outcome};
use super::definition::Part;
use super::options::Options;
use crate::domain::protocol::{Command, Stars, Way};

pub(super) fn definition() -> Part {
    Part::command("rate").with(Part::number("stars", 1, 5).required())
}

pub(super) async fn run(call: &Call, options: Options<'_>) -> Outcome {
    let stars = options
        .number("stars")
        .and_then(|stars| u8::try_from(stars).ok());
    let Some(stars) = stars.and_then(Stars::new) else {
        return Err(call.wrong("rate-range", &[]));
    };
    let way = Way::Command;
    call.carry_out(Command::Rate {
        turn: None,
        stars,
        way,
    })
    .await
}
