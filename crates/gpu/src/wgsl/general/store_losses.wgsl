// Compares the last layer's outputs with the images. Stores the values' losses, summed over four images' channels, and the
// gradients by their pre-activations. Images beyond the batch get the gradient 0: from here on they count for nothing.
fn store(layer: Layer, row: u32, column: u32, sums: mat4x4f) {
  let place = target_place(layer, row);
  let at = blocks_at(layer.output_gradient, place, column);
  let bias = weights[layer.bias + column];
  let mask = channels_mask(layer.output, column);
  let first = value_of(layer.output, place, column);
  let begin = four_images(place.four);
  let present = in_batch(place.four);
  var sum = vec4f();
  sum += store_block(layer, place, 0, at.x, compare(sums[0] + bias, values_at(begin.x, first), layer.slope, present.x * mask));
  sum += store_block(layer, place, 1, at.y, compare(sums[1] + bias, values_at(begin.y, first), layer.slope, present.y * mask));
  sum += store_block(layer, place, 2, at.z, compare(sums[2] + bias, values_at(begin.z, first), layer.slope, present.z * mask));
  sum += store_block(layer, place, 3, at.w, compare(sums[3] + bias, values_at(begin.w, first), layer.slope, present.w * mask));
  activations[row * layer.output_blocks + column] = sum;
}
