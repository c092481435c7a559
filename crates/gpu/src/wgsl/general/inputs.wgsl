// From the images' bytes to what the first layer reads, a block an invocation.
@compute @workgroup_size(LANES)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let layer = layers[0];
  let map = layer.large;
  let block = id.x % map.blocks;
  let pixel = id.x / map.blocks;
  let x = pixel % map.width;
  let y = pixel / map.width % map.height;
  let image = pixel / map.width / map.height;
  if (image >= 4 * image_blocks()) { return; }
  // The values of a row from one on, of which the block holds a part.
  let row = y * layer.input.width * layer.input.channels;
  let column = select(x, layer.stride.y * x - layer.before.y, layer.unrolled == 1);
  let first = column * layer.input.channels + 4 * block;
  var values = vec4f();
  for (var value = 0u; value < 4; value++) {
    let in_row = first + value; // wraps around to the left of the image
    if (4 * block + value < map.channels && in_row < layer.input.width * layer.input.channels) {
      values[value] = input_value(image, row + in_row);
    }
  }
  activations[map.at + image * map.image + y * map.row + x * map.blocks + block] = values;
}

fn clean_value(image: u32, value: u32) -> f32 {
  let word = pixels[four_images(image / 4)[image % 4] + value / 4];
  return unpack4x8unorm(word)[value % 4];
}
