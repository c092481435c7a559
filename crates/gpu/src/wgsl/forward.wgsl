// outputs = activation(inputs * weights): [images, inputs + 1] * [inputs + 1, outputs]
fn size(layer: Layer) -> vec3u {
  return vec3u(image_blocks(), layer.outputs, layer.inputs + 1);
}

fn right(layer: Layer, k: u32, column: u32) -> mat4x4f {
  return load_weights(four_rows(layer.weights, k, layer.outputs), column);
}
