//! `/seek`: another place in the song that plays, by its looper, the host and moderators.

use super::call::{Call, Outcome};
use super::definition::Part;
use super::options::Options;
use crate::domain::protocol::{Command, SeekTo};
use std::time::Duration;

/// Longest place, in characters: `+10:00:00` and some spaces.
const PLACE_LIMIT: usize = 16;

pub(super) fn definition() -> Part {
    Part::command("seek").with(Part::text("to", PLACE_LIMIT).required())
}

pub(super) async fn run(call: &Call, options: Options<'_>) -> Outcome {
    let Some(to) = options.text("to").and_then(place) else {
        return Err(call.wrong("seek-unclear", &[]));
    };
    // Not into the song that follows meanwhile.
    let open = call.view.open.as_ref();
    let turn = open.and_then(|open| Some(open.now.as_ref()?.turn));
    call.carry_out(Command::Seek { turn, to }).await
}

/// `1:30`, `1:02:03`, `90`, `+10`, `-1:00`.
fn place(text: &str) -> Option<SeekTo> {
    let text = text.trim();
    if let Some(by) = text.strip_prefix(['+', '＋']) {
        return time(by).map(SeekTo::Forward);
    }
    if let Some(by) = text.strip_prefix(['-', '−', '－']) {
        return time(by).map(SeekTo::Back);
    }
    time(text).map(SeekTo::At)
}

/// Seconds, or minutes and seconds, or hours before them.
fn time(text: &str) -> Option<Duration> {
    let text = text.trim().trim_end_matches(['s', '秒']);
    let parts: Vec<&str> = text.split([':', '：']).collect();
    if parts.len() > 3 {
        return None;
    }
    let mut seconds = 0_u64;
    for (at, part) in parts.into_iter().enumerate() {
        if part.is_empty() || !part.bytes().all(|it| it.is_ascii_digit()) {
            return None;
        }
        let number: u64 = part.parse().ok()?;
        // After a colon there are at most 59.
        if at > 0 && number > 59 {
            return None;
        }
        seconds = seconds.checked_mul(60)?.checked_add(number)?;
    }
    Some(Duration::from_secs(seconds))
}

#[cfg(test)]
mod tests {
    use super::place;
    use crate::domain::protocol::SeekTo;
    use std::time::Duration;

    #[test]
    fn places_are_typed_in_many_ways() {
        let seconds = Duration::from_secs;
        for (text, expected) in [
            ("1:30", Some(SeekTo::At(seconds(90)))),
            ("90", Some(SeekTo::At(seconds(90)))),
            ("90s", Some(SeekTo::At(seconds(90)))),
            ("1：30", Some(SeekTo::At(seconds(90)))),
            ("1:02:03", Some(SeekTo::At(seconds(3_723)))),
            ("0", Some(SeekTo::At(seconds(0)))),
            ("+10", Some(SeekTo::Forward(seconds(10)))),
            ("-1:00", Some(SeekTo::Back(seconds(60)))),
            ("1:75", None),
            ("1:2:3:4", None),
            ("", None),
            ("+", None),
            ("soon", None),
            ("99999999999999999999", None),
            ("18446744073709551615:00", None),
        ] {
            assert_eq!(place(text), expected, "{text}");
        }
    }
}
