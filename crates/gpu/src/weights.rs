//! Weights as the device stores them: each layer's kernel, row by row, and its bias as one more row.

use super::layout::{BLOCK, Layout};
use latent_core::{
    model::ModelSpec,
    weights::{Dense, Weights},
};

impl Layout {
    /// The weights in the device's layout.
    pub(super) fn pack(&self, weights: &Weights) -> Vec<f32> {
        let mut packed = vec![0.0; BLOCK * self.weights];
        for (layer, dense) in self.layers.iter().zip(&weights.layers) {
            let (length, outputs) = (BLOCK * layer.outputs, dense.bias.len());
            let rows = packed[BLOCK * layer.weights..].chunks_exact_mut(length);
            for (row, kernel) in rows.zip(dense.kernel.chunks_exact(outputs)) {
                row[..outputs].copy_from_slice(kernel);
            }
            packed[BLOCK * (layer.weights + BLOCK * layer.inputs * layer.outputs)..][..outputs]
                .copy_from_slice(&dense.bias);
        }
        packed
    }

    /// The inverse of [`Layout::pack`].
    pub(super) fn unpack(&self, packed: &[f32], model: &ModelSpec) -> Weights {
        let layers = self.layers.iter().zip(model.layers()).map(|(layout, layer)| {
            let rows = packed[BLOCK * layout.weights..].chunks_exact(BLOCK * layout.outputs);
            let row = |row: &[f32]| row[..layer.outputs].to_vec();
            let kernel = rows.clone().take(layer.inputs).flat_map(row).collect();
            let bias = rows.clone().nth(BLOCK * layout.inputs).map_or_else(Vec::new, row);
            Dense { name: layer.name, kernel, bias }
        });
        Weights { layers: layers.collect() }
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
        weights.layers.iter_mut().for_each(|layer| layer.bias.fill(0.5));
        let layout = Layout::new(&model, 10);
        assert_eq!(layout.unpack(&layout.pack(&weights), &model), weights);
    }
}
