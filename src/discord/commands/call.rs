//! One interaction of one person: who asks, where, in which language, and the stage that is asked.
//! The same for commands, buttons and modals. It knows how answers are worded, not how they are sent.

use super::super::rest::Upload;
use super::super::{SharedDesk, ids, markup};
use crate::audio::Reporter;
use crate::domain::ids::{ChannelId, GuildId, MemberId};
use crate::domain::protocol::{Actor, Command, Notice, Powers, Refusal, Signal};
use crate::domain::settings::Settings;
use crate::domain::view::View;
use crate::i18n::{Fill, Locale};
use crate::stage::{StageFailure, StageHandle};
use crate::storage::StorageFailure;
use serde_json::{Value, json};
use serenity::all::{Member, Permissions};
use std::sync::Arc;

/// Longest content of a message, in characters.
pub(in crate::discord) const CONTENT_LIMIT: usize = 2_000;

/// Any of these makes a moderator: they are what Discord gives to people who keep order.
const MODERATION: Permissions = Permissions::KICK_MEMBERS
    .union(Permissions::BAN_MEMBERS)
    .union(Permissions::MODERATE_MEMBERS)
    .union(Permissions::MUTE_MEMBERS);

/// What an interaction says about itself.
#[derive(Clone, Debug)]
pub(in crate::discord) struct Visit {
    pub(in crate::discord) id: u64,
    pub(in crate::discord) token: String,
    pub(in crate::discord) guild: GuildId,
    pub(in crate::discord) channel: ChannelId,
    pub(in crate::discord) locale: Locale,
    pub(in crate::discord) member: MemberId,
    pub(in crate::discord) name: String,
    /// The address of their picture.
    pub(in crate::discord) avatar: String,
    /// What the bot itself may do in the channel.
    pub(in crate::discord) bot_permissions: Permissions,
    /// How far its work has come, while it is waited for.
    pub(in crate::discord) reporter: Reporter,
    roles: Vec<u64>,
    permissions: Permissions,
}

impl Visit {
    /// `None` outside guilds, where there are no commands.
    pub(in crate::discord) fn new(
        (id, token): (u64, &str),
        channel: serenity::all::ChannelId,
        (locale, bot_permissions): (&str, Option<Permissions>),
        (guild, member): (Option<serenity::all::GuildId>, Option<&Member>),
    ) -> Option<Visit> {
        let (guild, member) = (guild?, member?);
        Some(Visit {
            id,
            token: token.to_owned(),
            guild: ids::guild(guild),
            channel: ids::channel(channel),
            locale: Locale::of(locale),
            member: ids::member(member.user.id),
            name: markup::name(member.display_name()),
            avatar: member.face(),
            bot_permissions: bot_permissions.unwrap_or_default(),
            reporter: Reporter::default(),
            roles: member.roles.iter().map(|role| role.get()).collect(),
            permissions: member.permissions.unwrap_or_default(),
        })
    }

    fn powers(&self, settings: &Settings) -> Powers {
        powers(self.permissions, &self.roles, settings)
    }

    /// A short name of this visit, for people to quote and for us to find in the log.
    pub(in crate::discord) fn reference(&self) -> String {
        const SIGNS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
        // The time of the interaction in milliseconds, as far as six signs carry it (12 days).
        let time = self.id >> 22;
        (0..6)
            .rev()
            .filter_map(|place| {
                let sign = usize::try_from(time >> (5 * place) & 31).ok()?;
                SIGNS.get(sign).copied().map(char::from)
            })
            .collect()
    }
}

fn powers(permissions: Permissions, roles: &[u64], settings: &Settings) -> Powers {
    let has =
        |role: Option<crate::domain::ids::RoleId>| role.is_some_and(|role| roles.contains(&role.0));
    let admin = permissions.intersects(Permissions::ADMINISTRATOR | Permissions::MANAGE_GUILD);
    Powers {
        admin,
        moderator: admin || permissions.intersects(MODERATION) || has(settings.moderator_role),
        resident: has(settings.resident_role),
    }
}

/// Why there is no answer.
#[derive(Debug)]
pub(in crate::discord) enum Trouble {
    /// Something about what they asked: said to the person alone.
    Said(String),
    /// The stage is busy: the same again will do.
    Busy,
    /// Done, but not on disk.
    NotKept,
    /// Our own failure. Logged once, where it is answered, and shown as a reference.
    Failure(Box<dyn std::error::Error + Send + Sync>),
}

