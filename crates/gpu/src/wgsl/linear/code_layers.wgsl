// Updates the weights of the two layers next to the code. An invocation has four rows of the layer to the code, or four
// columns of the layer from it, whose gradients are there in partial sums.
@compute @workgroup_size(LANES)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let blocks = layers[CODE].inputs + 1;
  if (id.x < blocks) {
    update_to_code(id.x);
  } else if (id.x - blocks < layers[FROM_CODE].outputs) {
    update_from_code(id.x - blocks);
  }
}

fn update_to_code(row: u32) {
  let layer = layers[CODE];
  var sum = mat4x4f();
  for (var image = 0u; image < step.images; image++) {
    let gradient = activations[layer.output_gradient + image];
    sum += rows(gradient, activations[layer.input + (layer.inputs + 1) * image + row]);
  }
  let at = layer.weights + 4 * row;
  adam(at, sum[0]);
  adam(at + 1, sum[1]);
  adam(at + 2, sum[2]);
  adam(at + 3, sum[3]);
}

fn update_from_code(column: u32) {
  let layer = layers[FROM_CODE];
  let gradient = transpose(mat4x4f(
    sum_up(partial_sums_of_unit(4 * column)),
    sum_up(partial_sums_of_unit(4 * column + 1)),
    sum_up(partial_sums_of_unit(4 * column + 2)),
    sum_up(partial_sums_of_unit(4 * column + 3)),
  ));
  let at = layer.weights + column;
  adam(at, gradient[0]);
  adam(at + layer.outputs, gradient[1]);
  adam(at + 2 * layer.outputs, gradient[2]);
  adam(at + 4 * layer.outputs, gradient[3]); // the bias
}
