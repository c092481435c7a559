// A variational code: with the outputs of the two heads, mean and logarithm of the variance, as halves of a row, and a
// standard normal deviate for each number,
//
//   code = mean + exp(log_variance / 2) * deviate
//   divergence of an image = sum of (mean^2 + exp(log_variance) - 1 - log_variance) / 2 over the code
fn mean_at(heads: Layer, image: u32, block: u32) -> u32 {
  return heads.output.at + image * heads.output.image + block;
}

fn log_variance_at(heads: Layer, image: u32, block: u32) -> u32 {
  return mean_at(heads, image, block) + heads.output.blocks / 2;
}
