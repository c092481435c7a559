//! Training a network of any depth.
//!
//! There and back every image is by itself, so the batch is cut into passes, one for each thread. Then every strip
//! of the weights is by itself, and its gradient a sum over all images in their order. So nothing depends on how
//! many threads there are, and they wait for each other twice a step.

use super::{
    Member, State, Strip, Train,
    gradient::{Gradient, Target, back_tile, output_strip, update_first_strip, update_strip},
};
use crate::{
    adam::Adam,
    crew::Crew,
    inference::Infer,
    network::{Network, Pass, grow, mean},
    simd::{Simd, run},
    tensors::{LayerShape, Shape},
    tile::{ROWS, store_columns, store_rows},
};
use latent_core::{data::Images, settings::PIXELS, training::Progress};

/// Units whose weights are used for all images before the next ones' turn comes: these fit a second cache.
const UNITS: usize = 64;

/// A network in training.
pub(super) struct Deep<F, const WIDE: usize> {
    state: State<F, WIDE>,
    journeys: Vec<Journey>,
}

/// Some images on their way there and back.
#[derive(Default)]
struct Journey {
    pass: Pass,
    /// At each layer's units; at the first layer's by image only, as nothing lies further back.
    gradients: Vec<Gradient>,
    /// See [`add_squares`](crate::network::add_squares).
    squares: Vec<f32>,
}

impl<F: Simd, const WIDE: usize> Deep<F, WIDE> {
    pub(super) fn new(state: State<F, WIDE>) -> Self {
        Self { state, journeys: Vec::new() }
    }
}

impl<F: Simd, const WIDE: usize> Train for Deep<F, WIDE> {
    fn step(&mut self, crew: &mut Crew, images: &Images, batch: &[u32], learning_rate: f32) -> f64 {
        let target = Target::new(images.pixels(), batch);
        self.state.begin(learning_rate);
        let share = batch.len().div_ceil(F::STRIP).div_ceil(crew.threads()) * F::STRIP;
        let journeys = batch.len().div_ceil(share);
        if self.journeys.len() < journeys {
            self.journeys.resize_with(journeys, Journey::default);
        }
        let journeys = &mut self.journeys[..journeys];
        let network = &self.state.network;
        crew.each(journeys.iter_mut().zip(batch.chunks(share)), |(journey, batch)| {
            journey.there(network, Target { batch, ..target });
            journey.back(network);
        });
        let (shape, adam, journeys) = (network.shape.clone(), self.state.adam, &*journeys);
        crew.each(self.state.all_strips(), |strip| {
            run!(F, update::<F, WIDE>(adam, &shape, journeys, strip));
        });
        let squares = journeys.iter().flat_map(|journey| &journey.squares[..journey.pass.images * F::LANES]);
        mean(squares.map(|&square| f64::from(square)).sum(), batch.len())
    }

    fn progress(&self) -> Progress {
        self.state.progress()
    }

    fn network(&self) -> &dyn Infer {
        &self.state.network
    }

    fn as_member(&mut self) -> Option<&mut dyn Member> {
        None
    }
}

impl Journey {
    /// From the images to the error, and the gradient at the output.
    fn there<F: Simd, const WIDE: usize>(&mut self, network: &Network<F, WIDE>, target: Target<'_>) {
        let (shape, output) = (&network.shape, network.shape.output_layer());
        let Self { pass, gradients, squares } = self;
        pass.begin::<F>(shape, 0..output, target.batch.len());
        pass.pixels.gather(target.each());
        pass.pixels.transpose();
        gradients.resize_with(shape.layers.len(), Gradient::default);
        for (number, (gradient, layer)) in gradients.iter_mut().zip(&shape.layers).enumerate() {
            grow(&mut gradient.by_image, layer.columns() * pass.rows);
            if number > 0 {
                grow(&mut gradient.by_unit, layer.units * pass.rows);
            }
        }
        grow(squares, pass.rows * F::LANES);
        squares.fill(0.0);
        run!(F, {
            network.encode(pass);
            network.decode(pass);
        });
        run!(F, {
            let hidden = &pass.activations[output - 1];
            for strip in 0..PIXELS / F::STRIP {
                let place = (strip, strip, PIXELS);
                output_strip(
                    network,
                    #[inline(always)]
                    |image| network.output_tile(hidden, image, strip),
                    target,
                    place,
                    &mut gradients[output],
                    squares,
                );
            }
        });
    }

