//! The part of storage: what was kept through the effects, as a restart finds it. Small, and
//! written after what each record says of itself, not after the SQL.

use crate::domain::ids::{MemberId, NAMELESS, SessionId, TurnId};
use crate::domain::moment::Moment;
use crate::domain::protocol::{Entry, PlayRecord, Record};
use crate::domain::settings::Settings;
use crate::domain::stage::{Kept, Standing};
use crate::domain::track::TrackKey;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

#[derive(Clone, Debug, Default)]
pub(super) struct Disk {
    settings: Settings,
    standing: Option<Standing>,
    position: Option<(TurnId, Duration)>,
    setlists: BTreeMap<MemberId, Vec<Entry>>,
    stage_bans: BTreeSet<MemberId>,
    track_bans: BTreeMap<TrackKey, String>,
    last_session: Option<SessionId>,
    plays: BTreeMap<TurnId, PlayRecord>,
}

impl Disk {
    pub(super) fn new(settings: Settings) -> Disk {
        Disk {
            settings,
            ..Disk::default()
        }
    }

    pub(super) fn keep(&mut self, record: &Record) {
        match record {
            Record::Standing(standing) => {
                self.standing = Some(*standing.clone());
                self.position = None;
            }
            Record::Position { turn, position, .. } => self.position = Some((*turn, *position)),
            Record::SessionOpened { session, .. } => self.last_session = Some(*session),
            Record::SessionClosed { .. } => {
                self.standing = None;
                self.position = None;
            }
            Record::Setlist { member, entries } if entries.is_empty() => {
                self.setlists.remove(member);
            }
            Record::Setlist { member, entries } => {
                self.setlists.insert(*member, entries.clone());
            }
            Record::PlayBegun(play) | Record::PlayEnded(play) => {
                self.plays.insert(play.turn, *play.clone());
            }
            Record::Settings(settings) => self.settings = *settings.clone(),
            Record::StageBan { member, banned } if *banned => {
                self.stage_bans.insert(*member);
            }
            Record::StageBan { member, .. } => {
                self.stage_bans.remove(member);
            }
            Record::TrackBan { key, title, banned } if *banned => {
                self.track_bans.insert(key.clone(), title.clone());
            }
            Record::TrackBan { key, .. } => {
                self.track_bans.remove(key);
            }
            Record::SessionThemed { .. }
            | Record::FromCollection { .. }
            | Record::Rating(_)
            | Record::Unrated { .. }
            | Record::Voided { .. }
            | Record::VoidedAll { .. }
            | Record::OnAir { .. }
            | Record::Comment { .. }
            | Record::Heard { .. }
            | Record::LooperHeard { .. }
            | Record::Grab { .. }
            | Record::Log { .. } => {}
        }
    }

    /// What storage does for somebody after the stage has let go of them.
    pub(super) fn forget(&mut self, member: MemberId, names: &[String]) {
        if let Some(standing) = &mut self.standing {
            standing.forget(member, names);
        }
        self.setlists.remove(&member);
        for play in self.plays.values_mut() {
            if play.looper == member {
                play.looper = MemberId::NOBODY;
                NAMELESS.clone_into(&mut play.looper_name);
            }
            if let Some(end) = &mut play.end {
                end.forget(member);
            }
        }
    }

    pub(super) fn load(&self) -> Kept {
        // Through text and back, so that what a standing cannot say in JSON is lost here too.
        let written = serde_json::to_string(&self.standing).unwrap();
        Kept {
            settings: self.settings.clone(),
            standing: serde_json::from_str(&written).unwrap(),
            position: self.position,
            setlists: self.setlists.clone(),
            stage_bans: self.stage_bans.clone(),
            track_bans: self.track_bans.clone(),
            last_session: self.last_session,
            last_turn: self.plays.keys().next_back().copied(),
        }
    }

    /// When tracks were last played, for the repeat rule.
    pub(super) fn recent(&self, now: Moment) -> Vec<(TrackKey, Moment)> {
        let window = self.settings.repeat_window;
        let mut recent = BTreeMap::new();
        for play in self.plays.values() {
            let sounded = !play.played.is_zero() || play.ended_at.is_none();
            if sounded && now.since(play.began_at) <= window {
                recent.insert(play.track.key.clone(), play.began_at);
            }
        }
        recent.into_iter().collect()
    }
}
