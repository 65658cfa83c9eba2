//! Floor 3: puts the house together, carries out the effects of the stages, and ends it all in
//! order. It decides nothing about music and says nothing to members.

mod chance;
mod dispatch;
mod invite;
mod lifecycle;
mod open_files;
mod pages;
mod scrobbling;
mod tracks;

pub mod clock;

use crate::audio::{
    self, Elsewhere, Groups, Intake, IntakeConfig, Pace, Places, Preparer, PreparerConfig,
    SiteConfig, Speaker, SubsonicConfig,
};
use crate::config::{Config, Secret, Task};
use crate::discord::announcer::{self, Announcer};
use crate::discord::card_index::CardIndex;
use crate::discord::commands::{self, Reception};
use crate::discord::crowd::Crowd;
use crate::discord::reactions::Whispers;
use crate::discord::rest::Rest;
use crate::discord::{Desk, SharedDesk, gateway, mondays, owner};
use crate::domain::ids::{GuildId, MemberId};
use crate::domain::protocol::Signal;
use crate::i18n::Words;
use crate::share::picture::Fonts;
use crate::stage::Directory;
use crate::storage::{Journal, Refresher, Store};
use crate::web;
use anyhow::Context;
use dispatch::{Dispatch, Hands};
use lifecycle::Lifecycle;
use pages::Door;
use songbird::Songbird;
use std::io::{ErrorKind, IsTerminal};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{broadcast, mpsc};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tracing_subscriber::layer::{Layer, SubscriberExt};
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, fmt};

/// Signals of the speakers on their way to the stages; when it is full, the speakers wait.
const SIGNALS_LIMIT: usize = 4_096;
/// How long the journal has for what is still to be written when everybody else has ended.
const LAST_WRITES_LIMIT: Duration = Duration::from_secs(2);
/// Processor time for looking into a file, and for making it ready to be played.
const EXAMINE_TIME: Duration = Duration::from_secs(20);
const PREPARE_TIME: Duration = Duration::from_mins(20);
/// Processor time for what is played as it comes: some percent of two hours.
const STREAM_TIME: Duration = Duration::from_mins(20);
/// How often files that nobody needs any more are looked for.
const COLLECT_EVERY: Duration = Duration::from_hours(1);

/// Runs the bot until it is stopped. The exit code is 0 after a stop that was asked for, 1 after a
/// failure, 2 when there is no token.
pub fn start(config: Config) -> ExitCode {
    match &config.task {
        Some(Task::Examine { file, cover }) => {
            audio::limit_this_process(EXAMINE_TIME);
            return say(audio::examine(file, cover.as_deref()));
        }
        Some(Task::Prepare { file, out }) => {
            audio::limit_this_process(PREPARE_TIME);
            audio::stand_back();
            return say(audio::prepare(file, out));
        }
        Some(Task::Keep { command }) => return ExitCode::from(audio::keep(command)),
        Some(Task::Stream {
            file,
            from_ms,
            gain_tenths,
        }) => {
            audio::limit_this_process(STREAM_TIME);
            let from = Duration::from_millis(*from_ms);
            return match audio::stream(file, from, *gain_tenths, std::io::stdout()) {
                Ok(()) => ExitCode::SUCCESS,
                Err(_) => ExitCode::FAILURE,
            };
        }
        None => {}
    }
    let Some(token) = config.discord_token.clone() else {
        invite::explain();
        return ExitCode::from(2);
    };
    let runtime = match tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(error) => {
            invite::complain(&anyhow::Error::new(error).context("the runtime did not start"));
            return ExitCode::FAILURE;
        }
    };
    let filter = match EnvFilter::try_new(&config.log) {
        Ok(filter) => filter,
        Err(error) => {
            invite::complain(&anyhow::Error::new(error).context("RONDO_LOG is not understood"));
            return ExitCode::from(2);
        }
    };
    let lines = fmt::layer()
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr);
    let groups = Groups::default();
    tracing_subscriber::registry()
        .with(lines.with_filter(filter))
        .with(groups.ears())
        .init();
    match runtime.block_on(run(config, token, groups)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            invite::complain(&error);
            ExitCode::FAILURE
        }
    }
}

/// Says what is wrong with the settings, or what was asked with `--help` and `--version`.
pub fn misread(error: &clap::Error) -> ExitCode {
    // A terminal that cannot be written to cannot be told of it either.
    let _told = error.print();
    ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2))
}

/// A process that does one thing with a file says in a line what came of it.
#[expect(clippy::print_stdout, reason = "whoever started it reads this")]
fn say(line: std::io::Result<String>) -> ExitCode {
    match line {
        Ok(line) => {
            println!("{line}");
            ExitCode::SUCCESS
        }
        Err(error) if error.kind() == ErrorKind::StorageFull => ExitCode::from(audio::DISK_FULL),
        Err(_) => ExitCode::FAILURE,
    }
}

