fn activate(a: vec4f, slope: f32) -> vec4f {
  return sigmoid_from(a, exp_of_negative(-abs(a)));
}

fn derivative(a: vec4f, y: vec4f, slope: f32) -> vec4f {
  return y * (1 - y);
}
