//! The two doors of the core and the one way out: a person asks with a [`Command`] and may be
//! refused; the world reports with a [`Signal`] and may not; whatever is to be done leaves as
//! [`Effect`]s. Nothing here has a text for people: [`Notice`] and [`Refusal`] are worded by `i18n`.
//!
//! `Stage` (one per guild, open or not) is driven so, and in no other way:
//!
//! ```text
//! stage.command(now, &actor, command, &mut effects) -> Result<Notice, Refusal>
//! stage.signal(now, signal, &mut effects)
//! stage.next_deadline() -> Option<Moment>      then Signal::Deadline at or after it
//! stage.view(now) -> View                      what the card and the commands show
//! ```

use super::ids::{
    ChannelId, CollectionId, EntryId, GuildId, MemberId, NAMELESS, SeatNo, SessionId, TurnId,
};
use super::moment::Moment;
use super::settings::Settings;
use super::track::{Track, TrackKey};
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// Who asks, as Discord vouches for them at that moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    pub member: MemberId,
    /// Display name in this guild, cleaned and at most 100 characters.
    pub name: String,
    /// The voice channel they are in.
    pub voice: Option<ChannelId>,
    pub powers: Powers,
}

/// What the actor's roles allow; being host or looper is for the stage to know.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Powers {
    /// Discord's Manage Server (or Administrator).
    pub admin: bool,
    /// The moderator role, or Discord's own moderation permissions; admins too.
    pub moderator: bool,
    /// The resident role: passes a locked waitlist.
    pub resident: bool,
}

/// Where a new track goes in its looper's setlist.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    Last,
    Next,
}

/// How a rating came; kept with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    Reaction,
    Effect,
    Button,
    Command,
}

/// 1 to 5.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Stars(u8);

impl Stars {
    /// `None` outside 1 to 5.
    pub fn new(value: u8) -> Option<Stars> {
        (1..=5).contains(&value).then_some(Stars(value))
    }

    /// 1 to 5.
    pub fn get(self) -> u8 {
        self.0
    }
}

/// Where in the running track somebody wants to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SeekTo {
    At(Duration),
    Forward(Duration),
    Back(Duration),
}

/// Why a track was skipped by somebody other than the audience.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SkipReason {
    OffTheme,
    TooLoud,
    BadQuality,
    PlayedAlready,
    Unsuitable,
    /// Their own words, at most 200 characters.
    Words(String),
}

/// What a person asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// `/stage open`: opens the stage in `actor.voice`. `text` is where the command was given.
    /// `speak` says whether loopers are speakers in a Discord stage channel, else the guild does.
    Open {
        text: ChannelId,
        theme: Option<String>,
        rules: Option<String>,
        speak: Option<bool>,
    },
    /// `/stage close` (host, moderator).
    Close,
    /// `/stage lock`, `/stage unlock` (host, moderator): only residents may join the waitlist or take a seat.
    Lock(bool),
    /// `/stage theme` (host, moderator). `None` takes it away.
    Theme {
        theme: Option<String>,
        rules: Option<String>,
    },
    /// `/play`, `/playnext`: opens the stage if it is closed, seats the actor or puts them on the
    /// waitlist if they have no seat, and adds the track to their setlist.
    Play {
        text: ChannelId,
        track: Track,
        place: Place,
        /// The collection it is taken from, which its play will be remembered with.
        from: Option<CollectionId>,
    },
    /// `/seat take`: also accepts an offered seat.
    TakeSeat { seat: Option<SeatNo> },
    /// `/seat leave`: gives up seat, offer or waitlist place.
    LeaveSeat,
    /// `/stage kick` (host, moderator): off the seat or the waitlist.
    Kick {
        member: MemberId,
        reason: Option<String>,
    },
    /// `/stage ban`, `/stage unban` (moderator): may not take seats or wait.
    StageBan {
        member: MemberId,
        banned: bool,
        reason: Option<String>,
    },
    /// `/stage move` (host, moderator): to another seat; two loopers swap. A waiting member is seated.
    Move { member: MemberId, seat: SeatNo },
    /// `/skip`, `/stage skip`, the card's button. The looper's own, or by host and moderators with a reason.
    Skip {
        turn: Option<TurnId>,
        reason: Option<SkipReason>,
    },
    /// `/seek`: the looper's own, or by host and moderators.
    Seek { turn: Option<TurnId>, to: SeekTo },
    /// A rating by any way. `turn` `None` means the play that is on (or the last, while it may be rated).
    Rate {
        turn: Option<TurnId>,
        stars: Stars,
        way: Way,
    },
    /// The reaction was taken back. Ignored (as done) when the standing rating is another one.
    Unrate {
        turn: TurnId,
        stars: Stars,
        way: Way,
    },
    /// `/rate` void by a moderator: the rating counts no more and it is logged.
    VoidRating { turn: TurnId, rater: MemberId },
    /// `/stage void-all` by a moderator: nothing that this member has rated so far counts any more,
    /// and it is logged.
    VoidRater { rater: MemberId },
    /// Words said during the turn, at most 200 characters kept. `message` is Discord's id when it was a message.
    Comment { text: String, message: Option<u64> },
    /// `/grab`: keep the playing track in one's own collection. `turn` `None` as for `Rate`.
    Grab { turn: Option<TurnId> },
    /// `/queue remove`.
    Remove { entry: EntryId },
    /// `/queue move`: to the 1-based place.
    Reorder { entry: EntryId, to: usize },
    /// `/queue shuffle`, with the chance given.
    Shuffle { seed: u64 },
    /// `/queue clear`.
    Clear,
    /// `/settings set` (admin): the whole new value, already checked by `Settings::set`.
    Configure {
        settings: Box<Settings>,
        what: String,
    },
    /// `/settings ban-track` (moderator).
    BanTrack {
        key: TrackKey,
        title: String,
        banned: bool,
    },
    /// `/privacy delete`: the stage lets go of everything that is the actor's or names them. `names`
    /// are what they were called.
    Forget { names: Vec<String> },
}

