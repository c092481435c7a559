//! Where the random numbers of training come from: the seed, or tensors that are supplied.

use super::{
    Key, Normals, Purpose,
    corruption::{add_noise, corrupt},
    dropout_scale,
};
use crate::{
    model::{Corruption, LayerKind, ModelSpec},
    weights::Tensor,
};
use std::{ops::Range, sync::Arc};
use thiserror::Error;

/// Where the random numbers of training come from. Steps are counted from the start of the run, positions within the batch.
#[derive(Clone, Debug, Default)]
pub struct Noise {
    /// The run's seed.
    pub seed: u64,
    /// What is supplied comes before the seed's.
    pub supplied: Option<Arc<Supplied>>,
}

/// Random numbers from elsewhere, for comparing with other programs: each a tensor `[steps, batch, …]`, from the first step of
/// the run on. What is not supplied follows from the seed.
///
/// | tensor | shape | values |
/// |---|---|---|
/// | `eps` | `[steps, batch, code]` | standard normal deviates of the code |
/// | `corruption` | `[steps, batch, values of an image]` | standard normal deviates, or 0 for a masked value and 1 for any other |
/// | `encoder_dropout_1` … | `[steps, batch, values of the layer]` | 0 for a value that is dropped, and 1 for any other |
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Supplied(Vec<Tensor>);

/// Why supplied random numbers cannot be taken.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum NoiseError {
    /// A tensor that the model does not draw.
    #[error("the noise “{0}” is none that the model draws")]
    Unknown(String),
    /// A tensor of another shape.
    #[error("the noise “{name}” has the shape {found:?}, where [steps, batch, {values}] is expected")]
    Shape {
        /// The tensor's name.
        name: String,
        /// The shape found.
        found: Vec<usize>,
        /// Values that the model draws for an image.
        values: usize,
    },
    /// A value that is not finite.
    #[error("the noise “{0}” holds a value that is not finite")]
    NotFinite(String),
    /// A step or an image that is not supplied.
    #[error("the noise “{name}” has {steps} steps of {images} images: there is none for step {step}")]
    TooShort {
        /// The tensor's name.
        name: String,
        /// Steps that it has.
        steps: usize,
        /// Images that each step has.
        images: usize,
        /// The step that lacks it, the first being 1.
        step: u64,
    },
}

const SAMPLING: &str = "eps";
const CORRUPTION: &str = "corruption";

impl Supplied {
    /// These tensors, if the model draws each of them.
    pub fn new(model: &ModelSpec, tensors: Vec<Tensor>) -> Result<Self, NoiseError> {
        for Tensor { name, shape, values } in &tensors {
            let drawn = drawn(model, name).ok_or_else(|| NoiseError::Unknown(name.clone()))?;
            let fits = matches!(shape[..], [_, _, last] if last == drawn);
            if !fits || values.len() != shape.iter().product::<usize>() {
                return Err(NoiseError::Shape { name: name.clone(), found: shape.clone(), values: drawn });
            }
            if !values.iter().all(|value| value.is_finite()) {
                return Err(NoiseError::NotFinite(name.clone()));
            }
        }
        Ok(Self(tensors))
    }

    /// Whether there is noise for so many steps on batches of this size.
    pub fn reaches(&self, steps: u64, batch: usize) -> Result<(), NoiseError> {
        let last = steps.saturating_sub(1);
        self.0.iter().try_for_each(|tensor| slice(tensor, last, 0..batch).map(|_| ()))
    }

    /// The values of these positions in the step after so many: `[positions, values]`. None if the tensor is not supplied.
    fn get(&self, name: &str, steps: u64, positions: Range<usize>) -> Result<Option<&[f32]>, NoiseError> {
        let tensor = self.0.iter().find(|tensor| tensor.name == name);
        tensor.map(|tensor| slice(tensor, steps, positions)).transpose()
    }
}

/// How many values the model draws for an image under this name, if any.
fn drawn(model: &ModelSpec, name: &str) -> Option<usize> {
    match name {
        SAMPLING => model.is_variational().then(|| model.latent_units()),
        CORRUPTION => (model.corruption != Corruption::None).then(|| model.input.values()),
        _ => {
            let layers = model.layers();
            let is_it = |kind| matches!(kind, LayerKind::Dropout { .. });
            layers.iter().find(|layer| layer.name == name && is_it(layer.kind)).map(|layer| layer.outputs)
        }
    }
}

