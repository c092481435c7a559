// Standard normal deviates from random words (Box and Muller, 1958), with the constants of `latent_core::math`.

// ln x for 0 < x <= 1.
fn natural_logarithm(x: f32) -> f32 {
  let bits = bitcast<u32>(x);
  var exponent = f32(i32(bits >> 23) - 127);
  var mantissa = bitcast<f32>((bits & 0x007fffffu) | 0x3f800000u);
  if (mantissa > 1.41421356) {
    exponent += 1;
    mantissa *= 0.5;
  }
  let f = mantissa - 1;
  let s = f / (2 + f);
  let square = s * s;
  let tail = (((1.1614832e-1 * square + 1.0852771e-1) * square + 1.429621e-1) * square + 1.9999853e-1) * square
    + 3.3333334e-1;
  let correction = s * (f - 2 * square * tail);
  return exponent * 0.693359375 - (correction - exponent * -2.12194440e-4 - f);
}

fn normal_pair(words: vec2u) -> vec2f {
  let uniform_number = (f32(words.x) + 0.5) * 2.3283064365386963e-10;
  let radius = sqrt(-2 * natural_logarithm(uniform_number));
  // Quarter turns to the nearest multiple, which is exact.
  let quarters = f32(words.y >> 8) * 2.384185791015625e-7;
  let quadrant = round(quarters);
  let f = quarters - quadrant;
  let square = f * f;
  let sine = f * ((((1.586508e-4 * square - 4.6814745e-3) * square + 7.969261e-2) * square - 6.459641e-1) * square + 1.5707964);
  let cosine = (((9.067349e-4 * square - 2.0861527e-2) * square + 2.536694e-1) * square - 1.2337005) * square + 1;
  switch (u32(quadrant) % 4) {
    case 0: { return radius * vec2f(cosine, sine); }
    case 1: { return radius * vec2f(-sine, cosine); }
    case 2: { return radius * vec2f(-cosine, -sine); }
    default: { return radius * vec2f(sine, -cosine); }
  }
}

// The deviate of an element.
fn normal(key: vec2u, position: u32, element: u32) -> f32 {
  return normal_pair(threefry(key, vec2u(position, element / 2)))[element % 2];
}

// The deviates of four elements, from any one on.
fn normals(key: vec2u, position: u32, first: u32) -> vec4f {
  let low = normal_pair(threefry(key, vec2u(position, first / 2)));
  if (first % 2 == 0) { return vec4f(low, normal_pair(threefry(key, vec2u(position, first / 2 + 1)))); }
  let middle = normal_pair(threefry(key, vec2u(position, first / 2 + 1)));
  return vec4f(low.y, middle, normal_pair(threefry(key, vec2u(position, first / 2 + 2))).x);
}
