// Forward, first layer: the left matrix is the batch's images, [images, 197].
fn start(layer: Layer, row: u32) -> vec4u {
  return four_images(row);
}

fn turn(k: u32) -> vec4u {
  return vec4u();
}

fn left(layer: Layer, start: vec4u, turn: vec4u, row: u32, k: u32) -> mat4x4f {
  return of_pixels(start, k);
}
