//! The one UDP socket of all voice sessions: IP discovery, keepalives, sound. It looks up the
//! session's key, undoes the transport's encryption, lets the people undo DAVE's, and hands over to the
//! ears; it keeps no state of its own.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::UdpSocket;
use tokio::runtime::Handle;
use tokio::sync::mpsc;
use tokio::sync::mpsc::error::TrySendError;
use tokio_util::sync::CancellationToken;

use super::Shared;
use super::cipher::{self, NotOpened};
use super::close::Close;
use crate::ears::{Packet, Verdict};

/// Larger than any datagram that Discord's clients send.
const DATAGRAM_LIMIT: usize = 2_048;
/// Type, length, ssrc, 64 bytes of address, port (Discord's "IP Discovery").
const DISCOVERY: usize = 74;
/// `0x1337CAFE` and a number is answered with `0x1337F00D` and the same number (userdoccers).
const PING: [u8; 4] = [0x13, 0x37, 0xCA, 0xFE];
const PONG: [u8; 4] = [0x13, 0x37, 0xF0, 0x0D];

/// Room for what arrives in one tick of a thousand streams and then some; the kernel gives as much
/// of it as its own limit allows.
const BUFFER: usize = 4 << 20;

pub(super) fn enlarge(socket: &UdpSocket) -> std::io::Result<()> {
    socket2::SockRef::from(socket).set_recv_buffer_size(BUFFER)
}

/// Datagrams that wait while people are busy with their keys; a thousand streams for seconds.
const WAITING_LIMIT: usize = 65_536;
/// How often the listening thread looks whether it is to stop.
const LOOK_UP: Duration = Duration::from_millis(100);

/// A datagram, where it came from, and when it arrived, in samples of 48 kHz.
type Arrived = (Vec<u8>, SocketAddr, u64);

/// Receives until `stop`. A thread of its own listens: when a frame arrived is what it arrived at,
/// however busy everybody else here is.
pub(super) async fn receive(socket: UdpSocket, shared: Arc<Shared>, stop: CancellationToken) {
    let (sender, mut inbox) = mpsc::channel(WAITING_LIMIT);
    let answering = match listening(socket, Arc::clone(&shared), (sender, stop.clone())) {
        Ok(answering) => answering,
        Err(error) => {
            tracing::error!(%error, "nobody listens to voice datagrams");
            return;
        }
    };
    loop {
        let received = tokio::select! {
            received = inbox.recv() => received,
            () = stop.cancelled() => return,
        };
        let Some((mut bytes, from, arrived)) = received else {
            return;
        };
        if let Some(answer) = handle(&shared, &mut bytes, (from, arrived))
            && let Err(error) = answering.send_to(&answer, from)
        {
            tracing::debug!(%error, "a voice datagram could not be answered");
        }
    }
}

/// Starts the thread that listens. Answers the socket to answer with.
fn listening(
    socket: UdpSocket,
    shared: Arc<Shared>,
    (sender, stop): (mpsc::Sender<Arrived>, CancellationToken),
) -> std::io::Result<std::net::UdpSocket> {
    let socket = socket.into_std()?;
    socket.set_nonblocking(false)?;
    socket.set_read_timeout(Some(LOOK_UP))?;
    let answering = socket.try_clone()?;
    let runtime = Handle::current();
    let listen = move || {
        // The clock is the runtime's.
        let _inside = runtime.enter();
        let mut datagram = [0_u8; DATAGRAM_LIMIT];
        while !stop.is_cancelled() {
            // Time to look up; or an ICMP answer to something sent earlier, which concerns no receiver.
            let Ok((length, from)) = socket.recv_from(&mut datagram) else {
                continue;
            };
            let arrived = shared.desk.ears.now_samples();
            let bytes = datagram.get(..length).unwrap_or_default().to_vec();
            if let Err(TrySendError::Full(_)) = sender.try_send((bytes, from, arrived)) {
                tracing::warn!("too many voice datagrams wait; one is dropped");
            }
        }
    };
    std::thread::Builder::new()
        .name("voice datagrams".to_owned())
        .spawn(listen)?;
    Ok(answering)
}

fn handle(
    shared: &Shared,
    bytes: &mut [u8],
    (from, arrived): (SocketAddr, u64),
) -> Option<Vec<u8>> {
    match bytes.len() {
        DISCOVERY if bytes.starts_with(&[0, 1, 0, 70]) => discover(shared, bytes, from),
        8 if bytes.starts_with(&PING) => {
            let count = bytes.get(4..).unwrap_or_default();
            Some([&PONG, count].concat())
        }
        // Keepalives of songbird (ssrc) and discord.js (a counter) want no answer.
        4 | 8 => None,
        _ => {
            sound(shared, bytes, arrived);
            None
        }
    }
}

fn discover(shared: &Shared, bytes: &[u8], from: SocketAddr) -> Option<Vec<u8>> {
    let ssrc_bytes: [u8; 4] = bytes.get(4..8)?.try_into().ok()?;
    if !shared.desk.knows(u32::from_be_bytes(ssrc_bytes)) {
        return None;
    }
    let mut answer = vec![0, 2, 0, 70];
    answer.extend_from_slice(&ssrc_bytes);
    answer.extend_from_slice(from.ip().to_string().as_bytes());
    answer.resize(DISCOVERY - 2, 0);
    answer.extend_from_slice(&from.port().to_be_bytes());
    Some(answer)
}

fn sound(shared: &Shared, bytes: &mut [u8], arrived: u64) {
    let desk = &shared.desk;
    let Some(ssrc) = cipher::ssrc(bytes) else {
        return;
    };
    let Some(voice) = desk.voice(ssrc) else {
        return;
    };
    match voice.cipher.open(bytes) {
        Ok(opened) => {
            let packet = Packet {
                sequence: opened.sequence,
                timestamp: opened.timestamp,
                nonce: opened.nonce,
                opus: opened.opus,
            };
            let verdict = if voice.people.is_some() {
                let readings = desk.read(&voice, opened.opus);
                desk.ears
                    .receive_encrypted((ssrc, arrived), &packet, readings)
            } else {
                desk.ears.receive((ssrc, arrived), &packet)
            };
            if verdict == Verdict::NotAnnounced {
                desk.close(ssrc, Close::BadRequest);
            }
        }
        Err(NotOpened::Malformed) => desk.ears.malformed(ssrc),
        Err(NotOpened::Undecryptable) => desk.ears.undecryptable(ssrc),
    }
}
