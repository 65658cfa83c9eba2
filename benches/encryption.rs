//! What end-to-end encryption (DAVE) costs a frame, beside the encryption on the way to Discord that
//! every frame has anyway: the same frames through the same crates that songbird uses, one after the
//! other in one process.

#![expect(clippy::print_stdout, reason = "a bench prints what it found")]

#[path = "encryption/call.rs"]
mod call;
#[path = "gauge/table.rs"]
mod table;

use aes_gcm::aead::AeadInPlace;
use aes_gcm::{Aes256Gcm, KeyInit};
use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeValLike;
use serde_json::json;
use std::hint::black_box;
use table::Table;

/// Bytes of a frame at 128 kbit/s.
const FRAME: usize = 320;
const FRAMES: u32 = 200_000;
/// The two ways take turns, so that a busy moment does not fall on one.
const ROUNDS: u32 = 10;

fn main() -> anyhow::Result<()> {
    println!("{}", table::machine());
    let mut session = call::speaker()?;
    let cipher = Aes256Gcm::new(&[7; 32].into());
    let frame: Vec<u8> = (0..=u8::MAX).cycle().take(FRAME).collect();
    let mut datagram = vec![0_u8; 2 * FRAME];
    let (mut on_the_way, mut end_to_end) = (0.0, 0.0);
    for _ in 0..ROUNDS {
        on_the_way += cost_ns(|count| {
            let [a, b, c, d] = count.to_be_bytes();
            let nonce = [a, b, c, d, 0, 0, 0, 0, 0, 0, 0, 0];
            let sound = datagram.get_mut(..FRAME).unwrap_or_default();
            sound.copy_from_slice(&frame);
            let tag = cipher.encrypt_in_place_detached(&nonce.into(), b"twelve bytes", sound);
            anyhow::ensure!(black_box(tag).is_ok(), "not encrypted");
            Ok(())
        })?;
        end_to_end += cost_ns(|_| {
            // As songbird does it: to a text of its own, and from there to the datagram.
            let sound = session.encrypt_opus(&frame)?.into_owned();
            let place = datagram.get_mut(..sound.len()).unwrap_or_default();
            black_box(place).copy_from_slice(&sound);
            Ok(())
        })?;
    }
    let (on_the_way, end_to_end) = (
        on_the_way / f64::from(ROUNDS),
        end_to_end / f64::from(ROUNDS),
    );
    let ratio = (on_the_way + end_to_end) / on_the_way;
    let mut table = Table::new(&["a frame of 320 bytes", "ns of processor time", "x"]);
    for (what, ns, times) in [
        ("encrypted on the way", on_the_way, 1.0),
        ("end-to-end besides", end_to_end, end_to_end / on_the_way),
        ("both", on_the_way + end_to_end, ratio),
    ] {
        table.row(vec![
            what.to_owned(),
            format!("{ns:.0}"),
            format!("{times:.2}"),
        ]);
    }
    let figures =
        json!({ "on_the_way_ns": on_the_way, "end_to_end_ns": end_to_end, "ratio": ratio });
    println!("figures {figures}\n");
    table.print();
    Ok(())
}

/// Processor time of one `work`, in nanoseconds.
fn cost_ns(mut work: impl FnMut(u32) -> anyhow::Result<()>) -> anyhow::Result<f64> {
    let before = processor_ns()?;
    for count in 0..FRAMES / ROUNDS {
        work(count)?;
    }
    Ok((processor_ns()? - before) / f64::from(FRAMES / ROUNDS))
}

#[expect(clippy::cast_precision_loss, reason = "a bench does not run for years")]
fn processor_ns() -> anyhow::Result<f64> {
    let used = getrusage(UsageWho::RUSAGE_SELF)?;
    let micros = used.user_time().num_microseconds() + used.system_time().num_microseconds();
    Ok(micros as f64 * 1e3)
}
