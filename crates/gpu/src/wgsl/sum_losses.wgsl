// Sums the losses of each four images. The host adds the rest.
@compute @workgroup_size(LANES)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= image_blocks()) { return; }
  var sum = vec4f();
  for (var column = 0u; column < IMAGE_BLOCKS; column++) {
    sum += activations[id.x * IMAGE_BLOCKS + column];
  }
  losses[step.first + id.x] = dot(sum, vec4f(1));
}
