// Adds an image's p_i d_i times a number.
fn add_image(image: u32, factor: f32, column: u32) {
  let factors = factor * point_of(image);
  let row = layers[OUTPUT].output_gradient + IMAGE_BLOCKS * image + column;
  sum0 += rows(activations[row], factors);
  sum1 += rows(activations[row + ROW_INVOCATIONS], factors);
  sum2 += rows(activations[row + 2 * ROW_INVOCATIONS], factors);
  sum3 += rows(activations[row + 3 * ROW_INVOCATIONS], factors);
}
