// Stores a gradient, or adds it to that of the images of the batch before these.
fn add_gradient(at: u32, gradient: vec4f) {
  if (step.accumulates == 1) {
    gradients[at] += gradient;
  } else {
    gradients[at] = gradient;
  }
}
