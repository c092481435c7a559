// From the lists to outputs, losses, and the gradients by the outputs' pre-activations and by the code.
var<private> point: vec4f;
var<private> partial_sum: vec4f; // the gradient by the code, and the losses

fn compare_block(pixels_at: u32, column: u32, gradient_at: u32, basis: mat4x4f, in_batch: f32) {
  let mask = in_batch * units_mask(column, layers[OUTPUT].units);
  let result = compare(basis * point, unpack4x8unorm(pixels[pixels_at + column]), layers[OUTPUT].slope, mask);
  let gradient = result.gradient * step.scale;
  activations[gradient_at + column] = gradient;
  partial_sum += vec4f((gradient * basis).xyz, dot(result.loss, vec4f(1)));
}

@compute @workgroup_size(LANES)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let image = id.x / ROW_INVOCATIONS;
  let column = id.x % ROW_INVOCATIONS;
  if (image >= 4 * image_blocks()) { return; }
  point = point_of(image);
  let list = units_of_image(image);
  add_four(basis_of(1 + u32(activations[list].y)) + column, 1);
  add_units(list, column);

  let in_batch = f32(image < step.images); // rows beyond the batch get the gradient 0
  let pixels_at = four_images(image / 4)[image % 4];
  let gradient_at = layers[OUTPUT].output_gradient + IMAGE_BLOCKS * image;
  compare_block(pixels_at, column, gradient_at, sum0, in_batch);
  compare_block(pixels_at, column + ROW_INVOCATIONS, gradient_at, sum1, in_batch);
  compare_block(pixels_at, column + 2 * ROW_INVOCATIONS, gradient_at, sum2, in_batch);
  compare_block(pixels_at, column + 3 * ROW_INVOCATIONS, gradient_at, sum3, in_batch);
  activations[partial_sums_of_image(image) + column] = partial_sum;
}
