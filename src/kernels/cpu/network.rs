//! The way forward, from images to codes and from codes to images, with its weights and activations.

use super::{
    simd::{Simd, VECTORS, load, store, vectors},
    sparse::{Entry, SparseImages},
    tensors::{PARTS, Shape, Tensors},
    tile::{ROWS, Tile, transposed_product},
};
use crate::{
    data::Images,
    settings::{Architecture, PIXELS},
    training::TrainerError,
};
use std::{marker::PhantomData, ops::Range};

/// A network that can be used, and that [`super::training::Training`] trains.
///
/// `WIDE` vectors lie side by side in a strip of the first layer, whose sums are rows and not tiles.
///
/// Activations are those of the batch at hand: `images` of them, rounded up to `rows` (whole strips).
pub(super) struct Network<F, const WIDE: usize> {
    pub(super) shape: Shape,
    pub(super) weights: Tensors,
    pub(super) images: usize,
    pub(super) rows: usize,
    pub(super) pixels: SparseImages,
    /// The encoder's hidden layer: `[hidden_columns / first strip, rows, first strip]`.
    pub(super) encoder_hidden: Vec<f32>,
    /// What each part adds to the code before its LeakyReLU, laid out as `code`. Parts of others arrive here.
    pub(super) code_shares: [Vec<f32>; PARTS],
    /// The code, transposed: `[rows / STRIP, code, STRIP]`, zero beyond `images`.
    pub(super) code: Vec<f32>,
    /// The decoder's hidden layer, transposed: `[rows / STRIP, hidden_rows, STRIP]`.
    pub(super) decoder_hidden: Vec<f32>,
    vectors: PhantomData<F>,
}

impl<F: Simd, const WIDE: usize> Network<F, WIDE> {
    /// Columns of a strip of the first layer.
    pub(super) const FIRST_STRIP: usize = WIDE * F::LANES;

    /// A network with zeros for weights and no room for activations yet.
    pub(super) fn new(architecture: &Architecture) -> Result<Self, TrainerError> {
        let shape = Shape::new::<F, WIDE>(architecture)?;
        Ok(Self {
            weights: Tensors::zeros(&shape),
            shape,
            images: 0,
            rows: 0,
            pixels: SparseImages::default(),
            encoder_hidden: Vec::new(),
            code_shares: Default::default(),
            code: Vec::new(),
            decoder_hidden: Vec::new(),
            vectors: PhantomData,
        })
    }

    /// Makes room for a batch of so many codes.
    pub(super) fn begin(&mut self, images: usize) {
        self.images = images;
        self.rows = images.next_multiple_of(F::STRIP);
        grow(&mut self.code, self.shape.code * self.rows);
        grow(&mut self.decoder_hidden, self.shape.hidden_rows * self.rows);
    }

    /// Makes room for a batch of images and reads their pixels.
    pub(super) fn begin_with(&mut self, images: &Images, batch: impl ExactSizeIterator<Item = usize>) {
        self.begin(batch.len());
        grow(&mut self.encoder_hidden, self.shape.hidden_columns * self.rows);
        for share in &mut self.code_shares {
            grow(share, self.shape.code * self.rows);
        }
        self.pixels.gather(batch.map(|image| images.get(image)));
    }

    /// These parts' units of the encoder's hidden layer, and their shares of the code.
    #[inline(always)]
    pub(super) fn encode_parts(&mut self, parts: Range<usize>) {
        for part in parts {
            self.code_shares[part].fill(0.0);
            for strip in self.shape.first_strips(part) {
                self.encode_strip(part, strip);
            }
        }
    }

