// input gradient = (output gradient * transposed weights) * LeakyReLU's derivative at the inputs:
// [images, outputs] * [outputs, inputs]
fn size(layer: Layer) -> vec3u {
  return vec3u(image_blocks(), layer.inputs, layer.outputs);
}

fn start(layer: Layer, row: u32) -> vec4u {
  return four_rows(layer.output_gradient, row, layer.outputs);
}

fn turn(k: u32) -> vec4u {
  return vec4u();
}

fn left(layer: Layer, start: vec4u, turn: vec4u, row: u32, k: u32) -> mat4x4f {
  return of_activations(start, k);
}

fn right(layer: Layer, k: u32, column: u32) -> mat4x4f {
  return transpose(of_weights(four_rows(layer.weights, column, layer.outputs), k));
}

fn put(layer: Layer, row: u32, column: u32, sums: mat4x4f) {
  let inputs = of_activations(four_rows(layer.input, row, layer.inputs + 1), column);
  let at = four_rows(layer.input_gradient, row, layer.inputs) + column;
  activations[at.x] = sums[0] * leaky_slope(inputs[0]);
  activations[at.y] = sums[1] * leaky_slope(inputs[1]);
  activations[at.z] = sums[2] * leaky_slope(inputs[2]);
  activations[at.w] = sums[3] * leaky_slope(inputs[3]);
}
