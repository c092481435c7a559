// A decoder with one hidden layer, by what it is linear in.
//
// Behind a code of up to three numbers, most hidden units have the same sign for all images whose codes lie close
// together. With p = (code, 1), W_j what unit j reads of p (its weights and bias), V_j its weights to the outputs and
// s_j(p) LeakyReLU's slope at W_j . p, the outputs before their own LeakyReLU are p * B(p), with the basis
//
//   B(p) = sum of s_j(p) W_j V_j over the units        [4, outputs]: in its first rows, the gradient by the code
//
// There are three generations of points: a mean of the batch's, the centres of a grid's cells around it, the images'.
// A point's basis is its parent's and what the units add that bend between the two, whose slope differs: few. So it is
// backward: with d_i the loss' gradient before the outputs' LeakyReLU, all that unit j wants to know of the batch is
//
//   N_j = sum of s_j(p_i) p_i d_i over the images      [4, outputs]
//
// from which the gradient of V_j is W_j * N_j and that of W_j is N_j * V_j. It is s_j at the mean times the sum of all
// p_i d_i, and what is added by the cells between whose centres and the mean the unit bends, and by the images likewise.
//
// Who bends where is written down first, in lists (choose.wgsl): then nobody waits for anybody within a pass.
//
// A row of outputs has 49 invocations (MEMBERS), with four blocks each.
const CODE = 1u; // layers
const FROM_CODE = 2u;
const OUTPUT = 3u;

// What the passes give each other lies in `activations`, in blocks. A node is the whole batch (0) or a cell (from 1).
fn basis_of(node: u32) -> u32 { // [4, outputs]
  return step.nodes + 4 * PIXELS4 * node;
}

fn moments_of(node: u32) -> u32 { // sum of p_i d_i over the node's images: [4, outputs]
  return basis_of(CELLS + 1 + node);
}

fn units() -> u32 {
  return 4 * layers[OUTPUT].inputs;
}

// A list is a block that says how long it is, and then its entries, four to a block: numbers from 1, with a sign.
fn units_of_cell(cell: u32) -> u32 {
  return basis_of(2 * CELLS + 2) + (1 + layers[OUTPUT].inputs) * cell;
}

fn units_of_image(image: u32) -> u32 {
  // Where products would have its hidden layer. Behind the length it says which cell the image is in.
  return layers[FROM_CODE].output + (1 + layers[OUTPUT].inputs) * image;
}

fn images_of_node(node: u32) -> u32 {
  return units_of_cell(CELLS) + (1 + step.rows / 4) * node;
}

fn nodes_of_unit(unit: u32) -> u32 { // cells, images behind them, and the slope at the mean
  return images_of_node(CELLS + 1) + (1 + (CELLS + step.rows) / 4) * unit;
}

struct Entry {
  number: u32, // of a unit, a cell or an image
  bend: f32,   // how much larger the slope is than at the parent
}

fn entry(list: u32, at: u32) -> Entry {
  let value = activations[list + 1 + at / 4][at % 4];
  return Entry(u32(abs(value)) - 1, sign(value) * (1 - step.slope));
}

// What 49 invocations have found for one image or unit, to be added up: [49].
fn shares_of_image(image: u32) -> u32 {
  return MEMBERS * image;
}

fn shares_of_unit(unit: u32) -> u32 {
  return nodes_of_unit(units()) + MEMBERS * unit;
}

fn sum_of_shares(shares: u32) -> vec4f {
  var sum = vec4f();
  for (var member = 0u; member < MEMBERS; member++) {
    sum += activations[shares + member];
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
  return select(step.slope, 1.0, dot(point, own) > 0);
}

// A row times each of four numbers.
fn rows(row: vec4f, factors: vec4f) -> mat4x4f {
  return mat4x4f(row * factors.x, row * factors.y, row * factors.z, row * factors.w);
}

// Four rows of outputs that lie one below the other, a block of each.
fn four_at(at: u32) -> mat4x4f {
  return of_activations(four_rows(at, 0, PIXELS4), 0);
}

fn put_four(at: u32, four: mat4x4f) {
  activations[at] = four[0];
  activations[at + PIXELS4] = four[1];
  activations[at + 2 * PIXELS4] = four[2];
  activations[at + 3 * PIXELS4] = four[3];
}