/// What the world reports.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Signal {
    /// `next_deadline` has come.
    Deadline,
    /// Somebody's voice state, after every change; `channel` `None` is out of voice.
    Voice {
        member: MemberId,
        name: String,
        bot: bool,
        channel: Option<ChannelId>,
        deaf: bool,
        /// Since when they are a member of the guild, where Discord says it.
        joined_at: Option<Moment>,
    },
    /// Everyone in the guild's voice channels, after (re)connecting: whoever is not in it has left.
    VoiceAll(Vec<Listener>),
    /// Chat, speaking, a button: the member is there.
    LifeSign { member: MemberId },
    /// The member left the guild.
    MemberGone { member: MemberId },
    /// The voice channel of the stage is gone, or the bot was disconnected from it by a person or
    /// may not connect to it any more.
    Expelled,
    /// The bot was dragged to another voice channel: the stage moves along.
    Dragged { channel: ChannelId },
    /// The sound of the turn is far away and still on its way: told every few seconds until it flows.
    Fetching { turn: TurnId },
    /// Sound of the turn began to flow at `position`.
    PlaybackStarted { turn: TurnId, position: Duration },
    /// Sound of the turn ended at `position`. A turn that is not the current one is ignored.
    PlaybackEnded {
        turn: TurnId,
        position: Duration,
        how: PlaybackEnd,
    },
    /// The live stream of the turn says what is on: cleaned. A turn that is not the current one is
    /// ignored.
    Titled { turn: TurnId, title: String },
    /// The voice connection is gone (`false`) or there again (`true`) without anybody's wish.
    Connection {
        up: bool,
        /// How long ago that was: the sound of that time has been heard by nobody.
        ago: Duration,
    },
    /// When tracks were last played here, told at start (from storage) so that repeats are known.
    Recent(Vec<(TrackKey, Moment)>),
}

/// One person in a voice channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listener {
    pub member: MemberId,
    pub name: String,
    pub bot: bool,
    pub channel: ChannelId,
    pub deaf: bool,
    /// Since when they are a member of the guild, where Discord says it.
    pub joined_at: Option<Moment>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PlaybackEnd {
    /// The file came to its end.
    Finished,
    /// It could not be read or decoded (further).
    Failed,
}

/// Why a play ended; kept with the play.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TurnEnd {
    Finished,
    /// Cut at the length limit.
    Limit,
    SkippedByLooper,
    SkippedBy {
        member: MemberId,
        reason: Option<SkipReason>,
    },
    VotedOff,
    Failed,
    /// The stage closed during it.
    Closed,
}

impl TurnEnd {
    /// Makes nameless who skipped it, if it was this member; their own words go too.
    pub fn forget(&mut self, who: MemberId) {
        if let TurnEnd::SkippedBy { member, reason } = self
            && *member == who
        {
            *member = MemberId::NOBODY;
            reason.take_if(|reason| matches!(reason, SkipReason::Words(_)));
        }
    }
}

