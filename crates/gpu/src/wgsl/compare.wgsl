// The last layer's outputs are compared with the images. The loss is the mean of the squares of all errors e, so its
// gradient is 2 e / their number, times LeakyReLU's derivative. Rows beyond the batch get the gradient 0: from here
// on they count for nothing.
fn put(layer: Layer, row: u32, column: u32, sums: mat4x4f) {
  let images = of_pixels(four_images(row), column);
  let at = four_rows(layer.output_gradient, row, layer.outputs) + column;
  let there = vec4f(4 * row + vec4u(0, 1, 2, 3) < vec4u(step.images));
  var sum = vec4f();
  sum += compare_row(at.x, leaky(sums[0]), images[0], there.x);
  sum += compare_row(at.y, leaky(sums[1]), images[1], there.y);
  sum += compare_row(at.z, leaky(sums[2]), images[2], there.z);
  sum += compare_row(at.w, leaky(sums[3]), images[3], there.w);
  activations[row * layer.outputs + column] = sum;
}

fn compare_row(at: u32, output: vec4f, image: vec4f, there: f32) -> vec4f {
  let e = (output - image) * there;
  activations[at] = e * step.scale * leaky_slope(output);
  return e * e;
}
