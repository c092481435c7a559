//! The network that is explored: the run's, or the pretrained decoder.

use super::shared_network::SharedNetwork;
use latent_core::{
    data::Images, model::ModelSpec, pretrained::Pretrained, training::TrainerError, weights::Weights,
};
use latent_cpu::Inference;
use latent_protocol::{CodeDistribution, MOST_KERNELS};

/// Both networks, as far as they are there, and which one is explored.
pub(super) struct Networks<N> {
    selection: Selection,
    of_run: Option<Explored<N>>,
    pretrained: Option<Explored<N>>,
    is_pretrained_requested: bool,
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

/// A network, or a decoder alone with the codes of its sample.
pub(super) struct Explored<N> {
    pub(super) model: ModelSpec,
    pub(super) network: SharedNetwork<N>,
    /// Steps that it was trained.
    pub(super) steps: u64,
    /// The codes of the first test images, where there is no encoder.
    pub(super) codes: Option<Vec<f32>>,
    /// The first kernels of the first layer. None where there is no encoder.
    pub(super) kernels: Vec<f32>,
}

impl<N> Default for Networks<N> {
    fn default() -> Self {
        Self {
            selection: Selection::default(),
            of_run: None,
            pretrained: None,
            is_pretrained_requested: false,
        }
    }
}

impl<N: Inference> Networks<N> {
    /// The network that is explored, if it is there.
    pub(super) fn explored(&self) -> Option<&Explored<N>> {
        match self.selection {
            Selection::Nothing => None,
            Selection::Run(_) => self.of_run.as_ref(),
            Selection::Pretrained => self.pretrained.as_ref(),
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
        let selection = Selection::Run(run);
        let is_another = std::mem::replace(&mut self.selection, selection) != selection;
        match &mut self.of_run {
            Some(explored) if explored.model == model => {
                explored.load(weights, steps)?;
                Ok(is_another)
            }
            of_run => {
                *of_run = Some(Explored::new(model, weights, steps)?);
                Ok(true)
            }
        }
    }

    /// Takes newer weights of the run that is explored.
    pub(super) fn update(&mut self, weights: &Weights, steps: u64) -> Result<(), TrainerError> {
        match &mut self.of_run {
            Some(explored) => explored.load(weights, steps),
            None => Ok(()),
        }
    }

    /// Explores the pretrained decoder from now on. Returns whether it has to be requested.
    pub(super) fn show_pretrained(&mut self) -> bool {
        self.selection = Selection::Pretrained;
        let is_missing = self.pretrained.is_none() && !self.is_pretrained_requested;
        self.is_pretrained_requested |= is_missing;
        is_missing
    }

    /// Takes the pretrained decoder.
    pub(super) fn take_pretrained(&mut self, pretrained: &Pretrained) -> Result<(), TrainerError> {
        let decoder = Explored::new(ModelSpec::default(), &pretrained.weights(), 0)?;
        self.pretrained = Some(Explored { codes: Some(pretrained.codes()), kernels: Vec::new(), ..decoder });
        Ok(())
    }

    /// Notes that the pretrained decoder will not arrive. It can be requested again.
    pub(super) fn give_up_pretrained(&mut self) {
        self.is_pretrained_requested = false;
    }
}

impl<N: Inference> Explored<N> {
    fn new(model: ModelSpec, weights: &Weights, steps: u64) -> Result<Self, TrainerError> {
        let network = SharedNetwork::new(&model, weights)?;
        let kernels = weights.first_kernels(MOST_KERNELS);
        Ok(Self { model, network, steps, codes: None, kernels })
    }

    fn load(&mut self, weights: &Weights, steps: u64) -> Result<(), TrainerError> {
        weights.check(&self.model)?;
        self.network.load(&self.model, weights)?;
        (self.steps, self.kernels) = (steps, weights.first_kernels(MOST_KERNELS));
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