/// Everything the core wants done. Carried out in order by `app::dispatch`.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Be in this voice channel (join, or move there). Idempotent.
    Join { channel: ChannelId },
    /// Leave voice.
    Leave,
    /// Play `track` for `turn` from `from`. What has been told to end ends first; whatever else
    /// sounds gives way. Fade out and end (as `Finished`) when `cut_at` is reached; sound together
    /// with the songs before and after for at most `blend`. Answers with the `Playback...` signals
    /// of `turn`, the end a little before it comes, so that the next can follow without a hole.
    Play {
        turn: TurnId,
        track: Box<Track>,
        from: Duration,
        cut_at: Option<Duration>,
        blend: Duration,
    },
    /// Stop the sound of `turn`, with a fade. No signal follows.
    Stop { turn: TurnId, fade: Duration },
    /// `track` probably plays next: make it ready so that it starts without a hole. Whatever was to
    /// be made ready before no longer comes next; with `None`, nothing does.
    Prepare { track: Option<Box<Track>> },
    /// Say this in the stage's text channel.
    Post(Post),
    /// Keep this. What was kept before the same answer is on disk before the answer is given.
    Keep(Record),
}

/// What the bot says of its own accord, in `text` or to one member.
#[derive(Clone, Debug, PartialEq)]
pub enum Post {
    Opened {
        channel: ChannelId,
        host: MemberId,
        theme: Option<String>,
        rules: Option<String>,
    },
    /// A freed seat is offered, with a mention.
    Offer {
        member: MemberId,
        seat: SeatNo,
        until: Moment,
    },
    /// Nobody took it in time.
    OfferLapsed { member: MemberId, seat: SeatNo },
    /// Idle: steps down at `at` without a sign of life. With a mention.
    IdleWarning { member: MemberId, at: Moment },
    SteppedDown {
        member: MemberId,
        name: String,
        seat: SeatNo,
        why: StepDown,
    },
    /// The track failed at its turn and was passed over.
    TrackFailed { member: MemberId, title: String },
    /// The track was played here lately, so the looper's next plays instead.
    RepeatPassedOver {
        member: MemberId,
        title: String,
        played_at: Moment,
    },
    /// The bot is in the audience of a Discord stage channel and asks to speak.
    HandRaised,
    /// A moderator of the guild has muted the bot: nobody hears it.
    Muted,
    /// The bot is in a voice channel where it may not speak.
    MayNotSpeak { channel: ChannelId },
    /// The result line.
    Result(Box<PlayRecord>, ResultFigures),
    /// The party is over: say goodbye and post the session playlist.
    Closed {
        session: SessionId,
        plays: u32,
        why: CloseReason,
    },
}

