//! Gradients at the layers' units, and their products with kernels (for the layer before) and inputs (for the update).

use super::state::ParameterPanel;
use crate::{
    activation::Activation,
    adam::{Adam, Parameters},
    network::Network,
    objective::PanelTarget,
    simd::{Simd, VECTORS, load, run, vectors},
    sparse::{SparseImages, add_rows},
    tensors::LayerShape,
    tile::{ROWS, Tile, add_product, store_columns, store_rows, zero},
};
use std::ops::Range;

/// The gradient at a layer's sums, in two layouts; zero for the images that the last panel lacks.
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
    /// `[images, stride]`: see [`SparseImages::copies`].
    pub(super) pixels: &'a [u8],
    /// Bytes from one image to the next.
    pub(super) stride: usize,
    /// Which of those images are meant, in the order of the rows.
    pub(super) order: &'a [u32],
    /// See [`Objective::gradient_scale`](crate::objective::Objective::gradient_scale).
    pub(super) scale: f32,
}

impl<'a> Target<'a> {
    /// Gathered images in this order.
    pub(super) fn new(pixels: &'a SparseImages, order: &'a [u32], scale: f32) -> Self {
        Self { pixels: &pixels.copies, stride: pixels.stride, order, scale }
    }
}

/// Computes one panel of the output for all images: writes the gradient, and adds the losses image by image.
///
/// `tile_from(image)` gives four images' outputs before bias and activation. The gradient is that of `columns` columns, of which
/// this panel's are the `local`th.
#[inline(always)]
pub(super) fn output_panel<F: Simd, const WIDE: usize>(
    network: &Network<F, WIDE>,
    tile_from: impl Fn(usize) -> Tile<F>,
    target: Target<'_>,
    (panel, local, columns): (usize, usize, usize),
    gradient: &mut Gradient,
    losses: &mut [f32],
) {
    let (shape, pixel) = (&network.shape, panel * F::PANEL);
    let (objective, mask) = (shape.objective, shape.mask(panel));
    let rows = target.order.len().next_multiple_of(F::PANEL);
    let bias: [F; VECTORS] = load(&network.weights.layers[shape.output_layer()].bias[pixel..]);
    let by_image =
        gradient.by_image[local * rows * F::PANEL..][..rows * F::PANEL].chunks_exact_mut(ROWS * F::PANEL);
    let losses = losses.chunks_exact_mut(ROWS * F::LANES);
    for (image, (by_image, losses)) in (0..rows).step_by(ROWS).zip(by_image.zip(losses)) {
        let mut tile = tile_from(image);
        for row in 0..ROWS {
            let Some(&of) = target.order.get(image + row) else {
                tile[row] = [F::splat(0.0); VECTORS];
                continue;
            };
            let pixels = &target.pixels[of as usize * target.stride + pixel..][..F::PANEL];
            let of_panel = PanelTarget { pixels, mask, scale: target.scale };
            let sums = vectors(|v| tile[row][v] + bias[v]);
            tile[row] = objective.add_losses(sums, of_panel, &mut losses[row * F::LANES..][..F::LANES]);
        }
        store_rows(tile, by_image);
        let at = (image / F::PANEL * columns + local * F::PANEL) * F::PANEL + image % F::PANEL;
        store_columns(tile, &mut gradient.by_unit[at..], F::PANEL);
    }
}

/// What the gradient at some units of a layer is computed from.
#[derive(Clone, Copy)]
pub(super) struct Backward<'a> {
    /// The kernel of the layer behind, from the row of the first of those units on.
    pub(super) kernel: &'a [f32],
    /// The shape of the layer behind.
    pub(super) shape: &'a LayerShape,
    /// The gradient at the layer behind: [`Gradient::by_unit`].
    pub(super) gradient: &'a [f32],
    /// The activation of those units, and what it needs: see [`Activation::backward`]. `[rows / PANEL, units, PANEL]`
    pub(super) activation: (Activation, &'a [f32]),
    /// How many units there are.
    pub(super) units: usize,
    /// Images, rounded up to whole panels.
    pub(super) rows: usize,
}

