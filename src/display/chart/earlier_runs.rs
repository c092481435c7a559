//! Earlier runs of this visit, each with a bounded number of points for the chart.

use super::{Point, smoothing::smoothed, window};
use crate::display::{
    field_text::name,
    moments::epoch,
    numbers::{grouped, loss, shortened},
};
use latent_core::{
    engine::Engine,
    settings::{Field, Settings},
    training::history::History,
};

/// Runs in the list, at most. A further run replaces the oldest.
const MOST_RUNS: usize = 5;
/// Lines of earlier curves that can be told apart.
pub const STYLES: usize = MOST_RUNS;

/// Of each line, the length of a dash and of the gap behind it, in CSS pixels. Without a gap it is whole. The lists of runs have
/// the same lines by `.run` in style/page/time.css.
pub const DASHES: [[f64; 2]; STYLES] = [[24.0, 0.0], [8.0, 4.0], [2.0, 3.0], [14.0, 5.0], [5.0, 2.0]];
/// Points of a run's curve, at most.
const MOST_POINTS: usize = 300;
/// Validation losses of a run, at most.
const MOST_VALIDATIONS: usize = 60;

/// The earlier runs.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Earlier {
    /// By their numbers.
    runs: Vec<EarlierRun>,
}

/// A run that has ended.
#[derive(Clone, Debug, PartialEq)]
pub struct EarlierRun {
    /// Its number, which it keeps: 1 is the first run of this visit.
    pub number: u32,
    /// Its settings when it ended.
    pub settings: Settings,
    /// The line that its curve has in the chart, from 0 to [`STYLES`]: that of no other run in the list.
    pub style: usize,
    /// The engine that trained it.
    pub engine: Option<Engine>,
    /// The name of the file that it began with.
    pub opened: Option<String>,
    /// Steps done when it ended.
    pub steps: u64,
    /// The training loss of its last step, as the run itself showed it.
    pub loss: Option<f32>,
    /// The smoothed training loss.
    pub curve: Vec<Point>,
    /// Some of the validation losses, always including the last.
    pub validation: Vec<Point>,
}

impl Earlier {
    /// Adds a run that has ended, if it has any losses or was opened from a file. In a full list it replaces the oldest that is
    /// not among `kept`, those that can be opened again.
    pub fn add(
        &mut self,
        number: u32,
        settings: Settings,
        engine: Option<Engine>,
        opened: Option<String>,
        history: &History,
        kept: &[u32],
    ) {
        if history.losses().is_empty() && opened.is_none() {
            return;
        }
        if self.runs.len() == MOST_RUNS {
            let replaced = self.runs.iter().position(|run| !kept.contains(&run.number));
            self.runs.remove(replaced.unwrap_or_default());
        }
        let is_free = |style: &usize| self.runs.iter().all(|run| run.style != *style);
        // By its number, so that it has the same line when it comes back and leaves again.
        let own = number.saturating_sub(1) as usize % STYLES;
        let style = [own].into_iter().chain(0..STYLES).find(is_free).unwrap_or_default();
        let at = self.runs.partition_point(|run| run.number < number);
        let run = EarlierRun {
            number,
            style,
            engine,
            opened,
            steps: history.steps(),
            loss: history.losses().last().copied(),
            curve: smoothed(history.total(), &history.columns(MOST_POINTS), window(&settings)),
            validation: validation(history),
            settings,
        };
        self.runs.insert(at, run);
    }

    /// Removes the run with this number, which is opened again.
    pub fn remove(&mut self, number: u32) {
        self.runs.retain(|run| run.number != number);
    }

    /// Removes all runs.
    pub fn clear(&mut self) {
        self.runs.clear();
    }

    /// The runs that a chart with a run of these settings shows, by their numbers.
    pub fn comparable(&self, settings: &Settings) -> Vec<&EarlierRun> {
        self.runs.iter().filter(|run| run.is_in_chart_of(settings)).collect()
    }

    /// The runs, by their numbers.
    pub fn runs(&self) -> &[EarlierRun] {
        &self.runs
    }
}

impl EarlierRun {
    /// Where on its curve the learning rate changed.
    pub fn rate_changes(&self) -> Vec<Point> {
        let at = |steps: u64| self.curve.iter().find(|point| point.step >= steps).copied();
        self.settings.learning_rates.changes().iter().filter_map(|change| at(change.steps)).collect()
    }

    /// Whether its curve is in the chart of a run with these settings: it has one, and the losses of both are of one kind and
    /// over the same images.
    pub fn is_in_chart_of(&self, settings: &Settings) -> bool {
        let compares = self.settings.model.loss == settings.model.loss && self.settings.data == settings.data;
        compares && !self.curve.is_empty()
    }

