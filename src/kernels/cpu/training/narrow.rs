//! Training a network with one hidden layer, in phases between which parts of the work exchange what crosses the
//! code.
//!
//! The code is a few units wide, so whoever computes a part needs no weights of another: a share of the code
//! after the encoder, a share of the code's gradient after the decoder.
//!
//! 1. [`Narrow::encode`]: own units of the first layer, own share of the code. *Code shares are exchanged.*
//! 2. [`Narrow::decode`]: own pixels of the output, the error, own share of what goes back through the code.
//! 3. [`Narrow::update_output`]: own weights of the output layer. *Back shares may be under way meanwhile.*
//! 4. [`Narrow::update_rest`]: the small layers, and own weights of the first one.
//!
//! Whoever owns some of the parts only has to bring the others' shares ([`Part::code_share`], [`Part::back_share`])
//! between the phases; threads of one crew own them all.

use super::{
    State, Train,
    gradient::{
        Gradient, Target, back_through_leaky, store_columns, sum_rows, update_first_strip, update_strip,
    },
    part::{FIRST, FROM_CODE, OUTPUT, Part, TO_CODE},
};
use crate::{
    data::Images,
    kernels::cpu::{
        crew::Crew,
        inference::Infer,
        network::{Pass, grow, leaky, mean},
        simd::{Simd, VECTORS, load, store, vectors},
        tensors::PARTS,
        tile::{ROWS, Tile, zero},
    },
    training::Progress,
};
use std::ops::Range;

/// A network in training.
pub(super) struct Narrow<F, const WIDE: usize> {
    state: State<F, WIDE>,
    /// The parts that are computed here.
    own: Range<usize>,
    /// All parts; of those that aren't own, only the shares.
    parts: Vec<Part>,
    /// The batch's pixels, the code and the decoder's hidden layer, which everyone needs whole.
    pass: Pass,
    code_gradient: Gradient,
}

impl<F: Simd, const WIDE: usize> Train for Narrow<F, WIDE> {
    fn step(&mut self, crew: &mut Crew, images: &Images, batch: &[u32], learning_rate: f32) -> f64 {
        let target = Target::new(images, batch);
        self.begin(target, learning_rate);
        self.encode(crew);
        self.decode(crew, target);
        self.update_output(crew);
        self.update_rest(crew)
    }

    fn progress(&self) -> Progress {
        self.state.progress()
    }

    fn network(&self) -> &dyn Infer {
        &self.state.network
    }
}

impl<F: Simd, const WIDE: usize> Narrow<F, WIDE> {
    /// Training that owns all parts.
    pub(super) fn new(state: State<F, WIDE>) -> Self {
        let parts = Part::all(&state.network.shape);
        Self { state, own: 0..PARTS, parts, pass: Pass::default(), code_gradient: Gradient::default() }
    }

    fn begin(&mut self, target: Target<'_>, learning_rate: f32) {
        self.state.begin(learning_rate);
        let shape = &self.state.network.shape;
        self.pass.begin::<F>(shape, TO_CODE..OUTPUT, target.batch.len());
        self.pass.pixels.gather(target.each());
        self.pass.pixels.transpose();
        for part in &mut self.parts {
            part.begin(shape, self.pass.rows);
        }
        grow(&mut self.code_gradient.by_unit, shape.layers[TO_CODE].units * self.pass.rows);
        grow(&mut self.code_gradient.by_image, shape.layers[TO_CODE].columns() * self.pass.rows);
    }

    /// Phase 1: own shares of the code.
    fn encode(&mut self, crew: &mut Crew) {
        let (network, pass) = (&self.state.network, &self.pass);
        crew.each(self.parts[self.own.clone()].iter_mut(), |part| part.encode(network, pass));
    }

    /// Phase 2, from all shares of the code: own shares of what goes back.
    fn decode(&mut self, crew: &mut Crew, target: Target<'_>) {
        F::run(|| self.sum_code());
        let network = &self.state.network;
        let layer = network.shape.layers[FROM_CODE];
        let (code, hidden) = self.pass.activations.split_at_mut(FROM_CODE);
        let strips = code[TO_CODE].chunks_exact(layer.rows * F::STRIP);
        let strips = strips.zip(hidden[0].chunks_exact_mut(layer.units * F::STRIP));
        crew.each(strips.take(self.pass.rows / F::STRIP), |(code, hidden)| {
            F::run(|| network.layer(FROM_CODE, code, hidden));
        });
        let pass = &self.pass;
        crew.each(self.parts[self.own.clone()].iter_mut(), |part| part.decode(network, pass, target));
    }

