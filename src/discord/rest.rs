//! The one way to Discord's REST API, whatever the base: each method is one endpoint with its
//! deadline, and its answer or a sorted failure. It knows no wording and decides nothing; bodies
//! are JSON as Discord documents it.

mod buckets;
mod courier;
mod failure;
mod files;
mod stages;

pub use failure::RestFailure;

use bytes::Bytes;
use courier::{Courier, Parcel};
use reqwest::Method;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use url::Url;

/// An interaction must be answered within 3 s; the rest is for the way.
const ANSWER_WITHIN: Duration = Duration::from_millis(2_500);
/// Edits of answers, posts and everything else.
const POST_WITHIN: Duration = Duration::from_secs(30);

/// A file to send along.
#[derive(Clone, PartialEq, Eq)]
pub struct Upload {
    pub name: String,
    pub bytes: Bytes,
}

impl fmt::Debug for Upload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({} bytes)", self.name, self.bytes.len())
    }
}

/// Where a message that was sent stands. Discord's ids come as strings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sent {
    pub channel: u64,
    pub message: u64,
}

/// The gateway, as `GET /gateway/bot` tells it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Gateway {
    pub url: String,
    pub shards: u32,
}

/// The bot's application, as `GET /applications/@me` tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Application {
    pub id: u64,
    pub name: String,
    /// Discord's application flags.
    pub flags: u64,
    /// Who answers for the bot: its owner, or the owner of the team that has it.
    pub owner: Option<u64>,
}

impl Application {
    /// `GATEWAY_MESSAGE_CONTENT` and `GATEWAY_MESSAGE_CONTENT_LIMITED`.
    const MESSAGE_CONTENT: u64 = 1 << 18 | 1 << 19;

    /// Whether the privileged intent may be asked for; asking without ends the bot with 4014.
    pub fn may_read_messages(&self) -> bool {
        self.flags & Self::MESSAGE_CONTENT != 0
    }
}

/// A clone speaks through the same connection, limits and token.
#[derive(Clone)]
pub struct Rest {
    courier: Arc<Courier>,
    token: Arc<str>,
    base: Url,
    official: bool,
    application: Arc<OnceLock<u64>>,
    /// Starts at random, so that a nonce of this run is none of the last.
    nonce: Arc<AtomicU64>,
}

impl fmt::Debug for Rest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Rest({})", self.base)
    }
}

