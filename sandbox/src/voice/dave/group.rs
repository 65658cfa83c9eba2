//! One call's MLS group as its delivery service sees it: the epoch, who sits on which leaf, the
//! proposals under way and the transition that is waited for. It takes the first valid commit of an
//! epoch and knows no key of the group; moments are given, messages are left for the caller to take.

mod commit;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use super::authority::{Authority, Package, Proposed};
use super::{Message, Said, VERSION, wire};
use crate::world::Id;

/// How long members are waited for before a transition is executed without them.
const TRANSITION_LIMIT: Duration = Duration::from_secs(2);
/// How long a group may take to commit to what was proposed before it is made anew.
const COMMIT_LIMIT: Duration = Duration::from_secs(5);
/// Kinds of op 27.
const APPEND: u8 = 0;
const REVOKE: u8 = 1;

/// What has happened in a call so far, for whoever watches.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// 0 while there is no established group.
    pub epoch: u64,
    /// Everybody in the group, in the order of their ids.
    pub members: Vec<Id>,
    /// Epochs that began since the call did, those of groups made anew included.
    pub epochs: u64,
    /// Whose commits won, how often.
    pub commits: BTreeMap<Id, u64>,
    /// Transitions that were executed although somebody was not ready.
    pub late: u64,
    /// How often op 31 came.
    pub invalid: u64,
    /// How often a group was made anew (op 24).
    pub renewed: u64,
}

#[derive(Debug, Default)]
struct Member {
    /// Sent, and not yet used.
    package: Option<Package>,
    joined: bool,
}

#[derive(Debug)]
struct Leaf {
    user_id: Id,
    signature_key: Vec<u8>,
    leaving: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Change {
    Add(Id),
    Remove(u32),
}

#[derive(Debug)]
struct InFlight {
    change: Change,
    proposed: Proposed,
}

#[derive(Debug)]
struct Transition {
    id: u16,
    version: u16,
    waiting: BTreeSet<Id>,
    until: Instant,
}

#[derive(Debug)]
pub(super) struct Group {
    channel_id: Id,
    authority: Arc<Authority>,
    version: u16,
    epoch: u64,
    members: BTreeMap<Id, Member>,
    leaves: Vec<Option<Leaf>>,
    in_flight: Vec<InFlight>,
    commit_until: Option<Instant>,
    transition: Option<Transition>,
    last_transition: u16,
    tally: Tally,
    out: Vec<(Id, Message)>,
}

impl Group {
    pub(super) fn new(channel_id: Id, authority: Arc<Authority>) -> Self {
        Self {
            channel_id,
            authority,
            version: VERSION,
            epoch: 0,
            members: BTreeMap::new(),
            leaves: Vec::new(),
            in_flight: Vec::new(),
            commit_until: None,
            transition: None,
            last_transition: 0,
            tally: Tally::default(),
            out: Vec::new(),
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.members.is_empty()
    }

    pub(super) fn version(&self) -> u16 {
        self.version
    }

    /// Messages in the order in which they are to be delivered.
    pub(super) fn take(&mut self) -> Vec<(Id, Message)> {
        std::mem::take(&mut self.out)
    }

    pub(super) fn tally(&self) -> Tally {
        let joined = self.members.iter().filter(|(_, member)| member.joined);
        Tally {
            epoch: self.epoch,
            members: joined.map(|(user, _)| *user).collect(),
            ..self.tally.clone()
        }
    }

    /// When `tick` has something to do.
    pub(super) fn deadline(&self) -> Option<Instant> {
        let transition = self.transition.as_ref().map(|it| it.until);
        transition.into_iter().chain(self.commit_until).min()
    }

    /// Somebody is connected; the others have been told so.
    pub(super) fn enter(&mut self, user_id: Id) {
        self.members.insert(user_id, Member::default());
        if self.version == 0 {
            return;
        }
        let sender = self.authority.external_sender().to_vec();
        self.say(user_id, Message::ExternalSender(sender));
        if self.epoch == 0 {
            let pending: Vec<usize> = (0..self.in_flight.len()).collect();
            self.append(user_id, &pending);
        }
    }

    /// Somebody is gone for good.
    pub(super) fn leave(&mut self, user_id: Id, now: Instant) {
        if self.members.remove(&user_id).is_none() {
            return;
        }
        self.revoke_add(user_id);
        self.vacate(user_id);
        self.settle(now);
    }

    /// The client may have missed something and is asked for a new key package.
    pub(super) fn renew(&mut self, user_id: Id, now: Instant) {
        if self.version == 0 || !self.members.contains_key(&user_id) {
            return;
        }
        self.revoke_add(user_id);
        self.vacate(user_id);
        if let Some(member) = self.members.get_mut(&user_id) {
            *member = Member::default();
        }
        self.say(user_id, Message::PrepareEpoch { epoch: 1 });
        self.settle(now);
    }

    /// Whether a transition waits for this user.
    pub(super) fn waits_for(&self, user_id: Id) -> bool {
        let waiting = self.transition.as_ref().map(|it| &it.waiting);
        waiting.is_some_and(|it| it.contains(&user_id))
    }

    /// What a member says. What no client may say is given back in words.
    pub(super) fn hear(
        &mut self,
        user_id: Id,
        said: &Said,
        now: Instant,
    ) -> Result<(), &'static str> {
        match said {
            Said::Ready(id) => {
                if let Some(transition) = self.transition.as_mut().filter(|it| it.id == *id) {
                    transition.waiting.remove(&user_id);
                }
            }
            Said::KeyPackage(bytes) => {
                let package = self.authority.validate(user_id, bytes)?;
                self.revoke_add(user_id);
                self.vacate(user_id);
                if let Some(member) = self.members.get_mut(&user_id) {
                    member.package = Some(package);
                    member.joined = false;
                }
            }
            Said::Commit(bytes) => self.commit(user_id, bytes, now)?,
            Said::Invalid(_) => {
                self.tally.invalid += 1;
                self.vacate(user_id);
                if let Some(member) = self.members.get_mut(&user_id) {
                    *member = Member::default();
                }
            }
        }
        self.settle(now);
        Ok(())
    }

