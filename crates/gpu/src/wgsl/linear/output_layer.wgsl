// Updates the weights of the output layer: a row of invocations for each hidden unit, and one for the bias, as a unit
// that is always 1.
var<private> own: vec4f;         // the unit's weights from the code
var<private> partial_sum: vec4f; // their gradient

fn update(at: u32, moments: mat4x4f) {
  partial_sum += weights[at] * moments;
  adam(at, moments * own);
}

@compute @workgroup_size(LANES)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let unit = id.x / ROW_INVOCATIONS;
  let column = id.x % ROW_INVOCATIONS;
  if (unit > units()) { return; }
  let list = nodes_of_unit(unit);
  let is_bias = unit == units(); // which has no list
  let head = select(activations[list], vec4f(0, 0, 1, 0), is_bias);
  own = select(from_code(unit), vec4f(0, 0, 0, 1), is_bias);
  add_four(moments_of(0) + column, head.z);
  let cells = u32(head.y);
  for (var at = 0u; at < cells; at++) {
    let cell = entry(list, at);
    add_four(moments_of(1 + cell.number) + column, cell.change);
  }
  let length = u32(head.x);
  for (var at = cells; at < length; at++) {
    let image = entry(list, at);
    add_image(image.number, image.change, column);
  }
  let at = layers[OUTPUT].weights + IMAGE_BLOCKS * unit + column;
  update(at, sum0);
  update(at + ROW_INVOCATIONS, sum1);
  update(at + 2 * ROW_INVOCATIONS, sum2);
  update(at + 3 * ROW_INVOCATIONS, sum3);
  activations[partial_sums_of_unit(unit) + column] = partial_sum;
}
