//! The work of an explorer, in short pieces.

use super::{
    code_decoding::CodeDecoding,
    encoding::{Encoded, Encoding},
    grid_decoding::GridDecoding,
    input::Request,
    networks::Explored,
    state::Explorer,
};
use latent_core::trace::{rows, weight_tiles};
use latent_cpu::Inference;
use latent_protocol::{ExplorerEvent, Pair};
use std::mem::take;

impl<N: Inference, Emit: Fn(ExplorerEvent), Ask: Fn(Request)> Explorer<N, Emit, Ask> {
    /// Does the most urgent piece of work. Returns false if there is none.
    pub(super) fn work(&mut self) -> bool {
        // The point first: the user drags it.
        self.decode_point()
            || self.encode_drawing()
            || self.reconstruct()
            || self.report_listed()
            || self.decode_path()
            || self.decode_grid()
            || self.trace_layers()
            || self.report_pretrained_codes()
            || self.encode_block()
            || self.recall_block()
            || self.record_block()
            || self.evaluate_block()
    }

    fn decode_point(&mut self) -> bool {
        let Some(explored) = self.networks.explored() else { return false };
        if !take(&mut self.due.image) || self.code.len() != explored.model.latent_units() {
            return false;
        }
        let image = explored.network.decode(&self.code);
        self.reports.send(ExplorerEvent::Decoded { code: self.code.clone(), image });
        true
    }

    /// Encodes the image that was drawn. The pretrained network's encoder is loaded when it is needed first.
    fn encode_drawing(&mut self) -> bool {
        let Some(explored) = self.networks.explored() else { return false };
        let Some(drawing) = self.drawing.as_ref().filter(|_| self.due.drawing) else { return false };
        if !explored.has_encoder {
            if self.networks.need_encoder() {
                (self.ask)(Request::PretrainedEncoder);
            }
            return false;
        }
        self.due.drawing = false;
        let code = explored.network.encode(drawing, 0..1);
        let copy = explored.network.decode(&code);
        self.reports.send(ExplorerEvent::Drawn { steps: explored.steps, code, copy });
        true
    }

    /// Reports the listed images that have arrived.
    fn report_listed(&mut self) -> bool {
        if !take(&mut self.due.listed) || self.listed.is_empty() {
            return false;
        }
        let set = &self.sets.of(self.plotted.set()).images;
        let there = self.listed.iter().copied().filter(|&image| (image as usize) < set.len());
        let images: Vec<u32> = there.collect();
        let values = images.iter().flat_map(|&image| set.get(image as usize)).copied().collect();
        self.reports.send(ExplorerEvent::Listed { images, values });
        true
    }

    /// Reconstructs the followed images that have arrived, or whose codes came with the pretrained decoder.
    fn reconstruct(&mut self) -> bool {
        let Some(explored) = self.networks.explored() else { return false };
        if !take(&mut self.due.pairs) || self.followed.is_empty() {
            return false;
        }
        let set = self.sets.of(self.plotted.set());
        let mut pairs = Vec::new();
        for &image in &self.followed {
            let index = image as usize;
            let corrupted = explored.corrupted(index, &set.images);
            let code = match &corrupted {
                Some(corrupted) => Some(explored.network.encode(corrupted, 0..1)),
                None => explored.code_of(index, &set.images),
            };
            let Some(code) = code else { continue };
            pairs.push(Pair {
                image,
                label: set.labels.get(index).copied(),
                original: (index < set.images.len()).then(|| set.images.get(index).to_vec()),
                corrupted: corrupted.map(|image| image.pixels().to_vec()),
                copy: explored.network.decode(&code),
                distribution: explored.distribution_of(index, &set.images),
            });
        }
        self.reports.send(ExplorerEvent::Pairs(pairs));
        true
    }