/// The bot from the first request to the last write.
async fn run(config: Config, token: Secret, groups: Groups) -> anyhow::Result<()> {
    let store = Store::open(config.database_url.reveal()).await?;
    // Before any stage is open, which would write them back.
    match store.go_on_forgetting().await {
        Ok(0) => {}
        Ok(count) => tracing::info!(count, "members are forgotten to the end"),
        Err(failure) => tracing::warn!(%failure, "members are not forgotten to the end"),
    }
    // The journal ends last: it has a tracker of its own, and ends when nobody can write any more.
    let writing = TaskTracker::new();
    let journal = Journal::start(store.clone(), &writing);
    let outcome = serve((&config, &token, groups), store.clone(), journal).await;
    writing.close();
    if tokio::time::timeout(LAST_WRITES_LIMIT, writing.wait())
        .await
        .is_err()
    {
        tracing::error!("not everything could be written before the end");
    }
    store.close().await;
    outcome
}

/// Everything between the journal's beginning and its end.
async fn serve(
    (config, token, groups): (&Config, &Secret, Groups),
    store: Store,
    journal: Journal,
) -> anyhow::Result<()> {
    let door = Door::open(config).await?;
    let base = &config.discord_api_base;
    let rest = Rest::new(token.reveal(), base, config.is_discord(), chance::number)
        .map_err(anyhow::Error::msg)?;
    let application = rest
        .application()
        .await
        .with_context(|| format!("{base} did not let the bot in"))?;
    invite::greet(&application.name, application.id);
    let (life, crowd) = (Lifecycle::default(), Crowd::default());
    let (signals, reports) = mpsc::channel(SIGNALS_LIMIT);
    let intake = take_in(config, &life)?;
    let songbird = Songbird::serenity_from_config(audio::songbird_config());
    let preparer = preparer(config)?;
    let sound = (intake.sources().clone(), preparer.clone());
    let voice = (Arc::clone(&songbird), groups);
    let speaker = Speaker::new(voice, sound, signals, life.tasks.clone(), life.stop.clone());
    let (announcer, inbox) = Announcer::new();
    let (said, _) = broadcast::channel(web::SAID_LIMIT);
    let hands = Hands {
        store: store.clone(),
        journal,
        speaker,
        announcer: announcer.clone(),
        crowd: crowd.clone(),
        said: said.clone(),
    };
    let stages = stages(hands, reports, &life);
    look_after(&life, &intake, (&store, &stages));
    let desk: SharedDesk = Arc::new(Desk {
        may_read_messages: application.may_read_messages(),
        application_id: application.id,
        owner: application.owner.map(MemberId),
        rest,
        crowd,
        stages,
        words: Words::new(),
        announcer,
        cards: CardIndex::default(),
        whispers: Whispers::default(),
        clock: clock::now,
        chance: chance::number,
        public: door.as_ref().map(|door| door.address.clone()),
        publishing: pages::publishing(config),
        secret: chance::secret_bytes,
        fonts: Fonts::default(),
        media_dir: config.media_dir.clone(),
        media_full: intake.fullness(),
        preparer: preparer.clone(),
        started_at: clock::now(),
        store,
        pace: Pace::new(clock::now),
        music: tracks::music(intake, preparer),
        reception: Reception::default(),
        scrobbling: scrobbling::services(config)?,
        tasks: life.tasks.clone(),
    });
    attend(&life, &desk, inbox);
    if let Some(door) = door {
        door.serve(&desk, said, config, &life);
    }
    stay(&life, desk, songbird).await
}

/// Stays connected until it is time to stop, and ends everything in order.
async fn stay(life: &Lifecycle, desk: SharedDesk, songbird: Arc<Songbird>) -> anyhow::Result<()> {
    let connected = gateway::run(desk, songbird, commands::doors(), life.stop.clone());
    // An end of the gateway before anybody asked for it is why the bot cannot go on.
    let mut connected = std::pin::pin!(connected);
    let ended = tokio::select! {
        ended = &mut connected => ended,
        stopped = life.until_stopped() => {
            stopped?;
            tracing::info!("stopping");
            life.stop.cancel();
            connected.await
        }
    };
    if !life.finish().await {
        tracing::warn!("something did not finish in time");
    }
    Ok(ended?)
}

/// Starts what is done at the desk beside answering.
fn attend(life: &Lifecycle, desk: &SharedDesk, inbox: announcer::Inbox) {
    life.tasks
        .spawn(announcer::run(Arc::clone(desk), inbox, life.stop.clone()));
    life.tasks
        .spawn(mondays::run(Arc::clone(desk), life.stop.clone()));
    life.tasks
        .spawn(owner::run(Arc::clone(desk), life.stop.clone()));
    life.tasks
        .spawn(scrobbling::run(Arc::clone(desk), life.stop.clone()));
}

