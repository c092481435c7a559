// A decoder with one piecewise linear hidden layer behind a narrow code, computed by its linear regions.
//
// Behind a code of up to three numbers, most hidden units have the same sign for all images whose codes are close to
// each other. With p = (code, 1), W_j the weights and bias of unit j, V_j its weights to the outputs and s_j(p) the slope
// of its activation at W_j . p, the pre-activations of the outputs are p * B(p), with the basis
//
//   B(p) = sum of s_j(p) W_j V_j over the units        [4, outputs]; its first rows are the gradient by the code
//
// Points form a tree of three levels: a mean of the batch's codes, the centres of the cells of a grid around it, and the
// images' codes. A point's basis is its parent's, corrected for its boundary units: those whose activation changes sign
// between the two. They are few. The backward pass does the same: with d_i the loss' gradient by the pre-activations of
// the outputs, all that unit j needs from the batch is the moment
//
//   N_j = sum of s_j(p_i) p_i d_i over the images      [4, outputs]
//
// The gradient of V_j is W_j * N_j, and that of W_j is N_j * V_j. N_j is s_j at the mean times the sum of all p_i d_i,
// corrected for the cells and for the images between which and their parents unit j changes sign.
//
// The boundary units are listed first (boundary_units.wgsl), so that no invocation waits for another within a pass.
//
// A row of outputs has ROW_INVOCATIONS invocations, with four blocks each: the columns `column`,
// `column + ROW_INVOCATIONS`, and so on.
const CODE = 1u; // layers
const FROM_CODE = 2u;
const OUTPUT = 3u;

// Buffers between the passes lie in `activations`; positions are in blocks. A node of the tree is the whole batch (0) or a
// cell (from 1).
fn basis_of(node: u32) -> u32 { // [4, outputs]
  return step.nodes + 4 * IMAGE_BLOCKS * node;
}

fn moments_of(node: u32) -> u32 { // sum of p_i d_i over the node's images: [4, outputs]
  return basis_of(CELLS + 1 + node);
}

fn units() -> u32 {
  return 4 * layers[OUTPUT].inputs;
}

// A list is a block that begins with its length, and then its entries, four to a block: numbers from 1, with a sign.
fn units_of_cell(cell: u32) -> u32 {
  return basis_of(2 * CELLS + 2) + (1 + layers[OUTPUT].inputs) * cell;
}

fn units_of_image(image: u32) -> u32 {
  // In place of the hidden layer's outputs, which are not computed. The number of the image's cell follows the length.
  return layers[FROM_CODE].output + (1 + layers[OUTPUT].inputs) * image;
}

fn images_of_node(node: u32) -> u32 {
  return units_of_cell(CELLS) + (1 + step.rows / 4) * node;
}

fn nodes_of_unit(unit: u32) -> u32 { // cells, images behind them, and the slope at the mean
  return images_of_node(CELLS + 1) + (1 + (CELLS + step.rows) / 4) * unit;
}

struct Entry {
  number: u32,  // of a unit, a cell or an image
  change: f32,  // how much larger the slope is than at the parent
}

fn entry(list: u32, at: u32) -> Entry {
  let value = activations[list + 1 + at / 4][at % 4];
  return Entry(u32(abs(value)) - 1, sign(value) * (1 - layers[FROM_CODE].slope));
}

// Partial sums of the invocations of a row, for one image or unit: [ROW_INVOCATIONS].
fn partial_sums_of_image(image: u32) -> u32 {
  return ROW_INVOCATIONS * image;
}

fn partial_sums_of_unit(unit: u32) -> u32 {
  return nodes_of_unit(units()) + ROW_INVOCATIONS * unit;
}

fn sum_up(partial_sums: u32) -> vec4f {
  var sum = vec4f();
  for (var column = 0u; column < ROW_INVOCATIONS; column++) {
    sum += activations[partial_sums + column];
  }
  return sum;
}

// An image's p.
fn point_of(image: u32) -> vec4f {
  return vec4f(activations[layers[CODE].output + 2 * image].xyz, 1);
}

// A unit's W: three rows of weights and the bias.
fn from_code(unit: u32) -> vec4f {
  let length = layers[FROM_CODE].outputs;
  let at = layers[FROM_CODE].weights + unit / 4;
  let lane = unit % 4;
  return vec4f(
    weights[at][lane], weights[at + length][lane], weights[at + 2 * length][lane], weights[at + 4 * length][lane],
  );
}

fn slope_at(point: vec4f, own: vec4f) -> f32 {
  return select(layers[FROM_CODE].slope, 1.0, dot(point, own) > 0);
}

// A row times each of four numbers.
fn rows(row: vec4f, factors: vec4f) -> mat4x4f {
  return mat4x4f(row * factors.x, row * factors.y, row * factors.z, row * factors.w);
}

// Four rows of outputs, one below the other, a block of each.
fn load_four(at: u32) -> mat4x4f {
  return load_activations(four_rows(at, 0, IMAGE_BLOCKS), 0);
}

fn store_four(at: u32, four: mat4x4f) {
  activations[at] = four[0];
  activations[at + IMAGE_BLOCKS] = four[1];
  activations[at + 2 * IMAGE_BLOCKS] = four[2];
  activations[at + 3 * IMAGE_BLOCKS] = four[3];
}
