// Stores the gradients by both heads' outputs, from that by the code and those of the divergence, which are the mean and
// (exp(log_variance) - 1) / 2.
fn store(layer: Layer, row: u32, column: u32, sums: mat4x4f) {
  let present = in_batch(row);
  store_heads(layer, 4 * row, column, sums[0], present.x);
  store_heads(layer, 4 * row + 1, column, sums[1], present.y);
  store_heads(layer, 4 * row + 2, column, sums[2], present.z);
  store_heads(layer, 4 * row + 3, column, sums[3], present.w);
}

fn store_heads(layer: Layer, image: u32, block: u32, gradient: vec4f, present: f32) {
  let heads = layers[current_layer.x - 1];
  let mean = activations[mean_at(heads, image, block)];
  let deviation = exponential(0.5 * activations[log_variance_at(heads, image, block)]);
  let by_variance = 0.5 * (deviation * deviation - 1) * channels_mask(layer.input, block);
  let by_sample = 0.5 * deviation * deviates(layer.input, image, block);
  let factor = step.divergence * present;
  let at = heads.output_gradient.at + image * heads.output_gradient.image + block;
  activations[at] = gradient + factor * mean;
  activations[at + heads.output_gradient.blocks / 2] = gradient * by_sample + factor * by_variance;
}
