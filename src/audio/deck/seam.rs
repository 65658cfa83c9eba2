//! Where a sound is left in its middle, and where one begins in its middle, it would click: 40 ms of
//! both are made anew, the one going down and the other coming up. That is for seeking, for going on
//! after a restart, and for whatever else takes the place of what sounds.

use super::blend;
use super::queue::{Part, Queue};
use super::{Deck, FADE_MADE_IN, made};
use bytes::Bytes;

/// Frames of a seam.
pub(super) const SEAM: usize = 2;

/// One sound that gives way to another.
#[derive(Debug)]
pub(super) struct Seam {
    one: u64,
    other: u64,
    /// Number of the frame of the one at which the other comes up.
    at: u64,
    going: Part,
    coming: Part,
}

impl Seam {
    /// From one to the other, if enough of both waits.
    pub(super) fn between(queue: &mut Queue, one: u64, other: u64) -> Option<Seam> {
        let going = queue.part(one, FADE_MADE_IN + SEAM + 1)?;
        let coming = queue.part(other, SEAM + 1)?;
        let enough = going.frames.len() > FADE_MADE_IN + SEAM && coming.frames.len() > SEAM;
        let soon = u64::try_from(FADE_MADE_IN).unwrap_or(0);
        enough.then(|| Seam {
            one,
            other,
            at: going.first + soon,
            going,
            coming,
        })
    }
}

impl Deck {
    /// Makes the seam, while the one goes on for a moment.
    pub(super) fn sew(&self, seam: Seam) {
        let deck = self.clone();
        self.0.tasks.spawn(async move {
            let (one, other, at) = (seam.one, seam.other, seam.at);
            let making = tokio::task::spawn_blocking(move || {
                blend::cross(&seam.going, &seam.coming, FADE_MADE_IN, SEAM)
            });
            // Without it, the other follows at once.
            let mixed = made(making.await);
            deck.0.queue().give_way((one, other), at, mixed);
            deck.0.told.notify_one();
        });
    }
}

/// The first frames of a sound that begins in its middle, coming up. Blocks.
pub(super) fn risen(mut frames: Vec<Bytes>) -> Vec<Bytes> {
    let part = Part {
        frames: frames.iter().take(SEAM + 1).cloned().collect(),
        ..Part::default()
    };
    if part.frames.len() <= SEAM {
        return frames;
    }
    let up = made(Ok(blend::rise(&part, SEAM)));
    for (frame, up) in frames.iter_mut().zip(up) {
        *frame = up;
    }
    frames
}

#[cfg(test)]
mod tests {
    use super::super::feed::Source;
    use super::super::queue::Manner;
    use super::*;
    use crate::audio::decode::RATE;
    use crate::audio::prepare::prepare;
    use opus2::{Channels, Decoder};
    use std::path::{Path, PathBuf};
    use std::time::Duration;
    use tokio_util::task::TaskTracker;

    fn tone(folder: &Path) -> PathBuf {
        let (wave, ready) = (folder.join("tone.wav"), folder.join("tone.opus"));
        let samples: Vec<u8> = (0..144_000_u32)
            .flat_map(|at| {
                #[expect(clippy::cast_precision_loss, reason = "three seconds are few samples")]
                let phase = at as f32 * 440.0 / 48_000.0 * std::f32::consts::TAU;
                #[expect(clippy::cast_possible_truncation, reason = "it is within an i16")]
                let sample = (phase.sin() * 9_000.0) as i16;
                [sample.to_le_bytes(); 2].concat()
            })
            .collect();
        let length = u32::try_from(samples.len()).unwrap();
        let head = [
            b"RIFF".as_slice(),
            &(36 + length).to_le_bytes(),
            b"WAVEfmt \x10\0\0\0\x01\0\x02\0",
            &48_000_u32.to_le_bytes(),
            &192_000_u32.to_le_bytes(),
            b"\x04\0\x10\0data",
            &length.to_le_bytes(),
        ];
        std::fs::write(&wave, [head.concat(), samples].concat()).unwrap();
        prepare(&wave, &ready).unwrap();
        ready
    }

