//! The small signs inside sentences: lengths as a player shows them, and Discord's marks for names
//! and times that each reader's client words in its own language.

use crate::domain::ids::{ChannelId, MemberId, NAMELESS};
use crate::domain::moment::Moment;
use std::time::Duration;

/// `3:05`, or `1:02:03` from an hour on.
pub fn clock(length: Duration) -> String {
    let seconds = length.as_secs();
    let (hours, minutes, seconds) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    if hours > 0 {
        format!("{hours}:{minutes:02}:{seconds:02}")
    } else {
        format!("{minutes}:{seconds:02}")
    }
}

/// Shown as the member's name; rings only if allowed mentions say so.
pub fn mention(member: MemberId) -> String {
    if member == MemberId::NOBODY {
        return NAMELESS.to_owned();
    }
    format!("<@{member}>")
}

/// Shown as the channel's name, to click on.
pub fn channel(channel: ChannelId) -> String {
    format!("<#{channel}>")
}

/// Shown as `5 minutes ago`, counted by the reader's client.
pub fn relative(at: Moment) -> String {
    format!("<t:{}:R>", at.0.div_euclid(1_000))
}
