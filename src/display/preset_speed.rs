//! How long an epoch of each model of the menu takes on this device, as it was measured while one trained.

use latent_core::{
    data::DatasetId,
    model::{ModelSpec, presets},
    settings::Settings,
};

/// Models and data sets that are remembered at most.
const MOST: usize = 100;
/// A speed that differs by less than this share is no news.
const SAME: f64 = 0.1;

/// Images a second for each model and data set, as the device remembers them: a line each, `120.5|mnist|Tutorial`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Speeds(Vec<(String, f64)>);

impl Speeds {
    /// Reads what was remembered. Takes any text, and leaves out what it does not understand.
    pub fn parse(text: &str) -> Self {
        let entry = |line: &str| {
            let (speed, key) = line.split_once('|')?;
            let speed = speed.parse().ok().filter(|speed: &f64| speed.is_finite() && *speed > 0.0)?;
            Some((key.to_owned(), speed))
        };
        Self(text.lines().filter_map(entry).take(MOST).collect())
    }

    /// The text to remember.
    pub fn text(&self) -> String {
        self.0.iter().map(|(key, speed)| format!("{speed:.1}|{key}\n")).collect()
    }

    /// Notes a speed of a run, if its model is one of the menu. Tells whether that is news.
    pub fn note(&mut self, settings: &Settings, steps_per_second: f64) -> bool {
        let Some(key) = key(&settings.model, settings.data) else { return false };
        let speed = steps_per_second * settings.batch as f64;
        if !speed.is_finite() || speed <= 0.0 {
            return false;
        }
        match self.0.iter().position(|(known, _)| *known == key) {
            Some(at) if (speed / self.0[at].1 - 1.0).abs() < SAME => return false,
            Some(at) => self.0[at].1 = speed,
            None if self.0.len() < MOST => self.0.push((key, speed)),
            None => return false,
        }
        true
    }

    /// Seconds that so many images took with this model, in a sentence; what is said where nothing was measured.
    pub fn sentence(&self, model: &ModelSpec, data: DatasetId, images: usize) -> String {
        let speed = key(model, data).and_then(|key| self.0.iter().find(|(known, _)| *known == key));
        match speed.map(|(_, speed)| images as f64 / speed) {
            None => "not measured here yet".into(),
            Some(seconds) if seconds < 10.0 => format!("{seconds:.1} s an epoch here"),
            Some(seconds) if seconds < 600.0 => format!("{seconds:.0} s an epoch here"),
            Some(seconds) => format!("{:.0} min an epoch here", seconds / 60.0),
        }
    }
}

/// What a speed holds for.
fn key(model: &ModelSpec, data: DatasetId) -> Option<String> {
    Some(format!("{}|{}", data.text(), presets::of(model)?.name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_speed_is_told_once_it_was_measured() {
        let mut speeds = Speeds::default();
        let settings = presets::ALL[0].settings();
        let told =
            |speeds: &Speeds| speeds.sentence(&settings.model, settings.data, settings.training_images);
        assert_eq!(told(&speeds), "not measured here yet");
        assert!(speeds.note(&settings, 50.0));
        assert_eq!(told(&speeds), "4.7 s an epoch here");
        assert!(!speeds.note(&settings, 52.0), "nearly the same");
        assert!(speeds.note(&settings, 10.0));
        assert_eq!(told(&speeds), "23 s an epoch here");
        assert!(speeds.note(&settings, 0.1));
        assert_eq!(told(&speeds), "39 min an epoch here");
        let other = presets::ALL[1].settings();
        assert_eq!(speeds.sentence(&other.model, other.data, other.training_images), "not measured here yet");
        assert_eq!(Speeds::parse(&speeds.text()), speeds);
    }

    #[test]
    fn what_is_no_speed_is_left_out() {
        let mut speeds = Speeds::parse("x|mnist|Tutorial\n-1|mnist|Deep\nNaN|mnist|Deep\n5");
        assert_eq!(speeds, Speeds::default());
        let mut own = presets::ALL[0].settings();
        own.model = ModelSpec::dense(&[7], 2, 0.3);
        assert!(!speeds.note(&own, 50.0), "it is no model of the menu");
        assert!(!speeds.note(&presets::ALL[0].settings(), 0.0));
    }
}
