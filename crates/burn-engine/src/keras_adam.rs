//! Keras' Adam as a Burn optimizer.

use burn::{
    module::{Module, ModuleMapper, Param, ParamId},
    optim::{GradientsParams, LearningRate, Optimizer, RecordState, StateSink, StateSource},
    tensor::{Device, Tensor, container::TensorContainer},
};
use latent_core::training::adam::{BETA_1, BETA_2, EPSILON, adam_rate};

/// Adam as Keras computes it (`keras.optimizers.Adam`; the form with "epsilon hat" at the end of section 2 of Kingma
/// and Ba, 2015): `w -= lr · √(1 − β₂ᵗ) / (1 − β₁ᵗ) · m / (√v + ε)` with ε = 1e-7.
///
/// [`burn::optim::Adam`] adds its ε to the corrected `√v` instead, which acts like a smaller ε in the first thousands
/// of steps. Many gradients are as small as ε, so the runs differ.
///
/// As an [`Optimizer`] it works with [`burn::optim::ModuleOptimizer`] like any other. The trainer uses [`ModuleAdam`].
#[derive(Clone, Copy, Debug, Default)]
pub struct KerasAdam;

/// Adam's state of a parameter.
#[derive(Clone, Debug)]
pub struct Moments<const D: usize> {
    /// Steps done.
    pub steps: u64,
    /// The gradients' mean, of the parameter's shape.
    pub first: Tensor<D>,
    /// The squared gradients' mean, of the parameter's shape.
    pub second: Tensor<D>,
}

impl<const D: usize> Moments<D> {
    /// The state before the first step.
    fn zeros_like(parameter: &Tensor<D>) -> Self {
        let zeros = parameter.zeros_like();
        Self { steps: 0, first: zeros.clone(), second: zeros }
    }
}

/// Written by hand, since Burn's derive works in Burn's own crates only. For native use: it reads synchronously, which
/// browsers do not allow.
impl<const D: usize> RecordState for Moments<D> {
    #[expect(clippy::disallowed_methods, reason = "Burn's records are made synchronously")]
    fn state_flatten(&self, prefix: &str, out: &mut StateSink) {
        out.push_scalar(prefix, "steps", self.steps.into());
        out.push_tensor(prefix, "first", self.first.to_data());
        out.push_tensor(prefix, "second", self.second.to_data());
    }

    fn state_unflatten(prefix: &str, source: &mut StateSource, device: &Device) -> Option<Self> {
        let steps = source.take_scalar(prefix, "steps")?.try_into().ok()?;
        let mut tensor = |name| Some(Tensor::from_data(source.take_tensor(prefix, name)?, device));
        Some(Self { steps, first: tensor("first")?, second: tensor("second")? })
    }
}

impl Optimizer for KerasAdam {
    type State<const D: usize> = Moments<D>;

    fn step<const D: usize>(
        &self,
        learning_rate: LearningRate,
        parameter: Tensor<D>,
        gradient: Tensor<D>,
        state: Option<Moments<D>>,
    ) -> (Tensor<D>, Option<Moments<D>>) {
        let Moments { steps, first, second } = state.unwrap_or_else(|| Moments::zeros_like(&parameter));
        let steps = steps + 1;
        let first = running_mean(first, gradient.clone(), BETA_1);
        let second = running_mean(second, gradient.square(), BETA_2);
        let rate = adam_rate(learning_rate as f32, steps);
        let change = (first.clone() / (second.clone().sqrt() + EPSILON)) * rate;
        (parameter - change, Some(Moments { steps, first, second }))
    }

    fn to_device<const D: usize>(state: Moments<D>, device: &Device) -> Moments<D> {
        let Moments { steps, first, second } = state;
        Moments { steps, first: first.to_device(device), second: second.to_device(device) }
    }
}

/// A running mean after one more value: `mean + (value − mean) · (1 − decay)`, in Keras' order of operations.
fn running_mean<const D: usize>(mean: Tensor<D>, value: Tensor<D>, decay: f64) -> Tensor<D> {
    mean.clone() + (value - mean) * (1.0 - decay)
}

/// [`KerasAdam`] over all parameters of a module, with its state accessible as tensors.
///
/// [`burn::optim::ModuleOptimizer`] gives its state only as a record, and making a record reads from the device
/// synchronously, which panics in a browser.
#[derive(Default)]
pub struct ModuleAdam {
    /// [`Moments`] by parameter.
    moments: TensorContainer<ParamId>,
}

impl ModuleAdam {
    /// The moments of a parameter: those set or computed last, if any.
    pub fn moments<const D: usize>(&self, parameter: &Param<Tensor<D>>) -> Option<Moments<D>> {
        self.moments.get(&parameter.id)
    }

    /// Sets the moments of a parameter, which must have its shape.
    pub fn set<const D: usize>(&mut self, parameter: &Param<Tensor<D>>, moments: Moments<D>) {
        self.moments.register(parameter.id, moments);
    }

    /// The module after one step. A parameter without a gradient stays as it is.
    pub fn step<M: Module>(&mut self, learning_rate: f32, module: M, gradients: GradientsParams) -> M {
        module.map(&mut Step { learning_rate, gradients, moments: &mut self.moments })
    }
}

/// Maps each parameter of a module to its value after one step.
struct Step<'a> {
    learning_rate: f32,
    gradients: GradientsParams,
    moments: &'a mut TensorContainer<ParamId>,
}

impl ModuleMapper for Step<'_> {
    fn map_float<const D: usize>(&mut self, parameter: Param<Tensor<D>>) -> Param<Tensor<D>> {
        let (id, tensor, mapper) = parameter.consume();
        let Some(gradient) = self.gradients.remove(id) else {
            return Param::from_mapped_value(id, tensor, mapper);
        };
        let state = self.moments.remove(&id);
        let (tensor, state) = KerasAdam.step(f64::from(self.learning_rate), tensor.inner(), gradient, state);
        if let Some(moments) = state {
            self.moments.register::<Moments<D>>(id, moments);
        }
        Param::from_mapped_value(id, Tensor::from_inner(tensor).require_grad(), mapper)
    }
}
