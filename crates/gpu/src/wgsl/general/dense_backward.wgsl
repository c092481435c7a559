// A dense layer backward: [images, outputs] * [outputs, inputs]. It is `large_from_small.wgsl` for maps of one pixel.
fn work(group: u32) -> Work {
  return Work(current_layer.x, group);
}

fn size(layer: Layer) -> vec3u {
  return vec3u(image_blocks(), layer.large_blocks, layer.small.blocks);
}

fn begin_rows(layer: Layer, row: u32) -> vec4u {
  return four_rows(layer.small.at, row, layer.small.image);
}

fn begin_iteration(k: u32) -> vec4u {
  return vec4u();
}

fn left(layer: Layer, begin: vec4u, iteration: vec4u, row: u32, k: u32) -> mat4x4f {
  return load_activations(begin, k);
}

fn right(layer: Layer, k: u32, column: u32) -> mat4x4f {
  return transpose(load_weights(four_rows(layer.weights, column, layer.small.blocks), k));
}
