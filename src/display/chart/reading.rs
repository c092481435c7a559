//! The losses that the chart reads out at a step, and the step that pointer and keys choose.

use super::{Earlier, EarlierRun, smoothed_at, window};
use crate::display::numbers::{grouped, loss};
use latent_core::{
    settings::Settings,
    training::{
        LossParts,
        history::{History, Series, Validation},
    },
};
use std::ops::RangeInclusive;

/// Steps that an arrow key with Shift moves by.
const FAST: u64 = 10;

/// The losses at a step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reading {
    /// The step; 1 is the first.
    pub step: u64,
    /// Its epoch; 1 is the first.
    pub epoch: u64,
    /// The step's training loss.
    pub raw: f32,
    /// The smoothed training loss.
    pub smoothed: f32,
    /// Its parts, smoothed as well, of a variational model.
    pub parts: Option<LossParts>,
    /// The validation loss at the end of the epoch, once it is known.
    pub validation: Option<Validation>,
}

impl Reading {
    /// The losses at a step, if they are known.
    pub fn at(history: &History, settings: &Settings, step: u64) -> Option<Self> {
        let raw = history.total().at(step)?;
        let smoothed =
            |series: &Series| Some(smoothed_at(series.losses(), series.index_of(step)?, window(settings)));
        let parts = history.parts().and_then(|parts| {
            let reconstruction = smoothed(&parts.reconstruction)?;
            Some(LossParts { reconstruction, divergence: smoothed(&parts.divergence)? })
        });
        let per_epoch = settings.steps_per_epoch().max(1) as u64;
        let epoch = (step - 1) / per_epoch + 1;
        let validation = history.validation();
        let after = validation.partition_point(|taken| taken.steps < step);
        let taken = validation.get(after).filter(|taken| taken.steps <= epoch * per_epoch);
        Some(Self {
            step,
            epoch,
            raw,
            smoothed: smoothed(history.total())?,
            parts,
            validation: taken.copied(),
        })
    }

    /// The steps whose losses are known, if there are any.
    pub fn steps(history: &History) -> Option<RangeInclusive<u64>> {
        (!history.losses().is_empty()).then(|| history.steps_before() + 1..=history.steps())
    }

    /// The reading as a sentence, for screen readers.
    pub fn description(&self) -> String {
        let validation = match self.validation {
            Some(Validation { loss: total, parts, .. }) => {
                loss(Some(total)) + &parts.map_or_else(String::new, in_words)
            }
            None => "not known yet".into(),
        };
        let parts = self.parts.map_or_else(String::new, in_words);
        let [raw, smoothed] = [self.raw, self.smoothed].map(|value| loss(Some(value)));
        let (step, epoch) = (grouped(self.step), self.epoch);
        format!(
            "step {step}, epoch {epoch}: training {raw}, smoothed {smoothed}{parts}, validation {validation}"
        )
    }
}

/// The losses of an earlier run at the step that is read.
#[derive(Clone, Debug, PartialEq)]
pub struct EarlierReading {
    /// Its number.
    pub number: u32,
    /// The line that its curve has in the chart.
    pub style: usize,
    /// The smoothed training loss at the step.
    pub smoothed: f32,
    /// The validation loss at the end of the step's epoch.
    pub validation: Option<f32>,
}

/// The earlier runs in the chart that have a loss at the step of a reading, by their numbers.
pub fn earlier_readings(earlier: &Earlier, settings: &Settings, reading: &Reading) -> Vec<EarlierReading> {
    let read = |run: &EarlierRun| {
        let end = reading.epoch * settings.steps_per_epoch().max(1) as u64;
        let (number, style) = (run.number, run.style);
        Some(EarlierReading {
            number,
            style,
            smoothed: run.smoothed_at(reading.step)?,
            validation: run.validation_at(end),
        })
    };
    earlier.comparable(settings).into_iter().filter_map(read).collect()
}

/// The losses of earlier runs behind those of the run, for screen readers: `; run 1: smoothed 0.0410, validation 0.0432`.
pub fn earlier_in_words(readings: &[EarlierReading]) -> String {
    let words = |reading: &EarlierReading| {
        let [smoothed, validation] = [Some(reading.smoothed), reading.validation].map(loss);
        format!("; run {}: smoothed {smoothed}, validation {validation}", reading.number)
    };
    readings.iter().map(words).collect()
}

/// The parts of a loss behind the loss: ` (reconstruction 160.1, divergence 5.7)`.
pub(super) fn in_words(LossParts { reconstruction, divergence }: LossParts) -> String {
    let [reconstruction, divergence] = [reconstruction, divergence].map(|part| loss(Some(part)));
    format!(" (reconstruction {reconstruction}, divergence {divergence})")
}

/// The step under a pointer at a share of the plot's width from its left edge.
pub fn step_at_pointer(share: f64, settings: &Settings, steps: &RangeInclusive<u64>) -> u64 {
    let step = (share * settings.steps() as f64).round().max(0.0) as u64;
    step.clamp(*steps.start(), *steps.end())
}