    /// Its smoothed training loss at a step, on its curve. None before the curve begins and after it ends.
    pub fn smoothed_at(&self, step: u64) -> Option<f32> {
        let after = self.curve.partition_point(|point| point.step < step);
        let next = self.curve.get(after)?;
        let before = after.checked_sub(1).map(|before| self.curve[before]);
        match before {
            _ if next.step == step => Some(next.loss),
            Some(before) => {
                let share = (step - before.step) as f32 / (next.step - before.step) as f32;
                Some(before.loss + share * (next.loss - before.loss))
            }
            None => None,
        }
    }

    /// Its validation loss after so many steps, if one was taken there and is kept.
    pub fn validation_at(&self, step: u64) -> Option<f32> {
        self.validation.iter().find(|point| point.step == step).map(|point| point.loss)
    }

    /// What it is called in the list: `Run 2, opened from model.safetensors`. A long name is shortened.
    pub fn title(&self) -> String {
        let opened = self.opened.as_ref();
        let opened = opened.map_or_else(String::new, |name| format!(", opened from {}", shortened(name)));
        format!("Run {}{opened}", self.number)
    }

    /// What it came to. A file may bring no losses.
    pub fn results(&self) -> [String; 3] {
        let validation = self.validation.last().map(|last| last.loss);
        results(&self.settings, self.steps, [self.loss, validation])
    }

    /// What this run has and the current one has not: `learning rate 0.0005, 0.005 from step 600 (this run: 0.0005)`.
    pub fn differences_from(&self, current: &Settings, engine: Option<Engine>) -> String {
        let difference = |field: Field| {
            let [own, now] = [&self.settings, current].map(|settings| shown(field, settings.get(field)));
            (own != now).then(|| format!("{} {own} (this run: {now})", name(field)))
        };
        let mut differences: Vec<_> = Field::ALL.into_iter().filter_map(difference).collect();
        if let (Some(own), Some(now)) = (self.engine, engine)
            && own != now
        {
            differences.push(format!("engine {} (this run: {})", own.name(), now.name()));
        }
        if differences.is_empty() { "the same settings".into() } else { differences.join("; ") }
    }

    /// The run's last validation loss, or its last training loss if it has no validation loss.
    pub fn result(&self) -> (&'static str, Option<f32>) {
        match self.validation.last() {
            Some(last) => ("validation", Some(last.loss)),
            None => ("training", self.loss),
        }
    }
}

/// How far a run is, and its training and validation loss: `epoch 3, step 940`, `loss 0.0413`, `validation 0.0420`.
pub fn results(settings: &Settings, steps: u64, losses: [Option<f32>; 2]) -> [String; 3] {
    let [training, validation] = losses;
    let part = |name: &str, value: Option<f32>| {
        value.map_or_else(String::new, |value| format!("{name} {}", loss(Some(value))))
    };
    [
        format!("epoch {}, step {}", epoch(steps, settings), grouped(steps)),
        part("loss", training),
        part("validation", validation),
    ]
}

/// The settings of the run under way by which it is told from others: network, learning rate, and whatever an earlier one has
/// another value of. `hidden layers 300; code size 2; learning rate 0.0005`.
pub fn own_settings(current: &Settings, others: &[EarlierRun]) -> String {
    let is_told = |field: &Field| {
        let differs = |other: &EarlierRun| other.settings.get(*field) != current.get(*field);
        matches!(field, Field::Hidden | Field::Code | Field::LearningRate) || others.iter().any(differs)
    };
    let text = |field: Field| format!("{} {}", name(field), shown(field, current.get(field)));
    Field::ALL.into_iter().filter(is_told).map(text).collect::<Vec<_>>().join("; ")
}

/// The settings that differ, each as `learning rate 0.0005 → 0.005`.
pub fn changes(before: &Settings, after: &Settings) -> Vec<String> {
    let change = |field: Field| {
        let (from, to) = (before.get(field), after.get(field));
        (from != to).then(|| format!("{} {} → {}", name(field), shown(field, from), shown(field, to)))
    };
    Field::ALL.into_iter().filter_map(change).collect()
}

/// In what the run under way differs from a pinned one: `Changed in this run: learning rate 0.0005 → 0.005`.
pub fn comparison_text(pinned: &Settings, current: &Settings) -> String {
    match changes(pinned, current).join("; ") {
        same if same.is_empty() => "Both runs have the same settings.".into(),
        changes => format!("Changed in this run: {changes}"),
    }
}

/// A value of a field. Of own images the start of their hash, which tells sets apart. Of learning rates the steps from which
/// they hold.
pub fn shown(field: Field, mut value: String) -> String {
    if field == Field::Data && value.starts_with("own-") {
        value.truncate(12);
    }
    if field == Field::LearningRate { value.replace(',', ", ").replace('@', " from step ") } else { value }
}

