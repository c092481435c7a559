//! What an explorer does with its inputs.

use super::{
    evaluation::Evaluation,
    input::{Input, Request},
    state::Explorer,
};
use latent_core::{
    data::{Images, Split},
    model::ModelSpec,
    pretrained::{Pretrained, PretrainedEncoder},
    weights::Weights,
};
use latent_cpu::Inference;
use latent_protocol::{ExplorerCommand, ExplorerEvent, Snapshot};

impl<N: Inference, Emit: Fn(ExplorerEvent), Ask: Fn(Request)> Explorer<N, Emit, Ask> {
    /// Takes an input.
    pub(super) fn take(&mut self, input: Input) {
        match input {
            Input::Command(command) => {
                self.reports.await_one();
                self.obey(command);
            }
            Input::Snapshot(snapshot) => self.take_snapshot(snapshot),
            Input::Labels(set, labels) => {
                self.sets.of_mut(set).labels = labels;
                self.report_labels();
            }
            Input::Images(set, pixels) => self.take_images(set, &pixels),
            Input::Failed(set, why) => self.give_up_images(set, why),
            Input::Pretrained(file) => self.take_pretrained(file),
            Input::PretrainedEncoder(file) => self.take_encoder(file),
        }
    }

    fn obey(&mut self, command: ExplorerCommand) {
        match command {
            ExplorerCommand::Show { run, model, weights, seed, steps, steps_per_epoch, again } => {
                let weights = weights.unwrap_or_else(|| Weights::initial(&model, seed));
                self.show(run, model, &weights, steps, again);
                self.timeline.steps_per_epoch = steps_per_epoch;
            }
            ExplorerCommand::ShowPretrained => {
                self.park_timeline(self.networks.run());
                if self.networks.show_pretrained() {
                    (self.ask)(Request::Pretrained);
                }
                self.drop_tasks();
                self.due.of_network();
                self.report_moments();
            }
            ExplorerCommand::Decode(code) => {
                self.due.image |= self.code != code;
                self.code = code;
            }
            ExplorerCommand::Plot(plotted) => {
                self.plotted = plotted;
                (self.encoding, self.recording, self.recalling) = (None, None, None);
                (self.due.codes, self.due.listed) = (true, true);
                self.request(plotted.set(), plotted.count(self.sets.dataset()));
                self.report_labels();
            }
            ExplorerCommand::Follow(images) => {
                self.followed = images;
                self.due.pairs = true;
            }
            ExplorerCommand::Map(grid) => {
                self.due.grid = grid.is_some();
                (self.grid, self.grid_decoding) = (grid, None);
            }
            ExplorerCommand::Trace(request) => (self.trace, self.due.trace) = (request, true),
            ExplorerCommand::Path(codes) => {
                self.due.path = !codes.is_empty();
                (self.path, self.path_decoding) = (codes, None);
            }
            ExplorerCommand::Measure => self.begin_evaluation(),
            ExplorerCommand::Errors(measures) => {
                // An encoding that is under way measures none.
                (self.measures_errors, self.encoding, self.due.codes) = (measures, None, true);
            }
            ExplorerCommand::List(images) => (self.listed, self.due.listed) = (images, true),
            ExplorerCommand::Draw(image) => {
                self.drawing = image.and_then(|image| self.one_image(&image));
                self.due.drawing = true;
            }
            ExplorerCommand::LookBack(steps) => self.look_back(steps),
            ExplorerCommand::Recall(steps) => self.recall(steps),
            // Its port is the inbox's concern.
            ExplorerCommand::ConnectTrainer => {}
        }
    }

    fn show(&mut self, run: u32, model: ModelSpec, weights: &Weights, steps: u64, again: Option<u32>) {
        let before = self.networks.run();
        // The codes of the pretrained decoder are not this network's, which has none before images arrive.
        if self.networks.shows_pretrained() && self.sets.of(self.plotted.set()).images.is_empty() {
            let units = model.latent_units();
            let (codes, errors) = Default::default();
            self.reports.send(ExplorerEvent::Codes { units, steps, codes, errors });
        }
        match self.networks.show(run, model, weights, steps) {
            Ok(is_another) => {
                if is_another {
                    self.drop_tasks();
                    self.park_timeline(before);
                }
                if let Some(timeline) = again.and_then(|run| self.parked.take(run)) {
                    self.timeline = timeline;
                    // A report on the run before may be on its way to a page that has forgotten it.
                    self.reported_moments.clear();
                }
                self.cut_timeline_to(steps);
                self.report_moments();
                self.due.of_network();
            }
            Err(error) => return self.reports.send(ExplorerEvent::Failed(error.to_string())),
        }
        // Snapshots come on a port of their own, so the first one may have overtaken the page's command.
        if let Some(early) = self.early.take_if(|early| early.run == run && early.steps > steps) {
            self.take_snapshot(early);
        }
    }

