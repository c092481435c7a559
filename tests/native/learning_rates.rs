//! A run whose learning rate was changed on the way is trained again from its link and from its file, to the same bits.

use latent_core::{
    link::Link,
    settings::{Field, Settings},
    training::{
        Progress, StepLosses, Trainer,
        checkpoint::Checkpoint,
        history::History,
        run::{Dataset, Run, SHORT_SLICE, Slice},
    },
};
use latent_cpu::CpuTrainer;
use latent_tests::images;
use pollster::block_on;

/// Two epochs of 32 steps.
fn settings(rates: &str) -> Settings {
    let link = format!("hidden=16&images=2000&batch=63&epochs=2&seed=7&lr={rates}");
    let (link, problems) = Link::parse(&link);
    assert_eq!(problems, []);
    link.settings
}

fn data() -> Dataset {
    let test = images("test", 1);
    Dataset { training: images("train", 2), test_images: test.len(), test }
}

/// A run under way with its losses.
struct Trained {
    run: Run<CpuTrainer>,
    history: History,
}

impl Trained {
    fn from(checkpoint: Checkpoint) -> Self {
        let Checkpoint { settings, progress, history } = checkpoint;
        Self { run: block_on(Run::new(&(), settings, &progress)).unwrap(), history }
    }

    fn start(settings: Settings) -> Self {
        let progress = Progress::initial(&settings.model, settings.seed);
        Self::from(Checkpoint { settings, progress, history: History::default() })
    }

    /// Trains to this step, or to the end.
    fn until(mut self, steps: u64, data: &Dataset) -> Self {
        while self.run.steps() < steps || self.run.validation_is_due() {
            let most = usize::try_from(steps.saturating_sub(self.run.steps())).unwrap();
            match block_on(self.run.advance(data, most, SHORT_SLICE)).unwrap().unwrap() {
                Slice::Trained { losses, .. } => {
                    self.history.trained(StepLosses::of(&losses));
                }
                Slice::Validated { losses, .. } => {
                    let _ = self.history.validated(losses.kept_total(), losses.parts());
                }
                Slice::Validating => {}
                Slice::Finished => break,
            }
        }
        self
    }

    fn file(&mut self) -> Vec<u8> {
        let (settings, history) = (self.run.settings().clone(), self.history.clone());
        let progress = block_on(self.run.trainer().progress()).unwrap();
        Checkpoint { settings, progress, history }.to_bytes().unwrap()
    }
}

const END: u64 = 64;

#[test]
fn a_run_whose_rate_was_changed_replays_from_its_link_and_its_file_to_the_same_bits() {
    let data = data();
    // Within a slice and within an epoch; at the end of an epoch; twice in a row.
    for changes in [&[20][..], &[32], &[1, 2], &[20, 45]] {
        let mut live = Trained::start(settings("0.0005"));
        for (&steps, rate) in changes.iter().zip([0.005, 0.001]) {
            live = live.until(steps, &data);
            live.run.adjust(&rate.into(), 2).unwrap();
        }
        let mut live = live.until(END, &data);
        let recorded = live.run.settings().get(Field::LearningRate);
        let link = Link { settings: live.run.settings().clone(), ..Link::default() }.to_fragment();
        assert!(link.contains(&format!("lr={recorded}&")), "{link}");
        let file = Checkpoint::parse(&live.file()).unwrap();
        for settings in [Link::parse(&link).0.settings, file.settings] {
            let replayed = Trained::start(settings).until(END, &data);
            assert_eq!(replayed.history, live.history, "{recorded}");
        }
        // What the link said before, the last rate alone, leads elsewhere.
        let last = live.run.settings().learning_rates.after(END).to_string();
        let other = Trained::start(settings(&last)).until(END, &data);
        assert_ne!(other.history.losses(), live.history.losses());
    }
}

#[test]
fn a_file_of_the_middle_of_a_run_goes_on_to_its_planned_changes() {
    let data = data();
    let planned = || Trained::start(settings("0.0005,0.005@20,0.001@45"));
    let whole = planned().until(END, &data);
    for steps in [10, 20, 40, 45, 50] {
        let file = planned().until(steps, &data).file();
        let rest = Trained::from(Checkpoint::parse(&file).unwrap()).until(END, &data);
        assert_eq!(rest.history, whole.history, "from step {steps}");
    }
}
