//! Moments of a run: the network and the codes of the plotted images at some of its steps. They are spaced evenly, those at the
//! end of an epoch are kept before others, and they are limited in number and bytes.

use super::half_precision::HalfWeights;
use half::f16;
use latent_core::plane::Plotted;
use std::rc::Rc;

/// Moments that are kept at most.
const MOST_MOMENTS: usize = 64;
/// Bytes that they take at most.
pub(super) const MOST_BYTES: usize = 64_000_000;

/// What is kept of a step.
#[derive(Debug)]
pub(super) struct Moment {
    /// Steps that the network had been trained.
    pub(super) steps: u64,
    pub(super) weights: Rc<HalfWeights>,
    /// The images that were plotted.
    pub(super) plotted: Plotted,
    /// Their codes, of those that had arrived: `[images, units]`.
    pub(super) codes: Vec<f16>,
}

/// The moments of a run, in the order of their steps.
#[derive(Debug, Default)]
pub(super) struct Timeline {
    moments: Vec<Moment>,
    /// Steps of an epoch. 0: there are no epochs.
    pub(super) steps_per_epoch: u64,
}

impl Timeline {
    /// The steps of all moments.
    pub(super) fn steps(&self) -> Vec<u64> {
        self.moments.iter().map(|moment| moment.steps).collect()
    }

    /// The newest moment.
    pub(super) fn last(&self) -> Option<&Moment> {
        self.moments.last()
    }

    /// The moment that is nearest to a step.
    pub(super) fn nearest(&self, steps: u64) -> Option<&Moment> {
        self.moments.iter().min_by_key(|moment| moment.steps.abs_diff(steps))
    }

    /// Whether an epoch ends at this step.
    pub(super) fn is_end(&self, steps: u64) -> bool {
        steps > 0 && steps.checked_rem(self.steps_per_epoch) == Some(0)
    }

    /// Adds a moment, in place of one of the same step, and drops what is beyond the limits.
    pub(super) fn add(&mut self, moment: Moment) {
        let at = self.moments.partition_point(|before| before.steps < moment.steps);
        match self.moments.get_mut(at).filter(|there| there.steps == moment.steps) {
            Some(there) => *there = moment,
            None => self.moments.insert(at, moment),
        }
        while self.moments.len() > MOST_MOMENTS || self.bytes() > MOST_BYTES {
            self.thin();
        }
    }

    /// Drops the moment that is missed least.
    pub(super) fn thin(&mut self) {
        if !self.moments.is_empty() {
            self.moments.remove(superfluous(&self.steps(), |steps| self.is_end(steps)));
        }
    }

    /// Drops the moments behind a step, to which the run went back.
    pub(super) fn cut_to(&mut self, steps: u64) {
        self.moments.retain(|moment| moment.steps <= steps);
    }

    /// Whether there is none.
    pub(super) fn is_empty(&self) -> bool {
        self.moments.is_empty()
    }

    /// The bytes that all moments take.
    pub(super) fn bytes(&self) -> usize {
        self.moments.iter().map(|moment| moment.weights.bytes() + size_of_val(moment.codes.as_slice())).sum()
    }
}

