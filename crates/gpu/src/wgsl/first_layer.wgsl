// The weight gradient of the first layer, whose inputs are pixels.
fn work(group: u32) -> Work {
  return Work(0, group);
}

fn begin_iteration(k: u32) -> vec4u {
  return four_images(k);
}

fn left(layer: Layer, begin: vec4u, iteration: vec4u, row: u32, k: u32) -> mat4x4f {
  return transpose(load_pixels(iteration, row));
}
