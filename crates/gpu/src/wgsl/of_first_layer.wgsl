// The first layer's inputs are pixels; it has a dispatch of its own.
fn work(group: u32) -> Work {
  return Work(0, group);
}

fn turn(k: u32) -> vec4u {
  return four_images(k);
}

fn left(layer: Layer, start: vec4u, turn: vec4u, row: u32, k: u32) -> mat4x4f {
  return transpose(of_pixels(turn, row));
}