/// The figures of the result line that the play record itself does not hold.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct ResultFigures {
    /// Mean of the ratings, 1 to 5.
    pub mean: Option<f64>,
    pub ratings: u32,
    pub grabs: u32,
    /// How many heard it (half of it or 4 min).
    pub heard: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepDown {
    /// Played the turns one has under contention.
    TurnLimit,
    /// Passed over too many rounds with an empty setlist.
    Passed,
    /// No sign of life.
    Idle,
    /// Left the voice channel for too long.
    Away,
    /// Left the guild.
    Gone,
    Kicked,
    /// The number of seats was made smaller.
    SeatRemoved,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CloseReason {
    Asked,
    Empty,
    Expelled,
}

/// What is kept, each with the guild it belongs to known to whoever carries it out. A record is
/// idempotent: keeping it twice is keeping it once.
#[derive(Clone, Debug, PartialEq)]
pub enum Record {
    /// The whole standing of the stage but for setlists (see `Stage::restore`): replaces the last.
    Standing(Box<super::stage::Standing>),
    /// Where the running turn is; a light form of `Standing`.
    Position {
        turn: TurnId,
        position: Duration,
        at: Moment,
    },
    SessionOpened {
        session: SessionId,
        channel: ChannelId,
        host: MemberId,
        theme: Option<String>,
        opened_at: Moment,
    },
    SessionThemed {
        session: SessionId,
        theme: Option<String>,
    },
    SessionClosed {
        session: SessionId,
        closed_at: Moment,
        why: CloseReason,
    },
    /// The member's whole setlist, in order.
    Setlist {
        member: MemberId,
        entries: Vec<Entry>,
    },
    /// A turn began: the play exists, unfinished.
    PlayBegun(Box<PlayRecord>),
    /// A turn ended: the play with its end and figures.
    PlayEnded(Box<PlayRecord>),
    /// The turn plays a track that was taken from a collection.
    FromCollection {
        turn: TurnId,
        collection: CollectionId,
    },
    /// The standing rating of one person for one play; replaces theirs before.
    Rating(RatingRecord),
    /// The rating was taken back.
    Unrated {
        turn: TurnId,
        rater: MemberId,
    },
    /// A moderator voided it.
    Voided {
        turn: TurnId,
        rater: MemberId,
        by: MemberId,
        at: Moment,
    },
    /// A moderator voided everything that the member had rated until then.
    VoidedAll {
        rater: MemberId,
        by: MemberId,
        at: Moment,
    },
    /// What a live stream said was on, the `place`th title of the turn, from 1; `offset` is how far
    /// into the turn that was.
    OnAir {
        turn: TurnId,
        place: u32,
        offset: Duration,
        title: String,
    },
    /// Words said during the turn; `offset` is the position in the track.
    Comment {
        turn: TurnId,
        member: MemberId,
        name: String,
        offset: Duration,
        text: String,
        message: Option<u64>,
        at: Moment,
    },
    /// How much of the play one person heard, written when it ends.
    Heard {
        turn: TurnId,
        member: MemberId,
        name: String,
        heard: Duration,
        counts: bool,
        /// Since when they are a member of the guild, where Discord says it.
        joined_at: Option<Moment>,
    },
    /// How much of their own play its looper heard: they are no audience and rate nothing, but they
    /// listened too.
    LooperHeard {
        turn: TurnId,
        looper: MemberId,
        heard: Duration,
        counts: bool,
    },
    Grab {
        turn: TurnId,
        member: MemberId,
        track: Box<Track>,
        at: Moment,
    },
    Settings(Box<Settings>),
    StageBan {
        member: MemberId,
        banned: bool,
    },
    TrackBan {
        key: TrackKey,
        title: String,
        banned: bool,
    },
    /// What a moderator or host did, for the team to read.
    Log {
        by: MemberId,
        by_name: String,
        at: Moment,
        deed: Deed,
    },
}

/// One entry of the moderation log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Deed {
    Closed,
    Locked(bool),
    Themed(Option<String>),
    Kicked {
        member: MemberId,
        reason: Option<String>,
    },
    StageBanned {
        member: MemberId,
        banned: bool,
        reason: Option<String>,
    },
    Moved {
        member: MemberId,
        seat: SeatNo,
    },
    Skipped {
        turn: TurnId,
        title: String,
        reason: Option<SkipReason>,
    },
    Sought {
        title: String,
        position: Duration,
    },
    Voided {
        turn: TurnId,
        rater: MemberId,
    },
    VoidedAll {
        rater: MemberId,
    },
    Configured {
        what: String,
    },
    TrackBanned {
        key: TrackKey,
        title: String,
        banned: bool,
    },
    /// A moderator took somebody's collection off the server's shelves, or let it there again.
    Shelved {
        collection: CollectionId,
        name: String,
        member: MemberId,
        barred: bool,
    },
}

impl Deed {
    /// The member whom it was done to.
    pub fn to_whom(&self) -> Option<MemberId> {
        let mut deed = self.clone();
        deed.target().map(|member| *member)
    }

    /// Every kind is named here, so that a new one cannot keep somebody unseen.
    fn target(&mut self) -> Option<&mut MemberId> {
        match self {
            Deed::Kicked { member, .. }
            | Deed::StageBanned { member, .. }
            | Deed::Moved { member, .. }
            | Deed::Shelved { member, .. } => Some(member),
            Deed::Voided { rater, .. } | Deed::VoidedAll { rater } => Some(rater),
            Deed::Closed
            | Deed::Locked(_)
            | Deed::Themed(_)
            | Deed::Skipped { .. }
            | Deed::Sought { .. }
            | Deed::Configured { .. }
            | Deed::TrackBanned { .. } => None,
        }
    }

    /// Takes out whom it was done to, if it was this member, with the words that were theirs.
    pub fn forget(&mut self, who: MemberId) {
        if let Some(target) = self.target().filter(|target| **target == who) {
            *target = MemberId::NOBODY;
            self.silence();
            if let Deed::Shelved { name, .. } = self {
                NAMELESS.clone_into(name);
            }
        }
    }

    /// Takes out the reason that was given in somebody's own words.
    pub fn silence(&mut self) {
        match self {
            Deed::Kicked { reason, .. } | Deed::StageBanned { reason, .. } => *reason = None,
            Deed::Skipped { reason, .. } => {
                reason.take_if(|reason| matches!(reason, SkipReason::Words(_)));
            }
            _ => {}
        }
    }
}

/// One waiting track of a setlist.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    pub id: EntryId,
    pub track: Track,
    pub added_at: Moment,
    /// The collection it was taken from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<CollectionId>,
}

