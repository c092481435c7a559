//! Every model in f64 with nothing clever about it: one image, one position, one number after another. It reads the lowered
//! list of layers, and shares no arithmetic with any engine. Random numbers are inputs.

mod activation;
mod layer;

use self::{
    activation::activate,
    layer::{PlainLayer, Trace},
};
use latent_core::{
    data::Images,
    model::{LayerKind, LossKind, ModelSpec, Reduction, Role},
    noise::{Key, Noise, corrupt_for_validation},
    training::Losses,
    weights::{Tensor, Weights, tensor_shapes},
};

/// A network in training in f64.
pub struct Plain {
    model: ModelSpec,
    layers: Vec<PlainLayer>,
    steps: u64,
}

/// The random numbers of one image, and the images before and after corruption.
struct Sample {
    clean: Vec<f64>,
    corrupted: Vec<f64>,
    /// Of each dropout layer.
    dropout: Vec<Vec<f64>>,
    deviates: Vec<f64>,
}

/// What one image made of the layers.
struct Pass {
    /// What each layer of the list read, and what came of it.
    traces: Vec<Trace>,
    mean: Vec<f64>,
    log_variance: Vec<f64>,
}

fn doubles(values: &[f32]) -> Vec<f64> {
    values.iter().copied().map(f64::from).collect()
}

impl Plain {
    /// A network with these weights before its first step.
    pub fn new(model: &ModelSpec, weights: &Weights) -> Self {
        let mut weights = weights.tensors.iter().map(|tensor| doubles(&tensor.values));
        let layers = model.layers().into_iter().map(|layer| {
            let tensors = if layer.has_weights() { weights.by_ref().take(2).collect() } else { vec![] };
            PlainLayer::new(layer, tensors)
        });
        Self { model: model.clone(), layers: layers.collect(), steps: 0 }
    }

    /// Trains a step and gives its losses before the update.
    pub fn step(&mut self, images: &Images, batch: &[u32], noise: &Noise, learning_rate: f64) -> Losses {
        let samples: Vec<_> = batch.iter().enumerate().map(|at| self.sample(images, at, noise)).collect();
        let mut gradients: Vec<_> = self.layers.iter().map(PlainLayer::zeros).collect();
        let mut losses = Losses::ZERO;
        for sample in &samples {
            let pass = self.forward(&sample.corrupted, &sample.dropout, Some(&sample.deviates));
            losses = losses.plus(1.0 / batch.len() as f64, self.losses(&pass, &sample.clean));
            self.backward(&pass, sample, batch.len() as f64, &mut gradients);
        }
        self.steps += 1;
        let rate = learning_rate * (1.0 - 0.999f64.powi(self.steps as i32)).sqrt()
            / (1.0 - 0.9f64.powi(self.steps as i32));
        for (layer, gradients) in self.layers.iter_mut().zip(&gradients) {
            layer.adam(gradients, rate);
        }
        losses
    }

    /// The losses over these images, as validation takes them.
    pub fn evaluate(&self, images: &Images, which: std::ops::Range<usize>) -> Losses {
        let mut losses = Losses::ZERO;
        for index in which.clone() {
            let clean = images.gather([index]);
            let mut corrupted = clean.clone();
            corrupt_for_validation(self.model.corruption, index, Key::normals, &mut corrupted, clean.len());
            let pass = self.forward(&doubles(&corrupted), &[], None);
            losses = losses.plus(1.0 / which.len() as f64, self.losses(&pass, &doubles(&clean)));
        }
        losses
    }

    /// The code of an image, and the logarithm of its variance, which a deterministic model has not.
    pub fn encode(&self, images: &Images, index: usize) -> [Vec<f64>; 2] {
        let pass = self.forward(&doubles(&images.gather([index])), &[], None);
        [pass.mean, pass.log_variance]
    }

    /// The image at a code.
    pub fn decode(&self, code: &[f64]) -> Vec<f64> {
        let mut values = code.to_vec();
        for layer in &self.layers[self.model.layers_of_encoder()..] {
            values = layer.forward(values).outputs;
        }
        values
    }

    /// The weights, rounded to f32.
    pub fn weights(&self) -> Weights {
        self.rounded(|layer| &layer.tensors)
    }

    /// Adam's mean of the gradients, rounded to f32: after the first step, a tenth of them.
    pub fn first_moment(&self) -> Weights {
        self.rounded(|layer| &layer.first_moments)
    }

    fn rounded(&self, of: fn(&PlainLayer) -> &Vec<Vec<f64>>) -> Weights {
        let values = self.layers.iter().flat_map(of);
        let tensor = |((name, shape), values): ((String, Vec<usize>), &Vec<f64>)| Tensor {
            values: values.iter().map(|&value| value as f32).collect(),
            shape,
            name,
        };
        Weights { tensors: tensor_shapes(&self.model).zip(values).map(tensor).collect() }
    }

    fn sample(&self, images: &Images, (position, &index): (usize, &u32), noise: &Noise) -> Sample {
        let (steps, positions) = (self.steps, position..position + 1);
        let clean = images.gather([index as usize]);
        let mut corrupted = clean.clone();
        noise.corrupt(self.model.corruption, steps, positions.clone(), Key::normals, &mut corrupted).unwrap();
        let rates = self.layers.iter().filter_map(|layer| match layer.layer.kind {
            LayerKind::Dropout { rate, .. } => Some((rate, layer.layer.outputs)),
            _ => None,
        });
        let factors = |(number, (rate, values))| {
            doubles(&noise.dropout(steps, number, rate, positions.clone(), values).unwrap())
        };
        let dropout = (0..).zip(rates).map(factors).collect();
        let deviates = match self.model.is_variational() {
            true => doubles(&noise.sampling(steps, positions.clone(), self.model.latent_units()).unwrap()),
            false => vec![],
        };
        Sample { clean: doubles(&clean), corrupted: doubles(&corrupted), dropout, deviates }
    }

