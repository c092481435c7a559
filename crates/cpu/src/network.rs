//! The forward pass, layer by layer. A network holds only weights, so several threads can use it at once; the layers' values
//! are in a [`Pass`].
//!
//! Between the sparse first layer and the output all values are transposed, a panel of images side by side and unit below unit:
//! `[rows / PANEL, units, PANEL]`. So every layer reads the values of the one before it in order.

use super::{
    corrupted_images::CorruptedImages,
    simd::{Simd, VECTORS, load, run, store, vectors},
    sparse::{SparseImages, add_rows},
    tensors::{Shape, Tensors},
    tile::{ROWS, Tile, store_rows, transposed_product},
    variational_code::VariationalCode,
};
use latent_core::{data::Images, model::ModelSpec};
use std::{marker::PhantomData, ops::Range};

/// A network's weights. `WIDE` vectors lie side by side in a panel of the first layer, whose sums are rows and not
/// tiles.
pub(super) struct Network<F, const WIDE: usize> {
    pub(super) shape: Shape,
    pub(super) weights: Tensors,
    /// How networks with several hidden layers decode. None with one, whose decoder is linear in regions.
    pub(super) deep_decoder: Option<DeepDecoder<F, WIDE>>,
    /// How images are corrupted, if they are.
    pub(super) corrupted_images: Option<CorruptedImages>,
    /// What a code adds that is drawn. None for deterministic models.
    pub(super) variational_code: Option<VariationalCode<F, WIDE>>,
    vectors: PhantomData<F>,
}

/// The decoder of networks with several hidden layers. Programs that have none do without its code, so nothing else refers to
/// it.
pub(super) struct DeepDecoder<F, const WIDE: usize> {
    /// Computes the layers between a pass's code and the output.
    pub(super) hidden: fn(&Network<F, WIDE>, &mut Pass),
    /// Computes a panel of the output layer's sums for all images, `[rows, PANEL]`.
    pub(super) output: fn(&Network<F, WIDE>, &Pass, usize, &mut [f32]),
}

/// Some images, and the values of a network's layers for them.
#[derive(Default)]
pub(super) struct Pass {
    pub(super) images: usize,
    /// The images rounded up to whole panels.
    pub(super) rows: usize,
    pub(super) pixels: SparseImages,
    /// The values of each layer but the last: `[rows / PANEL, units, PANEL]`.
    pub(super) activations: Vec<Vec<f32>>,
    /// The derivatives of smooth activations, likewise; empty where none is needed.
    pub(super) derivatives: Vec<Vec<f32>>,
}

impl Pass {
    /// Reserves memory for so many images in these layers.
    pub(super) fn begin<F: Simd>(&mut self, shape: &Shape, layers: Range<usize>, images: usize) {
        self.images = images;
        self.rows = images.next_multiple_of(F::PANEL);
        self.activations.resize_with(shape.output_layer(), Vec::new);
        self.derivatives.resize_with(shape.output_layer(), Vec::new);
        for layer in layers {
            grow(&mut self.activations[layer], shape.layers[layer].units * self.rows);
        }
    }

    /// Reserves memory for the derivatives of these layers' smooth activations, too.
    pub(super) fn keep_derivatives(&mut self, shape: &Shape, layers: Range<usize>) {
        for layer in layers {
            if shape.layers[layer].activation.smooth.is_some() {
                grow(&mut self.derivatives[layer], shape.layers[layer].units * self.rows);
            }
        }
    }

    /// Gathers the pixels of these images.
    pub(super) fn gather(&mut self, shape: &Shape, images: &Images, which: impl Iterator<Item = usize>) {
        self.pixels.gather(shape.size_of_image(), which.map(|image| images.get(image)));
    }

    /// Gathers the pixels of these images as validation reads them.
    pub(super) fn gather_for_validation<F, const WIDE: usize>(
        &mut self,
        network: &Network<F, WIDE>,
        images: &Images,
        which: Range<usize>,
    ) {
        match &network.corrupted_images {
            Some(corrupted) => (corrupted.for_validation)(&mut self.pixels, &network.shape, images, which),
            None => self.gather(&network.shape, images, which),
        }
    }

