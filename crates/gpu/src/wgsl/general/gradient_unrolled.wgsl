// A pixel's gradient wherever a row of the kernel reads it: as the channels of the pixels around it. The stride is 1.
fn store_block(layer: Layer, place: Place, image: u32, at: u32, pixels: PixelLoss) -> vec4f {
  let map = layer.large;
  let channels = layer.output.channels;
  let row = map.at + (4 * place.four + image) * map.image + place.y * map.row;
  for (var b = 0u; b < layer.kernel.y; b++) {
    let x = place.x + layer.before.y - b;
    if (x >= map.width) { continue; } // wraps around to the left of the map
    for (var c = 0u; c < channels; c++) {
      let value = b * channels + c;
      activations[row + x * map.blocks + value / 4][value % 4] = pixels.gradient[c] * step.scale;
    }
  }
  return pixels.loss;
}
