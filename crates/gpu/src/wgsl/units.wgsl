// The weights to the outputs: 49 invocations a hidden unit, and the bias behind them as a unit that is always 1.
var<private> own: vec4f;   // the unit's weights from the code
var<private> share: vec4f; // their gradient

fn update(at: u32, moments: mat4x4f) {
  share += weights[at] * moments;
  adam(at, moments * own);
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let unit = id.x / MEMBERS;
  let member = id.x % MEMBERS;
  if (unit > units()) { return; }
  let list = nodes_of_unit(unit);
  let is_bias = unit == units(); // which has no list
  let about = select(activations[list], vec4f(0, 0, 1, 0), is_bias);
  own = select(from_code(unit), vec4f(0, 0, 0, 1), is_bias);
  add_four(moments_of(0) + member, about.z);
  let cells = u32(about.y);
  for (var at = 0u; at < cells; at++) {
    let cell = entry(list, at);
    add_four(moments_of(1 + cell.number) + member, cell.bend);
  }
  let length = u32(about.x);
  for (var at = cells; at < length; at++) {
    let image = entry(list, at);
    add_image(image.number, image.bend, member);
  }
  let at = layers[OUTPUT].weights + PIXELS4 * unit + member;
  update(at, sum0);
  update(at + MEMBERS, sum1);
  update(at + 2 * MEMBERS, sum2);
  update(at + 3 * MEMBERS, sum3);
  activations[shares_of_unit(unit) + member] = share;
}
