//! One evening: the stage with a speaker, a disk and people around it, step by step. It only makes
//! things happen; whether they are right is for the checkers.

use super::chance::Chance;
use super::disk::Disk;
use super::people::{Act, People};
use super::plan::{Kind, Plan};
use super::speaker::Speaker;
use crate::domain::ids::TurnId;
use crate::domain::moment::Moment;
use crate::domain::protocol::{Actor, Command, Effect, Listener, Notice, Refusal, Signal};
use crate::domain::stage::Stage;
use crate::domain::view::View;
use std::rc::Rc;
use std::time::Duration;

/// What came in.
#[derive(Clone, Debug)]
#[expect(clippy::large_enum_variant, reason = "there is one of each step")]
pub(super) enum Input {
    Ask(Actor, Command),
    Tell(Signal),
    /// The process was started anew; `restored` is what could be seen before anything was told.
    Restart {
        restored: Rc<View>,
        listeners: Vec<Listener>,
    },
}

/// One step, as somebody outside sees it.
#[derive(Clone, Debug)]
pub(super) struct Seen {
    pub(super) now: Moment,
    pub(super) input: Input,
    pub(super) outcome: Option<Result<Notice, Refusal>>,
    pub(super) effects: Vec<Effect>,
    pub(super) before: Rc<View>,
    pub(super) after: Rc<View>,
    /// The stage, all that is in it, is what it was before.
    pub(super) unchanged: bool,
    /// What the speaker plays or prepares after it.
    pub(super) sounding: Option<TurnId>,
    /// The deadline before and after.
    pub(super) was_due: Option<Moment>,
    pub(super) due: Option<Moment>,
}

impl Seen {
    /// Whether a signal of this kind came in.
    pub(super) fn input_is(&self, kind: impl Fn(&Signal) -> bool) -> bool {
        matches!(&self.input, Input::Tell(signal) if kind(signal))
    }

    /// As a line of the log.
    pub(super) fn line(&self) -> String {
        let Seen { now, input, .. } = self;
        let at = now.0 - START.0;
        let outcome = self.outcome.as_ref();
        let outcome = outcome.map_or(String::new(), |outcome| format!("\n      {outcome:?}"));
        let input = match input {
            Input::Ask(actor, command) => {
                format!("{} {:?} asks {command:?}", actor.member, actor.powers)
            }
            Input::Tell(signal) => format!("{signal:?}"),
            Input::Restart { .. } => "Restart".to_owned(),
        };
        let effects: String = self.effects.iter().map(brief).collect();
        format!("{at:>9} {input}{outcome}{effects}")
    }
}

fn brief(effect: &Effect) -> String {
    use crate::domain::protocol::Record;
    match effect {
        Effect::Keep(Record::Standing(_)) => "\n      Keep(Standing)".to_owned(),
        Effect::Keep(Record::Setlist { member, entries }) => {
            let titles: Vec<_> = entries.iter().map(|entry| &entry.track.title).collect();
            format!("\n      Keep(Setlist of {member}: {titles:?})")
        }
        other => format!("\n      {other:?}"),
    }
}

pub(super) const START: Moment = Moment(1_700_000_000_000);

pub(super) struct Party {
    pub(super) plan: Plan,
    chance: Chance,
    now: Moment,
    stage: Stage,
    disk: Disk,
    speaker: Speaker,
    people: People,
    view: Rc<View>,
    begun: bool,
    down: bool,
}

impl Party {
    pub(super) fn new(seed: u64) -> Party {
        let mut chance = Chance::new(seed);
        let plan = Plan::draw(&mut chance);
        let disk = Disk::new(plan.settings.clone());
        let stage = Stage::restore(START, disk.load());
        Party {
            people: People::new(&plan),
            view: Rc::new(stage.view(START)),
            now: START,
            speaker: Speaker::default(),
            begun: false,
            down: false,
            plan,
            chance,
            stage,
            disk,
        }
    }

    pub(super) fn step(&mut self) -> Seen {
        if !self.begun {
            self.begun = true;
            self.stage.resume(self.now, &mut Vec::new());
            let everyone = self.people.listeners();
            return self.tell(Signal::VoiceAll(everyone));
        }
        let pause = u64::try_from(self.plan.pause.as_millis()).unwrap();
        let acted_at = self.now + Duration::from_millis(self.chance.below(pause * 2));
        let late = u64::try_from(self.plan.lateness.as_millis()).unwrap();
        let late = Duration::from_millis(self.chance.below(late + 1));
        let due = self.stage.next_deadline().map(|due| due + late);
        let reported_at = self.speaker.due();
        let soonest = [Some(acted_at), due, reported_at].into_iter().flatten();
        let soonest = soonest.min().unwrap();
        self.now = self.now.max(soonest);
        if reported_at == Some(soonest)
            && let Some(report) = self.speaker.report(self.now)
        {
            return self.tell(report);
        }
        if due == Some(soonest) {
            return self.tell(Signal::Deadline);
        }
        self.somebody_acts()
    }

