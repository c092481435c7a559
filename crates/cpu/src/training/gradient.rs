//! Gradients at the layers' units, and the products that they go through: back through a kernel, and into one.

use super::Strip;
use crate::{
    adam::{Adam, Parameters},
    network::{Network, add_squares, errors, leaky},
    simd::{Simd, VECTORS, load, vectors},
    sparse::{SparseImages, add_rows},
    tensors::LayerShape,
    tile::{ROWS, Tile, add_product, store_columns, store_rows, zero},
};
use latent_core::settings::PIXELS;

/// The gradient at a layer's units before their LeakyReLU, both ways round; zero for the images that the last strip
/// lacks.
#[derive(Default)]
pub(super) struct Gradient {
    /// Unit below unit, a strip of images side by side: `[rows / STRIP, units, STRIP]`.
    pub(super) by_unit: Vec<f32>,
    /// Image below image, a strip of the layer's units side by side: `[columns / width, rows, width]`.
    pub(super) by_image: Vec<f32>,
}

/// What the output should be.
#[derive(Clone, Copy)]
pub(super) struct Target<'a> {
    /// `[images, 784]`
    pub(super) pixels: &'a [u8],
    /// Which of those images, in the batch's order.
    pub(super) batch: &'a [u32],
    /// The derivative of the loss by an error, divided by the error. The loss is the mean of all errors' squares, so
    /// it is 2 / their number.
    pub(super) scale: f32,
}

impl<'a> Target<'a> {
    /// A whole batch.
    pub(super) fn new(pixels: &'a [u8], batch: &'a [u32]) -> Self {
        assert!(!batch.is_empty(), "a batch without images has no gradient");
        Self { pixels, batch, scale: 2.0 / (batch.len() * PIXELS) as f32 }
    }

    /// The images by themselves.
    pub(super) fn each(self) -> impl ExactSizeIterator<Item = &'a [u8]> {
        self.batch.iter().map(move |&image| &self.pixels[image as usize * PIXELS..][..PIXELS])
    }
}

/// Strip `strip` of the output for all images: the gradient there, and the errors' squares, image by image.
///
/// `tile_from(image)` gives four images' outputs before bias and LeakyReLU. The gradient is that of `pixels` pixels, of which this
/// strip's are the `place`th.
#[inline(always)]
pub(super) fn output_strip<F: Simd, const WIDE: usize>(
    network: &Network<F, WIDE>,
    tile_from: impl Fn(usize) -> Tile<F>,
    target: Target<'_>,
    (strip, place, pixels): (usize, usize, usize),
    gradient: &mut Gradient,
    squares: &mut [f32],
) {
    let (pixel, slope) = (strip * F::STRIP, network.shape.slope);
    let rows = target.batch.len().next_multiple_of(F::STRIP);
    let bias: [F; VECTORS] = load(&network.weights.layers[network.shape.output_layer()].bias[pixel..]);
    let by_image =
        gradient.by_image[place * rows * F::STRIP..][..rows * F::STRIP].chunks_exact_mut(ROWS * F::STRIP);
    let squares = squares.chunks_exact_mut(ROWS * F::LANES);
    for (image, (by_image, squares)) in (0..rows).step_by(ROWS).zip(by_image.zip(squares)) {
        let mut tile = tile_from(image);
        for row in 0..ROWS {
            let Some(&of) = target.batch.get(image + row) else {
                tile[row] = [F::splat(0.0); VECTORS];
                continue;
            };
            let outputs = vectors(|v| leaky(tile[row][v] + bias[v], slope));
            let error: [F; VECTORS] = errors(outputs, &target.pixels[of as usize * PIXELS + pixel..]);
            add_squares(squares, row, error);
            tile[row] = vectors(|v| back_through_leaky(error[v] * F::splat(target.scale), outputs[v], slope));
        }
        store_rows(tile, by_image);
        let at = (image / F::STRIP * pixels + place * F::STRIP) * F::STRIP + image % F::STRIP;
        store_columns(tile, &mut gradient.by_unit[at..], F::STRIP);
    }
}

