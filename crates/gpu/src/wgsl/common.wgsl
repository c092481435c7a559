// What every pass sees. All matrices lie row by row in blocks of four numbers (vec4f); rows are padded with zeros to
// whole blocks, and stay padded with zeros: nothing below ever makes a zero there anything else.
//
// Behind each row of inputs lies one block more, (1, 0, 0, 0), and behind each layer's weights four rows more, the
// first of which is the bias. So a bias is a weight like any other.

// A dense layer. Places are in blocks.
struct Layer {
  input: u32,           // in `activations`: what it reads, [images, inputs + 1]; the first layer reads pixels
  output: u32,          // in `activations`: what it gives, [images, outputs + 1]
  input_gradient: u32,  // in `activations`: the loss' gradient there before the activation, [images, inputs]
  output_gradient: u32, // ... [images, outputs]
  weights: u32,         // in `weights`, `means`, `squares`: [4 * inputs + 4, outputs]
  inputs: u32,          // blocks
  outputs: u32,         // blocks
  groups_before: u32,   // workgroups of the layers before it, where one dispatch takes several layers
}

// What changes from step to step.
struct Step {
  rate: f32,   // Adam's step size
  slope: f32,  // LeakyReLU's
  scale: f32,  // of the error in the loss' gradient: 2 / (images * 784)
  images: u32, // in this batch
  first: u32,  // where its images' numbers begin in `order`, in fours, and its errors in `losses`
  nodes: u32,  // where what linear.wgsl keeps begins in `activations`
  rows: u32,   // images that there is room for
}

const PIXELS4 = 196u;    // blocks of an image
const ONE = vec4f(1, 0, 0, 0);

@group(0) @binding(0) var<uniform> step: Step;
@group(0) @binding(1) var<uniform> layer_at_hand: vec4u; // .x: its number
@group(0) @binding(2) var<uniform> layers: array<Layer, MOST_LAYERS>;
@group(0) @binding(3) var<storage, read> pixels: array<u32>;  // four to a word, with a word for ONE: [images, 197]
@group(0) @binding(4) var<storage, read> order: array<vec4u>; // the batches' images; each batch filled up to eights
@group(0) @binding(5) var<storage, read_write> weights: array<vec4f>;
@group(0) @binding(6) var<storage, read_write> means: array<vec4f>;   // Adam's, of the gradients
@group(0) @binding(7) var<storage, read_write> squares: array<vec4f>; // Adam's, of the squared gradients
@group(0) @binding(8) var<storage, read_write> activations: array<vec4f>; // and gradients; first, the squared errors
@group(0) @binding(9) var<storage, read_write> losses: array<f32>;    // the squared errors of each four images in `order`

fn leaky(x: vec4f) -> vec4f {
  return max(x, step.slope * x);
}

// LeakyReLU's derivative, from its value, which has its argument's sign.
fn leaky_slope(y: vec4f) -> vec4f {
  return select(vec4f(step.slope), vec4f(1), y > vec4f(0));
}

// The images of the batch in fours, up to a whole number of eights.
fn image_blocks() -> u32 {
  return (step.images + 7) / 8 * 2;
}

// Where four rows begin, from the place of a matrix, the number of the four, and the rows' length in blocks.
fn four_rows(matrix: u32, number: u32, length: u32) -> vec4u {
  let first = matrix + 4 * number * length;
  return vec4u(first, first + length, first + 2 * length, first + 3 * length);
}

// Column block `column` of four rows of numbers: a row in each column of the matrix.
fn of_activations(rows: vec4u, column: u32) -> mat4x4f {
  let at = rows + column;
  return mat4x4f(activations[at.x], activations[at.y], activations[at.z], activations[at.w]);
}

// The same of weights.
fn of_weights(rows: vec4u, column: u32) -> mat4x4f {
  let at = rows + column;
  return mat4x4f(weights[at.x], weights[at.y], weights[at.z], weights[at.w]);
}

// The same of pixels, 0..=255 becoming 0..=1.
fn of_pixels(rows: vec4u, column: u32) -> mat4x4f {
  let at = rows + column;
  return mat4x4f(
    unpack4x8unorm(pixels[at.x]), unpack4x8unorm(pixels[at.y]), unpack4x8unorm(pixels[at.z]), unpack4x8unorm(pixels[at.w]),
  );
}

// Where four images of the batch begin in `pixels`.
fn four_images(number: u32) -> vec4u {
  return order[step.first + number] * (PIXELS4 + 1);
}