/// Validation losses at equal distances, counted back from the last.
fn validation(history: &History) -> Vec<Point> {
    let all = history.validation();
    let every = all.len().div_ceil(MOST_VALIDATIONS).max(1);
    let mut thinned: Vec<_> =
        all.iter().rev().step_by(every).map(|taken| Point { step: taken.steps, loss: taken.loss }).collect();
    thinned.reverse();
    thinned
}

#[cfg(test)]
mod tests {
    use super::{super::smoothed_at, *};
    use latent_core::{data::DatasetId, model::Loss, training::history::Validation};

    fn history(steps: usize) -> History {
        History::restored(0, vec![0.1; steps], vec![])
    }

    #[test]
    fn runs_without_a_step_are_not_listed_and_a_sixth_replaces_the_oldest() {
        let mut earlier = Earlier::default();
        let mut add =
            |number| earlier.add(number, Settings::default(), None, None, &history(number as usize), &[]);
        (0..=7).for_each(&mut add);
        let numbers = |earlier: &Earlier| earlier.runs().iter().map(|run| run.number).collect::<Vec<_>>();
        assert_eq!(numbers(&earlier), [3, 4, 5, 6, 7]);
        let mut styles: Vec<_> = earlier.runs().iter().map(|run| run.style).collect();
        styles.sort_unstable();
        assert_eq!(styles, [0, 1, 2, 3, 4], "no two have the same line");
        earlier.remove(2);
        assert_eq!(earlier.runs().len(), 5);
        earlier.remove(4);
        assert_eq!(numbers(&earlier), [3, 5, 6, 7]);
        // It comes back under its number, and one that can be opened again stays longer than one that cannot.
        for number in [4, 8] {
            earlier.add(number, Settings::default(), None, None, &history(1), &[3, 4, 6, 7]);
        }
        assert_eq!(numbers(&earlier), [3, 4, 6, 7, 8]);
        let style = |number| earlier.runs().iter().find(|run| run.number == number).map(|run| run.style);
        assert_eq!([3, 4, 6].map(style), [Some(2), Some(3), Some(0)], "each has its line again");
    }

    #[test]
    fn a_run_is_read_on_its_curve_and_nowhere_else() {
        let mut earlier = Earlier::default();
        let losses: Vec<f32> = (0..2_000).map(|step| 1.0 - step as f32 / 4_000.0).collect();
        let validation = vec![Validation::total(1_000, 0.5), Validation::total(2_000, 0.25)];
        let history = History::restored(100, losses, validation);
        earlier.add(1, Settings::default(), None, None, &history, &[]);
        let run = &earlier.runs()[0];
        for step in [500, 999, 1_501] {
            let exact = smoothed_at(history.total().losses(), step as usize - 101, window(&run.settings));
            let read = run.smoothed_at(step).unwrap();
            assert!((read - exact).abs() < 1e-5, "step {step}: {read} for {exact}");
        }
        assert_eq!([100, 2_101].map(|step| run.smoothed_at(step)), [None; 2]);
        assert_eq!([1_000, 1_001].map(|step| run.validation_at(step)), [Some(0.5), None]);
    }

    #[test]
    fn an_ended_run_is_listed_with_the_losses_that_it_showed() {
        let mut earlier = Earlier::default();
        let losses: Vec<f32> = (0..1_000).map(|step| 1.0 / (step + 1) as f32).collect();
        let last = losses[999];
        let history = History::restored(0, losses, vec![Validation::total(1_000, 0.5)]);
        earlier.add(1, Settings::default(), None, None, &history, &[]);
        let run = &earlier.runs()[0];
        assert_ne!(run.curve.last().map(|point| point.loss), Some(last), "the curve is smoothed");
        assert_eq!(run.results(), results(&run.settings, 1_000, [Some(last), Some(0.5)]));
    }

    #[test]
    fn runs_over_other_images_or_with_another_loss_are_listed_and_not_drawn() {
        let mut earlier = Earlier::default();
        let (digits, mut clothes, mut entropy) =
            (Settings::default(), Settings::default(), Settings::default());
        clothes.data = DatasetId::FashionMnist;
        entropy.model.loss = Loss::from_name("bce").unwrap();
        for (number, settings) in (1..).zip([&digits, &clothes, &entropy]) {
            earlier.add(number, settings.clone(), None, None, &history(3), &[]);
        }
        let drawn = [&digits, &clothes, &entropy]
            .map(|now| earlier.comparable(now).iter().map(|run| run.number).collect::<Vec<_>>());
        assert_eq!(drawn, [[1], [2], [3]]);
        assert_eq!(earlier.runs().len(), 3);
    }

