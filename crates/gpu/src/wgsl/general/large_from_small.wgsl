// The large map from the small one: a transposed convolution forward, and a convolution backward. It is the transpose of
// `small_from_large.wgsl`:
//
//   large[y, x, c] = sum of small[(y + before - a) / stride, (x + before - b) / stride, o] * kernel[a, b, c, o] over a, b, o
//
// over those a and b for which the division leaves no rest. So the pixels of the large map are taken by the rests of y and x
// (`phase`): with a stride of 2 they are four products, each with a part of the kernel. Rows and columns of the kernel are
// taken from the last to the first, so that the pixels of the small map follow each other.
var<private> phase: vec2u;
var<private> taps: vec2u;    // rows and columns of this part of the kernel
var<private> offset: u32;
var<private> rest: u32;      // iterations to the end of the row of this part
var<private> length: u32;    // iterations of a row of it
var<private> jump: u32;      // in the small map, from the end of one row to the next
var<private> channel: u32;   // iterations to the end of the pixel
var<private> channels: u32;
var<private> weights_at: u32;
var<private> tap_jump: u32;  // in the weights, back from the end of a pixel to the one before
var<private> row_jump: u32;  // ... and from the first pixel of a row to the last one of the row before
var<private> weights_now: u32;

fn work(group: u32) -> Work {
  let layer = layers[current_layer.x];
  let phases = layer.stride.x * layer.stride.y;
  let own = group % phases;
  phase = vec2u(own / layer.stride.y, own % layer.stride.y);
  return Work(current_layer.x, group / phases);
}

fn size(layer: Layer) -> vec3u {
  let shifted = (phase + layer.before) % layer.stride;
  taps = (layer.kernel + layer.stride - 1 - shifted) / layer.stride;
  channels = layer.small.blocks;
  channel = channels;
  length = taps.y * channels;
  rest = length;
  jump = layer.small.row - length;
  let last = shifted + layer.stride * (taps - 1);
  weights_at = layer.weights + (last.x * layer.kernel_rows + last.y * layer.tap_rows) * channels;
  tap_jump = layer.stride.y * layer.tap_rows * channels + channels;
  row_jump = taps.y * layer.stride.y * layer.tap_rows * channels - layer.stride.x * layer.kernel_rows * channels;
  let pixels = layer.small.height * layer.small.width;
  return vec3u(image_blocks() * pixels, layer.large_blocks, taps.x * length);
}

fn begin_rows(layer: Layer, row: u32) -> vec4u {
  let map = layer.small;
  let place = place_of(row, map);
  let first = (phase + layer.before) / layer.stride + 1 - taps; // wraps around where the border is, and back in the sum
  return map.at + 4 * place.four * map.image + (place.y + first.x) * map.row + (place.x + first.y) * map.blocks
    + vec4u(0, 1, 2, 3) * map.image;
}

fn begin_iteration(k: u32) -> vec4u {
  let now = offset;
  weights_now = weights_at;
  offset++;
  weights_at++;
  channel--;
  rest--;
  if (channel == 0) {
    channel = channels;
    weights_at -= tap_jump;
    if (rest == 0) {
      rest = length;
      offset += jump;
      weights_at += row_jump;
    }
  }
  return vec4u(now);
}

fn left(layer: Layer, begin: vec4u, iteration: vec4u, row: u32, k: u32) -> mat4x4f {
  return load_activations(begin, iteration.x);
}

fn right(layer: Layer, k: u32, column: u32) -> mat4x4f {
  return transpose(load_weights(four_rows(weights_now, column, channels), 0));
}

// The pixel of the large map.
fn target_place(layer: Layer, row: u32) -> Place {
  let small = place_of(row, layer.small);
  return Place(small.four, layer.stride.x * small.y + phase.x, layer.stride.y * small.x + phase.y);
}

// Where the large map's size is no multiple of the stride, the last pixels of a phase are outside of it.
fn is_within(layer: Layer, place: Place) -> bool {
  return place.y < layer.large.height && place.x < layer.large.width;
}
