// From the codes to the lists of boundary units: an invocation makes one list. Workgroups of their own compute the basis
// at the mean, which is a sum over all units.
const SAMPLE = 32u;  // images that place the grid; any grid gives the same result, a good one makes short lists
const EDGE = 0.8;    // of a cell, in standard deviations: about a sixteenth of the images in each

var<private> mean: vec4f;
var<private> edge: vec4f;

fn find_grid() {
  let images = min(step.images, SAMPLE);
  var square = vec4f();
  for (var image = 0u; image < images; image++) {
    let point = point_of(image);
    mean += point;
    square += point * point;
  }
  mean /= f32(images);
  edge = EDGE * sqrt(max(square / f32(images) - mean * mean, vec4f()));
}

// Four rows and four columns of cells around the mean, by the first two numbers of the code. The outer cells are open.
fn cell_of(point: vec4f) -> u32 {
  let beyond = vec2u(point.xy > mean.xy - edge.xy) + vec2u(point.xy > mean.xy) + vec2u(point.xy > mean.xy + edge.xy);
  return 4 * beyond.x + beyond.y;
}

fn centre_of(cell: u32) -> vec4f {
  return mean + edge * vec4f(vec2f(vec2u(cell / 4, cell % 4)) - 1.5, 0, 0);
}

// How a unit's sign changes from one point to the other: 1, -1 or not at all.
fn sign_change(parent: vec4f, point: vec4f, own: vec4f) -> f32 {
  return f32(dot(point, own) > 0) - f32(dot(parent, own) > 0);
}

var<private> list: u32;
var<private> length: u32;

fn append(number: u32, change: f32) {
  activations[list + 1 + length / 4][length % 4] = change * f32(number + 1);
  length++;
}

fn list_units(parent: vec4f, point: vec4f) {
  for (var unit = 0u; unit < units(); unit++) {
    let change = sign_change(parent, point, from_code(unit));
    if (change != 0) { append(unit, change); }
  }
}

fn for_image(image: u32) {
  let point = point_of(image);
  let cell = cell_of(point);
  list = units_of_image(image);
  list_units(centre_of(cell), point);
  activations[list] = vec4f(f32(length), f32(cell), 0, 0);
}

fn for_unit(unit: u32) {
  let own = from_code(unit);
  list = nodes_of_unit(unit);
  for (var cell = 0u; cell < CELLS; cell++) {
    let change = sign_change(mean, centre_of(cell), own);
    if (change != 0) { append(cell, change); }
  }
  let cells = length;
  var on = 0u;
  for (var image = 0u; image < step.images; image++) {
    let point = point_of(image);
    let change = sign_change(centre_of(cell_of(point)), point, own);
    if (change != 0) { append(image, change); }
    on += u32(dot(point, own) > 0);
  }
  // A unit with one sign for all images needs no list, and must have none: with a slope of 0, a unit that is off has a
  // gradient of exactly 0. As a difference of sums it would be rounding, of which Adam would make steps.
  let changes = on > 0 && on < step.images;
  let slope = select(select(layers[FROM_CODE].slope, 1.0, on > 0), slope_at(mean, own), changes);
  activations[list] = select(vec4f(0, 0, slope, 0), vec4f(f32(length), f32(cells), slope, 0), changes);
}

fn for_cell(cell: u32) {
  list = units_of_cell(cell);
  list_units(mean, centre_of(cell));
  activations[list] = vec4f(f32(length), 0, 0, 0);
}

fn for_node(node: u32) {
  list = images_of_node(node);
  for (var image = 0u; image < step.images; image++) {
    if (node == 0 || cell_of(point_of(image)) + 1 == node) { append(image, 1); }
  }
  activations[list] = vec4f(f32(length), 0, 0, 0);
}

// The output's bias is a unit that is always 1.
fn basis_at_mean(column: u32) {
  let output = layers[OUTPUT].weights + column;
  var basis = rows(weights[output + IMAGE_BLOCKS * units()], vec4f(0, 0, 0, 1));
  for (var unit = 0u; unit < units(); unit++) {
    let own = from_code(unit);
    basis += rows(weights[output + IMAGE_BLOCKS * unit], slope_at(mean, own) * own);
  }
  store_four(basis_of(0) + column, basis);
}

var<private> group: u32;

// Whether the workgroup is one of the next so many.
fn is_next(groups: u32) -> bool {
  if (group < groups) { return true; }
  group -= groups;
  return false;
}

// A workgroup has one thing to do; the host counts them likewise (`schedule.rs`).
@compute @workgroup_size(LANES)
fn main(@builtin(workgroup_id) id: vec3u, @builtin(local_invocation_index) lane: u32) {
  let images = 4 * image_blocks();
  find_grid();
  group = id.x;
  if (is_next((IMAGE_BLOCKS + LANES - 1) / LANES)) {
    if (LANES * group + lane < IMAGE_BLOCKS) { basis_at_mean(LANES * group + lane); }
  } else if (is_next(1)) {
    if (lane < CELLS) { for_cell(lane); }
  } else if (is_next(1)) {
    if (lane <= CELLS) { for_node(lane); }
  } else if (is_next((units() + LANES - 1) / LANES)) {
    if (LANES * group + lane < units()) { for_unit(LANES * group + lane); }
  } else if (LANES * group + lane < images) {
    for_image(LANES * group + lane);
  }
}
