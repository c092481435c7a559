//! The moments of a run that can be looked at, as a slider has them: a place for each, the newest at its end.

use super::numbers::grouped;
use latent_core::settings::Settings;

/// A moment in words: `step 470, epoch 2`.
pub fn moment(steps: u64, settings: &Settings) -> String {
    let epoch = steps.div_ceil(settings.steps_per_epoch().max(1) as u64);
    format!("step {}, epoch {epoch}", grouped(steps))
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

    #[test]
    fn a_moment_is_named_by_its_step_and_the_epoch_under_way() {
        let settings = Settings::default();
        let per_epoch = settings.steps_per_epoch() as u64;
        assert_eq!(moment(0, &settings), "step 0, epoch 0");
        assert_eq!(moment(per_epoch, &settings), format!("step {}, epoch 1", grouped(per_epoch)));
        assert_eq!(moment(per_epoch + 1, &settings), format!("step {}, epoch 2", grouped(per_epoch + 1)));
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
