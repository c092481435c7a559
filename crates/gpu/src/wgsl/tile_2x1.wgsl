// Two blocks of the product an invocation, one below the other: for 128 multiply-adds it loads twelve vectors, or four
// vectors and eight words of pixels, for which this tile is the faster one.

@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let own = work(group.x);
  let layer = layers[own.layer];
  let extent = size(layer);
  let tile = tile_position(extent, own.group, lane, 1u);
  let row = tile.x;
  let column = tile.y;
  if (row >= extent.x || column >= extent.y) { return; }

  let begin0 = begin_rows(layer, row);
  let begin1 = begin_rows(layer, row + 1);
  var sum0 = vec4f();
  var sum1 = vec4f();
  var sum2 = vec4f();
  var sum3 = vec4f();
  var sum4 = vec4f();
  var sum5 = vec4f();
  var sum6 = vec4f();
  var sum7 = vec4f();
  for (var k = 0u; k < extent.z; k++) {
    let iteration = begin_iteration(k);
    let upper = left(layer, begin0, iteration, row, k);
    let lower = left(layer, begin1, iteration, row + 1, k);
    let factor = right(layer, k, column);
    sum0 = multiply_add(sum0, upper[0], factor);
    sum1 = multiply_add(sum1, upper[1], factor);
    sum2 = multiply_add(sum2, upper[2], factor);
    sum3 = multiply_add(sum3, upper[3], factor);
    sum4 = multiply_add(sum4, lower[0], factor);
    sum5 = multiply_add(sum5, lower[1], factor);
    sum6 = multiply_add(sum6, lower[2], factor);
    sum7 = multiply_add(sum7, lower[3], factor);
  }
  store(layer, row, column, mat4x4f(sum0, sum1, sum2, sum3));
  store(layer, row + 1, column, mat4x4f(sum4, sum5, sum6, sum7));
}
