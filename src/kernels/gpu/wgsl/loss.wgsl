// Adds up the step's squared errors, a part in each lane; the host adds the parts.
@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) lane: u32) {
  let blocks = image_blocks() * PIXELS4;
  var sum = vec4f();
  for (var at = lane; at < blocks; at += LANES) {
    sum += activations[at];
  }
  losses[step.slot * LANES + lane] = dot(sum, vec4f(1));
}