impl Backward<'_> {
    /// Computes the gradient at some of the units for all images: into `by_image`, whose panels have `width` columns, and
    /// into `by_unit` if that is asked for.
    pub(super) fn run<F: Simd>(
        &self,
        units: Range<usize>,
        width: usize,
        by_image: &mut [f32],
        mut by_unit: Option<&mut [f32]>,
    ) {
        let &Self { kernel, shape, gradient, activation: (activation, state), rows, .. } = self;
        run!(
            F,
            for panel in 0..rows / F::PANEL {
                let gradient = &gradient[panel * shape.units * F::PANEL..][..shape.units * F::PANEL];
                for unit in units.clone().step_by(ROWS) {
                    let at = (panel * self.units + unit) * F::PANEL;
                    let kernel = &kernel[unit * F::PANEL..];
                    let tile = backward_tile::<F>(kernel, shape, gradient, (activation, &state[at..]));
                    if let Some(by_unit) = &mut by_unit {
                        store_rows(tile, &mut by_unit[at..]);
                    }
                    let at = (unit / width * rows + panel * F::PANEL) * width + unit % width;
                    store_columns(tile, &mut by_image[at..], width);
                }
            }
        );
    }
}

/// Four units' gradient for a panel of images, from that of units of the layer above, `[units, PANEL]`.
///
/// `kernel` starts at the four units' row in the first panel of those units. `state` is what the four units' activation needs
/// on the way back: see [`Activation::backward`].
#[inline(always)]
fn backward_tile<F: Simd>(
    kernel: &[f32],
    shape: &LayerShape,
    gradient: &[f32],
    (activation, state): (Activation, &[f32]),
) -> Tile<F> {
    let mut tile = add_product(zero(), kernel, shape.panel_len(), gradient);
    for row in 0..ROWS {
        let state: [F; VECTORS] = load(&state[row * F::PANEL..]);
        tile[row] = vectors(|v| activation.backward(tile[row][v], state[v]));
    }
    tile
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
pub(super) fn update_panel<F: Simd>(
    adam: Adam,
    rows: usize,
    mut panel: ParameterPanel<'_>,
    operands: &[(&[f32], &[f32])],
) {
    update_rows::<F>(adam, rows, &mut panel.kernel, operands);
    run!(F, {
        let mut bias: [F; VECTORS] = [F::splat(0.0); VECTORS];
        for (_, gradient) in operands {
            bias = sum_rows(bias, gradient);
        }
        adam.update(&mut panel.bias, 0, bias);
    });
}

/// Updates the kernel only, or some rows of it.
pub(super) fn update_rows<F: Simd>(
    adam: Adam,
    rows: usize,
    kernel: &mut Parameters<'_>,
    operands: &[(&[f32], &[f32])],
) {
    run!(
        F,
        for row in (0..rows).step_by(ROWS) {
            let mut tile: Tile<F> = zero();
            for (inputs, gradient) in operands {
                tile = add_product(tile, &inputs[row * F::PANEL..], rows * F::PANEL, gradient);
            }
            for k in 0..ROWS {
                adam.update(kernel, (row + k) * F::PANEL, tile[k]);
            }
        }
    );
}

/// Updates a panel of the first layer. Of some passes in turn, `operands` are the pixels and the panel's gradient,
/// `[images, width]`.
pub(super) fn update_first_panel<F: Simd, const WIDE: usize>(
    adam: Adam,
    mut panel: ParameterPanel<'_>,
    operands: &[(&SparseImages, &[f32])],
) {
    run!(F, {
        let mut bias = [F::splat(0.0); WIDE];
        for (_, gradient) in operands {
            bias = sum_rows(bias, gradient);
        }
        adam.update(&mut panel.bias, 0, bias);
        for pixel in 0..panel.kernel[0].len() / (WIDE * F::LANES) {
            let mut sum = [F::splat(0.0); WIDE];
            for (pixels, gradient) in operands {
                // SAFETY: a pixel's entries name images of the pass, and the gradient's panel has a row for each.
                sum = unsafe { add_rows(sum, pixels.of_pixel(pixel), gradient) };
            }
            adam.update(&mut panel.kernel, pixel * WIDE * F::LANES, sum);
        }
    });
}
