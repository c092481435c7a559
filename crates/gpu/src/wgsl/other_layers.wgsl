// The weight gradients of all layers but the first. They are independent of each other, so one dispatch takes them all.
fn work(group: u32) -> Work {
  var number = 1u;
  while (number + 1 < current_layer.x && layers[number + 1].groups_before <= group) {
    number++;
  }
  return Work(number, group - layers[number].groups_before);
}

fn begin_iteration(k: u32) -> vec4u {
  return vec4u();
}

fn left(layer: Layer, begin: vec4u, iteration: vec4u, row: u32, k: u32) -> mat4x4f {
  return transpose(load_activations(four_rows(layer.input, k, layer.inputs + 1), row));
}
