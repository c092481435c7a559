//! Weights as the device stores them: each layer's kernel, row by row, and its bias as one more row.

use super::layout::{BLOCK, Layout};
use latent_core::{model::ModelSpec, weights::Weights};

impl Layout {
    /// The weights in the device's layout.
    pub(super) fn pack(&self, weights: &Weights) -> Vec<f32> {
        let mut packed = vec![0.0; BLOCK * self.weights];
        for (layer, dense) in self.layers.iter().zip(weights.layers()) {
            let (kernel, bias) = (&dense.kernel.values, &dense.bias.values);
            let (length, outputs) = (BLOCK * layer.outputs, bias.len());
            let rows = packed[BLOCK * layer.weights..].chunks_exact_mut(length);
            for (row, kernel) in rows.zip(kernel.chunks_exact(outputs)) {
                row[..outputs].copy_from_slice(kernel);
            }
            packed[BLOCK * (layer.weights + BLOCK * layer.inputs * layer.outputs)..][..outputs]
                .copy_from_slice(bias);
        }
        packed
    }

    /// The inverse of [`Layout::pack`].
    pub(super) fn unpack(&self, packed: &[f32], model: &ModelSpec) -> Weights {
        let mut weights = Weights::zeros(model);
        for (layout, layer) in self.layers.iter().zip(weights.layers_mut()) {
            let outputs = layer.bias.values.len();
            let rows = packed[BLOCK * layout.weights..].chunks_exact(BLOCK * layout.outputs);
            for (to, row) in layer.kernel.values.chunks_exact_mut(outputs).zip(rows.clone()) {
                to.copy_from_slice(&row[..outputs]);
            }
            if let Some(row) = rows.clone().nth(BLOCK * layout.inputs) {
                layer.bias.values.copy_from_slice(&row[..outputs]);
            }
        }
        weights
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_packed_unpacks_to_the_same() {
        let mut model = ModelSpec::dense(&[13, 6], 3, 0.3);
        (model.input.height, model.input.width) = (5, 7);
        let mut weights = Weights::initial(&model, 4);
        weights.layers_mut().for_each(|layer| layer.bias.values.fill(0.5));
        let layout = Layout::new(&model, 10);
        assert_eq!(layout.unpack(&layout.pack(&weights), &model), weights);
    }
}
