//! The words for what the core answers: every notice and every refusal, exhaustively, so that a
//! new one does not compile before it has words.

use super::{Fill, Locale, Words, channel, clock, mention, relative};
use crate::domain::protocol::{Need, Notice, Refusal, SkipReason};

/// How other people's words (titles, names) are quoted where the sentence is shown.
pub type Quote = fn(&str) -> String;

/// A key and what fills its gaps.
pub(super) type Sentence<'a> = (&'static str, Vec<(&'static str, Fill<'a>)>);

impl Words {
    /// The answer to what was done.
    pub fn notice(&self, locale: Locale, notice: &Notice, quote: Quote) -> String {
        self.all(locale, &notice_sentences(notice, quote))
    }

    /// The public line for a track that `name` added; `None` if the notice says something else.
    pub fn added(
        &self,
        locale: Locale,
        name: &str,
        notice: &Notice,
        quote: Quote,
    ) -> Option<String> {
        let Notice::Added { title, .. } = notice else {
            return None;
        };
        let fills = vec![("name", quote(name).into()), ("title", quote(title).into())];
        let mut all = vec![("notice-added-by", fills)];
        all.extend(after_adding(notice));
        Some(self.all(locale, &all))
    }

    /// The answer to what was not done: what, why, and what to do instead.
    pub fn refusal(&self, locale: Locale, refusal: &Refusal, quote: Quote) -> String {
        let (key, fills) = refusal_sentence(refusal, quote);
        self.say(locale, key, &fills)
    }

    /// Why a track was skipped.
    pub fn skip_reason(&self, locale: Locale, reason: &SkipReason, quote: Quote) -> String {
        let key = match reason {
            SkipReason::OffTheme => "reason-off-theme",
            SkipReason::TooLoud => "reason-too-loud",
            SkipReason::BadQuality => "reason-bad-quality",
            SkipReason::PlayedAlready => "reason-played-already",
            SkipReason::Unsuitable => "reason-unsuitable",
            SkipReason::Words(words) => return quote(words),
        };
        self.say(locale, key, &[])
    }

    fn all(&self, locale: Locale, sentences: &[Sentence<'_>]) -> String {
        let said: Vec<String> = sentences
            .iter()
            .map(|(key, fills)| self.say(locale, key, fills))
            .collect();
        match locale {
            Locale::En => said.join(" "),
            Locale::ZhCn => said.concat(),
        }
    }
}

pub(super) fn notice_sentences(notice: &Notice, quote: Quote) -> Vec<Sentence<'_>> {
    match notice {
        Notice::Added { title, .. } => {
            let mut all = vec![("notice-added", vec![("title", quote(title).into())])];
            all.extend(after_adding(notice));
            all
        }
        other => vec![plain_notice(other, quote)],
    }
}

/// What else there is to say of a track that was added.
fn after_adding(notice: &Notice) -> Vec<Sentence<'static>> {
    let Notice::Added {
        place,
        seat,
        seated,
        waiting,
        opened,
        repeat,
        playing,
        ..
    } = notice
    else {
        return Vec::new();
    };
    let mut sentences = vec![if *playing {
        ("notice-added-playing", Vec::new())
    } else {
        ("notice-added-place", vec![("place", (*place).into())])
    }];
    if let (Some(seat), true) = (seat, seated) {
        let fills = vec![("seat", seat.0.into())];
        sentences.push(("notice-added-seat", fills));
    }
    if let Some(place) = waiting {
        sentences.push(("notice-added-waiting", vec![("place", (*place).into())]));
    }
    if *opened {
        sentences.push(("notice-added-opened", Vec::new()));
    }
    if let Some(at) = repeat {
        sentences.push((
            "notice-added-repeat",
            vec![("played", relative(*at).into())],
        ));
    }
    sentences
}

