// Stores a layer's outputs for the next layer, with ONE behind each row, and what the backward pass needs of the activation.
fn store(layer: Layer, row: u32, column: u32, sums: mat4x4f) {
  let length = layer.outputs + 1;
  let rows = four_rows(layer.output, row, length);
  let at = rows + column;
  let mask = units_mask(column, layer.units);
  let y = mat4x4f(
    activate(sums[0], layer.slope) * mask,
    activate(sums[1], layer.slope) * mask,
    activate(sums[2], layer.slope) * mask,
    activate(sums[3], layer.slope) * mask,
  );
  activations[at.x] = y[0];
  activations[at.y] = y[1];
  activations[at.z] = y[2];
  activations[at.w] = y[3];
  save_derivative(layer, row, column, sums, y);
  if (column == 0) {
    let end = rows + layer.outputs;
    activations[end.x] = ONE;
    activations[end.y] = ONE;
    activations[end.z] = ONE;
    activations[end.w] = ONE;
  }
}
