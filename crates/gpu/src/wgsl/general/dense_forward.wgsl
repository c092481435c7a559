// A dense layer forward: [images, inputs] * [inputs, outputs]. It is `small_from_large.wgsl` for maps of one pixel.
fn work(group: u32) -> Work {
  return Work(current_layer.x, group);
}

fn size(layer: Layer) -> vec3u {
  return vec3u(image_blocks(), layer.small.blocks, layer.large.blocks);
}

fn begin_rows(layer: Layer, row: u32) -> vec4u {
  return four_rows(layer.large.at, row, layer.large.image);
}

fn begin_iteration(k: u32) -> vec4u {
  return vec4u();
}

fn left(layer: Layer, begin: vec4u, iteration: vec4u, row: u32, k: u32) -> mat4x4f {
  return load_activations(begin, k);
}

fn right(layer: Layer, k: u32, column: u32) -> mat4x4f {
  return load_weights(four_rows(layer.weights, k, layer.small.blocks), column);
}