    /// Does what the passing of time brings about.
    pub(super) fn tick(&mut self, now: Instant) {
        if let Some(transition) = self.transition.as_mut().filter(|it| it.until <= now) {
            self.tally.late += 1;
            transition.waiting.clear();
        }
        if self.commit_until.is_some_and(|until| until <= now) {
            self.make_anew();
        }
        self.settle(now);
    }

    /// Announces that the call goes on without end-to-end encryption (op 21 with version 0).
    pub(super) fn downgrade(&mut self, now: Instant) {
        self.begin_transition(0, now);
        let Some(id) = self.transition.as_ref().map(|it| it.id) else {
            return;
        };
        for user_id in self.everybody() {
            let message = Message::PrepareTransition {
                transition: id,
                version: 0,
            };
            self.say(user_id, message);
        }
    }

    /// Takes the encryption up again with a new group.
    pub(super) fn upgrade(&mut self) {
        self.version = VERSION;
        let sender = self.authority.external_sender().to_vec();
        for user_id in self.everybody() {
            self.say(user_id, Message::ExternalSender(sender.clone()));
        }
        self.make_anew();
    }

    fn everybody(&self) -> Vec<Id> {
        self.members.keys().copied().collect()
    }

    fn say(&mut self, user_id: Id, message: Message) {
        self.out.push((user_id, message));
    }

    /// Their leaf, if they have one, is to be removed.
    fn vacate(&mut self, user_id: Id) {
        for leaf in self.leaves.iter_mut().flatten() {
            leaf.leaving |= leaf.user_id == user_id;
        }
        if let Some(transition) = &mut self.transition {
            transition.waiting.remove(&user_id);
        }
    }

    /// Those who have the proposals of this epoch: the group, or all while there is none.
    fn proposed_to(&self) -> Vec<Id> {
        let members = self.members.iter();
        members
            .filter(|(_, member)| member.joined || self.epoch == 0)
            .map(|(user, _)| *user)
            .collect()
    }

    fn revoke_add(&mut self, user_id: Id) {
        let add = |it: &InFlight| it.change == Change::Add(user_id);
        let Some(at) = self.in_flight.iter().position(add) else {
            return;
        };
        let revoked = self.in_flight.remove(at);
        let mut refs = Vec::new();
        wire::vector(&revoked.proposed.reference, &mut refs);
        let mut payload = vec![REVOKE];
        wire::vector(&refs, &mut payload);
        for other in self.proposed_to() {
            if other != user_id {
                self.say(other, Message::Proposals(payload.clone()));
            }
        }
        if self.in_flight.is_empty() {
            self.commit_until = None;
        }
    }

