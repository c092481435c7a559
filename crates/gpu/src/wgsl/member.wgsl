// A member's sum of four rows of outputs: its blocks, a row in each column.
var<private> sum0: mat4x4f;
var<private> sum1: mat4x4f;
var<private> sum2: mat4x4f;
var<private> sum3: mat4x4f;

// Adds a node's four rows times a number.
fn add_four(at: u32, factor: f32) {
  sum0 += factor * four_at(at);
  sum1 += factor * four_at(at + MEMBERS);
  sum2 += factor * four_at(at + 2 * MEMBERS);
  sum3 += factor * four_at(at + 3 * MEMBERS);
}

fn put_sum(at: u32) {
  put_four(at, sum0);
  put_four(at + MEMBERS, sum1);
  put_four(at + 2 * MEMBERS, sum2);
  put_four(at + 3 * MEMBERS, sum3);
}
