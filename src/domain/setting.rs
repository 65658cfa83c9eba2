//! Each setting by its name: what kind of value it takes, between which bounds, and how it is read
//! from and put into a guild's [`Settings`]. How a value is typed and worded is not known here.

use super::ids::{ChannelId, RoleId};
use super::settings::Settings;
use std::collections::{BTreeSet, HashSet};
use std::time::Duration;

/// Languages that posts can be in.
pub const LANGUAGES: [&str; 2] = ["en", "zh-CN"];
/// Most banned words, and the longest one in characters.
pub const WORDS_LIMIT: usize = 100;
pub const WORD_LIMIT: usize = 40;
/// Longest emoji, in characters: a custom one is a name of up to 32, a colon and an id.
pub const EMOJI_LIMIT: usize = 60;

/// One thing a guild can set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Setting {
    Seats,
    Offer,
    Turns,
    Passes,
    Idle,
    Warning,
    SeatKept,
    PlaceKept,
    LengthLimit,
    CrowdedLengthLimit,
    Crowd,
    SetlistLimit,
    RepeatWindow,
    Crossfade,
    VoteSkip,
    RatingHeard,
    BoardAccountAge,
    BoardMemberFor,
    BoardRatings,
    BoardLoopers,
    BoardListeners,
    HeardEnough,
    CloseAfter,
    Emoji,
    ChatComments,
    ShowNext,
    SeatsSpeak,
    Language,
    TextChannel,
    RecapChannel,
    ModeratorRole,
    ResidentRole,
    BannedWords,
}

/// What kind of value a setting takes; bounds are inclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Count { least: u32, most: u32 },
    Span { least: Duration, most: Duration },
    Flag,
    Emoji,
    Language,
    Channel,
    Role,
    Words,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    Count(u32),
    Span(Duration),
    Flag(bool),
    /// From 1 to 5.
    Emoji([String; 5]),
    Language(String),
    Channel(Option<ChannelId>),
    Role(Option<RoleId>),
    Words(BTreeSet<String>),
}

/// Why a value cannot be put.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Of another kind, or outside the bounds of its kind.
    OutOfBounds,
    /// It must be less than that other setting.
    NotBelow(Setting),
    /// It must be more than that other setting.
    NotAbove(Setting),
}

const SECOND: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_mins(1);
const HOUR: Duration = Duration::from_hours(1);
const DAY: Duration = Duration::from_hours(24);

impl Setting {
    pub const ALL: [Setting; 33] = [
        Setting::Seats,
        Setting::Offer,
        Setting::Turns,
        Setting::Passes,
        Setting::Idle,
        Setting::Warning,
        Setting::SeatKept,
        Setting::PlaceKept,
        Setting::LengthLimit,
        Setting::CrowdedLengthLimit,
        Setting::Crowd,
        Setting::SetlistLimit,
        Setting::RepeatWindow,
        Setting::Crossfade,
        Setting::VoteSkip,
        Setting::RatingHeard,
        Setting::BoardAccountAge,
        Setting::BoardMemberFor,
        Setting::BoardRatings,
        Setting::BoardLoopers,
        Setting::BoardListeners,
        Setting::HeardEnough,
        Setting::CloseAfter,
        Setting::Emoji,
        Setting::ChatComments,
        Setting::ShowNext,
        Setting::SeatsSpeak,
        Setting::Language,
        Setting::TextChannel,
        Setting::RecapChannel,
        Setting::ModeratorRole,
        Setting::ResidentRole,
        Setting::BannedWords,
    ];