    fn somebody_acts(&mut self) -> Seen {
        if self.plan.has(Kind::Stale) && self.chance.percent(4) {
            let running = self.view.open.as_ref().and_then(|open| open.now.as_ref());
            let running = running.map(|now| now.turn);
            if let Some(signal) = self.speaker.stale(running, &mut self.chance) {
                return self.tell(signal);
            }
        }
        if self.plan.has(Kind::Live) && self.chance.percent(3) {
            let running = self.view.open.as_ref().and_then(|open| open.now.as_ref());
            let running = running.map_or(1, |now| now.turn.0);
            let turn = TurnId(running.saturating_sub(self.chance.below(2)));
            let title = format!("On air {}", self.chance.below(3));
            return self.tell(Signal::Titled { turn, title });
        }
        if self.plan.has(Kind::Restarts) && self.chance.percent(1) {
            return self.restart();
        }
        let open = self.view.open.is_some();
        if open
            && self.plan.has(Kind::Outages)
            && self.chance.percent(if self.down { 20 } else { 2 })
        {
            return self.connection();
        }
        let act = self.people.act(&self.plan, &self.view, &mut self.chance);
        match act {
            Act::Ask(actor, command) => self.ask(actor, command),
            Act::Tell(signal) => self.tell(signal),
        }
    }

    fn connection(&mut self) -> Seen {
        if !self.down && self.chance.percent(30) {
            // Who came and went meanwhile is told all at once.
            self.people.stir(&self.plan, &mut self.chance);
            return self.tell(Signal::VoiceAll(self.people.listeners()));
        }
        self.down = !self.down;
        self.speaker.connection(!self.down);
        let up = !self.down;
        let ago = Duration::ZERO;
        self.tell(Signal::Connection { up, ago })
    }

    fn ask(&mut self, actor: Actor, command: Command) -> Seen {
        let before = self.stage.clone();
        let was_due = self.stage.next_deadline();
        let mut effects = Vec::new();
        let outcome = self
            .stage
            .command(self.now, &actor, command.clone(), &mut effects);
        let unchanged = outcome.is_err() && self.stage == before;
        let mut seen = self.seen(Input::Ask(actor, command), effects, was_due);
        if let (Input::Ask(actor, Command::Forget { names }), Ok(_)) = (&seen.input, &outcome) {
            self.disk.forget(actor.member, names);
        }
        seen.outcome = Some(outcome);
        seen.unchanged = unchanged;
        seen
    }

    fn tell(&mut self, signal: Signal) -> Seen {
        let before = matches!(
            signal,
            Signal::PlaybackEnded { .. } | Signal::PlaybackStarted { .. }
        )
        .then(|| self.stage.clone());
        let was_due = self.stage.next_deadline();
        let mut effects = Vec::new();
        self.stage.signal(self.now, signal.clone(), &mut effects);
        let unchanged = before.is_some_and(|before| before == self.stage);
        let mut seen = self.seen(Input::Tell(signal), effects, was_due);
        seen.unchanged = unchanged;
        seen
    }

    /// As `stage::task` does it.
    fn restart(&mut self) -> Seen {
        let was_due = self.stage.next_deadline();
        if self.chance.percent(30) {
            self.now = self.now + Duration::from_millis(self.chance.below(600_000));
        }
        let now = self.now;
        self.speaker.restart();
        self.down = false;
        self.people.stir(&self.plan, &mut self.chance);
        let listeners = self.people.listeners();
        let mut effects = Vec::new();
        self.stage = Stage::restore(now, self.disk.load());
        let restored = Rc::new(self.stage.view(now));
        let recent = Signal::Recent(self.disk.recent(now));
        self.stage.signal(now, recent, &mut effects);
        let everyone = Signal::VoiceAll(listeners.clone());
        self.stage.signal(now, everyone, &mut effects);
        self.stage.resume(now, &mut effects);
        let input = Input::Restart {
            restored,
            listeners,
        };
        self.seen(input, effects, was_due)
    }

    fn seen(&mut self, input: Input, effects: Vec<Effect>, was_due: Option<Moment>) -> Seen {
        for effect in &effects {
            if let Effect::Keep(record) = effect {
                self.disk.keep(record);
            }
            if *effect == Effect::Leave {
                // The next stage is a new connection.
                self.down = false;
                self.speaker.connection(true);
            }
            self.speaker
                .take(self.now, effect, &self.plan, &mut self.chance);
        }
        let after = Rc::new(self.stage.view(self.now));
        let before = std::mem::replace(&mut self.view, Rc::clone(&after));
        Seen {
            now: self.now,
            input,
            outcome: None,
            effects,
            before,
            after,
            unchanged: false,
            sounding: self.speaker.turn(),
            was_due,
            due: self.stage.next_deadline(),
        }
    }
}
