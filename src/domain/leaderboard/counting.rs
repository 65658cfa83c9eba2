//! Who counts: from a history to the voices of one period. A voice is one person's feeling about
//! one play, silence included. What is made of voices is for the boards.

use super::super::ids::{MemberId, TurnId};
use super::super::moment::Moment;
use super::super::settings::Settings;
use super::history::{Ear, PastPlay};
use std::collections::hash_map::Entry;
use std::collections::{BTreeSet, HashMap};
use std::time::Duration;

/// One person's ratings of one track count once in this time.
pub(super) const AGAIN: Duration = Duration::from_hours(24 * 7);
/// Discord's epoch in ms, and the bits of a snowflake below the time
/// (<https://docs.discord.com/developers/reference#snowflakes>).
const DISCORD_EPOCH_MS: u64 = 1_420_070_400_000;
const SNOWFLAKE_SHIFT: u32 = 22;

/// Whose ears count, as a guild has set it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bar {
    /// Least listening, besides half of what was played.
    pub heard: Duration,
    /// How old the account was when the play began.
    pub account_age: Duration,
    /// How long they had been a member by then.
    pub member_for: Duration,
    /// Ratings that somebody has given in the period.
    pub ratings: u32,
    /// Of so many loopers, or of all others there are.
    pub loopers: u32,
    /// Listeners that count make a play count.
    pub listeners: u32,
}

impl From<&Settings> for Bar {
    fn from(settings: &Settings) -> Bar {
        Bar {
            heard: settings.rating_heard,
            account_age: settings.board_account_age,
            member_for: settings.board_member_for,
            ratings: settings.board_ratings,
            loopers: settings.board_loopers,
            listeners: settings.board_listeners,
        }
    }
}

/// When a Discord account was made, from its id.
fn account_made_at(member: MemberId) -> Moment {
    let ms = (member.0 >> SNOWFLAKE_SHIFT).saturating_add(DISCORD_EPOCH_MS);
    Moment(i64::try_from(ms).unwrap_or(i64::MAX))
}

impl Bar {
    /// Whether this listener could count for the play, their other ratings aside.
    fn admits(&self, play: &PastPlay, ear: &Ear) -> bool {
        let heard = Duration::from_millis(ear.heard_ms.into());
        let member_for = Duration::from_secs(ear.member_for_s.into());
        ear.member != play.looper
            && !ear.voided
            && heard >= play.played / 2
            && heard >= self.heard
            && play.began_at.since(account_made_at(ear.member)) >= self.account_age
            && (ear.member_for_s == Ear::LONG || member_for >= self.member_for)
    }
}

/// A number that stands for a member or a track while boards are made; members' are in the order of
/// their ids.
pub(super) type No = u32;

/// A history with numbers for members and tracks, in the order of its turns.
pub(super) struct Numbered<'a> {
    pub(super) plays: Vec<NumberedPlay<'a>>,
    pub(super) members: Vec<MemberId>,
    pub(super) tracks: Vec<&'a PastPlay>,
}

pub(super) struct NumberedPlay<'a> {
    pub(super) play: &'a PastPlay,
    looper: No,
    track: No,
    /// The members of the play's ears, in the same order.
    pub(super) ears: Vec<No>,
    /// Whether each is admitted.
    admitted: Vec<bool>,
}

fn no(index: usize) -> No {
    No::try_from(index).unwrap_or(No::MAX)
}

impl<'a> Numbered<'a> {
    pub(super) fn of(history: &'a [PastPlay], bar: &Bar) -> Numbered<'a> {
        let mut plays: Vec<&PastPlay> = history.iter().collect();
        plays.sort_by_key(|play| play.turn);
        let everyone = |play: &&'a PastPlay| {
            let ears = play.ears.iter().map(|ear| ear.member);
            ears.chain([play.looper]).collect::<Vec<_>>()
        };
        let mut numbers: HashMap<MemberId, No> =
            plays.iter().flat_map(everyone).map(|it| (it, 0)).collect();
        let mut members: Vec<MemberId> = numbers.keys().copied().collect();
        members.sort_unstable();
        for (index, member) in members.iter().enumerate() {
            numbers.insert(*member, no(index));
        }
        let number = |member: MemberId| numbers.get(&member).copied().unwrap_or(No::MAX);
        let mut known: HashMap<&str, No> = HashMap::new();
        let mut tracks = Vec::new();
        let plays = plays
            .into_iter()
            .map(|play| {
                let track = *known.entry(play.track.0.as_str()).or_insert_with(|| {
                    tracks.push(play);
                    no(tracks.len() - 1)
                });
                NumberedPlay {
                    play,
                    looper: number(play.looper),
                    track,
                    ears: play.ears.iter().map(|ear| number(ear.member)).collect(),
                    admitted: play.ears.iter().map(|ear| bar.admits(play, ear)).collect(),
                }
            })
            .collect();
        Numbered {
            plays,
            members,
            tracks,
        }
    }

    /// The plays of a period.
    pub(super) fn since(
        &self,
        since: Option<Moment>,
    ) -> impl Iterator<Item = &NumberedPlay<'a>> + Clone {
        self.plays
            .iter()
            .filter(move |it| since.is_none_or(|since| it.play.began_at >= since))
    }
}