    /// As it is typed and logged.
    pub fn name(self) -> &'static str {
        match self {
            Setting::Seats => "seats",
            Setting::Offer => "offer",
            Setting::Turns => "turns",
            Setting::Passes => "passes",
            Setting::Idle => "idle",
            Setting::Warning => "warning",
            Setting::SeatKept => "seat-kept",
            Setting::PlaceKept => "place-kept",
            Setting::LengthLimit => "length-limit",
            Setting::CrowdedLengthLimit => "crowded-length-limit",
            Setting::Crowd => "crowd",
            Setting::SetlistLimit => "setlist-limit",
            Setting::RepeatWindow => "repeat-window",
            Setting::Crossfade => "crossfade",
            Setting::VoteSkip => "vote-skip",
            Setting::RatingHeard => "rating-heard",
            Setting::BoardAccountAge => "board-account-age",
            Setting::BoardMemberFor => "board-member-for",
            Setting::BoardRatings => "board-ratings",
            Setting::BoardLoopers => "board-loopers",
            Setting::BoardListeners => "board-listeners",
            Setting::HeardEnough => "heard-enough",
            Setting::CloseAfter => "close-after",
            Setting::Emoji => "emoji",
            Setting::ChatComments => "chat-comments",
            Setting::ShowNext => "show-next",
            Setting::SeatsSpeak => "seats-speak",
            Setting::Language => "language",
            Setting::TextChannel => "text-channel",
            Setting::RecapChannel => "recap-channel",
            Setting::ModeratorRole => "moderator-role",
            Setting::ResidentRole => "resident-role",
            Setting::BannedWords => "banned-words",
        }
    }

    pub fn named(name: &str) -> Option<Setting> {
        Setting::ALL
            .into_iter()
            .find(|setting| setting.name() == name)
    }

    pub fn kind(self) -> Kind {
        let span = |least, most| Kind::Span { least, most };
        let count = |least, most| Kind::Count { least, most };
        match self {
            Setting::Seats => count(1, 5),
            Setting::Turns | Setting::Passes | Setting::BoardLoopers | Setting::BoardListeners => {
                count(1, 20)
            }
            Setting::Crowd | Setting::BoardRatings => count(1, 100),
            Setting::SetlistLimit => count(1, 500),
            Setting::Offer => span(10 * SECOND, 10 * MINUTE),
            Setting::Idle => span(2 * MINUTE, 6 * HOUR),
            Setting::Warning => span(30 * SECOND, HOUR),
            Setting::SeatKept => span(Duration::ZERO, HOUR),
            Setting::PlaceKept => span(Duration::ZERO, 3 * HOUR),
            Setting::LengthLimit | Setting::CrowdedLengthLimit => span(30 * SECOND, 3 * HOUR),
            Setting::RepeatWindow => span(Duration::ZERO, 7 * DAY),
            Setting::BoardAccountAge => span(Duration::ZERO, 365 * DAY),
            Setting::BoardMemberFor => span(Duration::ZERO, 90 * DAY),
            Setting::Crossfade => span(Duration::ZERO, 12 * SECOND),
            Setting::RatingHeard => span(Duration::ZERO, 10 * MINUTE),
            Setting::HeardEnough | Setting::CloseAfter => span(10 * SECOND, HOUR),
            Setting::VoteSkip | Setting::ChatComments | Setting::ShowNext | Setting::SeatsSpeak => {
                Kind::Flag
            }
            Setting::Emoji => Kind::Emoji,
            Setting::Language => Kind::Language,
            Setting::TextChannel | Setting::RecapChannel => Kind::Channel,
            Setting::ModeratorRole | Setting::ResidentRole => Kind::Role,
            Setting::BannedWords => Kind::Words,
        }
    }

    pub fn get(self, settings: &Settings) -> Value {
        match self {
            Setting::Seats => Value::Count(settings.seats.into()),
            Setting::Turns => Value::Count(settings.turns),
            Setting::Passes => Value::Count(settings.passes),
            Setting::Crowd => Value::Count(settings.crowd),
            Setting::SetlistLimit => Value::Count(settings.setlist_limit),
            Setting::BoardRatings => Value::Count(settings.board_ratings),
            Setting::BoardLoopers => Value::Count(settings.board_loopers),
            Setting::BoardListeners => Value::Count(settings.board_listeners),
            Setting::Offer => Value::Span(settings.offer),
            Setting::Idle => Value::Span(settings.idle),
            Setting::Warning => Value::Span(settings.warning),
            Setting::SeatKept => Value::Span(settings.seat_kept),
            Setting::PlaceKept => Value::Span(settings.place_kept),
            Setting::LengthLimit => Value::Span(settings.length_limit),
            Setting::CrowdedLengthLimit => Value::Span(settings.crowded_length_limit),
            Setting::RepeatWindow => Value::Span(settings.repeat_window),
            Setting::Crossfade => Value::Span(settings.crossfade),
            Setting::RatingHeard => Value::Span(settings.rating_heard),
            Setting::BoardAccountAge => Value::Span(settings.board_account_age),
            Setting::BoardMemberFor => Value::Span(settings.board_member_for),
            Setting::HeardEnough => Value::Span(settings.heard_enough),
            Setting::CloseAfter => Value::Span(settings.close_after),
            Setting::VoteSkip => Value::Flag(settings.vote_skip),
            Setting::ChatComments => Value::Flag(settings.chat_comments),
            Setting::ShowNext => Value::Flag(settings.show_next),
            Setting::SeatsSpeak => Value::Flag(settings.seats_speak),
            Setting::Emoji => Value::Emoji(settings.emoji.clone()),
            Setting::Language => Value::Language(settings.language.clone()),
            Setting::TextChannel => Value::Channel(settings.text_channel),
            Setting::RecapChannel => Value::Channel(settings.recap_channel),
            Setting::ModeratorRole => Value::Role(settings.moderator_role),
            Setting::ResidentRole => Value::Role(settings.resident_role),
            Setting::BannedWords => Value::Words(settings.banned_words.clone()),
        }
    }

    /// Puts the value. The settings are unchanged when it is at fault.
    pub fn put(self, settings: &mut Settings, value: Value) -> Result<(), Fault> {
        if !self.kind().allows(&value) {
            return Err(Fault::OutOfBounds);
        }
        self.fits_beside(settings, &value)?;
        match value {
            Value::Count(count) => self.put_count(settings, count),
            Value::Span(span) => self.put_span(settings, span),
            Value::Flag(flag) => match self {
                Setting::VoteSkip => settings.vote_skip = flag,
                Setting::ChatComments => settings.chat_comments = flag,
                Setting::SeatsSpeak => settings.seats_speak = flag,
                _ => settings.show_next = flag,
            },
            Value::Emoji(emoji) => settings.emoji = emoji,
            Value::Language(language) => settings.language = language,
            Value::Channel(channel) if self == Setting::RecapChannel => {
                settings.recap_channel = channel;
            }
            Value::Channel(channel) => settings.text_channel = channel,
            Value::Role(role) if self == Setting::ModeratorRole => settings.moderator_role = role,
            Value::Role(role) => settings.resident_role = role,
            Value::Words(words) => settings.banned_words = words,
        }
        Ok(())
    }

    /// What has to be in order between two settings.
    fn fits_beside(self, settings: &Settings, value: &Value) -> Result<(), Fault> {
        let Value::Span(span) = value else {
            return Ok(());
        };
        match self {
            Setting::Idle if *span <= settings.warning => Err(Fault::NotAbove(Setting::Warning)),
            Setting::Warning if *span >= settings.idle => Err(Fault::NotBelow(Setting::Idle)),
            _ => Ok(()),
        }
    }

    fn put_count(self, settings: &mut Settings, count: u32) {
        match self {
            Setting::Seats => settings.seats = u8::try_from(count).unwrap_or(u8::MAX),
            Setting::Turns => settings.turns = count,
            Setting::Passes => settings.passes = count,
            Setting::Crowd => settings.crowd = count,
            Setting::BoardRatings => settings.board_ratings = count,
            Setting::BoardLoopers => settings.board_loopers = count,
            Setting::BoardListeners => settings.board_listeners = count,
            _ => settings.setlist_limit = count,
        }
    }

    fn put_span(self, settings: &mut Settings, span: Duration) {
        let place = match self {
            Setting::Offer => &mut settings.offer,
            Setting::Idle => &mut settings.idle,
            Setting::Warning => &mut settings.warning,
            Setting::SeatKept => &mut settings.seat_kept,
            Setting::PlaceKept => &mut settings.place_kept,
            Setting::LengthLimit => &mut settings.length_limit,
            Setting::CrowdedLengthLimit => &mut settings.crowded_length_limit,
            Setting::RepeatWindow => &mut settings.repeat_window,
            Setting::Crossfade => &mut settings.crossfade,
            Setting::RatingHeard => &mut settings.rating_heard,
            Setting::BoardAccountAge => &mut settings.board_account_age,
            Setting::BoardMemberFor => &mut settings.board_member_for,
            Setting::HeardEnough => &mut settings.heard_enough,
            _ => &mut settings.close_after,
        };
        *place = span;
    }
}

