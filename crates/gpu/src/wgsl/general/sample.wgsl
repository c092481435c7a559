// From the heads to the code, a block an invocation.
@compute @workgroup_size(LANES)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let heads = layers[current_layer.x];
  let code = layers[current_layer.x + 1].input;
  let image = id.x / code.blocks;
  let block = id.x % code.blocks;
  if (image >= 4 * image_blocks()) { return; }
  activations[code.at + image * code.image + block] = code_of(heads, code, image, block);
}
