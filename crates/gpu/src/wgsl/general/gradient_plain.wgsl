// A block of the gradient in its place.
fn store_block(layer: Layer, place: Place, image: u32, at: u32, pixels: PixelLoss) -> vec4f {
  activations[at] = pixels.gradient * step.scale;
  return pixels.loss;
}
