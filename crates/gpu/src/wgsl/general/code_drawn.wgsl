fn code_of(heads: Layer, code: Map, image: u32, block: u32) -> vec4f {
  let deviation = exponential(0.5 * activations[log_variance_at(heads, image, block)]);
  return activations[mean_at(heads, image, block)] + deviation * deviates(code, image, block);
}
