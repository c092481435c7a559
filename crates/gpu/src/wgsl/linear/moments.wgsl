// The first workgroups sum up what `losses.wgsl` found of four images each: the gradient by their codes, and their
// losses. The others compute the moments of the nodes; evaluation does not call them.
@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let groups = (image_blocks() + LANES - 1) / LANES;
  if (group.x < groups) {
    let four = LANES * group.x + lane;
    if (four < image_blocks()) { sum_up_four(four); }
    return;
  }
  let id = LANES * (group.x - groups) + lane;
  let node = id / ROW_INVOCATIONS;
  let column = id % ROW_INVOCATIONS;
  if (node > CELLS) { return; }
  let list = images_of_node(node);
  let length = u32(activations[list].x);
  for (var at = 0u; at < length; at++) {
    add_image(entry(list, at).number, 1, column);
  }
  store_sums(moments_of(node) + column);
}

fn sum_up_four(four: u32) {
  var loss = 0.0;
  for (var image = 4 * four; image < 4 * four + 4; image++) {
    let sum = sum_up(partial_sums_of_image(image));
    let at = layers[CODE].output_gradient + image;
    let code = activations[layers[CODE].output + 2 * image];
    activations[at] = vec4f(sum.xyz, 0) * load_derivative(at, code, layers[CODE].slope);
    loss += sum.w;
  }
  losses[step.first + four] = loss;
}