/// Four units' gradient for a strip of images, from that of units of the layer above, `[units, STRIP]`.
///
/// `kernel` starts at the four units' row in the first strip of those units; `values` are the four's own.
#[inline(always)]
pub(super) fn back_tile<F: Simd>(
    kernel: &[f32],
    shape: &LayerShape,
    gradient: &[f32],
    values: &[f32],
    slope: f32,
) -> Tile<F> {
    let mut tile = add_product(zero(), kernel, shape.strip_len(), gradient);
    for row in 0..ROWS {
        let values: [F; VECTORS] = load(&values[row * F::STRIP..]);
        tile[row] = vectors(|v| back_through_leaky(tile[row][v], values[v], slope));
    }
    tile
}

/// A gradient before the LeakyReLU, from that after it and its value there (which has its argument's sign).
#[inline(always)]
pub(super) fn back_through_leaky<F: Simd>(gradient: F, value: F, slope: f32) -> F {
    value.where_positive(gradient, gradient * F::splat(slope))
}

/// Adds up the rows of a strip, `[images, K vectors]`.
#[inline(always)]
pub(super) fn sum_rows<F: Simd, const K: usize>(mut sum: [F; K], strip: &[f32]) -> [F; K] {
    for row in strip.chunks_exact(K * F::LANES) {
        let row: [F; K] = load(row);
        sum = vectors(|k| sum[k] + row[k]);
    }
    sum
}

/// Updates a strip of a layer that reads what another layer gives. Of some passes in turn, `operands` are what it
/// has read, `[images / STRIP, rows, STRIP]`, and the strip's gradient, `[images, STRIP]`.
#[inline(always)]
pub(super) fn update_strip<'a, F: Simd>(
    adam: Adam,
    rows: usize,
    mut strip: Strip<'_>,
    operands: impl Iterator<Item = (&'a [f32], &'a [f32])> + Clone,
) {
    update_rows::<F>(adam, rows, &mut strip.kernel, operands.clone());
    let mut bias: [F; VECTORS] = [F::splat(0.0); VECTORS];
    for (_, gradient) in operands {
        bias = sum_rows(bias, gradient);
    }
    adam.update(&mut strip.bias, 0, bias);
}

/// The same for the kernel only, or for some rows of it.
#[inline(always)]
pub(super) fn update_rows<'a, F: Simd>(
    adam: Adam,
    rows: usize,
    kernel: &mut Parameters<'_>,
    operands: impl Iterator<Item = (&'a [f32], &'a [f32])> + Clone,
) {
    for row in (0..rows).step_by(ROWS) {
        let mut tile: Tile<F> = zero();
        for (inputs, gradient) in operands.clone() {
            tile = add_product(tile, &inputs[row * F::STRIP..], rows * F::STRIP, gradient);
        }
        for k in 0..ROWS {
            adam.update(kernel, (row + k) * F::STRIP, tile[k]);
        }
    }
}

/// Updates a strip of the first layer. Of some passes in turn, `operands` are the pixels and the strip's gradient,
/// `[images, width]`.
#[inline(always)]
pub(super) fn update_first_strip<'a, F: Simd, const WIDE: usize>(
    adam: Adam,
    mut strip: Strip<'_>,
    operands: impl Iterator<Item = (&'a SparseImages, &'a [f32])> + Clone,
) {
    let mut bias = [F::splat(0.0); WIDE];
    for (_, gradient) in operands.clone() {
        bias = sum_rows(bias, gradient);
    }
    adam.update(&mut strip.bias, 0, bias);
    for pixel in 0..PIXELS {
        let mut sum = [F::splat(0.0); WIDE];
        for (pixels, gradient) in operands.clone() {
            // SAFETY: a pixel's entries name images of the pass, and the gradient's strip has a row for each.
            sum = unsafe { add_rows(sum, pixels.of_pixel(pixel), gradient) };
        }
        adam.update(&mut strip.kernel, pixel * WIDE * F::LANES, sum);
    }
}