    /// Phase 3: own weights of the output layer.
    fn update_output(&mut self, crew: &mut Crew) {
        let (pass, parts, adam) = (&self.pass, &self.parts, self.state.adam);
        let (hidden, rows) = (&pass.activations[FROM_CODE][..], self.state.network.shape.layers[OUTPUT].rows);
        let own = parts[self.own.start].output.start..parts[self.own.end - 1].output.end;
        crew.each(self.state.strips(OUTPUT, own), |strip| {
            let part = parts.iter().find(|part| part.output.contains(&strip.strip));
            let gradient = part.map(|part| part.gradient_at_output(strip.strip, pass.rows * F::STRIP));
            let operands = gradient.into_iter().map(|gradient| (hidden, gradient));
            F::run(|| update_strip::<F>(adam, rows, strip, operands));
        });
    }

    /// Phase 4, from all back shares: everything else. Gives the mean squared error.
    fn update_rest(&mut self, crew: &mut Crew) -> f64 {
        F::run(|| {
            self.sum_back();
            self.code_gradient();
        });
        let (network, code, rows) = (&self.state.network, &self.code_gradient, self.pass.rows);
        let own = self.own.clone();
        crew.each(self.parts[own.clone()].iter_mut(), |part| part.back_to_first(network, code, rows));
        F::run(|| self.update_small());
        let (pass, parts, adam) = (&self.pass, &self.parts, self.state.adam);
        let own = parts[own.start].first.start..parts[own.end - 1].first.end;
        crew.each(self.state.strips(FIRST, own), |strip| {
            let part = parts.iter().find(|part| part.first.contains(&strip.strip));
            let gradient = part.map(|part| part.gradient_at_first(strip.strip, rows * WIDE * F::LANES));
            let operands = gradient.into_iter().map(|gradient| (&pass.pixels, gradient));
            F::run(|| update_first_strip::<F, WIDE>(adam, strip, operands));
        });
        mean(self.parts.iter().map(|part| part.back_share.squares).sum(), pass.images)
    }

    /// The code, from all parts' shares.
    #[inline(always)]
    fn sum_code(&mut self) {
        let (shape, bias) = (&self.state.network.shape, &self.state.network.weights.layers[TO_CODE].bias);
        let units = shape.layers[TO_CODE].units;
        for at in (0..units * self.pass.rows).step_by(F::STRIP) {
            let mut sum = [F::splat(bias[at / F::STRIP % units]); VECTORS];
            for part in &self.parts {
                let share: [F; VECTORS] = load(&part.code_share[at..]);
                sum = vectors(|v| sum[v] + share[v]);
            }
            let code: [F; VECTORS] = vectors(|v| leaky(sum[v], shape.slope));
            store(code, &mut self.pass.activations[TO_CODE][at..]);
        }
    }

    /// Makes the first part's back share the sum of all, but for the errors.
    #[inline(always)]
    fn sum_back(&mut self) {
        let (sum, others) = self.parts.split_at_mut(1);
        let sum = &mut sum[0].back_share;
        for share in others.iter().map(|part| &part.back_share) {
            let add = |to: &mut [f32], from: &[f32]| {
                to.iter_mut().zip(from).for_each(|(to, from)| *to += from);
            };
            add(&mut sum.code, &share.code);
            add(&mut sum.kernel, &share.kernel);
            add(&mut sum.bias, &share.bias);
        }
    }

    /// The code's gradient before its LeakyReLU, both ways round.
    #[inline(always)]
    fn code_gradient(&mut self) {
        let (shape, slope) = (&self.state.network.shape.layers[TO_CODE], self.state.network.shape.slope);
        let (code, from) = (&self.pass.activations[TO_CODE], &self.parts[0].back_share.code);
        for strip in 0..self.pass.rows / F::STRIP {
            for unit in (0..shape.units).step_by(ROWS) {
                let mut tile: Tile<F> = zero();
                for row in 0..ROWS {
                    let at = (strip * shape.units + unit + row) * F::STRIP;
                    let (gradient, x): ([F; VECTORS], [F; VECTORS]) = (load(&from[at..]), load(&code[at..]));
                    tile[row] = vectors(|v| back_through_leaky(gradient[v], x[v], slope));
                    store(tile[row], &mut self.code_gradient.by_unit[at..]);
                }
                let at = (unit / F::STRIP * self.pass.rows + strip * F::STRIP) * F::STRIP + unit % F::STRIP;
                store_columns(tile, &mut self.code_gradient.by_image[at..], F::STRIP);
            }
        }
    }