    /// What [`Activation::backward`](crate::activation::Activation::backward) needs of a layer.
    pub(super) fn state(&self, shape: &Shape, layer: usize) -> &[f32] {
        match shape.layers[layer].activation.smooth {
            None => &self.activations[layer],
            Some(_) => &self.derivatives[layer],
        }
    }
}

impl<F: Simd, const WIDE: usize> Network<F, WIDE> {
    /// A network of any kind that there are kernels for, with zeros for weights.
    pub(super) fn new(model: &ModelSpec) -> Self {
        Self {
            corrupted_images: CorruptedImages::of::<F>(model),
            variational_code: VariationalCode::of(model),
            ..Self::of_any_depth(model)
        }
    }

    /// A deterministic network of any depth with zeros for weights.
    pub(super) fn of_any_depth(model: &ModelSpec) -> Self {
        let network = Self::column_parallel(model);
        let deep = DeepDecoder { hidden: Self::decode, output: Self::deep_output };
        Self { deep_decoder: (!network.shape.is_column_parallel()).then_some(deep), ..network }
    }

    /// A deterministic network with one hidden layer on each side of its code and zeros for weights.
    pub(super) fn column_parallel(model: &ModelSpec) -> Self {
        let shape = Shape::new::<F, WIDE>(model);
        Self {
            weights: Tensors::zeros(&shape),
            shape,
            deep_decoder: None,
            corrupted_images: None,
            variational_code: None,
            vectors: PhantomData,
        }
    }

    /// Computes the code from a pass's pixels.
    pub(super) fn encode(&self, pass: &mut Pass) {
        let panels = 0..self.shape.layers[0].panels;
        let first = &self.shape.layers[0];
        let values = &mut pass.activations[0][..first.units * pass.rows];
        self.first_layer(panels, &pass.pixels, pass.images, values);
        first.activation.apply_to_panels::<F>((first.outputs, first.units), values, &mut pass.derivatives[0]);
        self.layers(1..self.shape.code_layer + 1, pass);
    }

    /// Computes the layers between a pass's code and the output.
    pub(super) fn decode(&self, pass: &mut Pass) {
        self.layers(self.shape.code_layer + 1..self.shape.output_layer(), pass);
    }

    /// Computes some layers between the first and the last. They are all in one function, so that a program has the
    /// loops once.
    fn layers(&self, layers: Range<usize>, pass: &mut Pass) {
        run!(
            F,
            for layer in layers {
                self.layer_of_panels(layer, pass);
            }
        );
    }

    #[inline(always)]
    fn layer_of_panels(&self, layer: usize, pass: &mut Pass) {
        let (before, from) = pass.activations.split_at_mut(layer);
        let inputs = before[layer - 1].chunks_exact(self.shape.layers[layer].rows * F::PANEL);
        let outputs = from[0].chunks_exact_mut(self.shape.layers[layer].units * F::PANEL);
        for (input, output) in inputs.zip(outputs).take(pass.rows / F::PANEL) {
            self.layer(layer, input, output);
        }
        let shape = &self.shape.layers[layer];
        shape.activation.apply_to_panels::<F>(
            (shape.outputs, shape.units),
            &mut from[0][..shape.units * pass.rows],
            &mut pass.derivatives[layer],
        );
    }

    /// Computes some panels of the first layer, but no smooth activation; zeros for the images that the last panel lacks.
    pub(super) fn first_layer(
        &self,
        panels: Range<usize>,
        pixels: &SparseImages,
        images: usize,
        to: &mut [f32],
    ) {
        run!(F, self.first_layer_here(panels, pixels, images, to));
    }

    #[inline(always)]
    fn first_layer_here(&self, panels: Range<usize>, pixels: &SparseImages, images: usize, to: &mut [f32]) {
        let layer = &self.shape.layers[0];
        let units = panels.len() * layer.width;
        for (unit, panel) in (0..).step_by(layer.width).zip(panels) {
            let kernel = &self.weights.layers[0].kernel[panel * layer.panel_len()..][..layer.panel_len()];
            let bias: [F; WIDE] = load(&self.weights.layers[0].bias[panel * layer.width..]);
            for image in (0..images.next_multiple_of(F::PANEL)).step_by(ROWS) {
                let mut rows = [[F::splat(0.0); WIDE]; ROWS];
                for row in 0..ROWS.min(images.saturating_sub(image)) {
                    // SAFETY: an image's entries name pixels, and the kernel's panel has a row for each.
                    let sum = unsafe { add_rows(bias, pixels.of_image(image + row), kernel) };
                    rows[row] = vectors(|k| layer.activation.piecewise_linear(sum[k]));
                }
                let at = (image / F::PANEL * units + unit) * F::PANEL + image % F::PANEL;
                for k in 0..WIDE {
                    let to = &mut to[at + k * F::LANES * F::PANEL..];
                    F::store_columns([rows[0][k], rows[1][k], rows[2][k], rows[3][k]], to, F::PANEL);
                }
            }
        }
    }

