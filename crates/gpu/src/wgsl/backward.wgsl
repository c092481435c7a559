// input gradient = (output gradient * transposed weights) * the derivative of the activation of the layer before:
// [images, outputs] * [outputs, inputs]
fn size(layer: Layer) -> vec3u {
  return vec3u(image_blocks(), layer.inputs, layer.outputs);
}

fn begin_rows(layer: Layer, row: u32) -> vec4u {
  return four_rows(layer.output_gradient, row, layer.outputs);
}

fn begin_iteration(k: u32) -> vec4u {
  return vec4u();
}

fn left(layer: Layer, begin: vec4u, iteration: vec4u, row: u32, k: u32) -> mat4x4f {
  return load_activations(begin, k);
}

fn right(layer: Layer, k: u32, column: u32) -> mat4x4f {
  return transpose(load_weights(four_rows(layer.weights, column, layer.outputs), k));
}

fn store(layer: Layer, row: u32, column: u32, sums: mat4x4f) {
  let inputs = load_activations(four_rows(layer.input, row, layer.inputs + 1), column);
  let slope = layers[current_layer.x - 1].slope;
  let at = four_rows(layer.input_gradient, row, layer.inputs) + column;
  activations[at.x] = sums[0] * load_derivative(at.x, inputs[0], slope);
  activations[at.y] = sums[1] * load_derivative(at.y, inputs[1], slope);
  activations[at.z] = sums[2] * load_derivative(at.z, inputs[2], slope);
  activations[at.w] = sums[3] * load_derivative(at.w, inputs[3], slope);
}
