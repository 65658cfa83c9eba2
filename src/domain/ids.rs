//! The names of things as numbers. Discord's own ids are its snowflakes; ours are counters that
//! each guild counts by itself, so that they are short, repeatable and say which came first.

use serde::{Deserialize, Serialize};
use std::fmt;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub u64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

id!(
    /// A Discord guild.
    GuildId
);
id!(
    /// A Discord channel: voice, stage or text.
    ChannelId
);
id!(
    /// A Discord user, as a member of the guild in question.
    MemberId
);
id!(
    /// A Discord role.
    RoleId
);
id!(
    /// A session of one guild: 1, 2, 3 and on, unique within the guild.
    SessionId
);
id!(
    /// A turn, and the play that records it: 1, 2, 3 and on, unique within the guild.
    TurnId
);
id!(
    /// An entry of somebody's setlist, unique within the guild.
    EntryId
);
id!(
    /// A collection, unique within the guild and never given twice.
    CollectionId
);

impl MemberId {
    /// Who was forgotten: no account of Discord has this id.
    pub const NOBODY: MemberId = MemberId(0);
}

/// What stands where the name of somebody stood who was forgotten, the same in every language.
pub const NAMELESS: &str = "\u{2014}";

/// A seat, 1 to 5 from left to right.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SeatNo(pub u8);

impl fmt::Display for SeatNo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
