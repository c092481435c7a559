//! The moments of a run: what is kept of them, and how an earlier one is explored while the run goes on.

use super::{
    encoding::Encoding,
    half_precision::{HalfWeights, halves, singles},
    input::Request,
    networks::Explored,
    state::Explorer,
    timeline::{MOST_BYTES, Moment},
};
use half::f16;
use latent_core::{model::ModelSpec, plane::Plotted, weights::Weights};
use latent_cpu::Inference;
use latent_protocol::ExplorerEvent;
use std::{mem::take, rc::Rc};

/// The weights of a run's network as they are kept, unless even two moments of them take too many bytes.
pub(super) fn kept(model: &ModelSpec, weights: &Weights) -> Option<Rc<HalfWeights>> {
    (HalfWeights::bytes_of(model) <= MOST_BYTES / 2).then(|| Rc::new(HalfWeights::of(weights)))
}

impl<N: Inference, Emit: Fn(ExplorerEvent), Ask: Fn(Request)> Explorer<N, Emit, Ask> {
    /// Explores the moment nearest to a step from now on; none: the newest network again. Reports the codes that were kept at
    /// once.
    pub(super) fn look_back(&mut self, to: Option<u64>) {
        let moment = to.and_then(|steps| self.timeline.nearest(steps));
        if moment.is_none() && !self.networks.looks_back() {
            return;
        }
        let of_run = self.networks.of_run();
        let newest = || self.timeline.last().filter(|last| of_run.is_some_and(|it| it.steps == last.steps));
        // The dots do not wait for the network.
        let known = moment.or_else(newest).zip(of_run).and_then(|(known, of_run)| {
            let (units, steps, errors) = (of_run.model.latent_units(), known.steps, Vec::new());
            let codes = singles(self.codes_of(known)?);
            Some(ExplorerEvent::Codes { units, steps, codes, errors })
        });
        let is_known = known.is_some();
        known.into_iter().for_each(|codes| self.reports.send(codes));
        match moment {
            Some(moment) => {
                if let Err(error) = self.networks.look_back(moment) {
                    return self.reports.send(ExplorerEvent::Failed(error.to_string()));
                }
            }
            None => self.networks.return_to_run(),
        }
        (self.grid_decoding, self.encoding, self.recording) = (None, None, None);
        self.due.of_network();
        // The newest network's codes are reported in full precision, too.
        self.due.codes = to.is_none() || self.measures_errors || !is_known;
        self.due.moment |= to.is_some();
    }

    /// Reports the codes of the plotted images at a step, whose moment may have been dropped: then none.
    pub(super) fn recall(&mut self, steps: u64) {
        let recalled = |units, codes| ExplorerEvent::Recalled { steps, units, codes };
        let (moment, of_run) = (self.timeline.nearest(steps), self.networks.of_run());
        let Some((moment, of_run)) = moment.filter(|moment| moment.steps == steps).zip(of_run) else {
            return self.reports.send(recalled(0, Vec::new()));
        };
        if let Some(codes) = self.codes_of(moment) {
            let event = recalled(of_run.model.latent_units(), singles(codes));
            return self.reports.send(event);
        }
        let weights = moment.weights.to_weights(&of_run.model);
        match Explored::new(of_run.model.clone(), &weights, steps) {
            Ok(explored) => self.recalling = Some(Encoding::new(&explored, self.plotted, false)),
            Err(_) => self.reports.send(recalled(0, Vec::new())),
        }
    }

    /// The codes of the images that are plotted, if they were kept with a moment.
    fn codes_of<'a>(&self, moment: &'a Moment) -> Option<&'a [f16]> {
        let units = self.networks.of_run()?.model.latent_units();
        let is_complete = moment.codes.len() >= self.plotted_images() * units;
        (moment.plotted == self.plotted && is_complete).then_some(moment.codes.as_slice())
    }

    /// How many of the plotted images have arrived.
    pub(super) fn plotted_images(&self) -> usize {
        self.sets.of(self.plotted.set()).images.len().min(self.plotted.count(self.sets.dataset()))
    }

    /// Encodes a block of the plotted images for a moment that is recalled.
    pub(super) fn recall_block(&mut self) -> bool {
        let count = self.plotted_images();
        let Some(recalling) = &mut self.recalling else { return false };
        let images = &self.sets.of(self.plotted.set()).images;
        if let Some(encoded) = recalling.advance(images, count) {
            self.recalling = None;
            let (steps, units, codes) = (encoded.steps, encoded.units, encoded.codes);
            self.reports.send(ExplorerEvent::Recalled { steps, units, codes });
        }
        true
    }

    /// Encodes a block of the plotted images with the newest network, for its moment, while an earlier one is explored.
    pub(super) fn record_block(&mut self) -> bool {
        let (count, Some(of_run)) = (self.plotted_images(), self.networks.of_run()) else { return false };
        if !self.networks.looks_back() {
            return false;
        }
        if self.recording.is_none() && count > 0 && take(&mut self.due.moment) {
            self.recording = Some(Encoding::new(of_run, self.plotted, false));
        }
        let Some(recording) = &mut self.recording else { return false };
        let images = &self.sets.of(self.plotted.set()).images;
        if let Some(encoded) = recording.advance(images, count) {
            let (weights, plotted) = (recording.weights.take(), recording.plotted);
            self.recording = None;
            self.keep(weights, plotted, encoded.steps, &encoded.codes);
        }
        true
    }

    /// Puts the moments of a run aside that is not explored any more.
    pub(super) fn park_timeline(&mut self, run: Option<u32>) {
        let timeline = take(&mut self.timeline);
        if let Some(run) = run {
            self.parked.add(run, timeline);
        }
    }

    /// Drops the moments behind a step, and what is under way for one of them.
    pub(super) fn cut_timeline_to(&mut self, steps: u64) {
        if self.timeline.last().is_some_and(|last| last.steps > steps) {
            (self.encoding, self.recording) = (None, None);
        }
        self.timeline.cut_to(steps);
    }

    /// Keeps the newest network at the end of an epoch, which another one may follow before the images are encoded.
    pub(super) fn keep_end_of_epoch(&mut self) {
        let (plotted, codes) = (self.plotted, Vec::new());
        let Some(of_run) = self.networks.of_run().filter(|it| self.timeline.is_end(it.steps)) else { return };
        if let Some(weights) = of_run.kept.clone() {
            self.timeline.add(Moment { steps: of_run.steps, weights, plotted, codes });
        }
    }

    /// Keeps the moment of a network that has encoded the plotted images.
    pub(super) fn keep(
        &mut self,
        weights: Option<Rc<HalfWeights>>,
        plotted: Plotted,
        steps: u64,
        codes: &[f32],
    ) {
        // A run may have gone back meanwhile.
        let is_past = self.networks.of_run().is_some_and(|of_run| steps <= of_run.steps);
        if let Some(weights) = weights.filter(|_| is_past) {
            let codes = halves(codes.iter().copied());
            self.timeline.add(Moment { steps, weights, plotted, codes });
            self.report_moments();
        }
    }

    /// Reports the steps of the moments, if they have changed.
    pub(super) fn report_moments(&mut self) {
        let steps = self.timeline.steps();
        if steps != self.reported_moments {
            self.reported_moments.clone_from(&steps);
            self.reports.send(ExplorerEvent::Moments(steps));
        }
    }
}
