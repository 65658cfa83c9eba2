//! `/leaderboard why`: how the boards come about, in plain words and with the numbers of this
//! server, and what the reader's own scores are made of.

use super::super::super::markup::plain_cut;
use super::super::call::{Answer, Call, Outcome};
use super::super::paging::sheet;
use super::{TITLE_LIMIT, ears, rookie_progress, rounded};
use crate::domain::leaderboard::{
    Board, Expectation, Figures, LOOPER_PLAYS, LOOPER_RATERS, Period,
};
use crate::i18n::relative;
use crate::storage::{BoardBasis, Own};
use serde_json::json;

/// Audiences whose usual warmth is told as an example.
const FEW: u32 = 5;
const MANY: u32 = 20;

pub(super) async fn show(call: &Call) -> Outcome {
    let store = &call.desk.store;
    let basis = store.board_basis(call.guild()).await?;
    let own = store.own_places(call.guild(), call.actor.member).await?;
    let mut lines = rules(call, basis);
    lines.push(String::new());
    lines.extend(own_scores(call, &own).await?);
    let title = call.say("why-title", &[]);
    Ok(Answer::of(
        json!({ "embeds": [sheet(&title, &lines, None)] }),
    ))
}

fn rules(call: &Call, basis: Option<BoardBasis>) -> Vec<String> {
    let settings = &call.view.settings;
    let usual = basis.map_or_else(Expectation::default, |basis| Expectation {
        a: basis.a,
        b: basis.b,
    });
    let example = |voices: u32| format!("{:.1}", usual.of(voices));
    let [worst, _, good, loved, best] = settings.emoji.each_ref().map(|it| super::super::emoji(it));
    let tracks = [
        ("worst", worst.into()),
        ("good", good.into()),
        ("loved", loved.into()),
        ("best", best.into()),
        ("few", FEW.into()),
        ("few-usual", example(FEW).into()),
        ("many", MANY.into()),
        ("many-usual", example(MANY).into()),
    ];
    let loopers = [
        ("raters", LOOPER_RATERS.into()),
        ("plays", LOOPER_PLAYS.into()),
    ];
    let time = |span| super::super::hours(call, span).into();
    let counts = [
        ("heard", time(settings.rating_heard)),
        ("age", time(settings.board_account_age)),
        ("member", time(settings.board_member_for)),
        ("ratings", settings.board_ratings.into()),
        ("loopers", settings.board_loopers.into()),
        ("listeners", settings.board_listeners.into()),
    ];
    let made = match basis {
        Some(basis) => call.say("why-made", &[("when", relative(basis.made_at).into())]),
        None => call.say("why-not-made", &[]),
    };
    vec![
        call.say("why-tracks", &tracks),
        call.say("why-loopers", &loopers),
        call.say("why-listeners", &[]),
        call.say("why-collections", &[]),
        call.say("why-counts", &counts),
        made,
    ]
}

/// What the reader's own scores are made of.
async fn own_scores(call: &Call, own: &Own) -> Result<Vec<String>, crate::storage::StorageFailure> {
    let mut lines = vec![call.say("why-own", &[])];
    let ranked = own.place(Board::Loopers, Period::Quarter);
    let rookie = own.place(Board::Rookies, Period::Quarter);
    match ranked.or(rookie).map(|it| it.figures) {
        Some(Figures::Looper {
            index,
            raters,
            warmer,
            cooler,
            ..
        }) => {
            let fills = [
                ("raters", raters.into()),
                ("warmer", warmer.into()),
                ("cooler", cooler.into()),
                ("index", rounded(index).into()),
            ];
            lines.push(call.say("why-own-looper", &fills));
        }
        _ => lines.push(call.say("why-own-no-looper", &[])),
    }
    if let Some(rookie) = rookie {
        lines.push(rookie_progress(call, rookie));
    }
    let best = own.place(Board::Tracks, Period::Month);
    if let Some(best) = best
        && let Figures::Track {
            index,
            plays,
            voices,
            ..
        } = best.figures
    {
        let title = call.desk.store.title_of(call.guild(), best.turn).await?;
        let title = plain_cut(&title.unwrap_or_default(), TITLE_LIMIT);
        let fills = [
            ("title", title.clone().into()),
            ("plays", plays.into()),
            ("voices", voices.into()),
            ("index", rounded(index).into()),
        ];
        lines.push(call.say("why-own-track", &fills));
        if best.place.is_none() {
            let fills = [("title", title.into()), ears(best.figures)];
            lines.push(call.say("board-own-track-unlisted", &fills));
        }
    }
    lines.push(rating(call, own));
    Ok(lines)
}

/// Whether the reader's ratings count, and if not, what is missing.
fn rating(call: &Call, own: &Own) -> String {
    let settings = &call.view.settings;
    let given = own.rating;
    if given.is_some_and(|given| given.counts) {
        let count = given.map_or(0, |given| given.ratings);
        return call.say("why-own-counts", &[("count", count.into())]);
    }
    let needed = given.map_or(settings.board_loopers, |given| given.loopers_needed);
    let fills = [
        ("ratings", given.map_or(0, |given| given.ratings).into()),
        ("ratings-needed", settings.board_ratings.into()),
        ("loopers", given.map_or(0, |given| given.loopers).into()),
        ("loopers-needed", needed.into()),
    ];
    call.say("why-own-counts-not", &fills)
}
