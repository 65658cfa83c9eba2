//! The delivery service against real members of the group, in one process and without sockets.

use super::super::listener::Listener;
use super::*;
use crate::ears::Reading;
use std::collections::VecDeque;

const CHANNEL: Id = 77;
const ANA: Id = 1_001;
const BO: Id = 1_002;
const CY: Id = 1_003;
const OPUS: [u8; 20] = [0xFC; 20];

/// A call in which everybody answers at once, unless held back.
struct Room {
    group: Group,
    listeners: BTreeMap<Id, Listener>,
    now: Instant,
    /// Whose answers are lost.
    mute: BTreeSet<Id>,
    /// Everything that was sent, in order.
    sent: Vec<(Id, Message)>,
}

impl Room {
    fn new() -> Self {
        Self {
            group: Group::new(CHANNEL, Arc::new(Authority::new())),
            listeners: BTreeMap::new(),
            now: Instant::now(),
            mute: BTreeSet::new(),
            sent: Vec::new(),
        }
    }

    fn with<const N: usize>(users: [Id; N]) -> Self {
        let mut room = Self::new();
        for user in users {
            room.comes(user);
        }
        room
    }

    fn comes(&mut self, user: Id) {
        let there: Vec<Id> = self.listeners.keys().copied().collect();
        for listener in self.listeners.values_mut() {
            listener.hear(&Message::Came(vec![user]));
        }
        let (mut listener, package) = Listener::join(CHANNEL, user).unwrap();
        listener.hear(&Message::Came(there));
        self.listeners.insert(user, listener);
        self.group.enter(user);
        self.says(user, &package);
    }

    fn goes(&mut self, user: Id) {
        self.listeners.remove(&user);
        for listener in self.listeners.values_mut() {
            listener.hear(&Message::Went(user));
        }
        self.group.leave(user, self.now);
        self.deliver();
    }

    fn says(&mut self, user: Id, said: &Said) {
        self.group.hear(user, said, self.now).unwrap();
        self.deliver();
    }

    fn deliver(&mut self) {
        let mut answers = VecDeque::new();
        loop {
            for (user, message) in self.group.take() {
                let said = self.listeners.get_mut(&user).map(|it| it.hear(&message));
                self.sent.push((user, message));
                if !self.mute.contains(&user) {
                    answers.extend(said.into_iter().flatten().map(|it| (user, it)));
                }
            }
            let Some((user, said)) = answers.pop_front() else {
                return;
            };
            self.group.hear(user, &said, self.now).unwrap();
        }
    }

    fn pass(&mut self, time: Duration) {
        self.now += time;
        self.group.tick(self.now);
        self.deliver();
    }

    /// The server and all members are of one mind about who is in the group and in which epoch.
    fn agrees(&self) {
        let tally = self.group.tally();
        let all: Vec<Id> = self.listeners.keys().copied().collect();
        assert_eq!(tally.members, all);
        for listener in self.listeners.values() {
            assert_eq!(listener.group(), (tally.epoch, all.clone()));
        }
    }

    /// Everybody reads everybody.
    fn understands(&mut self) {
        let all: Vec<Id> = self.listeners.keys().copied().collect();
        for from in &all {
            let frame = self.listeners.get_mut(from).unwrap().seal(&OPUS);
            for (user, listener) in self.listeners.iter_mut().filter(|(user, _)| *user != from) {
                let read = Reading::Read(Arc::from(&OPUS[..]));
                assert_eq!(listener.read(*from, &frame), read, "{user} reads {from}");
            }
        }
    }

    fn sent_to(&self, user: Id) -> Vec<&Message> {
        let theirs = self.sent.iter().filter(|(to, _)| *to == user);
        theirs.map(|(_, message)| message).collect()
    }

    fn commit_of(&mut self, user: Id) -> Vec<u8> {
        let last = self
            .sent
            .iter()
            .rev()
            .find(|(to, message)| *to == user && matches!(message, Message::Proposals(_)));
        let proposals = last.unwrap().1.clone();
        let said = self.listeners.get_mut(&user).unwrap().hear(&proposals);
        match said.into_iter().next() {
            Some(Said::Commit(commit)) => commit,
            other => panic!("{user} did not commit: {other:?}"),
        }
    }
}

#[test]
fn the_external_sender_comes_before_all_proposals() {
    let room = Room::with([ANA, BO]);
    for user in [ANA, BO] {
        let first = room.sent_to(user)[0];
        assert!(matches!(first, Message::ExternalSender(_)), "{first:?}");
    }
}