fn slice(tensor: &Tensor, steps: u64, positions: Range<usize>) -> Result<&[f32], NoiseError> {
    let [all_steps, images, values] = tensor.shape[..] else { return Ok(&[]) };
    let step = usize::try_from(steps).ok().filter(|&step| step < all_steps && positions.end <= images);
    let step = step.ok_or_else(|| NoiseError::TooShort {
        name: tensor.name.clone(),
        steps: all_steps,
        images,
        step: steps + 1,
    })?;
    Ok(&tensor.values[(step * images + positions.start) * values..][..positions.len() * values])
}

impl Noise {
    /// Everything follows from this seed.
    pub fn seeded(seed: u64) -> Self {
        Self { seed, supplied: None }
    }

    /// The key from which the seed's numbers follow.
    pub fn key(&self, purpose: Purpose, steps_before: u64) -> Key {
        Key::new(self.seed, purpose, steps_before)
    }

    /// Standard normal deviates of the codes at these positions: `[positions, units]`.
    pub fn sampling(
        &self,
        steps_before: u64,
        positions: Range<usize>,
        units: usize,
    ) -> Result<Vec<f32>, NoiseError> {
        if let Some(supplied) = self.supplied(SAMPLING, steps_before, positions.clone())? {
            return Ok(supplied.to_vec());
        }
        let key = self.key(Purpose::Sampling, steps_before);
        let mut deviates = vec![0.0; positions.len() * units];
        for (position, deviates) in positions.zip(deviates.chunks_exact_mut(units)) {
            key.normals(position as u32, deviates);
        }
        Ok(deviates)
    }

    /// The factors of a dropout layer, 0 being the first, at these positions: `[positions, values]`, each 0 or
    /// 1 / (1 − rate).
    pub fn dropout(
        &self,
        steps_before: u64,
        layer: u32,
        rate: f32,
        positions: Range<usize>,
        values: usize,
    ) -> Result<Vec<f32>, NoiseError> {
        let scale = dropout_scale(rate);
        let name = format!("encoder_dropout_{}", layer + 1);
        if let Some(supplied) = self.supplied(&name, steps_before, positions.clone())? {
            return Ok(supplied.iter().map(|mask| mask * scale).collect());
        }
        let key = self.key(Purpose::Dropout(layer), steps_before);
        let mut factors = Vec::with_capacity(positions.len() * values);
        let mut is_dropped = vec![false; values];
        for position in positions {
            key.events(position as u32, rate, &mut is_dropped);
            factors.extend(is_dropped.iter().map(|is_dropped| if *is_dropped { 0.0 } else { scale }));
        }
        Ok(factors)
    }

    /// Corrupts the images at these positions: `[positions, values]`.
    pub fn corrupt(
        &self,
        corruption: Corruption,
        steps_before: u64,
        positions: Range<usize>,
        normals: Normals,
        images: &mut [f32],
    ) -> Result<(), NoiseError> {
        if corruption == Corruption::None || positions.is_empty() {
            return Ok(());
        }
        if let Some(supplied) = self.supplied(CORRUPTION, steps_before, positions.clone())? {
            match corruption {
                Corruption::None => {}
                Corruption::Gaussian { deviation } => add_noise(images, supplied, deviation),
                Corruption::Masking { .. } => {
                    images.iter_mut().zip(supplied).for_each(|(value, mask)| *value *= mask);
                }
            }
            return Ok(());
        }
        let key = self.key(Purpose::Corruption, steps_before);
        let values = images.len() / positions.len();
        for (position, image) in positions.zip(images.chunks_exact_mut(values)) {
            corrupt(corruption, key, position as u32, normals, image);
        }
        Ok(())
    }

