//! The explorer's end: the point on the plane, the digits there, and what the network makes of them.

use super::{Supervisor, training::performance_now_ms};
use crate::app::{
    release,
    state::{Map, Measured, State},
};
use latent_browser::{
    snapshot_channel,
    worker_handle::{WorkerFailure, WorkerHandle},
};
use latent_core::{
    data::Split,
    engine::Engine,
    model::ModelSpec,
    plane::{Axes, Cloud, Grid, Plotted, Range},
    settings::Settings,
};
use latent_protocol::{ExplorerCommand, ExplorerEvent, Role};
use leptos::prelude::*;
use std::time::Duration;

/// How long the pretrained plane stands before what isn't seen on it is fetched: whoever presses Train at once has the
/// line for the images to train on.
const REST_AFTER: Duration = Duration::from_secs(2);
/// Digits that are shown beside their reconstructions, as in the tutorial.
const CHOSEN: usize = 5;

impl Supervisor {
    /// Moves the point on the plane, and with it the code whose digit is decoded. A point out of sight is brought
    /// into it.
    pub fn explore(&self, code: Vec<f32>) {
        let plane = self.state.projection_untracked();
        let range = plane.range.showing(plane.axes.point(&code));
        if range != plane.range {
            self.look(range);
        }
        self.state.is_point_held.set(true);
        self.move_to(code);
    }

    /// Has this code's digit decoded, for a point that will be there with the next frame.
    pub fn foresee(&self, code: Vec<f32>) {
        self.tell_explorer(&ExplorerCommand::Decode(code));
    }

    /// Shows this part of the plane until [`Supervisor::look_at_all`].
    pub fn look(&self, range: Range) {
        self.state.is_framed.set(true);
        self.state.range.set(range);
        self.ask_for_map();
    }

    /// Shows a smaller part of the plane, or a larger one, around the same middle.
    pub fn zoom(&self, factor: f32) {
        self.look(self.state.range.get_untracked().zoomed(factor, [0.5; 2]));
    }

    /// Shows all digits from now on, wherever they go.
    pub fn look_at_all(&self) {
        self.state.is_framed.set(false);
        self.state.range.set(Range::fitting(&self.points()).unwrap_or_default());
        self.fit();
        self.ask_for_map();
    }

    /// Shows the manifold behind the digits, or no more.
    pub fn show_map(&self, shows: bool) {
        self.state.shows_map.set(shows);
        self.ask_for_map();
    }

    /// Has the manifold decoded for what is in sight now.
    fn ask_for_map(&self) {
        let State { shows_map, code, map, .. } = self.state;
        let plane = self.state.projection_untracked();
        let grid = shows_map.get_untracked().then(|| code.with_untracked(|code| Grid::over(plane, code)));
        if grid.is_none() {
            map.set(None);
        }
        if self.mapped.get_value() != grid {
            self.mapped.set_value(grid.clone());
            self.tell_explorer(&ExplorerCommand::Map(grid));
        }
    }

    /// Shows other numbers of the code on the plane. Others than a code has, or one twice, are ignored.
    pub fn choose_axes(&self, axes: Axes) {
        if axes.fit(self.state.cloud.with_untracked(|cloud| cloud.units)) {
            self.state.axes.set(axes);
            self.look_at_all();
        }
    }

    /// Puts other digits on the plane, and chooses five of them.
    pub fn plot(&self, plotted: Plotted) {
        self.state.plotted.set(plotted);
        self.state.hovered.set(None);
        self.state.nearest.set(None);
        self.tell_explorer(&ExplorerCommand::Plot(plotted));
        self.choose_others();
    }

    /// Shows only the digits of one kind, or all again if that is done already.
    pub fn isolate(&self, kind: u8) {
        let shown = self.state.isolated.get_untracked();
        self.state.isolated.set((shown != Some(kind)).then_some(kind));
    }

    /// Notes which digit the pointer is over.
    pub fn hover(&self, digit: Option<u32>) {
        if self.state.hovered.get_untracked() != digit {
            self.state.hovered.set(digit);
            self.follow();
        }
    }

    /// Chooses five plotted digits at random.
    pub fn choose_others(&self) {
        let count = self.state.plotted.get_untracked().count() as f64;
        let mut chosen = Vec::with_capacity(CHOSEN);
        while chosen.len() < CHOSEN {
            let digit = (js_sys::Math::random() * count) as u32;
            if !chosen.contains(&digit) {
                chosen.push(digit);
            }
        }
        self.state.chosen.set(chosen);
        self.follow();
    }

    /// Measures the error over both whole sets.
    pub fn measure(&self) {
        self.state.measures.update(|measures| measures.is_under_way = true);
        self.tell_explorer(&ExplorerCommand::Measure);
    }

