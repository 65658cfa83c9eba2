//! One guild's messages. It draws the card after every change of the view, but edits it at most
//! once in [`EDIT_PAUSE`], and always shows the last state in the end. A message that cannot be
//! posted is logged once and never stops anything.

use super::super::SharedDesk;
use super::super::cards::{self, Drawing};
use super::super::rest::{RestFailure, Sent, Upload};
use super::News;
use super::result::Finished;
use crate::domain::ids::{ChannelId, GuildId, TurnId};
use crate::domain::protocol::Post;
use crate::domain::view::{NowView, OpenView, View};
use crate::i18n::Fill;
use serde_json::Value;
use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{mpsc, watch};
use tokio::time::{Instant, sleep_until};
use tokio_util::sync::CancellationToken;

/// A card is edited at most once in this time, however much happens.
pub(super) const EDIT_PAUSE: Duration = Duration::from_secs(5);
/// How often the progress bar moves by itself.
const PROGRESS_PAUSE: Duration = Duration::from_secs(10);
/// A stage that is silent for less than this gets no idle card: the next turn is about to begin.
const IDLE_AFTER: Duration = Duration::from_secs(2);
/// With this many messages below it the card has scrolled out of sight and is posted anew.
const BELOW_LIMIT: u32 = 10;
/// Cards that are known again after a restart.
const CARDS_RESTORED: u32 = 50;
/// How long a post waits for the view that shows its stage open, or moved to where the post is about.
const OPEN_LIMIT: Duration = Duration::from_secs(2);

/// The card that stands.
pub(super) struct Card {
    pub(super) place: Sent,
    /// `None` for the idle card.
    pub(super) turn: Option<TurnId>,
    /// Shown now; `None` when not known (after a restart).
    body: Option<Value>,
    drawn_at: Instant,
    cover: Option<String>,
    below: u32,
}

pub(super) struct Board {
    pub(super) desk: SharedDesk,
    pub(super) guild: GuildId,
    stop: CancellationToken,
    pub(super) card: Option<Card>,
    pub(super) finished: Option<Finished>,
    idle_since: Option<Instant>,
    /// No card before this moment: the last attempt failed.
    not_before: Option<Instant>,
    /// The stage's text channel, and its voice channel to fall back to, while it is or was open.
    place: Option<(ChannelId, ChannelId)>,
    /// Channels that do not take our messages.
    lost: HashSet<ChannelId>,
}

impl Board {
    pub(super) fn new(desk: SharedDesk, guild: GuildId, stop: CancellationToken) -> Board {
        Board {
            desk,
            guild,
            stop,
            card: None,
            finished: None,
            idle_since: None,
            not_before: None,
            place: None,
            lost: HashSet::new(),
        }
    }

    pub(super) async fn run(mut self, mut news: mpsc::Receiver<News>) {
        let Some(stage) = super::stage(&self.desk, self.guild, &self.stop).await else {
            return;
        };
        let mut view = stage.watch();
        self.restore_cards().await;
        self.take_over(&stage.view());
        loop {
            let current = Arc::clone(&view.borrow_and_update());
            let due = self.due(&current);
            tokio::select! {
                biased;
                () = self.stop.cancelled() => break,
                next = news.recv() => match next {
                    Some(next) => self.take(next, &mut view).await,
                    None => break,
                },
                changed = view.changed() => if changed.is_err() {
                    break;
                },
                () = until(due), if due.is_some() => self.show(&current).await,
            }
        }
        // What was said to be done is said, also at the end.
        while let Ok(next) = news.try_recv() {
            self.take(next, &mut view).await;
        }
    }

    /// Cards that stood before a restart can still be rated under.
    async fn restore_cards(&self) {
        match self
            .desk
            .store
            .latest_cards(self.guild, CARDS_RESTORED)
            .await
        {
            Ok(cards) => {
                let cards = cards.into_iter().map(|card| {
                    let (channel, message) = (card.channel.0, card.message);
                    (Sent { channel, message }, card.turn)
                });
                self.desk.cards.restore(self.guild, cards.collect());
            }
            Err(failure) => {
                tracing::error!(guild.id = %self.guild, %failure, "the cards are not known");
            }
        }
    }

    /// A card now stands there: under it can be rated, after a restart too.
    pub(super) async fn note_card(&self, place: Sent, turn: Option<TurnId>) {
        self.desk.cards.note(self.guild, place, turn);
        let card = crate::storage::Card {
            guild: self.guild,
            channel: ChannelId(place.channel),
            message: place.message,
            turn,
            posted_at: (self.desk.clock)(),
        };
        if let Err(failure) = self.desk.store.put_card(&card).await {
            tracing::error!(guild.id = %self.guild, %failure, "a card is not kept");
        }
    }

    /// After a restart the card that stands is gone on with.
    fn take_over(&mut self, view: &View) {
        let Some(open) = &view.open else {
            return;
        };
        let Some((place, turn)) = self.desk.cards.latest(self.guild) else {
            return;
        };
        if turn == open.now.as_ref().map(|now| now.turn) {
            self.card = Some(Card {
                place,
                turn,
                body: None,
                drawn_at: Instant::now(),
                cover: None,
                below: 0,
            });
        }
    }