impl From<StageFailure> for Trouble {
    fn from(failure: StageFailure) -> Trouble {
        match failure {
            StageFailure::Busy => Trouble::Busy,
            StageFailure::NotKept => Trouble::NotKept,
            StageFailure::Gone => Trouble::Failure(failure.into()),
        }
    }
}

impl From<StorageFailure> for Trouble {
    fn from(failure: StorageFailure) -> Trouble {
        if failure.may_pass() {
            tracing::warn!(%failure, "storage is slow to answer");
            return Trouble::Busy;
        }
        Trouble::Failure(failure.into())
    }
}

/// What is shown for an interaction.
#[derive(Clone, Debug)]
pub(in crate::discord) struct Answer {
    /// Content, embeds and components, as Discord's JSON.
    pub(in crate::discord) body: Value,
    pub(in crate::discord) files: Vec<Upload>,
    /// For everyone in the channel, not only for who asked.
    pub(in crate::discord) public: bool,
    /// Instead of the message whose button was pressed.
    pub(in crate::discord) turns_page: bool,
    /// Further messages to who asked, after it.
    pub(in crate::discord) more: Vec<(Value, Vec<Upload>)>,
}

impl Answer {
    /// Words for the one who asked.
    pub(in crate::discord) fn quiet(words: &str) -> Answer {
        Answer::of(json!({ "content": markup::cut(words, CONTENT_LIMIT) }))
    }

    /// A message for the one who asked.
    pub(in crate::discord) fn of(mut body: Value) -> Answer {
        if let Some(fields) = body.as_object_mut() {
            fields.insert("allowed_mentions".to_owned(), json!({ "parse": [] }));
        }
        Answer {
            body,
            files: Vec::new(),
            public: false,
            turns_page: false,
            more: Vec::new(),
        }
    }

    pub(in crate::discord) fn in_public(mut self) -> Answer {
        self.public = true;
        self
    }

    /// The same with a line below its content, which gives way where both are too long.
    pub(in crate::discord) fn with_line(mut self, line: &str) -> Answer {
        let room = CONTENT_LIMIT.saturating_sub(line.chars().count() + 1);
        if let Some(fields) = self.body.as_object_mut() {
            let content = fields.get("content").and_then(Value::as_str);
            let content = markup::cut(content.unwrap_or_default(), room);
            fields.insert("content".to_owned(), format!("{content}\n{line}").into());
        }
        self
    }

    pub(in crate::discord) fn with_files(mut self, files: Vec<Upload>) -> Answer {
        self.files = files;
        self
    }
}

pub(in crate::discord) type Outcome = Result<Answer, Trouble>;

/// A visit with the stage it is about.
#[derive(Debug)]
pub(in crate::discord) struct Call {
    pub(in crate::discord) desk: SharedDesk,
    pub(in crate::discord) visit: Visit,
    pub(in crate::discord) stage: StageHandle,
    pub(in crate::discord) view: Arc<View>,
    pub(in crate::discord) actor: Actor,
}

impl Call {
    pub(in crate::discord) async fn begin(
        desk: &SharedDesk,
        visit: Visit,
    ) -> Result<Call, Trouble> {
        let stage = desk.stages.stage(visit.guild).await?;
        let view = stage.view();
        let actor = Actor {
            member: visit.member,
            name: visit.name.clone(),
            voice: desk.crowd.channel_of(visit.guild, visit.member),
            powers: visit.powers(&view.settings),
        };
        Ok(Call {
            desk: Arc::clone(desk),
            visit,
            stage,
            view,
            actor,
        })
    }

    pub(in crate::discord) fn guild(&self) -> GuildId {
        self.visit.guild
    }

    pub(in crate::discord) fn locale(&self) -> Locale {
        self.visit.locale
    }

