// The product of two matrices, left * right, in blocks of 4 x 4. A kernel defines what they are and where sums go:
//
//   work(group)                               the layer of a workgroup, and its number among the layer's workgroups
//   size(layer)                               rows and columns of the product and length of the sums, in blocks; rows are even
//   begin_rows(layer, row)                    what `left` needs for a block of rows, computed once
//   begin_iteration(k)                        what `left` needs for an iteration of the loop, computed once
//   left(layer, begin, iteration, row, k)     a block of the left matrix, a row of it in each column of the mat4x4f
//   right(layer, k, column)                   a block of the right matrix, likewise
//   store(layer, row, column, sums)           takes a block of the product
//
// Sums stay in registers. Each invocation computes a tile of two blocks, one below the other (tile_2x1.wgsl), or of two
// by two (tile_2x2.wgsl).

struct Work {
  layer: u32,
  group: u32,
}

// The first row and column of blocks of an invocation's tile of two rows and `wide` columns, in a product of this size.
// The host counts workgroups with the same formula (`workgroups` in layout.rs).
fn tile_position(size: vec3u, group: u32, lane: u32, wide: u32) -> vec2u {
  let columns = (size.y + wide - 1) / wide;
  let across = 1u << min(2u, firstLeadingBit(columns));
  let groups = (columns + across - 1) / across;
  let column = group % groups * across + lane % across;
  let row = group / groups * (LANES / across) + lane / across;
  return vec2u(2 * row, wide * column);
}

// sum + left * right, for a row of `left`. Number by number: software adapters that vectorise over invocations
// (SwiftShader) would not keep four vector sums in registers.
fn multiply_add(sum: vec4f, left: vec4f, right: mat4x4f) -> vec4f {
  return vec4f(
    sum.x + left.x * right[0].x + left.y * right[1].x + left.z * right[2].x + left.w * right[3].x,
    sum.y + left.x * right[0].y + left.y * right[1].y + left.z * right[2].y + left.w * right[3].y,
    sum.z + left.x * right[0].z + left.y * right[1].z + left.z * right[2].z + left.w * right[3].z,
    sum.w + left.x * right[0].w + left.y * right[1].w + left.z * right[2].w + left.w * right[3].w,
  );
}
