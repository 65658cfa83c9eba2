//! Setlists: what each member has waiting. They stay across sessions and can be changed while the
//! stage is closed.

use super::super::ids::{ChannelId, CollectionId, EntryId, MemberId};
use super::super::moment::Moment;
use super::super::protocol::{Actor, Effect, Entry, Notice, Place, Record, Refusal};
use super::super::track::{Track, TrackKey};
use super::Stage;
use super::seats::Spot;
use std::sync::Arc;
use std::time::Duration;

impl Stage {
    pub(super) fn setlist_mut(&mut self, member: MemberId) -> &mut Vec<Entry> {
        Arc::make_mut(&mut self.setlists).entry(member).or_default()
    }

    pub(super) fn keep_setlist(&mut self, member: MemberId, effects: &mut Vec<Effect>) {
        let entries = self.setlists.get(&member).cloned().unwrap_or_default();
        if entries.is_empty() {
            Arc::make_mut(&mut self.setlists).remove(&member);
        }
        effects.push(Effect::Keep(Record::Setlist { member, entries }));
    }

    /// Whether the track may be added by the actor.
    fn may_add(&self, actor: &Actor, track: &Track) -> Result<(), Refusal> {
        if self.track_bans.contains_key(&track.key) {
            return Err(Refusal::TrackBanned {
                title: track.title.clone(),
            });
        }
        let texts = [
            Some(&track.title),
            track.artist.as_ref(),
            track.album.as_ref(),
        ];
        if texts
            .into_iter()
            .flatten()
            .any(|text| self.has_banned_word(text))
        {
            return Err(Refusal::WordBanned);
        }
        let setlist = self
            .setlists
            .get(&actor.member)
            .map_or(&[][..], Vec::as_slice);
        if let Some(at) = setlist
            .iter()
            .position(|entry| entry.track.key == track.key)
        {
            return Err(Refusal::AlreadyInSetlist { place: at + 1 });
        }
        if actor.powers.moderator || actor.powers.admin {
            return Ok(());
        }
        let limit = self.settings.setlist_limit;
        if setlist.len() >= usize::try_from(limit).unwrap_or(usize::MAX) {
            return Err(Refusal::SetlistFull { limit });
        }
        let (limit, crowded) = self.length_limit();
        // What is live has no length, and is cut.
        if !track.live && track.length > limit {
            return Err(Refusal::TooLong {
                length: track.length,
                limit,
                crowded,
            });
        }
        Ok(())
    }

    /// How long a track may be now, and whether that is because many wait.
    pub(super) fn length_limit(&self) -> (Duration, bool) {
        let settings = &self.settings;
        let waiting = self.open.as_ref().map_or(0, |open| open.waitlist.len());
        let crowded = waiting >= usize::try_from(settings.crowd).unwrap_or(usize::MAX);
        if crowded {
            let limit = settings.crowded_length_limit.min(settings.length_limit);
            (limit, crowded)
        } else {
            (settings.length_limit, crowded)
        }
    }

    /// `/play`: everything is checked before anything is changed.
    pub(super) fn play(
        &mut self,
        now: Moment,
        actor: &Actor,
        text: ChannelId,
        (track, place, from): (Track, Place, Option<CollectionId>),
        effects: &mut Vec<Effect>,
    ) -> Result<Notice, Refusal> {
        let opened = self.open.is_none();
        let spot = if opened {
            let channel = actor.voice.ok_or(Refusal::NotInVoice)?;
            if self.banned.contains(&actor.member) {
                return Err(Refusal::StageBanned);
            }
            self.may_add(actor, &track)?;
            self.open_in(now, actor, (channel, text), ((None, None), None), effects);
            Spot::Free(super::seats::number(0))
        } else {
            let spot = self.spot_for(actor)?;
            self.may_add(actor, &track)?;
            spot
        };
        let (seat, seated, waiting) = match spot {
            Spot::Sitting(seat) => (Some(seat), false, None),
            Spot::Free(seat) => {
                self.sit(now, actor, seat);
                (Some(seat), true, None)
            }
            Spot::Waiting(place) => (None, false, Some(place)),
            Spot::Queue => {
                self.wait(actor);
                (None, false, self.place_of(actor.member))
            }
        };
        let title = track.title.clone();
        let entry = self.add(now, actor.member, (track, place, from), effects);
        let repeat = self.setlists.get(&actor.member).and_then(|setlist| {
            self.repeat(now, setlist.iter().find(|waiting| waiting.id == entry)?)
        });
        self.start_next(now, effects);
        let setlist = self
            .setlists
            .get(&actor.member)
            .map_or(&[][..], Vec::as_slice);
        let place = setlist.iter().position(|waiting| waiting.id == entry);
        Ok(Notice::Added {
            title,
            place: place.map_or(0, |at| at + 1),
            seat,
            seated,
            waiting,
            opened,
            repeat,
            playing: place.is_none(),
        })
    }

