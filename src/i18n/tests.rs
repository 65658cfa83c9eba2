//! Every language is complete, and every sentence fills its places.

mod plurals;

use super::answers::{notice_sentences, refusal_sentence};
use super::collections::sentence;
use super::{Fill, Locale, Words};
use crate::domain::collection::CollectionRefusal;
use crate::domain::ids::{ChannelId, MemberId, SeatNo, SessionId};
use crate::domain::moment::Moment;
use crate::domain::protocol::{Need, Notice, Refusal, SkipReason, Stars};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// The keys of a language file with the variables of each.
fn keys(locale: Locale) -> BTreeMap<String, BTreeSet<String>> {
    let mut keys: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut key = String::new();
    for line in locale
        .source()
        .lines()
        .filter(|line| !line.starts_with('#'))
    {
        if let Some((name, _)) = line.split_once('=').filter(|_| !line.starts_with(' ')) {
            key = name.trim().to_owned();
            let before = keys.insert(key.clone(), BTreeSet::new());
            assert_eq!(before, None, "{key} is there twice in {}", locale.tag());
        }
        for part in line.split('$').skip(1) {
            let end = part.find(|c: char| !c.is_ascii_alphanumeric() && c != '-');
            let variable = part[..end.unwrap_or(part.len())].to_owned();
            keys.get_mut(&key).unwrap().insert(variable);
        }
    }
    keys
}

fn quote(text: &str) -> String {
    text.to_owned()
}

fn sought() -> Notice {
    Notice::Sought {
        title: "Song".to_owned(),
        position: Duration::from_secs(90),
    }
}

fn notices() -> Vec<Notice> {
    let (channel, member, seat) = (ChannelId(7), MemberId(8), SeatNo(2));
    let title = || "Song".to_owned();
    let stars = Stars::new(4).unwrap();
    let added = |opened, playing| Notice::Added {
        title: title(),
        place: 2,
        seat: Some(seat),
        seated: opened,
        waiting: (!opened).then_some(3),
        opened,
        repeat: (!opened).then_some(Moment(1_000)),
        playing,
    };
    let mut all = vec![
        Notice::Opened {
            session: SessionId(1),
            channel,
        },
        Notice::Closed { plays: 2 },
        Notice::Themed,
        added(true, true),
        added(false, false),
        Notice::Seated { seat },
        Notice::Waiting { place: 1 },
        Notice::LeftSeat { seat },
        Notice::LeftWaitlist,
        Notice::Kicked { member },
        Notice::Moved { member, seat },
        Notice::Skipped { title: title() },
        sought(),
        Notice::Rated {
            title: title(),
            stars,
            changed_from: None,
        },
        Notice::Rated {
            title: title(),
            stars,
            changed_from: Stars::new(1),
        },
        Notice::Unrated,
        Notice::Forgotten,
        Notice::Voided { rater: member },
        Notice::VoidedAll { rater: member },
        Notice::Commented,
        Notice::Removed { title: title() },
        Notice::Reordered {
            title: title(),
            place: 4,
        },
        Notice::Shuffled { count: 5 },
        Notice::Cleared { count: 6 },
        Notice::Configured,
    ];
    for yes in [false, true] {
        all.push(Notice::Locked(yes));
        all.push(Notice::StageBanned {
            member,
            banned: yes,
        });
        all.push(Notice::Grabbed {
            title: title(),
            already: yes,
        });
        all.push(Notice::TrackBanned {
            title: title(),
            banned: yes,
        });
    }
    all
}

