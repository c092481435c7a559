//! A model's lowered list as the kernels read it: what each layer reads, and where its weights lie.

use super::layer_plan::{LayerPlan, Source};
use crate::{objective::Objective, simd::Simd};
use latent_core::model::{ModelSpec, Role};

/// Bytes of values and gradients that are computed at once, about: they should stay in a processor's second-level cache.
const CACHE: u64 = 1_000_000;
/// Images that are computed at once, at most.
const MOST_IMAGES: usize = 64;

/// The layers of a model, and how its parameters lie in memory: kernel and bias of each layer one after another, kernels in
/// panels, padded with zeros. Whatever the weights are, so are their gradients and Adam's moments.
#[derive(Clone, Debug)]
pub(super) struct Plan {
    pub(super) model: ModelSpec,
    pub(super) layers: Vec<LayerPlan>,
    pub(super) objective: Objective,
    /// Numbers in memory, with the padding.
    pub(super) parameters: usize,
    /// How many images are computed at once. It depends on the model alone.
    pub(super) images_at_once: usize,
}

impl Plan {
    pub(super) fn new<F: Simd>(model: &ModelSpec) -> Self {
        let lowered = model.layers();
        let mut layers: Vec<LayerPlan> = Vec::with_capacity(lowered.len());
        let (mut parameters, mut dropouts) = (0, 0..);
        for layer in &lowered {
            let source = match (layers.len().checked_sub(1), layer.role) {
                (None, _) => Source::Image,
                // It reads what the mean reads.
                (Some(before), Role::LogVariance) => layers[before].source,
                (Some(before), _) if layers[before].role == Role::LogVariance => Source::Code,
                (Some(before), _) => Source::Layer(before),
            };
            let plan = LayerPlan::new::<F>(layer, source, parameters, &mut dropouts);
            parameters = plan.bias.end;
            layers.push(plan);
        }
        let output = layers[layers.len() - 1].activation;
        let images = (CACHE / model.step_bytes(1).max(1)) as usize;
        Self {
            model: model.clone(),
            objective: Objective::new(model, output),
            layers,
            parameters,
            images_at_once: images
                .next_multiple_of(4)
                .clamp(4, MOST_IMAGES)
                .min(model.images_at_once(MOST_IMAGES)),
        }
    }

    /// Values of an image.
    pub(super) fn pixels(&self) -> usize {
        self.model.input.values()
    }

    /// The layer whose values are the code, or the mean of its distribution.
    pub(super) fn code_layer(&self) -> usize {
        self.model.layers_of_encoder() - 1 - usize::from(self.model.is_variational())
    }

    /// The first layer of the decoder.
    pub(super) fn decoder(&self) -> usize {
        self.model.layers_of_encoder()
    }

    /// The layer that gives the reconstruction.
    pub(super) fn output_layer(&self) -> usize {
        self.layers.len() - 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simd::Portable4;
    use latent_core::{
        link::Link,
        model::{ImageShape, MOST_STEP_BYTES, presets},
    };

    fn plan(fragment: &str) -> Plan {
        Plan::new::<Portable4>(&Link::parse(fragment).0.settings.model)
    }

    #[test]
    fn the_values_of_a_presets_step_fit_a_cache_whatever_the_batch() {
        for preset in presets::ALL {
            let plan = plan(preset.fragment);
            let bytes = plan.model.step_bytes(plan.images_at_once);
            assert!(bytes <= 2_000_000, "{}: {bytes}", preset.name);
        }
    }

    #[test]
    fn a_model_of_large_maps_stays_within_the_memory_of_a_step() {
        let mut model = plan("encoder=conv512k3s1,conv512k3s1").model;
        model.input = ImageShape { height: 100, width: 100, channels: 1 };
        let plan = Plan::new::<Portable4>(&model);
        assert!(model.step_bytes(4) > MOST_STEP_BYTES);
        assert!(plan.images_at_once < 4 && model.step_bytes(plan.images_at_once) <= MOST_STEP_BYTES);
    }

    #[test]
    fn heads_read_one_layer_and_the_decoder_reads_the_sampled_code() {
        let plan = plan("encoder=dense9,dropout0.5&variational=1");
        let sources: Vec<_> = plan.layers.iter().map(|layer| layer.source).collect();
        let [first, second] = [Source::Layer(0), Source::Layer(1)];
        assert_eq!(sources, [Source::Image, first, second, second, Source::Code, Source::Layer(4)]);
        assert_eq!((plan.code_layer(), plan.decoder(), plan.output_layer()), (2, 4, 5));
    }
}
