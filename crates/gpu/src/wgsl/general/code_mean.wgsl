// Outside of training the code is the mean.
fn code_of(heads: Layer, code: Map, image: u32, block: u32) -> vec4f {
  return activations[mean_at(heads, image, block)];
}
