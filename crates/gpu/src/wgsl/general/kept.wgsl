// Without dropout.
fn factors(layer: Layer, place: Place, block: u32, image: u32) -> vec4f {
  return vec4f(1);
}
