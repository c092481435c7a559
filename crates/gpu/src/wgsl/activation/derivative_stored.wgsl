// For all other activations: the forward pass stores the derivative where the backward pass will put the gradient, which is
// multiplied by it.
fn save_derivative(layer: Layer, row: u32, column: u32, a: mat4x4f, y: mat4x4f) {
  let at = four_rows(layer.output_gradient, row, layer.outputs) + column;
  activations[at.x] = derivative(a[0], y[0], layer.slope);
  activations[at.y] = derivative(a[1], y[1], layer.slope);
  activations[at.z] = derivative(a[2], y[2], layer.slope);
  activations[at.w] = derivative(a[3], y[3], layer.slope);
}

fn load_derivative(at: u32, y: vec4f, slope: f32) -> vec4f {
  return activations[at];
}
