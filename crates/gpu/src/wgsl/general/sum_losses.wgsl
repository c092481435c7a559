// Sums the losses of each four images, a workgroup for each, and their divergences. The host adds the rest.
var<workgroup> sums: array<vec4f, LANES>;

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let last = layers[current_layer.x - 1];
  let length = last.output.height * last.output.width * last.output_blocks;
  var sum = vec4f();
  for (var at = lane; at < length; at += LANES) {
    sum += activations[group.x * length + at];
  }
  sums[lane] = sum;
  workgroupBarrier();
  if (lane != 0) { return; }
  for (var other = 1u; other < LANES; other++) {
    sum += sums[other];
  }
  losses[2 * (step.first + group.x)] = dot(sum, vec4f(1));
  losses[2 * (step.first + group.x) + 1] = dot(divergences(group.x), in_batch(group.x));
}