/// Which of these ascending steps can go, so that the others are spaced most evenly: the one whose neighbours are nearest to each
/// other, the earliest of several. An end of an epoch goes when there is nothing else between the first and the last. Those two
/// stay as long as there are others; then the first goes.
fn superfluous(steps: &[u64], is_end: impl Fn(u64) -> bool) -> usize {
    let inner = steps.windows(3).enumerate();
    let least = inner.min_by_key(|(_, window)| (is_end(window[1]), window[2] - window[0]));
    least.map_or(0, |(at, _)| at + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use latent_core::{model::ModelSpec, weights::Weights};

    fn timeline(steps: impl Iterator<Item = u64>, codes: usize) -> Timeline {
        let weights = Rc::new(HalfWeights::of(&Weights::zeros(&ModelSpec::dense(&[1], 1, 0.3))));
        let mut timeline = Timeline::default();
        for steps in steps {
            let codes = vec![f16::ZERO; codes];
            timeline.add(Moment { steps, weights: weights.clone(), plotted: Plotted::Sample, codes });
        }
        timeline
    }

    #[test]
    fn a_long_run_keeps_64_moments_at_even_distances_with_its_first_and_its_last() {
        for count in [65, 100, 1_000, 3_333, 20_000] {
            let steps = timeline((0..count).map(|at| at * 47), 0).steps();
            assert_eq!((steps.len(), steps[0], steps[63]), (64, 0, (count - 1) * 47));
            let mut distances: Vec<_> = steps.windows(2).map(|pair| pair[1] - pair[0]).collect();
            // The newest one has come just now.
            distances.pop();
            let (least, most) = (distances.iter().min().unwrap(), distances.iter().max().unwrap());
            assert!(most <= &(2 * least + 47), "{count}: {least} to {most}");
        }
    }

    #[test]
    fn steps_that_came_one_by_one_give_way_to_those_of_a_long_training() {
        let steps = timeline((0..40).chain((1..=200).map(|at| at * 100)), 0).steps();
        assert_eq!(steps.len(), 64);
        assert!(steps.iter().filter(|&&step| step < 40).count() <= 2, "{steps:?}");
    }

    #[test]
    fn large_moments_are_fewer_and_one_that_is_too_large_is_not_kept() {
        let timeline_of = |bytes: usize| timeline((0..9).map(|at| at * 10), bytes / 2);
        let quarters = timeline_of(MOST_BYTES / 4);
        assert_eq!((quarters.steps().len(), quarters.steps()[0], quarters.steps()[2]), (3, 0, 80));
        assert!(quarters.bytes() <= MOST_BYTES);
        assert_eq!(timeline_of(MOST_BYTES * 3 / 4).steps(), [80]);
        assert_eq!(timeline_of(MOST_BYTES + 2).steps(), [0u64; 0]);
    }

    #[test]
    fn a_run_that_goes_back_loses_the_moments_behind_that_step() {
        let mut timeline = timeline([0, 10, 20, 30].into_iter(), 0);
        timeline.cut_to(20);
        assert_eq!(timeline.steps(), [0, 10, 20]);
        assert_eq!(timeline.nearest(14).map(|moment| moment.steps), Some(10));
        assert_eq!(timeline.last().map(|moment| moment.steps), Some(20));
        assert!(Timeline::default().nearest(14).is_none());
    }

    #[test]
    fn codes_that_come_again_take_the_place_of_those_before() {
        let timeline = timeline([0, 10, 30, 10].into_iter(), 3);
        assert_eq!(timeline.steps(), [0, 10, 30]);
    }

    #[test]
    fn ends_of_epochs_are_kept_before_others_as_long_as_there_is_space() {
        let of = |epochs: u64| {
            let mut thinned = timeline([].into_iter(), 0);
            thinned.steps_per_epoch = 235;
            let weights = Rc::new(HalfWeights::of(&Weights::zeros(&ModelSpec::dense(&[1], 1, 0.3))));
            // Snapshots four times a second, and one at the end of each epoch.
            let mut all: Vec<u64> =
                (0..epochs * 235).step_by(22).chain((1..=epochs).map(|at| at * 235)).collect();
            all.sort_unstable();
            for steps in all {
                thinned.add(Moment {
                    steps,
                    weights: weights.clone(),
                    plotted: Plotted::Sample,
                    codes: Vec::new(),
                });
            }
            thinned.steps()
        };
        for epochs in [2, 20, 62] {
            let steps = of(epochs);
            assert!((1..=epochs).all(|epoch| steps.contains(&(epoch * 235))), "{epochs}: {steps:?}");
            assert!(steps.len() <= 64 && steps[0] == 0);
        }
        assert!(of(2).len() > 20 && of(20).len() == 64, "what is left is for the steps between");
        // More epochs than moments: they are thinned themselves.
        let steps = of(300);
        assert_eq!((steps.len(), steps[63]), (64, 300 * 235));
        assert!(steps[1..].windows(2).all(|pair| pair[1] - pair[0] <= 10 * 235), "{steps:?}");
    }
}