    /// Computes a layer between the first and the last for a panel of images, but no smooth activation.
    #[inline(always)]
    fn layer(&self, layer: usize, input: &[f32], output: &mut [f32]) {
        let activation = self.shape.layers[layer].activation;
        self.sums(
            layer,
            input,
            #[inline(always)]
            |unit, sums| {
                let units: [F; VECTORS] = vectors(|v| activation.piecewise_linear(sums[v]));
                store(units, &mut output[unit * F::PANEL..]);
            },
        );
    }

    /// Calls `put` with each unit of such a layer and its sums for a panel of images.
    #[inline(always)]
    pub(super) fn sums(&self, layer: usize, input: &[f32], mut put: impl FnMut(usize, [F; VECTORS])) {
        let (shape, dense) = (&self.shape.layers[layer], &self.weights.layers[layer]);
        for unit in (0..shape.units).step_by(ROWS) {
            let kernel = &dense.kernel[unit / F::PANEL * shape.panel_len()..][..shape.panel_len()];
            let tile: Tile<F> = transposed_product(&kernel[unit % F::PANEL..], F::PANEL, input);
            for row in 0..ROWS {
                let bias = F::splat(dense.bias[unit + row]);
                put(unit + row, vectors(|v| tile[row][v] + bias));
            }
        }
    }

    /// A panel of the output layer's sums for the four images from `image` on, before the bias.
    #[inline(always)]
    pub(super) fn output_tile(&self, hidden: &[f32], image: usize, panel: usize) -> Tile<F> {
        let kernel = self.output_kernel(panel);
        let hidden = &hidden[image / F::PANEL * kernel.len()..][..kernel.len()];
        transposed_product(&hidden[image % F::PANEL..], F::PANEL, kernel)
    }

    /// See [`DeepDecoder::output`].
    fn deep_output(&self, pass: &Pass, panel: usize, to: &mut [f32]) {
        let hidden = &pass.activations[self.shape.output_layer() - 1];
        run!(F, {
            self.output(
                (panel, pass.rows),
                #[inline(always)]
                |image| self.output_tile(hidden, image, panel),
                to,
            );
        });
    }

    /// A panel of the output's sums, image by image; `tile_from(image)` gives four images' before the bias.
    #[inline(always)]
    pub(super) fn output(
        &self,
        (panel, rows): (usize, usize),
        tile_from: impl Fn(usize) -> Tile<F>,
        to: &mut [f32],
    ) {
        let bias: [F; VECTORS] =
            load(&self.weights.layers[self.shape.output_layer()].bias[panel * F::PANEL..]);
        for image in (0..rows).step_by(ROWS) {
            let mut outputs = tile_from(image);
            for row in 0..ROWS {
                outputs[row] = vectors(|v| outputs[row][v] + bias[v]);
            }
            store_rows(outputs, &mut to[image * F::PANEL..]);
        }
    }

    /// A panel of the output layer's kernel: `[units, PANEL]`.
    pub(super) fn output_kernel(&self, panel: usize) -> &[f32] {
        let output = self.shape.output_layer();
        let size = self.shape.layers[output].panel_len();
        &self.weights.layers[output].kernel[panel * size..][..size]
    }

    /// Where unit `c` of an image's code lies. Of a variational model these are means, and the logarithms of the variances lie
    /// behind the last one.
    pub(super) fn code_at(&self, image: usize, c: usize) -> usize {
        let units = self.shape.layers[self.shape.code_layer].units;
        (image / F::PANEL * units + c) * F::PANEL + image % F::PANEL
    }
}

/// Makes a buffer at least so long. It never shrinks.
pub(super) fn grow(buffer: &mut Vec<f32>, len: usize) {
    if buffer.len() < len {
        buffer.resize(len, 0.0);
    }
}
