//! Setlists: what somebody added stays until it is played, removed or banned.

use super::super::party::{Input, Seen};
use super::{Checker, Memory, Verdict, begun, claim, kept};
use crate::domain::ids::{CollectionId, EntryId, MemberId, TurnId};
use crate::domain::protocol::{Command, Entry, Place, PlayRecord, Record};
use crate::domain::track::Track;
use std::collections::BTreeSet;
use std::sync::Arc;

pub(super) struct Setlists;

impl Checker for Setlists {
    fn look(&mut self, _: &Memory, seen: &Seen) -> Verdict {
        let (before, after) = (&seen.before.setlists, &seen.after.setlists);
        if Arc::ptr_eq(before, after) {
            return Ok(());
        }
        let members: BTreeSet<_> = before.keys().chain(after.keys()).copied().collect();
        for member in members {
            let empty = Vec::new();
            let was = before.get(&member).unwrap_or(&empty);
            let is = after.get(&member).unwrap_or(&empty);
            if was != is {
                changed(seen, member, was, is)?;
            }
        }
        Ok(())
    }
}

fn changed(seen: &Seen, member: MemberId, was: &[Entry], is: &[Entry]) -> Verdict {
    let command = match &seen.input {
        Input::Ask(actor, command) if seen.outcome.as_ref().is_some_and(Result::is_ok) => {
            Some((actor, command))
        }
        _ => None,
    };
    let own = command.filter(|(actor, _)| actor.member == member);
    let own = own.map(|(_, command)| command);
    let keys: BTreeSet<_> = is.iter().map(|entry| &entry.track.key).collect();
    claim(keys.len() == is.len(), || {
        format!("{member} has the same track twice")
    })?;
    let is_in = |all: &[Entry], id: EntryId| all.iter().any(|entry| entry.id == id);
    for added in is.iter().filter(|entry| !is_in(was, entry.id)) {
        let asked = matches!(own, Some(Command::Play { track, from, .. })
            if *track == added.track && *from == added.from);
        claim(asked, || {
            format!("{member} has {} and did not add it", added.track.title)
        })?;
        let at_its_place = match own {
            Some(Command::Play {
                place: Place::Next, ..
            }) => is.first() == Some(added),
            _ => is.last() == Some(added),
        };
        claim(at_its_place, || {
            format!(
                "{} was not added where {member} wanted it",
                added.track.title
            )
        })?;
    }
    let mut played = begun(seen).filter(|play| play.looper == member);
    for gone in was.iter().filter(|entry| !is_in(is, entry.id)) {
        let removed = match command.map(|(_, command)| command) {
            Some(Command::Remove { entry }) => own.is_some() && *entry == gone.id,
            Some(Command::Clear | Command::Forget { .. }) => own.is_some(),
            Some(Command::BanTrack { key, banned, .. }) => *banned && *key == gone.track.key,
            _ => false,
        };
        // How long it may play shows when a live stream begins.
        let same = |play: &PlayRecord| {
            let length = gone.track.length;
            let length = if play.track.live {
                length
            } else {
                play.track.length
            };
            taken_from(seen, play.turn) == gone.from
                && gone.track
                    == Track {
                        length,
                        ..play.track.clone()
                    }
        };
        let is_played = !removed && played.next().is_some_and(same);
        claim(removed || is_played, || {
            format!("{member} has lost {}", gone.track.title)
        })?;
    }
    let order = |all: &[Entry]| all.iter().map(|entry| entry.id).collect::<Vec<_>>();
    let stayed: Vec<EntryId> = order(was).into_iter().filter(|id| is_in(is, *id)).collect();
    let still: Vec<EntryId> = order(is).into_iter().filter(|id| is_in(was, *id)).collect();
    let shuffled = matches!(own, Some(Command::Shuffle { .. } | Command::Reorder { .. }));
    claim(shuffled || stayed == still, || {
        format!("the setlist of {member} is in another order")
    })
}

/// The collection that a turn is said to play from.
fn taken_from(seen: &Seen, turn: TurnId) -> Option<CollectionId> {
    kept(seen).find_map(|record| match record {
        Record::FromCollection {
            turn: of,
            collection,
        } if *of == turn => Some(*collection),
        _ => None,
    })
}