/// What somebody has rated in a period: how often, and of how many loopers (no more than are asked
/// for are remembered).
#[derive(Clone, Debug, Default)]
pub(super) struct Rated {
    pub(super) ratings: u32,
    pub(super) loopers: Vec<No>,
}

impl Rated {
    fn note(&mut self, looper: No, enough: u32) {
        self.ratings += 1;
        if no(self.loopers.len()) < enough && !self.loopers.contains(&looper) {
            self.loopers.push(looper);
        }
    }
}

/// A play with the voices that count.
pub(super) struct CountedPlay {
    pub(super) turn: TurnId,
    pub(super) began_at: Moment,
    pub(super) looper: No,
    pub(super) track: No,
    /// Who, and what they felt, in quarters.
    pub(super) voices: Vec<(No, i32)>,
}

/// A period as it counts.
pub(super) struct Counted {
    pub(super) plays: Vec<CountedPlay>,
    /// By member.
    pub(super) raters: Vec<Rater>,
}

/// What a member has rated, and whether that is enough to count.
pub(super) struct Rater {
    pub(super) rated: Rated,
    pub(super) loopers_needed: u32,
    pub(super) counts: bool,
}

impl Counted {
    pub(super) fn of(numbered: &Numbered<'_>, since: Option<Moment>, bar: &Bar) -> Counted {
        let plays = numbered.since(since);
        let loopers: BTreeSet<No> = plays.clone().map(|it| it.looper).collect();
        let mut rated = vec![Rated::default(); numbered.members.len()];
        let mut times_played: HashMap<No, u32> = HashMap::new();
        for it in plays.clone() {
            *times_played.entry(it.track).or_default() += 1;
            for ((ear, member), admitted) in it.play.ears.iter().zip(&it.ears).zip(&it.admitted) {
                if *admitted
                    && ear.stars.is_some()
                    && let Some(rated) = rated.get_mut(index(*member))
                {
                    rated.note(it.looper, bar.loopers);
                }
            }
        }
        let all = no(loopers.len());
        let raters: Vec<Rater> = (0..)
            .zip(rated)
            .map(|(member, rated)| {
                let others = all - u32::from(loopers.contains(&member));
                let loopers_needed = bar.loopers.min(others);
                let counts =
                    rated.ratings >= bar.ratings && no(rated.loopers.len()) >= loopers_needed;
                Rater {
                    rated,
                    loopers_needed,
                    counts,
                }
            })
            .collect();
        let mut again = Again {
            times_played,
            last: HashMap::new(),
            noted: Vec::new(),
        };
        let plays = plays
            .filter_map(|it| {
                let voices = it.ears.iter().zip(&it.play.ears).zip(&it.admitted);
                let voices: Vec<(No, i32)> = voices
                    .filter(|((member, _), admitted)| {
                        **admitted && raters.get(index(**member)).is_some_and(|it| it.counts)
                    })
                    .filter(|((member, ear), _)| again.counts(it, **member, ear))
                    .map(|((member, ear), _)| (*member, ear.warmth()))
                    .collect();
                let is_kept = no(voices.len()) >= bar.listeners;
                again.settle(is_kept);
                is_kept.then_some(CountedPlay {
                    turn: it.play.turn,
                    began_at: it.play.began_at,
                    looper: it.looper,
                    track: it.track,
                    voices,
                })
            })
            .collect();
        Counted { plays, raters }
    }
}

pub(super) fn index(no: No) -> usize {
    usize::try_from(no).unwrap_or(usize::MAX)
}

/// Remembers when somebody's rating of a track last counted.
struct Again {
    times_played: HashMap<No, u32>,
    last: HashMap<(No, No), Moment>,
    /// What was noted of the play that is looked at, with what stood there before: it is not known
    /// yet whether that play counts.
    noted: Vec<((No, No), Option<Moment>)>,
}

impl Again {
    /// Whether this voice counts: silence does, a rating does unless another of theirs of the same
    /// track has lately. One that does not is no silence either: they are left out of that play.
    fn counts(&mut self, it: &NumberedPlay<'_>, member: No, ear: &Ear) -> bool {
        let is_silent = ear.stars.is_none() && !ear.grabbed;
        if is_silent || self.times_played.get(&it.track).is_none_or(|n| *n < 2) {
            return true;
        }
        let now = it.play.began_at;
        let key = (it.track, member);
        let before = match self.last.entry(key) {
            Entry::Occupied(last) if now.since(*last.get()) < AGAIN => return false,
            Entry::Occupied(mut last) => Some(last.insert(now)),
            Entry::Vacant(last) => {
                last.insert(now);
                None
            }
        };
        self.noted.push((key, before));
        true
    }

    /// The play is done. If it does not count, nothing that was given in it has.
    fn settle(&mut self, is_kept: bool) {
        if is_kept {
            self.noted.clear();
            return;
        }
        for (key, before) in self.noted.drain(..) {
            match before {
                Some(before) => self.last.insert(key, before),
                None => self.last.remove(&key),
            };
        }
    }
}
