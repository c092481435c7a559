// Adds the listed units, by how much their slope is another than at the point's parent.
fn add_units(list: u32, member: u32) {
  let length = u32(activations[list].x);
  for (var at = 0u; at < length; at++) {
    let unit = entry(list, at);
    let factors = unit.bend * from_code(unit.number);
    let row = layers[OUTPUT].weights + PIXELS4 * unit.number + member;
    sum0 += rows(weights[row], factors);
    sum1 += rows(weights[row + MEMBERS], factors);
    sum2 += rows(weights[row + 2 * MEMBERS], factors);
    sum3 += rows(weights[row + 3 * MEMBERS], factors);
  }
}