    #[inline(always)]
    fn encode_strip(&mut self, part: usize, strip: usize) {
        let kernel = &self.weights.encoder_1.kernel[strip * PIXELS * Self::FIRST_STRIP..];
        let kernel = &kernel[..PIXELS * Self::FIRST_STRIP];
        let bias: [F; WIDE] = load(&self.weights.encoder_1.bias[strip * Self::FIRST_STRIP..]);
        let to_code = &self.weights.encoder_2.kernel[strip * Self::FIRST_STRIP..];
        let share = &mut self.code_shares[part];
        let hidden = &mut self.encoder_hidden[strip * self.rows * Self::FIRST_STRIP..];
        for (image, to) in hidden.chunks_exact_mut(Self::FIRST_STRIP).take(self.images).enumerate() {
            // SAFETY: an image's entries name pixels, and the kernel's strip has a row for each.
            let sum = unsafe { add_rows(bias, self.pixels.of_image(image), kernel) };
            let hidden: [F; WIDE] = vectors(|k| leaky(sum[k], self.shape.slope));
            store(hidden, to);
            for c in 0..self.shape.code {
                let weights: [F; WIDE] = load(&to_code[c * self.shape.hidden_columns..]);
                let mut sum = hidden[0] * weights[0];
                for k in 1..WIDE {
                    sum = sum.add_product(hidden[k], weights[k]);
                }
                share[self.shape.code_at(image, c)] += sum.sum();
            }
        }
    }

    /// The code, from all parts' shares.
    #[inline(always)]
    pub(super) fn sum_code(&mut self) {
        for at in (0..self.shape.code * self.rows).step_by(F::STRIP) {
            let bias = self.weights.encoder_2.bias[at / F::STRIP % self.shape.code];
            let mut sum = [F::splat(bias); VECTORS];
            for share in &self.code_shares {
                let share: [F; VECTORS] = load(&share[at..]);
                sum = vectors(|v| sum[v] + share[v]);
            }
            store::<F, VECTORS>(vectors(|v| leaky(sum[v], self.shape.slope)), &mut self.code[at..]);
        }
        // Nobody reads what the missing images of the last strip lead to, but an infinity times zero would show.
        for image in self.images..self.rows {
            for c in 0..self.shape.code {
                self.code[self.shape.code_at(image, c)] = 0.0;
            }
        }
    }

    /// The decoder's hidden layer, from the code.
    #[inline(always)]
    pub(super) fn expand_code(&mut self) {
        let Shape { code, hidden_rows, slope, .. } = self.shape;
        let strips = self.decoder_hidden.chunks_exact_mut(hidden_rows * F::STRIP);
        for (code, to) in self.code.chunks_exact(code * F::STRIP).zip(strips).take(self.rows / F::STRIP) {
            for unit in (0..hidden_rows).step_by(ROWS) {
                let tile: Tile<F> =
                    transposed_product(&self.weights.decoder_1.kernel[unit..], hidden_rows, code);
                for row in 0..ROWS {
                    let bias = F::splat(self.weights.decoder_1.bias[unit + row]);
                    let units: [F; VECTORS] = vectors(|v| leaky(tile[row][v] + bias, slope));
                    store(units, &mut to[(unit + row) * F::STRIP..]);
                }
            }
        }
    }

    /// A strip of the output layer for the four images from `image` on, before bias and LeakyReLU.
    #[inline(always)]
    pub(super) fn output_tile(&self, image: usize, strip: usize) -> Tile<F> {
        let size = self.shape.hidden_rows * F::STRIP;
        let hidden = &self.decoder_hidden[image / F::STRIP * size..][..size];
        let kernel = &self.weights.decoder_2.kernel[strip * size..][..size];
        transposed_product(&hidden[image % F::STRIP..], F::STRIP, kernel)
    }
}

/// LeakyReLU.
#[inline(always)]
pub(super) fn leaky<F: Simd>(x: F, slope: f32) -> F {
    x.where_positive(x, x * F::splat(slope))
}

/// A sum of rows of a matrix, `WIDE` vectors long each, times the entries' values, and `sum` added to it.
///
/// # Safety
/// The entries' rows are in `rows`.
#[inline(always)]
pub(super) unsafe fn add_rows<F: Simd, const WIDE: usize>(
    mut sum: [F; WIDE],
    entries: &[Entry],
    rows: &[f32],
) -> [F; WIDE] {
    for entry in entries {
        let at = entry.row as usize * WIDE * F::LANES;
        debug_assert!(at + WIDE * F::LANES <= rows.len());
        let value = F::splat(entry.value);
        for k in 0..WIDE {
            // SAFETY: the caller promises that the row is there.
            sum[k] = sum[k].add_product(value, unsafe { F::load_at(rows, at + k * F::LANES) });
        }
    }
    sum
}

/// Makes a buffer at least so long; memory once taken stays.
pub(super) fn grow(buffer: &mut Vec<f32>, len: usize) {
    if buffer.len() < len {
        buffer.resize(len, 0.0);
    }
}
