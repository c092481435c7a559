// Adds a list's units, each times the change of its slope.
fn add_units(list: u32, column: u32) {
  let length = u32(activations[list].x);
  for (var at = 0u; at < length; at++) {
    let unit = entry(list, at);
    let factors = unit.change * from_code(unit.number);
    let row = layers[OUTPUT].weights + IMAGE_BLOCKS * unit.number + column;
    sum0 += rows(weights[row], factors);
    sum1 += rows(weights[row + ROW_INVOCATIONS], factors);
    sum2 += rows(weights[row + 2 * ROW_INVOCATIONS], factors);
    sum3 += rows(weights[row + 3 * ROW_INVOCATIONS], factors);
  }
}
