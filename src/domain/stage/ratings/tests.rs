//! What a moderator has voided is given by nobody again.

use super::super::rehearsal::{LOUNGE, Party};
use super::super::{Kept, Stage};
use crate::domain::ids::{MemberId, TurnId};
use crate::domain::moment::Moment;
use crate::domain::protocol::{
    Actor, Command, Effect, Notice, Powers, Record, Refusal, Stars, Way,
};
use std::time::Duration;

const NOW: Moment = Moment(1_000_000);
const ANA: MemberId = MemberId(1);
const BO: MemberId = MemberId(2);
const CY: MemberId = MemberId(3);

fn actor(member: MemberId) -> Actor {
    Actor {
        member,
        name: format!("Member {member}"),
        voice: Some(LOUNGE),
        powers: Powers {
            moderator: member == CY,
            ..Powers::default()
        },
    }
}

fn ask(stage: &mut Stage, who: MemberId, command: Command) -> (Result<Notice, Refusal>, usize) {
    let mut effects = Vec::new();
    let answer = stage.command(NOW, &actor(who), command, &mut effects);
    (answer, effects.len())
}

fn rate(turn: Option<TurnId>, stars: u8) -> Command {
    let (stars, way) = (Stars::new(stars).unwrap(), Way::Command);
    Command::Rate { turn, stars, way }
}

/// Ana plays a song of hers, to Bo and Cy.
fn stage() -> Stage {
    let mut party = Party::new(Duration::ZERO);
    party.play(ANA.0, "Song");
    party.sounds(1);
    party.stage
}

fn standing(stage: &mut Stage) -> super::super::Standing {
    let mut effects = Vec::new();
    let again = Command::Grab { turn: None };
    stage.command(NOW, &actor(CY), again, &mut effects).unwrap();
    let kept = effects.into_iter().find_map(|effect| match effect {
        Effect::Keep(Record::Standing(standing)) => Some(*standing),
        _ => None,
    });
    kept.unwrap()
}

#[test]
fn a_rating_that_was_voided_is_not_given_again_even_after_a_restart() {
    for void in [
        Command::VoidRating {
            turn: TurnId(1),
            rater: BO,
        },
        Command::VoidRater { rater: BO },
    ] {
        let mut stage = stage();
        ask(&mut stage, BO, rate(None, 1)).0.unwrap();
        ask(&mut stage, CY, void).0.unwrap();
        let refused = (Err(Refusal::RatingVoided), 0);
        assert_eq!(ask(&mut stage, BO, rate(None, 1)), refused);
        assert_eq!(ask(&mut stage, BO, rate(Some(TurnId(1)), 5)), refused);
        ask(&mut stage, CY, rate(None, 5)).0.unwrap();
        let written = serde_json::to_string(&standing(&mut stage)).unwrap();
        let kept = Kept {
            standing: Some(serde_json::from_str(&written).unwrap()),
            ..Kept::default()
        };
        let mut stage = Stage::restore(NOW, kept);
        let answer = ask(&mut stage, BO, rate(None, 5)).0;
        assert_eq!(answer, Err(Refusal::RatingVoided));
    }
}

#[test]
fn who_had_given_nothing_when_a_moderator_voided_all_of_theirs_may_rate() {
    let mut stage = stage();
    let void = Command::VoidRater { rater: BO };
    ask(&mut stage, CY, void).0.unwrap();
    assert!(ask(&mut stage, BO, rate(None, 4)).0.is_ok());
}
