//! The stage of one guild: the value that all rules act on. It is open or closed; settings,
//! setlists and bans belong to it in both states. The rules themselves stand in the files beside
//! it, by what they are about.

mod deadlines;
mod forgetting;
mod preparing;
mod presence;
mod queue;
mod ratings;
#[cfg(test)]
mod rehearsal;
mod room;
mod seats;
mod seeking;
mod showing;
mod turns;

pub use forgetting::is_named;

use super::ids::{ChannelId, EntryId, MemberId, SeatNo, SessionId, TurnId};
use super::moment::Moment;
use super::protocol::{
    Actor, Command, Effect, Entry, Listener, Need, Notice, PlayRecord, Record, Refusal, Signal,
    Stars, StepDown, Way,
};
use super::settings::Settings;
use super::track::{MediaRef, TrackKey};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

/// Most people who can wait for a seat.
pub const WAITLIST_LIMIT: usize = 100;
/// Longest comment, theme, rules or reason, in characters.
pub const TEXT_LIMIT: usize = 200;
/// How often the position of the running turn is kept.
pub const POSITION_EVERY: Duration = Duration::from_secs(3);
/// How long the sound of a turn may take to begin before the turn counts as failed.
pub const START_LIMIT: Duration = Duration::from_secs(20);
/// How long a turn waits, from its beginning, for a track that is still being fetched.
pub const FETCH_WAIT_LIMIT: Duration = Duration::from_mins(1);
/// How long after its expected end a turn that nobody ended counts as finished.
pub const END_GRACE: Duration = Duration::from_secs(10);
/// The fade at a skip.
pub const SKIP_FADE: Duration = Duration::from_millis(300);

