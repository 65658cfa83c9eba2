//! The room itself: opening, closing, lock, theme, settings and bans, and what its moderators do.

use super::super::ids::{ChannelId, MemberId, SessionId, TurnId};
use super::super::moment::Moment;
use super::super::protocol::{
    Actor, CloseReason, Deed, Effect, Need, Notice, Post, Record, Refusal, StepDown, TurnEnd,
};
use super::super::settings::Settings;
use super::super::track::TrackKey;
use super::{Seat, Stage, Standing, TEXT_LIMIT};
use std::sync::Arc;

/// Theme and rules of a session.
pub(super) type Words = (Option<String>, Option<String>);
/// The same, and whether loopers are speakers in a Discord stage channel, if the host says.
pub(super) type Terms = (Words, Option<bool>);

pub(super) fn short(text: Option<&String>) -> Result<(), Refusal> {
    match text {
        Some(text) if text.trim().is_empty() => Err(Refusal::EmptyText),
        Some(text) if text.chars().count() > TEXT_LIMIT => {
            Err(Refusal::TextTooLong { limit: TEXT_LIMIT })
        }
        _ => Ok(()),
    }
}

pub(super) fn log(now: Moment, actor: &Actor, deed: Deed) -> Effect {
    Effect::Keep(Record::Log {
        by: actor.member,
        by_name: actor.name.clone(),
        at: now,
        deed,
    })
}

impl Stage {
    pub(super) fn open_by(
        &mut self,
        now: Moment,
        actor: &Actor,
        text: ChannelId,
        ((theme, rules), speak): Terms,
        effects: &mut Vec<Effect>,
    ) -> Result<Notice, Refusal> {
        if let Some(open) = &self.open {
            return Err(Refusal::AlreadyOpen {
                channel: open.channel,
            });
        }
        if self.banned.contains(&actor.member) {
            return Err(Refusal::StageBanned);
        }
        let channel = actor.voice.ok_or(Refusal::NotInVoice)?;
        short(theme.as_ref())?;
        short(rules.as_ref())?;
        let session = self.open_in(
            now,
            actor,
            (channel, text),
            ((theme, rules), speak),
            effects,
        );
        Ok(Notice::Opened { session, channel })
    }

    /// Opens the stage; everything has been checked.
    pub(super) fn open_in(
        &mut self,
        now: Moment,
        actor: &Actor,
        (channel, text): (ChannelId, ChannelId),
        ((theme, rules), speak): Terms,
        effects: &mut Vec<Effect>,
    ) -> SessionId {
        self.last_session += 1;
        let session = SessionId(self.last_session);
        // What a command was given in is where people look, unless the guild says otherwise.
        let text = self.settings.text_channel.unwrap_or(text);
        let host = actor.member;
        self.open = Some(Standing {
            session,
            channel,
            text,
            host,
            theme: theme.clone(),
            rules: rules.clone(),
            speak,
            opened_at: now,
            locked: false,
            seats: vec![Seat::default(); usize::from(self.settings.seats)],
            waitlist: Vec::new(),
            spotlight: None,
            contended: false,
            turn: None,
            last: None,
            down: false,
            empty_since: None,
            plays: 0,
            repeats_said: std::collections::BTreeSet::new(),
            last_turn: TurnId(self.last_turn),
        });
        effects.push(Effect::Join { channel });
        effects.push(Effect::Keep(Record::SessionOpened {
            session,
            channel,
            host,
            theme: theme.clone(),
            opened_at: now,
        }));
        effects.push(Effect::Post(Post::Opened {
            channel,
            host,
            theme,
            rules,
        }));
        session
    }

    pub(super) fn close_by(
        &mut self,
        now: Moment,
        actor: &Actor,
        effects: &mut Vec<Effect>,
    ) -> Result<Notice, Refusal> {
        self.opened()?;
        self.require(actor, Need::Host)?;
        effects.push(log(now, actor, Deed::Closed));
        let plays = self.close(now, CloseReason::Asked, effects);
        Ok(Notice::Closed { plays })
    }

    /// Ends the session and everything in it; setlists stay. Answers how many plays it had.
    pub(super) fn close(
        &mut self,
        now: Moment,
        why: CloseReason,
        effects: &mut Vec<Effect>,
    ) -> u32 {
        self.stop_turn(now, &TurnEnd::Closed, effects);
        self.lay_last_to_rest();
        let Some(open) = self.open.take() else {
            return 0;
        };
        let session = open.session;
        effects.push(Effect::Keep(Record::SessionClosed {
            session,
            closed_at: now,
            why,
        }));
        effects.push(Effect::Post(Post::Closed {
            session,
            plays: open.plays,
            why,
        }));
        effects.push(Effect::Leave);
        open.plays
    }

