//! Gradients at the layers' units, and the products that they go through: back through a kernel, and into one.

use super::ParameterPanel;
use crate::{
    adam::{Adam, Parameters},
    network::{Network, add_squares, errors, leaky},
    simd::{Simd, VECTORS, load, vectors},
    sparse::{SparseImages, add_rows},
    tensors::LayerShape,
    tile::{ROWS, Tile, add_product, store_columns, store_rows, zero},
};
use latent_core::settings::PIXELS;

/// The gradient at a layer's units before their LeakyReLU, both ways round; zero for the images that the last panel
/// lacks.
#[derive(Default)]
pub(super) struct Gradient {
    /// Unit below unit, a panel of images side by side: `[rows / PANEL, units, PANEL]`.
    pub(super) by_unit: Vec<f32>,
    /// Image below image, a panel of the layer's units side by side: `[columns / width, rows, width]`.
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

/// ParameterPanel `panel` of the output for all images: the gradient there, and the errors' squares, image by image.
///
/// `tile_from(image)` gives four images' outputs before bias and LeakyReLU. The gradient is that of `pixels` pixels, of which this
/// panel's are the `place`th.
#[inline(always)]
pub(super) fn output_panel<F: Simd, const WIDE: usize>(
    network: &Network<F, WIDE>,
    tile_from: impl Fn(usize) -> Tile<F>,
    target: Target<'_>,
    (panel, place, pixels): (usize, usize, usize),
    gradient: &mut Gradient,
    squares: &mut [f32],
) {
    let (pixel, slope) = (panel * F::PANEL, network.shape.slope);
    let rows = target.batch.len().next_multiple_of(F::PANEL);
    let bias: [F; VECTORS] = load(&network.weights.layers[network.shape.output_layer()].bias[pixel..]);
    let by_image =
        gradient.by_image[place * rows * F::PANEL..][..rows * F::PANEL].chunks_exact_mut(ROWS * F::PANEL);
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
            tile[row] = vectors(|v| backward_through_leaky(error[v] * F::splat(target.scale), outputs[v], slope));
        }
        store_rows(tile, by_image);
        let at = (image / F::PANEL * pixels + place * F::PANEL) * F::PANEL + image % F::PANEL;
        store_columns(tile, &mut gradient.by_unit[at..], F::PANEL);
    }
}

/// Four units' gradient for a panel of images, from that of units of the layer above, `[units, PANEL]`.
///
/// `kernel` starts at the four units' row in the first panel of those units; `values` are the four's own.
#[inline(always)]
pub(super) fn backward_tile<F: Simd>(
    kernel: &[f32],
    shape: &LayerShape,
    gradient: &[f32],
    values: &[f32],
    slope: f32,
) -> Tile<F> {
    let mut tile = add_product(zero(), kernel, shape.panel_len(), gradient);
    for row in 0..ROWS {
        let values: [F; VECTORS] = load(&values[row * F::PANEL..]);
        tile[row] = vectors(|v| backward_through_leaky(tile[row][v], values[v], slope));
    }
    tile
}

/// A gradient before the LeakyReLU, from that after it and its value there (which has its argument's sign).
#[inline(always)]
pub(super) fn backward_through_leaky<F: Simd>(gradient: F, value: F, slope: f32) -> F {
    value.where_positive(gradient, gradient * F::splat(slope))
}

/// Adds up the rows of a panel, `[images, K vectors]`.
#[inline(always)]
pub(super) fn sum_rows<F: Simd, const K: usize>(mut sum: [F; K], panel: &[f32]) -> [F; K] {
    for row in panel.chunks_exact(K * F::LANES) {
        let row: [F; K] = load(row);
        sum = vectors(|k| sum[k] + row[k]);
    }
    sum
}

/// Updates a panel of a layer that reads what another layer gives. Of some passes in turn, `operands` are what it
/// has read, `[images / PANEL, rows, PANEL]`, and the panel's gradient, `[images, PANEL]`.
#[inline(always)]
pub(super) fn update_panel<'a, F: Simd>(
    adam: Adam,
    rows: usize,
    mut panel: ParameterPanel<'_>,
    operands: impl Iterator<Item = (&'a [f32], &'a [f32])> + Clone,
) {
    update_rows::<F>(adam, rows, &mut panel.kernel, operands.clone());
    let mut bias: [F; VECTORS] = [F::splat(0.0); VECTORS];
    for (_, gradient) in operands {
        bias = sum_rows(bias, gradient);
    }
    adam.update(&mut panel.bias, 0, bias);
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
            tile = add_product(tile, &inputs[row * F::PANEL..], rows * F::PANEL, gradient);
        }
        for k in 0..ROWS {
            adam.update(kernel, (row + k) * F::PANEL, tile[k]);
        }
    }
}

/// Updates a panel of the first layer. Of some passes in turn, `operands` are the pixels and the panel's gradient,
/// `[images, width]`.
#[inline(always)]
pub(super) fn update_first_panel<'a, F: Simd, const WIDE: usize>(
    adam: Adam,
    mut panel: ParameterPanel<'_>,
    operands: impl Iterator<Item = (&'a SparseImages, &'a [f32])> + Clone,
) {
    let mut bias = [F::splat(0.0); WIDE];
    for (_, gradient) in operands.clone() {
        bias = sum_rows(bias, gradient);
    }
    adam.update(&mut panel.bias, 0, bias);
    for pixel in 0..PIXELS {
        let mut sum = [F::splat(0.0); WIDE];
        for (pixels, gradient) in operands.clone() {
            // SAFETY: a pixel's entries name images of the pass, and the gradient's panel has a row for each.
            sum = unsafe { add_rows(sum, pixels.of_pixel(pixel), gradient) };
        }
        adam.update(&mut panel.kernel, pixel * WIDE * F::LANES, sum);
    }
}
