//! What a guild can set: every number of the rules, with its default and its bounds. How a value
//! is typed and worded is for `discord` and `i18n`; here is only what is allowed.

use super::ids::{ChannelId, RoleId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::time::Duration;

/// One guild's settings. Missing fields of a stored value take their default.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a setting of its own that is on or off"
)]
pub struct Settings {
    /// Seats on the stage, 1 to 5.
    pub seats: u8,
    /// How long a freed seat is offered to the head of the waitlist.
    pub offer: Duration,
    /// Turns a looper has under contention before stepping down.
    pub turns: u32,
    /// Rounds in a row that a looper may be passed over.
    pub passes: u32,
    /// How long a looper may go without a sign of life.
    pub idle: Duration,
    /// How long before stepping down for idleness the looper is warned.
    pub warning: Duration,
    /// How long the seat of somebody who left the channel is kept.
    pub seat_kept: Duration,
    /// How long the waitlist place of somebody who left the channel is kept.
    pub place_kept: Duration,
    /// Longest track.
    pub length_limit: Duration,
    /// Longest track while at least `crowd` wait.
    pub crowded_length_limit: Duration,
    /// How many must wait for the shorter limit.
    pub crowd: u32,
    /// Most tracks in one setlist.
    pub setlist_limit: u32,
    /// How recently a track must have been played here to count as a repeat.
    pub repeat_window: Duration,
    /// How long one song and the next sound together.
    pub crossfade: Duration,
    /// Whether the audience can vote a track off.
    pub vote_skip: bool,
    /// How long somebody must have heard a play, besides half of it, for their rating to count.
    pub rating_heard: Duration,
    /// How old an account must be for its ratings to count on the boards.
    pub board_account_age: Duration,
    /// How long somebody must have been a member for that.
    pub board_member_for: Duration,
    /// How many ratings somebody must have given in a board's period, and of how many loopers.
    pub board_ratings: u32,
    pub board_loopers: u32,
    /// How many listeners that count make a play count.
    pub board_listeners: u32,
    /// A play counts as heard from half of it, or from this much.
    pub heard_enough: Duration,
    /// How long after the last person left the stage closes.
    pub close_after: Duration,
    /// The five reactions, from 1 to 5. Unicode emoji or `name:id` of a custom one.
    pub emoji: [String; 5],
    /// Whether chat in the stage's channel becomes comments.
    pub chat_comments: bool,
    /// Whether the card shows what each looper plays next.
    pub show_next: bool,
    /// Whether who sits in a seat may speak, where the stage stands in a Discord stage channel.
    pub seats_speak: bool,
    /// BCP 47 tag of the language of posts in the channel; answers follow the reader's own.
    pub language: String,
    /// Where the stage posts; the voice channel's own chat when unset.
    pub text_channel: Option<ChannelId>,
    /// Where the week's recap is posted on Mondays; nowhere when unset.
    pub recap_channel: Option<ChannelId>,
    pub moderator_role: Option<RoleId>,
    pub resident_role: Option<RoleId>,
    /// Words no title, artist or comment may hold; lower case.
    pub banned_words: BTreeSet<String>,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            seats: 5,
            offer: Duration::from_secs(30),
            turns: 2,
            passes: 3,
            idle: Duration::from_mins(20),
            warning: Duration::from_mins(5),
            seat_kept: Duration::from_mins(1),
            place_kept: Duration::from_mins(15),
            length_limit: Duration::from_mins(10),
            crowded_length_limit: Duration::from_mins(6),
            crowd: 7,
            setlist_limit: 100,
            repeat_window: Duration::from_hours(2),
            crossfade: Duration::ZERO,
            vote_skip: true,
            rating_heard: Duration::from_secs(30),
            board_account_age: Duration::from_hours(7 * 24),
            board_member_for: Duration::from_hours(24),
            board_ratings: 5,
            board_loopers: 3,
            board_listeners: 2,
            heard_enough: Duration::from_mins(4),
            close_after: Duration::from_mins(5),
            emoji: ["👎", "😐", "👍", "❤️", "🔥"].map(String::from),
            chat_comments: false,
            show_next: true,
            seats_speak: false,
            language: "en".to_owned(),
            text_channel: None,
            recap_channel: None,
            moderator_role: None,
            resident_role: None,
            banned_words: BTreeSet::new(),
        }
    }
}

impl Settings {
    /// Whether the text holds a word that is not wanted in the guild.
    pub fn bans_word_of(&self, text: &str) -> bool {
        let text = text.to_lowercase();
        let banned = |word: &String| text.contains(word.as_str());
        self.banned_words.iter().any(banned)
    }
}