impl Rest {
    /// `base` as `https://discord.com`, without path; `official` is whether it is that one.
    /// `jitter` gives numbers from 0 to 1 for back-off and nonces. The error says what is wrong
    /// with the arguments, without the token.
    pub fn new(
        token: &str,
        base: &Url,
        official: bool,
        jitter: fn() -> f64,
    ) -> Result<Rest, String> {
        if base.cannot_be_a_base() || !matches!(base.scheme(), "http" | "https") {
            return Err(format!("{base} is not an http(s) address"));
        }
        let token = token.trim().trim_start_matches("Bot ");
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a number from 0 to 1, taken to 32 bits"
        )]
        let start = (jitter().clamp(0.0, 1.0) * f64::from(u32::MAX)) as u64;
        Ok(Rest {
            courier: Arc::new(Courier::new(token, base, jitter)?),
            token: token.into(),
            base: base.clone(),
            official,
            application: Arc::default(),
            nonce: Arc::new(AtomicU64::new(start << 24)),
        })
    }

    /// What serenity's gateway client needs of REST. With another base its limiter must be off, or
    /// it would ignore that base and take the token to Discord.
    pub fn serenity_http(&self) -> serenity::http::Http {
        let http = serenity::http::HttpBuilder::new(&*self.token);
        if self.official {
            http.build()
        } else {
            http.proxy(self.base.as_str().trim_end_matches('/'))
                .ratelimiter_disabled(true)
                .build()
        }
    }

    /// Asks who the bot is. To be called once before anything that names the application.
    pub async fn application(&self) -> Result<Application, RestFailure> {
        #[derive(Deserialize)]
        struct Form {
            id: String,
            #[serde(default)]
            name: String,
            #[serde(default)]
            flags: u64,
            owner: Option<Owner>,
            team: Option<Team>,
        }
        #[derive(Deserialize)]
        struct Owner {
            id: String,
        }
        #[derive(Deserialize)]
        struct Team {
            owner_user_id: String,
        }
        let parcel = self.parcel(Method::GET, "GET applications", 0, &["applications", "@me"]);
        let form: Form = read(self.courier.carry(parcel).await?)?;
        let id = snowflake(&form.id)?;
        let id = *self.application.get_or_init(|| id);
        // What stands as the owner of a team's bot is no person.
        let owner = match (form.team, form.owner) {
            (Some(team), _) => Some(team.owner_user_id),
            (None, owner) => owner.map(|owner| owner.id),
        };
        Ok(Application {
            id,
            name: form.name,
            flags: form.flags,
            owner: owner.and_then(|id| snowflake(&id).ok()),
        })
    }

    /// Where the gateway is and how many shards Discord recommends.
    pub async fn gateway(&self) -> Result<Gateway, RestFailure> {
        let parcel = self.parcel(Method::GET, "GET gateway", 0, &["gateway", "bot"]);
        read(self.courier.carry(parcel).await?)
    }

    /// The first answer to an interaction: `body` is `{type, data}`.
    pub async fn respond(
        &self,
        interaction: u64,
        token: &str,
        body: impl Serialize,
        files: Vec<Upload>,
    ) -> Result<(), RestFailure> {
        let path = ["interactions", &interaction.to_string(), token, "callback"];
        let mut parcel = self.parcel(Method::POST, "POST interactions/callback", 0, &path);
        parcel.major = None;
        parcel.within = ANSWER_WITHIN;
        let mut body = json_of(body)?;
        if let Some(data) = body.get_mut("data") {
            ring_nobody(data);
        }
        self.carry(parcel, body, files).await.map(drop)
    }

    /// Replaces the first answer (also a deferred one). Interaction tokens last 15 min.
    pub async fn edit_original(
        &self,
        token: &str,
        body: impl Serialize,
        files: Vec<Upload>,
    ) -> Result<Sent, RestFailure> {
        let application = self.application_id().to_string();
        let path = ["webhooks", &application, token, "messages", "@original"];
        let mut parcel = self.parcel(Method::PATCH, "PATCH webhooks/messages", 0, &path);
        parcel.major = None;
        sent(self.carry(parcel, harmless(body)?, files).await?)
    }

    pub async fn delete_original(&self, token: &str) -> Result<(), RestFailure> {
        let application = self.application_id().to_string();
        let path = ["webhooks", &application, token, "messages", "@original"];
        let mut parcel = self.parcel(Method::DELETE, "DELETE webhooks/messages", 0, &path);
        parcel.major = None;
        self.courier.carry(parcel).await.map(drop)
    }

    /// A further answer to an interaction.
    pub async fn follow_up(
        &self,
        token: &str,
        body: impl Serialize,
        files: Vec<Upload>,
    ) -> Result<Sent, RestFailure> {
        let application = self.application_id().to_string();
        let path = ["webhooks", &application, token];
        let mut parcel = self.parcel(Method::POST, "POST webhooks", 0, &path);
        parcel.major = None;
        parcel.query = Some("wait=true");
        sent(self.carry(parcel, harmless(body)?, files).await?)
    }

    /// Posts a message. A nonce makes sure that a repeated attempt posts it once.
    pub async fn send(
        &self,
        channel: u64,
        body: impl Serialize,
        files: Vec<Upload>,
    ) -> Result<Sent, RestFailure> {
        let mut body = harmless(body)?;
        if let Some(fields) = body.as_object_mut() {
            let nonce = self.nonce.fetch_add(1, Ordering::Relaxed);
            fields.insert("nonce".to_owned(), nonce.to_string().into());
            fields.insert("enforce_nonce".to_owned(), true.into());
        }
        let path = ["channels", &channel.to_string(), "messages"];
        let parcel = self.parcel(Method::POST, "POST channels/messages", channel, &path);
        sent(self.carry(parcel, body, files).await?)
    }

    /// Changes the named fields of a message of the bot; attachments stay unless listed.
    pub async fn edit(
        &self,
        channel: u64,
        message: u64,
        body: impl Serialize,
    ) -> Result<(), RestFailure> {
        let parcel = self.of_message(Method::PATCH, "PATCH channels/messages", (channel, message));
        self.carry(parcel, harmless(body)?, Vec::new())
            .await
            .map(drop)
    }

    pub async fn delete(&self, channel: u64, message: u64) -> Result<(), RestFailure> {
        let parcel = self.of_message(
            Method::DELETE,
            "DELETE channels/messages",
            (channel, message),
        );
        self.courier.carry(parcel).await.map(drop)
    }

    /// The message as Discord's JSON.
    pub async fn get_message(&self, channel: u64, message: u64) -> Result<Value, RestFailure> {
        let parcel = self.of_message(Method::GET, "GET channels/messages", (channel, message));
        self.courier.carry(parcel).await
    }

    /// Puts the bot's own reaction there. `emoji` is Unicode or `name:id`.
    pub async fn react(&self, channel: u64, message: u64, emoji: &str) -> Result<(), RestFailure> {
        // Discord counts adding and removing one's reactions together.
        let mut parcel = self.of_message(Method::PUT, "PUT reactions", (channel, message));
        parcel
            .path
            .extend(["reactions", emoji, "@me"].map(String::from));
        self.courier.carry(parcel).await.map(drop)
    }

    /// Takes somebody's reaction away; needs Manage Messages.
    pub async fn unreact(
        &self,
        (channel, message): (u64, u64),
        emoji: &str,
        member: u64,
    ) -> Result<(), RestFailure> {
        let mut parcel = self.of_message(Method::DELETE, "DELETE reactions", (channel, message));
        let member = member.to_string();
        parcel
            .path
            .extend(["reactions", emoji, &member].map(String::from));
        self.courier.carry(parcel).await.map(drop)
    }

    /// Takes all reactions away; needs Manage Messages.
    pub async fn clear_reactions(&self, channel: u64, message: u64) -> Result<(), RestFailure> {
        let mut parcel =
            self.of_message(Method::DELETE, "DELETE all reactions", (channel, message));
        parcel.path.push("reactions".to_owned());
        self.courier.carry(parcel).await.map(drop)
    }

    /// The direct message channel with somebody.
    pub async fn direct_channel(&self, member: u64) -> Result<u64, RestFailure> {
        #[derive(Deserialize)]
        struct Form {
            id: String,
        }
        let path = ["users", "@me", "channels"];
        let parcel = self.parcel(Method::POST, "POST users/channels", 0, &path);
        let body = json!({ "recipient_id": member.to_string() });
        let form: Form = read(self.carry(parcel, body, Vec::new()).await?)?;
        snowflake(&form.id)
    }

    /// Replaces all global commands.
    pub async fn set_commands(&self, body: impl Serialize) -> Result<Value, RestFailure> {
        let path = [
            "applications",
            &self.application_id().to_string(),
            "commands",
        ];
        let parcel = self.parcel(Method::PUT, "PUT commands", 0, &path);
        self.carry(parcel, body, Vec::new()).await
    }

    /// The global commands with all their localizations.
    pub async fn get_commands(&self) -> Result<Value, RestFailure> {
        let path = [
            "applications",
            &self.application_id().to_string(),
            "commands",
        ];
        let mut parcel = self.parcel(Method::GET, "GET commands", 0, &path);
        parcel.query = Some("with_localizations=true");
        self.courier.carry(parcel).await
    }

    /// The application's id, once `application` has been asked.
    fn application_id(&self) -> u64 {
        self.application.get().copied().unwrap_or(0)
    }

    fn of_message(
        &self,
        method: Method,
        route: &'static str,
        (channel, message): (u64, u64),
    ) -> Parcel {
        let (channel_text, message) = (channel.to_string(), message.to_string());
        let path = ["channels", &channel_text, "messages", &message];
        self.parcel(method, route, channel, &path)
    }

    #[expect(clippy::unused_self, reason = "a parcel is one of this base's")]
    fn parcel(&self, method: Method, route: &'static str, major: u64, path: &[&str]) -> Parcel {
        Parcel {
            method,
            route,
            major: Some(major),
            path: path.iter().map(ToString::to_string).collect(),
            query: None,
            body: None,
            files: Vec::new(),
            within: POST_WITHIN,
        }
    }

    async fn carry(
        &self,
        mut parcel: Parcel,
        body: impl Serialize,
        files: Vec<Upload>,
    ) -> Result<Value, RestFailure> {
        parcel.body = Some(json_of(body)?);
        parcel.files = files;
        self.courier.carry(parcel).await
    }
}