    fn supplied(
        &self,
        name: &str,
        steps_before: u64,
        positions: Range<usize>,
    ) -> Result<Option<&[f32]>, NoiseError> {
        self.supplied.as_ref().map_or(Ok(None), |supplied| supplied.get(name, steps_before, positions))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::presets;
    use proptest::prelude::*;

    fn model() -> ModelSpec {
        presets::model("encoder=dense6,dropout0.25&variational=1&code=3&corruption=masking0.5")
    }

    fn tensor(name: &str, shape: &[usize], value: impl Fn(usize) -> f32) -> Tensor {
        let values = (0..shape.iter().product()).map(value).collect();
        Tensor { name: name.into(), shape: shape.into(), values }
    }

    fn supplied(tensors: Vec<Tensor>) -> Noise {
        Noise { seed: 1, supplied: Some(Arc::new(Supplied::new(&model(), tensors).unwrap())) }
    }

    #[test]
    fn supplied_noise_comes_before_the_seeds_and_the_rest_follows_from_the_seed() {
        let noise = supplied(vec![tensor("eps", &[2, 4, 3], |at| at as f32)]);
        assert_eq!(noise.sampling(1, 2..4, 3).unwrap(), [18.0, 19.0, 20.0, 21.0, 22.0, 23.0]);
        let seeded = Noise::seeded(1);
        assert_eq!(noise.dropout(5, 0, 0.25, 0..4, 6), seeded.dropout(5, 0, 0.25, 0..4, 6));
        // Beyond its steps and its images there is none.
        assert!(matches!(noise.sampling(2, 0..1, 3), Err(NoiseError::TooShort { step: 3, .. })));
        assert!(noise.sampling(0, 3..5, 3).is_err());
    }

    #[test]
    fn supplied_masks_are_scaled_as_the_seeds_are() {
        let noise = supplied(vec![
            tensor("encoder_dropout_1", &[1, 2, 6], |at| (at % 2) as f32),
            tensor("corruption", &[1, 1, 784], |at| (at % 2) as f32),
        ]);
        let factors = noise.dropout(0, 0, 0.25, 1..2, 6).unwrap();
        assert_eq!(factors, [0.0, 1.0 / 0.75, 0.0, 1.0 / 0.75, 0.0, 1.0 / 0.75]);
        let mut image = vec![0.5; 784];
        noise.corrupt(Corruption::Masking { fraction: 0.5 }, 0, 0..1, Key::normals, &mut image).unwrap();
        assert_eq!(image[..4], [0.0, 0.5, 0.0, 0.5]);
    }

    #[test]
    fn noise_that_the_model_does_not_draw_is_refused() {
        let refusal = |model: &ModelSpec, tensor| Supplied::new(model, vec![tensor]).unwrap_err();
        let eps = |shape: &[usize]| tensor("eps", shape, |_| 0.0);
        assert_eq!(refusal(&ModelSpec::default(), eps(&[1, 1, 2])), NoiseError::Unknown("eps".into()));
        assert!(matches!(refusal(&model(), eps(&[1, 1, 2])), NoiseError::Shape { values: 3, .. }));
        assert!(matches!(refusal(&model(), eps(&[3])), NoiseError::Shape { .. }));
        let broken = tensor("eps", &[1, 1, 3], |_| f32::NAN);
        assert_eq!(refusal(&model(), broken), NoiseError::NotFinite("eps".into()));
    }

    #[test]
    fn a_run_is_told_beforehand_that_its_noise_is_too_short() {
        let supplied = Supplied::new(&model(), vec![tensor("eps", &[20, 128, 3], |_| 0.0)]).unwrap();
        assert_eq!((supplied.reaches(20, 128), supplied.reaches(0, 128)), (Ok(()), Ok(())));
        assert!(supplied.reaches(21, 128).is_err() && supplied.reaches(20, 129).is_err());
    }

    proptest! {
        #[test]
        fn a_shard_of_the_batch_draws_what_the_whole_batch_draws(
            seed: u64, steps in 0u64..1 << 40, from in 0usize..50, images in 1usize..20, values in 1usize..17,
        ) {
            let noise = Noise::seeded(seed);
            let to = from + images;
            let whole = noise.sampling(steps, 0..to, values).unwrap();
            prop_assert_eq!(&noise.sampling(steps, from..to, values).unwrap(), &whole[from * values..]);
            let whole = noise.dropout(steps, 2, 0.3, 0..to, values).unwrap();
            prop_assert_eq!(&noise.dropout(steps, 2, 0.3, from..to, values).unwrap(), &whole[from * values..]);
            let corruption = Corruption::Gaussian { deviation: 0.4 };
            let mut whole = vec![0.5; to * values];
            noise.corrupt(corruption, steps, 0..to, Key::normals, &mut whole).unwrap();
            let mut shard = vec![0.5; images * values];
            noise.corrupt(corruption, steps, from..to, Key::normals, &mut shard).unwrap();
            prop_assert_eq!(&shard, &whole[from * values..]);
        }
    }
}