/// All stages, and the way of the speakers' reports to them.
fn stages(hands: Hands, reports: mpsc::Receiver<(GuildId, Signal)>, life: &Lifecycle) -> Directory {
    let outside = Arc::new(Dispatch::new(hands, clock::now, &life.tasks));
    let stages = Directory::new(outside, life.tasks.clone(), life.stop.clone());
    life.tasks
        .spawn(report(reports, stages.clone(), life.stop.clone()));
    stages
}

/// Starts what is done beside the stages for tracks and their files.
fn look_after(life: &Lifecycle, intake: &Intake, (store, stages): (&Store, &Directory)) {
    let (files, stop) = (open_files::raise(), life.stop.clone());
    life.tasks
        .spawn(open_files::watch(files, stages.clone(), stop));
    life.tasks
        .spawn(tracks::tell_of_tool(intake.clone(), life.stop.clone()));
    life.tasks
        .spawn(collect(intake.clone(), store.clone(), life.stop.clone()));
    life.tasks
        .spawn(Refresher::new(store.clone(), clock::now).run(life.stop.clone()));
}

/// What takes tracks in. Files of members lie on Discord's own servers; with another base they lie
/// on that one, whose address may be anything.
fn take_in(config: &Config, life: &Lifecycle) -> anyhow::Result<Intake> {
    let own = config
        .discord_api_base
        .host_str()
        .filter(|_| !config.is_discord());
    let places = Places {
        media_dir: config.media_dir.clone(),
        library_dir: config.library_dir.clone(),
    };
    let intake = IntakeConfig {
        places,
        trusted_hosts: own
            .map(str::to_owned)
            .into_iter()
            .chain(config.allowed_hosts.iter().cloned())
            .collect(),
        size_limit: config.track_limit_mb * 1_000_000,
        room_limit: config.media_limit_gb * 1_000_000_000,
        length_limit: Duration::from_mins(config.track_limit_minutes),
        site: SiteConfig {
            program: config.site_program(),
            sites: config.sites.clone(),
            path: Config::search_path(),
            clock: clock::wall,
        },
        elsewhere: match &config.elsewhere_base {
            Some(base) => Elsewhere::below(base).context("no address of services")?,
            None => Elsewhere::default(),
        },
        server: config
            .music_server()?
            .map(|(url, user, password)| SubsonicConfig {
                url,
                user: user.to_owned(),
                password: password.reveal().to_owned(),
                chance: chance::bits,
            }),
        program: Config::program().context("the program does not find itself")?,
    };
    Intake::new(intake, &life.tasks, &life.stop)
        .with_context(|| format!("the folder {} cannot be used", config.media_dir.display()))
}

/// What makes tracks ready before their turn.
fn preparer(config: &Config) -> anyhow::Result<Preparer> {
    let jobs = std::thread::available_parallelism().map_or(1, usize::from);
    let dir = config.cache_dir.clone();
    Preparer::new(PreparerConfig {
        program: Config::program().context("the program does not find itself")?,
        size_limit: config.cache_limit_gb * 1_000_000_000,
        jobs,
        clock: clock::wall,
        dir,
    })
    .with_context(|| format!("the folder {} cannot be used", config.cache_dir.display()))
}

/// Brings what the speakers report to the stages.
async fn report(
    mut reports: mpsc::Receiver<(GuildId, Signal)>,
    stages: Directory,
    stop: CancellationToken,
) {
    loop {
        let (guild, signal) = tokio::select! {
            () = stop.cancelled() => return,
            report = reports.recv() => match report {
                Some(report) => report,
                None => return,
            },
        };
        stages.tell(guild, signal).await;
    }
}

/// Removes files that nobody needs any more, at start, every hour, and when there is no room.
async fn collect(intake: Intake, store: Store, stop: CancellationToken) {
    let mut every = tokio::time::interval(COLLECT_EVERY);
    let mut wanted = intake.room_wanted();
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            _ = every.tick() => {}
            Ok(()) = wanted.changed() => {}
        }
        let in_use = match store.media_in_use().await {
            Ok(in_use) => in_use,
            Err(failure) => {
                tracing::warn!(%failure, "not known which files are needed");
                continue;
            }
        };
        let intake = intake.clone();
        let work = move || intake.collect(&in_use, clock::wall());
        match tokio::task::spawn_blocking(work).await {
            Ok(Ok(0)) => {}
            Ok(Ok(removed)) => tracing::info!(removed, "files that nobody needs are gone"),
            Ok(Err(error)) => tracing::warn!(%error, "unneeded files could not be removed"),
            Err(error) => tracing::error!(%error, "looking for unneeded files broke"),
        }
    }
}
