//! The network that is explored: the run's, or the pretrained decoder.

use super::{half_precision::HalfWeights, past::kept, shared_network::SharedNetwork, timeline::Moment};
use latent_core::{
    data::Images,
    model::ModelSpec,
    pretrained::{Pretrained, PretrainedEncoder},
    training::TrainerError,
    weights::Weights,
};
use latent_cpu::Inference;
use latent_protocol::CodeDistribution;
use std::rc::Rc;

/// Both networks, as far as they are there, and which one is explored.
pub(super) struct Networks<N> {
    selection: Selection,
    of_run: Option<Explored<N>>,
    /// The run's network at an earlier step, while that is explored.
    past: Option<Explored<N>>,
    pretrained: Option<Explored<N>>,
    is_pretrained_requested: bool,
    /// What the pretrained network was made of, until its encoder has come.
    decoder: Option<Pretrained>,
    is_encoder_requested: bool,
}

/// What is explored.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Selection {
    #[default]
    Nothing,
    /// The network of the run with this number.
    Run(u32),
    Pretrained,
}

/// A network, or the pretrained one with the codes of its sample.
pub(super) struct Explored<N> {
    pub(super) model: ModelSpec,
    pub(super) network: SharedNetwork<N>,
    /// Steps that it was trained.
    pub(super) steps: u64,
    /// The codes of the first test images, of the pretrained decoder.
    pub(super) codes: Option<Vec<f32>>,
    /// Whether it encodes images: the pretrained network does once its encoder has been loaded.
    pub(super) has_encoder: bool,
    /// Its weights. Without an encoder they are 0 there.
    pub(super) weights: Weights,
    /// Its weights as a moment of the run keeps them.
    pub(super) kept: Option<Rc<HalfWeights>>,
}

impl<N> Default for Networks<N> {
    fn default() -> Self {
        Self {
            selection: Selection::default(),
            of_run: None,
            past: None,
            pretrained: None,
            is_pretrained_requested: false,
            decoder: None,
            is_encoder_requested: false,
        }
    }
}

impl<N: Inference> Networks<N> {
    /// The network that is explored, if it is there.
    pub(super) fn explored(&self) -> Option<&Explored<N>> {
        match self.selection {
            Selection::Nothing => None,
            Selection::Run(_) => self.past.as_ref().or(self.of_run.as_ref()),
            Selection::Pretrained => self.pretrained.as_ref(),
        }
    }

    /// The newest network of the run that is explored.
    pub(super) fn of_run(&self) -> Option<&Explored<N>> {
        self.of_run.as_ref().filter(|_| matches!(self.selection, Selection::Run(_)))
    }

    /// Whether an earlier network of the run is explored.
    pub(super) fn looks_back(&self) -> bool {
        self.past.is_some()
    }

    /// Explores a moment of the run from now on.
    pub(super) fn look_back(&mut self, moment: &Moment) -> Result<(), TrainerError> {
        let Some(Explored { model, .. }) = &self.of_run else { return Ok(()) };
        let weights = moment.weights.to_weights(model);
        match &mut self.past {
            Some(past) => past.load(&weights, moment.steps),
            past => {
                *past = Some(Explored::new(model.clone(), &weights, moment.steps)?);
                Ok(())
            }
        }
    }

    /// Explores the newest network of the run again.
    pub(super) fn return_to_run(&mut self) {
        self.past = None;
    }

    /// The run whose network is explored.
    pub(super) fn run(&self) -> Option<u32> {
        match self.selection {
            Selection::Run(run) => Some(run),
            _ => None,
        }
    }

    /// Whether the network of this run is explored.
    pub(super) fn shows_run(&self, run: u32) -> bool {
        self.selection == Selection::Run(run)
    }

    /// Whether the pretrained decoder is explored, or will be when it arrives.
    pub(super) fn shows_pretrained(&self) -> bool {
        self.selection == Selection::Pretrained
    }

    /// Explores the network of a run from now on. Returns whether another run, or model, was explored before.
    pub(super) fn show(
        &mut self,
        run: u32,
        model: ModelSpec,
        weights: &Weights,
        steps: u64,
    ) -> Result<bool, TrainerError> {
        weights.check(&model)?;
        let (selection, half) = (Selection::Run(run), kept(&model, weights));
        let is_another = std::mem::replace(&mut self.selection, selection) != selection;
        self.past = None;
        match &mut self.of_run {
            Some(explored) if explored.model == model => {
                explored.load(weights, steps)?;
                explored.kept = half;
                Ok(is_another)
            }
            of_run => {
                *of_run = Some(Explored { kept: half, ..Explored::new(model, weights, steps)? });
                Ok(true)
            }
        }
    }