/// The step after a key, or `None` for a key that does not move the read-out. An arrow moves it by one step, with Shift
/// by ten. Page Up and Page Down move it by an epoch, Home and End to the first and last known step.
pub fn step_after_key(
    key: &str,
    shift: bool,
    step: u64,
    steps: &RangeInclusive<u64>,
    per_epoch: usize,
) -> Option<u64> {
    let by = if shift { FAST } else { 1 };
    let to = match key {
        "ArrowRight" | "ArrowUp" => step.saturating_add(by),
        "ArrowLeft" | "ArrowDown" => step.saturating_sub(by),
        "PageUp" => step.saturating_add(per_epoch as u64),
        "PageDown" => step.saturating_sub(per_epoch as u64),
        "Home" => *steps.start(),
        "End" => *steps.end(),
        _ => return None,
    };
    Some(to.clamp(*steps.start(), *steps.end()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use latent_core::{data::DatasetId, training::StepLosses};

    const VALIDATION: Validation = Validation { steps: 2, loss: 0.5, parts: None };

    #[test]
    fn a_step_has_its_losses_and_the_validation_loss_of_its_epoch() {
        let settings = Settings { training_images: 512, ..Settings::default() };
        let history = History::restored(1, vec![4.0, 2.0, 1.0], vec![VALIDATION]);
        let read = |step| Reading::at(&history, &settings, step);
        let validation = Some(VALIDATION);
        let reading = Reading { step: 2, epoch: 1, raw: 4.0, smoothed: 4.0, parts: None, validation };
        assert_eq!(read(2), Some(reading));
        let reading = read(3).unwrap();
        assert_eq!((reading.epoch, reading.smoothed, reading.validation), (2, 2.0, None));
        assert_eq!([0, 1, 5].map(read), [None; 3]);
        assert_eq!(Reading::steps(&history), Some(2..=4));
        assert_eq!(Reading::steps(&History::resumed(7)), None);
    }

    #[test]
    fn the_parts_are_read_at_the_steps_that_have_them() {
        let part = |divergence| LossParts { reconstruction: 1.0, divergence };
        let losses = StepLosses { totals: vec![9.0, 4.0, 2.0], parts: vec![part(3.0), part(1.0)] };
        let history = History::restored(1, losses, vec![]);
        let parts = |step| Reading::at(&history, &Settings::default(), step).unwrap().parts;
        assert_eq!([2, 3, 4].map(parts), [None, Some(part(3.0)), Some(part(1.0))]);
    }

    #[test]
    fn earlier_runs_are_read_at_the_same_step_where_they_have_it_and_the_chart_shows_them() {
        let settings = Settings { training_images: 512, ..Settings::default() };
        let mut earlier = Earlier::default();
        let mut add = |number, steps: usize, settings: &Settings| {
            let losses = History::restored(0, vec![number as f32; steps], vec![VALIDATION]);
            earlier.add(number, settings.clone(), None, None, &losses, &[]);
        };
        add(1, 1, &settings);
        add(2, 4, &Settings { learning_rates: 0.005.into(), ..settings.clone() });
        add(3, 4, &Settings { data: DatasetId::FashionMnist, ..settings.clone() });
        let history = History::restored(0, vec![4.0, 2.0, 1.0], vec![]);
        let readings = |step| {
            let reading = Reading::at(&history, &settings, step).unwrap();
            earlier_readings(&earlier, &settings, &reading)
        };
        let first = EarlierReading { number: 1, style: 0, smoothed: 1.0, validation: Some(0.5) };
        let second = EarlierReading { number: 2, style: 1, smoothed: 2.0, validation: Some(0.5) };
        assert_eq!(readings(1), [first, second.clone()]);
        let later = EarlierReading { validation: None, ..second };
        assert_eq!(readings(3), [later]);
        assert_eq!(
            earlier_in_words(&readings(1)),
            "; run 1: smoothed 1.0000, validation 0.5000; run 2: smoothed 2.0000, validation 0.5000"
        );
        assert_eq!(earlier_in_words(&[]), "");
    }

    #[test]
    fn a_reading_is_described_in_full() {
        let mut reading = Reading {
            step: 1_234,
            epoch: 6,
            raw: 0.045,
            smoothed: 0.0466,
            parts: None,
            validation: Some(VALIDATION),
        };
        assert_eq!(
            reading.description(),
            "step 1,234, epoch 6: training 0.0450, smoothed 0.0466, validation 0.5000"
        );
        reading.parts = Some(LossParts { reconstruction: 0.03, divergence: 0.0166 });
        assert!(
            reading.description().contains("smoothed 0.0466 (reconstruction 0.0300, divergence 0.0166), val")
        );
        reading.validation = None;
        assert!(reading.description().ends_with("validation not known yet"));
    }

    #[test]
    fn keys_stay_within_the_known_steps() {
        let to = |key, shift, step| step_after_key(key, shift, step, &(5..=500), 235);
        assert_eq!(to("ArrowRight", false, 10), Some(11));
        assert_eq!(to("ArrowLeft", true, 30), Some(20));
        assert_eq!(to("ArrowLeft", true, 10), Some(5));
        assert_eq!(to("PageUp", false, 10), Some(245));
        assert_eq!(to("PageUp", false, 400), Some(500));
        assert_eq!([to("Home", false, 10), to("End", false, 10)], [Some(5), Some(500)]);
        assert_eq!(to("x", false, 10), None);
    }

    #[test]
    fn the_pointer_chooses_the_nearest_known_step() {
        let at = |share| step_at_pointer(share, &Settings::default(), &(3..=2_000));
        assert_eq!([-1.0, 0.0, 0.1, 0.9].map(at), [3, 3, 470, 2_000]);
    }
}
