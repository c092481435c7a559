// For layers whose derivative the backward pass computes from the value.
fn store_block(layer: Layer, place: Place, block: u32, image: u32, at: u32, a: vec4f, mask: vec4f) {
  activations[at] = activate(a, layer.slope) * mask;
}
