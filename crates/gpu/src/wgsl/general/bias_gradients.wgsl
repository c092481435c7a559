// The gradients of all layers' biases: the output gradient, summed over images and pixels in parts (`sum_parts`).
// An invocation sums a block of channels in one part. Parts take rows of pixels by turns.
@compute @workgroup_size(LANES)
fn main(@builtin(global_invocation_id) id: vec3u) {
  var number = 0u;
  while (number + 1 < current_layer.x && layers[number + 1].sums_before <= id.x) {
    number++;
  }
  let layer = layers[number];
  let own = id.x - layer.sums_before;
  let part = own / layer.output_blocks;
  let block = own % layer.output_blocks;
  if (part >= layer.sum_parts) { return; }
  let map = layer.output_gradient;
  let total = image_blocks() * map.height;
  var sum = vec4f();
  for (var row = part; row < total; row += layer.sum_parts) {
    var at = blocks_at(map, Place(row / map.height, row % map.height, 0), block);
    var of_row = vec4f();
    for (var x = 0u; x < map.width; x++) {
      of_row += gradient_at(layer, at.x, block) + gradient_at(layer, at.y, block)
        + gradient_at(layer, at.z, block) + gradient_at(layer, at.w, block);
      at += vec4u(map.blocks);
    }
    sum += of_row;
  }
  add_gradient(layer.gradient + layer.parts * (layer.bias - layer.weights) + own, sum);
}

// Where the map has the pixels under a row of the kernel as its channels, the pixel's own are among them.
fn gradient_at(layer: Layer, at: u32, block: u32) -> vec4f {
  if (layer.unrolled == 0 || layer.large.at != layer.output_gradient.at) { return activations[at]; }
  var own = vec4f();
  for (var channel = 0u; channel < layer.output.channels; channel++) {
    let value = layer.before.y * layer.output.channels + channel;
    own[channel] = activations[at + value / 4][value % 4];
  }
  return own;
}
