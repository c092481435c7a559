// Forward, other layers: the left matrix is what the layer reads, [images, inputs + 1].
fn begin_rows(layer: Layer, row: u32) -> vec4u {
  return four_rows(layer.input, row, layer.inputs + 1);
}

fn begin_iteration(k: u32) -> vec4u {
  return vec4u();
}

fn left(layer: Layer, begin: vec4u, iteration: vec4u, row: u32, k: u32) -> mat4x4f {
  return load_activations(begin, k);
}