    /// Takes newer weights of the run that is explored.
    pub(super) fn update(&mut self, weights: &Weights, steps: u64) -> Result<(), TrainerError> {
        match &mut self.of_run {
            Some(explored) => {
                explored.load(weights, steps)?;
                explored.kept = kept(&explored.model, weights);
                Ok(())
            }
            None => Ok(()),
        }
    }

    /// Explores the pretrained decoder from now on. Returns whether it has to be requested.
    pub(super) fn show_pretrained(&mut self) -> bool {
        (self.selection, self.past) = (Selection::Pretrained, None);
        let is_missing = self.pretrained.is_none() && !self.is_pretrained_requested;
        self.is_pretrained_requested |= is_missing;
        is_missing
    }

    /// Takes the pretrained decoder.
    pub(super) fn take_pretrained(&mut self, pretrained: Pretrained) -> Result<(), TrainerError> {
        let decoder = Explored::new(ModelSpec::default(), &pretrained.weights(), 0)?;
        let codes = Some(pretrained.codes());
        self.pretrained = Some(Explored { codes, has_encoder: false, ..decoder });
        self.decoder = Some(pretrained);
        Ok(())
    }

    /// Notes that the pretrained encoder is needed. Returns whether it has to be requested.
    pub(super) fn need_encoder(&mut self) -> bool {
        !std::mem::replace(&mut self.is_encoder_requested, true)
    }

    /// Takes the pretrained encoder. The decoder is there: nothing else asks for it.
    pub(super) fn take_encoder(&mut self, encoder: &PretrainedEncoder) -> Result<(), TrainerError> {
        if let (Some(explored), Some(decoder)) = (&mut self.pretrained, self.decoder.take()) {
            let mut weights = decoder.weights();
            encoder.complete(&mut weights);
            explored.load(&weights, explored.steps)?;
            explored.has_encoder = true;
        }
        Ok(())
    }

    /// Notes that the pretrained encoder will not arrive. It can be requested again.
    pub(super) fn give_up_encoder(&mut self) {
        self.is_encoder_requested = false;
    }

    /// Notes that the pretrained decoder will not arrive. It can be requested again.
    pub(super) fn give_up_pretrained(&mut self) {
        self.is_pretrained_requested = false;
    }
}

impl<N: Inference> Explored<N> {
    /// A network with these weights, of which no moment is kept.
    pub(super) fn new(model: ModelSpec, weights: &Weights, steps: u64) -> Result<Self, TrainerError> {
        let network = SharedNetwork::new(&model, weights)?;
        let weights = weights.clone();
        Ok(Self { model, network, steps, codes: None, has_encoder: true, weights, kept: None })
    }

    fn load(&mut self, weights: &Weights, steps: u64) -> Result<(), TrainerError> {
        weights.check(&self.model)?;
        self.network.load(&self.model, weights)?;
        self.weights.clone_from(weights);
        self.steps = steps;
        Ok(())
    }

    /// The code of an image of the plotted set, if it is known or the image has arrived.
    pub(super) fn code_of(&self, image: usize, images: &Images) -> Option<Vec<f32>> {
        match &self.codes {
            Some(codes) => codes.chunks_exact(self.model.latent_units()).nth(image).map(<[f32]>::to_vec),
            None => (image < images.len()).then(|| self.network.encode(images, image..image + 1)),
        }
    }

    /// An image of the plotted set as validation corrupts it: a set of one, if the model corrupts images and it has arrived.
    pub(super) fn corrupted(&self, image: usize, images: &Images) -> Option<Images> {
        let pixels = (image < images.len()).then(|| self.network.corrupted(images, image))??;
        let mut corrupted = Images::new(images.shape());
        corrupted.append(&pixels).ok().map(|()| corrupted)
    }

    /// The distribution of an image's code, if codes have one and the image has arrived.
    pub(super) fn distribution_of(&self, image: usize, images: &Images) -> Option<CodeDistribution> {
        if image >= images.len() {
            return None;
        }
        let log_variance = self.network.log_variances(images, image..image + 1)?;
        Some(CodeDistribution { mean: self.network.encode(images, image..image + 1), log_variance })
    }
}