    fn take_snapshot(&mut self, snapshot: Snapshot) {
        let Snapshot { run, steps, weights } = &snapshot;
        if !self.networks.shows_run(*run) {
            // Of a run that the page is about to show, or of one before.
            self.early = Some(snapshot);
            return;
        }
        let steps = *steps;
        match self.networks.update(weights, steps) {
            Ok(()) => {
                self.cut_timeline_to(steps);
                self.keep_end_of_epoch();
                self.report_moments();
                match self.networks.looks_back() {
                    true => self.due.moment = true,
                    false => self.due.of_network(),
                }
            }
            Err(error) => self.reports.send(ExplorerEvent::Failed(error.to_string())),
        }
    }

    fn take_images(&mut self, set: Split, pixels: &[u8]) {
        match self.sets.of_mut(set).images.append(pixels) {
            Ok(()) => {
                let is_plotted = set == self.plotted.set();
                self.due.codes |= is_plotted;
                self.due.pairs |= is_plotted;
                self.due.listed |= is_plotted;
            }
            Err(error) => self.give_up_images(set, error.to_string()),
        }
    }

    fn give_up_images(&mut self, set: Split, why: String) {
        self.sets.of_mut(set).give_up_requests();
        self.reports.send(ExplorerEvent::Failed(why));
    }

    fn take_pretrained(&mut self, file: Result<Vec<u8>, String>) {
        let parsed = file.and_then(|file| Pretrained::parse(&file).map_err(|error| error.to_string()));
        let labels = parsed.and_then(|pretrained| {
            let labels = pretrained.labels().to_vec();
            self.networks.take_pretrained(pretrained).map_err(|error| error.to_string())?;
            Ok(labels)
        });
        match labels {
            Ok(labels) => {
                let test = self.sets.of_mut(Split::Test);
                if test.labels.is_empty() {
                    test.labels = labels;
                }
                self.report_labels();
                self.due.of_network();
            }
            Err(why) => {
                self.networks.give_up_pretrained();
                self.reports.send(ExplorerEvent::NoPretrained(why));
            }
        }
    }

    fn take_encoder(&mut self, file: Result<Vec<u8>, String>) {
        let parsed = file.and_then(|file| PretrainedEncoder::parse(&file).map_err(|error| error.to_string()));
        let taken = parsed
            .and_then(|encoder| self.networks.take_encoder(&encoder).map_err(|error| error.to_string()));
        if let Err(why) = taken {
            // The next drawing asks again.
            self.networks.give_up_encoder();
            self.due.drawing = false;
            self.reports.send(ExplorerEvent::Failed(format!("The pretrained encoder is not there: {why}.")));
        }
    }

    /// A set of one image, if it has the data set's shape.
    fn one_image(&self, values: &[u8]) -> Option<Images> {
        let mut images = Images::new(self.sets.dataset().shape());
        images.append(values).ok()?;
        (images.len() == 1).then_some(images)
    }

    fn begin_evaluation(&mut self) {
        let Some(explored) = self.networks.explored() else { return };
        if explored.codes.is_some() {
            let why = "The pretrained decoder has no encoder, so there is nothing to measure.";
            return self.reports.send(ExplorerEvent::Failed(why.into()));
        }
        self.evaluation =
            Some(Evaluation::new(self.sets.dataset(), explored.network.clone(), explored.steps));
        for set in [Split::Test, Split::Training] {
            self.request(set, self.sets.dataset().images(set));
        }
    }

    /// Requests the first `images` of a set, except those that were requested before.
    fn request(&mut self, set: Split, images: usize) {
        if let Some(missing) = self.sets.of_mut(set).request(images) {
            (self.ask)(Request::Images(set, missing));
        }
    }

    /// Reports the labels of the plotted images, unless the page has them.
    fn report_labels(&mut self) {
        let labels = &self.sets.of(self.plotted.set()).labels;
        let labels = &labels[..self.plotted.count(self.sets.dataset()).min(labels.len())];
        if !labels.is_empty() && labels != self.reported_labels {
            self.reported_labels = labels.to_vec();
            self.reports.send(ExplorerEvent::Labels(labels.to_vec()));
        }
    }
}
