// Codes are points.
fn divergences(four: u32) -> vec4f {
  return vec4f();
}
