//! Where a track is made a little softer for a moment, since the codec adds to its peaks there: the
//! rest keeps its loudness. Knows neither files nor the codec.

/// Frames over which it goes down before a peak, and comes up after it.
const SIDE: usize = 3;
/// How much softer than needed, in dB.
const MARGIN_DB: f64 = 0.1;

/// By how many dB the gain is lower where each frame begins.
#[derive(Debug, Default)]
pub(super) struct Dips(Vec<f64>);

impl Dips {
    /// The change where this frame begins and where it ends, in dB.
    pub(super) fn of_frame(&self, frame: usize) -> (f64, f64) {
        let at = |node: usize| -self.0.get(node).copied().unwrap_or(0.0);
        (at(frame), at(frame + 1))
    }

    /// Lowers what surrounds each frame whose peak, in dB, is over the limit. Whether any was.
    pub(super) fn deepen(&mut self, peaks_db: &[f64], limit_db: f64) -> bool {
        self.0.resize(peaks_db.len() + 1, 0.0);
        let mut deeper = vec![0.0_f64; self.0.len()];
        let over =
            |(frame, peak): (usize, &f64)| Some((frame, peak - limit_db)).filter(|it| it.1 > 0.0);
        let mut any = false;
        for (frame, over) in peaks_db.iter().enumerate().filter_map(over) {
            any = true;
            // The codec is late by a third of a frame: what is heard in a frame began in the one before.
            let whole = frame.saturating_sub(1)..=frame + 1;
            for node in frame.saturating_sub(1 + SIDE)..=frame + 1 + SIDE {
                let aside = whole.start().abs_diff(node).min(whole.end().abs_diff(node));
                let aside = if whole.contains(&node) { 0 } else { aside };
                #[expect(clippy::cast_precision_loss, reason = "there are a few")]
                let share = 1.0 - aside as f64 / (SIDE + 1) as f64;
                if let Some(deeper) = deeper.get_mut(node) {
                    *deeper = deeper.max((over + MARGIN_DB) * share);
                }
            }
        }
        for (node, deeper) in self.0.iter_mut().zip(deeper) {
            *node += deeper;
        }
        any
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_surrounds_a_peak_is_softer_and_it_goes_there_evenly() {
        let mut dips = Dips::default();
        assert!(!dips.deepen(&[-3.0; 20], -1.0), "nothing is over");
        assert_eq!(dips.of_frame(10), (0.0, 0.0));
        let mut peaks = [-3.0; 20];
        peaks[10] = 0.9;
        assert!(dips.deepen(&peaks, -1.0));
        let near = |frame: usize, from: f64, to: f64| {
            let (is_from, is_to) = dips.of_frame(frame);
            assert!((is_from - from).abs() < 1e-9, "{frame}: {is_from}");
            assert!((is_to - to).abs() < 1e-9, "{frame}: {is_to}");
        };
        near(4, 0.0, 0.0);
        near(6, -0.5, -1.0);
        near(9, -2.0, -2.0);
        near(10, -2.0, -2.0);
        near(11, -2.0, -1.5);
        near(15, 0.0, 0.0);
    }

    #[test]
    fn what_is_still_over_goes_deeper_and_the_ends_of_a_track_have_no_side() {
        let mut dips = Dips::default();
        for peak in [0.0, -0.8] {
            assert!(dips.deepen(&[peak, -9.0], -1.0));
        }
        let (from, _) = dips.of_frame(0);
        assert!((from + 1.4).abs() < 1e-9, "{from}");
        assert_eq!(dips.of_frame(90), (0.0, 0.0));
    }
}
