// All layers but the first are independent of each other here, so one dispatch takes them all.
fn work(group: u32) -> Work {
  var number = 1u;
  while (number + 1 < layer_at_hand.x && layers[number + 1].groups_before <= group) {
    number++;
  }
  return Work(number, group - layers[number].groups_before);
}

fn turn(k: u32) -> vec4u {
  return vec4u();
}

fn left(layer: Layer, start: vec4u, turn: vec4u, row: u32, k: u32) -> mat4x4f {
  return transpose(of_activations(four_rows(layer.input, k, layer.inputs + 1), row));
}
