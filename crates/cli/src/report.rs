//! The output of `train`: a progress bar and a line for each epoch for people, lines of JSON for programs.

use crate::{Failure, files::tell, interrupt::Interrupt, output_lines::OutputLines};
use indicatif::{ProgressBar, ProgressState, ProgressStyle};
use latent_core::{
    link::Link,
    settings::Settings,
    training::{Losses, history::History},
};
use serde::Serialize;
use std::{fmt, path::Path, time::Instant};

/// Who reads the output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Audience {
    /// People at a terminal.
    People,
    /// Programs that read JSON, with or without a line for each step.
    Programs { steps: bool },
    /// Nobody: another rank reports.
    Nobody,
}

/// The output of a run under way. What cannot be written never stops the run: its model is worth more.
pub(crate) struct Report {
    audience: Audience,
    settings: Settings,
    began: Instant,
    /// Steps of the epoch under way, and the seconds that they took.
    epoch: Pace,
    /// The same of them all.
    run: Pace,
    /// On the standard error, if that is a terminal.
    bar: ProgressBar,
    /// On the standard output. None where that is for the model, so that they go to the standard error, and where there are none.
    lines: Option<OutputLines>,
}

#[derive(Clone, Copy, Default)]
struct Pace {
    steps: usize,
    seconds: f64,
}

#[derive(Serialize)]
struct StepLine {
    step: u64,
    loss: f32,
    reconstruction: f32,
    /// Unweighted, of a variational model.
    #[serde(skip_serializing_if = "Option::is_none")]
    divergence: Option<f32>,
}

#[derive(Serialize)]
struct EpochLine {
    epoch: u32,
    loss: Option<f32>,
    val_loss: f32,
    #[serde(skip_serializing_if = "Option::is_none")]
    val_reconstruction: Option<f32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    val_divergence: Option<f32>,
    steps_per_s: f64,
}

#[derive(Serialize)]
struct LastLine {
    done: bool,
    steps: u64,
    loss: Option<f32>,
    val_loss: Option<f32>,
    seconds: f64,
    steps_per_s: f64,
    out: Option<String>,
    /// As in a link, so that runs can be compared.
    settings: String,
}

impl Report {
    /// Before a run goes from step `from` to step `to`. An interrupt ends the wait for a reader.
    pub(crate) fn new(
        audience: Audience,
        settings: Settings,
        (from, to): (u64, u64),
        is_on_stderr: bool,
        interrupt: &Interrupt,
    ) -> Self {
        let bar = match audience {
            Audience::People => ProgressBar::new(to).with_style(style()),
            Audience::Programs { .. } | Audience::Nobody => ProgressBar::hidden(),
        };
        bar.set_position(from);
        bar.reset_eta();
        let (epoch, run) = (Pace::default(), Pace::default());
        let lines = (!is_on_stderr && audience != Audience::Nobody)
            .then(|| OutputLines::beside(bar.clone(), interrupt.clone()));
        Self { audience, settings, began: Instant::now(), epoch, run, bar, lines }
    }

    /// Writes a line, unless an earlier one could not be written.
    fn line(&mut self, line: String) {
        match &mut self.lines {
            _ if self.audience == Audience::Nobody => {}
            Some(lines) => lines.write(line),
            None => self.bar.suspend(|| tell(line)),
        }
    }

    fn json(&mut self, line: &impl Serialize) {
        // Numbers and texts under names of their own always have a form in JSON.
        if let Ok(line) = serde_json::to_string(line) {
            self.line(line);
        }
    }

    /// Whether nobody can be told anything any more.
    pub(crate) fn has_failed(&mut self) -> bool {
        self.lines.as_mut().is_some_and(OutputLines::have_failed)
    }

    /// Steps were trained, in so many seconds.
    pub(crate) fn trained(&mut self, steps_before: u64, losses: &[Losses], seconds: f64) {
        for pace in [&mut self.epoch, &mut self.run] {
            pace.steps += losses.len();
            pace.seconds += seconds;
        }
        if let Some(loss) = losses.last() {
            self.bar.set_message(format!("{:.5}", loss.total));
            self.bar.set_position(steps_before + losses.len() as u64);
        }
        if self.audience != (Audience::Programs { steps: true }) {
            return;
        }
        for (step, losses) in (steps_before + 1..).zip(losses) {
            self.json(&StepLine::new(step, losses));
        }
    }

