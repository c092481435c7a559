// Sums up the parts of each block of weights' gradient, and Adam takes it.
@compute @workgroup_size(LANES)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let last = layers[current_layer.x - 1];
  var number = 0u;
  for (var at = id.x; at < last.weights + last.size; at += LANES * groups.x) {
    while (number + 1 < current_layer.x && layers[number + 1].weights <= at) {
      number++;
    }
    let kernel_size = layers[number].bias - layers[number].weights;
    var parts = layers[number].parts;
    var size = kernel_size;
    var part_at = layers[number].gradient + at - layers[number].weights;
    if (at >= layers[number].bias) {
      part_at += (parts - 1) * kernel_size;
      parts = layers[number].sum_parts;
      size = layers[number].output_blocks;
    }
    var sum = vec4f();
    for (var part = 0u; part < parts; part++) {
      sum += gradients[part_at];
      part_at += size;
    }
    adam(at, sum);
  }
}
