// The product of two matrices, left * right, in blocks of 4 x 4: a pass says what they are and where the sums go.
//
//   work(group)                      which layer this workgroup is for, and which of the layer's workgroups it is
//   size(layer)                      the product's rows, columns and length of sums, in blocks; rows are an even number
//   start(layer, row)                what `left` wants to know of a block of rows, found once
//   turn(k)                          what `left` wants to know of a turn of the loop, found once
//   left(layer, start, turn, row, k) a block of the left matrix, a row of it in each column of the mat4x4f
//   right(layer, k, column)          a block of the right matrix, likewise
//   put(layer, row, column, sums)    what becomes of a block of the product
//
// Sums stay in registers: each invocation makes two blocks, one below the other (two_blocks.wgsl), or two more to the
// right of them (four_blocks.wgsl).

struct Work {
  layer: u32,
  group: u32,
}

// The first row and column of blocks that are an invocation's, which makes two rows and `wide` columns of a product of
// this extent. The host counts workgroups with the same (`groups` in layout.rs).
fn place_of(extent: vec3u, group: u32, lane: u32, wide: u32) -> vec2u {
  let columns = (extent.y + wide - 1) / wide;
  let across = 1u << min(2u, firstLeadingBit(columns));
  let groups = (columns + across - 1) / across;
  let column = group % groups * across + lane % across;
  let row = group / groups * (LANES / across) + lane / across;
  return vec2u(2 * row, wide * column);
}

// sum + left * right, for a row of `left`. Number by number: where vectors are a program's loops (SwiftShader), four
// sums at a time would not stay in registers.
fn plus(sum: vec4f, left: vec4f, right: mat4x4f) -> vec4f {
  return vec4f(
    sum.x + left.x * right[0].x + left.y * right[1].x + left.z * right[2].x + left.w * right[3].x,
    sum.y + left.x * right[0].y + left.y * right[1].y + left.z * right[2].y + left.w * right[3].y,
    sum.z + left.x * right[0].z + left.y * right[1].z + left.z * right[2].z + left.w * right[3].z,
    sum.w + left.x * right[0].w + left.y * right[1].w + left.z * right[2].w + left.w * right[3].w,
  );
}