    /// The gradients at all layers, from that at the output.
    fn back<F: Simd, const WIDE: usize>(&mut self, network: &Network<F, WIDE>) {
        for layer in (1..network.shape.layers.len()).rev() {
            run!(F, {
                for first in (0..network.shape.layers[layer].rows).step_by(UNITS) {
                    self.back_to_units(network, layer, first);
                }
                self.clear_padding::<F>(&network.shape.layers[layer - 1], layer - 1);
            });
        }
    }

    /// From a layer's gradient to that at up to [`UNITS`] units of the layer before it.
    #[inline(always)]
    fn back_to_units<F: Simd, const WIDE: usize>(
        &mut self,
        network: &Network<F, WIDE>,
        layer: usize,
        first: usize,
    ) {
        let (shape, width) = (&network.shape.layers[layer], network.shape.layers[layer - 1].width);
        let kernel = &network.weights.layers[layer].kernel;
        let (below, above) = self.gradients.split_at_mut(layer);
        let (below, above) = (&mut below[layer - 1], &above[0]);
        for strip in 0..self.pass.rows / F::STRIP {
            let gradient = &above.by_unit[strip * shape.units * F::STRIP..][..shape.units * F::STRIP];
            for unit in (first..shape.rows.min(first + UNITS)).step_by(ROWS) {
                let at = (strip * shape.rows + unit) * F::STRIP;
                let values = &self.pass.activations[layer - 1][at..];
                let kernel = &kernel[unit * F::STRIP..];
                let tile = back_tile::<F>(kernel, shape, gradient, values, network.shape.slope);
                if layer > 1 {
                    store_rows(tile, &mut below.by_unit[at..]);
                }
                let at = (unit / width * self.pass.rows + strip * F::STRIP) * width + unit % width;
                store_columns(tile, &mut below.by_image[at..], width);
            }
        }
    }

    /// Zeros where the last strip of a layer has more columns than there are units: what lies there is left from
    /// batches of another size.
    #[inline(always)]
    fn clear_padding<F: Simd>(&mut self, shape: &LayerShape, layer: usize) {
        if shape.units < shape.columns() {
            let last = (shape.strips - 1) * self.pass.rows * shape.width;
            let rows = self.gradients[layer].by_image[last..].chunks_exact_mut(shape.width);
            for row in rows.take(self.pass.rows) {
                row[shape.units % shape.width..].fill(0.0);
            }
        }
    }
}

impl Journey {
    /// The gradient at a strip of a layer, by image.
    fn gradient(&self, layer: usize, strip: usize, width: usize) -> &[f32] {
        let len = self.pass.rows * width;
        &self.gradients[layer].by_image[strip * len..][..len]
    }
}

#[inline(always)]
fn update<F: Simd, const WIDE: usize>(adam: Adam, shape: &Shape, journeys: &[Journey], strip: Strip<'_>) {
    let (layer, at) = (strip.layer, strip.strip);
    let LayerShape { rows, width, .. } = shape.layers[layer];
    let journeys = journeys.iter().map(|journey| (&journey.pass, journey.gradient(layer, at, width)));
    if layer == 0 {
        let operands = journeys.map(|(pass, gradient)| (&pass.pixels, gradient));
        update_first_strip::<F, WIDE>(adam, strip, operands);
    } else {
        let operands = journeys.map(|(pass, gradient)| (&pass.activations[layer - 1][..], gradient));
        update_strip::<F>(adam, rows, strip, operands);
    }
}