    fn forward(&self, image: &[f64], dropout: &[Vec<f64>], deviates: Option<&[f64]>) -> Pass {
        let mut dropout = dropout.iter();
        let mut values = image.to_vec();
        let mut traces: Vec<Trace> = Vec::new();
        let (mut mean, mut log_variance) = (vec![], vec![]);
        for layer in &self.layers {
            let inputs = match layer.layer.role {
                // It reads what the mean reads.
                Role::LogVariance => traces.last().unwrap().inputs.clone(),
                _ => values.clone(),
            };
            let mut trace = layer.forward(inputs);
            // Outside of training there are none.
            let factors = if layer.layer.has_weights() { None } else { dropout.next() };
            if let Some(factors) = factors {
                trace.outputs.iter_mut().zip(factors).for_each(|(value, factor)| *value *= factor);
            }
            values = trace.outputs.clone();
            match layer.layer.role {
                Role::Code | Role::Mean => mean = values.clone(),
                Role::LogVariance => {
                    log_variance = values;
                    values = mean.clone();
                    let deviations = log_variance.iter().map(|l| (0.5 * l).exp());
                    for ((code, deviation), deviate) in
                        values.iter_mut().zip(deviations).zip(deviates.unwrap_or_default())
                    {
                        *code += deviation * deviate;
                    }
                }
                Role::Hidden | Role::Reconstruction => {}
            }
            traces.push(trace);
        }
        Pass { traces, mean, log_variance }
    }

    /// The losses of one image.
    fn losses(&self, pass: &Pass, image: &[f64]) -> Losses {
        let last = pass.traces.last().unwrap();
        let pixels = last.sums.iter().zip(&last.outputs).zip(image);
        let by_pixel = pixels.map(|((&a, &y), &x)| match self.model.loss.kind {
            LossKind::MeanSquaredError => (y - x).powi(2),
            LossKind::BinaryCrossEntropy => a.max(0.0) - a * x + (-a.abs()).exp().ln_1p(),
        });
        let reconstruction = by_pixel.sum::<f64>() / self.pixels_averaged();
        if !self.model.is_variational() {
            return Losses::deterministic(reconstruction);
        }
        let of_unit = |(m, l): (&f64, &f64)| -0.5 * (1.0 + l - m * m - l.exp());
        let divergence = pass.mean.iter().zip(&pass.log_variance).map(of_unit).sum();
        Losses::variational(reconstruction, divergence, self.model.beta())
    }

    fn pixels_averaged(&self) -> f64 {
        match self.model.loss.reduction {
            Reduction::Mean => self.model.input.values() as f64,
            Reduction::Sum => 1.0,
        }
    }

    /// Adds the gradients of one image of so many to `gradients`, the tensors of each layer.
    fn backward(&self, pass: &Pass, sample: &Sample, images: f64, gradients: &mut [Vec<Vec<f64>>]) {
        let divisor = self.pixels_averaged() * images;
        let last = pass.traces.last().unwrap();
        let function = self.layers.last().unwrap().layer.function;
        // At the sums of the last layer.
        let pixels = last.sums.iter().zip(&last.outputs).zip(&sample.clean);
        let mut at_sums: Vec<f64> = pixels
            .map(|((&a, &y), &x)| match self.model.loss.kind {
                LossKind::MeanSquaredError => 2.0 * (y - x) / divisor * activate(function, a).1,
                LossKind::BinaryCrossEntropy => (y - x) / divisor,
            })
            .collect();
        let beta = f64::from(self.model.beta());
        let mut dropout = sample.dropout.iter().rev();
        let mut at_hidden = Vec::new();
        for (at, layer) in self.layers.iter().enumerate().rev() {
            let trace = &pass.traces[at];
            let mut below = layer.backward(trace, &at_sums, &mut gradients[at]);
            // What the layer before gets: through its activation, which a head has not.
            match layer.layer.role {
                Role::LogVariance => {
                    // `below` joins what the mean gives; the mean's sums get the code's own gradient.
                    std::mem::swap(&mut at_hidden, &mut below);
                    at_sums = below;
                    continue;
                }
                Role::Mean => below.iter_mut().zip(&at_hidden).for_each(|(sum, other)| *sum += other),
                _ => {}
            }
            let Some(before) = at.checked_sub(1) else { break };
            let before = &self.layers[before];
            if let LayerKind::Dropout { .. } = layer.layer.kind {
                let factors = dropout.next().unwrap();
                below.iter_mut().zip(factors).for_each(|(gradient, factor)| *gradient *= factor);
            }
            if before.layer.role == Role::LogVariance {
                // `below` is the gradient at the code.
                let of_mean = below.iter().zip(&pass.mean).map(|(g, m)| g + beta * m / images);
                let of_log_variance =
                    below.iter().zip(&pass.log_variance).zip(&sample.deviates).map(|((g, l), e)| {
                        g * e * 0.5 * (0.5 * l).exp() + beta * 0.5 * (l.exp() - 1.0) / images
                    });
                at_hidden = of_mean.collect();
                at_sums = of_log_variance.collect();
                continue;
            }
            let slopes = pass.traces[at - 1].sums.iter().map(|&a| activate(before.layer.function, a).1);
            at_sums = below.into_iter().zip(slopes).map(|(gradient, slope)| gradient * slope).collect();
        }
    }
}
