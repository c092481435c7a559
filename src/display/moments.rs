//! The moments of a run that can be looked at, and a slider for them whose steps are those of the chart's axis.

use super::numbers::grouped;
use latent_core::{settings::Settings, training::history::History};

/// Moments that a key of the slider skips.
const PAGE: usize = 8;

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

/// Steps from the beginning to the end of the chart and the slider: those that are planned. A run that was opened may have done
/// more.
pub fn all_steps(settings: &Settings, done: u64) -> u64 {
    settings.steps().max(done).max(1)
}

/// Why there is nothing to slide to, of a run that has done so many steps. Empty where there is.
pub fn why_none(moments: &[u64], done: u64) -> &'static str {
    match (done, moments) {
        (0, _) => "The curve starts with the first step.",
        // A run that was opened again, by a worker that had not trained it.
        (_, [only]) if *only == done => "No earlier moment of this run is kept.",
        _ => "",
    }
}

/// The moment nearest to a step. None for the newest network, which goes on.
pub fn nearest(moments: &[u64], step: u64) -> Option<u64> {
    let place = (0..moments.len()).min_by_key(|&place| moments[place].abs_diff(step))?;
    step_at(moments, place)
}

/// The moment that a key of the slider leads to: the one before or after, eight further, the first, or none for the newest.
/// `None` for any other key.
pub fn by_key(moments: &[u64], looked_at: Option<u64>, key: &str) -> Option<Option<u64>> {
    let at = place(moments, looked_at);
    let place = match key {
        "ArrowLeft" | "ArrowDown" => at.saturating_sub(1),
        "ArrowRight" | "ArrowUp" => at + 1,
        "PageDown" => at.saturating_sub(PAGE),
        "PageUp" => at + PAGE,
        "Home" => 0,
        "End" => moments.len(),
        _ => return None,
    };
    Some(step_at(moments, place))
}

/// The place among the moments of the step that is looked at; of none the last, where the newest moment is. Where that step's
/// moment was dropped, the place of the one before.
fn place(moments: &[u64], looked_at: Option<u64>) -> usize {
    let last = moments.len().saturating_sub(1);
    looked_at
        .map_or(last, |steps| moments.partition_point(|&moment| moment <= steps).saturating_sub(1).min(last))
}

/// The step at a place among the moments. None at their end: the newest network, which goes on.
fn step_at(moments: &[u64], place: usize) -> Option<u64> {
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
    fn a_step_leads_to_the_moment_nearest_to_it_and_the_last_is_the_newest_network() {
        let moments = [0, 10, 20, 40];
        assert_eq!(
            [0, 4, 6, 14, 29, 31, 40, 4_700].map(|step| nearest(&moments, step)),
            [Some(0), Some(0), Some(10), Some(10), Some(20), None, None, None]
        );
        assert_eq!(nearest(&[], 5), None);
    }

    #[test]
    fn keys_lead_from_moment_to_moment_however_far_apart_they_are() {
        let moments = [0, 10, 20, 4_000];
        let led = |from, key| by_key(&moments, from, key);
        assert_eq!(led(None, "ArrowLeft"), Some(Some(20)));
        assert_eq!(led(Some(20), "ArrowDown"), Some(Some(10)));
        assert_eq!([led(Some(20), "ArrowRight"), led(None, "ArrowUp")], [Some(None); 2]);
        assert_eq!(
            [led(None, "Home"), led(Some(0), "ArrowLeft"), led(Some(10), "PageDown")],
            [Some(Some(0)); 3]
        );
        assert_eq!([led(Some(0), "End"), led(Some(0), "PageUp")], [Some(None); 2]);
        assert_eq!((led(None, "a"), by_key(&[], None, "ArrowLeft")), (None, Some(None)));
    }

    #[test]
    fn what_cannot_be_slid_to_is_said() {
        assert!(why_none(&[], 0).contains("first step"));
        assert!(why_none(&[470], 470).contains("No earlier moment"));
        assert_eq!([why_none(&[0, 470], 470), why_none(&[0], 3)], [""; 2]);
        let settings = Settings::default();
        assert_eq!([all_steps(&settings, 5), all_steps(&settings, 9_999)], [4_700, 9_999]);
    }

    #[test]
    fn the_last_place_is_the_newest_network() {
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
