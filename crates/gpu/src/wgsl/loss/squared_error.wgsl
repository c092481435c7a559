fn compare(a: vec4f, image: vec4f, slope: f32, mask: vec4f) -> PixelLoss {
  let y = activate(a, slope);
  let e = (y - image) * mask;
  return PixelLoss(e * derivative(a, y, slope), e * e);
}
