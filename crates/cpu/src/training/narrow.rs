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
//! between the phases (`member.rs`); threads of one crew own them all.

use super::{
    Member, State, Train,
    gradient::{Gradient, Target, back_through_leaky, sum_rows, update_first_strip},
    part::{FIRST, FROM_CODE, OUTPUT, Part, TO_CODE},
};
use crate::{
    crew::Crew,
    inference::Infer,
    linear::LinearRegions,
    network::{Pass, grow, leaky, mean},
    simd::{Simd, VECTORS, load, run, store, vectors},
    sparse::SparseImages,
    tensors::PARTS,
    tile::{ROWS, Tile, store_columns, zero},
};
use latent_core::{data::Images, training::Progress};
use std::ops::Range;

/// A network in training.
pub(super) struct Narrow<F, const WIDE: usize> {
    pub(super) state: State<F, WIDE>,
    /// The parts that are computed here.
    pub(super) own: Range<usize>,
    /// All parts; of those that aren't own, only the shares.
    pub(super) parts: Vec<Part>,
    /// The batch's pixels and the code, which everyone needs whole.
    pub(super) pass: Pass,
    /// The decoder's hidden layer, likewise, and the batch in the order of its regions.
    linear: LinearRegions,
    code_gradient: Gradient,
    ahead: Ahead,
}

/// The pixels of a batch that has not begun: those of the images with these numbers, among those of this identity.
#[derive(Default)]
struct Ahead {
    pixels: SparseImages,
    batch: Vec<u32>,
    images: u64,
}

impl<F: Simd, const WIDE: usize> Train for Narrow<F, WIDE> {
    fn step(&mut self, crew: &mut Crew, images: &Images, batch: &[u32], learning_rate: f32) -> f64 {
        self.begin(images, batch, learning_rate);
        self.encode(crew);
        self.decode(crew);
        self.update_output(crew);
        self.update_rest(crew)
    }

    fn progress(&self) -> Progress {
        self.state.progress()
    }

    fn network(&self) -> &dyn Infer {
        &self.state.network
    }

    fn as_member(&mut self) -> Option<&mut dyn Member> {
        Some(self)
    }
}

impl<F: Simd, const WIDE: usize> Narrow<F, WIDE> {
    /// Training that owns all parts.
    pub(super) fn new(state: State<F, WIDE>) -> Self {
        let parts = Part::all(&state.network.shape);
        Self {
            state,
            own: 0..PARTS,
            parts,
            pass: Pass::default(),
            linear: LinearRegions::default(),
            code_gradient: Gradient::default(),
            ahead: Ahead::default(),
        }
    }

    pub(super) fn begin(&mut self, images: &Images, batch: &[u32], learning_rate: f32) {
        assert!(!batch.is_empty(), "a batch without images has no gradient");
        self.state.begin(learning_rate);
        if self.ahead.images != images.identity() || self.ahead.batch != batch {
            self.look_ahead(images, batch);
        }
        std::mem::swap(&mut self.pass.pixels, &mut self.ahead.pixels);
        self.ahead.batch.clear();
        let shape = &self.state.network.shape;
        self.pass.begin::<F>(shape, TO_CODE..FROM_CODE, batch.len());
        for part in &mut self.parts {
            part.begin(shape, self.pass.rows);
        }
        grow(&mut self.code_gradient.by_unit, shape.layers[TO_CODE].units * self.pass.rows);
        grow(&mut self.code_gradient.by_image, shape.layers[TO_CODE].columns() * self.pass.rows);
    }

    /// Gathers the pixels of the batch that will be next.
    pub(super) fn look_ahead(&mut self, images: &Images, batch: &[u32]) {
        self.ahead.pixels.gather(batch.iter().map(|&image| images.get(image as usize)));
        self.ahead.pixels.transpose();
        self.ahead.images = images.identity();
        self.ahead.batch.clear();
        self.ahead.batch.extend_from_slice(batch);
    }

    /// Phase 1: own shares of the code.
    pub(super) fn encode(&mut self, crew: &mut Crew) {
        let (network, pass) = (&self.state.network, &self.pass);
        crew.each(self.parts[self.own.clone()].iter_mut(), |part| part.encode(network, pass));
    }

    /// Phase 2, from all shares of the code: own shares of what goes back.
    pub(super) fn decode(&mut self, crew: &mut Crew) {
        run!(F, self.sum_code());
        let network = &self.state.network;
        self.linear.find(network, &self.pass.activations[TO_CODE], self.pass.images);
        let linear = &self.linear;
        let target = Target::new(&self.pass.pixels.copies, &linear.order);
        crew.each(self.parts[self.own.clone()].iter_mut(), |Part { decoder, back_share, .. }| {
            decoder.run(network, linear, target, back_share);
        });
    }

