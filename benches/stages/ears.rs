//! The other end, in a process of its own: the sandbox's voice server keeps the sessions, and a bare
//! loop counts what arrives. It does not decipher; when a packet came, the kernel says.

use crate::Task;
use crate::orders::{Order, Orders};
use crate::usage::Usage;
use anyhow::Context;
use discord_sandbox::ears::Ears;
use discord_sandbox::voice::{Settings, VoiceServer, Whereabouts};
use nix::sys::socket::{
    ControlMessageOwned, MsgFlags, MultiHeaders, SockaddrIn, recvmmsg, setsockopt, sockopt,
};
use nix::sys::time::TimeSpec;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::io::IoSliceMut;
use std::net::UdpSocket;
use std::os::fd::AsRawFd;
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// Datagrams taken from the kernel at a time.
const BATCH: usize = 64;
const DATAGRAM_LIMIT: usize = 2_048;
/// What arrives in one tick of a thousand streams, several times over.
const BUFFER: usize = 16 << 20;
/// How long the loop waits when there is nothing more. If each packet woke this end, the other would
/// pay for it; a network does not.
const PATIENCE: Duration = Duration::from_millis(2);
/// IP discovery: Discord's "Using UDP", 74 bytes.
const DISCOVERY: usize = 74;
/// Intervals are counted in steps of 0.1 ms up to a second.
const STEP_NS: u64 = 100_000;
const STEPS: usize = 10_000;

/// What is known of a client, so that it may identify itself.
pub(crate) const USER: u64 = 1;

pub(crate) fn channel_of(stage: u64) -> u64 {
    1_000_000 + stage
}

/// What arrived between two orders.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Arrived {
    pub(crate) streams: usize,
    pub(crate) frames: u64,
    pub(crate) lost: u64,
    /// Came twice, or after a later one.
    pub(crate) astray: u64,
    /// Packets the kernel had no room for: lost, but by this end.
    pub(crate) dropped_here: u64,
    /// Between two packets of one stream.
    pub(crate) p50_ms: f64,
    pub(crate) p99_ms: f64,
    pub(crate) max_ms: f64,
    /// By this end, which is not counted with the other.
    pub(crate) used: Usage,
}

#[derive(Debug, Default)]
struct Stream {
    /// Of the newest packet.
    sequence: u16,
    at_ns: u64,
    frames: u64,
}

#[derive(Debug)]
struct Count {
    streams: HashMap<u32, Stream>,
    lost: u64,
    astray: u64,
    frames: u64,
    intervals: Vec<u64>,
    longest_ns: u64,
}

impl Count {
    fn new() -> Count {
        Count {
            streams: HashMap::new(),
            lost: 0,
            astray: 0,
            frames: 0,
            intervals: vec![0; STEPS],
            longest_ns: 0,
        }
    }

    fn packet(&mut self, bytes: &[u8], at_ns: u64) {
        let (Some([0x80, 0x78, high, low]), Some(ssrc)) = (bytes.get(..4), bytes.get(8..12)) else {
            return;
        };
        let sequence = u16::from_be_bytes([*high, *low]);
        let ssrc = ssrc.iter().fold(0, |all, byte| all << 8 | u32::from(*byte));
        let stream = self.streams.entry(ssrc).or_default();
        self.frames += 1;
        stream.frames += 1;
        if stream.frames > 1 {
            let step = sequence.wrapping_sub(stream.sequence);
            if step == 0 || step > u16::MAX / 2 {
                self.astray += 1;
                return;
            }
            self.lost += u64::from(step - 1);
            let interval = at_ns.saturating_sub(stream.at_ns);
            self.longest_ns = self.longest_ns.max(interval);
            let step = usize::try_from(interval / STEP_NS).unwrap_or(STEPS);
            if let Some(count) = self.intervals.get_mut(step.min(STEPS - 1)) {
                *count += 1;
            }
        }
        (stream.sequence, stream.at_ns) = (sequence, at_ns);
    }

    /// The interval that this share of all is not longer than.
    fn percentile_ms(&self, share: f64) -> f64 {
        let all: u64 = self.intervals.iter().sum();
        let mut below = 0;
        let step = self.intervals.iter().position(|count| {
            below += count;
            number(below) >= share * number(all)
        });
        // The upper end of the step.
        number(step.unwrap_or_default() as u64 + 1) * number(STEP_NS) / 1e6
    }

    fn arrived(&self) -> Arrived {
        Arrived {
            streams: self.streams.len(),
            frames: self.frames,
            lost: self.lost,
            astray: self.astray,
            p50_ms: self.percentile_ms(0.5),
            p99_ms: self.percentile_ms(0.99),
            max_ms: number(self.longest_ns) / 1e6,
            ..Arrived::default()
        }
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "counts of minutes, not of years"
)]
fn number(count: u64) -> f64 {
    count as f64
}

