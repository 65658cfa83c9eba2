//! The text progress bar of the card: where in the track the sound is. It knows no embed.

use super::super::markup::clock;
use super::Say;
use crate::domain::moment::Moment;
use crate::domain::view::NowView;
use std::time::Duration;

/// How many signs long the bar is.
const WIDTH: u32 = 18;

/// Where the sound of `now` is at `at`, never beyond the track.
pub(super) fn position(now: &NowView, at: Moment) -> Duration {
    let position = if now.playing {
        at.since(now.zero_at)
    } else {
        now.position
    };
    position.min(now.track.length)
}

/// `▶ ━━━━●━━━━━━━ 1:23 / 3:45`
pub(super) fn line(now: &NowView, at: Moment, say: &Say<'_>) -> String {
    let (position, length) = (position(now, at), now.track.length);
    if now.track.live {
        // It has no end to show the way to.
        return say("card-live", &[("time", clock(position).into())]);
    }
    let share = if length.is_zero() {
        0.0
    } else {
        position.as_secs_f64() / length.as_secs_f64()
    };
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a share from 0 to 1 of a small width"
    )]
    let done = (share * f64::from(WIDTH - 1)) as usize;
    let rest = usize::try_from(WIDTH - 1).map_or(0, |width| width.saturating_sub(done));
    // At the very beginning the sound is on its way; later, without it, the song is held up.
    let sign = if now.playing || position.is_zero() {
        "\u{25b6}\u{fe0f}"
    } else {
        "\u{23f8}\u{fe0f}"
    };
    format!(
        "{sign} {}\u{25cf}{} `{} / {}`",
        "\u{2501}".repeat(done),
        "\u{2500}".repeat(rest),
        clock(position),
        clock(length)
    )
}
