// The first invocations add up what was found of four images each: the gradient by their codes, and their errors. The
// others make the sums of p_i d_i, 49 a node; where there is no training they are not called.
@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let groups = (image_blocks() + LANES - 1) / LANES;
  if (group.x < groups) {
    let four = LANES * group.x + lane;
    if (four < image_blocks()) { add_up(four); }
    return;
  }
  let id = LANES * (group.x - groups) + lane;
  let node = id / MEMBERS;
  let member = id % MEMBERS;
  if (node > CELLS) { return; }
  let list = images_of_node(node);
  let length = u32(activations[list].x);
  for (var at = 0u; at < length; at++) {
    add_image(entry(list, at).number, 1, member);
  }
  put_sum(moments_of(node) + member);
}

fn add_up(four: u32) {
  var squares = 0.0;
  for (var image = 4 * four; image < 4 * four + 4; image++) {
    let sum = sum_of_shares(shares_of_image(image));
    let slopes = leaky_slope(activations[layers[CODE].output + 2 * image]);
    activations[layers[CODE].output_gradient + image] = vec4f(sum.xyz, 0) * slopes;
    squares += sum.w;
  }
  losses[step.first + four] = squares;
}
