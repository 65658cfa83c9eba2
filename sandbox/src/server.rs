//! A whole sandbox: REST, gateway and voice over one world, and the doors through which a test or
//! the program of the same name fills it with guilds and people.

use crate::ears::Ears;
use crate::gateway::{self, Gateway};
use crate::people::{Bot, Member};
use crate::permissions::Bits;
use crate::rest;
use crate::voice::{self, TlsError, VoiceServer};
use crate::world::{Addresses, Channel, ChannelKind, Hub, Id, now_ms};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// How often it is looked whether stages have speakers.
const STAGES_EVERY: Duration = Duration::from_millis(250);

/// Where it listens; port 0 takes a free one.
#[derive(Clone, Debug)]
pub struct Ports {
    pub rest: u16,
    pub gateway: u16,
    pub voice: u16,
    pub udp: u16,
    /// Where the certificate is written that voice clients have to trust.
    pub ca_file: PathBuf,
}

impl Ports {
    /// Free ones.
    pub fn any(ca_file: PathBuf) -> Self {
        Self {
            rest: 0,
            gateway: 0,
            voice: 0,
            udp: 0,
            ca_file,
        }
    }
}

/// Why it does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error("a port could not be opened: {0}")]
    Port(#[from] std::io::Error),
    #[error("the voice server did not start: {0}")]
    Voice(#[from] TlsError),
}

/// A running sandbox.
#[derive(Debug)]
pub struct Sandbox {
    hub: Arc<Hub>,
    gateway: Gateway,
    voice: VoiceServer,
    tasks: TaskTracker,
    stop: CancellationToken,
}

impl Sandbox {
    pub async fn start(ports: Ports) -> Result<Self, StartError> {
        let (tasks, stop) = (TaskTracker::new(), CancellationToken::new());
        let hub = Arc::new(Hub::new());
        let settings = voice::Settings {
            port: ports.voice,
            udp_port: ports.udp,
            ..voice::Settings::new(ports.ca_file)
        };
        let voice = VoiceServer::start(settings, Arc::new(Ears::new()), &tasks, &stop).await?;
        hub.speaks_through(voice.clone());
        let settings = gateway::Settings {
            port: ports.gateway,
            ..gateway::Settings::default()
        };
        let gateway = gateway::start(&hub, settings, &tasks, &stop).await?;
        let rest = rest::start(&hub, ports.rest, &tasks, &stop).await?;
        hub.listens_at(Addresses {
            rest,
            gateway: gateway.address(),
        });
        tasks.spawn(watch_stages(Arc::clone(&hub), stop.clone()));
        Ok(Self {
            hub,
            gateway,
            voice,
            tasks,
            stop,
        })
    }

    /// The base that a bot is given in place of `https://discord.com`.
    pub fn base(&self) -> String {
        self.hub.addresses().rest
    }

    pub fn ca_file(&self) -> &Path {
        self.voice.ca_file()
    }

    pub fn hub(&self) -> &Arc<Hub> {
        &self.hub
    }

    pub fn gateway(&self) -> &Gateway {
        &self.gateway
    }

    pub fn voice(&self) -> &VoiceServer {
        &self.voice
    }

    /// Registers a bot. `flags` are Discord's application flags; `1 << 19` is Message Content.
    pub fn bot(&self, name: &str, flags: u64) -> Bot {
        let mut world = self.hub.world();
        let secret = world.new_id();
        let token = format!("sandbox.{secret:x}.{name}");
        let id = world.add_application(name, &token, flags);
        Bot { id, token }
    }

    /// Says who registered the bot, and whether a team of theirs has it.
    pub fn is_owned(&self, bot: &Bot, by: &Member, in_team: bool) {
        let mut world = self.hub.world();
        if let Some(application) = world.applications.get_mut(&bot.id) {
            application.owner = Some((by.id, in_team));
        }
    }

    /// A guild of its own with an owner, a text channel `general` and a voice channel `lounge`.
    pub fn guild(&self, name: &str, owner: &str) -> GuildSet {
        let mut world = self.hub.world();
        let owner_id = world.add_user(owner, "en-US");
        let id = world.add_guild_of(name, owner_id);
        let text = world.add_text_channel(id, "general");
        let lounge = world.add_voice_channel(id, "lounge");
        drop(world);
        GuildSet {
            owner: Member::new(&self.hub, id, owner_id, text),
            hub: Arc::clone(&self.hub),
            id,
            text,
            lounge,
        }
    }

    /// Ends it, and waits until every task has ended.
    pub async fn stop(self) {
        self.stop.cancel();
        self.tasks.close();
        self.tasks.wait().await;
    }
}

/// Closes stages on which nobody speaks any more.
async fn watch_stages(hub: Arc<Hub>, stop: CancellationToken) {
    let mut every = tokio::time::interval(STAGES_EVERY);
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            _ = every.tick() => hub.world().close_silent_stages(now_ms()),
        }
    }
}

/// A guild as `Sandbox::guild` makes it.
#[derive(Clone, Debug)]
pub struct GuildSet {
    hub: Arc<Hub>,
    pub id: Id,
    pub owner: Member,
    pub text: Id,
    pub lounge: Id,
}

impl GuildSet {
    /// Invites the bot with these permissions, as its invite link asks for.
    pub fn invite(&self, bot: &Bot, permissions: Bits) {
        self.hub.world().invite(self.id, bot.id, permissions);
    }

    /// Somebody joins; `locale` is the language of their client.
    pub fn member(&self, name: &str, locale: &str) -> Member {
        let mut world = self.hub.world();
        let id = world.add_user(name, locale);
        world.add_member(self.id, id);
        drop(world);
        Member::new(&self.hub, self.id, id, self.text)
    }

    /// A role with these permissions for these members.
    pub fn role(&self, name: &str, permissions: Bits, members: &[&Member]) -> Id {
        let mut world = self.hub.world();
        let role = world.add_role(self.id, name, permissions);
        for member in members {
            world.set_role(self.id, member.id, role, true);
        }
        role
    }

    pub fn voice_channel(&self, name: &str) -> Id {
        self.hub.world().add_voice_channel(self.id, name)
    }

    /// A Discord stage channel.
    pub fn stage_channel(&self, name: &str) -> Id {
        self.hub.world().add_channel(Channel {
            guild_id: Some(self.id),
            kind: ChannelKind::Stage,
            name: name.to_owned(),
            ..Channel::default()
        })
    }

    pub fn text_channel(&self, name: &str) -> Id {
        self.hub.world().add_text_channel(self.id, name)
    }
}
