//! All calls that are end-to-end encrypted: a group and the people's clients for each. It sorts what
//! the groups send into what people take in here and what goes out by websocket, which it hands to
//! the desk; sessions and sockets it does not know.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use tokio::time::Instant;

use super::authority::Authority;
use super::group::{Group, Tally};
use super::people::People;
use super::{Message, Said, VERSION};
use crate::world::Id;

/// A message for a client that has a websocket.
#[derive(Debug)]
pub(in super::super) struct Parcel {
    pub(in super::super) channel_id: Id,
    pub(in super::super) user_id: Id,
    pub(in super::super) message: Message,
}

#[derive(Debug)]
struct Call {
    group: Group,
    people: Arc<People>,
    /// Who of the members is a person, with a client in this process.
    persons: BTreeSet<Id>,
}

#[derive(Debug)]
pub(in super::super) struct Calls {
    authority: Arc<Authority>,
    by_channel: HashMap<Id, Call>,
    parcels: Vec<Parcel>,
    people_commit: bool,
    /// Whose next commit arrives spoilt.
    spoil: Option<Id>,
}

impl Default for Calls {
    fn default() -> Self {
        Self {
            authority: Arc::new(Authority::new()),
            by_channel: HashMap::new(),
            parcels: Vec::new(),
            people_commit: true,
            spoil: None,
        }
    }
}

impl Calls {
    /// Whether people's clients send commits. When they do not, bots have to.
    pub(in super::super) fn people_commit(&mut self, commit: bool) {
        self.people_commit = commit;
    }

    /// Fault: the next commit that this client is sent cannot be processed.
    pub(in super::super) fn spoil_next_commit(&mut self, user_id: Id) {
        self.spoil = Some(user_id);
    }

    pub(in super::super) fn has_parcels(&self) -> bool {
        !self.parcels.is_empty()
    }

    /// What is to be sent by websocket, in order.
    pub(in super::super) fn parcels(&mut self) -> Vec<Parcel> {
        std::mem::take(&mut self.parcels)
    }

    /// The people whose clients have something to do.
    pub(in super::super) fn busy(&self) -> Vec<(Id, Arc<People>)> {
        let busy = self
            .by_channel
            .iter()
            .filter(|(_, call)| call.people.is_busy());
        busy.map(|(channel_id, call)| (*channel_id, Arc::clone(&call.people)))
            .collect()
    }

    /// The people in a call with whom a client has just entered.
    pub(in super::super) fn people(&self, channel_id: Id) -> Option<Arc<People>> {
        let call = self.by_channel.get(&channel_id)?;
        Some(Arc::clone(&call.people))
    }

    pub(in super::super) fn tally(&self, channel_id: Id) -> Option<Tally> {
        Some(self.by_channel.get(&channel_id)?.group.tally())
    }

    /// The version that is agreed on in a channel with encryption.
    pub(in super::super) fn version(&self, channel_id: Id) -> u16 {
        let call = self.by_channel.get(&channel_id);
        call.map_or(VERSION, |call| call.group.version())
    }

    /// Somebody is in the channel now, connected or not: the people's clients expect them.
    pub(in super::super) fn came(&mut self, channel_id: Id, user_id: Id) {
        if let Some(call) = self.by_channel.get(&channel_id) {
            for person in &call.persons {
                call.people.tell(*person, Message::Came(vec![user_id]));
            }
        }
    }

    /// Somebody has left the channel.
    pub(in super::super) fn went(&mut self, channel_id: Id, user_id: Id) {
        if let Some(call) = self.by_channel.get(&channel_id) {
            for person in &call.persons {
                call.people.tell(*person, Message::Went(user_id));
            }
        }
    }

    /// A person connects, where `there` are already.
    pub(in super::super) fn person_enters(
        &mut self,
        (channel_id, user_id): (Id, Id),
        there: Vec<Id>,
    ) {
        let call = self.call(channel_id);
        call.persons.insert(user_id);
        call.people.join(user_id);
        call.people.tell(user_id, Message::Came(there));
        call.group.enter(user_id);
        self.deliver(channel_id);
    }

