// For activations of which 0 becomes another number: 1 for the units in a column block, 0 for the padding behind them.
fn units_mask(column: u32, units: u32) -> vec4f {
  return vec4f(4 * column + vec4u(0, 1, 2, 3) < vec4u(units));
}
