// Behind a sigmoid, whose derivative cancels: the gradient is sigmoid(a) - x. The loss is computed from a, unclipped.
fn compare(a: vec4f, image: vec4f, slope: f32, mask: vec4f) -> PixelLoss {
  let small = exp_of_negative(-abs(a));
  let gradient = sigmoid_from(a, small) - image;
  let loss = max(a, vec4f()) - a * image + ln_1p(small);
  return PixelLoss(gradient * mask, loss * mask);
}
