//! What the page says while a run is replayed.

use super::numbers::{grouped, time_left};
use latent_protocol::Download;

/// What goes on: `Replaying to step 940`.
pub fn title(to: u64) -> String {
    format!("Replaying to step {}", grouped(to))
}

/// How far it is: `Step 412 of 940, 6 s left`. Without a speed nothing is said of the time.
pub fn progress(done: u64, to: u64, steps_per_second: Option<f64>) -> String {
    let left = steps_per_second.map_or_else(String::new, |speed| {
        format!(", {} left", time_left(to.saturating_sub(done), Some(speed)))
    });
    format!("Step {} of {}{left}", grouped(done), grouped(to))
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
        assert_eq!(progress(412, 940, Some(88.0)), "Step 412 of 940, 6 s left");
        assert_eq!(progress(0, 940, None), "Step 0 of 940");
    }

    #[test]
    fn what_comes_first_is_named() {
        let download = |images| Download { images, of_images: 70_000, ..Download::default() };
        assert_eq!(loading(&download(12_000)), "Loading images: 12,000 of 70,000");
        assert_eq!(loading(&download(70_000)), "Starting the engine");
        assert_eq!(loading(&Download::default()), "Starting the engine");
    }
}
