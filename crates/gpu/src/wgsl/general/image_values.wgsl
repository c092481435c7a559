// Four values of an image, from any one on; the image begins at this word of `pixels`.
fn values_at(image: u32, first: u32) -> vec4f {
  let word = image + first / 4;
  let shift = 8 * (first % 4);
  // A shift by 32 is none: in two steps it is.
  return unpack4x8unorm((pixels[word] >> shift) | ((pixels[word + 1] << (24 - shift)) << 8));
}
