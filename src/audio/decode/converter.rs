//! Sound of any rate and any number of channels brought to 48 kHz and two.

use super::RATE;
use crate::audio::inspect::Unplayable;
use rubato::{FftFixedIn, Resampler};
use symphonia::core::audio::SignalSpec;

/// Frames of the file that are output at a time.
pub(super) const CHUNK: usize = 1_024;

/// From the file's rate and channels to ours.
pub(super) struct Converter {
    pub(super) spec: SignalSpec,
    resampler: Option<FftFixedIn<f32>>,
    /// Left and right, waiting to be output.
    waiting: [Vec<f32>; 2],
    /// Resampled frames at the beginning that are the filter's own.
    skip: usize,
    /// Frames that came in and went out, to end with the right number.
    taken: u64,
    given: u64,
    out: Vec<f32>,
}

impl Converter {
    pub(super) fn new(spec: SignalSpec) -> Result<Converter, Unplayable> {
        let resampler = if spec.rate == RATE {
            None
        } else {
            let rate = usize::try_from(spec.rate).map_err(|_| Unplayable::Broken)?;
            let ours = usize::try_from(RATE).map_err(|_| Unplayable::Broken)?;
            let made = FftFixedIn::new(rate, ours, CHUNK, 2, 2);
            Some(made.map_err(|_| Unplayable::Broken)?)
        };
        Ok(Converter {
            spec,
            skip: resampler.as_ref().map_or(0, Resampler::output_delay),
            resampler,
            waiting: [Vec::new(), Vec::new()],
            taken: 0,
            given: 0,
            out: Vec::new(),
        })
    }

    pub(super) fn take(&mut self, samples: &[f32], sink: &mut impl FnMut(&[f32])) {
        let channels = self.spec.channels.count().max(1);
        self.taken += u64::try_from(samples.len() / channels).unwrap_or(0);
        if self.resampler.is_none() && channels == 2 {
            self.given = self.taken;
            return sink(samples);
        }
        for frame in samples.chunks_exact(channels) {
            let [left, right] = stereo(frame);
            self.waiting[0].push(left);
            self.waiting[1].push(right);
        }
        self.flow(sink);
    }

    /// Hands on what is waiting, as far as it makes whole chunks.
    fn flow(&mut self, sink: &mut impl FnMut(&[f32])) {
        let Some(resampler) = &mut self.resampler else {
            self.out.clear();
            let [left, right] = &self.waiting;
            self.out
                .extend(left.iter().zip(right).flat_map(|(l, r)| [*l, *r]));
            self.given = self.taken;
            self.waiting.iter_mut().for_each(Vec::clear);
            return sink(&self.out);
        };
        while self.waiting[0].len() >= CHUNK {
            let chunk = self
                .waiting
                .each_ref()
                .map(|it| it.get(..CHUNK).unwrap_or_default());
            let Ok(output) = resampler.process(&chunk, None) else {
                return;
            };
            self.waiting
                .iter_mut()
                .for_each(|it| drop(it.drain(..CHUNK)));
            hand_on(
                &output,
                (&mut self.skip, &mut self.given),
                (None, &mut self.out),
                sink,
            );
        }
    }

    /// Hands on the rest, so that the sound is as long as it was.
    pub(super) fn finish(&mut self, sink: &mut impl FnMut(&[f32])) {
        let Some(resampler) = &mut self.resampler else {
            return;
        };
        let wanted = self.taken * u64::from(RATE) / u64::from(self.spec.rate.max(1));
        // Nothing at all would be refused, and the filter would keep what it holds back.
        let mut rest = Some(self.waiting.clone()).filter(|it| !it[0].is_empty());
        while self.given < wanted {
            let last = rest.take();
            let last = last.as_ref().map(<[Vec<f32>; 2]>::as_slice);
            let output = resampler.process_partial(last, None);
            let Ok(output) = output else { return };
            let left = wanted - self.given;
            hand_on(
                &output,
                (&mut self.skip, &mut self.given),
                (Some(left), &mut self.out),
                sink,
            );
        }
    }
}

fn hand_on(
    output: &[Vec<f32>],
    (skip, given): (&mut usize, &mut u64),
    (most, out): (Option<u64>, &mut Vec<f32>),
    sink: &mut impl FnMut(&[f32]),
) {
    let [left, right] = output else { return };
    let frames = left.iter().zip(right).skip(*skip);
    *skip = skip.saturating_sub(left.len());
    let most = most.and_then(|it| usize::try_from(it).ok());
    out.clear();
    out.extend(
        frames
            .take(most.unwrap_or(usize::MAX))
            .flat_map(|(l, r)| [*l, *r]),
    );
    *given += u64::try_from(out.len() / 2).unwrap_or(0);
    sink(out);
}

/// One frame of any number of channels as left and right. Beyond two, symphonia's order begins with
/// left, right and centre; what is behind and below comes softer to both sides (ITU-R BS.775).
fn stereo(frame: &[f32]) -> [f32; 2] {
    const SOFTER: f32 = std::f32::consts::FRAC_1_SQRT_2;
    match frame {
        [] => [0.0, 0.0],
        [mono] => [*mono, *mono],
        [left, right] => [*left, *right],
        [left, right, others @ ..] => {
            let others: f32 = others.iter().sum::<f32>() * SOFTER;
            // So that all channels together cannot be louder than full scale by much.
            [(left + others) * SOFTER, (right + others) * SOFTER]
        }
    }
}