#[test]
fn two_make_a_group_at_once_and_read_each_other() {
    let mut room = Room::with([ANA]);
    assert_eq!(room.group.tally().epoch, 0, "alone there is no group");
    room.comes(BO);
    room.agrees();
    assert_eq!(room.group.tally().epoch, 1);
    room.understands();
    let announced = room.sent.iter().find_map(|(_, message)| match message {
        Message::Commit { transition, .. } => Some(*transition),
        _ => None,
    });
    assert_eq!(announced, Some(0), "a first group begins at once");
}

#[test]
fn a_third_is_welcomed_and_the_transition_is_executed_when_all_are_ready() {
    let mut room = Room::with([ANA, BO]);
    room.mute.insert(BO);
    room.comes(CY);
    let executed = |room: &Room| {
        let mut sent = room.sent.iter();
        sent.any(|(_, message)| matches!(message, Message::Execute { .. }))
    };
    assert!(!executed(&room), "Bo is not ready");
    room.pass(Duration::from_millis(1_999));
    assert!(!executed(&room));
    room.pass(Duration::from_millis(1));
    assert!(executed(&room));
    assert_eq!(room.group.tally().late, 1);
    room.agrees();
    room.understands();
}

#[test]
fn a_frame_from_before_a_transition_can_still_be_read_after_it() {
    let mut room = Room::with([ANA, BO]);
    let under_way = room.listeners.get_mut(&ANA).unwrap().seal(&OPUS);
    room.comes(CY);
    let read = |room: &mut Room, user| {
        let listener = room.listeners.get_mut(&user).unwrap();
        listener.read(ANA, &under_way)
    };
    assert_eq!(read(&mut room, BO), Reading::Read(Arc::from(&OPUS[..])));
    assert_eq!(read(&mut room, CY), Reading::NotYet, "before their time");
}

#[test]
fn nobody_reads_who_is_not_in_the_group() {
    let mut room = Room::with([ANA, BO, CY]);
    let before = room.listeners.get_mut(&ANA).unwrap().seal(&OPUS);
    let mut gone = room.listeners.remove(&CY).unwrap();
    assert_eq!(gone.read(ANA, &before), Reading::Read(Arc::from(&OPUS[..])));
    room.goes(CY);
    let frame = room.listeners.get_mut(&ANA).unwrap().seal(&OPUS);
    assert_eq!(gone.read(ANA, &frame), Reading::Unreadable);
    let (mut stranger, _) = Listener::join(CHANNEL, 9).unwrap();
    assert_eq!(stranger.read(ANA, &frame), Reading::NotYet);
    let bo = room.listeners.get_mut(&BO).unwrap();
    assert_eq!(bo.read(ANA, &frame), Reading::Read(Arc::from(&OPUS[..])));
    assert_eq!(bo.read(ANA, &OPUS), Reading::Plain);
}

#[test]
fn whoever_stays_alone_begins_a_new_group() {
    let mut room = Room::with([ANA, BO]);
    room.sent.clear();
    room.goes(BO);
    let told = room.sent_to(ANA);
    let execute_at_once = Message::PrepareTransition {
        transition: 0,
        version: 1,
    };
    assert_eq!(
        told,
        [&Message::PrepareEpoch { epoch: 1 }, &execute_at_once]
    );
    assert_eq!(room.group.tally().epoch, 0);
    room.comes(CY);
    room.agrees();
    room.understands();
}

#[test]
fn the_first_commit_wins_and_the_others_change_nothing() {
    let mut room = Room::with([ANA, BO]);
    room.mute.extend([ANA, BO]);
    room.comes(CY);
    let [first, second] = [BO, ANA].map(|user| room.commit_of(user));
    room.mute.clear();
    room.says(BO, &Said::Commit(first.clone()));
    room.agrees();
    let before = room.group.tally();
    room.says(ANA, &Said::Commit(second));
    room.says(BO, &Said::Commit(first));
    assert_eq!(room.group.tally(), before);
    assert_eq!(before.commits.get(&BO), Some(&2), "the first group's too");
    room.understands();
}

