//! What the delivery service looks at in a commit, and the step to the next epoch when it holds. It
//! checks what can be seen without being a member: whose it is, for which epoch, that it refers to
//! all that is under way and to nothing else, and that there is a welcome for whom it adds.

use std::collections::BTreeSet;

use openmls::prelude::MlsMessageIn;
use openmls::prelude::tls_codec::DeserializeBytes as _;
use tokio::time::Instant;

use super::super::{Message, VERSION, wire};
use super::{Change, Group, Leaf};
use crate::world::Id;

impl Group {
    /// A commit that lost against another, or that came before its maker knew of all proposals, is
    /// passed over in silence.
    pub(super) fn commit(
        &mut self,
        user_id: Id,
        sent: &[u8],
        now: Instant,
    ) -> Result<(), &'static str> {
        let unreadable = "a commit that cannot be read";
        let (_, welcome) = MlsMessageIn::tls_deserialize_bytes(sent).map_err(|_| unreadable)?;
        let end = sent.len() - welcome.len();
        let message = sent.get(..end).ok_or(unreadable)?;
        let commit = wire::commit(message).ok_or("a commit that brings proposals of its own")?;
        if commit.group_id != self.channel_id.to_be_bytes() {
            return Err("a commit for another group");
        }
        let key = self.key_of(user_id, commit.leaf);
        let (true, Some(key)) = (commit.epoch == self.epoch, key) else {
            return Ok(());
        };
        if let Some((renewed, identity)) = &commit.renewed
            && (*renewed != key || *identity != user_id.to_be_bytes())
        {
            return Err("a commit that changes who its maker is");
        }
        let Some(changes) = self.changes(user_id, &commit.proposals) else {
            return Ok(());
        };
        let welcomes = self.welcomes(&changes, welcome)?;
        let commit = message.to_vec();
        self.accept(user_id, key, &changes);
        self.announce(user_id, &commit, welcomes, now);
        Ok(())
    }

    /// The signature key of somebody who may commit from this leaf.
    fn key_of(&self, user_id: Id, leaf: u32) -> Option<Vec<u8>> {
        let member = self.members.get(&user_id)?;
        if self.epoch == 0 {
            let package = member.package.as_ref().filter(|_| leaf == 0)?;
            return Some(package.signature_key.clone());
        }
        let leaf = self.leaves.get(usize::try_from(leaf).ok()?)?.as_ref()?;
        let is_theirs = leaf.user_id == user_id && member.joined && !leaf.leaving;
        is_theirs.then(|| leaf.signature_key.clone())
    }

    /// What the references of a commit stand for. `None` unless they are all that is under way.
    fn changes(&self, maker: Id, references: &[Vec<u8>]) -> Option<Vec<Change>> {
        let wanted = self
            .in_flight
            .iter()
            .filter(|it| self.epoch > 0 || it.change != Change::Add(maker));
        let of = |reference: &Vec<u8>| {
            let mut all = self.in_flight.iter();
            let found = all.find(|it| it.proposed.reference == *reference)?;
            Some(found.change)
        };
        let changes: Vec<Change> = references.iter().map(of).collect::<Option<_>>()?;
        let all: BTreeSet<&Vec<u8>> = references.iter().collect();
        let is_whole = !changes.is_empty()
            && all.len() == references.len()
            && wanted.count() == references.len()
            && (self.epoch > 0 || !changes.contains(&Change::Add(maker)));
        is_whole.then_some(changes)
    }

    fn welcomes(
        &self,
        changes: &[Change],
        welcome: &[u8],
    ) -> Result<Vec<(Id, Vec<u8>)>, &'static str> {
        let mut all = Vec::new();
        for change in changes {
            let Change::Add(user_id) = change else {
                continue;
            };
            let package = self.members.get(user_id).and_then(|it| it.package.as_ref());
            let theirs = package.and_then(|it| wire::welcome_for(welcome, &it.reference));
            all.push((
                *user_id,
                theirs.ok_or("a commit without a welcome for whom it adds")?,
            ));
        }
        if all.is_empty() && !welcome.is_empty() {
            return Err("a welcome for nobody");
        }
        Ok(all)
    }

    /// Moves on to the next epoch: removes first, then each addition on the leftmost free leaf.
    fn accept(&mut self, maker: Id, key: Vec<u8>, changes: &[Change]) {
        if self.epoch == 0 {
            self.leaves = vec![Some(Leaf {
                user_id: maker,
                signature_key: key,
                leaving: false,
            })];
            if let Some(member) = self.members.get_mut(&maker) {
                member.package = None;
                member.joined = true;
            }
        }
        for change in changes {
            if let Change::Remove(at) = change
                && let Ok(at) = usize::try_from(*at)
                && let Some(leaf) = self.leaves.get_mut(at)
            {
                *leaf = None;
            }
        }
        for change in changes {
            let Change::Add(user_id) = change else {
                continue;
            };
            let Some(member) = self.members.get_mut(user_id) else {
                continue;
            };
            let package = member.package.take();
            let leaf = Some(Leaf {
                user_id: *user_id,
                signature_key: package.map(|it| it.signature_key).unwrap_or_default(),
                leaving: false,
            });
            match self.leaves.iter_mut().find(|it| it.is_none()) {
                Some(free) => *free = leaf,
                None => self.leaves.push(leaf),
            }
        }
    }

    fn announce(&mut self, maker: Id, commit: &[u8], welcomes: Vec<(Id, Vec<u8>)>, now: Instant) {
        let is_first = self.epoch == 0;
        self.epoch += 1;
        self.tally.epochs += 1;
        *self.tally.commits.entry(maker).or_default() += 1;
        self.in_flight.clear();
        self.commit_until = None;
        // Whoever is welcomed has not joined yet, so the commit goes to those from before.
        let before = self.joined();
        for (user_id, _) in &welcomes {
            if let Some(member) = self.members.get_mut(user_id) {
                member.joined = true;
            }
        }
        let transition = if is_first {
            0
        } else {
            self.begin_transition(VERSION, now)
        };
        for user_id in before {
            let commit = commit.to_vec();
            self.say(user_id, Message::Commit { transition, commit });
        }
        for (user_id, welcome) in welcomes {
            let message = Message::Welcome {
                transition,
                welcome,
            };
            self.say(user_id, message);
        }
    }
}
