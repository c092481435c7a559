//! What the page says while a run is replayed.

use super::numbers::{grouped, time_left};
use latent_protocol::Download;

/// What goes on: `Replaying to step 940`.
pub fn title(to: u64) -> String {
    format!("Replaying to step {}", grouped(to))
}

/// How far it is: `Step 412 of 940, 6 s left`. Before the time is known nothing is said of it.
pub fn progress(done: u64, to: u64, seconds_left: Option<u64>) -> String {
    let left =
        seconds_left.map_or_else(String::new, |seconds| format!(", {} left", time_left(seconds, Some(1.0))));
    format!("Step {} of {}{left}", grouped(done), grouped(to))
}

/// Estimates the time that a replay still takes, by its mean speed so far. The estimate changes once a second.
#[derive(Clone, Copy, Debug, Default)]
pub struct TimeLeft {
    /// When the first step was seen, and how many were done then.
    began: Option<(f64, u64)>,
    /// When the time was told last, and which.
    told: Option<(f64, u64)>,
}

impl TimeLeft {
    /// The seconds that are left, once a second has passed since the first step. `now_ms` never runs backwards.
    pub fn at(&mut self, now_ms: f64, done: u64, to: u64) -> Option<u64> {
        let (began_ms, before) = *self.began.get_or_insert((now_ms, done));
        let is_due = self.told.is_none_or(|(told_ms, _)| now_ms - told_ms >= 1e3);
        if is_due && now_ms - began_ms >= 1e3 && done > before {
            let ms_a_step = (now_ms - began_ms) / (done - before) as f64;
            let seconds = (to.saturating_sub(done) as f64 * ms_a_step / 1e3).ceil() as u64;
            self.told = Some((now_ms, seconds));
        }
        self.told.map(|(_, seconds)| seconds)
    }
}

/// What comes before the first step: `Loading images: 12,000 of 70,000`.
pub fn loading(download: &Download) -> String {
    match download.of_images > download.images {
        true => {
            let [images, all] = [download.images, download.of_images].map(|images| grouped(images as u64));
            format!("Loading images: {images} of {all}")
        }
        false => "Starting the engine".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn progress_has_steps_and_the_time_that_is_left() {
        assert_eq!(title(1_940), "Replaying to step 1,940");
        assert_eq!(progress(412, 940, Some(6)), "Step 412 of 940, 6 s left");
        assert_eq!(progress(0, 940, None), "Step 0 of 940");
    }

    #[test]
    fn the_time_left_goes_by_the_mean_speed_and_changes_once_a_second() {
        let mut left = TimeLeft::default();
        assert_eq!([left.at(5_000.0, 0, 1_000), left.at(5_900.0, 90, 1_000)], [None, None]);
        assert_eq!(left.at(6_000.0, 100, 1_000), Some(9));
        // A pause of the trainer, and a fast second after it.
        assert_eq!(left.at(6_900.0, 100, 1_000), Some(9));
        assert_eq!(left.at(7_000.0, 100, 1_000), Some(18));
        assert_eq!(left.at(8_000.0, 400, 1_000), Some(5));
        assert_eq!(left.at(9_000.0, 1_000, 1_000), Some(0));
    }

    #[test]
    fn what_comes_first_is_named() {
        let download = |images| Download { images, of_images: 70_000, ..Download::default() };
        assert_eq!(loading(&download(12_000)), "Loading images: 12,000 of 70,000");
        assert_eq!(loading(&download(70_000)), "Starting the engine");
        assert_eq!(loading(&Download::default()), "Starting the engine");
    }
}
