// weight gradient = transposed inputs * output gradient: [inputs + 1, images] * [images, outputs].
// Adam takes it from the registers: it is never stored.
fn size(layer: Layer) -> vec3u {
  return vec3u((layer.inputs + 2) / 2 * 2, layer.outputs, image_blocks());
}

fn begin_rows(layer: Layer, row: u32) -> vec4u {
  return vec4u();
}

fn right(layer: Layer, k: u32, column: u32) -> mat4x4f {
  return load_activations(four_rows(layer.output_gradient, k, layer.outputs), column);
}

fn store(layer: Layer, row: u32, column: u32, sums: mat4x4f) {
  if (row > layer.inputs) { return; } // the second block of the last two, where there is only one
  let at = four_rows(layer.weights, row, layer.outputs) + column;
  adam(at.x, sums[0]);
  adam(at.y, sums[1]);
  adam(at.z, sums[2]);
  adam(at.w, sums[3]);
}