    fn decode_grid(&mut self) -> bool {
        let Some(explored) = self.networks.explored() else { return false };
        let units = explored.model.latent_units();
        let Some(grid) = self.grid.as_ref().filter(|grid| grid.units() == units) else { return false };
        if self.grid_decoding.is_none() && take(&mut self.due.grid) {
            self.grid_decoding = Some(GridDecoding::new(explored.network.clone(), grid.clone()));
        }
        let Some(decoding) = &mut self.grid_decoding else { return false };
        if let Some(mapped) = decoding.advance() {
            self.grid_decoding = None;
            self.reports.send(mapped);
        }
        true
    }

    fn decode_path(&mut self) -> bool {
        let Some(explored) = self.networks.explored() else { return false };
        let units = explored.model.latent_units();
        if self.path.is_empty() || !self.path.len().is_multiple_of(units) {
            return false;
        }
        if self.path_decoding.is_none() && take(&mut self.due.path) {
            self.path_decoding = Some(CodeDecoding::new(explored.network.clone(), units, self.path.clone()));
        }
        let Some(decoding) = &mut self.path_decoding else { return false };
        if let Some(images) = decoding.advance() {
            self.path_decoding = None;
            self.reports.send(ExplorerEvent::Path { codes: self.path.clone(), images });
        }
        true
    }

    /// Reports what the layers give for the traced image and the point.
    fn trace_layers(&mut self) -> bool {
        let (Some(explored), Some(request)) = (self.networks.explored(), self.trace) else { return false };
        let Explored { model, weights, has_encoder, .. } = explored;
        if !take(&mut self.due.trace) || self.code.len() != model.latent_units() {
            return false;
        }
        let images = &self.sets.of(self.plotted.set()).images;
        let image =
            request.image.map(|image| image as usize).filter(|&image| *has_encoder && image < images.len());
        let rows = rows(model, weights, image.map(|image| images.get(image)), &self.code);
        let looked_at = request.weights_of.map(|layer| layer as usize);
        let is_there = |&layer: &usize| *has_encoder || layer >= model.layers_of_encoder();
        let weights = looked_at.filter(is_there).and_then(|layer| weight_tiles(model, weights, layer));
        self.reports.send(ExplorerEvent::Traced { rows, weights });
        true
    }

    /// Reports the codes that came with the pretrained decoder, unless there are images whose errors are measured with them.
    fn report_pretrained_codes(&mut self) -> bool {
        let Some(explored) = self.networks.explored() else { return false };
        let Some(codes) = &explored.codes else { return false };
        let has_images = !self.sets.of(self.plotted.set()).images.is_empty();
        if self.measures_errors && has_images || !take(&mut self.due.codes) {
            return false;
        }
        let (units, steps) = (explored.model.latent_units(), explored.steps);
        let codes = codes.clone();
        self.reports.send(ExplorerEvent::Codes { units, steps, codes, errors: Vec::new() });
        true
    }

    fn encode_block(&mut self) -> bool {
        let Some(explored) = self.networks.explored() else { return false };
        let count = self.plotted_images();
        if self.encoding.is_none() && count > 0 && take(&mut self.due.codes) {
            self.encoding = Some(Encoding::new(explored, self.plotted, self.measures_errors));
        }
        let Some(encoding) = &mut self.encoding else { return false };
        let images = &self.sets.of(self.plotted.set()).images;
        if let Some(Encoded { units, steps, codes, errors }) = encoding.advance(images, count) {
            let (weights, plotted) = (encoding.weights.take(), encoding.plotted);
            self.encoding = None;
            self.keep(weights, plotted, steps, &codes);
            self.reports.send(ExplorerEvent::Codes { units, steps, codes, errors });
        }
        true
    }

    /// Evaluates the next block, if its images have arrived.
    fn evaluate_block(&mut self) -> bool {
        let Some(evaluation) = self.evaluation.as_mut().filter(|it| it.can_advance(&self.sets)) else {
            return false;
        };
        if let Some(measured) = evaluation.advance(&self.sets) {
            self.reports.send(measured);
        }
        if evaluation.is_done() {
            self.evaluation = None;
        }
        true
    }
}
