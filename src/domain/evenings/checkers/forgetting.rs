//! Who had themselves forgotten is named nowhere afterwards: not on the stage, not in what is kept or
//! said from then on. Until they do something again, and are a stranger like any other; what they
//! hear of later plays is kept as of anybody.

use super::super::party::{Input, Seen};
use super::super::people::name;
use super::{Checker, Memory, Verdict, claim, forgotten};
use crate::domain::ids::{MemberId, NAMELESS, TurnId};
use crate::domain::protocol::{Effect, Notice, Record};
use crate::domain::stage::Standing;
use crate::domain::view::{NowView, View};
use std::collections::BTreeMap;

#[derive(Default)]
pub(super) struct Forgotten {
    /// Everybody of whom nothing may be known, and the turn that ran when they were forgotten.
    gone: BTreeMap<MemberId, TurnId>,
}

impl Checker for Forgotten {
    fn look(&mut self, _: &Memory, seen: &Seen) -> Verdict {
        if let (Input::Ask(actor, _), Some(Ok(_))) = (&seen.input, &seen.outcome) {
            self.gone.remove(&actor.member);
        }
        if matches!(seen.input, Input::Restart { .. }) {
            // Who was not to be heard is not kept, so from here on they are strangers.
            self.gone.values_mut().for_each(|turn| *turn = TurnId(0));
        }
        if let Some(member) = forgotten(seen) {
            claim(seen.outcome == Some(Ok(Notice::Forgotten)), || {
                format!("{member} may not be forgotten: {:?}", seen.outcome)
            })?;
            let ran = seen.before.open.as_ref().and_then(|open| open.now.as_ref());
            let ran = ran.map_or(TurnId(0), |now| now.turn);
            self.gone.insert(member, ran);
            is_in_no_words_of_theirs(seen, member)?;
        }
        for (member, ran) in &self.gone {
            is_not_seen(&seen.after, *member)?;
            for effect in &seen.effects {
                is_not_named(seen, effect, (*member, *ran))?;
            }
        }
        Ok(())
    }
}

fn is_in_no_words_of_theirs(seen: &Seen, member: MemberId) -> Verdict {
    let was_host = |view: &View| view.open.as_ref().is_some_and(|open| open.host == member);
    let (true, Some(open)) = (was_host(&seen.before), &seen.after.open) else {
        return Ok(());
    };
    let words = [&open.theme, &open.rules].into_iter().flatten();
    let named = words
        .into_iter()
        .find(|words| words.contains(&name(member)));
    claim(named.is_none(), || format!("{named:?} stands on the stage"))
}

fn is_not_seen(view: &View, member: MemberId) -> Verdict {
    claim(!view.setlists.contains_key(&member), || {
        format!("{member} is forgotten and has a setlist")
    })?;
    let Some(open) = &view.open else {
        return Ok(());
    };
    let seated = open.seats.iter().filter_map(|seat| seat.looper.as_ref());
    let offered = open.seats.iter().filter_map(|seat| seat.offered);
    let waiting = open.waitlist.iter().map(|waiting| waiting.member);
    let played = |now: &NowView| {
        let nameless = now.looper != MemberId::NOBODY || now.looper_name == NAMELESS;
        (now.looper, nameless)
    };
    let plays: Vec<(MemberId, bool)> = open.now.iter().chain(&open.last).map(played).collect();
    let mut everybody = seated
        .map(|looper| looper.member)
        .chain(offered)
        .chain(waiting)
        .chain(plays.iter().map(|(looper, _)| *looper))
        .chain([open.host]);
    claim(everybody.all(|one| one != member), || {
        format!("{member} is forgotten and seen: {open:#?}")
    })?;
    claim(plays.iter().all(|(_, nameless)| *nameless), || {
        format!("{member} is nobody and has a name: {plays:?}")
    })
}

/// `ran` is the turn from whose successor on they may be heard of.
fn is_not_named(seen: &Seen, effect: &Effect, (member, ran): (MemberId, TurnId)) -> Verdict {
    let named = match effect {
        Effect::Keep(Record::Standing(standing)) => is_in(standing, member, ran),
        Effect::Keep(Record::Setlist {
            member: of,
            entries,
        }) => {
            // Emptying it says whose it was.
            let emptied = forgotten(seen) == Some(member) && entries.is_empty();
            *of == member && !emptied
        }
        Effect::Keep(Record::Heard {
            turn, member: of, ..
        }) => *of == member && *turn <= ran,
        other => {
            let id = member.to_string();
            let meant = matches!(&seen.input, Input::Ask(actor, command)
                if actor.member != member && format!("{command:?}").contains(&id));
            !meant && format!("{other:?}").contains(&id)
        }
    };
    claim(!named, || {
        format!("{member} is forgotten and named by {effect:?}")
    })
}

/// Whether what is kept of the stage has their id or name anywhere but among the listeners of turns
/// after that one. Themes and rules of others are theirs.
fn is_in(standing: &Standing, member: MemberId, ran: TurnId) -> bool {
    let mut kept = serde_json::to_value(standing).unwrap();
    for part in ["theme", "rules"] {
        kept[part] = serde_json::Value::Null;
    }
    for part in ["turn", "last"] {
        let turn = &mut kept[part];
        if turn["play"]["turn"]
            .as_u64()
            .is_some_and(|turn| turn > ran.0)
        {
            turn["heard"] = serde_json::Value::Null;
        }
    }
    kept.to_string().contains(&member.to_string())
}
