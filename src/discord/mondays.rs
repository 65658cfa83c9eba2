//! The recap of the week, posted on Monday mornings where an admin wants it: once for each guild of
//! this process, whatever restarts come between. When it is due is for `domain::recap` to say; a
//! channel that is gone or closed to the bot is a line in the log and bothers nobody.

use super::SharedDesk;
use super::crowd::Crowd;
use super::recap::{Asked, Studio, message};
use super::rest::{Rest, RestFailure};
use crate::domain::ids::{ChannelId, GuildId};
use crate::domain::moment::Moment;
use crate::domain::recap::{Frame, due, wait};
use crate::i18n::Locale;
use crate::storage::{StorageFailure, Whose};
use serde_json::Value;
use std::collections::HashMap;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// How often a post is tried that Discord does not take for the moment.
const TRIES: u8 = 10;

/// What the post is made with.
#[derive(Clone, Copy, Debug)]
pub struct Postman<'a> {
    pub studio: Studio<'a>,
    pub rest: &'a Rest,
    pub crowd: &'a Crowd,
}

/// What has been done for the Monday that is on: tries by guild, all of them for done.
#[derive(Debug, Default)]
pub struct Round(HashMap<GuildId, u8>);

/// Posts whenever it is Monday, until `stop`.
pub async fn run(desk: SharedDesk, stop: CancellationToken) {
    let postman = Postman {
        studio: Studio {
            store: &desk.store,
            words: &desk.words,
            fonts: &desk.fonts,
        },
        rest: &desk.rest,
        crowd: &desk.crowd,
    };
    postman.attend(desk.clock, tokio::time::sleep, &stop).await;
}

/// Under which name storage remembers the Monday of a guild's last post.
fn memo(guild: GuildId) -> String {
    format!("recap:{guild}")
}

impl Postman<'_> {
    /// Posts whenever it is Monday by the clock `now`, on which `pass` lets time pass, until `stop`.
    pub async fn attend<P: Future<Output = ()>>(
        &self,
        now: impl Fn() -> Moment,
        pass: impl Fn(Duration) -> P,
        stop: &CancellationToken,
    ) {
        let mut round = Round::default();
        loop {
            // Not broken off: what is noted as posted is to be sent.
            self.look(now(), &mut round, stop).await;
            tokio::select! {
                () = stop.cancelled() => return,
                () = pass(wait(now())) => {}
            }
        }
    }

    /// Posts what is due at this moment and not posted yet, guild by guild, until `stop`.
    pub async fn look(&self, now: Moment, round: &mut Round, stop: &CancellationToken) {
        let Some(monday) = due(now) else {
            round.0.clear();
            return;
        };
        for guild in self.crowd.guilds() {
            if stop.is_cancelled() {
                return;
            }
            let tries = round.0.entry(guild).or_default();
            if *tries >= TRIES {
                continue;
            }
            match self.serve(guild, monday).await {
                // An admin may still choose a channel today.
                Ok(Served::NotWanted) => {}
                Ok(Served::Done) => *tries = TRIES,
                Ok(Served::NotTaken) => *tries += 1,
                Err(failure) => {
                    *tries += 1;
                    tracing::warn!(guild.id = %guild, %failure, "a week's recap was not made");
                }
            }
        }
    }

    async fn serve(&self, guild: GuildId, monday: Moment) -> Result<Served, StorageFailure> {
        let store = self.studio.store;
        let settings = store.settings(guild).await?;
        let Some(channel) = settings.recap_channel else {
            return Ok(Served::NotWanted);
        };
        let (name, week) = (memo(guild), monday.0.to_string());
        let before = store.memo(&name).await?;
        if before.as_deref() == Some(week.as_str()) {
            return Ok(Served::Done);
        }
        let asked = Asked {
            guild,
            whose: Whose::Server,
            name: self.crowd.guild_name(guild).unwrap_or_default(),
            frame: Frame::week_before(monday),
            signs: settings.emoji,
            locale: Locale::of(&settings.language),
        };
        let message = message(self.studio, &asked).await?;
        // Before it is sent: a post that is lost in a crash is better than the same one twice.
        store.put_memo(&name, &week).await?;
        let Some(message) = message else {
            tracing::debug!(guild.id = %guild, "nothing was played last week");
            return Ok(Served::Done);
        };
        let served = self.send(guild, channel, message).await;
        if served == Served::NotTaken {
            store.put_memo(&name, &before.unwrap_or_default()).await?;
        }
        Ok(served)
    }

    async fn send(
        &self,
        guild: GuildId,
        channel: ChannelId,
        (body, files): (Value, Vec<super::rest::Upload>),
    ) -> Served {
        match self.rest.send(channel.0, body, files).await {
            Ok(_) => {
                tracing::info!(guild.id = %guild, "the week's recap is posted");
                Served::Done
            }
            Err(failure @ (RestFailure::Busy | RestFailure::Unavailable(_))) => {
                tracing::debug!(guild.id = %guild, %failure, "a week's recap has to wait");
                Served::NotTaken
            }
            Err(failure) => {
                tracing::warn!(guild.id = %guild, channel.id = %channel, %failure,
                    "the week's recap cannot be posted there");
                Served::Done
            }
        }
    }
}

/// What came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Served {
    NotWanted,
    Done,
    /// Discord could not take it for the moment.
    NotTaken,
}
