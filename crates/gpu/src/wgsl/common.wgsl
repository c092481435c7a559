// What every kernel sees. Matrices are stored row by row in blocks of four numbers (vec4f). Rows are padded to whole
// blocks, images to whole fours of blocks. Padding is 0 and stays 0: weights there begin with 0, and an activation that
// does not keep 0 is masked (`units_mask`).

// What changes from step to step.
struct Step {
  rate: f32,       // Adam's step size
  scale: f32,      // what a pixel's gradient is multiplied by
  images: u32,     // in this batch, or in this part of it
  first: u32,      // where its images' indices begin in `order`, in fours, and its losses in `losses`
  nodes: u32,      // where a linear decoder's lists, bases and moments begin in `activations`
  rows: u32,       // images that fit into the buffers
  position: u32,   // of the first image in the batch
  divergence: f32, // what the gradient of an image's divergence is multiplied by
  accumulates: u32, // whether gradients are added to those of the parts before
  padding0: u32,
  padding1: u32,
  padding2: u32,
  random: array<vec4u, RANDOM>, // `general/noise.wgsl`
}

@group(0) @binding(0) var<uniform> step: Step;
@group(0) @binding(1) var<uniform> current_layer: vec4u; // .x: its number
@group(0) @binding(2) var<uniform> layers: array<Layer, MAX_LAYERS>;
@group(0) @binding(3) var<storage, read> pixels: array<u32>;  // four to a word, and a word for ONE: [images, IMAGE_BLOCKS + 1]
@group(0) @binding(4) var<storage, read> order: array<vec4u>; // the batches' images; each batch is filled up to eights
@group(0) @binding(5) var<storage, read_write> weights: array<vec4f>;
@group(0) @binding(6) var<storage, read_write> means: array<vec4f>;   // Adam's, of the gradients
@group(0) @binding(7) var<storage, read_write> squares: array<vec4f>; // Adam's, of the squared gradients
@group(0) @binding(8) var<storage, read_write> activations: array<vec4f>; // and gradients; first, the pixels' losses
@group(0) @binding(9) var<storage, read_write> losses: array<f32>;    // of each four images in `order`, summed
@group(0) @binding(10) var<storage, read_write> gradients: array<vec4f>; // in parts, of models with `general` kernels

// The images of the batch in fours, up to a whole number of eights.
fn image_blocks() -> u32 {
  return (step.images + 7) / 8 * 2;
}

// Where four rows begin, from the position of a matrix, the number of the four, and the rows' length in blocks.
fn four_rows(matrix: u32, number: u32, length: u32) -> vec4u {
  let first = matrix + 4 * number * length;
  return vec4u(first, first + length, first + 2 * length, first + 3 * length);
}

// Column block `column` of four rows of `activations`: a row in each column of the result.
fn load_activations(rows: vec4u, column: u32) -> mat4x4f {
  let at = rows + column;
  return mat4x4f(activations[at.x], activations[at.y], activations[at.z], activations[at.w]);
}

// The same of `weights`.
fn load_weights(rows: vec4u, column: u32) -> mat4x4f {
  let at = rows + column;
  return mat4x4f(weights[at.x], weights[at.y], weights[at.z], weights[at.w]);
}

// The same of `pixels`, 0..=255 becoming 0..=1.
fn load_pixels(rows: vec4u, column: u32) -> mat4x4f {
  let at = rows + column;
  return mat4x4f(
    unpack4x8unorm(pixels[at.x]), unpack4x8unorm(pixels[at.y]), unpack4x8unorm(pixels[at.z]), unpack4x8unorm(pixels[at.w]),
  );
}

// Where four images of the batch begin in `pixels`.
fn four_images(number: u32) -> vec4u {
  return order[step.first + number] * (IMAGE_BLOCKS + 1);
}