    /// When the card is next to be looked at.
    fn due(&self, view: &View) -> Option<Instant> {
        let open = view.open.as_ref()?;
        let turn = open.now.as_ref().map(|now| now.turn);
        let late = self.late_rating(open).map(|late| late.due);
        let card = match &self.card {
            Some(card) if card.turn == turn && card.below < BELOW_LIMIT => {
                let fresh = self.draw(view, card.cover.as_deref());
                if fresh == card.body {
                    open.now.as_ref().filter(|now| now.playing)?;
                    card.drawn_at + PROGRESS_PAUSE
                } else {
                    card.drawn_at + EDIT_PAUSE
                }
            }
            Some(card) if card.turn == turn => card.drawn_at + EDIT_PAUSE,
            _ if turn.is_some() => Instant::now(),
            _ => self
                .idle_since
                .map_or_else(Instant::now, |since| since + IDLE_AFTER),
        };
        let card = self.not_before.map_or(card, |at| card.max(at));
        Some(late.map_or(card, |late| late.min(card)))
    }

    fn draw(&self, view: &View, cover: Option<&str>) -> Option<Value> {
        let mut drawing = Drawing::of(view, (self.desk.clock)())?;
        drawing.cover = cover;
        let language = &view.settings.language;
        let say = |key: &str, fills: &[(&str, Fill<'_>)]| self.desk.say(language, key, fills);
        Some(match &drawing.open.now {
            Some(now) => cards::playing(&drawing, now, &say),
            None => cards::idle(&drawing, &say),
        })
    }

    /// Brings the card to what the view shows.
    async fn show(&mut self, view: &View) {
        let Some(open) = &view.open else {
            return;
        };
        self.note_place(open);
        self.show_late_rating(view).await;
        let turn = open.now.as_ref().map(|now| now.turn);
        if turn.is_some() {
            self.idle_since = None;
        } else if self.card.as_ref().is_none_or(|card| card.turn.is_some()) {
            let since = *self.idle_since.get_or_insert_with(Instant::now);
            if since + IDLE_AFTER > Instant::now() {
                return;
            }
        }
        // A late rating may have woken the board before the card's own time.
        let now = Instant::now();
        let is_early = match &self.card {
            Some(card) if card.turn == turn => card.drawn_at + EDIT_PAUSE > now,
            _ => false,
        };
        if is_early || self.not_before.is_some_and(|at| at > now) {
            return;
        }
        match &self.card {
            Some(card) if card.turn == turn && card.below < BELOW_LIMIT => self.edit(view).await,
            Some(card) if card.turn == turn => self.repost(view).await,
            // The idle card has nothing to remember; a play's card has become its result line.
            Some(card) if card.turn.is_none() => self.repost(view).await,
            _ => self.post_card(view).await,
        }
    }

    async fn edit(&mut self, view: &View) {
        let Some(card) = &self.card else {
            return;
        };
        let (place, cover) = (card.place, card.cover.clone());
        let Some(body) = self.draw(view, cover.as_deref()) else {
            return;
        };
        let drawn_at = Instant::now();
        if card.body.as_ref() == Some(&body) {
            if let Some(card) = &mut self.card {
                card.drawn_at = drawn_at;
            }
            return;
        }
        let done = self
            .desk
            .rest
            .edit(place.channel, place.message, &body)
            .await;
        match (done, &mut self.card) {
            (Err(RestFailure::Gone { .. }), _) => self.card = None,
            (outcome, Some(card)) => {
                card.drawn_at = drawn_at;
                card.body = Some(body);
                if let Err(failure) = outcome {
                    tracing::debug!(guild.id = %self.guild, %failure, "the card was not edited");
                }
            }
            (_, None) => {}
        }
    }

    async fn repost(&mut self, view: &View) {
        if let Some(card) = self.card.take() {
            self.delete(card.place).await;
        }
        self.post_card(view).await;
    }

    async fn delete(&self, place: Sent) {
        match self.desk.rest.delete(place.channel, place.message).await {
            Ok(()) | Err(RestFailure::Gone { .. }) => {}
            Err(failure) => tracing::debug!(guild.id = %self.guild, %failure, "not deleted"),
        }
    }

    async fn post_card(&mut self, view: &View) {
        let now = view.open.as_ref().and_then(|open| open.now.as_ref());
        let upload = match now {
            Some(now) => self.cover(now).await,
            None => None,
        };
        let cover = upload.as_ref().map(|file| file.name.clone());
        let Some(body) = self.draw(view, cover.as_deref()) else {
            return;
        };
        let turn = now.map(|now| now.turn);
        self.card = None;
        let Some(place) = self.say(&body, upload.into_iter().collect()).await else {
            self.not_before = Some(Instant::now() + EDIT_PAUSE);
            return;
        };
        self.not_before = None;
        self.note_card(place, turn).await;
        self.card = Some(Card {
            place,
            turn,
            body: Some(body),
            drawn_at: Instant::now(),
            cover,
            below: 0,
        });
        if turn.is_some() {
            self.put_reactions(place, &view.settings.emoji);
        }
    }

    async fn cover(&self, now: &NowView) -> Option<Upload> {
        let name = now.track.cover.as_ref()?;
        let bytes = self.desk.cover(name).await?;
        let ending = name.rsplit_once('.').map_or("jpg", |(_, ending)| ending);
        let name = format!("cover.{ending}");
        Some(Upload { name, bytes })
    }

    /// In a task of its own: Discord takes few reactions a second.
    fn put_reactions(&self, place: Sent, emoji: &[String; 5]) {
        let (rest, guild, emoji) = (self.desk.rest.clone(), self.guild, emoji.clone());
        self.desk.tasks.spawn(async move {
            for one in &emoji {
                match rest.react(place.channel, place.message, one).await {
                    Ok(()) => {}
                    Err(RestFailure::Gone { .. }) => return,
                    Err(failure) => {
                        tracing::warn!(guild.id = %guild, %failure, "no reaction under the card");
                    }
                }
            }
        });
    }

    fn note_place(&mut self, open: &OpenView) {
        self.place = Some((open.text, open.channel));
    }

    /// Posts in the stage's text channel or, where that does not work, in the voice channel's own.
    pub(super) async fn say(&mut self, body: &Value, files: Vec<Upload>) -> Option<Sent> {
        let (text, voice) = self.place?;
        let mut channels = vec![text];
        if voice != text {
            channels.push(voice);
        }
        for channel in channels {
            if self.lost.contains(&channel) {
                continue;
            }
            match self.desk.rest.send(channel.0, body, files.clone()).await {
                Ok(place) => return Some(place),
                Err(failure @ (RestFailure::Gone { .. } | RestFailure::Forbidden { .. })) => {
                    tracing::warn!(guild.id = %self.guild, channel.id = %channel, %failure,
                        "this channel takes no messages of the bot");
                    self.lost.insert(channel);
                }
                Err(failure) => {
                    tracing::warn!(guild.id = %self.guild, %failure, "a message was not posted");
                    return None;
                }
            }
        }
        None
    }

    async fn take(&mut self, news: News, view: &mut watch::Receiver<Arc<View>>) {
        match news {
            News::Follow => {}
            News::Post(post) => self.post(post, view).await,
            News::Message { channel, message } => {
                if let Some(card) = &mut self.card
                    && card.place.channel == channel.0
                    && message > card.place.message
                {
                    card.below += 1;
                }
            }
            News::Deleted(messages) => {
                let card = self.card.as_ref().map(|card| card.place.message);
                if card.is_some_and(|card| messages.contains(&card)) {
                    self.card = None;
                }
            }
            News::Forgotten(member) => self.forget(member),
            News::ChannelGone(channel) => {
                self.lost.insert(channel);
                let card = self.card.as_ref().map(|card| card.place.channel);
                if card == Some(channel.0) {
                    self.card = None;
                }
            }
        }
    }

    async fn post(&mut self, post: Post, view: &mut watch::Receiver<Arc<View>>) {
        if matches!(post, Post::Opened { .. }) {
            self.lost.clear();
            self.place = None;
        }
        if self.place.is_none() {
            let open = view.wait_for(|view| view.open.is_some());
            let opened = match tokio::time::timeout(OPEN_LIMIT, open).await {
                Ok(Ok(view)) => view.open.as_ref().map(|open| (open.text, open.channel)),
                _ => None,
            };
            self.place = opened;
        } else {
            if let Post::MayNotSpeak { channel } = post {
                // Said where the stage was moved to, however soon after the move it is heard of.
                let is_there = |open: &OpenView| open.channel == channel;
                let moved = view.wait_for(|view| view.open.as_ref().is_none_or(is_there));
                let _still_elsewhere = tokio::time::timeout(OPEN_LIMIT, moved).await;
            }
            if let Some(open) = &view.borrow().open {
                self.place = Some((open.text, open.channel));
            }
        }
        let current = Arc::clone(&view.borrow());
        match post {
            Post::Result(play, figures) => self.result(play, figures, &current).await,
            Post::Closed { session, why, .. } => {
                self.last_word(&current).await;
                self.close().await;
                self.goodbye(session, why, &current).await;
                self.place = None;
            }
            post => {
                let language = &current.settings.language;
                let body = {
                    let desk = &self.desk;
                    let say =
                        |key: &str, fills: &[(&str, Fill<'_>)]| desk.say(language, key, fills);
                    cards::post(&post, &say)
                };
                if let Some(body) = body {
                    self.say(&body, Vec::new()).await;
                }
            }
        }
    }

    /// The idle card goes with the stage; a play's card has become its result line.
    async fn close(&mut self) {
        self.idle_since = None;
        if let Some(card) = self.card.take().filter(|card| card.turn.is_none()) {
            self.delete(card.place).await;
        }
    }
}

async fn until(due: Option<Instant>) {
    if let Some(due) = due {
        sleep_until(due).await;
    }
}