    /// An epoch was validated.
    pub(crate) fn validated(&mut self, epoch: u32, history: &History, losses: &Losses) {
        let val_loss = losses.kept_total();
        let loss = history.epoch_loss(&self.settings, epoch);
        let steps_per_s = std::mem::take(&mut self.epoch).steps_per_s();
        if self.audience != Audience::People {
            let val_divergence = losses.divergence.map(|divergence| divergence as f32);
            let val_reconstruction = val_divergence.map(|_| losses.reconstruction as f32);
            let line = EpochLine { epoch, loss, val_loss, val_reconstruction, val_divergence, steps_per_s };
            return self.json(&line);
        }
        let loss = loss.map_or("      –".into(), |loss| format!("{loss:.5}"));
        let all = self.settings.epochs;
        let parts = losses.divergence.map_or(String::new(), |divergence| {
            format!(" = reconstruction {:.5} + divergence {divergence:.5}", losses.reconstruction)
        });
        let line = format!(
            "epoch {epoch:>3}/{all}  loss {loss}  val_loss {val_loss:.5}{parts}  {steps_per_s:.0} steps/s"
        );
        self.line(line);
    }

    /// Takes the bar away, however the run ended.
    pub(crate) fn clear(&self) {
        self.bar.finish_and_clear();
    }

    /// The run is over, and its model in the file, if one was asked for. Gives the first failure of all lines.
    pub(crate) fn finished(mut self, history: &History, out: Option<&Path>) -> Result<(), Failure> {
        let (steps, loss) = (history.steps(), history.losses().last().copied());
        let (seconds, steps_per_s) = (self.began.elapsed().as_secs_f64(), self.run.steps_per_s());
        if self.audience != Audience::People {
            let val_loss = history.validation().last().map(|last| last.loss);
            // A name may have bytes that are no text, which JSON cannot hold.
            let out = out.map(|out| out.to_string_lossy().into_owned());
            let settings = Link { settings: self.settings.clone(), ..Link::default() }.to_fragment();
            let done = true;
            self.json(&LastLine { done, steps, loss, val_loss, seconds, steps_per_s, out, settings });
            return self.written();
        }
        let of = if self.run.steps as u64 == steps { String::new() } else { format!(", {steps} in all") };
        let loss = loss.map_or(String::new(), |loss| format!(", last loss {loss:.5}"));
        let trained = self.run.steps;
        self.line(format!("{trained} steps in {seconds:.1} s{of}{loss}"));
        if let Some(out) = out {
            self.line(format!("saved in {}", out.display()));
        }
        self.written()
    }

    fn written(self) -> Result<(), Failure> {
        self.lines.map_or(Ok(()), OutputLines::finish).map_err(Failure::Output)
    }
}

impl StepLine {
    fn new(step: u64, losses: &Losses) -> Self {
        let Losses { total, reconstruction, divergence } = *losses;
        let divergence = divergence.map(|divergence| divergence as f32);
        Self { step, loss: total as f32, reconstruction: reconstruction as f32, divergence }
    }
}

impl Pace {
    fn steps_per_s(self) -> f64 {
        // No steps in no time give 0.
        self.steps as f64 / self.seconds.max(f64::MIN_POSITIVE)
    }
}

const BAR: &str = "{bar:32} {pos}/{len} steps  {speed} steps/s  loss {msg}  {eta} left";

fn style() -> ProgressStyle {
    // The test checks the template, so the default is never used.
    let style = ProgressStyle::with_template(BAR).unwrap_or_else(|_| ProgressStyle::default_bar());
    style.with_key("speed", |state: &ProgressState, text: &mut dyn fmt::Write| {
        // Writing to the bar's text cannot fail.
        let _ = write!(text, "{:.0}", state.per_sec());
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bar_has_the_look_that_it_is_meant_to_have() {
        assert!(ProgressStyle::with_template(BAR).is_ok());
    }

    #[test]
    fn losses_are_written_as_short_as_they_read_back() {
        let line = |losses| serde_json::to_string(&StepLine::new(1, &losses)).unwrap();
        assert_eq!(line(Losses::deterministic(0.1)), r#"{"step":1,"loss":0.1,"reconstruction":0.1}"#);
        let variational = r#"{"step":1,"loss":1.1,"reconstruction":0.1,"divergence":0.5}"#;
        assert_eq!(line(Losses::variational(0.1, 0.5, 2.0)), variational);
    }
}
