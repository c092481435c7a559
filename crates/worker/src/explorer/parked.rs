//! Moments of runs that gave way to others, for the case that one of them is opened again.

use super::timeline::{MOST_BYTES, Timeline};

/// Runs whose moments are kept at most: the five that can be opened again, and the one before a lesson. Beyond that the run with
/// the fewest goes, the oldest of several: whoever looks at lessons begins many runs, and trains few of them.
const MOST_RUNS: usize = 6;

/// The moments of earlier runs, the newest last. All of them take as many bytes as those of one run at most.
#[derive(Debug, Default)]
pub(super) struct Parked(Vec<(u32, Timeline)>);

impl Parked {
    /// Adds the moments of a run. Where there is too little space, the run with most bytes loses every other moment bit by bit.
    pub(super) fn add(&mut self, run: u32, timeline: Timeline) {
        if timeline.is_empty() {
            return;
        }
        self.0.push((run, timeline));
        if self.0.len() > MOST_RUNS {
            let moments = |(_, (_, timeline)): &(usize, &(u32, Timeline))| timeline.steps().len();
            let fewest = self.0.iter().enumerate().min_by_key(moments).map_or(0, |(at, _)| at);
            self.0.remove(fewest);
        }
        while self.0.iter().map(|(_, timeline)| timeline.bytes()).sum::<usize>() > MOST_BYTES {
            if let Some((_, largest)) = self.0.iter_mut().max_by_key(|(_, timeline)| timeline.bytes()) {
                largest.thin();
            }
        }
    }

    /// The moments of a run, which is opened again.
    pub(super) fn take(&mut self, run: u32) -> Option<Timeline> {
        let at = self.0.iter().position(|(of, _)| *of == run)?;
        Some(self.0.remove(at).1)
    }
}

#[cfg(test)]
mod tests {
    use super::{super::half_precision::HalfWeights, super::timeline::Moment, *};
    use half::f16;
    use latent_core::{model::ModelSpec, plane::Plotted, weights::Weights};
    use std::rc::Rc;

    /// Moments at 0, 10, … that take so many bytes in all.
    fn timeline(moments: usize, bytes: usize) -> Timeline {
        let weights = Rc::new(HalfWeights::of(&Weights::zeros(&ModelSpec::dense(&[1], 1, 0.3))));
        let mut timeline = Timeline::default();
        for at in 0..moments {
            let codes = vec![f16::ZERO; (bytes / moments).saturating_sub(weights.bytes()) / 2];
            let steps = at as u64 * 10;
            timeline.add(Moment { steps, weights: weights.clone(), plotted: Plotted::Sample, codes });
        }
        timeline
    }

    #[test]
    fn moments_of_a_run_come_back_once() {
        let mut parked = Parked::default();
        parked.add(1, timeline(3, 300_000));
        parked.add(2, timeline(0, 0));
        assert_eq!(parked.take(1).map(|timeline| timeline.steps()), Some(vec![0, 10, 20]));
        assert!(parked.take(1).is_none() && parked.take(2).is_none());
    }

    #[test]
    fn all_runs_together_take_no_more_bytes_than_one_and_each_keeps_some_moments() {
        let mut parked = Parked::default();
        for run in 1..=8 {
            parked.add(run, timeline(32, MOST_BYTES / 2));
        }
        // Runs that were begun and hardly trained.
        for run in 9..=30 {
            parked.add(run, timeline(2, 1_000));
        }
        assert!(parked.0.iter().map(|(_, timeline)| timeline.bytes()).sum::<usize>() <= MOST_BYTES);
        assert_eq!(parked.0.len(), MOST_RUNS);
        let kept: Vec<_> =
            (1..=30).filter_map(|run| parked.take(run)).map(|timeline| timeline.steps()).collect();
        let long: Vec<_> = kept.iter().filter(|steps| steps.len() > 2).collect();
        assert!(long.len() >= MOST_RUNS - 1, "{kept:?}");
        assert!(
            long.iter().all(|steps| steps.len() >= 5 && steps[0] == 0 && steps.last() == Some(&310)),
            "{kept:?}"
        );
    }
}
