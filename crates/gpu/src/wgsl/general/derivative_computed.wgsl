// Of a piecewise linear activation, from its value.
fn derivative_at(at: u32, input: u32, slope: f32) -> vec4f {
  let y = activations[input];
  return derivative(y, y, slope);
}
