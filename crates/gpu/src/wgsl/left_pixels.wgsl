// Forward, first layer: the left matrix is the batch's images, [images, IMAGE_BLOCKS + 1].
fn begin_rows(layer: Layer, row: u32) -> vec4u {
  return four_images(row);
}

fn begin_iteration(k: u32) -> vec4u {
  return vec4u();
}

fn left(layer: Layer, begin: vec4u, iteration: vec4u, row: u32, k: u32) -> mat4x4f {
  return load_pixels(begin, k);
}
