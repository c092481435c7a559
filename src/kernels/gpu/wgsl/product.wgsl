// The product of two matrices, left * right, in blocks of 4 x 4: a pass says what they are and where the sums go.
//
//   work(group)                 which layer this workgroup is for, and which of the layer's workgroups it is
//   size(layer)                 the product's rows, columns and length of sums, in blocks; rows are an even number
//   start(layer, row)           what `left` wants to know of a block of rows, found once
//   left(layer, start, row, k)  a block of the left matrix, a row of it in each column of the mat4x4f
//   right(layer, k, column)     a block of the right matrix, likewise
//   put(layer, row, column, sums)
//
// Each invocation makes two blocks, one below the other: sums stay in registers, and what it loads for 128
// multiply-adds are twelve vectors.

struct Work {
  layer: u32,
  group: u32,
}

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let own = work(group.x);
  let layer = layers[own.layer];
  let extent = size(layer);
  let across = 1u << min(2u, firstLeadingBit(extent.y)); // columns of a workgroup; the host counts with the same
  let groups = (extent.y + across - 1) / across;
  let column = own.group % groups * across + lane % across;
  let row = (own.group / groups * (LANES / across) + lane / across) * 2;
  let upper_start = start(layer, row);
  let lower_start = start(layer, row + 1);
  var upper = mat4x4f();
  var lower = mat4x4f();
  for (var k = 0u; k < extent.z; k++) {
    // Rows are columns here, so the factors are the other way round.
    let factor = right(layer, k, column);
    upper += factor * left(layer, upper_start, row, k);
    lower += factor * left(layer, lower_start, row + 1, k);
  }
  if (row < extent.x && column < extent.y) {
    put(layer, row, column, upper);
    put(layer, row + 1, column, lower);
  }
}