/// A message that rings nobody, unless it says whom itself: no call is left to be forgotten.
fn harmless(body: impl Serialize) -> Result<Value, RestFailure> {
    let mut body = json_of(body)?;
    ring_nobody(&mut body);
    Ok(body)
}

fn ring_nobody(message: &mut Value) {
    // The words of a form and a list of choices are no message.
    let is_message = ["content", "embeds", "components", "attachments"]
        .iter()
        .any(|part| message.get(part).is_some())
        && message.get("custom_id").is_none();
    if let (true, Some(fields)) = (is_message, message.as_object_mut()) {
        let nobody = serde_json::json!({ "parse": [] });
        fields.entry("allowed_mentions").or_insert(nobody);
    }
}

fn json_of(body: impl Serialize) -> Result<Value, RestFailure> {
    serde_json::to_value(body).map_err(unreadable)
}

fn read<T: serde::de::DeserializeOwned>(answer: Value) -> Result<T, RestFailure> {
    serde_json::from_value(answer).map_err(unreadable)
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "it is what map_err hands over"
)]
fn unreadable(error: serde_json::Error) -> RestFailure {
    RestFailure::Invalid {
        code: 0,
        message: error.to_string(),
    }
}

fn snowflake(text: &str) -> Result<u64, RestFailure> {
    text.parse().map_err(|_| RestFailure::Invalid {
        code: 0,
        message: "an id that is no number".to_owned(),
    })
}

fn sent(answer: Value) -> Result<Sent, RestFailure> {
    #[derive(Deserialize)]
    struct Form {
        id: String,
        channel_id: String,
    }
    let form: Form = read(answer)?;
    Ok(Sent {
        channel: snowflake(&form.channel_id)?,
        message: snowflake(&form.id)?,
    })
}

#[cfg(test)]
#[path = "rest/tests.rs"]
mod tests;
