// The random numbers of a step: the same integers as those of `latent_core::noise`, or numbers that the host supplied.
//
// An entry of `step.random` begins with a key. Its third number says where the numbers come from (GENERATED and so on). Its
// fourth is where supplied numbers begin in `order`, in fours; of generated corruption it is its strength.
const SAMPLING = 0u; // entries; those of dropout follow
const CORRUPTION = 1u;
const BY_POSITION = 0u;
const BY_IMAGE = 1u;
const SUPPLIED = 2u;

// Four supplied numbers, from any one on.
fn supplied(at: u32, first: u32) -> vec4f {
  let low = order[at + first / 4];
  if (first % 4 == 0) { return bitcast<vec4f>(low); }
  let high = order[at + first / 4 + 1];
  switch (first % 4) {
    case 1: { return bitcast<vec4f>(vec4u(low.yzw, high.x)); }
    case 2: { return bitcast<vec4f>(vec4u(low.zw, high.xy)); }
    default: { return bitcast<vec4f>(vec4u(low.w, high.xyz)); }
  }
}

fn rotate_left(x: u32, bits: u32) -> u32 {
  return (x << bits) | (x >> (32 - bits));
}

fn four_rounds(x: vec2u, rotations: vec4u) -> vec2u {
  var s = x;
  s.x += s.y;
  s.y = rotate_left(s.y, rotations.x) ^ s.x;
  s.x += s.y;
  s.y = rotate_left(s.y, rotations.y) ^ s.x;
  s.x += s.y;
  s.y = rotate_left(s.y, rotations.z) ^ s.x;
  s.x += s.y;
  s.y = rotate_left(s.y, rotations.w) ^ s.x;
  return s;
}

// Threefry-2x32 with 20 rounds (core, noise/threefry.rs).
fn threefry(key: vec2u, counter: vec2u) -> vec2u {
  let third = key.x ^ key.y ^ 0x1bd11bdau;
  let even = vec4u(13, 15, 26, 6);
  let odd = vec4u(17, 29, 16, 24);
  var s = four_rounds(counter + key, even) + vec2u(key.y, third + 1);
  s = four_rounds(s, odd) + vec2u(third, key.x + 2);
  s = four_rounds(s, even) + vec2u(key.x, key.y + 3);
  s = four_rounds(s, odd) + vec2u(key.y, third + 4);
  return four_rounds(s, even) + vec2u(third, key.x + 5);
}

// The random word of an element of the image at a position.
fn random_word(key: vec2u, position: u32, element: u32) -> u32 {
  return threefry(key, vec2u(position, element / 2))[element % 2];
}

// The random words of four elements, from any one on, of the image at a position. Two elements share two words.
fn random_words(key: vec2u, position: u32, first: u32) -> vec4u {
  let low = threefry(key, vec2u(position, first / 2));
  let middle = threefry(key, vec2u(position, first / 2 + 1));
  if (first % 2 == 0) { return vec4u(low, middle); }
  return vec4u(low.y, middle, threefry(key, vec2u(position, first / 2 + 2)).x);
}