#[test]
fn a_commit_that_leaves_a_proposal_out_is_passed_over() {
    let mut room = Room::with([ANA, BO]);
    room.mute.extend([ANA, BO]);
    room.comes(CY);
    let early = room.commit_of(ANA);
    room.comes(1_004);
    room.says(ANA, &Said::Commit(early));
    assert_eq!(room.group.tally().epoch, 1, "two additions are under way");
    let whole = room.commit_of(ANA);
    room.mute.clear();
    room.says(ANA, &Said::Commit(whole));
    room.agrees();
    room.understands();
}

#[test]
fn a_group_that_does_not_commit_is_made_anew() {
    let mut room = Room::with([ANA, BO]);
    room.mute.extend([ANA, BO]);
    room.comes(CY);
    room.mute.clear();
    room.pass(Duration::from_secs(5));
    assert_eq!(room.group.tally().renewed, 1);
    room.agrees();
    room.understands();
}

#[test]
fn who_leaves_before_being_added_is_taken_back() {
    let mut room = Room::with([ANA, BO]);
    room.mute.extend([ANA, BO]);
    room.comes(CY);
    room.mute.clear();
    room.goes(CY);
    let revoked = |message: &&Message| match message {
        Message::Proposals(payload) => payload[0] == REVOKE,
        _ => false,
    };
    assert!(room.sent_to(ANA).iter().any(revoked));
    assert_eq!(room.group.tally().epoch, 1, "nothing was committed");
    room.comes(CY);
    room.agrees();
    room.understands();
}

#[test]
fn who_reports_an_invalid_commit_is_removed_and_added_again() {
    let mut room = Room::with([ANA, BO, CY]);
    let spoilt = Message::Commit {
        transition: 9,
        commit: vec![1, 2, 3],
    };
    let said = room.listeners.get_mut(&BO).unwrap().hear(&spoilt);
    assert_eq!(said[0], Said::Invalid(9));
    for said in said {
        room.says(BO, &said);
    }
    assert_eq!(room.group.tally().invalid, 1);
    room.agrees();
    room.understands();
}

#[test]
fn a_client_that_missed_something_is_asked_for_a_new_key_package() {
    let mut room = Room::with([ANA, BO, CY]);
    room.group.renew(CY, room.now);
    room.deliver();
    room.agrees();
    room.understands();
}

#[test]
fn what_no_client_may_send_is_said() {
    let mut room = Room::with([ANA, BO]);
    let (_, foreign) = Listener::join(CHANNEL, CY).unwrap();
    let mut refuses = |said: &Said| room.group.hear(ANA, said, room.now).unwrap_err();
    assert_eq!(refuses(&foreign), "a key package for another user");
    let garbage = Said::KeyPackage(vec![1; 50]);
    assert_eq!(refuses(&garbage), "a key package that cannot be read");
    let Said::KeyPackage(mut bytes) = Listener::join(CHANNEL, ANA).unwrap().1 else {
        panic!("not a key package");
    };
    *bytes.last_mut().unwrap() ^= 1;
    let forged = "a key package whose signature or form does not hold";
    assert_eq!(refuses(&Said::KeyPackage(bytes)), forged);
    let garbage = Said::Commit(vec![9; 80]);
    assert_eq!(refuses(&garbage), "a commit that cannot be read");
    room.agrees();
}

#[test]
fn a_call_goes_on_without_encryption_and_takes_it_up_again() {
    let mut room = Room::with([ANA, BO]);
    room.group.downgrade(room.now);
    room.deliver();
    assert_eq!(room.group.version(), 0);
    let bo = room.listeners.get_mut(&BO).unwrap();
    assert_eq!(bo.read(ANA, &OPUS), Reading::Read(Arc::from(&OPUS[..])));
    room.group.upgrade();
    room.deliver();
    room.agrees();
    room.understands();
    let bo = room.listeners.get_mut(&BO).unwrap();
    assert_eq!(bo.read(ANA, &OPUS), Reading::Plain);
}

/// The server counts leaves itself, since the tree is not shown to it: whatever comes and goes, a
/// removal must hit the one who left.
#[test]
fn through_all_comings_and_goings_server_and_members_are_of_one_mind() {
    let mut room = Room::with([1, 2]);
    let mut dice: u64 = 20_260_302;
    for _ in 0..60 {
        dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        let user = 1 + (dice >> 33) % 9;
        if !room.listeners.contains_key(&user) {
            room.comes(user);
        } else if room.listeners.len() > 2 {
            room.goes(user);
        }
        room.agrees();
    }
    room.understands();
    assert_eq!(room.group.tally().invalid, 0);
    assert_eq!(room.group.tally().renewed, 0);
}
