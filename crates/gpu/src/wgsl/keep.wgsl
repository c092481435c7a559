// The outputs are kept for the next layer, with ONE behind each row.
fn put(layer: Layer, row: u32, column: u32, sums: mat4x4f) {
  let length = layer.outputs + 1;
  let rows = four_rows(layer.output, row, length);
  let at = rows + column;
  activations[at.x] = leaky(sums[0]);
  activations[at.y] = leaky(sums[1]);
  activations[at.z] = leaky(sums[2]);
  activations[at.w] = leaky(sums[3]);
  if (column == 0) {
    let end = rows + layer.outputs;
    activations[end.x] = ONE;
    activations[end.y] = ONE;
    activations[end.z] = ONE;
    activations[end.w] = ONE;
  }
}
