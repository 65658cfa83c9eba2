//! The result line: what the card of a play becomes when the play has ended, and what late ratings
//! make of it until the play after it has ended too.

use super::super::SharedDesk;
use super::super::cards::{self, Past};
use super::super::rest::Sent;
use super::board::{Board, EDIT_PAUSE};
use crate::domain::ids::{MemberId, NAMELESS};
use crate::domain::protocol::{PlayRecord, ResultFigures};
use crate::domain::view::{NowView, OpenView, View};
use crate::i18n::Fill;
use crate::storage::{self, PlaySummary};
use serde_json::Value;
use tokio::time::Instant;

/// The play whose result line stands and may still change with late ratings.
pub(super) struct Finished {
    play: Box<PlayRecord>,
    figures: ResultFigures,
    past: Option<Past>,
    place: Sent,
    body: Value,
    drawn_at: Instant,
}

impl Board {
    /// Turns the card of a play that ended into its result line.
    pub(super) async fn result(
        &mut self,
        play: Box<PlayRecord>,
        figures: ResultFigures,
        view: &View,
    ) {
        self.last_word(view).await;
        let past = self.past(&play).await;
        let body = self.draw_result((&play, past.as_ref()), figures, view);
        let card = self.card.take_if(|card| card.turn == Some(play.turn));
        let place = match card {
            Some(card) => Some(card.place),
            None => self.desk.cards.of_turn(self.guild, play.turn),
        };
        let edited = match place {
            Some(place) => self.redraw(place, &body).await.then_some(place),
            None => None,
        };
        let place = match edited {
            Some(place) => place,
            None => match self.say(&body, Vec::new()).await {
                Some(place) => {
                    self.note_card(place, Some(play.turn)).await;
                    place
                }
                None => return,
            },
        };
        let drawn_at = Instant::now();
        self.finished = Some(Finished {
            play,
            figures,
            past,
            place,
            body,
            drawn_at,
        });
    }

    /// The result line that may still change names them no more.
    pub(super) fn forget(&mut self, member: MemberId) {
        let finished = self.finished.as_mut();
        if let Some(finished) = finished.filter(|it| it.play.looper == member) {
            finished.play.looper = MemberId::NOBODY;
            NAMELESS.clone_into(&mut finished.play.looper_name);
        }
    }

    async fn redraw(&self, place: Sent, body: &Value) -> bool {
        let done = self
            .desk
            .rest
            .edit(place.channel, place.message, body)
            .await;
        if let Err(failure) = &done {
            tracing::debug!(guild.id = %self.guild, %failure, "the result line was not edited");
        }
        done.is_ok()
    }

    /// What the guild's past says about the play; `None` when it cannot be asked.
    async fn past(&self, play: &PlayRecord) -> Option<Past> {
        let earlier = self
            .desk
            .store
            .earlier_plays(self.guild, &play.track.key, play.turn);
        match earlier.await {
            Ok((count, first_by)) => Some(Past {
                plays: count + 1,
                first_by: first_by.unwrap_or_default(),
            }),
            Err(failure) => {
                tracing::error!(guild.id = %self.guild, %failure, "the past of a play is not known");
                None
            }
        }
    }

    fn draw_result(
        &self,
        (play, past): (&PlayRecord, Option<&Past>),
        figures: ResultFigures,
        view: &View,
    ) -> Value {
        let language = &view.settings.language;
        let say = |key: &str, fills: &[(&str, Fill<'_>)]| self.desk.say(language, key, fills);
        cards::result(play, figures, past, &say)
    }

    /// The finished play, if its figures have changed since its line was drawn.
    pub(super) fn late_rating(&self, open: &OpenView) -> Option<LateRating> {
        let finished = self.finished.as_ref()?;
        let last = open.last.as_ref();
        let last = last.filter(|last| last.turn == finished.play.turn)?;
        let figures = late_figures(last, finished.figures);
        (figures != finished.figures).then_some(LateRating {
            figures,
            due: finished.drawn_at + EDIT_PAUSE,
        })
    }

    pub(super) async fn show_late_rating(&mut self, view: &View) {
        let late = view.open.as_ref().and_then(|open| self.late_rating(open));
        if let Some(late) = late.filter(|late| late.due <= Instant::now()) {
            self.change(late.figures, view).await;
        }
    }

    /// The finished play can be rated no more: its line shows what stands in the end, however short
    /// before that the last rating came.
    pub(super) async fn last_word(&mut self, view: &View) {
        let Some(finished) = &self.finished else {
            return;
        };
        let turn = finished.play.turn;
        match self.desk.store.play(self.guild, turn).await {
            Ok(Some(kept)) => self.change(figures_of(&kept), view).await,
            Ok(None) => {}
            Err(failure) => {
                tracing::error!(guild.id = %self.guild, turn.id = %turn, %failure, "not known what stands");
            }
        }
        self.finished = None;
    }

    async fn change(&mut self, figures: ResultFigures, view: &View) {
        let Some(mut finished) = self.finished.take() else {
            return;
        };
        let body = self.draw_result((&finished.play, finished.past.as_ref()), figures, view);
        if body != finished.body {
            self.redraw(finished.place, &body).await;
        }
        finished.figures = figures;
        finished.body = body;
        finished.drawn_at = Instant::now();
        self.finished = Some(finished);
    }
}

/// Figures that have changed, and when they may be shown.
pub(super) struct LateRating {
    figures: ResultFigures,
    pub(super) due: Instant,
}

fn late_figures(last: &NowView, figures: ResultFigures) -> ResultFigures {
    ResultFigures {
        mean: last.mean,
        ratings: last.tally.iter().sum(),
        grabs: last.grabs,
        heard: figures.heard,
    }
}

/// The figures of a play as they are kept.
pub(super) fn figures_of(kept: &PlaySummary) -> ResultFigures {
    ResultFigures {
        mean: kept.tally.mean(),
        ratings: kept.tally.count,
        grabs: kept.grabs,
        heard: kept.heard,
    }
}

/// Draws the result lines under these cards anew, from what is kept now: somebody was forgotten.
pub(in crate::discord) async fn draw_anew(desk: &SharedDesk, kept: Vec<storage::Card>) {
    for card in kept {
        let (Some(turn), Some(stage)) = (card.turn, desk.stages.started(card.guild)) else {
            continue;
        };
        let view = stage.view();
        let language = &view.settings.language;
        let say = |key: &str, fills: &[(&str, Fill<'_>)]| desk.say(language, key, fills);
        let Ok(Some(summary)) = desk.store.play(card.guild, turn).await else {
            continue;
        };
        let play = &summary.play;
        let earlier = desk
            .store
            .earlier_plays(card.guild, &play.track.key, turn)
            .await;
        let past = earlier.ok().map(|(count, first_by)| Past {
            plays: count + 1,
            first_by: first_by.unwrap_or_default(),
        });
        let body = cards::result(play, figures_of(&summary), past.as_ref(), &say);
        let edited = desk.rest.edit(card.channel.0, card.message, &body).await;
        if let Err(failure) = edited {
            tracing::debug!(guild.id = %card.guild, %failure, "a result line keeps its name");
        }
    }
}
