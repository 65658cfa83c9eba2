//! `/seat`: to take and to leave one.

use super::call::{Call, Outcome};
use super::definition::Part;
use super::options::Options;
use crate::domain::ids::SeatNo;
use crate::domain::protocol::Command;

pub(super) fn definition() -> Part {
    Part::command("seat")
        .with(Part::sub("take").with(Part::number("number", 1, 5)))
        .with(Part::sub("leave"))
}

pub(super) async fn run(call: &Call, options: Options<'_>) -> Outcome {
    if options.sub == Some("leave") {
        return call.carry_out(Command::LeaveSeat).await;
    }
    let seat = options
        .number("number")
        .and_then(|number| u8::try_from(number).ok());
    let seat = seat.map(SeatNo);
    call.carry_out(Command::TakeSeat { seat }).await
}
