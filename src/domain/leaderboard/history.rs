//! What boards are made from: finished plays, and of each everyone who heard something of it with
//! what they gave. It holds no names and no titles, so that a long history is small.

use super::super::ids::{MemberId, TurnId};
use super::super::moment::Moment;
use super::super::protocol::Stars;
use super::super::track::TrackKey;
use std::time::Duration;

/// The warmth of a rating in quarters: 👎 -1, 0, 0.5, 1, 1.25.
const WARMTH: [i32; 5] = [-4, 0, 2, 4, 5];
/// What a grab adds, in quarters: 0.5.
const GRAB: i32 = 2;

/// A play that has ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PastPlay {
    pub turn: TurnId,
    pub looper: MemberId,
    pub track: TrackKey,
    pub began_at: Moment,
    /// How much sounded.
    pub played: Duration,
    pub ears: Vec<Ear>,
}

/// One listener of a play.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ear {
    pub member: MemberId,
    /// How much they heard, in ms.
    pub heard_ms: u32,
    /// Whether it counts as heard (rule 9 of the stage).
    pub has_heard: bool,
    /// Their rating; also one that is voided.
    pub stars: Option<Stars>,
    pub grabbed: bool,
    /// A moderator voided their rating.
    pub voided: bool,
    /// How long they had been a member when the play began, in s; [`Ear::LONG`] is not known, or
    /// longer than anybody asks.
    pub member_for_s: u32,
}

impl Ear {
    pub const LONG: u32 = u32::MAX;

    /// What this listener felt, as far as they showed it, in quarters: 0 for silence.
    pub(super) fn warmth(&self) -> i32 {
        let given = self
            .stars
            .and_then(|stars| WARMTH.get(usize::from(stars.get()) - 1))
            .copied()
            .unwrap_or(0);
        given + if self.grabbed { GRAB } else { 0 }
    }
}
