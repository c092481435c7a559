// Elementary functions, by the formulas and with the constants of `latent_core::math`. WGSL's own are not used: their
// accuracy differs between drivers, and the tanh of some overflows.

// e^x for x <= 0. Below e^-87 the result stays there.
fn exp_of_negative(x: vec4f) -> vec4f {
  let bounded = max(x, vec4f(-87));
  let exponent = round(bounded * 1.44269504);
  let r = bounded - exponent * 0.693359375 - exponent * -2.12194440e-4;
  // (e^r - 1 - r) / r^2 for |r| <= ln 2 / 2, from Cephes' expf.
  let tail = ((((1.9875691500e-4 * r + 1.3981999507e-3) * r + 8.3334519073e-3) * r + 4.1665795894e-2) * r
    + 1.6666665459e-1) * r + 5.0000001201e-1;
  let power = tail * (r * r) + r + 1;
  return power * bitcast<vec4f>(vec4u(vec4i(exponent) + 127) << vec4u(23));
}

// ln(1 + x) for 0 <= x <= 1. With s = x / (2 + x) it is 2 artanh s = x - s * (x - 2 s^2 * tail(s^2)).
fn ln_1p(x: vec4f) -> vec4f {
  let s = x / (2 + x);
  let square = s * s;
  // (artanh s / s - 1) / s^2 for s <= 1/3, interpolated at Chebyshev's nodes.
  let tail = (((1.1614832e-1 * square + 1.0852771e-1) * square + 1.429621e-1) * square + 1.9999853e-1) * square
    + 3.3333334e-1;
  return x - s * (x - 2 * square * tail);
}

// 1 / (1 + e^-x), from x and e^-|x|.
fn sigmoid_from(x: vec4f, small: vec4f) -> vec4f {
  return select(small, vec4f(1), x > vec4f()) / (1 + small);
}

// The hyperbolic tangent.
fn hyperbolic_tangent(x: vec4f) -> vec4f {
  let magnitude = abs(x);
  let square = x * x;
  // (tanh x - x) / x^3 for |x| <= 0.625, from Cephes' tanhf.
  let tail = (((-5.70498872745e-3 * square + 2.06390887954e-2) * square - 5.37397155531e-2) * square
    + 1.33314422036e-1) * square - 3.33332819422e-1;
  let near = magnitude + magnitude * (square * tail);
  let small = exp_of_negative(-2 * magnitude);
  let far = 1 - 2 * small / (1 + small);
  return sign(x) * select(far, near, magnitude <= vec4f(0.625));
}