fn plain_notice(notice: &Notice, quote: Quote) -> Sentence<'_> {
    match notice {
        Notice::Opened { channel: at, .. } => {
            ("notice-opened", vec![("channel", channel(*at).into())])
        }
        Notice::Closed { plays } => ("notice-closed", vec![("plays", (*plays).into())]),
        Notice::Locked(true) => ("notice-locked", Vec::new()),
        Notice::Locked(false) => ("notice-unlocked", Vec::new()),
        Notice::Themed => ("notice-themed", Vec::new()),
        Notice::Seated { seat } => ("notice-seated", vec![("seat", seat.0.into())]),
        Notice::Waiting { place } => ("notice-waiting", vec![("place", (*place).into())]),
        Notice::LeftSeat { seat } => ("notice-left-seat", vec![("seat", seat.0.into())]),
        Notice::LeftWaitlist => ("notice-left-waitlist", Vec::new()),
        Notice::Kicked { member } => ("notice-kicked", vec![("member", mention(*member).into())]),
        Notice::StageBanned { member, banned } => {
            let key = if *banned {
                "notice-banned"
            } else {
                "notice-unbanned"
            };
            (key, vec![("member", mention(*member).into())])
        }
        Notice::Moved { member, seat } => {
            let fills = vec![("member", mention(*member).into()), ("seat", seat.0.into())];
            ("notice-moved", fills)
        }
        Notice::Voided { rater } => ("notice-voided", vec![("member", mention(*rater).into())]),
        Notice::VoidedAll { rater } => (
            "notice-voided-all",
            vec![("member", mention(*rater).into())],
        ),
        other => track_notice(other, quote),
    }
}

/// The notices about tracks, setlists and settings.
fn track_notice(notice: &Notice, quote: Quote) -> Sentence<'_> {
    let titled = |key, title: &str| (key, vec![("title", quote(title).into())]);
    match notice {
        Notice::Skipped { title } => titled("notice-skipped", title),
        Notice::Sought { title, position } => {
            let position = clock(*position).into();
            let fills = vec![("title", quote(title).into()), ("position", position)];
            ("notice-sought", fills)
        }
        Notice::Rated {
            title,
            stars,
            changed_from,
        } => {
            let mut fills = vec![
                ("title", quote(title).into()),
                ("stars", stars.get().into()),
            ];
            match changed_from {
                Some(before) => {
                    fills.push(("before", before.get().into()));
                    ("notice-rated-changed", fills)
                }
                None => ("notice-rated", fills),
            }
        }
        Notice::Unrated => ("notice-unrated", Vec::new()),
        Notice::Forgotten => ("notice-forgotten", Vec::new()),
        Notice::Commented => ("notice-commented", Vec::new()),
        Notice::Grabbed {
            title,
            already: true,
        } => titled("notice-grabbed-already", title),
        Notice::Grabbed {
            title,
            already: false,
        } => titled("notice-grabbed", title),
        Notice::Removed { title } => titled("notice-removed", title),
        Notice::Reordered { title, place } => {
            let fills = vec![("title", quote(title).into()), ("place", (*place).into())];
            ("notice-reordered", fills)
        }
        Notice::Shuffled { count } => ("notice-shuffled", vec![("count", (*count).into())]),
        Notice::Cleared { count } => ("notice-cleared", vec![("count", (*count).into())]),
        Notice::TrackBanned {
            title,
            banned: true,
        } => titled("notice-track-banned", title),
        Notice::TrackBanned {
            title,
            banned: false,
        } => titled("notice-track-unbanned", title),
        // What is left has words above.
        Notice::Configured
        | Notice::Opened { .. }
        | Notice::Closed { .. }
        | Notice::Locked(_)
        | Notice::Themed
        | Notice::Added { .. }
        | Notice::Seated { .. }
        | Notice::Waiting { .. }
        | Notice::LeftSeat { .. }
        | Notice::LeftWaitlist
        | Notice::Kicked { .. }
        | Notice::StageBanned { .. }
        | Notice::Moved { .. }
        | Notice::Voided { .. }
        | Notice::VoidedAll { .. } => ("notice-configured", Vec::new()),
    }
}

