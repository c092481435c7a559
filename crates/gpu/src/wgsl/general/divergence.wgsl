// The divergences of four images.
fn divergences(four: u32) -> vec4f {
  return vec4f(divergence(4 * four), divergence(4 * four + 1), divergence(4 * four + 2), divergence(4 * four + 3));
}

fn divergence(image: u32) -> f32 {
  let heads = layers[step.nodes];
  var sum = vec4f();
  for (var block = 0u; block < heads.output.blocks / 2; block++) {
    let mean = activations[mean_at(heads, image, block)];
    let log_variance = activations[log_variance_at(heads, image, block)];
    sum += mean * mean + exponential(log_variance) - 1 - log_variance; // 0 behind the last number of the code
  }
  return 0.5 * dot(sum, vec4f(1));
}
