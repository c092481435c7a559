// Adds an image's p_i d_i times a number.
fn add_image(image: u32, factor: f32, member: u32) {
  let factors = factor * point_of(image);
  let row = layers[OUTPUT].output_gradient + PIXELS4 * image + member;
  sum0 += rows(activations[row], factors);
  sum1 += rows(activations[row + MEMBERS], factors);
  sum2 += rows(activations[row + 2 * MEMBERS], factors);
  sum3 += rows(activations[row + 3 * MEMBERS], factors);
}