    fn begin(deck: &Deck, playback: u64, file: &Path, from: Duration) {
        let manner = Manner {
            playback,
            replaces: playback > 1,
            ahead: 20,
            lead: 2,
            cut_told_at: None,
        };
        let source = std::future::ready(Ok(Source::Ready(file.to_owned())));
        deck.play(manner, source, from);
    }

    /// Waits until what sounded before has given way.
    async fn given_way(deck: &Deck, before: u64) {
        let rest = || deck.0.queue().part(before, FADE_MADE_IN + 1);
        while rest().is_some_and(|part| part.frames.len() > FADE_MADE_IN) {
            tokio::task::yield_now().await;
        }
    }

    /// Waits until more of the playback waits than a seam needs: a test draws faster than a call.
    async fn filled(deck: &Deck, playback: u64) {
        let needed = 2 * (FADE_MADE_IN + SEAM);
        let part = || deck.0.queue().part(playback, needed);
        while part().is_none_or(|part| part.frames.len() < needed) {
            tokio::task::yield_now().await;
        }
    }

    /// Draws frames until so many of the playback have sounded, none before it is there.
    async fn draw(deck: &Deck, playback: u64, count: u64, drawn: &mut Vec<Bytes>) {
        loop {
            let (sounded, is_there) = {
                let mut queue = deck.0.queue();
                let front = queue.sounds().unwrap_or(playback);
                let sounded = queue.part(playback, 0).map(|part| part.first);
                let next = queue.part(front, 1);
                let is_there = next.is_some_and(|it| it.complete || !it.frames.is_empty());
                (sounded, is_there)
            };
            if sounded >= Some(count) {
                return;
            }
            if is_there {
                drawn.extend(deck.draw(|it| Vec::from_iter(it.cloned())));
            }
            tokio::task::yield_now().await;
        }
    }

    /// The largest steps between samples, frame by frame, as a listener hears them.
    fn steps(frames: &[Bytes]) -> Vec<f32> {
        let mut decoder = Decoder::new(RATE, Channels::Mono).unwrap();
        let (mut last, mut room) = (0.0_f32, vec![0.0; 5_760]);
        let largest = |frame: &Bytes| {
            let count = decoder.decode_float(frame, &mut room, false).unwrap();
            let mut most = 0.0_f32;
            for sample in &room[..count] {
                most = most.max((sample - last).abs());
                last = *sample;
            }
            most
        };
        frames.iter().map(largest).collect()
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn seeking_and_beginning_in_the_middle_make_no_step() {
        let folder = tempfile::TempDir::new().unwrap();
        let file = tone(folder.path());
        let deck = Deck::new(TaskTracker::new());
        let mut drawn = Vec::new();
        // A quarter of a wave after a beginning of one.
        begin(&deck, 1, &file, Duration::from_millis(20 * 7));
        draw(&deck, 1, 20, &mut drawn).await;
        let first = steps(&drawn);
        let steady = first[8..].iter().copied().fold(0.0, f32::max);
        assert!(first[0] < steady * 0.7, "it comes up: {first:?}");
        for (playback, to) in [(2, 1_020), (3, 340), (4, 2_040)] {
            filled(&deck, playback - 1).await;
            begin(&deck, playback, &file, Duration::from_millis(to));
            given_way(&deck, playback - 1).await;
            draw(&deck, playback, 12, &mut drawn).await;
        }
        let steps = steps(&drawn);
        println!("of {steady}: {steps:?}");
        // Where both are at the same place of their waves they are louder together, for a moment.
        let worst = steady * std::f32::consts::SQRT_2 * 1.05;
        assert!(steps.iter().all(|step| *step < worst), "{worst}: {steps:?}");
        let counts = deck.counts();
        assert_eq!(counts.crossfade, 3 * SEAM as u64, "{counts:?}");
    }
}
