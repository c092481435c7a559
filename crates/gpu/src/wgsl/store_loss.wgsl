// Compares the last layer's outputs with the images. Stores the pixels' losses, and the gradients by their
// pre-activations. Rows beyond the batch get the gradient 0: from here on they count for nothing.
fn store(layer: Layer, row: u32, column: u32, sums: mat4x4f) {
  let images = load_pixels(four_images(row), column);
  let at = four_rows(layer.output_gradient, row, layer.outputs) + column;
  let in_batch = vec4f(4 * row + vec4u(0, 1, 2, 3) < vec4u(step.images));
  let mask = units_mask(column, layer.units);
  var sum = vec4f();
  sum += store_row(at.x, compare(sums[0], images[0], layer.slope, in_batch.x * mask));
  sum += store_row(at.y, compare(sums[1], images[1], layer.slope, in_batch.y * mask));
  sum += store_row(at.z, compare(sums[2], images[2], layer.slope, in_batch.z * mask));
  sum += store_row(at.w, compare(sums[3], images[3], layer.slope, in_batch.w * mask));
  activations[row * layer.outputs + column] = sum;
}

fn store_row(at: u32, pixels: PixelLoss) -> vec4f {
  activations[at] = pixels.gradient * step.scale;
  return pixels.loss;
}
