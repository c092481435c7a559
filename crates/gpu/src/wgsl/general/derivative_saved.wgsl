// Where the forward pass has stored it.
fn derivative_at(at: u32, input: u32, slope: f32) -> vec4f {
  return activations[at];
}
