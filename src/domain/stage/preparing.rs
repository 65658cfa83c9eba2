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
    use super::super::rehearsal::{LENGTH, Party};
    use crate::domain::ids::MemberId;
    use crate::domain::protocol::{Command, Signal};
    use std::time::Duration;

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