    pub(in crate::discord) fn say(&self, key: &str, fills: &[(&str, Fill<'_>)]) -> String {
        self.desk.words.say(self.visit.locale, key, fills)
    }

    /// Asks the stage; a refusal becomes what is said about it.
    pub(in crate::discord) async fn ask(&self, command: Command) -> Result<Notice, Trouble> {
        let outcome = self.stage.ask(self.actor.clone(), command).await?;
        outcome.map_err(|refusal| self.refused(&refusal))
    }

    /// Asks the stage and says what came of it to who asked.
    pub(in crate::discord) async fn carry_out(&self, command: Command) -> Outcome {
        let notice = self.ask(command).await?;
        Ok(Answer::quiet(&self.noticed(&notice)))
    }

    pub(in crate::discord) fn noticed(&self, notice: &Notice) -> String {
        let words = &self.desk.words;
        words.notice(self.visit.locale, notice, markup::plain)
    }

    pub(in crate::discord) fn refused(&self, refusal: &Refusal) -> Trouble {
        let words = &self.desk.words;
        Trouble::Said(words.refusal(self.visit.locale, refusal, markup::plain))
    }

    /// Something about the request itself.
    pub(in crate::discord) fn wrong(&self, key: &str, fills: &[(&str, Fill<'_>)]) -> Trouble {
        Trouble::Said(self.say(key, fills))
    }

    /// Whoever uses the bot is there.
    pub(in crate::discord) async fn sign_of_life(&self) {
        if self.view.open.is_some() {
            let member = self.actor.member;
            self.stage.tell(Signal::LifeSign { member }).await;
        }
    }
}

/// The sentence for trouble, and for the log what was behind it.
pub(in crate::discord) fn worded(desk: &SharedDesk, visit: &Visit, trouble: Trouble) -> String {
    let reference = visit.reference();
    let key = match trouble {
        Trouble::Said(words) => return words,
        Trouble::Busy => "failure-busy",
        Trouble::NotKept => "failure-not-kept",
        Trouble::Failure(failure) => {
            tracing::error!(reference, interaction.id = visit.id, guild.id = %visit.guild, %failure,
                "an interaction failed");
            "failure"
        }
    };
    desk.words
        .say(visit.locale, key, &[("reference", reference.into())])
}

#[cfg(test)]
mod tests {
    use super::{Answer, CONTENT_LIMIT, Reporter, Visit, powers};
    use crate::domain::ids::{ChannelId, GuildId, MemberId, RoleId};
    use crate::domain::settings::Settings;
    use crate::i18n::Locale;
    use serenity::all::Permissions;

    #[test]
    fn discords_permissions_and_the_guilds_roles_make_powers() {
        let settings = Settings {
            moderator_role: Some(RoleId(7)),
            resident_role: Some(RoleId(8)),
            ..Settings::default()
        };
        let of = |permissions, roles: &[u64]| {
            let powers = powers(permissions, roles, &settings);
            (powers.admin, powers.moderator, powers.resident)
        };
        assert_eq!(of(Permissions::SEND_MESSAGES, &[]), (false, false, false));
        assert_eq!(of(Permissions::ADMINISTRATOR, &[]), (true, true, false));
        assert_eq!(of(Permissions::MANAGE_GUILD, &[]), (true, true, false));
        assert_eq!(of(Permissions::MODERATE_MEMBERS, &[]), (false, true, false));
        assert_eq!(of(Permissions::MANAGE_MESSAGES, &[]), (false, false, false));
        assert_eq!(of(Permissions::empty(), &[7]), (false, true, false));
        assert_eq!(of(Permissions::empty(), &[8, 9]), (false, false, true));
        let unset = powers(Permissions::empty(), &[7, 8], &Settings::default());
        assert!(!unset.moderator && !unset.resident);
    }

    #[test]
    fn a_reference_is_short_and_tells_visits_apart() {
        let visit = |id| Visit {
            id,
            token: String::new(),
            guild: GuildId(1),
            channel: ChannelId(1),
            locale: Locale::En,
            member: MemberId(1),
            name: String::new(),
            avatar: String::new(),
            bot_permissions: Permissions::empty(),
            reporter: Reporter::default(),
            roles: Vec::new(),
            permissions: Permissions::empty(),
        };
        let one = visit(1_234_567_890_123_456_789).reference();
        assert_eq!(one.len(), 6);
        assert_ne!(
            one,
            visit(1_234_567_890_123_456_789 + (1 << 22)).reference()
        );
    }

    #[test]
    fn an_answer_rings_nobody_and_fits() {
        let answer = Answer::quiet(&"x".repeat(3_000));
        let content = answer.body["content"].as_str().unwrap();
        assert_eq!(content.chars().count(), CONTENT_LIMIT);
        assert_eq!(
            answer.body["allowed_mentions"]["parse"],
            serde_json::json!([])
        );
        assert!(!answer.public);
        let answer = answer.with_line("and this");
        let content = answer.body["content"].as_str().unwrap();
        assert_eq!(content.chars().count(), CONTENT_LIMIT);
        assert!(content.ends_with("\nand this"), "{content}");
    }
}
