//! The Discord stage under a party: where the stage of ours stands in a Discord stage channel, that
//! channel's stage is opened with the theme, and closed with the party; who sits in a seat is made
//! a speaker if the guild wants it so. One task for each guild follows the view and the crowd, as
//! the card does; what is to be done next says the plan, here it is done. Without the permissions
//! the party goes on, and its host is told once what is missing.

mod memory;
mod plan;

use super::rest::RestFailure;
use super::{SharedDesk, announcer, markup};
use crate::domain::ids::{ChannelId, GuildId, MemberId};
use crate::domain::view::View;
use crate::i18n;
use memory::{Lack, Memory, Own};
use plan::{Facts, Step, Tried, Tries, Wish};
use std::collections::HashMap;
use std::sync::Arc;
use tokio_util::sync::CancellationToken;

/// Longest topic of a Discord stage, in characters.
const TOPIC_LIMIT: usize = 120;
/// Most steps in a row; a plan that wants more goes on at the next change.
const STEPS_LIMIT: usize = 32;

/// Follows one guild until `stop`.
pub(super) async fn run(desk: SharedDesk, guild: GuildId, stop: CancellationToken) {
    let Some(stage) = announcer::stage(&desk, guild, &stop).await else {
        return;
    };
    let (mut view, mut changes) = (stage.watch(), desk.crowd.changes(guild));
    let memory = Memory::read(&desk.store, guild).await;
    let mut platform = Platform {
        desk,
        guild,
        memory,
        tries: Tries::default(),
        host: None,
    };
    loop {
        let current = Arc::clone(&view.borrow_and_update());
        changes.mark_unchanged();
        platform.bring_to(&current).await;
        let goes_on = tokio::select! {
            () = stop.cancelled() => false,
            more = view.changed() => more.is_ok(),
            more = changes.changed() => more.is_ok(),
        };
        if !goes_on {
            return;
        }
    }
}

struct Platform {
    desk: SharedDesk,
    guild: GuildId,
    memory: Memory,
    tries: Tries,
    /// Of the party that is on, with the language of the guild.
    host: Option<(MemberId, String)>,
}

impl Platform {
    async fn bring_to(&mut self, view: &View) {
        let wish = self.wish(view);
        let host = view.open.as_ref().map(|open| open.host);
        self.host = host.map(|host| (host, view.settings.language.clone()));
        let before = self.memory.clone();
        for _ in 0..STEPS_LIMIT {
            let facts = self.facts(wish.as_ref());
            let Some(step) = plan::next(wish.as_ref(), &facts, (&self.memory, &self.tries)) else {
                break;
            };
            self.take(step, wish.as_ref()).await;
        }
        if self.memory != before {
            self.memory.keep(&self.desk.store, self.guild).await;
        }
    }

    /// What the party wants of the Discord stage; `None` while it stands in no such channel.
    fn wish(&self, view: &View) -> Option<Wish> {
        let crowd = &self.desk.crowd;
        let open = view.open.as_ref()?;
        if !crowd.is_stage_channel(self.guild, open.channel) {
            return None;
        }
        let theme = open.theme.as_deref().unwrap_or_default();
        let theme = markup::line(theme, TOPIC_LIMIT);
        let me = crowd.me();
        let stands_in = me.and_then(|me| crowd.channel_of(self.guild, me));
        Some(Wish {
            session: open.session,
            channel: open.channel,
            is_there: stands_in == Some(open.channel),
            is_themed: !theme.is_empty(),
            topic: if theme.is_empty() {
                self.desk
                    .say(&view.settings.language, "platform-topic", &[])
            } else {
                theme
            },
            turn: open.now.as_ref().map(|now| now.turn),
            speakers: view.speakers(),
        })
    }

    fn facts(&self, wish: Option<&Wish>) -> Facts {
        let crowd = &self.desk.crowd;
        let own = self.memory.own.map(|own| own.channel);
        let channels = own.into_iter().chain(wish.map(|wish| wish.channel));
        let instances =
            channels.filter_map(|channel| Some((channel, crowd.instance_in(self.guild, channel)?)));
        let raised = self.memory.raised.keys();
        let wanted = wish.into_iter().flat_map(|wish| &wish.speakers);
        let places = raised.chain(wanted).filter_map(|member| {
            let presence = crowd.presence(self.guild, *member)?;
            Some((*member, (presence.listener.channel, presence.hushed)))
        });
        Facts {
            instances: instances.collect(),
            places: places.collect::<HashMap<_, _>>(),
        }
    }

