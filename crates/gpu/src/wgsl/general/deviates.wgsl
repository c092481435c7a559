// The standard normal deviates of a code; 0 behind its last number.
fn deviates(code: Map, image: u32, block: u32) -> vec4f {
  let own = step.random[SAMPLING];
  var values: vec4f;
  if (own.z == SUPPLIED) {
    values = supplied(own.w, image * code.channels + 4 * block);
  } else {
    values = normals(own.xy, step.position + image, 4 * block);
  }
  return values * channels_mask(code, block);
}