fn refusals() -> Vec<Refusal> {
    let (channel, member, seat) = (ChannelId(7), MemberId(8), SeatNo(2));
    let (length, limit) = (Duration::from_secs(725), Duration::from_mins(10));
    vec![
        Refusal::NotInVoice,
        Refusal::OtherChannel { stage: channel },
        Refusal::NoStage,
        Refusal::AlreadyOpen { channel },
        Refusal::NothingPlaying,
        Refusal::NotAllowed(Need::Host),
        Refusal::NotAllowed(Need::Moderator),
        Refusal::NotAllowed(Need::Admin),
        Refusal::Locked,
        Refusal::StageBanned,
        Refusal::AlreadySeated { seat },
        Refusal::SeatTaken { seat },
        Refusal::NoSuchSeat { seats: 5 },
        Refusal::AlreadyWaiting { place: 1 },
        Refusal::WaitlistFull { limit: 100 },
        Refusal::NotOnStage,
        Refusal::TheyAreNotOnStage { member },
        Refusal::TooLong {
            length,
            limit,
            crowded: false,
        },
        Refusal::TooLong {
            length,
            limit,
            crowded: true,
        },
        Refusal::SetlistFull { limit: 100 },
        Refusal::AlreadyInSetlist { place: 1 },
        Refusal::TrackBanned {
            title: "Song".to_owned(),
        },
        Refusal::WordBanned,
        Refusal::NoSuchEntry,
        Refusal::EmptySetlist,
        Refusal::OwnTrack,
        Refusal::NotListening,
        Refusal::RatingVoided,
        Refusal::TooLate,
        Refusal::NoSuchTurn,
        Refusal::NoRating,
        Refusal::EmptyText,
        Refusal::TextTooLong { limit: 200 },
        Refusal::VoteInstead {
            votes: 1,
            needed: 2,
        },
        Refusal::VoteOff,
        Refusal::TurnTooLong { limit },
        Refusal::BeyondEnd { length },
        Refusal::LiveHasNoPlace,
    ]
}

#[test]
fn both_languages_have_the_same_keys_with_the_same_variables() {
    let english = keys(Locale::En);
    for locale in Locale::ALL {
        assert_eq!(keys(locale), english, "{}", locale.tag());
    }
}

#[test]
fn every_sentence_of_every_language_can_be_said() {
    let words = Words::new();
    for locale in Locale::ALL {
        for (key, variables) in keys(locale) {
            let texts: Vec<_> = variables
                .iter()
                .map(|name| (name.as_str(), "x".into()))
                .collect();
            let numbers: Vec<_> = [0_u32, 1, 2, 21]
                .map(|n| {
                    variables
                        .iter()
                        .map(|name| (name.as_str(), n.into()))
                        .collect()
                })
                .into();
            for fills in std::iter::once(texts).chain(numbers) {
                let (said, faults) = words.worded(locale, &key, &fills);
                assert!(faults.is_empty(), "{key}: {faults:?}");
                assert!(!said.trim().is_empty(), "{key} says nothing");
                assert!(
                    !said.contains(['\u{2068}', '\u{2069}']),
                    "{key} has marks in it"
                );
            }
        }
    }
}

#[test]
fn every_notice_and_refusal_has_words_and_every_word_is_used() {
    let words = Words::new();
    for locale in Locale::ALL {
        let mut said: BTreeSet<&str> = BTreeSet::from(["notice-added-by"]);
        let notices = notices();
        let refusals = refusals();
        let sentences = notices
            .iter()
            .flat_map(|notice| notice_sentences(notice, quote));
        for (key, fills) in sentences.chain(refusals.iter().map(|it| refusal_sentence(it, quote))) {
            let (sentence, faults) = words.worded(locale, key, &fills);
            assert!(faults.is_empty(), "{key}: {faults:?} in {sentence}");
            said.insert(key);
        }
        let there = keys(locale);
        let answers = there
            .keys()
            .map(String::as_str)
            .filter(|key| key.starts_with("notice-") || key.starts_with("refusal-"));
        assert_eq!(said, answers.collect(), "{}", locale.tag());
    }
}

