//! The one UDP socket of all voice sessions: IP discovery, keepalives, sound. It looks up the
//! session's key, undoes the transport's encryption, lets the people undo DAVE's, and hands over to the
//! ears; it keeps no state of its own.

use std::net::SocketAddr;
use std::sync::Arc;

use tokio::net::UdpSocket;
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

/// Receives until `stop`.
pub(super) async fn receive(socket: UdpSocket, shared: Arc<Shared>, stop: CancellationToken) {
    let mut datagram = [0_u8; DATAGRAM_LIMIT];
    loop {
        let received = tokio::select! {
            received = socket.recv_from(&mut datagram) => received,
            () = stop.cancelled() => return,
        };
        // An ICMP answer to something sent earlier surfaces here; it concerns no receiver.
        let Ok((length, from)) = received else {
            continue;
        };
        let Some(bytes) = datagram.get_mut(..length) else {
            continue;
        };
        if let Some(answer) = handle(&shared, bytes, from)
            && let Err(error) = socket.send_to(&answer, from).await
        {
            tracing::debug!(%error, "a voice datagram could not be answered");
        }
    }
}

fn handle(shared: &Shared, bytes: &mut [u8], from: SocketAddr) -> Option<Vec<u8>> {
    match bytes.len() {
        DISCOVERY if bytes.starts_with(&[0, 1, 0, 70]) => discover(shared, bytes, from),
        8 if bytes.starts_with(&PING) => {
            let count = bytes.get(4..).unwrap_or_default();
            Some([&PONG, count].concat())
        }
        // Keepalives of songbird (ssrc) and discord.js (a counter) want no answer.
        4 | 8 => None,
        _ => {
            sound(shared, bytes);
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

fn sound(shared: &Shared, bytes: &mut [u8]) {
    let desk = &shared.desk;
    let Some(ssrc) = cipher::ssrc(bytes) else {
        return;
    };
    let Some(voice) = desk.voice(ssrc) else {
        return;
    };
    let arrived = desk.ears.now_samples();
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
                desk.ears.receive(ssrc, &packet)
            };
            if verdict == Verdict::NotAnnounced {
                desk.close(ssrc, Close::BadRequest);
            }
        }
        Err(NotOpened::Malformed) => desk.ears.malformed(ssrc),
        Err(NotOpened::Undecryptable) => desk.ears.undecryptable(ssrc),
    }
}