    pub(super) fn open_explorer(&self) {
        let supervisor = *self;
        let hear = move |event| supervisor.heard_explorer(event);
        let broke = move |broken| match broken {
            WorkerFailure::Died(why) => supervisor.revive_explorer(why),
            broken => supervisor
                .mend(broken, move |why| supervisor.notify(format!("The latent plane stopped: {why}."))),
        };
        let script = release::worker_script(Engine::Cpu);
        match WorkerHandle::spawn(&script, release::id(), Role::Explorer, |_| {}, hear, broke) {
            Ok(line) => {
                self.explorer.set_value(Some(line));
                self.connect();
            }
            Err(error) => self.notify(format!("The latent plane could not be started: {error:?}.")),
        }
    }

    /// What is to be seen from the start, as the link says: other digits than the sample need the run's own network.
    pub(super) fn take_up_view(&self) {
        self.move_to(self.state.code.get_untracked());
        match self.state.plotted.get_untracked() {
            Plotted::Sample => {
                self.show_before_training();
                self.choose_others();
            }
            plotted => {
                self.show_first_network();
                self.plot(plotted);
            }
        }
    }

    /// What is to be seen before the run trains: the pretrained decoder and its sample for the tutorial's network,
    /// otherwise the network that the run begins with.
    pub(super) fn show_before_training(&self) {
        let is_tutorials = self.state.run_settings.with_untracked(|run| run.model == ModelSpec::default());
        if self.origin.with_value(Option::is_some) || !is_tutorials {
            return self.show_first_network();
        }
        self.suit_code();
        self.state.is_pretrained.set(true);
        self.have_shown(ExplorerCommand::ShowPretrained);
        if self.state.plotted.get_untracked() != Plotted::Sample {
            self.plot(Plotted::Sample);
        }
    }

    /// Lets the pretrained decoder give way to the network of the run.
    pub(super) fn leave_pretrained(&self) {
        if self.state.is_pretrained.get_untracked() {
            self.show_first_network();
        }
    }

    /// The network that the run under way begins with.
    fn show_first_network(&self) {
        self.suit_code();
        self.state.is_pretrained.set(false);
        let origin = self.origin.get_value();
        let steps = origin.as_ref().map_or(0, |origin| origin.steps);
        self.show(origin.map(|origin| origin.weights), steps);
    }

    /// A code as long as those of the run's network, and axes that it has.
    fn suit_code(&self) {
        let State { run_settings, code, axes, cloud, decoded, .. } = self.state;
        let units = run_settings.with_untracked(|settings| settings.model.latent_units());
        if code.with_untracked(Vec::len) == units {
            return;
        }
        let labels = cloud.with_untracked(|cloud| cloud.labels.clone());
        cloud.set(Cloud { labels, ..Cloud::empty(units) });
        axes.set(Axes::of(units));
        decoded.set(None);
        self.state.is_point_held.set(false);
        self.state.is_framed.set(false);
        self.move_to(vec![0.0; units]);
    }

    /// Has the explorer take these weights; `None`: the initial ones.
    pub(super) fn show(&self, weights: Option<latent_core::weights::Weights>, steps: u64) {
        let Settings { model, seed, .. } = self.state.run_settings.get_untracked();
        let run = self.run.get_value();
        self.have_shown(ExplorerCommand::Show { run, model, weights, seed, steps });
        // A trainer that has yet to train its first step has the line for itself.
        if steps > 0 || self.wanted.with_value(Option::is_none) {
            self.fetch_rest();
        }
    }

    /// Connects trainer and explorer, if both are there: snapshots pass between them.
    pub(super) fn connect(&self) {
        self.trainer.with_value(|trainer| {
            self.explorer.with_value(|explorer| {
                if let (Some(trainer), Some(explorer)) = (trainer, explorer)
                    && let Err(error) = snapshot_channel::connect(trainer, explorer)
                {
                    self.notify(format!("The latent plane will not follow the training: {error:?}."));
                }
            });
        });
    }

    /// Has a network explored, and remembers it for an explorer that may have to take this one's place.
    fn have_shown(&self, network: ExplorerCommand) {
        self.tell_explorer(&network);
        self.shown.set_value(Some(network));
    }

    /// Tells an explorer that has taken another's place all that the page knows.
    pub(super) fn tell_all_again(&self) {
        if self.state.is_pretrained.get_untracked() {
            self.have_shown(ExplorerCommand::ShowPretrained);
        } else {
            // A trainer that is alive sends newer weights as soon as it is connected.
            let kept = self.progress_kept();
            let steps = kept.as_ref().map_or(0, |kept| kept.steps);
            self.show(kept.map(|kept| kept.weights), steps);
        }
        let State { code, plotted, measures, .. } = self.state;
        self.tell_explorer(&ExplorerCommand::Decode(code.get_untracked()));
        if self.has_rest.get_value() {
            self.tell_explorer(&ExplorerCommand::Plot(plotted.get_untracked()));
        }
        self.mapped.set_value(None);
        self.ask_for_map();
        self.follow();
        if measures.with_untracked(|measures| measures.is_under_way) {
            self.measure();
        }
    }

