// The gradients of all layers' kernels, which are independent of each other:
//
//   gradient[a, b, c, o] = sum of large[stride * i + a - before, stride * j + b - before, c] * small[i, j, o]
//
// over images and pixels of the small map: [a and b and c, images and pixels] * [images and pixels, o]. The sum is long
// and the result may be small, so that it is computed in parts, each over some rows of four images' small maps.
var<private> part: u32;
var<private> row_in_map: u32;
var<private> rows_in_map: u32;
var<private> rest: u32;        // iterations to the end of the row
var<private> length: u32;
var<private> large_at: u32;
var<private> small_at: u32;
var<private> pixel_step: u32;  // in the large map, to the next pixel of the small one
var<private> small_step: u32;
var<private> jumps: vec4u;     // from the end of a row to the next one, and from there to the next four images
var<private> small_now: u32;

fn work(group: u32) -> Work {
  var number = 0u;
  while (number + 1 < current_layer.x && layers[number + 1].groups_before <= group) {
    number++;
  }
  let own = group - layers[number].groups_before;
  part = own / layers[number].part_groups;
  return Work(number, own % layers[number].part_groups);
}

fn size(layer: Layer) -> vec3u {
  let small = layer.small;
  let large = layer.large;
  let total = image_blocks() * small.height;
  let share = (total + layer.parts - 1) / layer.parts;
  let first = min(part * share, total);
  let last = min(first + share, total);
  rows_in_map = small.height;
  row_in_map = first % rows_in_map;
  length = small.width;
  rest = length;
  let four = first / rows_in_map;
  small_at = small.at + 4 * four * small.image + row_in_map * small.row;
  large_at = large.at + 4 * four * large.image + (layer.stride.x * row_in_map - layer.before.x) * large.row
    - layer.column_before * large.blocks;
  pixel_step = layer.column_stride * large.blocks;
  small_step = small.blocks;
  jumps = vec4u(
    layer.stride.x * large.row - length * pixel_step,
    small.row - length * small.blocks,
    4 * large.image - rows_in_map * layer.stride.x * large.row,
    4 * small.image - rows_in_map * small.row,
  );
  let rows = layer.kernel.x * layer.columns * large.blocks;
  return vec3u((rows + 1) / 2 * 2, small.blocks, (last - first) * length);
}

fn begin_rows(layer: Layer, row: u32) -> vec4u {
  let run = layer.columns * layer.large.blocks;
  let a = row / run;
  return a * layer.large.row + row - a * run + vec4u(0, 1, 2, 3) * layer.large.image;
}

fn begin_iteration(k: u32) -> vec4u {
  let now = large_at;
  small_now = small_at;
  large_at += pixel_step;
  small_at += small_step;
  rest--;
  if (rest == 0) {
    rest = length;
    large_at += jumps.x;
    small_at += jumps.y;
    row_in_map++;
    if (row_in_map == rows_in_map) {
      row_in_map = 0;
      large_at += jumps.z;
      small_at += jumps.w;
    }
  }
  return vec4u(now);
}

fn left(layer: Layer, begin: vec4u, iteration: vec4u, row: u32, k: u32) -> mat4x4f {
  return transpose(load_activations(begin, iteration.x));
}

fn right(layer: Layer, k: u32, column: u32) -> mat4x4f {
  return load_activations(small_now + vec4u(0, 1, 2, 3) * layer.small.image, column);
}

fn store(layer: Layer, row: u32, column: u32, sums: mat4x4f) {
  if (row >= layer.kernel.x * layer.columns * layer.large.blocks) { return; } // the second block of the last two
  let at = four_rows(layer.gradient + part * (layer.bias - layer.weights), row, layer.small.blocks) + column;
  add_gradient(at.x, sums[0]);
  add_gradient(at.y, sums[1]);
  add_gradient(at.z, sums[2]);
  add_gradient(at.w, sums[3]);
}