pub(super) fn refusal_sentence(refusal: &Refusal, quote: Quote) -> Sentence<'_> {
    match refusal {
        Refusal::OtherChannel { stage } => (
            "refusal-other-channel",
            vec![("channel", channel(*stage).into())],
        ),
        Refusal::AlreadyOpen { channel: at } => (
            "refusal-already-open",
            vec![("channel", channel(*at).into())],
        ),
        Refusal::AlreadySeated { seat } => {
            ("refusal-already-seated", vec![("seat", seat.0.into())])
        }
        Refusal::SeatTaken { seat } => ("refusal-seat-taken", vec![("seat", seat.0.into())]),
        Refusal::NoSuchSeat { seats } => ("refusal-no-such-seat", vec![("seats", (*seats).into())]),
        Refusal::AlreadyWaiting { place } => {
            ("refusal-already-waiting", vec![("place", (*place).into())])
        }
        Refusal::WaitlistFull { limit } => {
            ("refusal-waitlist-full", vec![("limit", (*limit).into())])
        }
        Refusal::TheyAreNotOnStage { member } => (
            "refusal-they-are-not-on-stage",
            vec![("member", mention(*member).into())],
        ),
        Refusal::TooLong {
            length,
            limit,
            crowded,
        } => {
            let key = if *crowded {
                "refusal-too-long-crowded"
            } else {
                "refusal-too-long"
            };
            let fills = vec![
                ("length", clock(*length).into()),
                ("limit", clock(*limit).into()),
            ];
            (key, fills)
        }
        Refusal::SetlistFull { limit } => {
            ("refusal-setlist-full", vec![("limit", (*limit).into())])
        }
        Refusal::AlreadyInSetlist { place } => (
            "refusal-already-in-setlist",
            vec![("place", (*place).into())],
        ),
        Refusal::TrackBanned { title } => {
            ("refusal-track-banned", vec![("title", quote(title).into())])
        }
        Refusal::TextTooLong { limit } => {
            ("refusal-text-too-long", vec![("limit", (*limit).into())])
        }
        Refusal::VoteInstead { votes, needed } => {
            let fills = vec![("votes", (*votes).into()), ("needed", (*needed).into())];
            ("refusal-vote-instead", fills)
        }
        Refusal::TurnTooLong { limit } => (
            "refusal-turn-too-long",
            vec![("limit", clock(*limit).into())],
        ),
        Refusal::BeyondEnd { length } => (
            "refusal-beyond-end",
            vec![("length", clock(*length).into())],
        ),
        other => (bare_refusal(other), Vec::new()),
    }
}

/// The refusals whose sentence has no gap.
fn bare_refusal(refusal: &Refusal) -> &'static str {
    match refusal {
        Refusal::NotInVoice => "refusal-not-in-voice",
        Refusal::NothingPlaying => "refusal-nothing-playing",
        Refusal::NotAllowed(Need::Host) => "refusal-need-host",
        Refusal::NotAllowed(Need::Moderator) => "refusal-need-moderator",
        Refusal::NotAllowed(Need::Admin) => "refusal-need-admin",
        Refusal::Locked => "refusal-locked",
        Refusal::StageBanned => "refusal-stage-banned",
        Refusal::NotOnStage => "refusal-not-on-stage",
        Refusal::WordBanned => "refusal-word-banned",
        Refusal::NoSuchEntry => "refusal-no-such-entry",
        Refusal::EmptySetlist => "refusal-empty-setlist",
        Refusal::OwnTrack => "refusal-own-track",
        Refusal::NotListening => "refusal-not-listening",
        Refusal::RatingVoided => "refusal-rating-voided",
        Refusal::TooLate => "refusal-too-late",
        Refusal::NoSuchTurn => "refusal-no-such-turn",
        Refusal::NoRating => "refusal-no-rating",
        Refusal::EmptyText => "refusal-empty-text",
        Refusal::VoteOff => "refusal-vote-off",
        Refusal::LiveHasNoPlace => "refusal-live-has-no-place",
        // The others have gaps and words above.
        Refusal::NoStage
        | Refusal::OtherChannel { .. }
        | Refusal::AlreadyOpen { .. }
        | Refusal::AlreadySeated { .. }
        | Refusal::SeatTaken { .. }
        | Refusal::NoSuchSeat { .. }
        | Refusal::AlreadyWaiting { .. }
        | Refusal::WaitlistFull { .. }
        | Refusal::TheyAreNotOnStage { .. }
        | Refusal::TooLong { .. }
        | Refusal::SetlistFull { .. }
        | Refusal::AlreadyInSetlist { .. }
        | Refusal::TrackBanned { .. }
        | Refusal::TextTooLong { .. }
        | Refusal::TurnTooLong { .. }
        | Refusal::BeyondEnd { .. }
        | Refusal::VoteInstead { .. } => "refusal-no-stage",
    }
}
