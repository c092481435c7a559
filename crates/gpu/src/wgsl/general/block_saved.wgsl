// For all others: the derivative is stored where the backward pass will put the gradient, which is multiplied by it.
fn store_block(layer: Layer, place: Place, block: u32, image: u32, at: u32, a: vec4f, mask: vec4f) {
  let y = activate(a, layer.slope);
  let factor = mask * factors(layer, place, block, image);
  activations[at] = y * factor;
  activations[blocks_at(layer.output_gradient, place, block)[image]] = derivative(a, y, layer.slope) * factor;
}