impl Kind {
    fn allows(self, value: &Value) -> bool {
        match (self, value) {
            (Kind::Count { least, most }, Value::Count(count)) => (least..=most).contains(count),
            (Kind::Span { least, most }, Value::Span(span)) => (least..=most).contains(span),
            (Kind::Flag, Value::Flag(_))
            | (Kind::Channel, Value::Channel(_))
            | (Kind::Role, Value::Role(_)) => true,
            (Kind::Emoji, Value::Emoji(emoji)) => {
                let distinct: HashSet<&String> = emoji.iter().collect();
                let sound = |one: &String| (1..=EMOJI_LIMIT).contains(&one.chars().count());
                distinct.len() == emoji.len() && emoji.iter().all(sound)
            }
            (Kind::Language, Value::Language(tag)) => LANGUAGES.contains(&tag.as_str()),
            (Kind::Words, Value::Words(words)) => {
                let sound = |word: &String| (1..=WORD_LIMIT).contains(&word.chars().count());
                words.len() <= WORDS_LIMIT && words.iter().all(sound)
            }
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Fault, Kind, Setting, Value};
    use crate::domain::settings::Settings;
    use std::collections::BTreeSet;
    use std::time::Duration;

    #[test]
    fn every_setting_has_a_name_and_a_default_within_its_bounds() {
        let defaults = Settings::default();
        for setting in Setting::ALL {
            assert_eq!(Setting::named(setting.name()), Some(setting));
            let mut same = defaults.clone();
            assert_eq!(
                setting.put(&mut same, setting.get(&defaults)),
                Ok(()),
                "{setting:?}"
            );
            assert_eq!(same, defaults, "{setting:?} was put elsewhere");
        }
    }

    #[test]
    fn every_number_can_be_put_and_read_and_has_bounds() {
        for setting in Setting::ALL {
            let mut settings = Settings::default();
            let (good, bad) = match setting.kind() {
                Kind::Count { least, most } => (Value::Count(least), Value::Count(most + 1)),
                Kind::Span { most, .. } => {
                    let good = match setting {
                        Setting::Warning => Duration::from_mins(2),
                        _ => most,
                    };
                    (
                        Value::Span(good),
                        Value::Span(most + Duration::from_secs(1)),
                    )
                }
                _ => continue,
            };
            assert_eq!(
                setting.put(&mut settings, good.clone()),
                Ok(()),
                "{setting:?}"
            );
            assert_eq!(setting.get(&settings), good);
            assert_eq!(setting.put(&mut settings, bad), Err(Fault::OutOfBounds));
            assert_eq!(setting.get(&settings), good);
        }
    }

    #[test]
    fn the_warning_comes_before_the_end() {
        let mut settings = Settings::default();
        let long = Value::Span(Duration::from_mins(30));
        let fault = Setting::Warning.put(&mut settings, long);
        assert_eq!(fault, Err(Fault::NotBelow(Setting::Idle)));
        let short = Value::Span(Duration::from_mins(4));
        let fault = Setting::Idle.put(&mut settings, short);
        assert_eq!(fault, Err(Fault::NotAbove(Setting::Warning)));
        assert_eq!(settings, Settings::default());
    }

    #[test]
    fn other_values_are_checked_too() {
        let mut settings = Settings::default();
        let twice = ["👍", "👍", "a", "b", "c"].map(String::from);
        assert!(
            Setting::Emoji
                .put(&mut settings, Value::Emoji(twice))
                .is_err()
        );
        assert!(
            Setting::Language
                .put(&mut settings, Value::Language("xx".to_owned()))
                .is_err()
        );
        assert!(
            Setting::Seats
                .put(&mut settings, Value::Flag(true))
                .is_err()
        );
        let long = BTreeSet::from(["x".repeat(41)]);
        assert!(
            Setting::BannedWords
                .put(&mut settings, Value::Words(long))
                .is_err()
        );
        assert_eq!(settings, Settings::default());
    }
}
