//! A small party for the tests of single rules: three people in a channel, who play what they are told.

use super::{Kept, Stage};
use crate::domain::ids::{ChannelId, MemberId, TurnId};
use crate::domain::moment::Moment;
use crate::domain::protocol::{
    Actor, Command, Effect, Listener, Notice, Place, PlaybackEnd, Powers, Refusal, Signal,
};
use crate::domain::track::{MediaRef, Origin, Track, TrackKey};
use std::time::Duration;

pub(super) const LOUNGE: ChannelId = ChannelId(10);
pub(super) const LENGTH: Duration = Duration::from_mins(3);

pub(super) struct Party {
    pub(super) stage: Stage,
    pub(super) now: Moment,
    pub(super) effects: Vec<Effect>,
}

pub(super) fn actor(member: MemberId, name: &str) -> Actor {
    Actor {
        member,
        name: name.to_owned(),
        voice: Some(LOUNGE),
        powers: Powers::default(),
    }
}

fn song(title: &str) -> Track {
    Track {
        key: TrackKey(format!("sha256:{title}")),
        title: title.to_owned(),
        artist: None,
        album: None,
        length: LENGTH,
        origin: Origin::Link,
        media: MediaRef(format!("media:{title}")),
        link: None,
        cover: None,
        gain_tenths: None,
        live: false,
    }
}

/// Puts it at the end of one's setlist.
pub(super) fn play(title: &str) -> Command {
    let (text, track) = (ChannelId(11), song(title));
    let (place, from) = (Place::Last, None);
    Command::Play {
        text,
        track,
        place,
        from,
    }
}

impl Party {
    /// Three people in the channel, and a window in which a song is a repeat.
    pub(super) fn new(repeat_window: Duration) -> Party {
        let people = [1, 2, 3].map(MemberId);
        let people = people.map(|member| actor(member, &format!("Looper {}", member.0)));
        Party::of(&people, repeat_window)
    }

    /// The same with these people.
    pub(super) fn of(people: &[Actor], repeat_window: Duration) -> Party {
        let now = Moment(1_000_000);
        let mut kept = Kept::default();
        kept.settings.repeat_window = repeat_window;
        let mut stage = Stage::restore(now, kept);
        let mut effects = Vec::new();
        let there = people.iter().map(|who| Listener {
            member: who.member,
            name: who.name.clone(),
            bot: false,
            channel: LOUNGE,
            deaf: false,
            joined_at: None,
        });
        stage.signal(now, Signal::VoiceAll(there.collect()), &mut effects);
        stage.resume(now, &mut effects);
        Party {
            stage,
            now,
            effects,
        }
    }

    pub(super) fn ask(&mut self, member: u64, command: Command) {
        let who = actor(MemberId(member), &format!("Looper {member}"));
        self.ask_as(&who, command).unwrap();
    }

    pub(super) fn ask_as(&mut self, who: &Actor, command: Command) -> Result<Notice, Refusal> {
        self.stage
            .command(self.now, who, command, &mut self.effects)
    }

    pub(super) fn play(&mut self, member: u64, title: &str) {
        self.ask(member, play(title));
    }

    pub(super) fn tell(&mut self, signal: Signal) {
        self.stage.signal(self.now, signal, &mut self.effects);
    }

    pub(super) fn sounds(&mut self, turn: u64) {
        let (turn, position) = (TurnId(turn), Duration::ZERO);
        self.tell(Signal::PlaybackStarted { turn, position });
    }

    pub(super) fn ends(&mut self, turn: u64) {
        self.now = self.now + LENGTH;
        self.tell(Signal::PlaybackEnded {
            turn: TurnId(turn),
            position: LENGTH,
            how: PlaybackEnd::Finished,
        });
    }

    /// What was played (`>`) and made ready since this was asked last, by title.
    pub(super) fn said(&mut self) -> Vec<String> {
        let effects = std::mem::take(&mut self.effects);
        let said = effects.into_iter().filter_map(|effect| match effect {
            Effect::Play { track, .. } => Some(format!(">{}", track.title)),
            Effect::Prepare { track } => Some(track.map_or("-".to_owned(), |it| it.title)),
            _ => None,
        });
        said.collect()
    }
}