#[test]
fn every_refusal_about_collections_has_words_that_fill_their_gaps() {
    let name = || "Rain".to_owned();
    let limit = 7;
    let all = [
        CollectionRefusal::NoSuchCollection,
        CollectionRefusal::NotYours { name: name() },
        CollectionRefusal::EmptyName,
        CollectionRefusal::NameTooLong { limit },
        CollectionRefusal::NameTaken { name: name() },
        CollectionRefusal::DescriptionTooLong { limit },
        CollectionRefusal::WordBanned,
        CollectionRefusal::TooManyCollections { limit },
        CollectionRefusal::CollectionFull {
            name: name(),
            limit,
        },
        CollectionRefusal::AlreadyInCollection {
            name: name(),
            place: 3,
        },
        CollectionRefusal::NoSuchTrack { name: name() },
        CollectionRefusal::NothingInIt { name: name() },
        CollectionRefusal::AlreadyPublished { name: name() },
        CollectionRefusal::NotPublished { name: name() },
        CollectionRefusal::Barred { name: name() },
        CollectionRefusal::OwnSave { name: name() },
        CollectionRefusal::AlreadySaved { name: name() },
        CollectionRefusal::NotSaved { name: name() },
        CollectionRefusal::TooManySaves { limit },
    ];
    let words = Words::new();
    for locale in Locale::ALL {
        for refusal in &all {
            let (key, fills) = sentence(refusal, quote);
            let (said, faults) = words.worded(locale, key, &fills);
            assert!(faults.is_empty(), "{key}: {faults:?} in {said}");
            for (_, fill) in fills {
                let filled = match fill {
                    Fill::Text(text) => text.into_owned(),
                    Fill::Count(count) => count.to_string(),
                };
                assert!(said.contains(&filled), "{key} hides {filled}: {said}");
            }
        }
    }
}

#[test]
fn a_reason_is_a_preset_or_quoted_words() {
    let words = Words::new();
    let own = SkipReason::Words("my *own*".to_owned());
    assert_eq!(
        words.skip_reason(Locale::En, &own, |text| text.replace('*', "+")),
        "my +own+"
    );
    assert_eq!(
        words.skip_reason(Locale::En, &SkipReason::TooLoud, quote),
        "too loud"
    );
}

#[test]
fn a_number_chooses_the_form_of_the_sentence() {
    let words = Words::new();
    let closed = |locale, plays| words.notice(locale, &Notice::Closed { plays }, quote);
    assert_eq!(
        closed(Locale::En, 1),
        "The stage is closed after one song. Thank you for listening!"
    );
    assert_eq!(
        closed(Locale::En, 21),
        "The stage is closed after 21 songs. Thank you for listening!"
    );
    assert_eq!(closed(Locale::ZhCn, 0), "舞台已关闭，这一场没有播放歌曲。");
}

#[test]
fn an_added_track_says_all_that_happened_in_one_line() {
    let words = Words::new();
    let notice = Notice::Added {
        title: "Song".to_owned(),
        place: 1,
        seat: Some(SeatNo(1)),
        seated: true,
        waiting: None,
        opened: true,
        repeat: None,
        playing: true,
    };
    assert_eq!(
        words.added(Locale::En, "Ana", &notice, quote).as_deref(),
        Some(
            "🎵 Ana added **Song**. It plays now. They sit in seat 1. The stage is open: come and listen!"
        )
    );
    assert_eq!(
        words.added(Locale::ZhCn, "Ana", &notice, quote).as_deref(),
        Some("🎵 Ana 添加了《Song》。现在开始播放。坐在 1 号座位。舞台开场了，快来一起听！")
    );
    assert_eq!(words.added(Locale::En, "Ana", &Notice::Themed, quote), None);
}

#[test]
fn a_refusal_says_what_why_and_what_to_do() {
    let words = Words::new();
    let refusal = Refusal::TooLong {
        length: Duration::from_secs(725),
        limit: Duration::from_mins(10),
        crowded: false,
    };
    assert_eq!(
        words.refusal(Locale::En, &refusal, quote),
        "That track is 12:05 long; tracks here can be up to 10:00. Choose a shorter one or a shorter version."
    );
}

#[test]
fn a_sentence_with_a_missing_gap_or_no_words_is_a_fault() {
    let words = Words::new();
    let (_, faults) = words.worded(Locale::En, "notice-seated", &[]);
    assert_eq!(faults.len(), 1);
    let (said, faults) = words.worded(Locale::ZhCn, "no-such-key", &[("a", Fill::Count(1))]);
    assert_eq!((said.as_str(), faults.len()), ("no-such-key", 1));
}

#[test]
fn a_language_that_is_not_spoken_becomes_english() {
    assert_eq!(Locale::of("zh-CN"), Locale::ZhCn);
    for tag in ["en-GB", "de", "zh-TW", ""] {
        assert_eq!(Locale::of(tag), Locale::En);
    }
    for locale in Locale::ALL {
        assert_eq!(Locale::of(locale.tag()), locale);
    }
}