    async fn take(&mut self, step: Step, wish: Option<&Wish>) {
        match step {
            Step::Lower(member, channel) => {
                self.memory.raised.remove(&member);
                self.seat_speaks(member, channel, false).await;
            }
            Step::Forget(member) => {
                self.memory.raised.remove(&member);
            }
            Step::Disown => self.memory.own = None,
            Step::Close(channel) => self.close(channel).await,
            Step::Pardon => self.tries.refused.clear(),
            Step::Open => {
                if let Some(wish) = wish {
                    self.open(wish).await;
                }
            }
            Step::Retopic => {
                if let Some(wish) = wish {
                    self.retopic(wish).await;
                }
            }
            Step::Raise(member, channel) => {
                if self.seat_speaks(member, channel, true).await {
                    self.memory.raised.insert(member, channel);
                } else {
                    self.tries.refused.insert(member);
                }
            }
        }
        if let (Some(wish), Some(lack)) = (wish, self.tries.lacking.take()) {
            self.tell(wish, lack).await;
        }
    }

    async fn open(&mut self, wish: &Wish) {
        let (guild, channel) = (self.guild, wish.channel);
        let opened = self.desk.rest.open_stage(channel.0, &wish.topic).await;
        self.tries.opening = Some(Tried {
            session: wish.session,
            channel,
            topic: wish.topic.clone(),
            turn: wish.turn,
            refused: matches!(opened, Err(RestFailure::Forbidden { .. })),
        });
        match opened {
            Ok(instance) => {
                let crowd = &self.desk.crowd;
                crowd.note_instance(guild, channel, Some(instance));
                self.memory.own = Some(Own { channel, instance });
                self.memory.topic = Some((channel, wish.topic.clone()));
                // It is to be known after a crash whose it is.
                self.memory.keep(&self.desk.store, guild).await;
            }
            Err(RestFailure::Invalid { code, .. }) if code == RestFailure::STAGE_OPEN => {
                // Somebody was quicker; Discord's word of it is on its way, with the number.
                let crowd = &self.desk.crowd;
                crowd.note_instance(guild, channel, Some(0));
            }
            Err(failure) => {
                if matches!(failure, RestFailure::Forbidden { .. }) {
                    self.tries.lacking = Some(Lack::Stage);
                }
                tracing::info!(guild.id = %guild, %failure, "the Discord stage was not opened");
            }
        }
    }

    /// Whatever comes of it, it is tried once for each topic.
    async fn retopic(&mut self, wish: &Wish) {
        self.memory.topic = Some((wish.channel, wish.topic.clone()));
        let rest = &self.desk.rest;
        match rest.set_stage_topic(wish.channel.0, &wish.topic).await {
            Ok(()) => {}
            Err(failure) => {
                let is_own = self.memory.own.is_some();
                if matches!(failure, RestFailure::Forbidden { .. }) && is_own {
                    self.tries.lacking = Some(Lack::Stage);
                }
                tracing::info!(guild.id = %self.guild, %failure, "the topic was not changed");
            }
        }
    }

    /// What cannot be closed now is left to Discord, which closes a stage on which nobody speaks.
    async fn close(&mut self, channel: ChannelId) {
        self.memory.own = None;
        self.memory.topic = None;
        match self.desk.rest.close_stage(channel.0).await {
            Ok(()) | Err(RestFailure::Gone { .. }) => {
                self.desk.crowd.note_instance(self.guild, channel, None);
            }
            Err(failure) => {
                tracing::info!(guild.id = %self.guild, %failure, "the Discord stage stays open");
            }
        }
    }

    /// Invites a member to speak, or sends them to the audience. False when that was not done.
    async fn seat_speaks(&mut self, member: MemberId, channel: ChannelId, speaks: bool) -> bool {
        let place = (channel.0, member.0);
        match self.desk.rest.let_speak(self.guild.0, place, speaks).await {
            Ok(()) => true,
            Err(failure) => {
                if matches!(failure, RestFailure::Forbidden { .. }) {
                    self.tries.lacking = Some(Lack::Speakers);
                }
                tracing::info!(guild.id = %self.guild, speaks, %failure,
                    "who may speak was not changed");
                false
            }
        }
    }

    /// Once in a session, and only to the host.
    async fn tell(&mut self, wish: &Wish, lack: Lack) {
        let Some((host, language)) = &self.host else {
            return;
        };
        if !self.memory.tells(wish.session, lack) {
            return;
        }
        let key = match lack {
            Lack::Stage => "platform-lacks-stage",
            Lack::Speakers => "platform-lacks-speakers",
        };
        let channel = [("channel", i18n::channel(wish.channel).into())];
        let words = self.desk.say(language, key, &channel);
        if let Err(failure) = self.desk.tell(*host, &words).await {
            tracing::debug!(guild.id = %self.guild, %failure, "the host could not be told");
        }
    }
}
