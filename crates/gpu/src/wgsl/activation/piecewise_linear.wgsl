// LeakyReLU, ReLU (slope 0) and the linear activation (slope 1).
fn activate(a: vec4f, slope: f32) -> vec4f {
  return max(a, slope * a);
}

// At exactly 0 the derivative is the slope, as in Keras. `a` may be the activation's value, which has the same sign.
fn derivative(a: vec4f, y: vec4f, slope: f32) -> vec4f {
  return select(vec4f(slope), vec4f(1), a > vec4f());
}
