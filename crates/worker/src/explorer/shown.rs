//! The network that is explored: the person's own, or the pretrained decoder.

use latent_core::{
    data::Images, model::ModelSpec, pretrained::Pretrained, training::TrainerError, weights::Weights,
};
use latent_cpu::CpuNetwork;
use std::ops::Range;

/// Both networks, as far as they are there, and which one is shown.
#[derive(Default)]
pub(super) struct Networks {
    own: Option<Shown>,
    pretrained: Option<Shown>,
    is_pretrained_asked: bool,
    shows_pretrained: bool,
}

/// A network, or a decoder alone with the codes that came with it.
pub(super) struct Shown {
    pub(super) model: ModelSpec,
    weights: Weights,
    steps: u64,
    network: CpuNetwork,
    codes: Option<Vec<f32>>,
}

impl Networks {
    /// The network that is explored, if it is there.
    pub(super) fn shown(&mut self) -> Option<&mut Shown> {
        if self.shows_pretrained { self.pretrained.as_mut() } else { self.own.as_mut() }
    }

    /// Takes weights of the person's own network. Gives whether it is another than the one before.
    pub(super) fn show(
        &mut self,
        model: ModelSpec,
        weights: Weights,
        steps: u64,
    ) -> Result<bool, TrainerError> {
        weights.check(&model)?;
        match &mut self.own {
            Some(own) if own.model == model => {
                own.network.load(&weights)?;
                (own.weights, own.steps) = (weights, steps);
                Ok(false)
            }
            own => {
                *own = Some(Shown::new(model, weights, steps)?);
                Ok(true)
            }
        }
    }

    /// Shows the pretrained decoder from now on. Gives whether it has to be asked for.
    pub(super) fn show_pretrained(&mut self) -> bool {
        self.shows_pretrained = true;
        let is_missing = self.pretrained.is_none() && !self.is_pretrained_asked;
        self.is_pretrained_asked |= is_missing;
        is_missing
    }

    /// Shows the person's own network from now on. Gives whether it was the other one before.
    pub(super) fn leave_pretrained(&mut self) -> bool {
        std::mem::take(&mut self.shows_pretrained)
    }

    /// Takes the pretrained decoder.
    pub(super) fn take_pretrained(&mut self, pretrained: &Pretrained) -> Result<(), TrainerError> {
        let decoder = Shown::new(ModelSpec::default(), pretrained.weights(), 0)?;
        self.pretrained = Some(Shown { codes: Some(pretrained.codes()), ..decoder });
        Ok(())
    }

    /// The pretrained decoder won't come; it may be asked for again.
    pub(super) fn gave_up_pretrained(&mut self) {
        self.is_pretrained_asked = false;
    }
}

impl Shown {
    fn new(model: ModelSpec, weights: Weights, steps: u64) -> Result<Self, TrainerError> {
        let network = CpuNetwork::new(&model, &weights)?;
        Ok(Self { model, weights, steps, network, codes: None })
    }

    /// Steps that it was trained.
    pub(super) fn steps(&self) -> u64 {
        self.steps
    }

    /// The codes of the first test digits, where there is no encoder to ask for them.
    pub(super) fn codes(&self) -> Option<&[f32]> {
        self.codes.as_deref()
    }

    /// The codes of these images, by the encoder.
    pub(super) fn encode(&mut self, images: &Images, which: Range<usize>) -> Vec<f32> {
        self.network.encode(images, which)
    }

    /// The code of an image of the plotted set, if it can be told.
    pub(super) fn code_of(&mut self, image: usize, images: &Images) -> Option<Vec<f32>> {
        match &self.codes {
            Some(codes) => codes.chunks_exact(self.model.latent_units()).nth(image).map(<[f32]>::to_vec),
            None => (image < images.len()).then(|| self.network.encode(images, image..image + 1)),
        }
    }

    /// The images at these codes, side by side, as bytes; what lies beyond black and white is cut.
    pub(super) fn draw(&mut self, codes: &[f32]) -> Vec<u8> {
        self.network.decode(codes).iter().map(|shade| (shade * 255.0).round() as u8).collect()
    }

    /// A copy to measure, which stays as it is.
    pub(super) fn to_measure(&self) -> Result<CpuNetwork, String> {
        if self.codes.is_some() {
            return Err("The pretrained decoder has no encoder, so there is nothing to measure.".into());
        }
        CpuNetwork::new(&self.model, &self.weights).map_err(|error| error.to_string())
    }
}
