//! What can be seen of a stage at one moment: a plain value that cards, commands and pages read.
//! It is made by `Stage::view` after every change and never changed by anyone else.

use super::ids::{ChannelId, MemberId, SeatNo, SessionId, TurnId};
use super::moment::Moment;
use super::protocol::Entry;
use super::settings::Settings;
use super::track::Track;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

/// The stage of one guild.
#[derive(Clone, Debug, PartialEq)]
pub struct View {
    pub settings: Arc<Settings>,
    /// `None` while the stage is closed.
    pub open: Option<OpenView>,
    /// Setlists that are not empty.
    pub setlists: Arc<BTreeMap<MemberId, Vec<Entry>>>,
}

impl View {
    /// Who is to be a speaker where the stage stands in a Discord stage channel: the loopers, if
    /// the host wants it so, or else the guild.
    pub fn speakers(&self) -> BTreeSet<MemberId> {
        let speak = |open: &&OpenView| open.speak.unwrap_or(self.settings.seats_speak);
        let open = self.open.as_ref().filter(speak);
        let seats = open.into_iter().flat_map(|open| &open.seats);
        seats
            .filter_map(|seat| Some(seat.looper.as_ref()?.member))
            .collect()
    }
}

#[derive(Clone, Debug, PartialEq)]
pub struct OpenView {
    pub session: SessionId,
    pub channel: ChannelId,
    /// Where the stage posts.
    pub text: ChannelId,
    pub host: MemberId,
    pub theme: Option<String>,
    pub rules: Option<String>,
    /// Whether loopers are speakers in a Discord stage channel; `None` leaves it to the guild.
    pub speak: Option<bool>,
    pub opened_at: Moment,
    pub locked: bool,
    /// From left to right, as many as there are seats.
    pub seats: Vec<SeatView>,
    pub waitlist: Vec<WaitingView>,
    /// The turn that runs.
    pub now: Option<NowView>,
    /// The play before it, which may still be rated.
    pub last: Option<NowView>,
    /// People who listen: the audience and the looper, bots and deafened not counted.
    pub listeners: u32,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeatView {
    pub seat: SeatNo,
    pub looper: Option<LooperView>,
    /// The member it is offered to.
    pub offered: Option<MemberId>,
    pub spotlight: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LooperView {
    pub member: MemberId,
    pub name: String,
    pub away: bool,
    /// Title of what they play next, if the guild shows it.
    pub next: Option<String>,
    pub waiting_tracks: usize,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WaitingView {
    pub member: MemberId,
    pub name: String,
    pub away: bool,
}

/// A play as the card shows it.
#[derive(Clone, Debug, PartialEq)]
pub struct NowView {
    pub turn: TurnId,
    pub looper: MemberId,
    pub looper_name: String,
    pub seat: SeatNo,
    pub track: Track,
    /// What a live stream says is on.
    pub on_air: Option<String>,
    /// When the sound would have been at zero: `position = now - zero_at` while it plays.
    pub zero_at: Moment,
    /// Sound flows.
    pub playing: bool,
    /// Where it stood when `playing` is false, or ended.
    pub position: Duration,
    /// How many gave 1, 2, 3, 4 and 5.
    pub tally: [u32; 5],
    pub mean: Option<f64>,
    pub grabs: u32,
    /// Votes to skip, and how many are needed; `None` when voting is off.
    pub skip_votes: u32,
    pub skip_needed: Option<u32>,
}
