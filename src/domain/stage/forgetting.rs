//! Letting go of somebody who wants to be forgotten: nothing that the stage holds, shows or keeps
//! from then on is theirs or names them. What was kept before is for `storage`; that people may come
//! back as strangers, and what is heard of them then, is for the rules beside this.

use super::super::ids::{MemberId, NAMELESS};
use super::super::moment::Moment;
use super::super::protocol::{Deed, Effect, Notice};
use super::{Seat, Stage, Standing, Turn};
use std::time::Duration;

/// Names of one character are in too many words to mean somebody.
const NAME_LEAST: usize = 2;

/// Whether a text of theirs names them.
pub fn is_named(text: &str, names: &[String]) -> bool {
    let text = text.to_lowercase();
    names
        .iter()
        .filter(|name| name.chars().count() >= NAME_LEAST)
        .any(|name| text.contains(&name.to_lowercase()))
}

impl Standing {
    /// Takes out a member who was called `names`: seat, offer and place on the waitlist, what they
    /// felt and heard, and their name on what they play, which plays on.
    pub fn forget(&mut self, member: MemberId, names: &[String]) {
        if self.host == member {
            self.host = MemberId::NOBODY;
            self.theme.take_if(|theme| is_named(theme, names));
            self.rules.take_if(|rules| is_named(rules, names));
        }
        for seat in &mut self.seats {
            let sits = |seat: &Seat| seat.looper.as_ref().is_some_and(|it| it.member == member);
            if sits(seat) {
                *seat = Seat {
                    visited: seat.visited,
                    ..Seat::default()
                };
            }
            seat.offer.take_if(|offer| offer.member == member);
            seat.lapsed.remove(&member);
        }
        self.waitlist.retain(|waiting| waiting.member != member);
        for turn in self.turn.iter_mut().chain(&mut self.last) {
            turn.forget(member);
        }
    }
}

impl Deed {
    /// Takes out a theme of theirs that names them, who were called `names`.
    pub fn unname(&mut self, names: &[String]) {
        if let Deed::Themed(Some(theme)) = self
            && is_named(theme, names)
        {
            NAMELESS.clone_into(theme);
        }
    }
}

impl Turn {
    fn forget(&mut self, member: MemberId) {
        if self.play.looper == member {
            self.play.looper = MemberId::NOBODY;
            NAMELESS.clone_into(&mut self.play.looper_name);
            self.looper_heard = Duration::ZERO;
            self.looper_since = None;
        }
        if let Some(end) = &mut self.play.end {
            end.forget(member);
        }
        self.ratings.remove(&member);
        self.voided.remove(&member);
        self.heard.remove(&member);
        self.grabs.remove(&member);
    }
}

impl Stage {
    /// Everything of theirs, whether the stage is open or closed. A ban stays: it is the team's.
    pub(super) fn forget(
        &mut self,
        now: Moment,
        member: MemberId,
        names: &[String],
        effects: &mut Vec<Effect>,
    ) -> Notice {
        self.accrue(now);
        if let Some(open) = &mut self.open {
            open.forget(member, names);
            if open.turn.is_some() {
                self.unheard.insert(member);
            }
        }
        if self.setlists.contains_key(&member) {
            self.setlist_mut(member).clear();
            self.keep_setlist(member, effects);
        }
        self.recount(now);
        Notice::Forgotten
    }
}

#[cfg(test)]
mod tests {
    use super::super::Kept;
    use super::super::rehearsal::{LOUNGE, Party, actor, play};
    use super::is_named;
    use crate::domain::ids::{ChannelId, CollectionId, MemberId, NAMELESS};
    use crate::domain::protocol::{
        Actor, Command, Deed, Effect, Notice, Record, Refusal, Signal, SkipReason, Stars, TurnEnd,
        Way,
    };
    use std::time::Duration;

    const ANA: MemberId = MemberId(4_711_000_001);
    const BO: MemberId = MemberId(4_711_000_002);

    fn party() -> Party {
        let people = [actor(ANA, "Zebrana"), actor(BO, "Bo")];
        Party::of(&people, Kept::default().settings.repeat_window)
    }

    fn forget(party: &mut Party, who: &Actor) {
        party.effects.clear();
        let names = vec![who.name.clone()];
        let forgotten = party.ask_as(who, Command::Forget { names });
        assert_eq!(forgotten, Ok(Notice::Forgotten));
    }

    /// Whether anything that was handed over since names Ana.
    fn names_ana(party: &Party) -> bool {
        let said = format!("{:?}", party.effects);
        said.contains(&ANA.to_string()) || said.contains("Zebrana")
    }