    /// Fetches what the pretrained plane can do without: the digits' images, which every other network needs for its
    /// plane, and what keeps the page for days without a network.
    pub(super) fn fetch_rest(&self) {
        if !self.has_rest.get_value() {
            self.has_rest.set_value(true);
            self.tell_explorer(&ExplorerCommand::Plot(self.state.plotted.get_untracked()));
            release::stay();
        }
    }

    /// The same, after a while, unless a trainer has begun to use the line: then its first weights are waited for.
    fn fetch_rest_later(&self) {
        let supervisor = *self;
        let fetch = move || {
            if !supervisor.state.phase.get_untracked().is_active() {
                supervisor.fetch_rest();
            }
        };
        set_timeout(fetch, REST_AFTER);
    }

    fn move_to(&self, code: Vec<f32>) {
        self.tell_explorer(&ExplorerCommand::Decode(code.clone()));
        self.state.code.set(code);
        self.ask_for_map();
        self.find_nearest();
    }

    fn find_nearest(&self) {
        let State { code, cloud, nearest, .. } = self.state;
        let found = code.with_untracked(|code| cloud.with_untracked(|cloud| cloud.nearest(code)));
        let found = found.map(|digit| digit as u32);
        if nearest.get_untracked() != found {
            nearest.set(found);
            self.follow();
        }
    }

    /// Has the chosen digits, the nearest and the one under the pointer taken there and back.
    fn follow(&self) {
        let State { chosen, nearest, hovered, .. } = self.state;
        let mut digits = chosen.get_untracked();
        digits.extend(nearest.get_untracked().into_iter().chain(hovered.get_untracked()));
        self.tell_explorer(&ExplorerCommand::Follow(digits));
    }

    fn tell_explorer(&self, command: &ExplorerCommand) {
        self.explorer.with_value(|explorer| {
            if let Some(explorer) = explorer {
                explorer.send(command);
            }
        });
    }

    fn heard_explorer(&self, event: ExplorerEvent) {
        let State { cloud, decoded, pairs, .. } = self.state;
        self.explorer_recovery.update_value(|recovery| recovery.worked(performance_now_ms()));
        match event {
            ExplorerEvent::Ready | ExplorerEvent::Alive => {}
            ExplorerEvent::Labels(labels) => cloud.update(|cloud| {
                cloud.labels = labels;
                cloud.codes.clear();
            }),
            ExplorerEvent::Codes { units, codes } => {
                // Those of a network that has been replaced meanwhile are of no use.
                if cloud.with_untracked(|cloud| cloud.units) == units {
                    cloud.update(|cloud| cloud.codes = codes);
                    self.fit();
                    self.find_nearest();
                }
                if self.state.is_pretrained.get_untracked() && !self.has_rest.get_value() {
                    self.fetch_rest_later();
                }
            }
            ExplorerEvent::Decoded { image, .. } => decoded.set(image.try_into().ok()),
            ExplorerEvent::Pairs(followed) => pairs.set(followed),
            ExplorerEvent::Mapped { grid, images } => {
                if self.state.shows_map.get_untracked() {
                    self.state.map.set(Some(Map { grid, images }));
                }
            }
            ExplorerEvent::Measured { steps, set, loss } => self.measured(set, Measured { steps, loss }),
            ExplorerEvent::NoPretrained(why) => {
                self.notify(format!("The pretrained decoder is not there: {why}."));
                self.leave_pretrained();
            }
            ExplorerEvent::Failed(message) => {
                self.state.measures.update(|measures| measures.is_under_way = false);
                self.notify(message);
            }
        }
    }

    fn measured(&self, set: Split, measured: Measured) {
        self.state.measures.update(|measures| match set {
            Split::Test => measures.test = Some(measured),
            Split::Training => (measures.training, measures.is_under_way) = (Some(measured), false),
        });
    }

    /// The digits on the plane: pairs, side by side.
    fn points(&self) -> Vec<f32> {
        let axes = self.state.axes.get_untracked();
        self.state
            .cloud
            .with_untracked(|cloud| cloud.digits().flat_map(|(_, code)| axes.point(code)).collect())
    }

    /// A range that shows the cloud, unless the person has chosen another. A point that nobody holds stays in its
    /// middle.
    fn fit(&self) {
        if self.state.is_framed.get_untracked() {
            return;
        }
        let State { range, axes, code, .. } = self.state;
        let axes = axes.get_untracked();
        let fitted = range.get_untracked().fitted(&self.points());
        if fitted != range.get_untracked() {
            range.set(fitted);
            self.ask_for_map();
            if !self.state.is_point_held.get_untracked() {
                self.move_to(code.with_untracked(|code| axes.moved(code, fitted.centre)));
            }
        }
    }
}
