// An invocation's sums of four rows of outputs: its four blocks, a row in each column.
var<private> sum0: mat4x4f;
var<private> sum1: mat4x4f;
var<private> sum2: mat4x4f;
var<private> sum3: mat4x4f;

// Adds a node's four rows times a number.
fn add_four(at: u32, factor: f32) {
  sum0 += factor * load_four(at);
  sum1 += factor * load_four(at + ROW_INVOCATIONS);
  sum2 += factor * load_four(at + 2 * ROW_INVOCATIONS);
  sum3 += factor * load_four(at + 3 * ROW_INVOCATIONS);
}

fn store_sums(at: u32) {
  store_four(at, sum0);
  store_four(at + ROW_INVOCATIONS, sum1);
  store_four(at + 2 * ROW_INVOCATIONS, sum2);
  store_four(at + 3 * ROW_INVOCATIONS, sum3);
}
