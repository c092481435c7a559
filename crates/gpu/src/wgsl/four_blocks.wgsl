// Four blocks of the product an invocation, two and two: what it loads for 128 multiply-adds are eight vectors.

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let own = work(group.x);
  let layer = layers[own.layer];
  let extent = size(layer);
  let place = place_of(extent, own.group, lane, 2u);
  let row = place.x;
  let column = place.y;
  if (row >= extent.x || column >= extent.y) { return; }

  let start0 = start(layer, row);
  let start1 = start(layer, row + 1);
  var a0 = vec4f();
  var a1 = vec4f();
  var a2 = vec4f();
  var a3 = vec4f();
  var a4 = vec4f();
  var a5 = vec4f();
  var a6 = vec4f();
  var a7 = vec4f();
  var b0 = vec4f();
  var b1 = vec4f();
  var b2 = vec4f();
  var b3 = vec4f();
  var b4 = vec4f();
  var b5 = vec4f();
  var b6 = vec4f();
  var b7 = vec4f();
  for (var k = 0u; k < extent.z; k++) {
    let turn = turn(k);
    let upper = left(layer, start0, turn, row, k);
    let lower = left(layer, start1, turn, row + 1, k);
    let factor = right(layer, k, column);
    a0 = plus(a0, upper[0], factor);
    a1 = plus(a1, upper[1], factor);
    a2 = plus(a2, upper[2], factor);
    a3 = plus(a3, upper[3], factor);
    a4 = plus(a4, lower[0], factor);
    a5 = plus(a5, lower[1], factor);
    a6 = plus(a6, lower[2], factor);
    a7 = plus(a7, lower[3], factor);
    let next = right(layer, k, column + 1);
    b0 = plus(b0, upper[0], next);
    b1 = plus(b1, upper[1], next);
    b2 = plus(b2, upper[2], next);
    b3 = plus(b3, upper[3], next);
    b4 = plus(b4, lower[0], next);
    b5 = plus(b5, lower[1], next);
    b6 = plus(b6, lower[2], next);
    b7 = plus(b7, lower[3], next);
  }
  put(layer, row, column, mat4x4f(a0, a1, a2, a3));
  put(layer, row + 1, column, mat4x4f(a4, a5, a6, a7));
  if (column + 1 == extent.y) { return; } // of an odd number of columns the last is alone
  put(layer, row, column + 1, mat4x4f(b0, b1, b2, b3));
  put(layer, row + 1, column + 1, mat4x4f(b4, b5, b6, b7));
}
