//! A network's weights, as the kernels read them.

use super::{packing::transpose, plan::Plan};
use crate::{
    simd::{Simd, run},
    thread_pool::ThreadPool,
};
use latent_core::{model::ModelSpec, training::TrainerError, weights::Weights};
use std::marker::PhantomData;

/// A network's weights.
pub(super) struct Network<F> {
    pub(super) plan: Plan,
    /// As [`Plan`] says.
    pub(super) weights: Vec<f32>,
    /// Of each layer, the kernel transposed and in panels, if it is read so: `[panels, columns, PANEL]`.
    pub(super) transposed: Vec<Vec<f32>>,
    vectors: PhantomData<F>,
}

impl<F: Simd> Network<F> {
    /// A network with zeros for weights.
    pub(super) fn new(model: &ModelSpec) -> Self {
        let plan = Plan::new::<F>(model);
        let transposed = plan.layers.iter().map(|layer| {
            let len = layer.kernel_rows.next_multiple_of(F::PANEL) * layer.kernel_columns;
            vec![0.0; if layer.is_read_transposed() { len } else { 0 }]
        });
        let (transposed, weights) = (transposed.collect(), vec![0.0; plan.parameters]);
        Self { plan, weights, transposed, vectors: PhantomData }
    }

    /// Takes other weights, if they fit.
    pub(super) fn load(&mut self, pool: &mut ThreadPool, weights: &Weights) -> Result<(), TrainerError> {
        self.weights = self.pack(weights)?;
        self.transpose(pool);
        Ok(())
    }

    /// Tensors of the weights' shapes as the kernels read them.
    pub(super) fn pack(&self, tensors: &Weights) -> Result<Vec<f32>, TrainerError> {
        tensors.check(&self.plan.model)?;
        let mut packed = vec![0.0; self.plan.parameters];
        let layers = self.plan.layers.iter().filter(|layer| layer.has_weights());
        for (layer, tensors) in layers.zip(tensors.layers()) {
            layer.layout::<F>().pack(&tensors.kernel.values, &mut packed[layer.kernel.clone()]);
            packed[layer.bias.clone()][..layer.channels].copy_from_slice(&tensors.bias.values);
        }
        Ok(packed)
    }

    /// Such numbers as named tensors.
    pub(super) fn unpack(&self, packed: &[f32]) -> Weights {
        let mut tensors = Weights::zeros(&self.plan.model);
        let layers = self.plan.layers.iter().filter(|layer| layer.has_weights());
        for (layer, tensors) in layers.zip(tensors.layers_mut()) {
            tensors.kernel.values = layer.layout::<F>().unpack(&packed[layer.kernel.clone()]);
            tensors.bias.values = packed[layer.bias.clone()][..layer.channels].to_vec();
        }
        tensors
    }

    /// Transposes the kernels after a change of the weights.
    pub(super) fn transpose(&mut self, pool: &mut ThreadPool) {
        let (layers, weights) = (&self.plan.layers, &self.weights);
        let read_so = self.transposed.iter_mut().zip(layers).filter(|(to, _)| !to.is_empty());
        pool.for_each(read_so, |(to, layer)| {
            let kernel = &weights[layer.kernel.clone()];
            run!(F, transpose::<F>(kernel, (layer.kernel_rows, layer.kernel_columns), to));
        });
    }
}
