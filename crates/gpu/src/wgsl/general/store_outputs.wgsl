// Stores a layer's outputs.
fn store(layer: Layer, row: u32, column: u32, sums: mat4x4f) {
  let place = target_place(layer, row);
  if (!is_within(layer, place)) { return; }
  let at = blocks_at(layer.output, place, column);
  let bias = weights[layer.bias + column];
  let mask = channels_mask(layer.output, column);
  store_block(layer, place, column, 0, at.x, sums[0] + bias, mask);
  store_block(layer, place, column, 1, at.y, sums[1] + bias, mask);
  store_block(layer, place, column, 2, at.z, sums[2] + bias, mask);
  store_block(layer, place, column, 3, at.w, sums[3] + bias, mask);
}
