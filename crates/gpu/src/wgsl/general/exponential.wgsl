// e^x. Beyond e^88 and e^-87 the result stays there.
fn exponential(x: vec4f) -> vec4f {
  let bounded = clamp(x, vec4f(-87), vec4f(88));
  let exponent = round(bounded * 1.44269504);
  let r = bounded - exponent * 0.693359375 - exponent * -2.12194440e-4;
  // (e^r - 1 - r) / r^2 for |r| <= ln 2 / 2, from Cephes' expf.
  let tail = ((((1.9875691500e-4 * r + 1.3981999507e-3) * r + 8.3334519073e-3) * r + 4.1665795894e-2) * r
    + 1.6666665459e-1) * r + 5.0000001201e-1;
  let power = tail * (r * r) + r + 1;
  return power * bitcast<vec4f>(vec4u(vec4i(exponent) + 127) << vec4u(23));
}