    #[test]
    fn who_is_forgotten_in_the_middle_of_their_song_is_in_nothing_that_is_kept_of_it() {
        let (ana, bo) = (actor(ANA, "Zebrana"), actor(BO, "Bo"));
        let mut party = party();
        let theme = Some("zebrana's night".to_owned());
        let open = Command::Open {
            text: ChannelId(11),
            theme,
            rules: Some("be kind".to_owned()),
            speak: None,
        };
        party.ask_as(&ana, open).unwrap();
        party.ask_as(&ana, play("One")).unwrap();
        party.ask_as(&ana, play("Two")).unwrap();
        party.ask_as(&bo, play("Three")).unwrap();
        party.sounds(1);
        forget(&mut party, &ana);
        // Emptying the setlist names whose it was, once.
        let is_hers = |effect: &Effect| {
            matches!(effect, Effect::Keep(Record::Setlist { member: ANA, entries })
                if entries.is_empty())
        };
        assert_eq!(party.effects.iter().filter(|it| is_hers(it)).count(), 1);
        party.effects.retain(|it| !is_hers(it));
        assert!(!names_ana(&party), "{:?}", party.effects);
        let view = party.stage.view(party.now);
        let open = view.open.as_ref().unwrap();
        assert_eq!((open.host, &open.theme), (MemberId::NOBODY, &None));
        assert_eq!(open.rules.as_deref(), Some("be kind"));
        assert_eq!(open.now.as_ref().unwrap().looper_name, NAMELESS);
        assert!(open.seats[0].looper.is_none() && !view.setlists.contains_key(&ANA));
        party.ends(1);
        assert!(!names_ana(&party), "{:?}", party.effects);
        let is_end = |it: &Effect| matches!(it, Effect::Keep(Record::PlayEnded(_)));
        assert!(party.effects.iter().any(is_end));
    }

    #[test]
    fn a_listener_is_forgotten_for_the_running_song_and_a_stranger_from_the_next() {
        let (ana, bo) = (actor(ANA, "Zebrana"), actor(BO, "Bo"));
        let mut party = party();
        party.ask_as(&bo, play("One")).unwrap();
        party.ask_as(&bo, play("Two")).unwrap();
        party.sounds(1);
        party.now = party.now + Duration::from_mins(2);
        let rate = || Command::Rate {
            turn: None,
            stars: Stars::new(5).unwrap(),
            way: Way::Button,
        };
        party.ask_as(&ana, rate()).unwrap();
        party.ask_as(&ana, Command::Grab { turn: None }).unwrap();
        forget(&mut party, &ana);
        assert_eq!(party.ask_as(&ana, rate()), Err(Refusal::NotListening));
        // Somebody comes or goes: who listens is looked at afresh.
        party.tell(Signal::Voice {
            member: MemberId(5),
            name: "Cy".to_owned(),
            bot: false,
            channel: Some(LOUNGE),
            deaf: false,
            joined_at: None,
        });
        party.ends(1);
        assert!(!names_ana(&party), "{:?}", party.effects);
        party.sounds(2);
        party.now = party.now + Duration::from_mins(1);
        party.ask_as(&ana, rate()).unwrap();
        party.ends(2);
        assert!(names_ana(&party), "a stranger like any other");
    }

    #[test]
    fn the_closed_stage_forgets_a_setlist_and_a_second_time_nothing() {
        let ana = actor(ANA, "Zebrana");
        let mut party = party();
        party.ask_as(&ana, play("One")).unwrap();
        party.ask_as(&ana, play("Two")).unwrap();
        party.tell(Signal::Expelled);
        forget(&mut party, &ana);
        assert_eq!(party.effects.len(), 1, "{:?}", party.effects);
        forget(&mut party, &ana);
        assert_eq!(party.effects, []);
    }

    #[test]
    fn ends_and_deeds_lose_the_member_and_their_words() {
        let words = || Some(SkipReason::Words("my ears".to_owned()));
        let mut end = TurnEnd::SkippedBy {
            member: ANA,
            reason: words(),
        };
        end.forget(BO);
        assert!(matches!(end, TurnEnd::SkippedBy { member: ANA, .. }));
        end.forget(ANA);
        let member = MemberId::NOBODY;
        let reason = None;
        assert_eq!(end, TurnEnd::SkippedBy { member, reason });
        let mut deed = Deed::Kicked {
            member: ANA,
            reason: Some("Ana was loud".to_owned()),
        };
        assert_eq!(deed.to_whom(), Some(ANA));
        deed.forget(ANA);
        let reason = None;
        assert_eq!(deed, Deed::Kicked { member, reason });
        let shelved = |member, name: &str| Deed::Shelved {
            collection: CollectionId(4),
            name: name.to_owned(),
            member,
            barred: true,
        };
        let mut deed = shelved(ANA, "Zebrana's best");
        assert_eq!(deed.to_whom(), Some(ANA));
        // Who took it off the shelves is forgotten, but not whose it is.
        deed.silence();
        deed.forget(BO);
        assert_eq!(deed, shelved(ANA, "Zebrana's best"));
        deed.forget(ANA);
        assert_eq!(deed, shelved(member, NAMELESS));
    }

    #[test]
    fn a_theme_that_names_somebody_is_taken_out_and_no_other() {
        let names = ["Zebrana".to_owned()];
        let themed = |theme: &str| Deed::Themed(Some(theme.to_owned()));
        for (said, left) in [("ZEBRANA's night", NAMELESS), ("Rain", "Rain")] {
            let mut deed = themed(said);
            deed.unname(&names);
            assert_eq!(deed, themed(left));
        }
        let mut deed = Deed::Themed(None);
        deed.unname(&names);
        assert_eq!(deed, Deed::Themed(None), "nothing was taken away");
    }

    #[test]
    fn a_text_names_somebody_by_any_of_their_names() {
        let names = ["Ana".to_owned(), "美美".to_owned(), "B".to_owned()];
        assert!(is_named("ANA's birthday", &names) && is_named("给美美", &names));
        assert!(!is_named("Big beat", &names));
    }
}
