//! What people ask for: any command, sensible or not, from what can be seen.

use super::chance::Chance;
use super::people::{member, name};
use super::plan::{Kind, Plan, other_settings};
use crate::domain::ids::{ChannelId, CollectionId, EntryId, MemberId, SeatNo, TurnId};
use crate::domain::protocol::{Command, Place, SeekTo, SkipReason, Stars, Way};
use crate::domain::track::TrackKey;
use crate::domain::view::{NowView, View};
use std::time::Duration;

const TEXT: ChannelId = ChannelId(90);

/// A place in the song, or beyond it.
fn place(chance: &mut Chance) -> SeekTo {
    let most = chance.of(&[5_000, 60_000, 700_000]);
    let time = Duration::from_millis(chance.below(most));
    match chance.below(3) {
        0 => SeekTo::At(time),
        1 => SeekTo::Forward(time),
        _ => SeekTo::Back(time),
    }
}

/// What one person could ask for, with what they can see.
pub(super) struct Wishes<'a> {
    pub(super) plan: &'a Plan,
    pub(super) view: &'a View,
    pub(super) me: MemberId,
}

impl Wishes<'_> {
    pub(super) fn command(&self, chance: &mut Chance) -> Command {
        if chance.percent(self.plan.eagerness) {
            return self.play(chance);
        }
        let others = [
            Kind::Close,
            Kind::Lock,
            Kind::Theme,
            Kind::Kick,
            Kind::StageBan,
            Kind::Move,
            Kind::Skip,
            Kind::Skip,
            Kind::Seek,
            Kind::Seek,
            Kind::Rate,
            Kind::Rate,
            Kind::Rate,
            Kind::Rate,
            Kind::Unrate,
            Kind::Void,
            Kind::Comment,
            Kind::Grab,
            Kind::QueueEdits,
            Kind::Configure,
            Kind::BanTrack,
            Kind::SeatTakers,
            Kind::SeatTakers,
            Kind::SeatTakers,
            Kind::Forget,
        ];
        let kind = chance.of(&others);
        if self.plan.has(kind) {
            self.wish(kind, chance)
        } else if chance.percent(50) {
            Command::TakeSeat { seat: None }
        } else {
            self.play(chance)
        }
    }

    fn wish(&self, kind: Kind, chance: &mut Chance) -> Command {
        match kind {
            Kind::Close if chance.percent(10) => Command::Close,
            Kind::Lock => Command::Lock(chance.percent(40)),
            Kind::Theme => Command::Theme {
                theme: Some(self.words(chance)),
                rules: chance.percent(20).then(|| self.words(chance)),
            },
            Kind::Kick => Command::Kick {
                member: self.somebody(chance),
                reason: chance.percent(50).then(|| words(chance)),
            },
            Kind::StageBan => Command::StageBan {
                member: self.somebody(chance),
                banned: chance.percent(40),
                reason: None,
            },
            Kind::Move => Command::Move {
                member: self.somebody(chance),
                seat: SeatNo(u8::try_from(chance.below(7)).unwrap()),
            },
            Kind::Skip => Command::Skip {
                turn: chance.percent(50).then(|| self.turn(chance)),
                reason: chance
                    .percent(50)
                    .then(|| SkipReason::Words(self.words(chance))),
            },
            Kind::Seek => Command::Seek {
                turn: chance.percent(50).then(|| self.turn(chance)),
                to: place(chance),
            },
            Kind::Rate | Kind::Unrate | Kind::Void => self.rating(kind, chance),
            Kind::Comment => Command::Comment {
                text: words(chance),
                message: chance.percent(50).then(|| chance.next()),
            },
            Kind::Grab => Command::Grab {
                turn: chance.percent(50).then(|| self.turn(chance)),
            },
            Kind::QueueEdits => self.queue_edit(chance),
            Kind::Configure => Command::Configure {
                settings: Box::new(other_settings(&self.view.settings, chance)),
                what: "something".to_owned(),
            },
            Kind::BanTrack => Command::BanTrack {
                key: TrackKey(format!("sha256:{}", chance.between(1, 12))),
                title: "A song".to_owned(),
                banned: chance.percent(40),
            },
            Kind::SeatTakers => Self::seat(chance),
            Kind::Forget => Command::Forget {
                names: vec![name(self.me)],
            },
            _ => Command::Open {
                text: TEXT,
                theme: chance.percent(50).then(|| self.words(chance)),
                rules: None,
                speak: chance.percent(50).then(|| chance.percent(50)),
            },
        }
    }

    fn play(&self, chance: &mut Chance) -> Command {
        Command::Play {
            text: TEXT,
            track: chance.of(&self.plan.tracks),
            place: chance.of(&[Place::Last, Place::Last, Place::Next]),
            from: chance.of(&[None, None, Some(CollectionId(1)), Some(CollectionId(2))]),
        }
    }

    fn seat(chance: &mut Chance) -> Command {
        let seat = SeatNo(u8::try_from(chance.below(7)).unwrap());
        match chance.below(6) {
            0 => Command::TakeSeat { seat: Some(seat) },
            1 => Command::LeaveSeat,
            _ => Command::TakeSeat { seat: None },
        }
    }

    fn rating(&self, kind: Kind, chance: &mut Chance) -> Command {
        let turn = self.turn(chance);
        let disliked = if chance.percent(30) { 1 } else { 5 };
        let stars = Stars::new(u8::try_from(chance.between(1, disliked)).unwrap()).unwrap();
        let way = chance.of(&[Way::Reaction, Way::Button]);
        match kind {
            Kind::Unrate => Command::Unrate { turn, stars, way },
            Kind::Void if chance.percent(30) => Command::VoidRater {
                rater: self.somebody(chance),
            },
            Kind::Void => Command::VoidRating {
                turn,
                rater: self.somebody(chance),
            },
            _ => Command::Rate {
                turn: chance.percent(50).then_some(turn),
                stars,
                way,
            },
        }
    }

    fn queue_edit(&self, chance: &mut Chance) -> Command {
        let mine = self.view.setlists.get(&self.me);
        let any = || self.view.setlists.values().flatten();
        let count = any().count() as u64;
        let entry = match mine {
            Some(mine) if chance.percent(80) => chance.of(mine).id,
            _ if count == 0 => EntryId(chance.below(9)),
            _ => {
                let at = usize::try_from(chance.below(count)).unwrap();
                any().nth(at).unwrap().id
            }
        };
        match chance.below(8) {
            0 => Command::Clear,
            1 | 2 => Command::Shuffle {
                seed: chance.next(),
            },
            3 | 4 => Command::Reorder {
                entry,
                to: usize::try_from(chance.below(8)).unwrap(),
            },
            _ => Command::Remove { entry },
        }
    }

    /// What somebody writes, who may mean themselves.
    fn words(&self, chance: &mut Chance) -> String {
        let mine = format!("{}'s night", name(self.me));
        if chance.percent(20) {
            mine
        } else {
            words(chance)
        }
    }

    /// Somebody on the stage, or anybody.
    fn somebody(&self, chance: &mut Chance) -> MemberId {
        member(chance.between(1, self.plan.members + 1))
    }

    /// Mostly the play that is on or the one before; sometimes one long gone or not begun.
    fn turn(&self, chance: &mut Chance) -> TurnId {
        let open = self.view.open.as_ref();
        let id = |play: Option<&NowView>| play.map(|play| play.turn);
        let now = open.and_then(|open| id(open.now.as_ref()));
        let last = open.and_then(|open| id(open.last.as_ref()));
        let newest = now.or(last).unwrap_or(TurnId(1));
        match chance.below(10) {
            0 => TurnId(chance.below(newest.0 + 3)),
            1..=3 => last.unwrap_or(newest),
            _ => newest,
        }
    }
}

fn words(chance: &mut Chance) -> String {
    let long = "la ".repeat(90);
    chance.of(&["", "well", "what a song", &long]).to_owned()
}