/// All of an open stage but settings and setlists, as it is kept on disk: host, seats, waitlist,
/// spotlight, offers, the running turn with its ratings and listeners.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Standing {
    pub(crate) session: SessionId,
    pub(crate) channel: ChannelId,
    pub(crate) text: ChannelId,
    pub(crate) host: MemberId,
    pub(crate) theme: Option<String>,
    pub(crate) rules: Option<String>,
    /// Whether loopers speak, if the host has said.
    #[serde(default)]
    pub(crate) speak: Option<bool>,
    pub(crate) opened_at: Moment,
    pub(crate) locked: bool,
    pub(crate) seats: Vec<Seat>,
    pub(crate) waitlist: Vec<Waiting>,
    /// The seat of the running turn, or of the last one.
    pub(crate) spotlight: Option<SeatNo>,
    /// Whether the seats are fought for: since they were all taken while somebody waited, somebody
    /// has waited all the time and free seats were only those on offer to them.
    pub(crate) contended: bool,
    pub(crate) turn: Option<Turn>,
    /// The play before, which may still be rated.
    pub(crate) last: Option<Turn>,
    /// The voice connection is gone, and it is nobody's wish.
    #[serde(default)]
    pub(crate) down: bool,
    /// Since when nobody listens.
    pub(crate) empty_since: Option<Moment>,
    /// Plays of this session so far.
    pub(crate) plays: u32,
    /// Entries whose passing over as a repeat has been said.
    #[serde(default)]
    pub(crate) repeats_said: BTreeSet<EntryId>,
    pub(crate) last_turn: TurnId,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Seat {
    pub(crate) looper: Option<Looper>,
    pub(crate) offer: Option<Offer>,
    /// Whether the spotlight has been here since the present contention began.
    #[serde(default)]
    pub(crate) visited: bool,
    /// Who let an offer of this vacancy lapse; they are not asked again for it.
    #[serde(default)]
    pub(crate) lapsed: BTreeSet<MemberId>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Looper {
    pub(crate) member: MemberId,
    pub(crate) name: String,
    /// Rounds in a row passed over with an empty setlist.
    pub(crate) passed: u32,
    /// Turns begun under the present contention.
    pub(crate) turns: u32,
    pub(crate) last_sign: Moment,
    /// When they step down and why; they have been warned.
    pub(crate) leaves: Option<(Moment, StepDown)>,
    pub(crate) away_since: Option<Moment>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Offer {
    pub(crate) member: MemberId,
    pub(crate) until: Moment,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Waiting {
    pub(crate) member: MemberId,
    pub(crate) name: String,
    pub(crate) away_since: Option<Moment>,
}

/// A turn while it runs, and afterwards while it may be rated.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Turn {
    pub(crate) play: PlayRecord,
    pub(crate) sound: Sound,
    /// Where the present stretch of sound begins: elsewhere than at zero after a seek.
    #[serde(default)]
    pub(crate) stretch_from: Duration,
    /// How much sounded before this stretch.
    #[serde(default)]
    pub(crate) sounded_before: Duration,
    pub(crate) ratings: BTreeMap<MemberId, Rating>,
    /// Whose rating a moderator voided: they give no other one.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub(crate) voided: BTreeSet<MemberId>,
    pub(crate) heard: BTreeMap<MemberId, Hearing>,
    /// How much of it the looper heard, who is no audience of their own.
    #[serde(default)]
    pub(crate) looper_heard: Duration,
    /// Since when the looper listens, while sound flows.
    #[serde(default)]
    pub(crate) looper_since: Option<Moment>,
    pub(crate) grabs: BTreeSet<MemberId>,
    /// What a live stream says is on.
    #[serde(default)]
    pub(crate) on_air: Option<String>,
    /// How many titles of it are kept with the play.
    #[serde(default)]
    pub(crate) titles: u32,
}

impl Turn {
    /// A turn whose sound was asked for just now.
    pub(crate) fn asked(now: Moment, play: PlayRecord) -> Turn {
        Turn {
            play,
            sound: Sound::Asked {
                at: now,
                from: Duration::ZERO,
            },
            stretch_from: Duration::ZERO,
            sounded_before: Duration::ZERO,
            ratings: BTreeMap::new(),
            voided: BTreeSet::new(),
            heard: BTreeMap::new(),
            looper_heard: Duration::ZERO,
            looper_since: None,
            grabs: BTreeSet::new(),
            on_air: None,
            titles: 0,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Sound {
    /// Asked for at this moment, from this position.
    Asked {
        at: Moment,
        from: Duration,
    },
    /// Flows; would have been at zero then. `kept_at` is when the position was last kept.
    Flows {
        zero_at: Moment,
        kept_at: Moment,
    },
    /// Interrupted by a lost connection.
    Halted {
        position: Duration,
    },
    Ended,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Rating {
    pub(crate) stars: Stars,
    pub(crate) way: Way,
    pub(crate) at: Moment,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Hearing {
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) joined_at: Option<Moment>,
    pub(crate) heard: Duration,
    /// Listening since this moment, while sound flows.
    pub(crate) since: Option<Moment>,
}

/// What storage gives back for a guild; all empty for a new one.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Kept {
    pub settings: Settings,
    pub standing: Option<Standing>,
    /// The last position kept of the running turn, when it is newer than the standing.
    pub position: Option<(TurnId, Duration)>,
    pub setlists: BTreeMap<MemberId, Vec<Entry>>,
    pub stage_bans: BTreeSet<MemberId>,
    pub track_bans: BTreeMap<TrackKey, String>,
    /// The highest ids given so far.
    pub last_session: Option<SessionId>,
    pub last_turn: Option<TurnId>,
}

/// The stage of one guild, with all that its rules need to know.
#[derive(Clone, Debug, PartialEq)]
pub struct Stage {
    settings: Arc<Settings>,
    setlists: Arc<BTreeMap<MemberId, Vec<Entry>>>,
    banned: BTreeSet<MemberId>,
    track_bans: BTreeMap<TrackKey, String>,
    last_session: u64,
    last_turn: u64,
    last_entry: u64,
    /// When tracks were last played here.
    recent: BTreeMap<TrackKey, Moment>,
    /// Everyone in the guild's voice channels, bots too.
    crowd: BTreeMap<MemberId, Listener>,
    open: Option<Standing>,
    /// The entry that was made ready last.
    prepared: Option<EntryId>,
    /// Who was forgotten during the running turn: what they hear of the rest of it is not kept.
    /// Nor is this, which would name them; so after a restart they are strangers at once.
    unheard: BTreeSet<MemberId>,
    /// Restored and not yet resumed: who is there is still to be told, so nothing follows yet.
    asleep: bool,
}

impl Standing {
    /// Where the sound of the running turn is.
    pub fn playing(&self) -> Option<&MediaRef> {
        self.turn.as_ref().map(|turn| &turn.play.track.media)
    }
}

impl Stage {
    /// The stage as it was kept. Says and does nothing until [`Stage::resume`].
    pub fn restore(now: Moment, kept: Kept) -> Stage {
        let last_entry = kept
            .setlists
            .values()
            .flatten()
            .map(|entry| entry.id.0)
            .max()
            .unwrap_or(0);
        let standing_turn = kept
            .standing
            .as_ref()
            .map_or(0, |standing| standing.last_turn.0);
        let mut stage = Stage {
            settings: Arc::new(kept.settings),
            setlists: Arc::new(kept.setlists),
            banned: kept.stage_bans,
            track_bans: kept.track_bans,
            last_session: kept.last_session.map_or(0, |id| id.0),
            last_turn: kept.last_turn.map_or(0, |id| id.0).max(standing_turn),
            last_entry,
            recent: BTreeMap::new(),
            crowd: BTreeMap::new(),
            open: kept.standing,
            prepared: None,
            unheard: BTreeSet::new(),
            asleep: true,
        };
        stage.rewind(now, kept.position);
        stage
    }

    /// A person asks. A refusal has changed nothing and has no effects.
    pub fn command(
        &mut self,
        now: Moment,
        actor: &Actor,
        command: Command,
        effects: &mut Vec<Effect>,
    ) -> Result<Notice, Refusal> {
        let before = self.open.clone();
        let mut done = Vec::new();
        let notice = self.obey(now, actor, command, &mut done)?;
        self.sign_of_life(now, actor.member);
        self.settle(now, &mut done);
        self.keep_standing(before.as_ref(), &mut done);
        effects.append(&mut done);
        Ok(notice)
    }

    fn obey(
        &mut self,
        now: Moment,
        actor: &Actor,
        command: Command,
        effects: &mut Vec<Effect>,
    ) -> Result<Notice, Refusal> {
        match command {
            Command::Open {
                text,
                theme,
                rules,
                speak,
            } => self.open_by(now, actor, text, ((theme, rules), speak), effects),
            Command::Close => self.close_by(now, actor, effects),
            Command::Lock(locked) => self.lock(now, actor, locked, effects),
            Command::Theme { theme, rules } => self.theme(now, actor, (theme, rules), effects),
            Command::Play {
                text,
                track,
                place,
                from,
            } => self.play(now, actor, text, (track, place, from), effects),
            Command::TakeSeat { seat } => self.take_seat(now, actor, seat),
            Command::LeaveSeat => self.leave_seat(now, actor),
            Command::Kick { member, reason } => self.kick(now, actor, member, reason, effects),
            Command::StageBan {
                member,
                banned,
                reason,
            } => self.stage_ban(now, actor, (member, banned, reason), effects),
            Command::Move { member, seat } => self.move_to(now, actor, member, seat, effects),
            Command::Seek { turn, to } => self.seek(now, actor, (turn, to), effects),
            Command::Skip { turn, reason } => self.skip(now, actor, turn, reason, effects),
            Command::Rate { turn, stars, way } => {
                self.rate(now, actor, turn, (stars, way), effects)
            }
            Command::Unrate { turn, stars, way } => self.unrate(actor, turn, (stars, way), effects),
            Command::VoidRating { turn, rater } => self.void(now, actor, turn, rater, effects),
            Command::VoidRater { rater } => self.void_all(now, actor, rater, effects),
            Command::Comment { text, message } => self.comment(now, actor, &text, message, effects),
            Command::Grab { turn } => self.grab(now, actor, turn, effects),
            Command::Remove { entry } => self.remove(actor, entry, effects),
            Command::Reorder { entry, to } => self.reorder(actor, entry, to, effects),
            Command::Shuffle { seed } => self.shuffle(actor, seed, effects),
            Command::Clear => self.clear(actor, effects),
            Command::Configure { settings, what } => {
                self.configure(now, actor, *settings, what, effects)
            }
            Command::BanTrack { key, title, banned } => {
                self.ban_track(now, actor, (key, title, banned), effects)
            }
            Command::Forget { names } => Ok(self.forget(now, actor.member, &names, effects)),
        }
    }

    /// The world reports.
    pub fn signal(&mut self, now: Moment, signal: Signal, effects: &mut Vec<Effect>) {
        let before = self.open.clone();
        match signal {
            Signal::Deadline => self.deadline(now, effects),
            Signal::Voice {
                member,
                name,
                bot,
                channel,
                deaf,
                joined_at,
            } => {
                let place = channel.map(|channel| Listener {
                    member,
                    name,
                    bot,
                    channel,
                    deaf,
                    joined_at,
                });
                self.moved(now, member, place);
            }
            Signal::VoiceAll(everyone) => self.moved_all(now, everyone),
            Signal::LifeSign { member } => self.sign_of_life(now, member),
            Signal::MemberGone { member } => self.gone(now, member, effects),
            Signal::Expelled => self.expelled(now, effects),
            Signal::Dragged { channel } => self.dragged(now, channel),
            Signal::PlaybackStarted { turn, position } => self.began(now, turn, position),
            Signal::PlaybackEnded {
                turn,
                position,
                how,
            } => {
                self.ended(now, turn, position, how, effects);
            }
            Signal::Fetching { turn } => self.still_fetching(now, turn),
            Signal::Titled { turn, title } => self.titled(now, turn, &title, effects),
            Signal::Connection { up, ago } => self.connection(now, (up, ago), effects),
            Signal::Recent(plays) => self.recent.extend(plays),
        }
        self.settle(now, effects);
        self.keep_standing(before.as_ref(), effects);
    }

    /// After a restore: back into the channel, and on with the running turn from where it was.
    pub fn resume(&mut self, now: Moment, effects: &mut Vec<Effect>) {
        let before = self.open.clone();
        self.asleep = false;
        if let Some(open) = &self.open {
            effects.push(Effect::Join {
                channel: open.channel,
            });
        }
        self.sound_again(now, effects);
        self.settle(now, effects);
        self.keep_standing(before.as_ref(), effects);
    }

    /// Follows up whatever an input has made possible: offers, contention, the next turn.
    fn settle(&mut self, now: Moment, effects: &mut Vec<Effect>) {
        if self.asleep {
            return;
        }
        self.notice_emptiness(now);
        self.offer_seats(now, effects);
        self.notice_contention();
        self.start_next(now, effects);
        self.prepare_next(now, effects);
    }

    fn keep_standing(&self, before: Option<&Standing>, effects: &mut Vec<Effect>) {
        if let Some(open) = &self.open
            && before != Some(open)
        {
            effects.push(Effect::Keep(Record::Standing(Box::new(open.clone()))));
        }
    }

    fn require(&self, actor: &Actor, need: Need) -> Result<(), Refusal> {
        let powers = actor.powers;
        let host = self
            .open
            .as_ref()
            .is_some_and(|open| open.host == actor.member);
        let allowed = match need {
            Need::Host => powers.admin || powers.moderator || host,
            Need::Moderator => powers.admin || powers.moderator,
            Need::Admin => powers.admin,
        };
        if allowed {
            Ok(())
        } else {
            Err(Refusal::NotAllowed(need))
        }
    }

    fn opened(&self) -> Result<&Standing, Refusal> {
        self.open.as_ref().ok_or(Refusal::NoStage)
    }

    fn opened_mut(&mut self) -> Result<&mut Standing, Refusal> {
        self.open.as_mut().ok_or(Refusal::NoStage)
    }
}