    pub(super) fn lock(
        &mut self,
        now: Moment,
        actor: &Actor,
        locked: bool,
        effects: &mut Vec<Effect>,
    ) -> Result<Notice, Refusal> {
        self.opened()?;
        self.require(actor, Need::Host)?;
        self.opened_mut()?.locked = locked;
        effects.push(log(now, actor, Deed::Locked(locked)));
        Ok(Notice::Locked(locked))
    }

    pub(super) fn theme(
        &mut self,
        now: Moment,
        actor: &Actor,
        (theme, rules): Words,
        effects: &mut Vec<Effect>,
    ) -> Result<Notice, Refusal> {
        self.opened()?;
        self.require(actor, Need::Host)?;
        short(theme.as_ref())?;
        short(rules.as_ref())?;
        let open = self.opened_mut()?;
        open.theme.clone_from(&theme);
        if rules.is_some() {
            open.rules = rules;
        }
        let session = open.session;
        effects.push(Effect::Keep(Record::SessionThemed {
            session,
            theme: theme.clone(),
        }));
        effects.push(log(now, actor, Deed::Themed(theme)));
        Ok(Notice::Themed)
    }

    pub(super) fn kick(
        &mut self,
        now: Moment,
        actor: &Actor,
        member: MemberId,
        reason: Option<String>,
        effects: &mut Vec<Effect>,
    ) -> Result<Notice, Refusal> {
        self.opened()?;
        self.require(actor, Need::Host)?;
        short(reason.as_ref())?;
        if self.seat_of(member).is_none() && self.place_of(member).is_none() {
            return Err(Refusal::TheyAreNotOnStage { member });
        }
        self.put_off(member, StepDown::Kicked, effects);
        effects.push(log(now, actor, Deed::Kicked { member, reason }));
        Ok(Notice::Kicked { member })
    }

    pub(super) fn stage_ban(
        &mut self,
        now: Moment,
        actor: &Actor,
        (member, banned, reason): (MemberId, bool, Option<String>),
        effects: &mut Vec<Effect>,
    ) -> Result<Notice, Refusal> {
        self.require(actor, Need::Moderator)?;
        short(reason.as_ref())?;
        if banned {
            self.banned.insert(member);
            self.put_off(member, StepDown::Kicked, effects);
        } else {
            self.banned.remove(&member);
        }
        effects.push(Effect::Keep(Record::StageBan { member, banned }));
        effects.push(log(
            now,
            actor,
            Deed::StageBanned {
                member,
                banned,
                reason,
            },
        ));
        Ok(Notice::StageBanned { member, banned })
    }

    pub(super) fn configure(
        &mut self,
        now: Moment,
        actor: &Actor,
        settings: Settings,
        what: String,
        effects: &mut Vec<Effect>,
    ) -> Result<Notice, Refusal> {
        self.require(actor, Need::Admin)?;
        let seats = usize::from(settings.seats);
        let text = settings.text_channel;
        if self.settings.text_channel != text
            && let Some(open) = &mut self.open
        {
            open.text = text.unwrap_or(open.channel);
        }
        effects.push(Effect::Keep(Record::Settings(Box::new(settings.clone()))));
        effects.push(log(now, actor, Deed::Configured { what }));
        self.settings = Arc::new(settings);
        self.resize(seats, effects);
        Ok(Notice::Configured)
    }

    pub(super) fn ban_track(
        &mut self,
        now: Moment,
        actor: &Actor,
        (key, title, banned): (TrackKey, String, bool),
        effects: &mut Vec<Effect>,
    ) -> Result<Notice, Refusal> {
        self.require(actor, Need::Moderator)?;
        if banned {
            self.track_bans.insert(key.clone(), title.clone());
            self.strike_out(&key, effects);
        } else {
            self.track_bans.remove(&key);
        }
        let record = Record::TrackBan {
            key: key.clone(),
            title: title.clone(),
            banned,
        };
        effects.push(Effect::Keep(record));
        effects.push(log(
            now,
            actor,
            Deed::TrackBanned {
                key,
                title: title.clone(),
                banned,
            },
        ));
        Ok(Notice::TrackBanned { title, banned })
    }

    pub(super) fn expelled(&mut self, now: Moment, effects: &mut Vec<Effect>) {
        if self.open.is_some() {
            self.close(now, CloseReason::Expelled, effects);
        }
    }

    pub(super) fn dragged(&mut self, now: Moment, channel: ChannelId) {
        self.accrue(now);
        if let Some(open) = &mut self.open {
            // Posts that went to the voice channel's own chat move along.
            if open.text == open.channel {
                open.text = channel;
            }
            open.channel = channel;
        }
        self.recount(now);
    }
}