    /// Phase 3: own weights of the output layer.
    pub(super) fn update_output(&mut self, crew: &mut Crew) {
        let (rows, linear, adam) = (self.pass.rows, &self.linear, self.state.adam);
        let decoders = self.parts[self.own.clone()].iter().map(|part| &part.decoder);
        let own =
            self.parts[self.own.start].decoder.strips.start..self.parts[self.own.end - 1].decoder.strips.end;
        crew.each(self.state.strips(OUTPUT, own), |strip| {
            if let Some(decoder) = decoders.clone().find(|decoder| decoder.strips.contains(&strip.strip)) {
                run!(F, decoder.update::<F>(adam, linear, rows, strip));
            }
        });
    }

    /// Phase 4, from all back shares: everything else. Gives the mean squared error.
    pub(super) fn update_rest(&mut self, crew: &mut Crew) -> f64 {
        run!(F, {
            self.sum_back();
            self.code_gradient();
        });
        let (network, code, rows) = (&self.state.network, &self.code_gradient, self.pass.rows);
        let own = self.own.clone();
        crew.each(self.parts[own.clone()].iter_mut(), |part| part.back_to_first(network, code, rows));
        run!(F, self.update_small());
        let (pass, parts, adam) = (&self.pass, &self.parts, self.state.adam);
        let own = parts[own.start].first.start..parts[own.end - 1].first.end;
        crew.each(self.state.strips(FIRST, own), |strip| {
            let part = parts.iter().find(|part| part.first.contains(&strip.strip));
            let gradient = part.map(|part| part.gradient_at_first(strip.strip, rows * WIDE * F::LANES));
            let operands = gradient.into_iter().map(|gradient| (&pass.pixels, gradient));
            run!(F, update_first_strip::<F, WIDE>(adam, strip, operands));
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

    /// The code's gradient before its LeakyReLU, both ways round and in the batch's order again.
    #[inline(always)]
    fn code_gradient(&mut self) {
        let network = &self.state.network;
        let (shape, slope) = (&network.shape.layers[TO_CODE], network.shape.slope);
        let (code, from) = (&self.pass.activations[TO_CODE], &self.parts[0].back_share.code);
        let Gradient { by_unit, by_image } = &mut self.code_gradient;
        by_unit.fill(0.0);
        for (place, &image) in self.linear.order.iter().enumerate() {
            for unit in 0..network.shape.code {
                by_unit[network.code_at(image as usize, unit)] = from[network.code_at(place, unit)];
            }
        }
        for strip in 0..self.pass.rows / F::STRIP {
            for unit in (0..shape.units).step_by(ROWS) {
                let mut tile: Tile<F> = zero();
                for row in 0..ROWS {
                    let at = (strip * shape.units + unit + row) * F::STRIP;
                    let (gradient, x): ([F; VECTORS], [F; VECTORS]) =
                        (load(&by_unit[at..]), load(&code[at..]));
                    tile[row] = vectors(|v| back_through_leaky(gradient[v], x[v], slope));
                    store(tile[row], &mut by_unit[at..]);
                }
                let at = (unit / F::STRIP * self.pass.rows + strip * F::STRIP) * F::STRIP + unit % F::STRIP;
                store_columns(tile, &mut by_image[at..], F::STRIP);
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
    use super::{super::State, *};
    use crate::simd::Portable4;
    use latent_core::{model::ModelSpec, settings::PIXELS, weights::Weights};
    use std::{fs, io::Read, path::Path};

    fn training_images() -> Images {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../public/mnist");
        let files = fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
        let mut shards: Vec<_> =
            files.filter(|path| path.to_string_lossy().contains("train-images")).collect();
        shards.sort();
        let mut pixels = Vec::new();
        for shard in shards {
            flate2::read::GzDecoder::new(fs::File::open(shard).unwrap()).read_to_end(&mut pixels).unwrap();
        }
        let mut images = Images::with_capacity(pixels.len() / PIXELS);
        images.append(&pixels).unwrap();
        images
    }

    #[test]
    #[ignore = "trains for a minute: cargo test --release -p latent-cpu -- --ignored --nocapture bend"]
    fn few_units_bend_in_the_tutorials_training() {
        const STRIP: usize = Portable4::STRIP;
        let (images, model) = (training_images(), ModelSpec::default());
        let progress = Progress::with_weights(&model, Weights::initial(&model, 1));
        let mut training = Narrow::<Portable4, 5>::new(State::new(&model, &progress).unwrap());
        let mut crew = Crew::new(1);
        let batches = images.len() / 256;
        for step in 0..12 * batches {
            // In no order: a stride that has no divisor in common with the number of images.
            let batch: Vec<_> = (0..256).map(|at| ((step * 256 + at) * 7919 % images.len()) as u32).collect();
            training.step(&mut crew, &images, &batch, 5e-4);
            let bends = |strip| training.linear.bends(strip).tiles::<Portable4>().count() * ROWS;
            let share = (0..256 / STRIP).map(bends).sum::<usize>() as f64 / (300 * 256 / STRIP) as f64;
            assert!(step < 5 || share < 0.3, "{share} at step {step}");
            if [0, 10, 100].contains(&step) || (step + 1) % (2 * batches) == 0 {
                println!("step {step}: {:.1} % bend", 100.0 * share);
            }
        }
    }
}