    /// Sends those of these proposals that are not about adding the receiver.
    fn append(&mut self, user_id: Id, which: &[usize]) {
        let mut messages = Vec::new();
        for at in which {
            if let Some(it) = self.in_flight.get(*at)
                && it.change != Change::Add(user_id)
            {
                messages.extend_from_slice(&it.proposed.message);
            }
        }
        if messages.is_empty() {
            return;
        }
        let mut payload = vec![APPEND];
        wire::vector(&messages, &mut payload);
        self.say(user_id, Message::Proposals(payload));
    }

    /// Brings about what is due now that something has changed.
    fn settle(&mut self, now: Instant) {
        if self.version == 0 || self.members.is_empty() {
            self.forget();
            return;
        }
        let joined = self.members.values().filter(|it| it.joined).count();
        if self.epoch > 0 && (self.members.len() == 1 || joined == 0) {
            self.make_anew();
            return;
        }
        if let Some(transition) = self.transition.take_if(|it| it.waiting.is_empty()) {
            self.execute(&transition);
        }
        if self.transition.is_none() && self.version > 0 {
            self.propose(now);
        }
    }

    fn execute(&mut self, transition: &Transition) {
        let id = transition.id;
        for user_id in self.everybody() {
            if self.members.get(&user_id).is_some_and(|it| it.joined) {
                self.say(user_id, Message::Execute { transition: id });
            }
        }
        if transition.version == 0 {
            self.version = 0;
            self.forget();
        }
    }

    fn forget(&mut self) {
        self.epoch = 0;
        self.leaves.clear();
        self.in_flight.clear();
        self.transition = None;
        self.commit_until = None;
        for member in self.members.values_mut() {
            *member = Member::default();
        }
    }

    /// Everybody begins with a group of their own again: no one keeps an established one alone.
    fn make_anew(&mut self) {
        self.forget();
        self.tally.renewed += 1;
        for user_id in self.everybody() {
            self.say(user_id, Message::PrepareEpoch { epoch: 1 });
            let execute_at_once = Message::PrepareTransition {
                transition: 0,
                version: VERSION,
            };
            self.say(user_id, execute_at_once);
        }
    }

    fn propose(&mut self, now: Instant) {
        let group = (self.channel_id, self.epoch);
        let is_new = |change| self.in_flight.iter().all(|it| it.change != change);
        let mut fresh = Vec::new();
        for (at, leaf) in (0_u32..).zip(&self.leaves) {
            let change = Change::Remove(at);
            if leaf.as_ref().is_some_and(|it| it.leaving) && is_new(change) {
                let proposed = self.authority.propose_remove(group, at);
                fresh.extend(proposed.map(|proposed| InFlight { change, proposed }));
            }
        }
        for (user_id, member) in &self.members {
            let change = Change::Add(*user_id);
            if let (false, Some(package)) = (member.joined, &member.package)
                && is_new(change)
            {
                let proposed = self.authority.propose_add(group, package);
                fresh.extend(proposed.map(|proposed| InFlight { change, proposed }));
            }
        }
        if fresh.is_empty() {
            return;
        }
        let first = self.in_flight.len();
        self.in_flight.extend(fresh);
        let which: Vec<usize> = (first..self.in_flight.len()).collect();
        for user_id in self.proposed_to() {
            self.append(user_id, &which);
        }
        let others = self.proposed_to().len() > 1 || self.epoch > 0;
        if others && self.commit_until.is_none() {
            self.commit_until = Some(now + COMMIT_LIMIT);
        }
    }

    fn joined(&self) -> Vec<Id> {
        let members = self.members.iter().filter(|(_, member)| member.joined);
        members.map(|(user, _)| *user).collect()
    }

    fn begin_transition(&mut self, version: u16, now: Instant) -> u16 {
        // 0 means "at once".
        self.last_transition = self.last_transition.checked_add(1).unwrap_or(1);
        self.transition = Some(Transition {
            id: self.last_transition,
            version,
            waiting: self.joined().into_iter().collect(),
            until: now + TRANSITION_LIMIT,
        });
        self.last_transition
    }
}

#[cfg(test)]
mod tests;
