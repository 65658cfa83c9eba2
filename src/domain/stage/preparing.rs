//! What is made ready ahead: the track that will probably play next, as far as that is known now.

use super::super::moment::Moment;
use super::super::protocol::{Effect, Entry};
use super::{Stage, Turn};

impl Turn {
    /// When its sound will be over, if nothing comes in between.
    fn ends_at(&self, now: Moment) -> Moment {
        now + self.play.track.length.saturating_sub(self.position(now))
    }
}

impl Stage {
    /// Has the track that probably comes next made ready, once, and says when none does any more.
    pub(super) fn prepare_next(&mut self, now: Moment, effects: &mut Vec<Effect>) {
        let Some(turn) = self.open.as_ref().and_then(|open| open.turn.as_ref()) else {
            // The call may be left before the next turn, and what was ready given up with it.
            self.prepared = None;
            return;
        };
        // What is a repeat now may be none any more by then.
        let then = turn.ends_at(now) - self.blend(&turn.play.track);
        let next = self.next(then).and_then(|next| {
            let mut entries = self.setlists.values().flatten();
            entries.find(|entry| entry.id == next.entry)
        });
        let id = next.map(|entry| entry.id);
        if self.prepared == id {
            return;
        }
        let track = |entry: &Entry| Box::new(entry.track.clone());
        effects.push(Effect::Prepare {
            track: next.map(track),
        });
        self.prepared = id;
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::ids::{ChannelId, MemberId, TurnId};
    use super::super::super::protocol::{
        Actor, Command, Listener, Place, PlaybackEnd, Powers, Signal,
    };
    use super::super::super::track::{MediaRef, Origin, Track, TrackKey};
    use super::super::Kept;
    use super::*;
    use std::time::Duration;

    const LOUNGE: ChannelId = ChannelId(10);
    const LENGTH: Duration = Duration::from_mins(3);

    struct Party {
        stage: Stage,
        now: Moment,
        effects: Vec<Effect>,
    }

    fn actor(member: u64) -> Actor {
        Actor {
            member: MemberId(member),
            name: format!("Looper {member}"),
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

    impl Party {
        /// Three people in the channel, and a window in which a song is a repeat.
        fn new(repeat_window: Duration) -> Party {
            let now = Moment(1_000_000);
            let mut kept = Kept::default();
            kept.settings.repeat_window = repeat_window;
            let mut stage = Stage::restore(now, kept);
            let mut effects = Vec::new();
            let there = [1, 2, 3].map(|member| Listener {
                member: MemberId(member),
                name: format!("Looper {member}"),
                bot: false,
                channel: LOUNGE,
                deaf: false,
                joined_at: None,
            });
            stage.signal(now, Signal::VoiceAll(there.into()), &mut effects);
            stage.resume(now, &mut effects);
            Party {
                stage,
                now,
                effects,
            }
        }

        fn ask(&mut self, member: u64, command: Command) {
            let asked = self
                .stage
                .command(self.now, &actor(member), command, &mut self.effects);
            asked.unwrap();
        }

        fn play(&mut self, member: u64, title: &str) {
            let (text, track) = (ChannelId(11), song(title));
            let (place, from) = (Place::Last, None);
            let play = Command::Play {
                text,
                track,
                place,
                from,
            };
            self.ask(member, play);
        }

        fn tell(&mut self, signal: Signal) {
            self.stage.signal(self.now, signal, &mut self.effects);
        }

        fn sounds(&mut self, turn: u64) {
            let (turn, position) = (TurnId(turn), Duration::ZERO);
            self.tell(Signal::PlaybackStarted { turn, position });
        }

        fn ends(&mut self, turn: u64) {
            self.now = self.now + LENGTH;
            self.tell(Signal::PlaybackEnded {
                turn: TurnId(turn),
                position: LENGTH,
                how: PlaybackEnd::Finished,
            });
        }

        /// What was played (`>`) and made ready since this was asked last, by title.
        fn said(&mut self) -> Vec<String> {
            let effects = std::mem::take(&mut self.effects);
            let said = effects.into_iter().filter_map(|effect| match effect {
                Effect::Play { track, .. } => Some(format!(">{}", track.title)),
                Effect::Prepare { track } => Some(track.map_or("-".to_owned(), |it| it.title)),
                _ => None,
            });
            said.collect()
        }
    }

    #[test]
    fn what_will_be_no_repeat_by_then_is_made_ready() {
        // Longer than one song, shorter than two.
        let mut party = Party::new(LENGTH + LENGTH / 2);
        party.play(1, "Again");
        party.sounds(1);
        party.play(2, "Between");
        party.play(1, "Again");
        party.play(2, "Instead");
        assert_eq!(party.said(), [">Again", "Between"]);
        party.ends(1);
        party.sounds(2);
        assert_eq!(party.said(), [">Between", "Again"]);
        party.ends(2);
        party.sounds(3);
        assert_eq!(party.said(), [">Again", "Instead"]);
    }

    #[test]
    fn what_still_is_a_repeat_by_then_is_not() {
        let mut party = Party::new(LENGTH * 5);
        party.play(1, "Again");
        party.play(2, "Between");
        party.play(1, "Again");
        party.play(2, "Instead");
        party.said();
        party.ends(1);
        party.sounds(2);
        assert_eq!(party.said(), [">Between", "Instead"]);
    }

    #[test]
    fn whatever_changes_what_comes_next_is_told_once() {
        let mut party = Party::new(Duration::ZERO);
        party.play(1, "One");
        party.sounds(1);
        assert_eq!(party.said(), [">One"]);
        party.play(2, "Two");
        party.play(2, "Three");
        assert_eq!(party.said(), ["Two"]);
        let entries = |party: &Party| {
            let view = party.stage.view(party.now);
            let theirs = view.setlists.get(&MemberId(2)).cloned();
            theirs.unwrap_or_default()
        };
        let [two, three] = [0, 1].map(|at| entries(&party)[at].id);
        party.ask(
            2,
            Command::Reorder {
                entry: three,
                to: 1,
            },
        );
        assert_eq!(party.said(), ["Three"]);
        party.ask(2, Command::Remove { entry: three });
        assert_eq!(party.said(), ["Two"]);
        party.ask(2, Command::Remove { entry: two });
        assert_eq!(party.said(), ["-"]);
        party.play(3, "Four");
        assert_eq!(party.said(), ["Four"]);
        let left = Signal::Voice {
            member: MemberId(3),
            name: "Looper 3".to_owned(),
            bot: false,
            channel: None,
            deaf: false,
            joined_at: None,
        };
        party.tell(left);
        assert_eq!(party.said(), ["-"], "who left the channel is waited for");
    }

    #[test]
    fn with_the_next_session_it_is_made_ready_again() {
        let mut party = Party::new(Duration::ZERO);
        party.play(1, "One");
        party.play(2, "Two");
        assert_eq!(party.said(), [">One", "Two"]);
        party.tell(Signal::Expelled);
        party.play(3, "Three");
        party.play(2, "Four");
        let said = party.said();
        assert_eq!(said, [">Three", "Two"], "the speaker has left meanwhile");
    }
}
