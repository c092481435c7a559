// Adds up the squared errors of each four images; the host adds the rest.
@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= image_blocks()) { return; }
  var sum = vec4f();
  for (var column = 0u; column < PIXELS4; column++) {
    sum += activations[id.x * PIXELS4 + column];
  }
  losses[step.first + id.x] = dot(sum, vec4f(1));
}
