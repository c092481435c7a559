// Two blocks of the product an invocation: what it loads for 128 multiply-adds are twelve vectors, or four and eight
// words of pixels, for which this is the faster one.

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let own = work(group.x);
  let layer = layers[own.layer];
  let extent = size(layer);
  let place = place_of(extent, own.group, lane, 1u);
  let row = place.x;
  let column = place.y;
  if (row >= extent.x || column >= extent.y) { return; }

  let start0 = start(layer, row);
  let start1 = start(layer, row + 1);
  var sum0 = vec4f();
  var sum1 = vec4f();
  var sum2 = vec4f();
  var sum3 = vec4f();
  var sum4 = vec4f();
  var sum5 = vec4f();
  var sum6 = vec4f();
  var sum7 = vec4f();
  for (var k = 0u; k < extent.z; k++) {
    let turn = turn(k);
    let upper = left(layer, start0, turn, row, k);
    let lower = left(layer, start1, turn, row + 1, k);
    let factor = right(layer, k, column);
    sum0 = plus(sum0, upper[0], factor);
    sum1 = plus(sum1, upper[1], factor);
    sum2 = plus(sum2, upper[2], factor);
    sum3 = plus(sum3, upper[3], factor);
    sum4 = plus(sum4, lower[0], factor);
    sum5 = plus(sum5, lower[1], factor);
    sum6 = plus(sum6, lower[2], factor);
    sum7 = plus(sum7, lower[3], factor);
  }
  put(layer, row, column, mat4x4f(sum0, sum1, sum2, sum3));
  put(layer, row + 1, column, mat4x4f(sum4, sum5, sum6, sum7));
}
