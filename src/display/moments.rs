//! The moments of a run that can be looked at, as a slider has them: a place for each, the newest at its end.

use super::numbers::grouped;
use latent_core::{settings::Settings, training::history::History};

/// A moment in words: `step 470, epoch 2`.
pub fn moment(steps: u64, settings: &Settings) -> String {
    format!("step {}, epoch {}", grouped(steps), epoch(steps, settings))
}

/// The epoch under way at a step, or the one that ends there. 0 before the first step.
pub fn epoch(steps: u64, settings: &Settings) -> u64 {
    steps.div_ceil(settings.steps_per_epoch().max(1) as u64)
}

/// What is looked at, of a run that has done so many steps: `Epoch 2, step 300 of 940`, or `End of epoch 2, step 470 of 940`.
pub fn looked_at(at: u64, done: u64, settings: &Settings) -> String {
    let is_end = at > 0 && at.is_multiple_of(settings.steps_per_epoch().max(1) as u64);
    let which = if is_end { "End of epoch" } else { "Epoch" };
    format!("{which} {}, step {} of {}", epoch(at, settings), grouped(at), grouped(done))
}

/// The training loss of a step, and the last validation loss by then.
pub fn losses(history: &History, at: u64) -> [Option<f32>; 2] {
    let validation = history.validation().iter().rev().find(|taken| taken.steps <= at);
    [history.total().at(at), validation.map(|taken| taken.loss)]
}

/// The slider's place of the step that is looked at; of none the last, where the newest moment is. Where that step's moment was
/// dropped, the place of the one before.
pub fn place(moments: &[u64], looked_at: Option<u64>) -> usize {
    let last = moments.len().saturating_sub(1);
    looked_at
        .map_or(last, |steps| moments.partition_point(|&moment| moment <= steps).saturating_sub(1).min(last))
}

/// The step at a place of the slider. None at its end: the newest network, which goes on.
pub fn step_at(moments: &[u64], place: usize) -> Option<u64> {
    moments.get(place).filter(|_| place + 1 < moments.len()).copied()
}

#[cfg(test)]
mod tests {
    use super::*;
    use latent_core::training::history::Validation;

    #[test]
    fn a_moment_is_named_by_its_step_and_the_epoch_under_way() {
        let settings = Settings::default();
        let per_epoch = settings.steps_per_epoch() as u64;
        assert_eq!(moment(0, &settings), "step 0, epoch 0");
        assert_eq!(moment(per_epoch, &settings), format!("step {}, epoch 1", grouped(per_epoch)));
        assert_eq!(moment(per_epoch + 1, &settings), format!("step {}, epoch 2", grouped(per_epoch + 1)));
    }

    #[test]
    fn what_is_looked_at_is_told_with_its_epoch_and_has_the_losses_of_its_step() {
        let settings = Settings { training_images: 100, batch: 50, ..Settings::default() };
        assert_eq!(looked_at(3, 1_940, &settings), "Epoch 2, step 3 of 1,940");
        assert_eq!(looked_at(4, 1_940, &settings), "End of epoch 2, step 4 of 1,940");
        assert_eq!(looked_at(0, 4, &settings), "Epoch 0, step 0 of 4");
        let validation = vec![Validation::total(2, 0.5), Validation::total(4, 0.25)];
        let history = History::restored(1, vec![0.9, 0.8, 0.7], validation);
        assert_eq!(
            [4, 3, 2].map(|at| losses(&history, at)),
            [[Some(0.7), Some(0.25)], [Some(0.8), Some(0.5)], [Some(0.9), Some(0.5)]]
        );
        // Before what a file brought, and beyond the end.
        assert_eq!([losses(&history, 1), losses(&history, 9)], [[None, None], [None, Some(0.25)]]);
    }

    #[test]
    fn the_end_of_the_slider_is_the_newest_network() {
        let moments = [0, 10, 20, 40];
        assert_eq!(
            (0..=4).map(|at| step_at(&moments, at)).collect::<Vec<_>>(),
            [Some(0), Some(10), Some(20), None, None]
        );
        assert_eq!([None, Some(0), Some(20), Some(40)].map(|at| place(&moments, at)), [3, 0, 2, 3]);
        // Dropped since it was chosen, or the run has no moments any more.
        assert_eq!(place(&moments, Some(30)), 2);
        assert_eq!((place(&[], Some(30)), place(&[], None), step_at(&[], 0)), (0, 0, None));
    }
}
