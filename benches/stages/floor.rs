//! The least that so many stages can cost: one loop that encrypts the frames of a prepared file with
//! Discord's preferred cipher and sends them, one datagram a stage every 20 ms, each stage by a
//! socket of its own as a voice connection has it. Nothing is read, decided or told anybody.

use crate::orders::{Orders, Sending};
use crate::{FRAME, Task};
use aes_gcm::aead::AeadInPlace;
use aes_gcm::{Aes256Gcm, KeyInit};
use std::net::UdpSocket;
use std::path::Path;
use std::time::{Duration, Instant};

const HEADER: usize = 12;

struct Stage {
    socket: UdpSocket,
    cipher: Aes256Gcm,
    /// Reused from frame to frame.
    datagram: Vec<u8>,
    ssrc: u32,
    count: u32,
}

impl Stage {
    fn send(&mut self, opus: &[u8]) -> anyhow::Result<()> {
        let [.., high, low] = self.count.to_be_bytes();
        self.datagram.clear();
        self.datagram.extend([0x80, 0x78, high, low]);
        self.datagram
            .extend(self.count.wrapping_mul(960).to_be_bytes());
        self.datagram.extend(self.ssrc.to_be_bytes());
        self.datagram.extend(opus);
        let (head, sound) = self.datagram.split_at_mut(HEADER);
        let suffix = self.count.to_be_bytes();
        let [a, b, c, d] = suffix;
        let nonce = [a, b, c, d, 0, 0, 0, 0, 0, 0, 0, 0];
        let tag = self
            .cipher
            .encrypt_in_place_detached(&nonce.into(), head, sound);
        let tag = tag.map_err(|_| anyhow::anyhow!("a frame is too long for the cipher"))?;
        self.datagram.extend(tag);
        self.datagram.extend(suffix);
        self.socket.send(&self.datagram)?;
        self.count = self.count.wrapping_add(1);
        Ok(())
    }
}

pub(crate) fn run(task: &Task) -> anyhow::Result<()> {
    let frames = packets(&task.song(0)?)?;
    let mut stages = Vec::new();
    for number in 1..=task.stages {
        let socket = UdpSocket::bind("127.0.0.1:0")?;
        socket.connect(("127.0.0.1", task.port))?;
        let ssrc = u32::try_from(number)?;
        stages.push(Stage {
            socket,
            cipher: Aes256Gcm::new(&[7; 32].into()),
            datagram: Vec::with_capacity(2_048),
            ssrc,
            count: 0,
        });
    }
    let orders = Orders::listen();
    let mut sending = Sending::begin();
    let mut deadline = Instant::now();
    // Every stage is at another place of the file, as stages are.
    for tick in 0_usize.. {
        for (number, stage) in stages.iter_mut().enumerate() {
            let frame = frames.get((tick + number * 7) % frames.len());
            stage.send(frame.map(Vec::as_slice).unwrap_or_default())?;
        }
        if sending.follow(orders.next(Duration::ZERO))? {
            break;
        }
        deadline += FRAME;
        std::thread::sleep(deadline.saturating_duration_since(Instant::now()));
    }
    Ok(())
}

/// The Opus packets of a prepared file, without the two of its head.
fn packets(file: &Path) -> anyhow::Result<Vec<Vec<u8>>> {
    let mut reader = ogg::PacketReader::new(std::fs::File::open(file)?);
    let mut packets = Vec::new();
    while let Some(packet) = reader.read_packet()? {
        packets.push(packet.data);
    }
    anyhow::ensure!(packets.len() > 2, "{} is empty", file.display());
    Ok(packets.split_off(2))
}
