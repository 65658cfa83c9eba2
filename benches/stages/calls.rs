//! Stages as songbird sends them, in one process with one runtime as the bot has it: a driver for
//! each, connected to the voice server, without Discord's gateway and its pace in the way.

use crate::ears::{USER, channel_of};
use crate::orders::{Orders, Sending};
use crate::{Task, Variant};
use anyhow::Context;
use futures_util::future::try_join_all;
use rondo::audio::{Counts, Deck, gather_ticks, songbird_config};
use songbird::driver::{DisposalThread, Driver};
use songbird::id::{ChannelId, GuildId, UserId};
use songbird::input::File;
use songbird::tracks::Track;
use songbird::{Config, ConnectionInfo};
use std::num::NonZeroU64;
use std::time::Duration;
use tokio_util::task::TaskTracker;

/// Stages that connect at a time.
const AT_A_TIME: usize = 20;
/// A volume that nobody can tell from 1, but for which songbird decodes and encodes.
const MIXED: f32 = 0.9999;

pub(crate) fn run(task: &Task, variant: Variant) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    let _inside = runtime.enter();
    let config = config(variant);
    let mut drivers: Vec<Driver> = Vec::new();
    let all: Vec<u64> = (1..=task.stages).collect();
    for some in all.chunks(AT_A_TIME) {
        let connected = some.iter().map(|stage| connect(task, &config, *stage));
        drivers.extend(runtime.block_on(try_join_all(connected))?);
    }
    let (tasks, mut decks) = (TaskTracker::new(), Vec::new());
    for (number, driver) in drivers.iter_mut().enumerate() {
        let song = task.song(number)?;
        if variant == Variant::Deck {
            let deck = Deck::new(tasks.clone());
            gather_ticks(driver);
            driver.play(Track::new(deck.input()?));
            deck.play_file(&song);
            decks.push(deck);
        } else {
            let mixed = variant == Variant::Mixed;
            let volume = if mixed { MIXED } else { 1.0 };
            driver.play(Track::new(File::new(song).into()).volume(volume));
        }
    }
    let orders = Orders::listen();
    let mut sending = Sending::begin();
    while !sending.follow(orders.next(Duration::from_mins(1)))? {}
    if variant == Variant::Deck {
        let counts = decks.iter().map(Deck::counts);
        println!("{:?}", counts.fold(Counts::default(), Counts::and));
    }
    Ok(())
}

/// Songbird as the bot has it, or, for what it does by itself, as it comes. One thread drops what is
/// over for all calls, as in the bot.
fn config(variant: Variant) -> Config {
    let config = match variant {
        Variant::Deck => songbird_config(),
        _ => Config::default(),
    };
    config.disposer(DisposalThread::default())
}

async fn connect(task: &Task, config: &Config, stage: u64) -> anyhow::Result<Driver> {
    let id = |number: u64| NonZeroU64::new(number).context("stages are counted from 1");
    let info = ConnectionInfo {
        channel_id: ChannelId(id(channel_of(stage))?),
        endpoint: task.endpoint.clone(),
        guild_id: GuildId(id(stage)?),
        session_id: format!("session-{stage}"),
        token: format!("token-{stage}"),
        user_id: UserId(id(USER)?),
    };
    let mut driver = Driver::new(config.clone());
    driver.connect(info).await?;
    Ok(driver)
}