/// Runs until the orders end. Says where it is, then answers `end` with what arrived since `begin`.
pub(crate) fn run(task: &Task) -> anyhow::Result<()> {
    let socket = UdpSocket::bind("127.0.0.1:0")?;
    // More than the system allows everybody; where that is forbidden, as much as it does.
    if setsockopt(&socket, sockopt::RcvBufForce, &BUFFER).is_err() {
        setsockopt(&socket, sockopt::RcvBuf, &BUFFER)?;
    }
    setsockopt(&socket, sockopt::ReceiveTimestampns, &true)?;
    setsockopt(&socket, sockopt::RxqOvfl, &1)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()?;
    let (tasks, stop) = (TaskTracker::new(), CancellationToken::new());
    let settings = Settings {
        sound_port: Some(socket.local_addr()?.port()),
        ..Settings::new(task.ca_file.clone())
    };
    let server = VoiceServer::start(settings, Arc::new(Ears::new()), &tasks, &stop);
    let server = runtime.block_on(server)?;
    for stage in 1..=task.stages {
        // A call of one has no group: what end-to-end encryption costs is measured by itself.
        let to = Whereabouts {
            channel_id: channel_of(stage),
            session_id: format!("session-{stage}"),
            encrypted: false,
            person: false,
        };
        server.moved(stage, USER, Some(to));
        server.admit(stage, USER, &format!("token-{stage}"));
    }
    let port = socket.local_addr()?.port();
    println!("{} {port}", server.endpoint());
    count(&socket)?;
    stop.cancel();
    drop(runtime);
    Ok(())
}

fn count(socket: &UdpSocket) -> anyhow::Result<()> {
    let orders = Orders::listen();
    let mut buffers = vec![[0_u8; DATAGRAM_LIMIT]; BATCH];
    let (mut count, mut used) = (Count::new(), Usage::now());
    let (mut dropped, mut dropped_before) = (0, 0);
    loop {
        match orders.next(Duration::ZERO) {
            Some(Order::Begin) => {
                (count, used) = (Count::new(), Usage::now());
                dropped_before = dropped;
            }
            Some(Order::End) => {
                let arrived = Arrived {
                    dropped_here: dropped - dropped_before,
                    used: Usage::now().since(used),
                    ..count.arrived()
                };
                println!("{}", serde_json::to_string(&arrived)?);
            }
            Some(Order::Over) => return Ok(()),
            None => {}
        }
        dropped = receive(socket, &mut buffers, &mut count)?.unwrap_or(dropped);
    }
}

/// Takes what is there. Answers how many packets the kernel had no room for so far, if it says.
fn receive(
    socket: &UdpSocket,
    buffers: &mut [[u8; DATAGRAM_LIMIT]],
    count: &mut Count,
) -> anyhow::Result<Option<u64>> {
    let mut slices: Vec<[IoSliceMut; 1]> = buffers
        .iter_mut()
        .map(|buffer| [IoSliceMut::new(buffer)])
        .collect();
    let mut headers = MultiHeaders::<SockaddrIn>::preallocate(
        slices.len(),
        Some(nix::cmsg_space!(TimeSpec, u32)),
    );
    let flags = MsgFlags::MSG_DONTWAIT;
    let received = recvmmsg(
        socket.as_raw_fd(),
        &mut headers,
        slices.iter_mut(),
        flags,
        None,
    );
    let received = match received {
        Ok(received) => received,
        // The order to look for may have come; an ICMP answer concerns no receiver.
        Err(nix::Error::EAGAIN | nix::Error::EINTR | nix::Error::ECONNREFUSED) => {
            std::thread::sleep(PATIENCE);
            return Ok(None);
        }
        Err(error) => return Err(error).context("receiving"),
    };
    let (mut dropped, mut asked) = (None, Vec::new());
    for message in received {
        let mut at_ns = 0;
        for note in message.cmsgs()? {
            match note {
                ControlMessageOwned::ScmTimestampns(at) => at_ns = nanos(at),
                ControlMessageOwned::RxqOvfl(all) => dropped = Some(u64::from(all)),
                _ => {}
            }
        }
        let Some(bytes) = message.iovs().next() else {
            continue;
        };
        if bytes.len() == DISCOVERY {
            asked.extend(message.address.map(|from| (from, bytes.to_vec())));
        } else {
            count.packet(bytes, at_ns);
        }
    }
    for (from, question) in asked {
        let from = std::net::SocketAddrV4::new(from.ip(), from.port());
        socket.send_to(&discovered(&question, from), from)?;
    }
    Ok(dropped)
}

fn nanos(at: TimeSpec) -> u64 {
    let duration = Duration::from(at);
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}

/// The answer to IP discovery: the same stream, address and port.
fn discovered(question: &[u8], from: std::net::SocketAddrV4) -> Vec<u8> {
    let mut answer = vec![0, 2, 0, 70];
    answer.extend(question.get(4..8).unwrap_or_default());
    answer.extend(from.ip().to_string().as_bytes());
    answer.resize(DISCOVERY - 2, 0);
    answer.extend(from.port().to_be_bytes());
    answer
}
