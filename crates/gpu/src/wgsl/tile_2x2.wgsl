// Four blocks of the product an invocation, two by two: for 128 multiply-adds it loads eight vectors.

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let own = work(group.x);
  let layer = layers[own.layer];
  let extent = size(layer);
  let tile = tile_position(extent, own.group, lane, 2u);
  let row = tile.x;
  let column = tile.y;
  if (row >= extent.x || column >= extent.y) { return; }

  let begin0 = begin_rows(layer, row);
  let begin1 = begin_rows(layer, row + 1);
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
    let iteration = begin_iteration(k);
    let upper = left(layer, begin0, iteration, row, k);
    let lower = left(layer, begin1, iteration, row + 1, k);
    let factor = right(layer, k, column);
    a0 = multiply_add(a0, upper[0], factor);
    a1 = multiply_add(a1, upper[1], factor);
    a2 = multiply_add(a2, upper[2], factor);
    a3 = multiply_add(a3, upper[3], factor);
    a4 = multiply_add(a4, lower[0], factor);
    a5 = multiply_add(a5, lower[1], factor);
    a6 = multiply_add(a6, lower[2], factor);
    a7 = multiply_add(a7, lower[3], factor);
    let next = right(layer, k, column + 1);
    b0 = multiply_add(b0, upper[0], next);
    b1 = multiply_add(b1, upper[1], next);
    b2 = multiply_add(b2, upper[2], next);
    b3 = multiply_add(b3, upper[3], next);
    b4 = multiply_add(b4, lower[0], next);
    b5 = multiply_add(b5, lower[1], next);
    b6 = multiply_add(b6, lower[2], next);
    b7 = multiply_add(b7, lower[3], next);
  }
  store(layer, row, column, mat4x4f(a0, a1, a2, a3));
  store(layer, row + 1, column, mat4x4f(a4, a5, a6, a7));
  if (column + 1 == extent.y) { return; } // the last of an odd number of columns
  store(layer, row, column + 1, mat4x4f(b0, b1, b2, b3));
  store(layer, row + 1, column + 1, mat4x4f(b4, b5, b6, b7));
}
