// The bases at the cells' centres: 49 invocations each.
@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let cell = id.x / MEMBERS;
  let member = id.x % MEMBERS;
  if (cell >= CELLS) { return; }
  add_four(basis_of(0) + member, 1);
  add_units(units_of_cell(cell), member);
  put_sum(basis_of(1 + cell) + member);
}
