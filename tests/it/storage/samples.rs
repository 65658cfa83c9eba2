//! Values to keep: an evening of two guilds, made by hand where its figures matter and by the rules
//! where they are the rules' own.

use rondo::domain::ids::{ChannelId, EntryId, GuildId, MemberId, SeatNo, SessionId, TurnId};
use rondo::domain::moment::Moment;
use rondo::domain::protocol::{
    Actor, Command, Effect, Entry, Place, PlayRecord, Powers, RatingRecord, Record, Stars, TurnEnd,
    Way,
};
use rondo::domain::stage::{Kept, Stage, Standing};
use rondo::domain::track::{MediaRef, Origin, Track, TrackKey};
use std::time::Duration;

pub(super) const HOME: GuildId = GuildId(1_180_000_000_000_000_001);
pub(super) const AWAY: GuildId = GuildId(1_180_000_000_000_000_002);
/// The largest id there can be.
pub(super) const FAR: MemberId = MemberId(9_223_372_036_854_775_807);
pub(super) const ADA: MemberId = MemberId(101);
pub(super) const BEN: MemberId = MemberId(102);
pub(super) const CYD: MemberId = MemberId(103);
/// When the evening begins.
pub(super) const EVENING: Moment = Moment(1_790_000_000_000);

pub(super) fn after(seconds: u64) -> Moment {
    EVENING + Duration::from_secs(seconds)
}

pub(super) fn track(title: &str) -> Track {
    Track {
        key: TrackKey(format!("sha256:{title}")),
        title: title.to_owned(),
        artist: Some(format!("{title}'s band")),
        album: Some("音乐 \"quoted\" 'n' \\ 🔥 %_".to_owned()),
        length: Duration::from_millis(200_123),
        origin: Origin::Link,
        media: MediaRef(format!("media:{title}.opus")),
        link: Some(format!("https://music.example/{title}")),
        cover: None,
        gain_tenths: None,
        live: false,
    }
}

pub(super) fn entry(id: u64, title: &str) -> Entry {
    Entry {
        id: EntryId(id),
        track: track(title),
        added_at: after(id),
        from: None,
    }
}

/// A finished play of session 1, three minutes long, which began as many minutes into the evening
/// as its turn says.
pub(super) fn play(turn: u64, looper: MemberId, title: &str) -> PlayRecord {
    let began_at = after(turn * 60);
    PlayRecord {
        turn: TurnId(turn),
        session: SessionId(1),
        looper,
        looper_name: format!("Looper {looper}"),
        seat: SeatNo(2),
        track: track(title),
        began_at,
        ended_at: Some(began_at + Duration::from_mins(3)),
        played: Duration::from_mins(3),
        end: Some(TurnEnd::Finished),
        audience: 4,
    }
}

pub(super) fn ended(play: PlayRecord) -> Record {
    Record::PlayEnded(Box::new(play))
}

/// The same play while it ran.
pub(super) fn begun(play: &PlayRecord) -> Record {
    Record::PlayBegun(Box::new(PlayRecord {
        ended_at: None,
        played: Duration::ZERO,
        end: None,
        audience: 0,
        ..play.clone()
    }))
}

/// A rating that counts.
pub(super) fn rating(turn: u64, rater: MemberId, stars: u8) -> Record {
    Record::Rating(RatingRecord {
        turn: TurnId(turn),
        rater,
        stars: Stars::new(stars).expect("one to five"),
        way: Way::Reaction,
        at: after(turn * 60 + 30),
        counts: true,
    })
}

pub(super) fn heard(turn: u64, member: MemberId, seconds: u64, counts: bool) -> Record {
    Record::Heard {
        turn: TurnId(turn),
        member,
        name: format!("Listener {member}"),
        heard: Duration::from_secs(seconds),
        counts,
        joined_at: None,
    }
}

pub(super) fn comment(turn: u64, member: MemberId, seconds: u64, text: &str) -> Record {
    Record::Comment {
        turn: TurnId(turn),
        member,
        name: format!("Listener {member}"),
        offset: Duration::from_secs(seconds),
        text: text.to_owned(),
        message: Some(7_000 + seconds),
        at: after(turn * 60 + seconds),
    }
}

pub(super) fn on_air(turn: u64, place: u32, title: &str) -> Record {
    Record::OnAir {
        turn: TurnId(turn),
        place,
        offset: Duration::from_secs(u64::from(place) * 10),
        title: title.to_owned(),
    }
}

pub(super) fn grab(turn: u64, member: MemberId, title: &str) -> Record {
    Record::Grab {
        turn: TurnId(turn),
        member,
        track: Box::new(track(title)),
        at: after(turn * 60 + 10),
    }
}

pub(super) fn session(session: u64, theme: Option<&str>) -> Record {
    Record::SessionOpened {
        session: SessionId(session),
        channel: ChannelId(800 + session),
        host: ADA,
        theme: theme.map(String::from),
        opened_at: after(session),
    }
}

/// An open stage on which a track plays, as the rules themselves keep it.
pub(super) fn standing(title: &str) -> Standing {
    let mut stage = Stage::restore(EVENING, Kept::default());
    let mut effects = Vec::new();
    stage.resume(EVENING, &mut effects);
    let ada = Actor {
        member: ADA,
        name: "Ada".to_owned(),
        voice: Some(ChannelId(800)),
        powers: Powers::default(),
    };
    let wish = Command::Play {
        text: ChannelId(801),
        track: track(title),
        place: Place::Last,
        from: None,
    };
    stage
        .command(after(1), &ada, wish, &mut effects)
        .expect("the rules allow it");
    let kept = effects.into_iter().rev().find_map(|effect| match effect {
        Effect::Keep(Record::Standing(standing)) => Some(*standing),
        _ => None,
    });
    kept.expect("an open stage is kept")
}
