// Forward: the left matrix is what the layer reads, [images, inputs + 1].
fn start(layer: Layer, row: u32) -> vec4u {
  return four_rows(layer.input, row, layer.inputs + 1);
}

fn turn(k: u32) -> vec4u {
  return vec4u();
}

fn left(layer: Layer, start: vec4u, turn: vec4u, row: u32, k: u32) -> mat4x4f {
  return of_activations(start, k);
}
