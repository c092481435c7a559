// Stores the gradient by the pre-activations of the layer before: the product, times the derivative of its activation.
fn store(layer: Layer, row: u32, column: u32, sums: mat4x4f) {
  let place = target_place(layer, row);
  if (!is_within(layer, place)) { return; }
  let at = blocks_at(layer.input_gradient, place, column);
  let inputs = blocks_at(layer.input, place, column);
  activations[at.x] = sums[0] * derivative_at(at.x, inputs.x, layer.input_slope);
  activations[at.y] = sums[1] * derivative_at(at.y, inputs.y, layer.input_slope);
  activations[at.z] = sums[2] * derivative_at(at.z, inputs.z, layer.input_slope);
  activations[at.w] = sums[3] * derivative_at(at.w, inputs.w, layer.input_slope);
}
