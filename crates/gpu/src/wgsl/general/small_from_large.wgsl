// The small map from the large one: a convolution forward, and a transposed convolution backward. With `before` of the
// layer, and positions outside of the large map left out,
//
//   small[i, j, o] = sum of large[stride * i + a - before, stride * j + b - before, c] * kernel[a, b, c, o] over a, b, c
//
// As a product it is [images and pixels of small, a and b and c] * [a and b and c, o]. The left matrix is never made: the
// pixels under a row of the kernel follow each other in the large map.
var<private> offset: u32;
var<private> rest: u32;   // iterations to the end of the row of the kernel
var<private> length: u32; // iterations of a row of the kernel
var<private> jump: u32;   // from the end of one row to the next

fn work(group: u32) -> Work {
  return Work(current_layer.x, group);
}

fn size(layer: Layer) -> vec3u {
  length = layer.columns * layer.large.blocks;
  rest = length;
  jump = layer.large.row - length;
  let pixels = layer.small.height * layer.small.width;
  return vec3u(image_blocks() * pixels, layer.small.blocks, layer.kernel.x * length);
}

fn begin_rows(layer: Layer, row: u32) -> vec4u {
  let map = layer.large;
  let place = place_of(row, layer.small);
  let y = layer.stride.x * place.y - layer.before.x; // wraps around where the border is, and back in the sum
  let x = layer.column_stride * place.x - layer.column_before;
  return map.at + 4 * place.four * map.image + y * map.row + x * map.blocks + vec4u(0, 1, 2, 3) * map.image;
}

fn begin_iteration(k: u32) -> vec4u {
  let now = offset;
  offset++;
  rest--;
  if (rest == 0) {
    rest = length;
    offset += jump;
  }
  return vec4u(now);
}

fn left(layer: Layer, begin: vec4u, iteration: vec4u, row: u32, k: u32) -> mat4x4f {
  return load_activations(begin, iteration.x);
}

fn right(layer: Layer, k: u32, column: u32) -> mat4x4f {
  return load_weights(four_rows(layer.weights, k, layer.small.blocks), column);
}

fn target_place(layer: Layer, row: u32) -> Place {
  return place_of(row, layer.small);
}

fn is_within(layer: Layer, place: Place) -> bool {
  return true;
}
