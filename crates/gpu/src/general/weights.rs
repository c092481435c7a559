//! Weights as the device stores them: for each layer its kernel as a matrix, [rows and columns of the kernel and channels of
//! the large map, channels of the small map], and its bias behind it.

use super::{layer::GeneralLayer, layout::GeneralLayout};
use crate::layout::BLOCK;
use latent_core::{
    model::{Layer, LayerKind, ModelSpec, Role},
    weights::Weights,
};

/// Where each value of a layer's tensors is on the device, in the order of the tensors.
struct Places {
    kernel: Vec<usize>,
    bias: Vec<usize>,
}

/// The place of a value in a list whose map has so many channels, which are padded to whole blocks.
fn padded(value: usize, channels: usize) -> usize {
    value / channels * channels.next_multiple_of(BLOCK) + value % channels
}

impl Places {
    fn new(layer: &Layer, stored: &GeneralLayer) -> Self {
        let (rows, columns): (Vec<_>, Vec<_>) = match layer.kind {
            LayerKind::Conv2d(it) | LayerKind::Conv2dTranspose(it) => {
                let [row, column] = stored.kernel_steps();
                let taps = (0..it.kernel).flat_map(|a| (0..it.kernel).map(move |b| a * row + b * column));
                let rows = taps.flat_map(|tap| (0..it.large.channels).map(move |channel| tap + channel));
                (rows.collect(), (0..it.small.channels).collect())
            }
            LayerKind::Dense | LayerKind::Dropout { .. } => {
                let rows = (0..layer.inputs).map(|value| padded(value, stored.input.channels));
                let (before, channels) = match layer.role {
                    Role::LogVariance => (layer.outputs.next_multiple_of(BLOCK), layer.outputs),
                    Role::Mean => (0, layer.outputs),
                    _ => (0, stored.output.channels),
                };
                let columns = (0..layer.outputs).map(|value| before + padded(value, channels));
                (rows.collect(), columns.collect())
            }
        };
        let outputs = match layer.kind {
            LayerKind::Conv2dTranspose(it) => (0..it.large.channels).collect(),
            _ => columns.clone(),
        };
        let length = BLOCK * stored.small_blocks();
        let kernel = BLOCK * stored.weights;
        let bias = kernel + BLOCK * stored.bias();
        Self {
            kernel: rows
                .iter()
                .flat_map(|row| columns.iter().map(move |it| kernel + row * length + it))
                .collect(),
            bias: outputs.into_iter().map(|column| bias + column).collect(),
        }
    }
}

impl GeneralLayout {
    /// The places of each tensor's values, in the order of [`Weights::tensors`].
    fn places(&self, model: &ModelSpec) -> Vec<Vec<usize>> {
        let mut stored = self.layers.iter();
        let mut current = None;
        let mut places = Vec::new();
        for layer in model.layers().iter().filter(|layer| layer.has_weights()) {
            // The second head is a part of the first one's layer.
            if layer.role != Role::LogVariance {
                current = stored.next();
            }
            if let Some(stored) = current {
                let Places { kernel, bias } = Places::new(layer, stored);
                places.extend([kernel, bias]);
            }
        }
        places
    }

    /// The weights in the device's layout.
    pub(crate) fn pack(&self, weights: &Weights, model: &ModelSpec) -> Vec<f32> {
        let mut packed = vec![0.0; BLOCK * self.weights];
        for (tensor, places) in weights.tensors.iter().zip(self.places(model)) {
            debug_assert_eq!(tensor.values.len(), places.len(), "{}", tensor.name);
            places.into_iter().zip(&tensor.values).for_each(|(place, &value)| packed[place] = value);
        }
        packed
    }

    /// The inverse of [`GeneralLayout::pack`].
    pub(crate) fn unpack(&self, packed: &[f32], model: &ModelSpec) -> Weights {
        let mut weights = Weights::zeros(model);
        for (tensor, places) in weights.tensors.iter_mut().zip(self.places(model)) {
            tensor.values.iter_mut().zip(places).for_each(|(value, place)| *value = packed[place]);
        }
        weights
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::general::model;
    use latent_core::model::ImageShape;

    /// Maps whose channels are padded, a kernel that is unrolled, heads, and dense layers on both sides of a map.
    #[test]
    fn what_is_packed_unpacks_to_the_same() {
        for (text, channels) in [
            ("encoder=conv3k3s2,conv6k5s1&code=5&variational=1", 1),
            ("encoder=conv3k3s2,dense6&code=3", 3),
            ("encoder=dense6,dropout0.5,dense7&code=2&variational=1", 1),
        ] {
            let mut model = model(text);
            model.input = ImageShape { height: 9, width: 6, channels };
            let mut weights = Weights::initial(&model, 4);
            weights.layers_mut().for_each(|layer| layer.bias.values.fill(0.5));
            let layout = GeneralLayout::new(&model, 10);
            let packed = layout.pack(&weights, &model);
            assert_eq!(
                packed.iter().filter(|&&value| value != 0.0).count(),
                weights.values().filter(|&x| x != 0.0).count()
            );
            assert_eq!(layout.unpack(&packed, &model), weights, "{text}");
        }
    }
}
