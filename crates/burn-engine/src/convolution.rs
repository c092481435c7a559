//! "Same" convolutions and their transposes on feature maps as Keras lays them out.

use burn::tensor::{
    Tensor,
    module::{conv_transpose2d, conv2d},
    ops::{ConvOptions, ConvTransposeOptions, PadMode},
};
use latent_core::model::{Convolution, ImageShape};

/// The convolution of the large map, `[batch, values]`, with a kernel `[row · column · inputs, outputs]`: the small map,
/// `[batch, values]`.
pub(crate) fn convolve(
    convolution: &Convolution,
    inputs: Tensor<2>,
    kernel: Tensor<2>,
    bias: Tensor<1>,
) -> Tensor<2> {
    let Convolution { large, small, kernel: size, stride, before } = *convolution;
    let padding = [(large.height, small.height, before[0]), (large.width, small.width, before[1])]
        .map(|(large, small, before)| (before, ((small - 1) * stride + size).saturating_sub(large + before)));
    // Burn's own padding is as long before as after.
    let inputs = padded(to_channels_first(inputs, large), padding);
    let options = ConvOptions::new([stride; 2], [0; 2], [1; 2], 1);
    to_rows(conv2d(inputs, channels_first(kernel, convolution), Some(bias), options))
}

/// The transposed convolution of the small map, `[batch, values]`, with a kernel `[row · column · outputs, inputs]`: the large
/// map, `[batch, values]`.
///
/// It is the gradient of the convolution between the two maps: the full result, without padding, of which as many rows and
/// columns are left out as the convolution pads.
pub(crate) fn transpose(
    convolution: &Convolution,
    inputs: Tensor<2>,
    kernel: Tensor<2>,
    bias: Tensor<1>,
) -> Tensor<2> {
    let Convolution { large, small, kernel: size, stride, before: [above, left] } = *convolution;
    let options = ConvTransposeOptions::new([stride; 2], [0; 2], [0; 2], [1; 2], 1);
    let inputs = to_channels_first(inputs, small);
    let full = conv_transpose2d(inputs, channels_first(kernel, convolution), None, options);
    // A kernel narrower than its stride does not reach the last rows and columns.
    let missing = [(above + large.height, small.height), (left + large.width, small.width)]
        .map(|(end, small)| (0, end.saturating_sub((small - 1) * stride + size)));
    let [batch, channels, ..] = full.dims();
    let maps = padded(full, missing);
    let maps = maps.slice([0..batch, 0..channels, above..above + large.height, left..left + large.width]);
    to_rows(maps + bias.reshape([1, channels, 1, 1]))
}

/// `[row · column · a, b]` to `[b, a, row, column]`: Burn's `[outputs, inputs, ..]` of a convolution, and `[inputs, outputs, ..]`
/// of a transposed one.
fn channels_first(kernel: Tensor<2>, convolution: &Convolution) -> Tensor<4> {
    kernel.reshape(convolution.kernel_shape()).permute([3, 2, 0, 1])
}

/// `[batch, row · column · channel]` to `[batch, channel, row, column]`.
fn to_channels_first(rows: Tensor<2>, ImageShape { height, width, channels }: ImageShape) -> Tensor<4> {
    let [batch, _] = rows.dims();
    rows.reshape([batch, height, width, channels]).permute([0, 3, 1, 2])
}

/// `[batch, channel, row, column]` to `[batch, row · column · channel]`.
fn to_rows(maps: Tensor<4>) -> Tensor<2> {
    maps.permute([0, 2, 3, 1]).flatten(1, 3)
}

fn padded(maps: Tensor<4>, padding: [(usize, usize); 2]) -> Tensor<4> {
    if padding == [(0, 0); 2] { maps } else { maps.pad(padding, PadMode::Constant(0.0)) }
}
