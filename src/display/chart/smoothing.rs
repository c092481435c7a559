//! The smoothed training loss: its mean over the last steps.

use super::Point;
use latent_core::{
    settings::Settings,
    training::history::{Column, Series},
};

/// The steps that the mean is taken over: a fifth of an epoch, at least 5 and at most 50.
pub fn window(settings: &Settings) -> usize {
    (settings.steps_per_epoch() / 5).clamp(5, 50)
}

/// The mean of the last `window` losses up to `index`, but at most of a quarter of all losses so far. The loss falls
/// steeply at the start of a run, and a mean over more steps would lag behind it.
pub fn smoothed_at(losses: &[f32], index: usize, window: usize) -> f32 {
    let window = window.min(index / 4 + 1);
    let last = &losses[index + 1 - window..=index];
    (last.iter().map(|&loss| f64::from(loss)).sum::<f64>() / last.len() as f64) as f32
}

/// The smoothed loss at the last step of every column. For a column of more steps than the window it is the column's
/// mean, so that at most `window` losses a column are read.
pub(super) fn smoothed(series: &Series, columns: &[Column], window: usize) -> Vec<Point> {
    let at = |column: &Column| {
        let loss = if column.last - column.step >= window as u64 {
            column.mean
        } else {
            let index = column.last - series.steps_before() - 1;
            smoothed_at(series.losses(), index as usize, window)
        };
        Point { step: column.last, loss }
    };
    columns.iter().map(at).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use latent_core::training::history::History;

    #[test]
    fn the_window_is_a_fifth_of_an_epoch_within_limits() {
        let window = |batch| window(&Settings { batch, ..Settings::default() });
        assert_eq!([256, 4096, 1].map(window), [47, 5, 50]);
    }

    #[test]
    fn the_mean_is_that_of_the_last_steps() {
        let losses = [9.0, 8.0, 7.0, 6.0, 4.0, 2.0, 0.0, 1.0, 5.0];
        let smoothed: Vec<_> = (0..9).map(|index| smoothed_at(&losses, index, 2)).collect();
        assert_eq!(smoothed, [9.0, 8.0, 7.0, 6.0, 5.0, 3.0, 1.0, 0.5, 3.0]);
    }

    #[test]
    fn the_curve_has_the_mean_at_the_end_of_every_column() {
        let losses: Vec<_> = (0..600).map(|step| (step % 7) as f32).collect();
        let history = History::restored(100, losses.clone(), vec![]);
        let series = history.total();
        let points = smoothed(series, &history.columns(200), 10);
        assert_eq!(points.len(), 200);
        assert_eq!(points[199], Point { step: 700, loss: smoothed_at(&losses, 599, 10) });
        assert_eq!(points[0], Point { step: 103, loss: 2.0 });
        // A wide column is smoothed to its mean.
        assert_eq!(smoothed(series, &history.columns(6), 10)[0].loss, history.columns(6)[0].mean);
    }
}