    #[test]
    fn a_long_run_is_thinned_to_few_points_and_keeps_its_last() {
        let mut earlier = Earlier::default();
        let validation = (1..=1_000).map(|epoch| Validation::total(epoch * 100, epoch as f32));
        let history = History::restored(0, vec![0.1; 100_000], validation.collect());
        earlier.add(1, Settings::default(), None, None, &history, &[]);
        let run = &earlier.runs()[0];
        assert!(run.curve.len() <= MOST_POINTS && run.validation.len() <= MOST_VALIDATIONS);
        assert_eq!((run.steps, run.curve[run.curve.len() - 1].step), (100_000, 100_000));
        assert_eq!(run.validation[run.validation.len() - 1], Point { step: 100_000, loss: 1_000.0 });
        assert_eq!(run.result(), ("validation", Some(1_000.0)));
    }

    #[test]
    fn a_model_that_was_opened_is_listed_by_its_file_also_without_losses() {
        let mut earlier = Earlier::default();
        earlier.add(
            1,
            Settings::default(),
            None,
            Some("mine.safetensors".into()),
            &History::resumed(940),
            &[],
        );
        earlier.add(2, Settings::default(), None, None, &history(1), &[]);
        let texts: Vec<_> = earlier.runs().iter().map(|run| (run.title(), run.results().join("|"))).collect();
        assert_eq!(texts[0], ("Run 1, opened from mine.safetensors".into(), "epoch 4, step 940||".into()));
        assert_eq!(texts[1], ("Run 2".into(), "epoch 1, step 1|loss 0.1000|".into()));
        assert_eq!(earlier.comparable(&Settings::default()).len(), 1, "one has a curve");
    }

    #[test]
    fn differences_are_named_as_the_fields_of_the_form() {
        let mut earlier = Earlier::default();
        earlier.add(1, Settings::default(), Some(Engine::Cpu), None, &history(3), &[]);
        let run = &earlier.runs()[0];
        assert_eq!(run.differences_from(&Settings::default(), None), "the same settings");
        let now = Settings { learning_rates: 0.005.into(), seed: 2, ..Settings::default() };
        assert_eq!(
            run.differences_from(&now, Some(Engine::Cpu)),
            "learning rate 0.0005 (this run: 0.005); seed 1 (this run: 2)"
        );
        assert_eq!(
            run.differences_from(&run.settings, Some(Engine::WebGpu)),
            "engine cpu (this run: webgpu)"
        );
        assert_eq!(run.result(), ("training", Some(0.1)));
        let text = |now: &Settings| comparison_text(&Settings::default(), now);
        assert_eq!(text(&now), "Changed in this run: learning rate 0.0005 → 0.005; seed 1 → 2");
        assert_eq!(text(&Settings::default()), "Both runs have the same settings.");
    }

    #[test]
    fn the_run_under_way_is_listed_with_its_network_its_rate_and_what_another_run_has_otherwise() {
        let mut earlier = Earlier::default();
        let now = Settings { learning_rates: 0.005.into(), seed: 2, ..Settings::default() };
        assert_eq!(own_settings(&now, earlier.runs()), "hidden layers 300; code size 2; learning rate 0.005");
        earlier.add(1, Settings::default(), None, None, &history(3), &[]);
        assert_eq!(
            own_settings(&now, earlier.runs()),
            "hidden layers 300; code size 2; learning rate 0.005; seed 2"
        );
        let columns = results(&now, 3, [Some(0.5), Some(0.25)]);
        assert_eq!(columns, ["epoch 1, step 3", "loss 0.5000", "validation 0.2500"]);
    }

    #[test]
    fn a_run_whose_learning_rate_was_changed_is_listed_with_every_rate_and_its_step() {
        let mut earlier = Earlier::default();
        let mut settings = Settings::default();
        settings.adjust(20, Field::LearningRate, "0.005").unwrap();
        earlier.add(1, settings, None, None, &history(30), &[]);
        let now = Settings { learning_rates: 0.005.into(), ..Settings::default() };
        assert_eq!(
            earlier.runs()[0].differences_from(&now, None),
            "learning rate 0.0005, 0.005 from step 20 (this run: 0.005)"
        );
        assert_eq!(earlier.runs()[0].rate_changes().iter().map(|point| point.step).collect::<Vec<_>>(), [20]);
    }

    #[test]
    fn the_style_sheet_has_the_lines_that_the_chart_draws() {
        let sheet = include_str!("../../../style/page/time.css");
        let rules: Vec<_> = sheet.lines().filter(|line| line.starts_with(".run.line-")).collect();
        assert_eq!(rules.len(), STYLES);
        for (style, (rule, [dash, gap])) in rules.iter().zip(DASHES).enumerate() {
            let expected = format!(
                ".run.line-{style} {{ --line-colour: var(--earlier-{style}); --dash: {dash}px; --gap: {gap}px; }}"
            );
            assert_eq!(*rule, expected);
        }
    }
}