/// A play: the record of a turn, kept for ever.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlayRecord {
    pub turn: TurnId,
    pub session: SessionId,
    pub looper: MemberId,
    pub looper_name: String,
    pub seat: SeatNo,
    pub track: Track,
    pub began_at: Moment,
    /// `None` while it runs.
    pub ended_at: Option<Moment>,
    /// How much sounded.
    pub played: Duration,
    pub end: Option<TurnEnd>,
    /// Most people in the audience at one moment.
    pub audience: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RatingRecord {
    pub turn: TurnId,
    pub rater: MemberId,
    pub stars: Stars,
    pub way: Way,
    pub at: Moment,
    /// Whether it counts for the boards (known when the play ended; `false` until then).
    pub counts: bool,
}

/// The answer to a command that was done.
#[derive(Clone, Debug, PartialEq)]
pub enum Notice {
    Opened {
        session: SessionId,
        channel: ChannelId,
    },
    Closed {
        plays: u32,
    },
    Locked(bool),
    Themed,
    /// Where the track now stands and what else happened by the way.
    Added {
        title: String,
        /// 1-based place in the looper's setlist.
        place: usize,
        /// The member sits here (newly, if `seated`).
        seat: Option<SeatNo>,
        seated: bool,
        /// 1-based waitlist place when all seats are taken.
        waiting: Option<usize>,
        opened: bool,
        /// Played here at this moment: it will be passed over if still so at its turn.
        repeat: Option<Moment>,
        /// It plays now.
        playing: bool,
    },
    Seated {
        seat: SeatNo,
    },
    Waiting {
        place: usize,
    },
    /// The seat was given up; a running song plays on.
    LeftSeat {
        seat: SeatNo,
    },
    LeftWaitlist,
    Kicked {
        member: MemberId,
    },
    StageBanned {
        member: MemberId,
        banned: bool,
    },
    Moved {
        member: MemberId,
        seat: SeatNo,
    },
    Skipped {
        title: String,
    },
    Sought {
        title: String,
        position: Duration,
    },
    Rated {
        title: String,
        stars: Stars,
        changed_from: Option<Stars>,
    },
    Unrated,
    Voided {
        rater: MemberId,
    },
    VoidedAll {
        rater: MemberId,
    },
    Commented,
    Grabbed {
        title: String,
        already: bool,
    },
    Removed {
        title: String,
    },
    Reordered {
        title: String,
        place: usize,
    },
    Shuffled {
        count: usize,
    },
    Cleared {
        count: usize,
    },
    Configured,
    TrackBanned {
        title: String,
        banned: bool,
    },
    /// The stage knows nothing of the actor any more.
    Forgotten,
}

/// Why the rules say no. A refused command changed nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    NotInVoice,
    /// The stage stands in another channel.
    OtherChannel {
        stage: ChannelId,
    },
    NoStage,
    AlreadyOpen {
        channel: ChannelId,
    },
    NothingPlaying,
    /// Host, moderator or admin only.
    NotAllowed(Need),
    Locked,
    StageBanned,
    AlreadySeated {
        seat: SeatNo,
    },
    SeatTaken {
        seat: SeatNo,
    },
    NoSuchSeat {
        seats: u8,
    },
    AlreadyWaiting {
        place: usize,
    },
    WaitlistFull {
        limit: u32,
    },
    NotOnStage,
    /// The member named is neither seated nor waiting.
    TheyAreNotOnStage {
        member: MemberId,
    },
    TooLong {
        length: Duration,
        limit: Duration,
        crowded: bool,
    },
    SetlistFull {
        limit: u32,
    },
    /// The very same track already waits in the setlist.
    AlreadyInSetlist {
        place: usize,
    },
    TrackBanned {
        title: String,
    },
    WordBanned,
    NoSuchEntry,
    EmptySetlist,
    /// Nobody rates their own.
    OwnTrack,
    /// Was not in the channel, or deafened, during that play.
    NotListening,
    /// A moderator voided what they gave for that play.
    RatingVoided,
    /// The play after it has ended.
    TooLate,
    NoSuchTurn,
    NoRating,
    EmptyText,
    TextTooLong {
        limit: usize,
    },
    /// The audience skips by voting with the lowest reaction.
    VoteInstead {
        votes: u32,
        needed: u32,
    },
    VoteOff,
    /// Beyond the end of the track.
    BeyondEnd {
        length: Duration,
    },
    /// So far back, the turn would last longer than turns may.
    TurnTooLong {
        limit: Duration,
    },
    /// What is live has no other place than now.
    LiveHasNoPlace,
}

/// The least standing an act needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    Host,
    Moderator,
    Admin,
}

/// Names a guild beside something of it.
pub type OfGuild<T> = (GuildId, T);
