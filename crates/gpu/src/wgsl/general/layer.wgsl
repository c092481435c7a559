// A layer of any kind. A convolution goes between a large map and a small one, whichever of them it reads. A dense layer
// is a convolution with a kernel of one pixel, between maps of one pixel that have a channel for each value.

// Feature maps of a batch: [images, rows, columns, channels], padded to blocks of channels. Positions and sizes are in
// blocks. Around the pixels of an image lies as much of a border as reading needs. It is 0, and stays 0.
struct Map {
  at: u32,       // in `activations`: the first pixel of the first image
  image: u32,    // from an image to the next
  row: u32,      // from a row of pixels to the next
  blocks: u32,   // from a pixel to the next
  width: u32,    // in pixels
  height: u32,
  channels: u32, // without padding
  padding: u32,
}

struct Layer {
  large: Map,           // what the kernel's gradient and products read: of one the values, of the other the gradient
  small: Map,
  input: Map,           // the same values as maps of the layer's inputs and outputs
  output: Map,
  input_gradient: Map,  // the gradient by the pre-activations of the layer before
  output_gradient: Map, // the gradient by the pre-activations of this layer
  kernel: vec2u,        // rows and columns
  stride: vec2u,
  before: vec2u,        // rows and columns of the border above and to the left of the large map
  // The columns of the kernel, their stride and their border for those who read the large map. Where that map has the
  // pixels under a row of the kernel as its channels, there is one column (`unrolled` in general/layer.rs).
  columns: u32,
  column_stride: u32,
  column_before: u32,
  tap_rows: u32,        // rows of the kernel's matrix from a column of the kernel to the next
  kernel_rows: u32,     // ... from a row of the kernel to the next
  weights: u32,         // in `weights`, `means`, `squares`: [rows of the kernel, columns, channels of large; of small]
  bias: u32,            // behind it, [channels of the output]
  size: u32,            // of both
  gradient: u32,        // in `gradients`: the kernel's, [parts, bias - weights], and behind it [sum_parts, output_blocks]
  parts: u32,           // in which the kernel's sums over a batch are computed
  part_groups: u32,     // workgroups of a part of the kernel's gradient
  groups_before: u32,   // workgroups of the layers before it
  sums_before: u32,     // sums of biases of the layers before it
  output_blocks: u32,   // blocks of the bias
  slope: f32,           // of a piecewise linear activation, for negative arguments
  input_slope: f32,     // ... of that of the layer before
  dropout: u32,         // its entry in `step.random`
  threshold: u32,       // a value is dropped whose random word is below it
  kept: f32,            // what the others are multiplied by
  unrolled: u32,        // 1 if the large map has a row of the kernel as its channels
  large_blocks: u32,    // blocks of channels of the large map, however it is stored
  sum_parts: u32,       // in which the bias's sums over a batch are computed
}

// Four images of the batch and a pixel: a block of rows of a product.
struct Place {
  four: u32,
  y: u32,
  x: u32,
}

// 1 for those of four images that are in the batch.
fn in_batch(four: u32) -> vec4f {
  return vec4f(4 * four + vec4u(0, 1, 2, 3) < vec4u(step.images));
}
