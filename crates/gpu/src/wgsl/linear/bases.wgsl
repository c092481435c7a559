// The bases at the centres of the cells.
@compute @workgroup_size(LANES)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let cell = id.x / ROW_INVOCATIONS;
  let column = id.x % ROW_INVOCATIONS;
  if (cell >= CELLS) { return; }
  add_four(basis_of(0) + column, 1);
  add_units(units_of_cell(cell), column);
  store_sums(basis_of(1 + cell) + column);
}