    /// The layers on both sides of the code. What belongs to no part is updated by everyone alike.
    #[inline(always)]
    fn update_small(&mut self) {
        let (adam, rows) = (self.state.adam, self.pass.rows);
        let [mut kernel, mut bias] = self.state.parameters(FROM_CODE);
        adam.update_each(&mut kernel, &self.parts[0].back_share.kernel);
        adam.update_each(&mut bias, &self.parts[0].back_share.bias);
        let strips = self.state.network.shape.layers[TO_CODE].strips;
        for mut strip in self.state.strips(TO_CODE, 0..strips) {
            let gradient = &self.code_gradient.by_image[strip.strip * rows * F::STRIP..][..rows * F::STRIP];
            let sum: [F; VECTORS] = sum_rows([F::splat(0.0); VECTORS], gradient);
            adam.update(&mut strip.bias, 0, sum);
        }
        for part in &self.parts[self.own.clone()] {
            part.update_to_code(&mut self.state, &self.code_gradient, rows);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{kernels::cpu::simd::Portable4, settings::Architecture, settings::PIXELS};

    const BATCH: [u32; 5] = [3, 0, 2, 2, 1];

    fn images() -> Images {
        let mut images = Images::default();
        let shade = |at: usize| if at * 7 % 31 < 8 { (at % 256) as u8 } else { 0 };
        (0..4).for_each(|image| images.append(&(image..PIXELS + image).map(shade).collect::<Vec<_>>()));
        images
    }

    fn training(own: Range<usize>) -> Narrow<Portable4, 5> {
        let architecture = Architecture { hidden: vec![90], code: 3, slope: 0.3 };
        let progress = Progress::initial(&architecture, 4);
        Narrow { own, ..Narrow::new(State::new(&architecture, &progress).unwrap()) }
    }

    /// Brings a share of every part from whoever owns it to everyone else, as messages between workers would.
    fn exchange<T: Clone>(workers: &mut [Narrow<Portable4, 5>], share: impl Fn(&mut Part) -> &mut T) {
        let owner = |part, workers: &[Narrow<Portable4, 5>]| {
            workers.iter().position(|worker| worker.own.contains(&part)).unwrap()
        };
        for part in 0..PARTS {
            let from = owner(part, workers);
            let sent = share(&mut workers[from].parts[part]).clone();
            workers.iter_mut().for_each(|worker| *share(&mut worker.parts[part]) = sent.clone());
        }
    }

    #[test]
    fn workers_that_exchange_their_shares_learn_to_the_bit_what_one_learns_alone() {
        let (images, mut crew) = (images(), Crew::new(1));
        let mut alone = training(0..PARTS);
        let mut workers = [training(0..1), training(1..PARTS)];
        for _ in 0..3 {
            let loss = alone.step(&mut crew, &images, &BATCH, 0.01);
            let target = Target::new(&images, &BATCH);
            for worker in &mut workers {
                worker.begin(target, 0.01);
                worker.encode(&mut crew);
            }
            exchange(&mut workers, |part| &mut part.code_share);
            for worker in &mut workers {
                worker.decode(&mut crew, target);
                worker.update_output(&mut crew);
            }
            exchange(&mut workers, |part| &mut part.back_share);
            assert_eq!(workers.each_mut().map(|worker| worker.update_rest(&mut crew)), [loss; 2]);
        }
        let code = |training: &Narrow<Portable4, 5>| training.pass.activations[TO_CODE].clone();
        assert_eq!(workers.each_ref().map(code), [code(&alone), code(&alone)]);
        let weights = |training: &Narrow<Portable4, 5>, layer: usize, strip: usize| {
            let layer =
                (&training.state.network.shape.layers[layer], &training.state.network.weights.layers[layer]);
            layer.1.kernel[strip * layer.0.strip_len()..][..layer.0.strip_len()].to_vec()
        };
        for worker in &workers {
            for part in &worker.parts[worker.own.clone()] {
                for (layer, strips) in [(FIRST, part.first.clone()), (OUTPUT, part.output.clone())] {
                    for strip in strips {
                        assert_eq!(weights(worker, layer, strip), weights(&alone, layer, strip));
                    }
                }
            }
        }
    }
}