    fn add(
        &mut self,
        now: Moment,
        member: MemberId,
        (track, place, from): (Track, Place, Option<CollectionId>),
        effects: &mut Vec<Effect>,
    ) -> EntryId {
        self.last_entry += 1;
        let id = EntryId(self.last_entry);
        let entry = Entry {
            id,
            track,
            added_at: now,
            from,
        };
        let setlist = self.setlist_mut(member);
        match place {
            Place::Last => setlist.push(entry),
            Place::Next => setlist.insert(0, entry),
        }
        self.keep_setlist(member, effects);
        self.has_something(member);
        id
    }

    /// Who was to leave for having nothing to play, has something now.
    fn has_something(&mut self, member: MemberId) {
        let Some(open) = &mut self.open else { return };
        let mut loopers = open
            .seats
            .iter_mut()
            .filter_map(|seat| seat.looper.as_mut());
        if let Some(looper) = loopers.find(|looper| looper.member == member) {
            looper.passed = 0;
            looper.leaves = None;
        }
    }

    /// Takes the entry out of the setlist, to be played.
    pub(super) fn take_entry(
        &mut self,
        member: MemberId,
        entry: EntryId,
        effects: &mut Vec<Effect>,
    ) -> Option<Entry> {
        let at = self
            .setlists
            .get(&member)?
            .iter()
            .position(|waiting| waiting.id == entry)?;
        let taken = self.setlist_mut(member).remove(at);
        self.keep_setlist(member, effects);
        Some(taken)
    }

    fn own_entry(&self, actor: &Actor, entry: EntryId) -> Result<usize, Refusal> {
        let setlist = self
            .setlists
            .get(&actor.member)
            .ok_or(Refusal::NoSuchEntry)?;
        setlist
            .iter()
            .position(|waiting| waiting.id == entry)
            .ok_or(Refusal::NoSuchEntry)
    }

    pub(super) fn remove(
        &mut self,
        actor: &Actor,
        entry: EntryId,
        effects: &mut Vec<Effect>,
    ) -> Result<Notice, Refusal> {
        self.own_entry(actor, entry)?;
        let taken = self
            .take_entry(actor.member, entry, effects)
            .ok_or(Refusal::NoSuchEntry)?;
        Ok(Notice::Removed {
            title: taken.track.title,
        })
    }

    pub(super) fn reorder(
        &mut self,
        actor: &Actor,
        entry: EntryId,
        to: usize,
        effects: &mut Vec<Effect>,
    ) -> Result<Notice, Refusal> {
        let from = self.own_entry(actor, entry)?;
        let setlist = self.setlist_mut(actor.member);
        let place = to.clamp(1, setlist.len());
        let moved = setlist.remove(from);
        let title = moved.track.title.clone();
        setlist.insert(place - 1, moved);
        self.keep_setlist(actor.member, effects);
        Ok(Notice::Reordered { title, place })
    }

    pub(super) fn shuffle(
        &mut self,
        actor: &Actor,
        seed: u64,
        effects: &mut Vec<Effect>,
    ) -> Result<Notice, Refusal> {
        if !self.setlists.contains_key(&actor.member) {
            return Err(Refusal::EmptySetlist);
        }
        let setlist = self.setlist_mut(actor.member);
        let count = setlist.len();
        let mut chance = seed;
        // Fisher and Yates, with the numbers of SplitMix64.
        for at in (1..count).rev() {
            chance = chance.wrapping_add(0x9E37_79B9_7F4A_7C15);
            let mut mixed = (chance ^ (chance >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            mixed ^= mixed >> 31;
            let choices = u64::try_from(at + 1).unwrap_or(u64::MAX);
            setlist.swap(at, usize::try_from(mixed % choices).unwrap_or(0));
        }
        self.keep_setlist(actor.member, effects);
        Ok(Notice::Shuffled { count })
    }

    pub(super) fn clear(
        &mut self,
        actor: &Actor,
        effects: &mut Vec<Effect>,
    ) -> Result<Notice, Refusal> {
        let Some(count) = self.setlists.get(&actor.member).map(Vec::len) else {
            return Err(Refusal::EmptySetlist);
        };
        self.setlist_mut(actor.member).clear();
        self.keep_setlist(actor.member, effects);
        Ok(Notice::Cleared { count })
    }

    /// Takes a banned track out of every setlist.
    pub(super) fn strike_out(&mut self, key: &TrackKey, effects: &mut Vec<Effect>) {
        let holds = |entries: &Vec<Entry>| entries.iter().any(|entry| entry.track.key == *key);
        let members: Vec<MemberId> = self
            .setlists
            .iter()
            .filter(|(_, entries)| holds(entries))
            .map(|(m, _)| *m)
            .collect();
        for member in members {
            self.setlist_mut(member)
                .retain(|entry| entry.track.key != *key);
            self.keep_setlist(member, effects);
        }
    }
}