    /// A client with a websocket is connected.
    pub(in super::super) fn client_enters(&mut self, channel_id: Id, user_id: Id) {
        self.call(channel_id).group.enter(user_id);
        self.deliver(channel_id);
    }

    /// A person or a client is gone for good.
    pub(in super::super) fn leaves(&mut self, channel_id: Id, user_id: Id, now: Instant) {
        let Some(call) = self.by_channel.get_mut(&channel_id) else {
            return;
        };
        if call.persons.remove(&user_id) {
            call.people.leave(user_id);
        }
        call.group.leave(user_id, now);
        self.deliver(channel_id);
        self.by_channel.retain(|_, call| !call.group.is_empty());
    }

    /// A client is back whose websocket was gone. `missed` says that something was not delivered.
    pub(in super::super) fn is_back(
        &mut self,
        (channel_id, user_id): (Id, Id),
        missed: bool,
        now: Instant,
    ) {
        let Some(call) = self.by_channel.get_mut(&channel_id) else {
            return;
        };
        if missed || call.group.waits_for(user_id) {
            call.group.renew(user_id, now);
            self.deliver(channel_id);
        }
    }

    /// What a member says; what no client may say is given back in words.
    pub(in super::super) fn hear(
        &mut self,
        (channel_id, user_id): (Id, Id),
        said: &Said,
        now: Instant,
    ) -> Result<(), &'static str> {
        let Some(call) = self.by_channel.get_mut(&channel_id) else {
            return Ok(());
        };
        let is_held_back = !self.people_commit
            && call.persons.contains(&user_id)
            && matches!(said, Said::Commit(_));
        if is_held_back {
            return Ok(());
        }
        let heard = call.group.hear(user_id, said, now);
        self.deliver(channel_id);
        heard
    }

    /// Does what the passing of time brings about; the next time that it has to.
    pub(in super::super) fn tick(&mut self, now: Instant) -> Option<Instant> {
        let due = |call: &Call| call.group.deadline().is_some_and(|at| at <= now);
        let due = self.by_channel.iter().filter(|(_, call)| due(call));
        for channel_id in due.map(|(id, _)| *id).collect::<Vec<_>>() {
            if let Some(call) = self.by_channel.get_mut(&channel_id) {
                call.group.tick(now);
            }
            self.deliver(channel_id);
        }
        let deadlines = self
            .by_channel
            .values()
            .filter_map(|call| call.group.deadline());
        deadlines.min()
    }

    pub(in super::super) fn downgrade(&mut self, channel_id: Id, now: Instant) {
        if let Some(call) = self.by_channel.get_mut(&channel_id) {
            call.group.downgrade(now);
        }
        self.deliver(channel_id);
    }

    pub(in super::super) fn upgrade(&mut self, channel_id: Id) {
        if let Some(call) = self.by_channel.get_mut(&channel_id) {
            call.group.upgrade();
        }
        self.deliver(channel_id);
    }

    fn call(&mut self, channel_id: Id) -> &mut Call {
        let authority = &self.authority;
        self.by_channel.entry(channel_id).or_insert_with(|| Call {
            group: Group::new(channel_id, Arc::clone(authority)),
            people: Arc::new(People::new(channel_id)),
            persons: BTreeSet::new(),
        })
    }

    /// People first: a client can answer with sound before this is through.
    fn deliver(&mut self, channel_id: Id) {
        let Some(call) = self.by_channel.get_mut(&channel_id) else {
            return;
        };
        for (user_id, mut message) in call.group.take() {
            if let (true, Message::Commit { commit, .. }) =
                (self.spoil == Some(user_id), &mut message)
            {
                self.spoil = None;
                // Somewhere in its signature or tags.
                if let Some(byte) = commit.last_mut() {
                    *byte ^= 1;
                }
            }
            if call.persons.contains(&user_id) {
                call.people.tell(user_id, message);
            } else {
                self.parcels.push(Parcel {
                    channel_id,
                    user_id,
                    message,
                });
            }
        }
    }
}
